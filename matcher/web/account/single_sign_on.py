"""Signing in with the account of the own organisation."""

from __future__ import annotations

from typing import Any

import structlog
from flask import current_app, render_template, request, session, url_for

from matcher.domain.errors import NotFound
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.permissions import public
from matcher.http.single_sign_on import (
    SingleSignOnFailed,
    come_back,
    go_to_provider,
    has_single_sign_on,
)
from matcher.models.states import SignInMethod
from matcher.services import accounts
from matcher.services.single_sign_on import account_of_subject
from matcher.web.account.blueprint import blueprint
from matcher.web.account.entering import let_in, local_address
from matcher.web.account.mail_links import INVITATION

log = structlog.get_logger(__name__)

_TARGET = "single_sign_on_next"


@blueprint.get("/aanmelden/organisatie")
@public
def begin_single_sign_on() -> Any:
    """Sends the visitor to the identity provider."""
    if not has_single_sign_on():
        raise NotFound("identity provider")
    session[_TARGET] = local_address(request.args.get("next"))
    try:
        return go_to_provider(url_for("account.end_single_sign_on"))
    except SingleSignOnFailed:
        return _refused(503)


@blueprint.get("/aanmelden/organisatie/terug")
@public
def end_single_sign_on() -> Any:
    """Lets in whom the provider vouches for, when an account is tied to them."""
    if not has_single_sign_on():
        raise NotFound("identity provider")
    try:
        identity = come_back()
    except SingleSignOnFailed:
        return _refused(400)
    account_id = account_of_subject(
        current_session(),
        issuer=identity.issuer,
        subject=identity.subject,
        email=identity.email,
        invitation=session.get(INVITATION),
        region=current_app.config["OIDC_REGION"],
        now=now(),
    )
    viewer = None if account_id is None else accounts.find_viewer(current_session(), account_id)
    if account_id is None or viewer is None:
        log.info("sign_in_failed", method=SignInMethod.SINGLE_SIGN_ON.value)
        return _refused(403)
    before = accounts.note_sign_in(current_session(), account_id, now=now())
    return let_in(
        viewer,
        before,
        SignInMethod.SINGLE_SIGN_ON,
        target=session.get(_TARGET),
        second_factor=identity.shown_second_factor,
    )


def _refused(status: int) -> Any:
    return render_template("account/single_sign_on_refused.html", status=status), status
