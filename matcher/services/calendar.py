"""Days and office hours in the Netherlands; the moment always comes from the caller."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_SATURDAY = 5


def day_of(moment: datetime) -> date:
    """The calendar day in Amsterdam."""
    return moment.astimezone(AMSTERDAM).date()


def start_of(day: date) -> datetime:
    """The moment at which a day begins in Amsterdam."""
    return datetime.combine(day, time(), AMSTERDAM)


def after_working_days(start: date, count: int) -> date:
    """The day that lies `count` days from Monday to Friday after `start`.

    Public holidays count as working days: a promise with a holiday in it is kept a day earlier.
    """
    day = start
    while count:
        day += timedelta(days=1)
        if day.weekday() < _SATURDAY:
            count -= 1
    return day
