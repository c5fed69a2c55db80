"""What the own view reads beyond the file itself: who put an answer there, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.models import AuditEntry, CandidateAudit
from matcher.models.states import AuditAction
from matcher.repositories.scope import scoped

_KIND = "candidate"


@dataclass(frozen=True, slots=True)
class Source:
    """Who last wrote an answer: a right, None for a file that was read in, and the moment."""

    right: Right | None
    at: datetime


def sources(session: Session, viewer: Viewer, candidate_id: int) -> dict[str, Source]:
    """For each field of a file in the log, who wrote it last; fields that it never named lack."""
    statement = (
        select(AuditEntry.fields, AuditEntry.right_used, AuditEntry.at)
        .where(
            AuditEntry.candidate_id == candidate_id,
            AuditEntry.kind == _KIND,
            AuditEntry.action.in_((AuditAction.CREATE, AuditAction.CHANGE)),
        )
        .order_by(AuditEntry.position)
    )
    found: dict[str, Source] = {}
    for fields, right, at in session.execute(scoped(statement, viewer, AuditEntry)):
        source = Source(None if right is None else Right(right), at)
        found |= dict.fromkeys(fields, source)
    return found


def audit_row(session: Session, viewer: Viewer, reference: str) -> CandidateAudit | None:
    """Benefit and year of birth of somebody in reach, None when neither is kept."""
    statement = select(CandidateAudit).where(CandidateAudit.reference == reference)
    return session.scalar(scoped(statement, viewer, CandidateAudit))
