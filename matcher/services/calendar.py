"""Days and office hours in the Netherlands; the moment always comes from the caller."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from matcher.domain.working_days import due_on, first_working_day
from matcher.reference.holidays import load_holidays

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def after_working_days(start: date, working_days: int) -> date:
    """The day that lies so many working days after `start`; holidays are none."""
    return due_on(start, working_days, load_holidays())


def worked_from(day: date) -> date:
    """The day itself where it is worked, else the first working day after it."""
    return first_working_day(day, load_holidays())


def day_of(moment: datetime) -> date:
    """The calendar day in Amsterdam."""
    return moment.astimezone(AMSTERDAM).date()


def start_of(day: date) -> datetime:
    """The moment at which a day begins in Amsterdam."""
    return datetime.combine(day, time(), AMSTERDAM)
