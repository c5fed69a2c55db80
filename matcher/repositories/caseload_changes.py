"""Who guides whom: coaches of a region, owners of candidates, hand-overs and stand-ins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Text, func, literal, or_, select, type_coerce
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.models import Account, Candidate, CaseloadChange
from matcher.models.states import CandidateStatus, CaseloadChangeKind
from matcher.repositories.scope import numbered, scoped, unscoped


def coaches(session: Session, region: str) -> list[Account]:
    """The open accounts of a region that can have a caseload, by name."""
    # Kept as coach|lead; between bars a right can be told from one that it begins.
    barred = literal("|") + type_coerce(Account.rights, Text) + literal("|")
    statement = select(Account).where(
        Account.region == region,
        Account.is_active.is_(True),
        barred.contains(f"|{Right.COACH}|", autoescape=True),
    )
    return list(session.scalars(statement.order_by(Account.name)))


def names_of(session: Session, account_ids: Iterable[int]) -> dict[int, str]:
    """What accounts sign in with, by number; closed ones too."""
    statement = select(Account.id, Account.name).where(Account.id.in_(sorted(account_ids)))
    return {row.id: row.name for row in session.execute(statement)}


def people_by_owner(session: Session, viewer: Viewer) -> dict[int | None, int]:
    """How many active people in reach each account owns; None for nobody."""
    statement = (
        select(Candidate.owner_account_id, func.count())
        .where(Candidate.status == CandidateStatus.ACTIVE)
        .group_by(Candidate.owner_account_id)
    )
    found = session.execute(scoped(statement, viewer, Candidate))
    return {row[0]: row[1] for row in found}


def _owned_by(owners: Iterable[int | None]) -> Any:
    given = set(owners)
    owned = Candidate.owner_account_id.in_(sorted(given - {None}))
    return or_(owned, Candidate.owner_account_id.is_(None)) if None in given else owned


def people_of(
    session: Session,
    viewer: Viewer,
    owners: Iterable[int | None],
    *,
    among: Iterable[int] | None = None,
    limit: int | None = None,
    for_update: bool = False,
) -> list[Candidate]:
    """Active people in reach whom one of `owners` guides, by number; None is nobody."""
    statement = select(Candidate).where(
        Candidate.status == CandidateStatus.ACTIVE, _owned_by(owners)
    )
    if among is not None:
        statement = statement.where(Candidate.id.in_(sorted(among)))
    statement = scoped(statement, viewer, Candidate).order_by(Candidate.id).limit(limit)
    if for_update:
        # Read anew under the lock: what this session read before may be older.
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(statement))


def stand_ins(session: Session, viewer: Viewer, on: date) -> list[CaseloadChange]:
    """Stand-ins in reach that hold on that day or begin later, by first day."""
    statement = select(CaseloadChange).where(
        CaseloadChange.kind == CaseloadChangeKind.STAND_IN,
        CaseloadChange.until >= on,
        CaseloadChange.ended_at.is_(None),
    )
    order = (CaseloadChange.starts_on, CaseloadChange.id)
    return list(session.scalars(scoped(statement, viewer, CaseloadChange).order_by(*order)))


def stand_ins_of_candidates(
    session: Session, viewer: Viewer, candidate_ids: Iterable[int]
) -> list[CaseloadChange]:
    """Stand-ins for single candidates that have not been ended."""
    statement = select(CaseloadChange).where(
        CaseloadChange.kind == CaseloadChangeKind.STAND_IN,
        CaseloadChange.candidate_id.in_(sorted(candidate_ids)),
        CaseloadChange.ended_at.is_(None),
    )
    return list(session.scalars(scoped(statement, viewer, CaseloadChange)))


def find_change(session: Session, viewer: Viewer, change_id: int) -> CaseloadChange | None:
    """One change in reach."""
    statement = select(CaseloadChange).where(numbered(CaseloadChange, change_id))
    return session.scalar(scoped(statement, viewer, CaseloadChange))


def changes_of(session: Session, viewer: Viewer, candidate_id: int) -> list[CaseloadChange]:
    """The changes that name a candidate, oldest first."""
    statement = select(CaseloadChange).where(CaseloadChange.candidate_id == candidate_id)
    order = (CaseloadChange.decided_at, CaseloadChange.id)
    return list(session.scalars(scoped(statement, viewer, CaseloadChange).order_by(*order)))


def whole_stand_ins(
    session: Session, region: str, from_account_ids: Iterable[int]
) -> list[CaseloadChange]:
    """Stand-ins for whole caseloads of some accounts, oldest first."""
    # A candidate is told who stood in for the coach; such a row is about nobody in particular, so
    # it lies outside the own file. Only kind and dates of it are shown.
    statement = select(CaseloadChange).where(
        CaseloadChange.kind == CaseloadChangeKind.STAND_IN,
        CaseloadChange.region == region,
        CaseloadChange.candidate_id.is_(None),
        CaseloadChange.from_account_id.in_(sorted(from_account_ids)),
    )
    order = (CaseloadChange.decided_at, CaseloadChange.id)
    return list(session.scalars(unscoped(statement, CaseloadChange).order_by(*order)))
