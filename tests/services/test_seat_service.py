from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from matcher.models import Cohort, FundingLine, Seat
from matcher.models.states import SeatState
from matcher.repositories import seats as rows
from matcher.repositories.scope import unscoped
from matcher.services import attendance, cohorts, funding, seat_releases, seats
from matcher.services.candidates import close_candidate, get_candidate, pause_candidate
from matcher.services.erasure import erase_candidate
from matcher.services.retention import run_retention
from matcher.services.seat_checks import SeatNotPossible
from tests.services.seating import (
    FIRST,
    SECOND,
    group_row,
    line_row,
    number_of,
    paid_group,
    people,
    programme,
    seat_row,
)

DAY = timedelta(days=1)


def refused(why: str, work: object) -> SeatNotPossible:
    with pytest.raises(SeatNotPossible) as found:
        work()  # type: ignore[operator]  # a call without arguments
    assert found.value.why == why
    return found.value


def counts_hold(session: Session) -> None:
    """What is counted on groups and budgets is what stands in their seats."""
    for group in session.scalars(unscoped(select(Cohort), Cohort)):
        session.refresh(group)
        held = session.scalar(
            unscoped(
                select(func.count(Seat.id)).where(
                    Seat.cohort_id == group.id, Seat.state.in_(rows.HELD)
                ),
                Seat,
            )
        )
        assert group.booked == held
    for line in session.scalars(unscoped(select(FundingLine), FundingLine)):
        session.refresh(line)
        cents = session.scalar(
            unscoped(select(func.sum(Seat.cents)).where(Seat.funding_line_id == line.id), Seat)
        )
        assert line.spent_cents == (cents or 0)


def test_a_full_group_says_which_is_the_next_with_a_seat(
    session: Session, coach: Viewer, now: datetime
) -> None:
    course = programme(session, now)
    first, second, third = (number_of(each) for each in people(session, coach, 3, now))
    for person in (first, second):
        seats.book(session, coach, person, course, FIRST, now=now)

    error = refused("full", lambda: seats.book(session, coach, third, course, FIRST, now=now))

    assert error.next_on == SECOND
    assert "2027-04-05" in str(error)
    assert seats.for_candidate(session, coach, third) == []
    groups = cohorts.coming_groups(session, coach, course, on=now.date())
    assert [(group.booked, group.free) for group in groups] == [(2, 0), (0, 2), (0, 2)]
    counts_hold(session)


def test_who_waits_longest_comes_first_and_nobody_is_passed_over(
    session: Session, coach: Viewer, lead: Viewer, now: datetime
) -> None:
    course = programme(session, now, seats=1)
    longest, middle, newest = (number_of(each) for each in people(session, coach, 3, now))
    unknown = number_of(people(session, coach, 1, now, waiting_since=None)[0])
    for person in (unknown, newest, middle, longest):
        seats.wait(session, coach, person, course, now=now)

    line = [seat.candidate_id for seat in rows.waiting_for(session, lead, course, on=now.date())]
    assert line == [longest, middle, newest, unknown]
    refused("others_first", lambda: seats.book(session, coach, newest, course, FIRST, now=now))

    group = cohorts.open_group(session, coach, course, FIRST, now=now)
    number = seats.offer_next(session, lead, group.id, now=now)
    assert number is not None
    assert seat_row(session, number).candidate_id == longest
    refused("full", lambda: seats.offer_next(session, lead, group.id, now=now))
    with pytest.raises(Forbidden):
        seats.offer_next(session, coach, group.id, now=now)


