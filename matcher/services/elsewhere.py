"""Another route: who receives somebody, the appointment, the confirmation, and the way back.

Practice section 3: a warm hand-over, counted as further elsewhere and never as dropping out. The
file stays open until a person closes it; who comes back stands in the queue as before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Problem
from matcher.domain.vocabulary import Lane
from matcher.models import Elsewhere
from matcher.models.states import DecisionSubject, ReceiverKind
from matcher.reference.queue import load_queue_terms
from matcher.repositories import candidates, decisions
from matcher.repositories import queue as rows
from matcher.services.audit import note_list
from matcher.services.calendar import day_of
from matcher.services.choices import choice
from matcher.services.transactions import unit_of_work

SHOWN = 100
GUIDES = (Right.COACH, Right.TRIAGER, Right.LEAD)


@dataclass(frozen=True, slots=True)
class Arranged:
    """One hand-over; `is_late` when the receiver should have confirmed by now."""

    id: int
    version: int
    candidate_id: int
    decision_id: int
    receiver: ReceiverKind
    appointment_on: date
    confirm_by: date
    confirmed_on: date | None
    back_on: date | None

    def is_late(self, on: date) -> bool:
        """Whether the confirmation is missing on that day."""
        return self.back_on is None and self.confirmed_on is None and self.confirm_by < on

    def as_mapping(self) -> dict[str, Any]:
        """The hand-over as a flat row."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ElsewhereLine:
    """Somebody who is further elsewhere."""

    arranged: Arranged
    reference: str
    first_name: str | None


def arrange(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    *,
    receiver: str,
    appointment_on: date | None,
    now: datetime,
) -> Arranged:
    """Keeps who receives somebody for whom another route was decided, and from when.

    The appointment lies within the term in which the receiver confirms. Conflict without such a
    decision; an earlier hand-over of the same decision ends.
    """
    with unit_of_work(session):
        row = candidates.get_row(session, viewer, candidate_id, for_update=True)
        _check(viewer)
        decided = decisions.latest(session, viewer, row.id, DecisionSubject.LANE)
        if decided is None or decided.chosen != Lane.OTHER_ROUTE:
            raise Conflict("nobody decided for another route")
        kind, day = checked(receiver, appointment_on, now=now)
        earlier = rows.standing_elsewhere(session, viewer, row.id)
        if earlier is not None:
            _end(session, earlier, now)
        arranged = Elsewhere(
            region=row.region,
            candidate_id=row.id,
            decision_id=decided.id,
            receiver=kind,
            appointment_on=day,
            confirm_by=day_of(now) + load_queue_terms(day_of(now)).confirmed_within,
            created_at=now,
            updated_at=now,
        )
        session.add(arranged)
        try:
            session.flush()
        except IntegrityError as error:
            raise Conflict("somebody else arranged this just now") from error
        return _record(arranged)


def checked(
    receiver: str | None, appointment_on: date | None, *, now: datetime
) -> tuple[ReceiverKind, date]:
    """Receiver and appointment as they may be kept; InvalidInput naming what is missing."""
    problems = problems_of(receiver, appointment_on, now=now)
    if problems or appointment_on is None:
        raise InvalidInput(problems)
    return choice(ReceiverKind, "receiver", str(receiver)), appointment_on


def problems_of(
    receiver: str | None, appointment_on: date | None, *, now: datetime
) -> list[Problem]:
    """What keeps a hand-over from being arranged: an unknown receiver, or another day."""
    today = day_of(now)
    last = today + load_queue_terms(today).confirmed_within
    problems = []
    if not receiver:
        problems.append(Problem("receiver", "is required; say who takes it from here"))
    else:
        try:
            choice(ReceiverKind, "receiver", receiver)
        except InvalidInput as error:
            problems += error.problems
    if appointment_on is None or not today <= appointment_on <= last:
        problems.append(Problem("appointment_on", f"must lie from today to {last}"))
    return problems


def confirm(session: Session, viewer: Viewer, elsewhere_id: int, *, now: datetime) -> Arranged:
    """The receiver says that the person arrived; twice is once. Conflict once they came back."""
    with unit_of_work(session):
        row = _standing(session, viewer, elsewhere_id)
        if row.confirmed_on is None:
            row.confirmed_on, row.updated_at = day_of(now), now
            session.flush()
        return _record(row)


def come_back(session: Session, viewer: Viewer, elsewhere_id: int, *, now: datetime) -> Arranged:
    """The way back: from now on the person stands in the queue as everybody does."""
    with unit_of_work(session):
        row = _standing(session, viewer, elsewhere_id)
        _end(session, row, now)
        return _record(row)


def end_standing(session: Session, viewer: Viewer, candidate_id: int, *, now: datetime) -> None:
    """Ends the hand-over that stands, when another lane was decided; in a unit of work."""
    row = rows.standing_elsewhere(session, viewer, candidate_id)
    if row is not None:
        _end(session, row, now)


def of_candidate(session: Session, viewer: Viewer, candidate_id: int) -> list[Arranged]:
    """Every hand-over of one candidate in reach, newest first."""
    candidates.get_row(session, viewer, candidate_id)
    return [_record(row) for row in rows.all_elsewhere(session, viewer, candidate_id)]


def list_elsewhere(session: Session, viewer: Viewer) -> list[ElsewhereLine]:
    """Who is further elsewhere: not confirmed first, soonest due first."""
    _check(viewer)
    found = _lines(rows.open_elsewhere(session, viewer, limit=SHOWN))
    note_list(session, viewer, "talent_centre", query={"view": "elsewhere"}, count=len(found))
    return found


def late_of_own(session: Session, viewer: Viewer, *, on: date) -> list[ElsewhereLine]:
    """Of the viewer's own people, whose arrival should have been confirmed by now."""
    return _lines(rows.open_elsewhere(session, viewer, due_by=on, own=True, limit=SHOWN))


def _lines(found: Iterable[Any]) -> list[ElsewhereLine]:
    return [ElsewhereLine(_record(row), who.reference, who.first_name) for row, who in found]


def _standing(session: Session, viewer: Viewer, elsewhere_id: int) -> Elsewhere:
    row = rows.find_elsewhere(session, viewer, elsewhere_id)
    if row is None:
        raise NotFound("hand-over")
    candidates.get_row(session, viewer, row.candidate_id)
    _check(viewer)
    if row.back_on is not None:
        raise Conflict("this person came back already")
    return row


def _end(session: Session, row: Elsewhere, now: datetime) -> None:
    row.back_on, row.updated_at = day_of(now), now
    session.flush()


def _check(viewer: Viewer) -> None:
    if not viewer.has(*GUIDES):
        raise Forbidden("only a coach, a triager or a team lead arranges this")


def _record(row: Elsewhere) -> Arranged:
    return Arranged(
        id=row.id,
        version=row.version,
        candidate_id=row.candidate_id,
        decision_id=row.decision_id,
        receiver=row.receiver,
        appointment_on=row.appointment_on,
        confirm_by=row.confirm_by,
        confirmed_on=row.confirmed_on,
        back_on=row.back_on,
    )
