"""Calls about open places in the demo: one that is overdue, one of today, and one that was made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models import Vacancy
from matcher.models.states import CallOutcome
from matcher.services.accounts import set_phone
from matcher.services.calendar import day_of
from matcher.services.call_requests import finish_call_request
from matcher.services.place_calls import take_place

STEP_DAYS = 4
LONGEST_DAYS = 84
_BEFORE = timedelta(days=7)
PHONE = "078 000 00 00"
"""A number that nobody has."""


def add_place_calls(
    session: Session, caller: Viewer, colleague: Viewer, places: Sequence[Vacancy], *, now: datetime
) -> None:
    """Opens places on days that differ, and calls about three of those that are open longest."""
    for number, place in enumerate(places):
        ago = max(0, LONGEST_DAYS - STEP_DAYS * number)
        place.opened_on = day_of(now) - timedelta(days=ago)
    session.flush()
    late, made, mine = places[2], places[1], places[0]
    take_place(session, colleague, late.id, now=now - _BEFORE)
    call = take_place(session, colleague, made.id, now=now - _BEFORE)
    finish_call_request(
        session, colleague, call.id, CallOutcome.VACANCY_FILED, now=now - _BEFORE / 2
    )
    take_place(session, caller, mine.id, now=now)
    set_phone(session, caller.account_id or 0, PHONE, now=now)


def call_firm(
    session: Session, caller: Viewer, firm: Viewer, places: Sequence[Vacancy], *, now: datetime
) -> None:
    """The demo's own firm sees on its first page who calls about one of its places."""
    own = [each for each in places[3:] if each.organisation_id == firm.organisation_id]
    for place in own[:1]:
        take_place(session, caller, place.id, now=now)
