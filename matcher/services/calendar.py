"""Days and office hours in the Netherlands; the moment always comes from the caller."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from matcher.domain.working_days import due_on

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
after_working_days = due_on
"""The name by which services call it."""


def day_of(moment: datetime) -> date:
    """The calendar day in Amsterdam."""
    return moment.astimezone(AMSTERDAM).date()


def start_of(day: date) -> datetime:
    """The moment at which a day begins in Amsterdam."""
    return datetime.combine(day, time(), AMSTERDAM)
