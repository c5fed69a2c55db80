"""Slows down guessing without letting a stranger lock the owner out.

A device on which the account signed in before has a counter of its own. All others, strangers, are
counted per address with account, per address, and per account over all addresses: when those are
used up, the owner still gets in from a known device or with a link by e-mail.
"""

from __future__ import annotations

import time

from flask import current_app
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse

from matcher.extensions import limiter
from matcher.http.devices import account_digest, known_device

PASSWORD = "sign-in"  # noqa: S105  the name of a counter, not a password
SECOND_FACTOR = "second-factor"


def _counters(kind: str, name: str) -> list[tuple[RateLimitItem, tuple[str, ...]]]:
    config = current_app.config
    account = account_digest(name)
    device = known_device(name)
    if device is not None:
        return [(parse(config["SIGN_IN_LIMIT_DEVICE"]), (kind, "device", device, account))]
    address = get_remote_address()
    return [
        (parse(config["SIGN_IN_LIMIT_STRANGER"]), (kind, "stranger", address, account)),
        (parse(config["SIGN_IN_LIMIT_ADDRESS"]), (kind, "address", address)),
        (parse(config["SIGN_IN_LIMIT_ACCOUNT"]), (kind, "account", account)),
    ]


def seconds_to_wait(kind: str, name: str) -> int:
    """Seconds until the next try counts; 0 when it may be now."""
    if not limiter.enabled:
        return 0
    waits = [0]
    for limit, keys in _counters(kind, name):
        if not limiter.limiter.test(limit, *keys):
            reset = limiter.limiter.get_window_stats(limit, *keys).reset_time
            waits.append(max(1, int(reset - time.time()) + 1))
    return max(waits)


def count_failure(kind: str, name: str) -> None:
    """Counts one failed try."""
    if limiter.enabled:
        for limit, keys in _counters(kind, name):
            limiter.limiter.hit(limit, *keys)


def forget_failures(kind: str, name: str) -> None:
    """After a good one, the failures of this device or address with this account do not count."""
    if limiter.enabled:
        limit, keys = _counters(kind, name)[0]
        limiter.limiter.clear(limit, *keys)
