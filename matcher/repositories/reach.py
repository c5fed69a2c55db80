"""How far an account reaches today: a candidate's own file, and whom somebody stands in for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.models import CandidateAccount, CaseloadChange
from matcher.models.states import CaseloadChangeKind
from matcher.repositories.scope import unscoped


def with_reach(session: Session, viewer: Viewer, on: date) -> Viewer:
    """`viewer` with what the account may reach on that day beyond its own rows."""
    if viewer.account_id is None:
        return viewer
    if viewer.has(Right.CANDIDATE):
        own = session.scalar(
            select(CandidateAccount.candidate_id).where(
                CandidateAccount.account_id == viewer.account_id
            )
        )
        return replace(viewer, candidate_id=own)
    if not viewer.has(Right.COACH):
        return viewer
    # What an account may reach cannot itself be looked up within that reach.
    statement = select(CaseloadChange).where(
        CaseloadChange.kind == CaseloadChangeKind.STAND_IN,
        CaseloadChange.to_account_id == viewer.account_id,
        CaseloadChange.region == viewer.region,
        CaseloadChange.starts_on <= on,
        CaseloadChange.until >= on,
        CaseloadChange.ended_at.is_(None),
    )
    changes = list(session.scalars(unscoped(statement, CaseloadChange)))
    return replace(
        viewer,
        covers=frozenset(
            row.from_account_id
            for row in changes
            if row.candidate_id is None and row.from_account_id is not None
        ),
        covers_candidates=frozenset(
            row.candidate_id for row in changes if row.candidate_id is not None
        ),
    )
