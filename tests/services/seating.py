"""Programmes with groups, and people who want a seat, for tests."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.models import Cohort, FundingLine, Seat
from matcher.repositories.scope import unscoped
from matcher.services import cohorts, funding
from matcher.services.candidates import create_candidate
from matcher.services.programmes import create_programme

FIRST, SECOND, THIRD = date(2027, 3, 8), date(2027, 4, 5), date(2027, 5, 3)
COURSE: dict[str, Any] = {
    "kind": "werkfit", "title": "Werkritme", "provider": "Talentcentrum", "weeks": 12.0,
    "hours_a_week": 20.0, "starts_on": (FIRST, SECOND, THIRD), "seats": 2,
    "raises": (("rhythm", 1),),
}  # fmt: skip
PLANNER = Viewer(None, frozenset({Right.LEAD, Right.OFFICER, Right.TRIAGER}), "demo")


def programme(session: Session, now: datetime, **change: Any) -> int:
    """The number of a new programme of two seats a group."""
    return create_programme(session, PLANNER, {**COURSE, **change}, now=now).id


def people(
    session: Session, coach: Viewer, count: int, now: datetime, **change: Any
) -> list[Viewer]:
    """So many people on the coach's caseload, the first one waiting longest, as own viewers."""
    found = []
    for number in range(count):
        values = {
            "first_name": f"Naam{number}",
            "waiting_since": date(2027, 1, 1) + timedelta(days=number),
            **change,
        }
        record = create_candidate(session, coach, values, now=now)
        rights = frozenset({Right.CANDIDATE})
        found.append(Viewer(None, rights, record.profile.region, candidate_id=record.id))
    return found


def number_of(person: Viewer) -> int:
    """The number of a person who is the viewer of the own file."""
    assert person.candidate_id is not None
    return person.candidate_id


def seat_row(session: Session, seat_id: int) -> Seat:
    """A seat as it stands in the database."""
    statement = unscoped(select(Seat).where(Seat.id == seat_id), Seat)
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def group_row(session: Session, cohort_id: int | None) -> Cohort:
    """A group as it stands in the database."""
    statement = unscoped(select(Cohort).where(Cohort.id == cohort_id), Cohort)
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def line_row(session: Session, line_id: int) -> FundingLine:
    """A budget as it stands in the database."""
    statement = unscoped(select(FundingLine).where(FundingLine.id == line_id), FundingLine)
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def paid_group(
    session: Session,
    programme_id: int,
    now: datetime,
    *,
    budget_cents: int,
    seat_cents: int,
    capacity: int | None = None,
    to_sector: str = "H49",
) -> tuple[int, int]:
    """The first group with a budget behind it: (group, budget)."""
    line = funding.add_funding(
        session, PLANNER, name=f"O&O {programme_id}", source="oo_cleaning", from_sector="N81",
        to_sector=to_sector, budget_cents=budget_cents, until=None, now=now,
    )  # fmt: skip
    group = cohorts.open_group(session, PLANNER, programme_id, FIRST, now=now)
    cohorts.change_group(
        session, PLANNER, group.id, capacity=capacity, funding_line_id=line.id,
        seat_cents=seat_cents, expected_version=group.version, now=now,
    )  # fmt: skip
    return group.id, line.id
