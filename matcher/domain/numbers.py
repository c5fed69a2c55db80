"""Exact numbers: fractions while computing, hundredths once rounded."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

HUNDRED = 100


def exact(number: float | int) -> Fraction:
    """The decimal that was written, as a fraction: 32.1 is 321/10, not the nearest float."""
    return Fraction(str(number))


def hundredths(value: Fraction) -> int:
    """`value` in hundredths, rounded half-even once (contract.md section 3)."""
    return round(value * HUNDRED)


def decimal_of(points: int) -> Decimal:
    """Hundredths as a decimal with two digits: 6850 gives ``68.50``."""
    return Decimal(points).scaleb(-2)


def plain(number: float | int) -> str:
    """A number as people write it: 28, 32.5."""
    return f"{number:g}"
