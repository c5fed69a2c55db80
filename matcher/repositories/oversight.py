"""Counts of decisions and of own choices of a whole region: of nobody in particular."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.vocabulary import Lane
from matcher.models import BlindChoice, Candidate, Decision, DecisionUndo
from matcher.models.states import DecisionReason, DecisionSubject
from matcher.repositories.decisions import not_undone
from matcher.repositories.scope import scoped, unscoped


class Decided(NamedTuple):
    """One decision on a suggested lane; `decided_by` only tells how many people decided."""

    accepted: bool
    decided_by: int | None


def last_decisions(session: Session, region: str, lane: Lane, limit: int) -> Sequence[Decided]:
    """The newest decisions of the region on that suggestion."""
    # Only counts leave the service, and only of enough decisions by enough people.
    statement = (
        select(Decision.accepted, Decision.decided_by)
        .where(
            Decision.region == region,
            Decision.subject == DecisionSubject.LANE,
            Decision.suggested == lane.value,
            not_undone(),
        )
        .order_by(Decision.id.desc())
        .limit(limit)
    )
    opened = unscoped(statement, Decision, DecisionUndo)
    return [Decided(*row) for row in session.execute(opened)]


def last_choices(session: Session, region: str, lane: Lane, limit: int) -> Sequence[bool]:
    """For the newest own choices of the region under that advice, whether they were the same."""
    statement = (
        select(BlindChoice.chosen)
        .where(BlindChoice.region == region, BlindChoice.suggested == lane)
        .order_by(BlindChoice.id.desc())
        .limit(limit)
    )
    return [chosen is lane for chosen in session.scalars(unscoped(statement, BlindChoice))]


def find_choice(session: Session, assessment_id: int) -> Lane | None:
    """What was chosen before that assessment was shown, None when nothing was."""
    # Whoever asks found the assessment in reach; by whom it was is kept nowhere.
    statement = select(BlindChoice.chosen).where(BlindChoice.assessment_id == assessment_id)
    return session.scalar(unscoped(statement, BlindChoice))


def has_decision(session: Session, assessment_id: int) -> bool:
    """Whether somebody decided on that assessment already."""
    statement = select(Decision.id).where(Decision.assessment_id == assessment_id).limit(1)
    return session.scalar(unscoped(statement, Decision)) is not None


class Departed(NamedTuple):
    """One decision that departed from the suggestion; by whom is not part of it."""

    candidate_id: int
    reference: str
    first_name: str | None
    chosen: str
    reason: DecisionReason
    decided_at: datetime


def departed(session: Session, viewer: Viewer, lane: Lane, limit: int) -> list[Departed]:
    """Of the newest decisions of the viewer's region on that suggestion those that departed."""
    newest: Any = (
        select(Decision.id)
        .where(
            Decision.region == viewer.region,
            Decision.subject == DecisionSubject.LANE,
            Decision.suggested == lane.value,
            not_undone(),
        )
        .order_by(Decision.id.desc())
        .limit(limit)
    )
    columns: tuple[Any, ...] = (
        *(Decision.candidate_id, Candidate.reference, Candidate.first_name),
        *(Decision.chosen, Decision.reason, Decision.decided_at),
    )
    within = unscoped(newest, Decision, DecisionUndo).subquery()
    statement = (
        select(*columns)
        .join(Candidate, Candidate.id == Decision.candidate_id)
        .where(Decision.id.in_(select(within.c.id)), Decision.accepted.is_(False))
        .order_by(Decision.id.desc())
    )
    found = session.execute(scoped(statement, viewer, Decision, Candidate))
    return [Departed(*row) for row in found]
