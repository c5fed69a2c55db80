"""*Niet gekomen*: a firm says that somebody did not turn up, and the coach calls it back.

The moment of contact lands on the coach's day as every no-show does (``follow_up``); the firm says
nothing more than that, and is asked nothing more.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden
from matcher.models import PlacementEvent
from matcher.models.states import PlacementState
from matcher.models.wall import whole_database
from matcher.reference.follow_up import load_follow_up_terms
from matcher.repositories import placements as rows
from matcher.services.calendar import AMSTERDAM, day_of
from matcher.services.placement_checks import PlacementNotPossible
from matcher.services.placements import BETWEEN, DID_NOT_COME
from matcher.services.transactions import unit_of_work


def firm_missed(session: Session, viewer: Viewer, placement_id: int, *, now: datetime) -> None:
    """Keeps that somebody did not come to the viewer's firm today; twice is once."""
    if not viewer.has(Right.CONTRACTOR):
        raise Forbidden("only a contractor says that somebody did not come to the firm")
    today = day_of(now)
    with unit_of_work(session):
        row = rows.locked(session, viewer, placement_id)
        if row.state is PlacementState.ENDED or row.starts_on > today:
            raise PlacementNotPossible("over")
        if rows.is_noted(session, row.id, DID_NOT_COME, Right.CONTRACTOR, today):
            return
        # An employer writes this one line and reads none of them.
        with whole_database(session, "a firm says that somebody did not come", PlacementEvent):
            rows.add_event(
                session, row, BETWEEN, Right.CONTRACTOR, viewer,
                on=today, result=DID_NOT_COME, now=now,
            )  # fmt: skip
            row.updated_at = now
            session.flush()


def call_before(now: datetime) -> str | None:
    """By what hour today the coach calls the firm; None when that hour has passed."""
    hour = load_follow_up_terms(day_of(now)).call_firm_before
    return f"{hour:%H:%M}" if now.astimezone(AMSTERDAM).time() < hour else None
