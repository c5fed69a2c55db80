"""OpenID Connect with one identity provider, such as that of a municipality (extra ``sso``).

Authorization code with PKCE, state and nonce; Authlib does the protocol, this says what counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, current_app, request

from matcher.domain.errors import MatcherError

log = structlog.get_logger(__name__)

_CLIENT = "matcher.single_sign_on"
_ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures that are taken; never “none”, and never one with a shared secret."""
_SECONDS = 10
"""How long the provider may take for an answer."""
_LEEWAY_SECONDS = 60
"""How far the clocks of the provider and this service may differ."""


class SingleSignOnFailed(MatcherError):
    """The provider could not be reached, refused, or answered what cannot be trusted."""


@dataclass(frozen=True, slots=True)
class ProvedIdentity:
    """Whom the provider vouches for; `email` only when the provider verified it."""

    issuer: str
    subject: str
    email: str | None
    shown_second_factor: bool


def init_single_sign_on(app: Flask) -> None:
    """Binds the provider of the settings; without one, or without the extra, there is none."""
    app.extensions[_CLIENT] = None
    issuer = app.config["OIDC_ISSUER"]
    if not issuer:
        return
    try:
        from authlib.integrations.flask_client import OAuth
    except ImportError:
        log.error(
            "single_sign_on_not_installed",
            way_out="OIDC_ISSUER is set; install matcher[sso], or leave the setting out",
        )
        return
    if urlsplit(issuer).scheme != "https" and not (app.debug or app.testing):
        log.error("single_sign_on_refused", way_out="OIDC_ISSUER must begin with https://")
        return
    app.extensions[_CLIENT] = OAuth(app).register(
        "provider",
        client_id=app.config["OIDC_CLIENT_ID"],
        client_secret=app.config["OIDC_CLIENT_SECRET"],
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email",
            "code_challenge_method": "S256",
            "default_timeout": _SECONDS,
        },
    )


def has_single_sign_on() -> bool:
    """Whether there is a provider, so that its button is shown."""
    return current_app.extensions[_CLIENT] is not None


def go_to_provider(callback: str) -> Any:
    """The redirect to the provider, which comes back to `callback`."""
    client = _client()
    try:
        _checked_metadata(client)
        return client.authorize_redirect(current_app.config["PUBLIC_URL"].rstrip("/") + callback)
    except SingleSignOnFailed:
        raise
    except Exception as error:
        raise _failed(error) from error


def come_back() -> ProvedIdentity:
    """Whom the provider proved, when state, nonce, signature, issuer, audience and time are right.

    SingleSignOnFailed for anything else; why is logged by kind and never shown.
    """
    client = _client()
    config = current_app.config
    options = {
        "iss": {"essential": True, "value": config["OIDC_ISSUER"]},
        "aud": {"essential": True, "value": config["OIDC_CLIENT_ID"]},
        "sub": {"essential": True},
    }
    try:
        _checked_metadata(client)
        token = client.authorize_access_token(claims_options=options, leeway=_LEEWAY_SECONDS)
        claims = token.get("userinfo")
    except SingleSignOnFailed:
        raise
    except Exception as error:
        raise _failed(error) from error
    if not claims or not isinstance(claims.get("sub"), str) or not 0 < len(claims["sub"]) <= 200:
        raise _failed(ValueError("no identity"))
    email = claims.get("email")
    is_verified = claims.get("email_verified") is True and isinstance(email, str)
    return ProvedIdentity(
        issuer=config["OIDC_ISSUER"],
        subject=claims["sub"],
        email=email if is_verified else None,
        shown_second_factor=_shows_second_factor(claims),
    )


def _client() -> Any:
    client = current_app.extensions[_CLIENT]
    if client is None:
        raise SingleSignOnFailed("there is no provider")
    return client


def _checked_metadata(client: Any) -> None:
    metadata = client.load_server_metadata()
    if metadata.get("issuer") != current_app.config["OIDC_ISSUER"]:
        client.server_metadata.pop("_loaded_at", None)
        raise SingleSignOnFailed("the provider calls itself something else")
    offered = metadata.get("id_token_signing_alg_values_supported", _ALGORITHMS)
    metadata["id_token_signing_alg_values_supported"] = [a for a in offered if a in _ALGORITHMS]


def _shows_second_factor(claims: Any) -> bool:
    config = current_app.config
    methods = claims.get("amr") or []
    by_method = isinstance(methods, list) and not set(map(str, methods)).isdisjoint(
        config["OIDC_SECOND_FACTOR_AMR"]
    )
    return by_method or str(claims.get("acr", "")) in config["OIDC_SECOND_FACTOR_ACR"]


def _failed(error: Exception) -> SingleSignOnFailed:
    # The class alone: the text may repeat what stood in a token or an address.
    log.warning("single_sign_on_failed", kind=type(error).__name__, said_no="error" in request.args)
    return SingleSignOnFailed("the provider did not prove who it is")
