"""Choices that accounts of the demo made on advice, so that there is something to oversee."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import cycle, islice, product

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.vocabulary import Lane
from matcher.models import Assessment, Candidate
from matcher.models.states import DecisionReason, DecisionSubject
from matcher.repositories import advice
from matcher.services.decisions import record_decision

DEPARTURES = {
    Lane.READY_NOW: Lane.READY_WITH_SUPPORT,
    Lane.READY_WITH_SUPPORT: Lane.PRE_PLACEMENT,
    Lane.PRE_PLACEMENT: Lane.READY_WITH_SUPPORT,
}
"""What people choose instead, for each advice that there are choices on."""
EACH = 6
"""Choices about the people of each coach on each advice."""
DEPARTS_EVERY = 5
"""One choice in so many departs from the advice."""


def add_decisions(
    session: Session,
    coaches: Sequence[Viewer],
    others: Sequence[Viewer],
    people: Sequence[Candidate],
    now: datetime,
) -> None:
    """Lets each of `coaches` choose about the own people, in turn with `others`."""
    latest = advice.latest_assessments(session, others[0], [row.id for row in people])
    number = 0
    for lane, coach in product(DEPARTURES, coaches):
        own = [row.id for row in people if row.owner_account_id == coach.account_id]
        found = (latest[key] for key in own if key in latest and latest[key].lane is lane)
        for row, viewer in zip(islice(found, EACH), cycle([coach, *others]), strict=False):
            number += 1
            chosen = lane if number % DEPARTS_EVERY else DEPARTURES[lane]
            _decide(session, viewer, row, chosen, now)


def _decide(session: Session, viewer: Viewer, row: Assessment, chosen: Lane, now: datetime) -> None:
    reason = DecisionReason.AGREES if chosen is row.lane else DecisionReason.CANDIDATE_WISH
    record_decision(
        session,
        viewer,
        row.candidate_id,
        subject=DecisionSubject.LANE,
        chosen=chosen,
        reason=reason,
        assessment_id=row.id,
        now=now,
    )
