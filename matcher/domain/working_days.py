"""By which day something is promised that may take a number of working days."""

from __future__ import annotations

from datetime import date, timedelta

_SATURDAY = 5


def due_on(start: date, working_days: int) -> date:
    """The day that lies so many days from Monday to Friday after `start`.

    Public holidays count as working days: a promise with a holiday in it is kept a day earlier.
    """
    day = start
    while working_days:
        day += timedelta(days=1)
        if day.weekday() < _SATURDAY:
            working_days -= 1
    return day
