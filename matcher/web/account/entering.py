"""What every way of signing in ends with, and where it goes on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import structlog
from flask import current_app, flash, redirect, url_for
from flask_babel import format_datetime

from matcher.domain.access import Viewer
from matcher.http.devices import remember_device
from matcher.http.identity import half_signed_in, sign_in
from matcher.http.translate import ngettext
from matcher.models.states import SignInMethod
from matcher.repositories.records import AccountRecord

log = structlog.get_logger(__name__)
_AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def let_in(
    viewer: Viewer,
    before: AccountRecord,
    method: SignInMethod,
    *,
    target: str | None = None,
    second_factor: bool = False,
) -> Any:
    """Begins the session of `viewer` and goes on; `before` is the account as it was until now."""
    sign_in(viewer, method, second_factor=second_factor)
    remember_device(before.name)
    log.info("signed_in", account=viewer.account_id, method=method.value)
    _tell_failures(before)
    if half_signed_in() is not None:
        return redirect(url_for("account.second_step", next=target))
    return redirect(target or url_for("account.home"))


def _tell_failures(before: AccountRecord) -> None:
    """Shows the owner that somebody tried, which the owner alone can judge."""
    if not before.failed_sign_ins or before.last_failed_at is None:
        return
    flash(
        ngettext(
            "Er is %(num)s mislukte poging geweest om met uw naam aan te melden, op %(last)s. "
            "Was u dat niet? Kies dan een nieuw wachtwoord.",
            "Er zijn %(num)s mislukte pogingen geweest om met uw naam aan te melden, de laatste "
            "op %(last)s. Was u dat niet? Kies dan een nieuw wachtwoord.",
            before.failed_sign_ins,
            last=moment_words(before.last_failed_at),
        ),
        "near",
    )


def moment_words(moment: Any) -> str:
    """A moment as people say it: “4 januari om 08:35”, in Amsterdam."""
    return str(format_datetime(moment.astimezone(_AMSTERDAM), "d MMMM y HH:mm", rebase=False))


@contextmanager
def even_answer() -> Iterator[None]:
    """Lets a refusal take as long as an acceptance: no time tells whether an account exists."""
    began = time.monotonic()
    try:
        yield
    finally:
        least: float = current_app.config["EVEN_ANSWER"].total_seconds()
        time.sleep(max(0.0, least - (time.monotonic() - began)))


def local_address(address: str | None) -> str | None:
    """`address` when it lies within this site; None for anything that leads elsewhere."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc or any(c in address for c in "\r\n\\") else address
