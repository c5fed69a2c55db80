"""Decisions of people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.vocabulary import Lane
from matcher.models import Decision, DecisionUndo
from matcher.models.states import DecisionSubject
from matcher.repositories.records import DecisionRecord
from matcher.repositories.scope import numbered, scoped, unscoped

_UNDO: Any = DecisionUndo.__table__
# The table and not the class: that a decision was taken back says nothing of whom it was about.


def not_undone() -> ColumnElement[bool]:
    """The decision of the enclosing statement was not taken back."""
    return Decision.id.not_in(select(_UNDO.c.decision_id))


def to_record(row: Decision, undone_at: datetime | None = None) -> DecisionRecord:
    """The row as a frozen value, with when it was taken back."""
    return DecisionRecord(
        id=row.id,
        candidate_id=row.candidate_id,
        assessment_id=row.assessment_id,
        subject=row.subject,
        suggested=row.suggested,
        chosen=row.chosen,
        accepted=row.accepted,
        reason=row.reason,
        text=row.text,
        facts_checked=row.facts_checked,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        review_on=row.review_on,
        undone_at=undone_at,
    )


def list_rows(session: Session, viewer: Viewer, candidate_id: int) -> list[Decision]:
    """Decisions about one candidate, newest first."""
    statement = select(Decision).where(Decision.candidate_id == candidate_id)
    return list(session.scalars(scoped(statement, viewer, Decision).order_by(Decision.id.desc())))


def latest(
    session: Session, viewer: Viewer, candidate_id: int, subject: DecisionSubject
) -> Decision | None:
    """The newest decision about one subject."""
    statement = select(Decision).where(
        Decision.candidate_id == candidate_id, Decision.subject == subject, not_undone()
    )
    return session.scalar(scoped(statement, viewer, Decision).order_by(Decision.id.desc()).limit(1))


def standing_lanes(
    session: Session, viewer: Viewer, candidate_ids: Iterable[int]
) -> dict[int, Lane]:
    """The lane that stands for each candidate about whom somebody decided."""
    newest = (
        select(func.max(Decision.id))
        .where(
            Decision.candidate_id.in_(list(candidate_ids)),
            Decision.subject == DecisionSubject.LANE,
            not_undone(),
        )
        .group_by(Decision.candidate_id)
    )
    statement = select(Decision.candidate_id, Decision.chosen).where(Decision.id.in_(newest))
    found = session.execute(scoped(statement, viewer, Decision))
    return {row.candidate_id: Lane(row.chosen) for row in found}


def standing(session: Session, candidate_id: int, subject: DecisionSubject) -> str | None:
    """What was last decided about one subject, whoever asks; None when nobody decided yet."""
    # The candidate was found in scope. Whether somebody may be introduced hangs on the decision,
    # also for whoever may not read decisions.
    statement = (
        select(Decision.chosen)
        .where(Decision.candidate_id == candidate_id, Decision.subject == subject, not_undone())
        .order_by(Decision.id.desc())
        .limit(1)
    )
    return session.scalar(unscoped(statement, Decision, DecisionUndo))


def undone_at(session: Session, viewer: Viewer, candidate_id: int) -> dict[int, datetime]:
    """When decisions about one candidate were taken back, by decision."""
    statement = select(DecisionUndo).where(DecisionUndo.candidate_id == candidate_id)
    found = session.scalars(scoped(statement, viewer, DecisionUndo))
    return {row.decision_id: row.undone_at for row in found}


def find(session: Session, viewer: Viewer, decision_id: int) -> Decision | None:
    """One decision in reach that stands."""
    statement = select(Decision).where(numbered(Decision, decision_id), not_undone())
    return session.scalar(scoped(statement, viewer, Decision))
