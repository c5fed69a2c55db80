"""The weekly allocation of the demo region: made this morning, and accepted in part."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models.states import DecisionReason
from matcher.repositories.weekly import Sort
from matcher.services import weekly_decisions, weekly_views
from matcher.services.demo_jobs import done_at_once
from matcher.services.weekly import ALLOCATE_REGION

ACCEPTED = 5
DEPARTED = (DecisionReason.CANDIDATE_WISH, DecisionReason.KNOWS_MORE)


def add_allocation(session: Session, lead: Viewer, *, now: datetime) -> None:
    """One scenario; some proposals are accepted, of some somebody knew better, the rest waits."""
    job = done_at_once(session, lead, ALLOCATE_REGION, {}, now)
    number = weekly_views.allocation_of_job(session, lead, job)
    if number is None:
        return
    page = weekly_views.list_lines(
        session, lead, number, sorts=(Sort.PLACES,), limit=ACCEPTED + len(DEPARTED)
    )
    wanted = {
        line.id: weekly_decisions.ACCEPT if at < ACCEPTED else DEPARTED[at - ACCEPTED].value
        for at, line in enumerate(page.items)
    }
    weekly_decisions.decide_list(session, lead, number, wanted, now=now)
