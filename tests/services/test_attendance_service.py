from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import NOBODY, Viewer
from matcher.domain.errors import Forbidden, InvalidInput, NotFound
from matcher.models import Attendance, AttendanceLink, AuditEntry
from matcher.models.states import SeatState
from matcher.repositories.acting import Actor, act_as
from matcher.repositories.scope import unscoped
from matcher.services import attendance, cohorts, own_copy, seats
from matcher.services.attendance import GivenAttendanceLink
from matcher.services.links import hash_of
from tests.services.seating import FIRST, number_of, people, programme, seat_row

DAY = timedelta(days=1)
STARTED = FIRST


@pytest.fixture
def group(session: Session, coach: Viewer, now: datetime) -> tuple[int, list[int], list[Viewer]]:
    """A group with two people called Naam0 and Naam1: its number, their seats, and themselves."""
    course = programme(session, now)
    own = people(session, coach, 2, now)
    made = [seats.book(session, coach, number_of(one), course, FIRST, now=now) for one in own]
    assert made[0].cohort_id is not None
    return made[0].cohort_id, [seat.id for seat in made], own


def link_of(session: Session, viewer: Viewer, cohort_id: int, now: datetime) -> str:
    given = attendance.give_link(session, viewer, cohort_id, now=now)
    assert isinstance(given, GivenAttendanceLink)
    return given.address_path.rpartition("/")[2]


def morning(on: date, now: datetime) -> datetime:
    return now.replace(year=on.year, month=on.month, day=on.day)


def test_a_provider_sees_first_names_and_marks_a_day(
    session: Session, coach: Viewer, group: tuple[int, list[int], list[Viewer]], now: datetime
) -> None:
    cohort, (first, second), _own = group
    secret = link_of(session, coach, cohort, now)
    at = morning(FIRST, now)
    act_as(session, Actor(NOBODY, at))

    shown = attendance.group_day(session, secret, None, now=at)
    assert shown is not None
    assert [(line.name, line.mark) for line in shown.lines] == [("Naam0", None), ("Naam1", None)]
    assert shown.days == (FIRST,)
    marks = {first: "came", second: "agreed"}
    assert attendance.mark_by_link(session, secret, FIRST, marks, now=at) == 2
    assert attendance.mark_by_link(session, secret, FIRST, {second: "missed"}, now=at) == 1

    shown = attendance.group_day(session, secret, FIRST, now=at)
    assert shown is not None
    assert [line.mark for line in shown.lines] == ["came", "missed"]
    assert seat_row(session, first).state is SeatState.ATTENDING
    assert seat_row(session, second).state is SeatState.BOOKED


def test_two_of_one_name_are_told_apart_by_a_number(
    session: Session, coach: Viewer, now: datetime
) -> None:
    course = programme(session, now, seats=3)
    for name in ("Sam", "Sam", None):
        (own,) = people(session, coach, 1, now, first_name=name)
        seat = seats.book(session, coach, number_of(own), course, FIRST, now=now)
    assert seat.cohort_id is not None
    secret = link_of(session, coach, seat.cohort_id, now)

    shown = attendance.group_day(session, secret, None, now=now)

    assert shown is not None
    called = sorted((line.name or "", line.number) for line in shown.lines)
    assert called == [("", 1), ("Sam", 1), ("Sam", 2)]


def test_only_the_hash_of_a_link_is_kept_and_it_ends_with_the_group(
    session: Session, coach: Viewer, group: tuple[int, list[int], list[Viewer]], now: datetime
) -> None:
    cohort, (first, _second), _own = group
    secret = link_of(session, coach, cohort, now)
    (kept,) = session.scalars(unscoped(select(AttendanceLink), AttendanceLink))
    last_day = cohorts.get_cohort(session, coach, cohort).ends_on

    assert secret not in str(vars(kept))
    assert kept.secret_hash == hash_of(secret)
    on_the_last = morning(last_day, now)
    assert attendance.group_day(session, secret, None, now=on_the_last) is not None
    after = on_the_last + DAY
    assert attendance.group_day(session, secret, None, now=after) is None
    assert attendance.mark_by_link(session, secret, last_day, {first: "came"}, now=after) is None

    newer = link_of(session, coach, cohort, now)
    assert attendance.group_day(session, secret, None, now=now) is None
    attendance.end_links(session, coach, cohort, now=now)
    assert attendance.group_day(session, newer, None, now=now) is None
    assert attendance.group_day(session, "", None, now=now) is None


