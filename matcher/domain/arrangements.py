"""How far an arrangement is on the way to its target: “50 people in two years”."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

_MONTHS_A_YEAR, _DAYS_A_YEAR = 12, 365


@dataclass(frozen=True, slots=True)
class Progress:
    """People placed, people still at work, and how many a month are needed from now on.

    `pace_needed` has one decimal; None without a target or an end, or when the end has passed.
    """

    target: int | None
    placed: int
    still_working: int
    pace_needed: Decimal | None


def months_between(on: date, until: date) -> Fraction:
    """Months from `on` to `until`, a month being a twelfth of a year; never below zero."""
    return Fraction(max((until - on).days, 0) * _MONTHS_A_YEAR, _DAYS_A_YEAR)


def progress_of(
    target: int | None, until: date | None, *, placed: int, still_working: int, on: date
) -> Progress:
    """Where an arrangement stands on a day (report row 9 of the product specification)."""
    return Progress(target, placed, still_working, _pace(target, until, still_working, on))


def _pace(target: int | None, until: date | None, still_working: int, on: date) -> Decimal | None:
    if target is None or until is None:
        return None
    missing = max(target - still_working, 0)
    months = months_between(on, until)
    if not missing:
        return Decimal("0.0")
    if not months:
        return None
    pace = Fraction(missing) / months
    exact = Decimal(pace.numerator) / Decimal(pace.denominator)
    return exact.quantize(Decimal("0.1"), ROUND_HALF_EVEN)
