"""Groups and the seats in them: finding, locking, and taking the last seat only once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import NotFound
from matcher.models import Candidate, Cohort, Programme, Seat
from matcher.models.states import CandidateStatus, SeatState
from matcher.repositories.records import Record
from matcher.repositories.scope import numbered, scoped, unscoped

OPEN = (SeatState.WAITING, SeatState.OFFERED, SeatState.BOOKED, SeatState.ATTENDING)
"""Still on the way; of one person and one programme there is one at a time."""
HELD = (SeatState.OFFERED, SeatState.BOOKED, SeatState.ATTENDING, SeatState.FINISHED)
"""What `Cohort.booked` counts."""
COMING = (SeatState.BOOKED, SeatState.ATTENDING)
"""Who is expected in the group."""


@dataclass(frozen=True, slots=True)
class CohortRecord(Record):
    """A group; `free` is None without a limit, `waiting` counts who waits for the programme."""

    id: int
    version: int
    region: str
    programme_id: int
    programme: str
    title: str | None
    kind: str
    provider: str | None
    starts_on: date
    ends_on: date
    capacity: int | None
    booked: int
    free: int | None
    funding_line_id: int | None
    seat_cents: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class SeatRecord(Record):
    """A seat as kept, with the programme and group that it is in."""

    id: int
    version: int
    region: str
    candidate_id: int
    programme_id: int
    programme: str
    title: str | None
    kind: str
    provider: str | None
    weeks: float
    hours_a_week: float
    cohort_id: int | None
    starts_on: date | None
    ends_on: date | None
    standby_cohort_id: int | None
    state: SeatState
    asked_at: datetime
    answer_by: date | None
    wants_talk: bool
    closed_on: date | None
    closed_code: str | None
    created_at: datetime
    updated_at: datetime


def to_cohort(row: Cohort, programme: Programme) -> CohortRecord:
    """The row as a frozen value."""
    return CohortRecord(
        id=row.id,
        version=row.version,
        region=row.region,
        programme_id=row.programme_id,
        programme=programme.reference,
        title=programme.title,
        kind=programme.kind,
        provider=programme.provider,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        capacity=row.capacity,
        booked=row.booked,
        free=None if row.capacity is None else row.capacity - row.booked,
        funding_line_id=row.funding_line_id,
        seat_cents=row.seat_cents,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def to_seat(row: Seat, programme: Programme, cohort: Cohort | None) -> SeatRecord:
    """The row as a frozen value."""
    return SeatRecord(
        id=row.id,
        version=row.version,
        region=row.region,
        candidate_id=row.candidate_id,
        programme_id=row.programme_id,
        programme=programme.reference,
        title=programme.title,
        kind=programme.kind,
        provider=programme.provider,
        weeks=programme.weeks,
        hours_a_week=programme.hours_a_week,
        cohort_id=row.cohort_id,
        starts_on=None if cohort is None else cohort.starts_on,
        ends_on=None if cohort is None else cohort.ends_on,
        standby_cohort_id=row.standby_cohort_id,
        state=row.state,
        asked_at=row.asked_at,
        answer_by=row.answer_by,
        wants_talk=row.wants_talk,
        closed_on=row.closed_on,
        closed_code=row.closed_code,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


# --- groups -------------------------------------------------------------------------------------


def get_cohort(
    session: Session, viewer: Viewer, cohort_id: int, *, for_update: bool = False
) -> Cohort:
    """The group in reach of `viewer`, read anew; NotFound for any other."""
    statement = scoped(select(Cohort).where(numbered(Cohort, cohort_id)), viewer, Cohort)
    if for_update:
        statement = statement.with_for_update()
    # Seats are taken past the rows that this session holds.
    found = session.scalar(statement.execution_options(populate_existing=True))
    if found is None:
        raise NotFound("group")
    return found


def lock_cohort(session: Session, cohort_id: int) -> Cohort:
    """The group of a seat in reach, locked: whoever changes its seats queues for it."""
    # A candidate reaches no groups but through the own seat.
    statement = unscoped(select(Cohort).where(Cohort.id == cohort_id), Cohort).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def find_cohort(session: Session, viewer: Viewer, programme_id: int, day: date) -> Cohort | None:
    """The group of a programme on a day, None when there is none yet."""
    statement = select(Cohort).where(Cohort.programme_id == programme_id, Cohort.starts_on == day)
    return session.scalar(
        scoped(statement, viewer, Cohort).execution_options(populate_existing=True)
    )


def latest_cohort(session: Session, viewer: Viewer, programme_id: int) -> Cohort | None:
    """The last group of a programme, whose terms a new one takes over."""
    statement = scoped(select(Cohort).where(Cohort.programme_id == programme_id), viewer, Cohort)
    return session.scalar(statement.order_by(Cohort.starts_on.desc()).limit(1))


def list_cohorts(
    session: Session, viewer: Viewer, *, ends_from: date, programme_id: int | None = None
) -> list[CohortRecord]:
    """Groups in reach that have not ended before `ends_from`, first start first."""
    columns: tuple[Any, ...] = (Cohort, Programme)
    statement = (
        scoped(select(*columns), viewer, Cohort, Programme)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Cohort.ends_on >= ends_from)
        .order_by(Cohort.starts_on, Programme.reference, Cohort.id)
    )
    if programme_id is not None:
        statement = statement.where(Cohort.programme_id == programme_id)
    rows = session.execute(statement.execution_options(populate_existing=True))
    return [to_cohort(row[0], row[1]) for row in rows]


def take_seat(session: Session, cohort_id: int) -> bool:
    """Takes a seat if one is free; whether it did.

    One statement that looks and takes, so that of many at the same moment only as many get a seat
    as there are; the constraint of the table would refuse one too many.
    """
    has_room = or_(Cohort.capacity.is_(None), Cohort.booked < Cohort.capacity)
    taken = update(Cohort).where(Cohort.id == cohort_id, has_room)
    return _changed(session, taken.values(booked=Cohort.booked + 1)) == 1


def give_back_seat(session: Session, cohort_id: int) -> None:
    """A seat that was held is free again."""
    back = update(Cohort).where(Cohort.id == cohort_id)
    _changed(session, back.values(booked=Cohort.booked - 1))


def _changed(session: Session, statement: Any) -> int:
    # A seat counts for everybody, whoever of them the viewer may reach.
    options = {"synchronize_session": False}
    result: Any = session.execute(unscoped(statement, Cohort), execution_options=options)
    return int(result.rowcount)


# --- seats --------------------------------------------------------------------------------------


def get_seat(session: Session, viewer: Viewer, seat_id: int) -> Seat:
    """The seat in reach of `viewer`; NotFound for any other."""
    statement = scoped(select(Seat).where(numbered(Seat, seat_id)), viewer, Seat)
    found = session.scalar(statement)
    if found is None:
        raise NotFound("seat")
    return found


def locked(session: Session, viewer: Viewer, seat_id: int) -> tuple[Seat, Cohort | None]:
    """The seat in reach and its group, both locked; the group first, as everywhere."""
    cohort_id = get_seat(session, viewer, seat_id).cohort_id
    cohort = None if cohort_id is None else lock_cohort(session, cohort_id)
    statement = scoped(select(Seat).where(Seat.id == seat_id), viewer, Seat).with_for_update()
    found = session.scalar(statement.execution_options(populate_existing=True))
    if found is None or found.cohort_id != cohort_id:
        raise NotFound("seat")
    return found, cohort


def _with_group(viewer: Viewer) -> Select[Any]:
    columns: tuple[Any, ...] = (Seat, Programme, Cohort)
    statement = (
        select(*columns)
        .join(Programme, Programme.id == Seat.programme_id)
        .outerjoin(Cohort, Cohort.id == Seat.cohort_id)
    )
    # Of a seat in reach one may know the programme and the group.
    return unscoped(scoped(statement, viewer, Seat), Programme, Cohort)


def _records(session: Session, statement: Select[Any]) -> list[SeatRecord]:
    found = session.execute(statement.execution_options(populate_existing=True))
    return [to_seat(*row) for row in found]


def get_record(session: Session, viewer: Viewer, seat_id: int) -> SeatRecord:
    """One seat in reach with its group; NotFound for any other."""
    found = _records(session, _with_group(viewer).where(numbered(Seat, seat_id)))
    if not found:
        raise NotFound("seat")
    return found[0]


def of_candidate(session: Session, viewer: Viewer, candidate_id: int) -> list[SeatRecord]:
    """The seats in reach of one person, newest first; offers that were not taken left out."""
    statement = _with_group(viewer).where(
        Seat.candidate_id == candidate_id, Seat.state != SeatState.NOT_TAKEN
    )
    return _records(session, statement.order_by(Seat.id.desc()))


def of_cohort(
    session: Session, viewer: Viewer, cohort_id: int, states: Collection[SeatState]
) -> list[SeatRecord]:
    """The seats in reach in a group, in the order in which they were taken."""
    statement = _with_group(viewer).where(Seat.cohort_id == cohort_id, Seat.state.in_(list(states)))
    return _records(session, statement.order_by(Seat.id))


def waiting_for(
    session: Session,
    viewer: Viewer,
    programme_id: int,
    *,
    on: date,
    standby_for: int | None = None,
) -> list[SeatRecord]:
    """Who waits for a programme, in order: longest waiting first, then who asked first.

    Who has a pause on `on` is left out and keeps the place in line. `standby_for` narrows to who
    said for that group: call me the same morning.
    """
    statement = _in_line(_with_group(viewer), programme_id, on)
    if standby_for is not None:
        statement = statement.where(Seat.standby_cohort_id == standby_for)
    return _records(session, statement)


def _in_line(statement: Select[Any], programme_id: int, on: date) -> Select[Any]:
    # By waiting time alone: never by what somebody can or is expected to do.
    narrowed = statement.join(Candidate, Candidate.id == Seat.candidate_id).where(
        Seat.programme_id == programme_id,
        Seat.state == SeatState.WAITING,
        Candidate.status == CandidateStatus.ACTIVE,
        or_(Candidate.paused_until.is_(None), Candidate.paused_until <= on),
    )
    waits = func.coalesce(Candidate.waiting_since, date.max)
    return unscoped(narrowed.order_by(waits, Seat.asked_at, Seat.id), Candidate)


def first_in_line(
    session: Session, programme_id: int, *, on: date, standby_for: int | None = None
) -> Seat | None:
    """The first of the whole line, for the service itself; locked."""
    # Whose turn it is does not depend on whom the viewer may reach.
    statement = _in_line(select(Seat), programme_id, on)
    if standby_for is not None:
        statement = statement.where(Seat.standby_cohort_id == standby_for)
    locking = unscoped(statement.limit(1), Seat).with_for_update(of=Seat)
    found: Seat | None = session.scalar(locking.execution_options(populate_existing=True))
    return found


def line_of(session: Session, programme_id: int, *, on: date) -> list[int]:
    """The candidates of the whole line in order, by number, to tell somebody their place in it."""
    statement = _in_line(select(Seat.candidate_id), programme_id, on)
    return list(session.scalars(unscoped(statement, Seat)))


def waiting_counts(session: Session, region: str) -> dict[int, int]:
    """How many wait for each programme of a region."""
    statement = (
        select(Seat.programme_id, func.count())
        .where(Seat.region == region, Seat.state == SeatState.WAITING)
        .group_by(Seat.programme_id)
    )
    return {row[0]: row[1] for row in session.execute(unscoped(statement, Seat))}


def standby_counts(session: Session, region: str) -> dict[int, int]:
    """How many stand by for each group of a region."""
    statement = (
        select(Seat.standby_cohort_id, func.count())
        .where(
            Seat.region == region,
            Seat.state == SeatState.WAITING,
            Seat.standby_cohort_id.is_not(None),
        )
        .group_by(Seat.standby_cohort_id)
    )
    rows = session.execute(unscoped(statement, Seat))
    return {row[0]: row[1] for row in rows if row[0] is not None}


def open_seat(session: Session, candidate_id: int, programme_id: int) -> Seat | None:
    """What somebody, found in reach, has of a programme now; None when nothing is open."""
    statement = select(Seat).where(
        Seat.candidate_id == candidate_id,
        Seat.programme_id == programme_id,
        Seat.state.in_(OPEN),
    )
    found = unscoped(statement, Seat).with_for_update()
    return session.scalar(found.execution_options(populate_existing=True))


def rows_of_candidate(
    session: Session, candidate_id: int, states: Collection[SeatState]
) -> list[Seat]:
    """The seats of one person in some states, locked; for the end of a file."""
    # The file was found in reach, or is erased by the rules: all that is of it goes along.
    statement = select(Seat).where(Seat.candidate_id == candidate_id, Seat.state.in_(list(states)))
    found = unscoped(statement.order_by(Seat.cohort_id, Seat.id), Seat).with_for_update()
    return list(session.scalars(found.execution_options(populate_existing=True)))


def passed_offers(session: Session, on: date, cohort_id: int | None = None) -> list[Seat]:
    """Offers whose last day lies before `on`, of one group or of all; for the service itself."""
    statement = select(Seat).where(Seat.state == SeatState.OFFERED, Seat.answer_by < on)
    if cohort_id is not None:
        statement = statement.where(Seat.cohort_id == cohort_id)
    # A seat that is free again is free for everybody.
    found = unscoped(statement.order_by(Seat.cohort_id, Seat.id), Seat).with_for_update()
    return list(session.scalars(found.execution_options(populate_existing=True)))


# --- for other parts of the service -------------------------------------------------------------


def free_by_programme(
    session: Session, region: str, on: date
) -> dict[int, list[tuple[date, int | None]]]:
    """Per programme its coming groups: first day, and free seats (None without a limit)."""
    # What is free in a region is the same whoever looks.
    statement = (
        select(Cohort.programme_id, Cohort.starts_on, Cohort.capacity - Cohort.booked)
        .where(Cohort.region == region, Cohort.starts_on >= on)
        .order_by(Cohort.starts_on)
    )
    found: dict[int, list[tuple[date, int | None]]] = {}
    for programme_id, starts_on, free in session.execute(unscoped(statement, Cohort)):
        found.setdefault(programme_id, []).append((starts_on, free))
    return found


def expected_ends(
    session: Session, region: str, candidate_ids: Iterable[int] | None = None
) -> Mapping[int, date]:
    """The last day of the programme that each person is in, or has a seat for; the latest."""
    # For boards and plans of a region, which name only people that their reader reaches.
    statement = (
        select(Seat.candidate_id, func.max(Cohort.ends_on))
        .join(Cohort, Cohort.id == Seat.cohort_id)
        .where(Seat.region == region, Seat.state.in_(COMING))
        .group_by(Seat.candidate_id)
    )
    if candidate_ids is not None:
        statement = statement.where(Seat.candidate_id.in_(list(candidate_ids)))
    return {row[0]: row[1] for row in session.execute(unscoped(statement, Seat, Cohort))}
