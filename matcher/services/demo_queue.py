"""What a talent centre did before this Monday in the demo: calls, and two ways elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.vocabulary import Lane
from matcher.models import Candidate, ContactAttempt
from matcher.models.states import CandidateStatus
from matcher.repositories.decisions import standing_lanes
from matcher.services.calendar import day_of
from matcher.services.triage import LaneChoice, decide_lane

BEFORE = timedelta(days=16)
"""Longer ago than a receiver has to confirm."""
RECEIVERS = ("school", "day_activities")
_WORDS = "Wil eerst iets anders dan werk, en dat hebben we samen besproken."


def add_queue(
    session: Session,
    triager: Viewer,
    people: Sequence[Candidate],
    others: Sequence[Candidate],
    *,
    now: datetime,
) -> None:
    """Gives each attempt its day, and two of `others` somebody elsewhere, one unconfirmed."""
    for row in people:
        for number in range(row.not_reached):
            at = now - timedelta(days=3 * (row.not_reached - number))
            session.add(
                ContactAttempt(
                    region=row.region,
                    candidate_id=row.id,
                    on=day_of(at),
                    reached=False,
                    next_on=None,
                    noted_by=triager.account_id,
                    at=at,
                )
            )
    session.flush()
    decided = standing_lanes(session, triager, [row.id for row in others])
    free = (
        row
        for row in others
        if row.status is CandidateStatus.ACTIVE
        and row.id not in decided
        and not row.not_reached
        and row.paused_until is None
    )
    for receiver, row, at in zip(RECEIVERS, free, (now - BEFORE, now), strict=False):
        wanted = LaneChoice(
            chosen=Lane.OTHER_ROUTE,
            reason="candidate_wish",
            review_on=day_of(at) + timedelta(days=60),
            seen_decision=0,
            text=_WORDS,
            receiver=receiver,
            appointment_on=day_of(at) + timedelta(days=4),
        )
        decide_lane(session, triager, row.id, wanted, now=at)
