"""Who came on which day: marked by the provider through a link, or by staff; what it suggests.

For guidance and for nothing else: no measure may rest on it (practice section 7, 1). Agreed absence
stays outside the count. What days suggest, about rhythm or about a next step, a person decides.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.attendance import (
    AttendanceCount,
    Mark,
    count_days,
    suggested_exit,
    suggested_rhythm,
)
from matcher.domain.errors import Forbidden, InvalidInput, NotFound, Problem
from matcher.models import Attendance, AttendanceLink, Cohort, Seat
from matcher.models.states import SeatState
from matcher.models.wall import whole_database
from matcher.reference.seats import load_seat_terms
from matcher.repositories import attendance as rows
from matcher.repositories import recording
from matcher.repositories import seats as seat_rows
from matcher.repositories.attendance import Names
from matcher.repositories.seats import CohortRecord, SeatRecord
from matcher.services.calendar import day_of, start_of
from matcher.services.choices import choice
from matcher.services.links import hash_of
from matcher.services.seat_checks import SeatNotPossible
from matcher.services.seat_releases import BOOKERS
from matcher.services.seats import own_seats
from matcher.services.transactions import unit_of_work
from matcher.services.visibility import Kind, show

PATH = "/aanwezig"
"""Where a provider's link leads; the secret follows it."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class GivenAttendanceLink:
    """A link to hand over, readable only now."""

    address_path: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One person of a group as the provider sees them: a first name, and what was marked.

    `number` tells those apart who share a name, or of whom none is known.
    """

    seat_id: int
    name: str | None
    number: int | None
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class GroupDay:
    """A group on one day, and the days that can be marked."""

    title: str
    starts_on: date
    ends_on: date
    on: date
    days: tuple[date, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the days of the last weeks suggest; `rhythm` and `exit` are None when nothing."""

    count: AttendanceCount
    weeks: int
    rhythm: int | None
    exit: str | None


# --- the link ------------------------------------------------------------------------------------


def give_link(
    session: Session, viewer: Viewer, cohort_id: int, *, now: datetime
) -> GivenAttendanceLink:
    """A new link for the provider of a group in reach; the one before it works no longer.

    It lasts as long as the group does.
    """
    if not viewer.has(*BOOKERS):
        raise Forbidden("none of your rights gives a link for attendance")
    secret = secrets.token_urlsafe(32)
    with unit_of_work(session):
        cohort = seat_rows.get_cohort(session, viewer, cohort_id)
        expires_at = start_of(cohort.ends_on + _DAY)
        if expires_at <= now:
            raise SeatNotPossible("over")
        rows.revoke_links(session, viewer, cohort_id, now)
        session.add(
            AttendanceLink(
                region=cohort.region,
                cohort_id=cohort.id,
                secret_hash=hash_of(secret),
                created_by=viewer.account_id,
                created_at=now,
                expires_at=expires_at,
            )
        )
    return GivenAttendanceLink(f"{PATH}/{secret}", expires_at)


def end_links(session: Session, viewer: Viewer, cohort_id: int, *, now: datetime) -> None:
    """The links of a group in reach work no longer."""
    if not viewer.has(*BOOKERS):
        raise Forbidden("none of your rights ends a link for attendance")
    with unit_of_work(session):
        seat_rows.get_cohort(session, viewer, cohort_id)
        rows.revoke_links(session, viewer, cohort_id, now)


def has_link(session: Session, viewer: Viewer, cohort_id: int, *, now: datetime) -> bool:
    """Whether a link of a group in reach works now."""
    return bool(rows.links_of(session, viewer, cohort_id, now))


def group_day(session: Session, secret: str, on: date | None, *, now: datetime) -> GroupDay | None:
    """What a provider sees of the group of a link on a day; None for a link that opens nothing.

    `on` is today or one of the days before it; any other is read as the last one possible. That
    first names were shown stands in the log.
    """
    link = _working(session, secret, now)
    if link is None:
        return None
    cohort, programme = rows.group_of_link(session, link)
    days = markable_days(cohort, day_of(now))
    day = on if on in days else (days[-1] if days else cohort.starts_on)
    names = rows.names_of_group(session, cohort.id)
    marks = rows.marks_on(session, cohort.id, day)
    visitor = Viewer(None, frozenset(), cohort.region)
    query = {"cohort": cohort.id}
    recording.note_list(session, visitor, "attendance", query=query, count=len(names))
    return GroupDay(
        title=programme.title or programme.reference,
        starts_on=cohort.starts_on,
        ends_on=cohort.ends_on,
        on=day,
        days=days,
        lines=tuple(
            Line(seat.id, name, number, marks[seat.id].mark if seat.id in marks else None)
            for seat, name, number in _told_apart(names)
        ),
    )


