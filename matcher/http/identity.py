"""Who asks: an account's session for people, a bearer token for machines.

An ``Authorization`` header alone counts when there is one; the session is then not looked at.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Flask, current_app, g, request, session
from flask_login import UserMixin, current_user, login_user, logout_user

from matcher.domain.access import NOBODY, Viewer
from matcher.domain.errors import MatcherError
from matcher.extensions import login_manager
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.services import accounts


class NotSignedIn(MatcherError):
    """The route asks for an account, and the visitor brought none or one that ended."""


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """An account of a person in a browser session, as Flask-Login carries it."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer

    def get_id(self) -> str:
        """The account's id, as text."""
        return str(self.viewer.account_id)


def init_identity(app: Flask) -> None:
    """Binds the session to accounts."""
    login_manager.init_app(app)
    login_manager.user_loader(_account_of_session)


def _account_of_session(account_id: str) -> SignedIn | None:
    began = datetime.fromtimestamp(session.get("signed_in_at", 0), UTC)
    if now() - began > current_app.config["SESSION_ABSOLUTE_LIFETIME"]:
        return None
    viewer = accounts.find_viewer(current_session(), int(account_id))
    return None if viewer is None else SignedIn(viewer)


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
    user: Any = current_user
    return user.viewer if user.is_authenticated else None


def sign_in(viewer: Viewer) -> None:
    """Begins a fresh session for `viewer`; nothing but the language survives from before."""
    language = session.get("language")
    session.clear()
    if language is not None:
        session["language"] = language
    session.permanent = True
    session["signed_in_at"] = now().timestamp()
    login_user(SignedIn(viewer))
    g.pop("matcher_viewer", None)


def sign_out() -> None:
    """Ends the session; the language stays."""
    language = session.get("language")
    logout_user()
    session.clear()
    if language is not None:
        session["language"] = language
    g.pop("matcher_viewer", None)
