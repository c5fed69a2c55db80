"""Figures of a team, never of a person; and one advice in twenty that asks first."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden, InvalidInput, NotFound
from matcher.domain.vocabulary import Lane
from matcher.models import AuditEntry, BlindChoice, Decision
from matcher.repositories.scope import unscoped
from matcher.services import blind
from matcher.services.assessments import assess_candidate
from matcher.services.candidates import create_candidate
from matcher.services.decisions import record_decision
from matcher.services.oversight import LaneFigure, acceptance, agreement
from tests.services.conftest import account_of

LANE = Lane.READY_NOW


@pytest.fixture
def officer(session: Session) -> Viewer:
    return account_of(session, "officer", Right.OFFICER)


@pytest.fixture
def person(session: Session, coach: Viewer, now: datetime) -> int:
    return create_candidate(session, coach, {"rhythm": 3, "work_skills": 2}, now=now).id


def decided(
    session: Session, person: int, now: datetime, *, count: int, departures: int, staff: int
) -> None:
    """`count` decisions by `staff` people on one suggestion, `departures` of which departed."""
    numbers = [account_of(session, f"staff-{n}", Right.COACH).account_id for n in range(staff)]
    session.add_all(
        Decision(
            region="demo",
            candidate_id=person,
            subject="lane",
            suggested=LANE.value,
            chosen=LANE.value if number >= departures else Lane.PRE_PLACEMENT.value,
            accepted=number >= departures,
            reason="agrees",
            facts_checked=(),
            decided_by=numbers[number % staff],
            decided_at=now,
        )
        for number in range(count)
    )
    session.commit()


def figure(session: Session, viewer: Viewer, on: date) -> LaneFigure:
    return next(found for found in acceptance(session, viewer, on=on) if found.lane is LANE)


@pytest.mark.parametrize(
    ("count", "departures", "staff", "percent", "is_alarm"),
    [
        (4, 0, 4, None, False),
        (5, 0, 4, None, False),
        (5, 1, 5, 80, False),
        (200, 0, 4, None, False),
        (99, 0, 5, 100, False),
        (100, 6, 5, 94, False),
        (100, 5, 5, 95, True),
        (100, 0, 5, 100, True),
        # Only the last hundred count: the departures came first.
        (160, 60, 5, 100, True),
    ],
)
def test_the_share_that_follows_is_shown_from_five_of_both_and_warns_from_95_of_100(
    session: Session,
    officer: Viewer,
    person: int,
    on: date,
    now: datetime,
    count: int,
    departures: int,
    staff: int,
    percent: int | None,
    is_alarm: bool,
) -> None:
    decided(session, person, now, count=count, departures=departures, staff=staff)

    found = figure(session, officer, on)

    assert (found.percent, found.is_alarm) == (percent, is_alarm)
    assert (found.count is None) == (found.same is None) == (percent is None)


def test_another_region_adds_nothing_and_others_may_not_look(
    session: Session, officer: Viewer, coach: Viewer, person: int, on: date, now: datetime
) -> None:
    decided(session, person, now, count=20, departures=0, staff=5)
    far = account_of(session, "far", Right.OFFICER, region="haaglanden")

    assert figure(session, officer, on).count == 20
    assert figure(session, far, on).count is None
    for viewer in (coach, Viewer(1, frozenset({Right.OFFICER}))):
        with pytest.raises(Forbidden):
            acceptance(session, viewer, on=on)
        with pytest.raises(Forbidden):
            agreement(session, viewer, on=on)


def test_one_advice_in_so_many_asks_first_and_always_the_same_ones(
    session: Session, coach: Viewer, on: date
) -> None:
    asked = {
        number: blind.asks_first(session, coach, number, on=on, one_in=20)
        for number in range(1, 4001)
    }

    assert 120 <= sum(asked.values()) <= 280
    assert all(
        blind.asks_first(session, coach, number, on=on) == asked[number] for number in range(1, 50)
    )
    assert not any(
        blind.asks_first(session, coach, number, on=on, one_in=0) for number in range(1, 200)
    )


def test_a_choice_is_kept_once_without_who_and_with_the_day_only(
    session: Session, coach: Viewer, person: int, on: date, now: datetime
) -> None:
    advice = assess_candidate(session, coach, person, on=on, now=now)
    assert blind.asks_first(session, coach, advice.id, on=on, one_in=1)
    before = session.scalar(unscoped(select(func.count(AuditEntry.id)), AuditEntry))

    blind.choose(session, coach, advice.id, "pre_placement", now=now)
    blind.choose(session, coach, advice.id, "ready_now", now=now)

    [row] = session.scalars(unscoped(select(BlindChoice), BlindChoice)).all()
    assert (row.chosen, row.suggested) == (Lane.PRE_PLACEMENT, advice.lane)
    assert (row.at.minute, row.at.second) == (0, 0)
    assert "account" not in " ".join(BlindChoice.__table__.columns.keys())
    assert blind.own_choice(session, advice.id) is Lane.PRE_PLACEMENT
    assert not blind.asks_first(session, coach, advice.id, on=on, one_in=1)
    after = session.scalar(unscoped(select(func.count(AuditEntry.id)), AuditEntry))
    assert after == before, "an entry would say who chose"


def test_who_decided_already_is_not_asked(
    session: Session, coach: Viewer, triager: Viewer, person: int, on: date, now: datetime
) -> None:
    advice = assess_candidate(session, coach, person, on=on, now=now)
    assert not blind.asks_first(session, triager, advice.id, on=on, one_in=1)
    record_decision(
        session, coach, person, subject="lane", chosen=str(advice.lane), reason="agrees",
        assessment_id=advice.id, now=now,
    )  # fmt: skip

    assert not blind.asks_first(session, coach, advice.id, on=on, one_in=1)


def test_what_is_no_lane_or_out_of_reach_is_refused(
    session: Session, coach: Viewer, stranger: Viewer, person: int, on: date, now: datetime
) -> None:
    advice = assess_candidate(session, coach, person, on=on, now=now)

    with pytest.raises(InvalidInput):
        blind.choose(session, coach, advice.id, "somewhere", now=now)
    with pytest.raises(NotFound):
        blind.choose(session, stranger, advice.id, "ready_now", now=now)


def test_agreement_is_shown_from_five_choices(
    session: Session, officer: Viewer, coach: Viewer, on: date, now: datetime
) -> None:
    for number in range(5):
        known = agreement(session, officer, on=on)
        assert all(found.count is None for found in known), number
        person = create_candidate(session, coach, {"rhythm": 3}, now=now).id
        advice = assess_candidate(session, coach, person, on=on, now=now)
        chosen = advice.lane if number else Lane.OTHER_ROUTE
        blind.choose(session, coach, advice.id, str(chosen), now=now)

    [found] = [found for found in agreement(session, officer, on=on) if found.count is not None]
    assert (found.count, found.same, found.percent) == (5, 4, 80)
