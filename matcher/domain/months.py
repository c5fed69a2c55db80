"""Months between two days, exactly: whole months by the calendar, then days of the month after."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction

MONTHS_A_YEAR = 12


def months_later(day: date, months: int) -> date:
    """The same day `months` months later; the last of the month where that day does not exist."""
    year, month = divmod(day.year * MONTHS_A_YEAR + day.month - 1 + months, MONTHS_A_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def whole_months(first: date, last: date) -> int:
    """Whole months from `first` up to and including `last`."""
    after = last + timedelta(days=1)
    months = (after.year - first.year) * MONTHS_A_YEAR + after.month - first.month
    return max(0, months if months_later(first, months) <= after else months - 1)


def months_of(first: date, last: date) -> tuple[int, int, int]:
    """Whole months, days left over, and how many days make the month that those days stand in."""
    whole = whole_months(first, last)
    begun = months_later(first, whole)
    days = (last + timedelta(days=1) - begun).days
    return whole, max(0, days), (months_later(first, whole + 1) - begun).days


def months_between(first: date, last: date) -> Fraction:
    """Months from `first` up to and including `last`; none when `last` lies before."""
    whole, days, of = months_of(first, last)
    return whole + Fraction(days, of)
