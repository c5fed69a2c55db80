"""Queries behind the queue: visits, what changed since, attempts, hand-overs elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.vocabulary import Lane
from matcher.models import (
    Assessment,
    Candidate,
    ContactAttempt,
    Decision,
    DecisionUndo,
    Elsewhere,
    QueueVisit,
    Seat,
)
from matcher.models.states import CandidateStatus, DecisionSubject, SeatState
from matcher.repositories.candidates import narrowed
from matcher.repositories.scope import numbered, scoped

TOLD_SEATS = (SeatState.OFFERED, SeatState.BOOKED)
"""States of a seat that are news; that an offer passed or was refused is not told."""


def visit_of(session: Session, account_id: int) -> QueueVisit | None:
    """The visit of one account; nobody else's is ever asked for."""
    return session.get(QueueVisit, account_id)


def _active(viewer: Viewer, *conditions: ColumnElement[bool]) -> Select[Any]:
    statement = select(Candidate).where(Candidate.status == CandidateStatus.ACTIVE, *conditions)
    return scoped(statement, viewer, Candidate)


def entered_since(
    session: Session, viewer: Viewer, since: datetime, limit: int
) -> Sequence[Candidate]:
    """Who was entered after that moment, first come first."""
    statement = _active(viewer, Candidate.created_at > since)
    order = statement.order_by(Candidate.created_at, Candidate.id).limit(limit)
    return session.scalars(order).all()


def changed_since(
    session: Session, viewer: Viewer, since: datetime, limit: int
) -> Sequence[Candidate]:
    """Who was there already and has a file that changed after that moment, newest first."""
    statement = _active(viewer, Candidate.updated_at > since, Candidate.created_at <= since)
    order = statement.order_by(Candidate.updated_at.desc(), Candidate.id.desc()).limit(limit)
    return session.scalars(order).all()


def back_between(
    session: Session, viewer: Viewer, after: date, until: date, limit: int
) -> Sequence[Candidate]:
    """Whose pause ended after the first and on or before the second day."""
    statement = _active(viewer, Candidate.paused_until > after, Candidate.paused_until <= until)
    order = statement.order_by(Candidate.paused_until, Candidate.id).limit(limit)
    return session.scalars(order).all()


def observed_between(
    session: Session, viewer: Viewer, after: date, until: date, limit: int
) -> Sequence[Candidate]:
    """Whose rhythm was last seen after the first and on or before the second day."""
    statement = _active(
        viewer,
        Candidate.observed_on > after,
        Candidate.observed_on <= until,
        Candidate.rhythm.is_not(None),
        or_(Candidate.paused_until.is_(None), Candidate.paused_until <= until),
    )
    order = statement.order_by(Candidate.observed_on, Candidate.id).limit(limit)
    return session.scalars(order).all()


def seats_since(
    session: Session, viewer: Viewer, since: datetime, limit: int
) -> Sequence[tuple[Seat, Candidate]]:
    """Seats that were offered or taken after that moment, newest first, with whose they are."""
    statement = (
        select(Seat, Candidate)
        .join(Candidate, Candidate.id == Seat.candidate_id)
        .where(
            Seat.updated_at > since,
            Seat.state.in_(TOLD_SEATS),
            Candidate.status == CandidateStatus.ACTIVE,
        )
        .order_by(Seat.updated_at.desc(), Seat.id)
        .limit(limit)
    )
    found = session.execute(scoped(statement, viewer, Seat, Candidate))
    return [(row[0], row[1]) for row in found]


def attempts(session: Session, viewer: Viewer, candidate_id: int) -> list[ContactAttempt]:
    """Attempts to reach one candidate, newest first."""
    statement = select(ContactAttempt).where(ContactAttempt.candidate_id == candidate_id)
    ordered = scoped(statement, viewer, ContactAttempt).order_by(ContactAttempt.id.desc())
    return list(session.scalars(ordered))


