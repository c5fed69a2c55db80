"""Inviting people in tests: an open place, somebody who can start, and what was kept."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.models import Introduction, IntroductionEvent
from matcher.repositories.scope import unscoped
from matcher.services import introduction_lists as lists
from matcher.services import introductions
from matcher.services.candidates import create_candidate
from matcher.services.vacancies import create_vacancy
from tests.services.opening import open_vacancy

READY = {
    "pc4": 3311, "travel_max_minutes": 90, "travel_modes": frozenset({"car", "bike"}),
    "licences": frozenset({"B"}), "sectors": ("F42",), "hours_min": 20, "hours_max": 40,
    "rhythm": 4, "work_skills": 4, "language_speak": 4, "language_read": 4,
    "lift": 2, "stand": 2, "walk": 2, "bend": 2, "outdoor": 2, "height": 2,
    "pace": 2, "interruptions": 2, "group": 2, "alone": 2, "customers": 2,
}  # fmt: skip
PLACE = {
    "sector": "F42", "places": 3, "rhythm": 3, "lift": 2, "hours_min": 24, "hours_max": 40,
    "site_pc4": 3316, "start_on": date(2027, 3, 29), "flex_weeks": 8, "employer_size": 60,
}  # fmt: skip


def open_place(session: Session, contractor: Viewer, change: dict[str, Any], now: datetime) -> int:
    found = create_vacancy(session, contractor, {**PLACE, **change}, now=now)
    return open_vacancy(session, contractor, found.id, expected_version=1, now=now).id


def person_of(session: Session, coach: Viewer, now: datetime, **change: Any) -> Viewer:
    """Somebody on the coach's caseload who can start, as the viewer of the own file."""
    contact = {"first_name": "Een", "contact_kind": "sms", "contact_value": "06 12 34 56 78"}
    made = create_candidate(session, coach, {**READY, **contact, **change}, now=now)
    rights = frozenset({Right.CANDIDATE})
    return Viewer(None, rights, made.profile.region, candidate_id=made.id)


def invite(session: Session, by: Viewer, person: Viewer, place: int, now: datetime) -> int:
    assert person.candidate_id is not None
    return introductions.invite(session, by, person.candidate_id, place, now=now).id


def row_of(session: Session, number: int) -> Introduction:
    statement = select(Introduction).where(Introduction.id == number)
    return session.scalars(
        unscoped(statement, Introduction).execution_options(populate_existing=True)
    ).one()


def steps_of(session: Session, number: int) -> list[tuple[str, str]]:
    statement = (
        select(IntroductionEvent)
        .where(IntroductionEvent.introduction_id == number)
        .order_by(IntroductionEvent.id)
    )
    found = session.scalars(unscoped(statement, IntroductionEvent))
    return [(row.step, row.by_right) for row in found]


def firm_lines(session: Session, contractor: Viewer, now: datetime) -> list[Any]:
    overviews = lists.for_contractor(session, contractor, now=now)
    return [line for overview in overviews for line in overview.lines]
