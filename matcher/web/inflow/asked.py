"""What the address of a list asks for; anything else is not asked."""

from __future__ import annotations

from flask import request

from matcher.domain.monitors import Age
from matcher.domain.vocabulary import LANE_DIMENSIONS


def asked_age(name: str) -> str | None:
    """The age of an answer in the address."""
    value = request.args.get(name, "")
    return value if value in set(Age) else None


def asked_level() -> tuple[int, int] | None:
    """The bounds of a start level in the address."""
    low, dash, high = request.args.get("niveau", "").partition("-")
    if not dash or not (low.isdecimal() and high.isdecimal()) or len(low + high) > 10:
        return None
    return int(low), int(high)


def asked_unknown() -> int | None:
    """Which answer is not known, in the address."""
    value = request.args.get("onbekend", "")
    return LANE_DIMENSIONS.index(value) if value in LANE_DIMENSIONS else None
