"""Decisions of people."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models import Decision
from matcher.models.states import DecisionSubject
from matcher.repositories.records import DecisionRecord
from matcher.repositories.scope import scoped, unscoped


def to_record(row: Decision) -> DecisionRecord:
    """The row as a frozen value."""
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
        Decision.candidate_id == candidate_id, Decision.subject == subject
    )
    return session.scalar(scoped(statement, viewer, Decision).order_by(Decision.id.desc()).limit(1))


def standing(session: Session, candidate_id: int, subject: DecisionSubject) -> str | None:
    """What was last decided about one subject, whoever asks; None when nobody decided yet."""
    # The candidate was found in scope. Whether somebody may be introduced hangs on the decision,
    # also for whoever may not read decisions.
    statement = (
        select(Decision.chosen)
        .where(Decision.candidate_id == candidate_id, Decision.subject == subject)
        .order_by(Decision.id.desc())
        .limit(1)
    )
    return session.scalar(unscoped(statement, Decision))
