"""Groups with people in them, for the demo: some at work, some to come, days, standby, money."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.attendance import Mark
from matcher.domain.programme import Programme as ProgrammeValue
from matcher.models import Candidate, CandidateAccount, Cohort, Programme
from matcher.models.states import CandidateStatus
from matcher.repositories import programmes
from matcher.repositories.scope import unscoped
from matcher.services import attendance, cohorts, funding, seat_releases, seats
from matcher.services.calendar import AMSTERDAM
from matcher.services.transactions import unit_of_work

_WEEK = timedelta(days=7)
_MARKS = (*[Mark.CAME] * 8, Mark.MISSED, *[Mark.CAME] * 5, Mark.AGREED)
"""What days are like in the demo, one after another."""
BUDGETS = (
    # (name, who pays, from sector, to sector, euros, kind of programme, euros a seat)
    ("Rijopleiding uit schoonmaakfonds (verzonnen)", "oo_cleaning", "N81", "H49", 24_000,
     "licence", 4_000),
    ("Vakcursussen infra (verzonnen)", "oo_infra", "F42", "F42", 60_000, "pre_course", 2_500),
    ("Werkritme gemeente (verzonnen)", "municipal", None, None, 120_000, "werkfit", 1_800),
)  # fmt: skip


def add_seats(
    session: Session,
    lead: Viewer,
    people: Sequence[Candidate],
    own: Sequence[Candidate],
    on: date,
    now: datetime,
) -> int:
    """Fills groups of every dated programme with some of `people`; how many got a seat or wait.

    Those of the demo coach, `own`, go first, so that there is something on their pages. Of each
    kind there is something to see: a group that runs with days in it, a full one with people who
    wait and stand by, an offer on the own page, and money from one sector to another.
    """
    with unit_of_work(session):
        lines = _add_budgets(session, lead, now)
        free = _who_can(people, own)
        count = 0
        for row in _dated(session):
            before, after = _around(row, on)
            if before is not None and row.weeks >= 2:
                count += _fill_running(session, lead, row, before, free, on)
            if after is not None:
                count += _fill_coming(session, lead, row, after, free, lines, now)
        _offer_to_own_page(session, lead, now)
        return count


def _add_budgets(session: Session, lead: Viewer, now: datetime) -> dict[str, tuple[int, int]]:
    found = {}
    for name, source, from_sector, to_sector, euros, kind, seat in BUDGETS:
        line = funding.add_funding(
            session, lead, name=name, source=source, from_sector=from_sector, to_sector=to_sector,
            budget_cents=100 * euros, until=None, now=now,
        )  # fmt: skip
        found[kind] = (line.id, 100 * seat)
    return found


def _who_can(people: Sequence[Candidate], own: Sequence[Candidate]) -> Iterator[Candidate]:
    mine = {row.id for row in own}
    able = [
        row for row in people if row.status is CandidateStatus.ACTIVE and row.paused_until is None
    ]
    # Every third is the coach's own: enough on that caseload, and not all of it.
    first = [row for row in able if row.id in mine][::3]
    others = [row for row in able if row.id not in mine]
    return iter([*first[:8], *others, *first[8:]])


def _dated(session: Session) -> list[Programme]:
    # The demo fills an empty database: everything in it is its own.
    statement = select(Programme).order_by(Programme.reference)
    found = session.scalars(unscoped(statement, Programme))
    about_people = [row for row in found if row.starts and row.kind != "buddy_training"]
    return [row for row in about_people if row.seats]


def _around(row: Programme, on: date) -> tuple[date | None, date | None]:
    """The last start that still runs, and the next one."""
    value: ProgrammeValue = programmes.to_value(row)
    days = sorted(value.starts_on)
    running = [day for day in days if day <= on < day + value.duration]
    coming = [day for day in days if day > on]
    return (running[-1] if running else None), (coming[0] if coming else None)


def _fill_running(
    session: Session,
    lead: Viewer,
    row: Programme,
    starts_on: date,
    free: Iterator[Candidate],
    on: date,
) -> int:
    """A group that began: most seats are taken and days are marked; one has just ended."""
    at = datetime.combine(starts_on - _WEEK, time(9), AMSTERDAM)
    taken = [
        seats.book(session, lead, person.id, row.id, starts_on, now=at)
        for person in _next(free, (row.seats or 1) * 3 // 4)
    ]
    for number, seat in enumerate(taken):
        for count, day in enumerate(_working_days(starts_on, on)):
            mark = _MARKS[(count + 3 * number) % len(_MARKS)]
            noon = datetime.combine(day, time(12), AMSTERDAM)
            attendance.mark_day(session, lead, seat.id, day, mark, now=noon)
    if taken and starts_on < on - 4 * _WEEK:
        ended = datetime.combine(on - timedelta(days=3), time(12), AMSTERDAM)
        seat_releases.end(session, lead, taken[-1].id, "started_work", now=ended)
    return len(taken)


def _working_days(first: date, until: date) -> Iterator[date]:
    day = max(first, until - 4 * _WEEK)
    while day < until:
        if day.weekday() < 5:
            yield day
        day += timedelta(days=1)


def _fill_coming(
    session: Session,
    lead: Viewer,
    row: Programme,
    starts_on: date,
    free: Iterator[Candidate],
    lines: dict[str, tuple[int, int]],
    now: datetime,
) -> int:
    """The next group: a work rhythm group is full and has people who wait and stand by."""
    group = cohorts.open_group(session, lead, row.id, starts_on, now=now)
    if row.kind in lines:
        line, cents = lines[row.kind]
        cohorts.change_group(
            session, lead, group.id, capacity=group.capacity, funding_line_id=line,
            seat_cents=cents, expected_version=group.version, now=now,
        )  # fmt: skip
    is_full = row.kind == "werkfit" and row.reference.endswith("1")
    count = (row.seats or 0) if is_full else (row.seats or 0) // 3
    for person in _next(free, count):
        seats.book(session, lead, person.id, row.id, starts_on, now=now)
    waiting = list(_next(free, 5)) if is_full else []
    for number, person in enumerate(waiting):
        standby = group.id if number < 3 else None
        seats.wait(session, lead, person.id, row.id, standby_for=standby, now=now)
    return count + len(waiting)


def _next(free: Iterator[Candidate], count: int) -> Iterator[Candidate]:
    for _number in range(count):
        person = next(free, None)
        if person is None:
            return
        yield person


def _offer_to_own_page(session: Session, lead: Viewer, now: datetime) -> None:
    """The account with an own page gets an offer, of the first group in which that can be."""
    person = session.scalar(select(CandidateAccount.candidate_id))
    groups = select(Cohort, Programme).join(Programme, Programme.id == Cohort.programme_id)
    ordered = groups.where(Cohort.booked < Cohort.capacity).order_by(Cohort.starts_on, Cohort.id)
    for cohort, programme in session.execute(unscoped(ordered, Cohort, Programme)):
        if (
            person is not None
            and cohort.starts_on > now.date() + 2 * _WEEK
            and programme.kind != "licence"
        ):
            seats.offer(session, lead, person, programme.id, cohort.starts_on, now=now)
            return
