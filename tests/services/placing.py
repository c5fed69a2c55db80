"""People at work in tests: an introduction in which both met, and a placement."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models import Placement, PlacementOutcome
from matcher.repositories.scope import unscoped
from matcher.services import introductions
from matcher.services.placing import record_placement
from tests.services.introducing import invite
from tests.services.seating import number_of

START = date(2027, 3, 1)


def met(
    session: Session, coach: Viewer, contractor: Viewer, person: Viewer, place: int, now: datetime
) -> int:
    """The number of an introduction in which both met."""
    number = invite(session, coach, person, place, now)
    introductions.answer(session, person, number, "yes", (), now=now)
    introductions.mark_met(session, contractor, number, now=now)
    return number


def placed(session: Session, coach: Viewer, person: Viewer, now: datetime, **values: Any) -> int:
    """The number of a placement; with an introduction, or of work found otherwise."""
    introduction_id = values.pop("introduction_id", None)
    without = None if introduction_id is not None else "own_found"
    days = {"starts_on": START, **values}
    return record_placement(
        session,
        coach,
        number_of(person),
        days,
        introduction_id=introduction_id,
        without=without,
        now=now,
    ).id


def placement_row(session: Session, number: int) -> Placement:
    """A placement as it stands in the database."""
    statement = unscoped(select(Placement).where(Placement.id == number), Placement)
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def said(session: Session, number: int) -> list[tuple[int, str, str]]:
    """What was answered about a placement, as it stands in the database."""
    statement = (
        select(PlacementOutcome)
        .where(PlacementOutcome.placement_id == number)
        .order_by(PlacementOutcome.months, PlacementOutcome.source)
    )
    found = session.scalars(
        unscoped(statement, PlacementOutcome).execution_options(populate_existing=True)
    )
    return [(row.months, row.source.value, row.status) for row in found]
