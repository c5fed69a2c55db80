"""A hundred at the same moment for the last place, the same yes, and the same step to work."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.models import IntroductionEvent, PlacementEvent, Vacancy
from matcher.models.database import session_factory
from matcher.repositories.scope import unscoped
from matcher.services import introductions, placements, placing
from tests.services.at_once import at_once
from tests.services.conftest import NOW, account_of
from tests.services.introducing import open_place, person_of
from tests.services.placing import START, met
from tests.services.seating import number_of
from tests.services.test_last_of_everything import MANY
from tests.services.walking import TRIAL, count_open

OVER = "over: this placement is not open for this step"


def both(engine: Engine) -> tuple[Viewer, Viewer]:
    with session_factory(engine)() as session:
        coach = account_of(session, "coach", Right.COACH)
        return coach, account_of(session, "contractor", Right.CONTRACTOR, firm="Paving firm")


def steps(session: Session, step: str) -> int:
    found = [
        session.scalars(unscoped(select(model).where(model.step == step), model)).all()
        for model in (IntroductionEvent, PlacementEvent)
    ]
    return sum(len(rows) for rows in found)


def test_of_a_hundred_who_are_met_for_the_last_place_one_is(engine_alone: Engine) -> None:
    coach, contractor = both(engine_alone)
    with session_factory(engine_alone)() as session:
        place = open_place(session, contractor, {"places": MANY}, NOW)
        numbers = []
        for _ in range(MANY):
            person = person_of(session, coach, NOW)
            number = introductions.invite(session, coach, number_of(person), place, now=NOW).id
            introductions.answer(session, person, number, "yes", now=NOW)
            numbers.append(number)
        row = session.scalars(unscoped(select(Vacancy).where(Vacancy.id == place), Vacancy)).one()
        row.places = 1
        session.commit()

    outcomes = at_once(
        engine_alone,
        [
            lambda session, number=number: introductions.mark_met(
                session, contractor, number, now=NOW
            )
            for number in numbers
        ],
    )

    assert outcomes == {"done": 1, "full: every place of this vacancy is taken": MANY - 1}
    with session_factory(engine_alone)() as session:
        assert count_open(session, place) == 1
        assert steps(session, "introduced") == 1


@pytest.mark.parametrize("key", [None, "the-same"])
def test_a_hundred_times_the_same_yes_is_one(engine_alone: Engine, key: str | None) -> None:
    coach, contractor = both(engine_alone)
    with session_factory(engine_alone)() as session:
        place = open_place(session, contractor, {}, NOW)
        person = person_of(session, coach, NOW)
        number = introductions.invite(session, coach, number_of(person), place, now=NOW).id

    outcomes = at_once(
        engine_alone,
        [
            lambda session: introductions.answer(session, person, number, "yes", key=key, now=NOW)
        ] * MANY,
    )  # fmt: skip

    answered = "answered: this invitation was answered already"
    assert outcomes == ({"done": 1, answered: MANY - 1} if key is None else {"done": MANY})
    with session_factory(engine_alone)() as session:
        assert steps(session, "consented") == 1


@pytest.mark.parametrize("key", [None, "the-same"])
def test_a_hundred_at_once_go_each_step_to_work_once(engine_alone: Engine, key: str | None) -> None:
    coach, contractor = both(engine_alone)
    with session_factory(engine_alone)() as session:
        place = open_place(session, contractor, {"places": 1}, NOW)
        person = person_of(session, coach, NOW)
        number = met(session, coach, contractor, person, place, NOW)
    firm_and_coach = [contractor, coach] * (MANY // 2)

    tried = at_once(
        engine_alone,
        [
            lambda session, who=who: placing.agree_after_meeting(
                session, who, number, TRIAL, trial=True, key=key, now=NOW
            )
            for who in firm_and_coach
        ],
    )
    not_met = "not_met: this introduction is not one in which both met"
    assert tried == ({"done": 1, not_met: MANY - 1} if key is None else {"done": MANY})
    with session_factory(engine_alone)() as session:
        (one,) = placements.for_candidate(session, coach, number_of(person))
        assert count_open(session, place) == 1

    for noted, take in (
        ("agreed", lambda session, who: placing.agree_after_trial(
            session, who, one.id, {"starts_on": START}, key=key and "b", now=NOW)),
        ("started", lambda session, who: placements.start(
            session, who, one.id, key=key and "c", now=NOW)),
        ("ended", lambda session, _who: placements.end(
            session, coach, one.id, "hours", key=key and "d", now=NOW)),
    ):  # fmt: skip
        outcomes = at_once(
            engine_alone,
            [
                lambda session, who=who, take=take: take(session, who)  # type: ignore[misc]  # bound here
                for who in firm_and_coach
            ],
        )
        assert outcomes == ({"done": 1, OVER: MANY - 1} if key is None else {"done": MANY})
        with session_factory(engine_alone)() as session:
            assert steps(session, noted) == 1
    with session_factory(engine_alone)() as session:
        assert count_open(session, place) == 0