def test_who_pauses_is_left_out_and_keeps_the_place_in_line(
    session: Session, coach: Viewer, lead: Viewer, now: datetime
) -> None:
    course = programme(session, now)
    longest, next_one = (number_of(each) for each in people(session, coach, 2, now))
    for person in (longest, next_one):
        seats.wait(session, coach, person, course, now=now)
    version = get_candidate(session, coach, longest).version
    until = now.date() + 10 * DAY
    pause_candidate(session, coach, longest, until, expected_version=version, now=now)

    assert [s.candidate_id for s in rows.waiting_for(session, lead, course, on=now.date())] == [
        next_one
    ]
    after = rows.waiting_for(session, lead, course, on=until)
    assert [s.candidate_id for s in after] == [longest, next_one]
    refused("paused", lambda: seats.book(session, coach, longest, course, FIRST, now=now))


@pytest.mark.parametrize(("given", "state"), [("yes", "booked"), ("no", "not_taken")])
def test_a_candidate_answers_an_offer_once(
    session: Session, coach: Viewer, now: datetime, given: str, state: str
) -> None:
    course = programme(session, now)
    own, other = people(session, coach, 2, now)
    seat = seats.offer(session, coach, number_of(own), course, FIRST, now=now)
    assert seat.answer_by == now.date() + 7 * DAY, "five working days, over a weekend"

    with pytest.raises(NotFound):
        seats.answer(session, other, seat.id, given, now=now)
    with pytest.raises(Forbidden):
        seats.answer(session, coach, seat.id, given, now=now)
    seats.answer(session, own, seat.id, "ask_coach", now=now)
    assert seats.own_seats(session, own)[0].wants_talk
    seats.answer(session, own, seat.id, given, now=now)

    assert seat_row(session, seat.id).state == state
    assert group_row(session, seat.cohort_id).booked == (1 if given == "yes" else 0)
    refused(
        "answered" if given == "yes" else "over",
        lambda: seats.answer(session, own, seat.id, "yes", now=now),
    )
    counts_hold(session)


def test_a_refused_offer_and_one_that_passed_are_the_same_row_to_everybody(
    session: Session, coach: Viewer, lead: Viewer, now: datetime
) -> None:
    course = programme(session, now)
    says_no, says_nothing = people(session, coach, 2, now)
    offers = [
        seats.offer(session, coach, number_of(own), course, FIRST, now=now)
        for own in (says_no, says_nothing)
    ]
    seats.answer(session, says_no, offers[0].id, "no", now=now)
    assert seat_releases.end_passed_offers(session, now + 7 * DAY) == 0, "the last day counts"
    assert seat_releases.end_passed_offers(session, now + 8 * DAY) == 1

    silent = {"id", "candidate_id", "updated_at", "version"}
    first, second = (
        {c.name: getattr(seat_row(session, o.id), c.name) for c in Seat.__table__.columns}
        for o in offers
    )
    assert {k: v for k, v in first.items() if k not in silent} == {
        k: v for k, v in second.items() if k not in silent
    }
    for viewer in (coach, lead):
        for own in (says_no, says_nothing):
            assert seats.for_candidate(session, viewer, number_of(own)) == []
    counts_hold(session)


def test_a_full_group_gives_a_seat_whose_offer_passed_to_the_next(
    session: Session, coach: Viewer, now: datetime
) -> None:
    course = programme(session, now, seats=1, starts_on=(SECOND,))
    first, second = (number_of(each) for each in people(session, coach, 2, now))
    offer = seats.offer(session, coach, first, course, SECOND, now=now)
    later = now + 8 * DAY

    seats.book(session, coach, second, course, SECOND, now=later)

    assert seat_row(session, offer.id).state is SeatState.NOT_TAKEN
    counts_hold(session)