def last_agreed(
    session: Session, viewer: Viewer, candidate_ids: Iterable[int]
) -> dict[int, ContactAttempt]:
    """The newest attempt with a next day, by candidate."""
    newest = scoped(
        select(func.max(ContactAttempt.id))
        .where(
            ContactAttempt.candidate_id.in_(list(candidate_ids)),
            ContactAttempt.next_on.is_not(None),
        )
        .group_by(ContactAttempt.candidate_id),
        viewer,
        ContactAttempt,
    )
    statement = select(ContactAttempt).where(ContactAttempt.id.in_(newest))
    found = session.scalars(scoped(statement, viewer, ContactAttempt))
    return {row.candidate_id: row for row in found}


def standing_elsewhere(session: Session, viewer: Viewer, candidate_id: int) -> Elsewhere | None:
    """The hand-over that stands for one candidate."""
    statement = select(Elsewhere).where(
        Elsewhere.candidate_id == candidate_id, Elsewhere.back_on.is_(None)
    )
    return session.scalar(scoped(statement, viewer, Elsewhere))


def find_elsewhere(session: Session, viewer: Viewer, number: int) -> Elsewhere | None:
    """One hand-over in reach."""
    statement = select(Elsewhere).where(numbered(Elsewhere, number))
    return session.scalar(scoped(statement, viewer, Elsewhere).with_for_update())


def all_elsewhere(session: Session, viewer: Viewer, candidate_id: int) -> list[Elsewhere]:
    """Every hand-over of one candidate, newest first."""
    statement = select(Elsewhere).where(Elsewhere.candidate_id == candidate_id)
    ordered = scoped(statement, viewer, Elsewhere).order_by(Elsewhere.id.desc())
    return list(session.scalars(ordered))


def open_elsewhere(
    session: Session, viewer: Viewer, *, due_by: date | None = None, own: bool = False, limit: int
) -> Sequence[tuple[Elsewhere, Candidate]]:
    """Hand-overs that stand, those not confirmed first and soonest due first.

    `due_by` keeps those that had to be confirmed before that day and were not; `own` those of the
    viewer's own people.
    """
    statement = (
        select(Elsewhere, Candidate)
        .join(Candidate, Candidate.id == Elsewhere.candidate_id)
        .where(Elsewhere.back_on.is_(None), Candidate.status == CandidateStatus.ACTIVE)
        .order_by(Elsewhere.confirmed_on.is_not(None), Elsewhere.confirm_by, Elsewhere.id)
        .limit(limit)
    )
    if due_by is not None:
        statement = statement.where(Elsewhere.confirmed_on.is_(None), Elsewhere.confirm_by < due_by)
    if own:
        statement = statement.where(Candidate.owner_account_id == viewer.account_id)
    found = session.execute(scoped(statement, viewer, Elsewhere, Candidate))
    return [(row[0], row[1]) for row in found]


def undecided(
    session: Session, viewer: Viewer, lane: Lane, *, on: date, limit: int
) -> Sequence[tuple[Candidate, Assessment]]:
    """Active people with that suggestion on whom nobody decided, longest waiting first."""
    # The table and not the class: only that there is no decision counts.
    decision: Any = Decision.__table__
    decided = (
        select(decision.c.candidate_id)
        .where(
            decision.c.candidate_id == Candidate.id,
            decision.c.subject == DecisionSubject.LANE,
            decision.c.id.not_in(select(DecisionUndo.__table__.c.decision_id)),
        )
        .exists()
    )
    statement = narrowed(viewer, status=CandidateStatus.ACTIVE, lane=lane)
    statement = statement.add_columns(Assessment).where(
        ~decided, or_(Candidate.paused_until.is_(None), Candidate.paused_until <= on)
    )
    waits = Candidate.waiting_since
    # Two statements and not one order over both: each is answered in the order of its index.
    found: list[tuple[Candidate, Assessment]] = []
    for known, order in (
        (waits.is_not(None), (waits, Candidate.id)),
        (waits.is_(None), (Candidate.id,)),
    ):
        if len(found) < limit:
            part = statement.where(known).order_by(*order).limit(limit - len(found))
            found += [(row[0], row[1]) for row in session.execute(part)]
    return found
