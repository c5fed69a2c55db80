"""Who asks: an account's session for people, a bearer token for machines.

An ``Authorization`` header alone counts when there is one; the session is then not looked at.

A session without the second factor that its account needs is *half*: to every page it is that of a
visitor, but for those on which the second factor is set up or shown (`half_signed_in`).
"""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, g, request, session
from flask_login import UserMixin, current_user, login_user, logout_user

from matcher.domain.access import NOBODY, Viewer
from matcher.domain.errors import MatcherError
from matcher.extensions import login_manager
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.models.states import SignInMethod
from matcher.services import accounts, sessions
from matcher.services.sessions import Entered, OpenSession, SessionTerms


class NotSignedIn(MatcherError):
    """The route asks for an account, and the visitor brought none or one that ended."""


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """A person in a browser session, as Flask-Login carries it: by the secret of the session."""

    def __init__(self, secret: str, entered: Entered) -> None:
        self.secret = secret
        self.entered = entered

    def get_id(self) -> str:
        """The secret that the cookie carries; the account behind it is looked up each time."""
        return self.secret


def init_identity(app: Flask) -> None:
    """Binds browser sessions to accounts."""
    login_manager.init_app(app)
    login_manager.user_loader(_of_secret)


def session_terms() -> SessionTerms:
    """When sessions end in this installation, and who needs a second factor."""
    config = current_app.config
    return SessionTerms(
        idle=config["PERMANENT_SESSION_LIFETIME"],
        idle_candidate=config["SESSION_CANDIDATE_LIFETIME"],
        absolute=config["SESSION_ABSOLUTE_LIFETIME"],
        second_factor_required=config["SECOND_FACTOR_REQUIRED"],
    )


def _of_secret(secret: str) -> SignedIn | None:
    entered = sessions.enter(current_session(), secret, terms=session_terms(), now=now())
    return None if entered is None else SignedIn(secret, entered)


def current_viewer() -> Viewer | None:
    """The viewer of this request; None for a visitor."""
    if "matcher_viewer" not in g:
        found = _find_viewer()
        if found is not None:
            found = accounts.viewer_today(current_session(), found, today())
        g.matcher_viewer = found
        g.account_id = None if g.matcher_viewer is None else g.matcher_viewer.account_id
    viewer: Viewer | None = g.matcher_viewer
    return viewer


def forget_viewer() -> None:
    """For the rest of this request whoever asks is a visitor, also when signed in."""
    g.matcher_viewer = None
    g.account_id = None


def viewer_or_nobody() -> Viewer:
    """The viewer of this request; a visitor is `NOBODY`."""
    return current_viewer() or NOBODY


def the_viewer() -> Viewer:
    """The viewer of a route that asks for an account; raises NotSignedIn for a visitor."""
    viewer = current_viewer()
    if viewer is None:
        raise NotSignedIn
    return viewer


def _find_viewer() -> Viewer | None:
    header = request.headers.get("Authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            return None
        return accounts.find_viewer_by_token(current_session(), token.strip(), now())
    user = _signed_in()
    return None if user is None or user.entered.needs_second_factor else user.entered.viewer


def _signed_in() -> SignedIn | None:
    user: Any = current_user
    return user._get_current_object() if user.is_authenticated else None


def half_signed_in() -> Viewer | None:
    """Whoever still has to show a second factor; None for everybody else."""
    user = None if "Authorization" in request.headers else _signed_in()
    return user.entered.viewer if user is not None and user.entered.needs_second_factor else None


def browser_session() -> OpenSession | None:
    """The browser session of this request, half or whole; None for visitors and machines."""
    user = None if "Authorization" in request.headers else _signed_in()
    return None if user is None else user.entered.session


def sign_in(
    viewer: Viewer,
    method: SignInMethod = SignInMethod.PASSWORD,
    *,
    second_factor: bool = False,
) -> None:
    """Begins a fresh session for `viewer`; nothing but the language survives from before.

    A session that this browser had is ended first, so that no copy of its cookie lives on.
    """
    if viewer.account_id is None:
        raise NotSignedIn
    _forget()
    session.permanent = True
    secret = sessions.begin_session(
        current_session(), viewer.account_id, method, second_factor=second_factor, now=now()
    )
    user = _of_secret(secret)
    if user is None:
        # Closed in this very moment.
        raise NotSignedIn
    login_user(user)
    g.pop("matcher_viewer", None)


def sign_out() -> None:
    """Ends the session and every copy of its cookie; the language stays."""
    _forget()
    g.pop("matcher_viewer", None)


def _forget() -> None:
    language = session.get("language")
    user = _signed_in()
    if user is not None:
        sessions.end_session(current_session(), user.secret, now=now())
    logout_user()
    session.clear()
    if language is not None:
        session["language"] = language
