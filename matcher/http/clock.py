"""Where a request takes its time from: the clock of the settings, which tests can fix."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import current_app

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    moment: datetime = current_app.config["CLOCK"]()
    return moment


def today() -> date:
    """The calendar day in Amsterdam, which every date in the product refers to."""
    return now().astimezone(AMSTERDAM).date()
