"""Who is invited for what, and how many."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden, NotFound
from matcher.models import (
    Candidate,
)
from matcher.models.database import make_engine, session_factory
from matcher.models.states import IntroductionState
from matcher.repositories.scope import unscoped
from matcher.services import introduction_lists as lists
from matcher.services import introductions
from matcher.services.decisions import record_decision
from matcher.services.introduction_checks import NotPossible
from tests.services.conftest import NOW, account_of
from tests.services.introducing import firm_lines, invite, open_place, person_of, row_of

DAY = timedelta(days=1)
LATE = timedelta(days=20)


NOT_INVITED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("paused", {"paused_until": date(2027, 4, 1)}, {}),
    ("lane", {"rhythm": 1}, {"rhythm": 1}),
    ("lane", {"rhythm": None}, {}),
    ("blocked", {"sectors_never": frozenset({"F42"}), "sectors": ("F43",)}, {}),
    ("blocked", {"licences": frozenset()}, {"licences": frozenset({"B"})}),
    ("ask_first", {"bend": None}, {"bend": 2, "employer_size": 5}),
]


@pytest.mark.parametrize(("why", "of_person", "of_place"), NOT_INVITED)
def test_only_who_fits_can_start_and_need_not_be_asked_first_is_invited(
    session: Session,
    coach: Viewer,
    contractor: Viewer,
    now: datetime,
    why: str,
    of_person: dict[str, Any],
    of_place: dict[str, Any],
) -> None:
    place = open_place(session, contractor, of_place, now)
    person = person_of(session, coach, now, **of_person)
    assert person.candidate_id is not None
    found = introductions.why_not_invite(session, coach, person.candidate_id, place, now=now)
    assert found == why
    with pytest.raises(NotPossible) as refused:
        invite(session, coach, person, place, now)
    assert refused.value.why == why
    assert firm_lines(session, contractor, now) == []


@pytest.mark.parametrize(
    ("decided", "manual_only", "why"),
    [
        (None, False, None),
        (None, True, "by_person"),
        ("ready_with_support", True, None),
        ("pre_placement", False, "lane"),
        ("pre_placement", True, "lane"),
    ],
)
def test_the_lane_that_a_person_decided_goes_before_ours(
    session: Session,
    coach: Viewer,
    service_point: Viewer,
    person: Viewer,
    place: int,
    now: datetime,
    decided: str | None,
    manual_only: bool,
    why: str | None,
) -> None:
    assert person.candidate_id is not None
    row = session.scalars(
        unscoped(select(Candidate).where(Candidate.id == person.candidate_id), Candidate)
    ).one()
    row.manual_only = manual_only
    session.commit()
    if decided is not None:
        record_decision(
            session,
            coach,
            person.candidate_id,
            subject="lane",
            chosen=decided,
            reason="knows_more",
            now=now,
        )
    for viewer in (coach, service_point):
        found = introductions.why_not_invite(session, viewer, person.candidate_id, place, now=now)
        assert found == why


def test_at_most_three_open_invitations_a_place_and_a_refused_one_counts(
    session: Session, coach: Viewer, contractor: Viewer, now: datetime
) -> None:
    place = open_place(session, contractor, {"places": 1}, now)
    people = [person_of(session, coach, now) for _ in range(4)]
    numbers = [invite(session, coach, each, place, now) for each in people[:3]]
    introductions.answer(session, people[0], numbers[0], "no", now=now)
    with pytest.raises(NotPossible) as refused:
        invite(session, coach, people[3], place, now)
    assert refused.value.why == "too_many_invitations"
    invite(session, coach, people[3], place, now + LATE)


def test_no_more_people_are_introduced_than_there_are_places(
    session: Session, coach: Viewer, contractor: Viewer, now: datetime
) -> None:
    place = open_place(session, contractor, {"places": 1}, now)
    first, second, third, fourth = (person_of(session, coach, now) for _ in range(4))
    one, two, three = (invite(session, coach, each, place, now) for each in (first, second, third))
    introductions.answer(session, first, one, "yes", now=now)
    introductions.answer(session, second, two, "yes", now=now)
    introductions.mark_met(session, contractor, one, now=now)
    with pytest.raises(NotPossible) as refused:
        introductions.mark_met(session, contractor, two, now=now)
    assert refused.value.why == "full"
    with pytest.raises(NotPossible) as refused:
        introductions.answer(session, third, three, "yes", now=now)
    assert refused.value.why == "full"
    with pytest.raises(NotPossible) as refused:
        invite(session, coach, fourth, place, now)
    assert refused.value.why == "full"
    introductions.end(session, contractor, one, "no_click", now=now)
    introductions.mark_met(session, contractor, two, now=now)
    assert row_of(session, two).state is IntroductionState.INTRODUCED


def test_people_out_of_reach_are_not_found(
    session: Session,
    coach: Viewer,
    colleague: Viewer,
    stranger: Viewer,
    contractor: Viewer,
    person: Viewer,
    place: int,
    invited: int,
    now: datetime,
) -> None:
    assert person.candidate_id is not None
    for viewer in (stranger, colleague):
        with pytest.raises(NotFound):
            introductions.invite(session, viewer, person.candidate_id, place, now=now)
        with pytest.raises(NotFound):
            lists.for_staff(session, viewer, person.candidate_id, now=now)
        with pytest.raises(NotFound):
            lists.get_introduction(session, viewer, invited, now=now)
        assert lists.for_region(session, viewer, now=now) == []
    with pytest.raises(Forbidden):
        introductions.invite(session, contractor, person.candidate_id, place, now=now)
    with pytest.raises(Forbidden):
        lists.for_staff(session, contractor, person.candidate_id, now=now)
    with pytest.raises(Forbidden):
        lists.for_contractor(session, coach, now=now)


def test_a_pseudonym_is_good_for_one_vacancy(
    session: Session, coach: Viewer, contractor: Viewer, person: Viewer, now: datetime
) -> None:
    places = [open_place(session, contractor, {}, now) for _ in range(2)]
    for place in places:
        invite(session, coach, person, place, now)
    names = [line.pseudonym for line in firm_lines(session, contractor, now)]
    assert len(set(names)) == 2


def test_of_several_who_are_met_at_the_same_moment_one_gets_the_last_place(
    database_url: str,
) -> None:
    engine = make_engine(database_url)
    factory = session_factory(engine)
    with factory() as session:
        coach = account_of(session, "coach", Right.COACH)
        contractor = account_of(session, "contractor", Right.CONTRACTOR, firm="Paving firm")
        place = open_place(session, contractor, {"places": 1}, NOW)
        people = [person_of(session, coach, NOW) for _ in range(3)]
        numbers = [invite(session, coach, each, place, NOW) for each in people]
        for each, number in zip(people, numbers, strict=True):
            introductions.answer(session, each, number, "yes", now=NOW)
    start = threading.Barrier(3)
    outcomes: list[str] = []

    def meet(number: int) -> None:
        start.wait()
        try:
            with factory() as session:
                introductions.mark_met(session, contractor, number, now=NOW)
            outcomes.append("met")
        except NotPossible as refused:
            outcomes.append(refused.why)

    threads = [threading.Thread(target=meet, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["full", "full", "met"]
    with factory() as session:
        (overview,) = lists.for_contractor(session, contractor, now=NOW)
        assert overview.places_left == 0
    engine.dispose()
