"""Slows down guessing of passwords: failures count per address with account, and per address.

Never per account alone: that would let a stranger lock somebody out.
"""

from __future__ import annotations

import hashlib
import time

from flask import current_app
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse
from werkzeug.exceptions import TooManyRequests

from matcher.extensions import limiter


def _counters(name: str) -> list[tuple[RateLimitItem, tuple[str, ...]]]:
    config = current_app.config
    address = get_remote_address()
    # A digest, so that the store of counters holds no names.
    account = hashlib.sha256(name.strip().casefold().encode()).hexdigest()[:32]
    return [
        (parse(config["SIGN_IN_LIMIT_ACCOUNT"]), ("sign-in", address, account)),
        (parse(config["SIGN_IN_LIMIT_ADDRESS"]), ("sign-in", address)),
    ]


def check_limits(name: str) -> None:
    """Raises 429 with the seconds to wait when too many sign-ins failed before this one."""
    if not limiter.enabled:
        return
    for limit, keys in _counters(name):
        if not limiter.limiter.test(limit, *keys):
            reset = limiter.limiter.get_window_stats(limit, *keys).reset_time
            raise TooManyRequests(retry_after=max(1, int(reset - time.time()) + 1))


def count_failure(name: str) -> None:
    """Counts one failed sign-in."""
    if limiter.enabled:
        for limit, keys in _counters(name):
            limiter.limiter.hit(limit, *keys)


def forget_failures(name: str) -> None:
    """After a good sign-in, the account's failures from this address no longer count."""
    if limiter.enabled:
        limit, keys = _counters(name)[0]
        limiter.limiter.clear(limit, *keys)