def test_a_link_reaches_no_other_group_and_no_day_to_come(
    session: Session, coach: Viewer, group: tuple[int, list[int], list[Viewer]], now: datetime
) -> None:
    cohort, (first, _second), _own = group
    secret = link_of(session, coach, cohort, now)
    other = programme(session, now)
    (own,) = people(session, coach, 1, now)
    elsewhere = seats.book(session, coach, number_of(own), other, FIRST, now=now)
    at = morning(FIRST, now)

    with pytest.raises(NotFound):
        attendance.mark_by_link(session, secret, FIRST, {elsewhere.id: "came"}, now=at)
    for wrong in (FIRST + DAY, FIRST - DAY):
        with pytest.raises(InvalidInput):
            attendance.mark_by_link(session, secret, wrong, {first: "came"}, now=at)
    with pytest.raises(InvalidInput):
        attendance.mark_by_link(session, secret, FIRST, {first: "ziek"}, now=at)
    assert session.scalars(unscoped(select(Attendance), Attendance)).all() == []


def test_only_who_guides_gives_a_link(
    session: Session,
    coach: Viewer,
    service_point: Viewer,
    stranger: Viewer,
    group: tuple[int, list[int], list[Viewer]],
    now: datetime,
) -> None:
    cohort, (first, _second), own = group
    with pytest.raises(Forbidden):
        attendance.give_link(session, service_point, cohort, now=now)
    with pytest.raises(NotFound):
        attendance.give_link(session, stranger, cohort, now=now)
    with pytest.raises(Forbidden):
        attendance.mark_day(session, own[0], first, FIRST, "came", now=morning(FIRST, now))


def test_days_suggest_a_level_and_a_next_step_that_nobody_is_given_by_itself(
    session: Session, coach: Viewer, now: datetime
) -> None:
    course = programme(session, now)
    (own,) = people(session, coach, 1, now, rhythm=1, work_skills=2)
    seat = seats.book(session, coach, number_of(own), course, FIRST, now=now)
    days = [FIRST + timedelta(days=7 * week + day) for week in range(4) for day in range(5)]
    for number, on in enumerate(days):
        mark = "missed" if number in (3, 9) else "agreed" if number == 5 else "came"
        attendance.mark_day(session, coach, seat.id, on, mark, now=morning(on, now))
    on = days[-1] + 2 * DAY

    found = attendance.suggest(
        session, coach, seats.for_candidate(session, coach, number_of(own)), on=on
    )[seat.id]

    assert (found.count.came, found.count.missed, found.count.agreed) == (17, 2, 1)
    assert (found.rhythm, found.exit) == (3, "next_step")
    assert seat_row(session, seat.id).state is SeatState.ATTENDING


def test_the_own_copy_holds_seats_and_days(
    session: Session, coach: Viewer, group: tuple[int, list[int], list[Viewer]], now: datetime
) -> None:
    _cohort, (first, _second), own = group
    attendance.mark_day(session, coach, first, FIRST, "agreed", now=morning(FIRST, now))

    copy = own_copy.take_copy(session, own[0], now=now)

    (seat,) = copy["programmes"]
    assert (seat["state"], seat["starts_on"]) == ("booked", FIRST.isoformat())
    assert copy["days"] == [
        {"seat_id": first, "on": FIRST.isoformat(), "mark": "agreed", "by_provider": False}
    ]
    assert "cents" not in str(copy["programmes"])


def test_that_first_names_were_shown_stands_in_the_log(
    session: Session, coach: Viewer, group: tuple[int, list[int], list[Viewer]], now: datetime
) -> None:
    cohort, (first, _second), _own = group
    secret = link_of(session, coach, cohort, now)
    at = morning(FIRST, now)
    act_as(session, Actor(NOBODY, at))
    attendance.group_day(session, secret, None, now=at)
    attendance.mark_by_link(session, secret, FIRST, {first: "came"}, now=at)

    entries = session.scalars(
        unscoped(select(AuditEntry).where(AuditEntry.kind == "attendance"), AuditEntry)
    ).all()

    assert {entry.action for entry in entries} >= {"create"}
    assert all(entry.account_id is None for entry in entries)
