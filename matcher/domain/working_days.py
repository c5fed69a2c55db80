"""Which days are worked, and by which day something is promised that may take a number of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

_SATURDAY = 5
_SUNDAY = 6
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day of each year on which nobody works, from `valid_from` until `valid_until`.

    Either the same `month` and `day`, or so many days after Easter Sunday. `before_sunday` moves a
    date that falls on a Sunday to the day before.
    """

    valid_from: date
    valid_until: date | None = None
    month: int = 0
    day: int = 0
    easter: int | None = None
    before_sunday: bool = False

    def in_year(self, year: int) -> date:
        """The day in one year, whether it holds then or not."""
        if self.easter is not None:
            return easter_of(year) + timedelta(days=self.easter)
        found = date(year, self.month, self.day)
        return found - _DAY if self.before_sunday and found.weekday() == _SUNDAY else found

    def is_on(self, day: date) -> bool:
        """Whether this holiday falls on a day."""
        holds = self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)
        return holds and self.in_year(day.year) == day


def easter_of(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (Meeus, *Astronomical Algorithms*, chapter 8)."""
    a, century, rest = year % 19, year // 100, year % 100
    moved = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * a + century - century // 4 - moved + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (a + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


def is_working_day(day: date, holidays: Iterable[Holiday]) -> bool:
    """Whether a day is from Monday to Friday and no holiday."""
    return day.weekday() < _SATURDAY and not any(each.is_on(day) for each in holidays)


def first_working_day(day: date, holidays: Iterable[Holiday]) -> date:
    """The day itself where it is worked, else the first one after it that is."""
    known = tuple(holidays)
    while not is_working_day(day, known):
        day += _DAY
    return day


def due_on(start: date, working_days: int, holidays: Iterable[Holiday]) -> date:
    """The day that lies so many working days after `start`."""
    known = tuple(holidays)
    day = start
    for _ in range(working_days):
        day = first_working_day(day + _DAY, known)
    return day
