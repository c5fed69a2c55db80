"""A hundred at the same moment for the last seat, the last euro and the last hour of guidance."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Right
from matcher.domain.errors import Conflict
from matcher.models import Cohort, FundingLine
from matcher.models.database import session_factory
from matcher.repositories.scope import unscoped
from matcher.services import introductions, seats
from matcher.services.seat_checks import SeatNotPossible
from tests.services.at_once import at_once
from tests.services.conftest import account_of
from tests.services.introducing import open_place, person_of
from tests.services.seating import (
    FIRST,
    SECOND,
    group_row,
    line_row,
    number_of,
    paid_group,
    people,
    programme,
)

NOW = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
MANY = 100


def test_of_a_hundred_bookings_for_the_last_seat_one_wins_and_the_others_hear_of_the_next(
    engine_alone: Engine,
) -> None:
    with session_factory(engine_alone)() as session:
        coach = account_of(session, "coach", Right.COACH)
        course = programme(session, NOW, seats=1)
        many = [number_of(each) for each in people(session, coach, MANY, NOW)]

    outcomes = at_once(
        engine_alone,
        [
            lambda session, number=number: seats.book(
                session, coach, number, course, FIRST, now=NOW
            )
            for number in many
        ],
    )

    told = f"full: every seat of this group is taken; the next group with a seat starts on {SECOND}"
    assert outcomes == {"done": 1, told: MANY - 1}
    with session_factory(engine_alone)() as session:
        held = [seats.for_candidate(session, coach, number) for number in many]
        (winner,) = [seat for found in held for seat in found]
        assert group_row(session, winner.cohort_id).booked == 1


def test_of_a_hundred_bookings_for_the_last_euro_one_wins(engine_alone: Engine) -> None:
    with session_factory(engine_alone)() as session:
        coach = account_of(session, "coach", Right.COACH)
        course = programme(session, NOW, seats=None)
        group, line = paid_group(session, course, NOW, budget_cents=150_000, seat_cents=100_000)
        many = [number_of(each) for each in people(session, coach, MANY, NOW)]

    outcomes = at_once(
        engine_alone,
        [
            lambda session, number=number: seats.book(
                session, coach, number, course, FIRST, now=NOW
            )
            for number in many
        ],
    )

    told = "money: the budget of this group has too little left for another seat"
    assert outcomes == {"done": 1, told: MANY - 1}
    with session_factory(engine_alone)() as session:
        assert line_row(session, line).spent_cents == 100_000
        assert group_row(session, group).booked == 1


def test_of_a_hundred_who_are_met_for_the_last_hour_of_guidance_one_wins(
    engine_alone: Engine,
) -> None:
    with session_factory(engine_alone)() as session:
        coach = account_of(session, "coach", Right.COACH)
        contractor = account_of(session, "contractor", Right.CONTRACTOR, firm="Paving firm")
        place = open_place(session, contractor, {"places": MANY, "guidance_hours": 4}, NOW)
        people_ = [person_of(session, coach, NOW, guidance_need=3) for _ in range(MANY)]
        numbers = []
        for each in people_:
            number = introductions.invite(session, coach, number_of(each), place, now=NOW).id
            introductions.answer(session, each, number, "yes", now=NOW)
            numbers.append(number)

    outcomes = at_once(
        engine_alone,
        [
            lambda session, number=number: introductions.mark_met(
                session, contractor, number, now=NOW
            )
            for number in numbers
        ],
    )

    told = "guidance: the site has no hours of guidance left for this candidate"
    assert outcomes == {"done": 1, told: MANY - 1}


def test_the_database_itself_refuses_one_seat_and_one_cent_too_many(
    session: Session, now: datetime
) -> None:
    course = programme(session, now)
    group, line = paid_group(session, course, now, budget_cents=500, seat_cents=100, capacity=2)
    session.commit()

    for table, number, values in (
        (Cohort, group, {"booked": 3}),
        (Cohort, group, {"booked": -1}),
        (FundingLine, line, {"spent_cents": 501}),
        (FundingLine, line, {"spent_cents": -1}),
    ):
        changed = unscoped(update(table).where(table.id == number).values(values), table)
        nested = session.begin_nested()
        with pytest.raises(IntegrityError):
            session.execute(changed)
        nested.rollback()
    assert (group_row(session, group).booked, line_row(session, line).spent_cents) == (0, 0)


def test_a_refusal_is_a_conflict_that_every_edge_knows() -> None:
    assert issubclass(SeatNotPossible, Conflict)
