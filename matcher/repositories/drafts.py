"""Drafts of intake cards."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models import IntakeDraft
from matcher.repositories.records import DraftRecord
from matcher.repositories.scope import numbered, scoped


def to_record(row: IntakeDraft) -> DraftRecord:
    """The row as a frozen value."""
    return DraftRecord(
        id=row.id,
        version=row.version,
        candidate_id=row.candidate_id,
        account_id=row.account_id,
        card=row.card,
        answers=dict(row.answers),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def row_by_id(session: Session, viewer: Viewer, draft_id: int) -> IntakeDraft | None:
    """One draft in reach."""
    statement = select(IntakeDraft).where(numbered(IntakeDraft, draft_id))
    return session.scalar(scoped(statement, viewer, IntakeDraft))


def find_row(session: Session, viewer: Viewer, candidate_id: int, card: str) -> IntakeDraft | None:
    """The draft of a candidate's card."""
    statement = select(IntakeDraft).where(
        IntakeDraft.candidate_id == candidate_id, IntakeDraft.card == card
    )
    return session.scalar(scoped(statement, viewer, IntakeDraft))


def list_rows(session: Session, viewer: Viewer, candidate_id: int | None) -> list[IntakeDraft]:
    """Drafts of one candidate, or those of the viewer's own account; newest first."""
    statement = scoped(select(IntakeDraft), viewer, IntakeDraft)
    if candidate_id is not None:
        statement = statement.where(IntakeDraft.candidate_id == candidate_id)
    else:
        statement = statement.where(IntakeDraft.account_id == viewer.account_id)
    order = (IntakeDraft.updated_at.desc(), IntakeDraft.id.desc())
    return list(session.scalars(statement.order_by(*order)))