def mark_by_link(
    session: Session, secret: str, on: date, marks: Mapping[int, str], *, now: datetime
) -> int | None:
    """Keeps what a provider marked on a day, by seat; how many, None for a link that opens nothing.

    A seat that is not of the group of the link is not found. Marking again changes the mark.
    """
    with unit_of_work(session), whole_database(session, "attendance by link", Attendance, Seat):
        link = _working(session, secret, now)
        if link is None:
            return None
        cohort, _programme = rows.group_of_link(session, link)
        if on not in markable_days(cohort, day_of(now)):
            raise InvalidInput([Problem("on", "is not a day that can be marked now")])
        seats = {seat.id: seat for seat, _name in rows.names_of_group(session, cohort.id)}
        if not set(marks) <= set(seats):
            raise NotFound("seat")
        for seat_id, mark in marks.items():
            _keep(session, seats[seat_id], on, choice(Mark, "mark", mark), True, now)
        session.flush()
        return len(marks)


def _working(session: Session, secret: str, now: datetime) -> AttendanceLink | None:
    link = rows.find_link(session, hash_of(secret))
    if link is None or link.revoked_at is not None or link.expires_at <= now:
        return None
    return link


def markable_days(cohort: Cohort | CohortRecord, today: date) -> tuple[date, ...]:
    """The days of a group that can be marked on a day: it and some before it, none to come."""
    back = load_seat_terms(today).days_back
    last = min(today, cohort.ends_on)
    first = max(cohort.starts_on, today - timedelta(days=back))
    return tuple(first + number * _DAY for number in range((last - first).days + 1))


def _told_apart(names: Names) -> list[tuple[Seat, str | None, int | None]]:
    """Everybody by first name; who shares one, or has none, gets a number in the group."""
    counts = Counter(name for _seat, name in names)
    seen: Counter[str | None] = Counter()
    found = []
    for seat, name in names:
        seen[name] += 1
        is_alone = name is not None and counts[name] == 1
        found.append((seat, name, None if is_alone else seen[name]))
    return found


def _keep(
    session: Session, seat: Seat, on: date, mark: Mark, by_provider: bool, now: datetime
) -> None:
    row = rows.day_of_seat(session, seat.id, on)
    if row is None:
        session.add(
            Attendance(
                region=seat.region,
                candidate_id=seat.candidate_id,
                seat_id=seat.id,
                on=on,
                mark=mark,
                by_provider=by_provider,
                at=now,
            )
        )
    elif row.mark is not mark:
        row.mark, row.by_provider, row.at = mark, by_provider, now
    if mark is Mark.CAME and seat.state is SeatState.BOOKED:
        seat.state = SeatState.ATTENDING
        seat.updated_at = now


# --- by staff ------------------------------------------------------------------------------------


def mark_day(
    session: Session, viewer: Viewer, seat_id: int, on: date, mark: str, *, now: datetime
) -> None:
    """Keeps what a day was like for somebody in reach; marking again changes it."""
    with unit_of_work(session):
        if not viewer.has(*BOOKERS):
            raise Forbidden("none of your rights marks attendance")
        seat, cohort = seat_rows.locked(session, viewer, seat_id)
        if cohort is None or seat.state not in seat_rows.COMING:
            raise SeatNotPossible("over")
        if on not in markable_days(cohort, day_of(now)):
            raise InvalidInput([Problem("on", "is not a day that can be marked now")])
        _keep(session, seat, on, choice(Mark, "mark", mark), False, now)
        session.flush()


def days_of_seats(
    session: Session, viewer: Viewer, seat_ids: Iterable[int]
) -> dict[int, dict[date, Mark]]:
    """What was marked for these seats, as far as they are in reach, by seat and day."""
    found = rows.days_of_seats(session, viewer, seat_ids)
    return {seat: {on: row.mark for on, row in days.items()} for seat, days in found.items()}


def own_days(
    session: Session, viewer: Viewer, *, with_folded: bool = False
) -> list[dict[str, Any]]:
    """The days of the viewer, a candidate, newest first, as the own copy shows them."""
    if viewer.candidate_id is None:
        raise Forbidden("only a candidate has an own view")
    found = rows.records_of(session, viewer, viewer.candidate_id)
    shown = {seat.id for seat in own_seats(session, viewer, with_folded=with_folded)}
    return [show(Kind.ATTENDANCE, row, viewer.rights) for row in found if row["seat_id"] in shown]


# --- what it suggests ----------------------------------------------------------------------------


def suggest(
    session: Session, viewer: Viewer, seats: Iterable[SeatRecord], *, on: date
) -> dict[int, Suggestion]:
    """What the days of the last weeks suggest for the people on these seats, by seat."""
    terms = load_seat_terms(on)
    since = on - terms.counted + _DAY
    seats = [seat for seat in seats if seat.state is SeatState.ATTENDING]
    people = {seat.candidate_id for seat in seats}
    days = rows.days_of(session, viewer, people, since)
    skills = rows.work_skills_of(session, viewer, people)
    found = {}
    for seat in seats:
        own = days.get(seat.candidate_id, [])
        count = count_days(own, since=since, until=on)
        rhythm = suggested_rhythm(count, terms.rhythm_steps, least_days=terms.least_days)
        begun = seat.starts_on or on
        found[seat.id] = Suggestion(
            count=count,
            weeks=terms.counted.days // 7,
            rhythm=rhythm,
            exit=suggested_exit(
                terms.exits,
                kind=seat.kind,
                days=own,
                weeks_in=((on - begun).days + 1) / 7,
                rhythm=rhythm,
                work_skills=skills.get(seat.candidate_id),
            ),
        )
    return found