def test_the_seat_of_who_stays_away_goes_to_who_stands_by_that_morning(
    session: Session, coach: Viewer, lead: Viewer, now: datetime
) -> None:
    course = programme(session, now, seats=1)
    group, line = paid_group(session, course, now, budget_cents=500, seat_cents=500, capacity=1)
    absent, *others = (number_of(each) for each in people(session, coach, 3, now))
    taken = seats.book(session, coach, absent, course, FIRST, now=now)
    for person in reversed(others):
        seats.wait(session, coach, person, course, standby_for=group, now=now)
    early = now.replace(month=3, day=8, hour=8, minute=29)
    late = now.replace(month=3, day=8, hour=8, minute=30)

    refused("too_early", lambda: seat_releases.pass_on(session, lead, taken.id, now=early))
    with pytest.raises(Forbidden):
        seat_releases.pass_on(session, coach, taken.id, now=late)
    given = seat_releases.pass_on(session, lead, taken.id, now=late)

    assert given is not None
    new = seat_row(session, given)
    assert (new.candidate_id, new.state) == (others[0], SeatState.BOOKED)
    assert line_row(session, line).spent_cents == 500
    again, old = seats.for_candidate(session, coach, absent)
    assert (old.state, old.closed_code) == (SeatState.LEFT, "passed_on")
    assert (again.state, again.asked_at) == (SeatState.WAITING, old.asked_at)
    counts_hold(session)

    attendance.mark_day(session, coach, given, FIRST, "came", now=late)
    refused("came", lambda: seat_releases.pass_on(session, lead, given, now=late))


def test_without_anybody_standing_by_the_seat_is_free_again(
    session: Session, coach: Viewer, lead: Viewer, now: datetime
) -> None:
    course = programme(session, now, seats=1)
    person = number_of(people(session, coach, 1, now)[0])
    taken = seats.book(session, coach, person, course, FIRST, now=now)

    assert seat_releases.pass_on(session, lead, taken.id, now=now + 7 * DAY + DAY / 12) is None

    assert group_row(session, taken.cohort_id).booked == 0
    counts_hold(session)


def test_nobody_has_two_open_seats_in_one_programme(
    session: Session, coach: Viewer, now: datetime
) -> None:
    course = programme(session, now)
    person = number_of(people(session, coach, 1, now)[0])
    seats.book(session, coach, person, course, FIRST, now=now)

    refused("already", lambda: seats.book(session, coach, person, course, SECOND, now=now))
    refused("already", lambda: seats.wait(session, coach, person, course, now=now))


def test_money_is_set_apart_with_the_seat_and_comes_back_before_the_group_begins(
    session: Session, coach: Viewer, lead: Viewer, now: datetime
) -> None:
    course = programme(session, now, seats=9)
    _group, line = paid_group(session, course, now, budget_cents=250, seat_cents=100)
    first, second, third = (number_of(each) for each in people(session, coach, 3, now))
    taken = seats.book(session, coach, first, course, FIRST, now=now)
    seats.book(session, coach, second, course, FIRST, now=now)
    refused("money", lambda: seats.book(session, coach, third, course, FIRST, now=now))
    assert line_row(session, line).spent_cents == 200

    seat_releases.end(session, coach, taken.id, "own_wish", now=now)
    assert line_row(session, line).spent_cents == 100
    later = seats.book(session, coach, third, course, FIRST, now=now)
    seat_releases.end(session, coach, later.id, "other_programme", now=now + 14 * DAY)

    assert line_row(session, line).spent_cents == 200, "what began was paid"
    (flow,) = funding.flows(funding.list_funding(session, lead))
    assert (flow.from_sector, flow.to_sector, flow.spent_cents) == ("N81", "H49", 200)
    with pytest.raises(Conflict):
        funding.change_budget(
            session, lead, line, budget_cents=199, until=None,
            expected_version=funding.get_funding(session, lead, line).version, now=now,
        )  # fmt: skip
    counts_hold(session)


def test_a_programme_is_finished_only_after_it_began(
    session: Session, coach: Viewer, now: datetime
) -> None:
    course = programme(session, now)
    early, done = (number_of(each) for each in people(session, coach, 2, now))
    for person in (early, done):
        seats.book(session, coach, person, course, FIRST, now=now)
    (first,) = seats.for_candidate(session, coach, early)
    (second,) = seats.for_candidate(session, coach, done)

    seat_releases.end(session, coach, first.id, "started_work", now=now)
    seat_releases.end(session, coach, second.id, "finished", now=now + 20 * DAY)

    assert seat_row(session, first.id).state is SeatState.LEFT
    assert seat_row(session, second.id).state is SeatState.FINISHED
    for code in ("passed_on", "lui", ""):
        with pytest.raises((InvalidInput, SeatNotPossible)):
            seat_releases.end(session, coach, first.id, code, now=now)
    counts_hold(session)


