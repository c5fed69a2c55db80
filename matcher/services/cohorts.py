"""Groups of programmes: when they start, how many seats they have, and who pays for one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Problem, Stale
from matcher.models import Cohort, Programme
from matcher.models.seat import CENTS_MAXIMUM
from matcher.repositories import funding, programmes
from matcher.repositories import seats as rows
from matcher.repositories.records import ProgrammeRecord, Record
from matcher.repositories.seats import CohortRecord
from matcher.services.calendar import day_of
from matcher.services.transactions import unit_of_work

PLANNERS = (Right.TRIAGER, Right.LEAD, Right.OFFICER)
"""Who says how many seats a group has and which budget pays."""
CAPACITY_MAXIMUM = 100_000
_MONDAYS_AHEAD = 8
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Group(Record):
    """A coming group, also one in which nobody has a seat yet (`cohort_id` is None then).

    `seats` and `free` are None without a limit.
    """

    cohort_id: int | None
    programme_id: int
    starts_on: date
    ends_on: date
    seats: int | None
    booked: int
    free: int | None

    @property
    def has_room(self) -> bool:
        """Whether there is a seat left."""
        return self.free is None or self.free > 0


def last_day(programme: Programme, starts_on: date) -> date:
    """The last day of a group that starts on a day."""
    length = programmes.to_value(programme).duration - timedelta(days=1)
    # A file may hold a day so far ahead that no calendar reaches the end.
    return max(starts_on, starts_on + min(length, date.max - starts_on))


def coming_groups(session: Session, viewer: Viewer, programme_id: int, *, on: date) -> list[Group]:
    """The groups of a programme that start on `on` or later, first one first."""
    programme = programmes.get_row(session, viewer, programme_id)
    made = {
        record.starts_on: record
        for record in rows.list_cohorts(session, viewer, ends_from=on, programme_id=programme_id)
    }
    days = {*_days(programme, on), *(day for day in made if day >= on)}
    return [_group(programme, day, made.get(day)) for day in sorted(days)]


def _days(programme: Programme, on: date) -> Iterable[date]:
    """The days on which a programme starts: its own, or the coming Mondays."""
    if programme.starts:
        return [start.starts_on for start in programme.starts if start.starts_on >= on]
    monday = on + timedelta(days=-on.weekday() % 7)
    return [monday + number * _WEEK for number in range(_MONDAYS_AHEAD)]


def _group(programme: Programme, day: date, made: CohortRecord | None) -> Group:
    if made is not None:
        return Group(
            made.id, programme.id, day, made.ends_on, made.capacity, made.booked, made.free
        )
    seats = _seats_on(programme, day)
    return Group(None, programme.id, day, last_day(programme, day), seats, 0, seats)


def _seats_on(programme: Programme, day: date) -> int | None:
    own = next((start.seats for start in programme.starts if start.starts_on == day), None)
    return programme.seats if own is None else own


def next_with_room(
    session: Session, viewer: Viewer, programme_id: int, *, after: date
) -> date | None:
    """The first day of the next group with a seat; None when there is none planned."""
    later = coming_groups(session, viewer, programme_id, on=after + timedelta(days=1))
    return next((group.starts_on for group in later if group.has_room), None)


def get_cohort(session: Session, viewer: Viewer, cohort_id: int) -> CohortRecord:
    """One group in reach; NotFound for any other."""
    row = rows.get_cohort(session, viewer, cohort_id)
    return rows.to_cohort(row, programmes.get_row(session, viewer, row.programme_id))


def list_cohorts(session: Session, viewer: Viewer, *, on: date) -> list[CohortRecord]:
    """The groups that run or are to come, first start first."""
    return rows.list_cohorts(session, viewer, ends_from=on)


def list_groups(
    session: Session, viewer: Viewer, records: Iterable[ProgrammeRecord], *, on: date
) -> dict[int, list[Group]]:
    """The coming groups of many programmes at once, by number of the programme."""
    made: dict[int, dict[date, CohortRecord]] = {}
    for cohort in rows.list_cohorts(session, viewer, ends_from=on):
        made.setdefault(cohort.programme_id, {})[cohort.starts_on] = cohort
    found = {}
    for record in records:
        own = made.get(record.id, {})
        row = programmes.get_row(session, viewer, record.id)
        days = {*_days(row, on), *(day for day in own if day >= on)}
        found[record.id] = [_group(row, day, own.get(day)) for day in sorted(days)]
    return found


def group_on(
    session: Session, viewer: Viewer, programme_id: int, starts_on: date, *, now: datetime
) -> Cohort:
    """The group of that day, made when it is the first time that somebody needs it.

    InvalidInput for a day on which the programme does not start. In a unit of work.
    """
    found = rows.find_cohort(session, viewer, programme_id, starts_on)
    if found is not None:
        return found
    programme = programmes.get_row(session, viewer, programme_id)
    if starts_on not in set(_days(programme, day_of(now))):
        raise InvalidInput([Problem("starts_on", "must be a day on which this programme starts")])
    earlier = rows.latest_cohort(session, viewer, programme_id)
    row = Cohort(
        region=programme.region,
        programme_id=programme_id,
        starts_on=starts_on,
        ends_on=last_day(programme, starts_on),
        capacity=_seats_on(programme, starts_on),
        booked=0,
        funding_line_id=None if earlier is None else earlier.funding_line_id,
        seat_cents=0 if earlier is None else earlier.seat_cents,
        created_at=now,
        updated_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        # Somebody else needed the same group at the same moment.
        made = rows.find_cohort(session, viewer, programme_id, starts_on)
        if made is None:
            raise NotFound("group") from None
        return made
    return row


def open_group(
    session: Session, viewer: Viewer, programme_id: int, starts_on: date, *, now: datetime
) -> CohortRecord:
    """Opens the group of a day, so that seats in it can be offered and its link given."""
    with unit_of_work(session):
        if not viewer.has(*PLANNERS, Right.COACH):
            raise Forbidden("none of your rights opens a group")
        row = group_on(session, viewer, programme_id, starts_on, now=now)
        return rows.to_cohort(row, programmes.get_row(session, viewer, programme_id))


def change_group(
    session: Session,
    viewer: Viewer,
    cohort_id: int,
    *,
    capacity: int | None,
    funding_line_id: int | None,
    seat_cents: int,
    expected_version: int,
    now: datetime,
) -> CohortRecord:
    """Changes how many seats there are, and who pays how much for the next one that is taken.

    Never fewer seats than are held now: Conflict says how many those are.
    """
    with unit_of_work(session):
        if not viewer.has(*PLANNERS):
            raise Forbidden("none of your rights changes a group")
        row = rows.get_cohort(session, viewer, cohort_id, for_update=True)
        if row.version != expected_version:
            raise Stale("group", row.version)
        problems = []
        if capacity is not None and not 0 <= capacity <= CAPACITY_MAXIMUM:
            problems.append(Problem("capacity", f"must be from 0 to {CAPACITY_MAXIMUM}"))
        if not 0 <= seat_cents <= CENTS_MAXIMUM:
            problems.append(Problem("seat_cents", f"must be from 0 to {CENTS_MAXIMUM}"))
        if problems:
            raise InvalidInput(problems)
        if capacity is not None and capacity < row.booked:
            raise Conflict(f"{row.booked} seats of this group are held; it cannot have fewer")
        if funding_line_id is not None:
            funding.get_row(session, viewer, funding_line_id)
        row.capacity = capacity
        row.funding_line_id = funding_line_id
        row.seat_cents = seat_cents
        row.updated_at = now
        session.flush()
        return rows.to_cohort(row, programmes.get_row(session, viewer, row.programme_id))
