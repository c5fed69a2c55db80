"""Pairs that people decided about beforehand, and the order in which seats alone go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.allocating import SeatOrder
from matcher.domain.decided_pairs import PairDecision
from matcher.domain.errors import NotFound
from matcher.models import Candidate, PairChoice, SeatOrderChoice, Vacancy
from matcher.models.states import DecisionReason
from matcher.repositories.records import Record
from matcher.repositories.scope import numbered, scoped, unscoped


@dataclass(frozen=True, slots=True)
class PairRecord(Record):
    """A pair that somebody decided about beforehand."""

    id: int
    candidate_id: int
    candidate: str
    vacancy_id: int
    vacancy: str
    decision: PairDecision
    why: DecisionReason
    decided_by: int | None
    decided_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderRecord(Record):
    """How seats alone go since an officer decided so."""

    id: int
    order: SeatOrder
    why: str
    price: Mapping[str, Any] | None
    decided_by: int | None
    decided_at: datetime


# --- pairs decided beforehand ---------------------------------------------------------------------


def standing_pairs(session: Session, viewer: Viewer) -> list[PairRecord]:
    """The pairs that are kept together or apart, the newest first."""
    return _pairs(session, viewer, PairChoice.ended_at.is_(None))


def pairs_of(session: Session, viewer: Viewer, candidate_id: int) -> list[PairRecord]:
    """What was ever decided about one person, the newest first."""
    return _pairs(session, viewer, PairChoice.candidate_id == candidate_id)


def _pairs(session: Session, viewer: Viewer, condition: Any) -> list[PairRecord]:
    statement = (
        select(PairChoice, Candidate.reference, Vacancy.reference)
        .join(Candidate, Candidate.id == PairChoice.candidate_id)
        .join(Vacancy, Vacancy.id == PairChoice.vacancy_id)
        .where(condition)
        .order_by(PairChoice.id.desc())
    )
    # The vacancy of a pair in reach, as with introductions: a candidate reaches no others.
    found = session.execute(unscoped(scoped(statement, viewer, PairChoice, Candidate), Vacancy))
    return [_to_pair(*row) for row in found]


def _to_pair(row: PairChoice, candidate: str, vacancy: str) -> PairRecord:
    return PairRecord(
        id=row.id,
        candidate_id=row.candidate_id,
        candidate=candidate,
        vacancy_id=row.vacancy_id,
        vacancy=vacancy,
        decision=row.decision,
        why=row.why,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        ended_at=row.ended_at,
    )


def pair_row(session: Session, viewer: Viewer, pair_id: int) -> PairChoice:
    """A pair in reach that stands, locked for a change; NotFound for any other."""
    statement = select(PairChoice).where(numbered(PairChoice, pair_id))
    statement = statement.where(PairChoice.ended_at.is_(None))
    row = session.scalar(
        scoped(statement, viewer, PairChoice)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("pair")
    return row


def standing_pair(
    session: Session, viewer: Viewer, candidate_id: int, vacancy_id: int
) -> PairChoice | None:
    """What stands of one pair, locked for a change."""
    statement = select(PairChoice).where(
        PairChoice.candidate_id == candidate_id,
        PairChoice.vacancy_id == vacancy_id,
        PairChoice.ended_at.is_(None),
    )
    return session.scalar(scoped(statement, viewer, PairChoice).with_for_update())


# --- the order of seats ---------------------------------------------------------------------------


def newest_order(session: Session, viewer: Viewer) -> OrderRecord | None:
    """What an officer decided last about the order of seats; None leaves it by waiting."""
    statement = select(SeatOrderChoice).order_by(SeatOrderChoice.id.desc()).limit(1)
    row = session.scalar(scoped(statement, viewer, SeatOrderChoice))
    if row is None:
        return None
    return OrderRecord(row.id, row.order, row.why, row.price, row.decided_by, row.decided_at)
