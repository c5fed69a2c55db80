"""Devices on which somebody signed in before: a signed cookie that lets nobody in by itself.

After OWASP's “device cookies”: guesses from such a device are counted apart, so that a stranger who
is blocked cannot block the owner. The cookie holds a random number and digests of the last few
accounts, and no name.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from matcher.http.clock import now

_ACCOUNTS_A_DEVICE = 4


@dataclass(frozen=True, slots=True)
class Device:
    """One browser and the accounts that signed in with it, as digests."""

    number: str
    accounts: tuple[str, ...]


def account_digest(name: str) -> str:
    """What stands for an account in the cookie and among the counters."""
    return hashlib.sha256(name.strip().casefold().encode()).hexdigest()[:32]


def known_device(name: str) -> str | None:
    """The number of this device when the account `name` signed in on it before."""
    device = _read()
    return device.number if device is not None and account_digest(name) in device.accounts else None


def remember_device(name: str) -> None:
    """Gives this device the cookie, or adds the account `name` to it, with the present answer."""
    device = _read()
    number = secrets.token_urlsafe(18) if device is None else device.number
    others = () if device is None else device.accounts
    digest = account_digest(name)
    accounts = (digest, *(each for each in others if each != digest))[:_ACCOUNTS_A_DEVICE]
    value = _serializer().dumps([number, list(accounts), int(now().timestamp())])
    lifetime = current_app.config["DEVICE_COOKIE_LIFETIME"]

    @after_this_request
    def set_cookie(response: Response) -> Response:
        response.set_cookie(
            current_app.config["DEVICE_COOKIE_NAME"],
            value,
            max_age=lifetime,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Strict",
            path="/",
        )
        return response


def _read() -> Device | None:
    given = request.cookies.get(current_app.config["DEVICE_COOKIE_NAME"], "")
    try:
        content: Any = _serializer().loads(given)
        number, accounts, since = content
        given_at = datetime.fromtimestamp(since, UTC)
    except (BadSignature, ValueError, TypeError, OverflowError):
        return None
    if now() - given_at > current_app.config["DEVICE_COOKIE_LIFETIME"]:
        return None
    return Device(number, tuple(accounts))


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="matcher-device")
