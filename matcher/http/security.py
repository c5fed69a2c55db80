"""Headers on every answer, and the check of form tokens in one place."""

from __future__ import annotations

from flask import Flask, Response, request, session
from flask_wtf.csrf import CSRFError

from matcher.extensions import csrf
from matcher.http.permissions import is_static

CONTENT_SECURITY_POLICY = "; ".join(
    (
        # No "unsafe-inline" anywhere: scripts and styles are files of this service, and text that
        # somebody typed can never become either.
        "default-src 'self'",
        # Bootstrap draws the marks of its boxes and buttons as data: images.
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)


WAY_OUT = "account.leave_quickly"
"""The one form that checks its token itself: it leads away also from a page that stood open too
long, although nothing is changed then."""


SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITE = frozenset({"same-origin", "none"})
"""What a browser says of a form of this service; old browsers and programs say nothing."""


def init_security(app: Flask) -> None:
    """Sets the headers and the form-token check on the application."""
    csrf.init_app(app)
    app.before_request(check_form_token)
    app.after_request(set_headers)


def check_form_token() -> None:
    """Refuses a state change that a foreign page could have caused.

    A bearer token is never sent by a browser of itself, and an API call without a session has no
    identity to abuse; every other change must carry the form token.
    """
    if request.endpoint is None or request.endpoint == WAY_OUT:
        return
    is_api = request.path.startswith("/api/")
    if is_api and ("Authorization" in request.headers or not session):
        return
    require_form_token()


def require_form_token() -> None:
    """Raises CSRFError for a change that was not sent by a form of this session."""
    if request.method not in SAFE and request.headers.get("Sec-Fetch-Site", "none") not in OWN_SITE:
        raise CSRFError("sent by a page of another site")
    csrf.protect()


def set_headers(response: Response) -> Response:
    """Security headers; nothing but static files may be kept by a browser or a proxy."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint is None or not is_static(request.endpoint):
        headers["Cache-Control"] = "no-store"
    return response