def test_a_group_never_has_fewer_seats_than_are_held(
    session: Session, coach: Viewer, lead: Viewer, now: datetime
) -> None:
    course = programme(session, now)
    person = number_of(people(session, coach, 1, now)[0])
    seat = seats.book(session, coach, person, course, FIRST, now=now)
    assert seat.cohort_id is not None
    group = cohorts.get_cohort(session, lead, seat.cohort_id)

    with pytest.raises(Conflict, match="1 seats"):
        cohorts.change_group(
            session, lead, group.id, capacity=0, funding_line_id=None, seat_cents=0,
            expected_version=group.version, now=now,
        )  # fmt: skip
    with pytest.raises(Forbidden):
        cohorts.change_group(
            session, coach, group.id, capacity=9, funding_line_id=None, seat_cents=0,
            expected_version=group.version, now=now,
        )  # fmt: skip
    with pytest.raises(InvalidInput):
        cohorts.open_group(session, lead, course, FIRST + DAY, now=now)


def test_seats_end_with_the_file_and_are_free_for_others(
    session: Session, coach: Viewer, now: datetime
) -> None:
    course = programme(session, now, seats=1)
    first, second = (number_of(each) for each in people(session, coach, 2, now))
    taken = seats.book(session, coach, first, course, FIRST, now=now)
    version = get_candidate(session, coach, first).version
    close_candidate(session, coach, first, "moved", expected_version=version, now=now)
    assert seat_row(session, taken.id).closed_code == "moved"
    counts_hold(session)

    seats.book(session, coach, second, course, FIRST, now=now)
    erase_candidate(session, coach, second, now=now)

    assert group_row(session, taken.cohort_id).booked == 0
    counts_hold(session)


def test_seats_are_reached_with_the_person(
    session: Session, coach: Viewer, colleague: Viewer, stranger: Viewer, now: datetime
) -> None:
    course = programme(session, now)
    person = number_of(people(session, coach, 1, now)[0])
    seat = seats.book(session, coach, person, course, FIRST, now=now)

    for viewer in (colleague, stranger):
        with pytest.raises(NotFound):
            seats.for_candidate(session, viewer, person)
        with pytest.raises(NotFound):
            seats.book(session, viewer, person, course, SECOND, now=now)
        with pytest.raises(NotFound):
            seat_releases.end(session, viewer, seat.id, "own_wish", now=now)


def test_other_parts_learn_what_is_free_and_when_people_finish(
    session: Session, coach: Viewer, now: datetime
) -> None:
    course = programme(session, now)
    person = number_of(people(session, coach, 1, now)[0])
    seat = seats.book(session, coach, person, course, FIRST, now=now)

    assert rows.free_by_programme(session, "demo", now.date()) == {course: [(FIRST, 1)]}
    assert rows.expected_ends(session, "demo") == {person: seat.ends_on}
    assert seat.ends_on == FIRST + timedelta(days=83)


def test_the_daily_run_gives_back_what_passed(
    session: Session, coach: Viewer, now: datetime
) -> None:
    course = programme(session, now)
    own = people(session, coach, 1, now)[0]
    offer = seats.offer(session, coach, number_of(own), course, SECOND, now=now)
    later = now + 9 * DAY

    run_retention(session, on=later.date(), now=later, dry_run=True)
    assert seat_row(session, offer.id).state is SeatState.OFFERED
    run_retention(session, on=later.date(), now=later)

    assert seat_row(session, offer.id).state is SeatState.NOT_TAKEN
