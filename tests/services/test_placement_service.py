"""Placements: after an introduction or found otherwise, each step once, and what each may see."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Stale
from matcher.domain.follow_up import OutcomeSource
from matcher.models.database import make_engine, session_factory
from matcher.models.states import IntroductionState, PlacementState
from matcher.services import introduction_lists as lists
from matcher.services import introductions, outcomes, placements
from matcher.services.candidates import close_candidate, get_candidate
from matcher.services.outcomes import MomentState
from matcher.services.placement_checks import PlacementNotPossible
from matcher.services.placing import record_placement
from matcher.services.visibility import Kind, visible_fields
from tests.services.conftest import account_of
from tests.services.introducing import open_place, person_of, row_of, steps_of
from tests.services.placing import START, met, placed, placement_row, said
from tests.services.seating import number_of

DAY = timedelta(days=1)
FIRM_SEES_NEVER = {"candidate_id", "reference", "ended_code", "first_pay_on", "arrangement"}


def after(now: datetime, days: int) -> datetime:
    return now + days * DAY


def test_an_introduction_hands_its_place_over_and_ends(
    session: Session, coach: Viewer, contractor: Viewer, person: Viewer, now: datetime
) -> None:
    place = open_place(session, contractor, {"places": 1, "arrangement": "Samen"}, now)
    number = met(session, coach, contractor, person, place, now)
    found = record_placement(
        session,
        coach,
        number_of(person),
        {"starts_on": START, "hours_a_week": 24, "contract": "temporary"},
        introduction_id=number,
        now=now,
    )

    assert (found.state, found.vacancy_id, found.sector) == ("agreed", place, "F42")
    assert (found.arrangement, found.contractor) == ("Samen", "Paving firm")
    row = row_of(session, number)
    assert (row.state, row.closed_code, row.shown) == (IntroductionState.CLOSED, "placed", {})
    assert steps_of(session, number)[-1] == ("placed", "coach")
    (overview,) = lists.for_contractor(session, contractor, now=now)
    assert overview.places_left == 0, "the place is taken by who works there"
    second = person_of(session, coach, now)
    with pytest.raises(introductions.NotPossible, match="taken"):
        introductions.invite(session, coach, number_of(second), place, now=now)

    placements.end(session, coach, found.id, "hours", now=after(now, 9))
    (overview,) = lists.for_contractor(session, contractor, now=after(now, 9))
    assert overview.places_left == 1, "and free again at the end"


@pytest.mark.parametrize("step", ["invited", "accepted", "ended"])
def test_nobody_is_placed_before_both_met_or_after_the_end(
    session: Session,
    coach: Viewer,
    contractor: Viewer,
    person: Viewer,
    place: int,
    now: datetime,
    step: str,
) -> None:
    number = introductions.invite(session, coach, number_of(person), place, now=now).id
    if step != "invited":
        introductions.answer(session, person, number, "yes", (), now=now)
    if step == "ended":
        introductions.end(session, contractor, number, "chose_other", now=now)
    with pytest.raises(PlacementNotPossible) as refused:
        placed(session, coach, person, now, introduction_id=number)
    assert refused.value.why == "not_met"
    assert placements.for_candidate(session, coach, number_of(person)) == []


def test_an_introduction_of_somebody_else_places_nobody(
    session: Session, coach: Viewer, contractor: Viewer, person: Viewer, place: int, now: datetime
) -> None:
    number = met(session, coach, contractor, person, place, now)
    other = person_of(session, coach, now)
    with pytest.raises(PlacementNotPossible) as refused:
        placed(session, coach, other, now, introduction_id=number)
    assert refused.value.why == "other_person"
    assert row_of(session, number).state is IntroductionState.INTRODUCED


def test_one_placement_at_a_time_and_a_new_one_after_its_end(
    session: Session, coach: Viewer, person: Viewer, now: datetime
) -> None:
    first = placed(session, coach, person, now)
    with pytest.raises(PlacementNotPossible) as refused:
        placed(session, coach, person, now)
    assert refused.value.why == "already"
    placements.end(session, coach, first, "better_job", now=now)
    assert placed(session, coach, person, now) != first


def test_work_found_otherwise_has_no_employer_that_sees_it(
    session: Session, coach: Viewer, contractor: Viewer, person: Viewer, now: datetime
) -> None:
    number = placed(session, coach, person, now, sector="H49")
    row = placement_row(session, number)
    assert (row.organisation_id, row.vacancy_id, row.sector) == (None, None, "H49")
    with pytest.raises(NotFound):
        placements.get_placement(session, contractor, number)
    assert placements.for_firm(session, contractor, on=START) == []


def test_steps_come_in_order_and_each_once(
    session: Session, coach: Viewer, person: Viewer, now: datetime
) -> None:
    number = placed(session, coach, person, now, starts_on=START + 7 * DAY)
    with pytest.raises(PlacementNotPossible):
        placements.start(session, coach, number, now=now)
    later = after(now, 7)
    placements.start(session, coach, number, key="a", now=later)
    placements.start(session, coach, number, key="a", now=later)
    with pytest.raises(PlacementNotPossible) as refused:
        placements.start(session, coach, number, now=later)
    assert refused.value.why == "over"
    placements.end(session, coach, number, "care", on=START + 9 * DAY, now=after(now, 20))
    for step in (
        lambda: placements.start(session, coach, number, now=after(now, 21)),
        lambda: placements.end(session, coach, number, "care", now=after(now, 21)),
        lambda: placements.note_contact(
            session, coach, number, "between", "well", now=after(now, 21)
        ),
    ):
        with pytest.raises(PlacementNotPossible):
            step()
    row = placement_row(session, number)
    assert (row.state, row.ended_on) == (PlacementState.ENDED, START + 9 * DAY)
    kept = placements.events_of(
        session, coach, placements.for_candidate(session, coach, row.candidate_id)
    )
    assert [(one.step, one.by_right) for one in kept[number]] == [
        ("recorded", "coach"), ("started", "coach"), ("ended", "coach"),
    ]  # fmt: skip


def test_who_came_on_the_first_day_has_started_and_who_did_not_has_not(
    session: Session, coach: Viewer, person: Viewer, now: datetime
) -> None:
    number = placed(session, coach, person, now)
    placements.note_contact(session, coach, number, "first_day", "did_not_come", now=now)
    assert placement_row(session, number).state is PlacementState.AGREED
    placements.note_contact(session, coach, number, "first_day", "well", now=now)
    assert placement_row(session, number).state is PlacementState.ACTIVE


def test_a_candidate_says_how_it_is_and_nothing_about_others(
    session: Session, coach: Viewer, person: Viewer, now: datetime
) -> None:
    number = placed(session, coach, person, now)
    placements.note_contact(session, person, number, "between", "wants_talk", now=now)
    assert placement_row(session, number).state is PlacementState.ACTIVE
    with pytest.raises(InvalidInput):
        placements.note_contact(session, person, number, "between", "did_not_come", now=now)
    other = person_of(session, coach, now)
    with pytest.raises(NotFound):
        placements.note_contact(session, other, number, "between", "well", now=now)
    with pytest.raises(Forbidden):
        placements.end(session, person, number, "care", now=now)


BAD = [
    {"starts_on": None},
    {"starts_on": START + 400 * DAY},
    {"starts_on": START - 1200 * DAY},
    {"hours_a_week": 0},
    {"hours_a_week": 61},
    {"contract": "zzp"},
    {"sector": "Z99"},
    {"contract_until": START - DAY},
    {"first_pay_on": START - DAY},
    {"state": "active"},
]


@pytest.mark.parametrize("values", BAD, ids=str)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    session: Session, coach: Viewer, person: Viewer, now: datetime, values: dict[str, object]
) -> None:
    with pytest.raises(InvalidInput):
        placed(session, coach, person, now, **values)
    assert placements.for_candidate(session, coach, number_of(person)) == []


def test_a_change_needs_the_version_that_was_seen(
    session: Session, coach: Viewer, person: Viewer, now: datetime
) -> None:
    number = placed(session, coach, person, now, starts_on=START + 3 * DAY)
    change = placements.change_placement
    changed = change(
        session, coach, number, {"first_pay_on": date(2027, 4, 25)}, expected_version=1, now=now
    )
    assert changed.first_pay_on == date(2027, 4, 25)
    with pytest.raises(Stale):
        change(session, coach, number, {"hours_a_week": 20}, expected_version=1, now=now)
    placements.start(session, coach, number, now=after(now, 3))
    version = placement_row(session, number).version
    with pytest.raises(PlacementNotPossible):
        change(
            session,
            coach,
            number,
            {"starts_on": START},
            expected_version=version,
            now=after(now, 3),
        )


def test_two_coaches_at_once_place_somebody_once(database_url: str, now: datetime) -> None:
    engine = make_engine(database_url)
    factory = session_factory(engine)
    with factory() as session:
        lead = account_of(session, "lead", Right.LEAD)
        person = person_of(session, lead, now)
    start, kept = Barrier(2), []

    def work() -> None:
        with factory() as session:
            start.wait()
            try:
                kept.append(placed(session, lead, person, now))
            except PlacementNotPossible as refused:
                kept.append(refused.why)

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept.count("already") == 1
    with factory() as session:
        assert len(placements.for_candidate(session, lead, number_of(person))) == 1
    engine.dispose()


def test_two_answers_of_one_source_at_once_are_one(database_url: str, now: datetime) -> None:
    engine = make_engine(database_url)
    factory = session_factory(engine)
    with factory() as session:
        lead = account_of(session, "lead", Right.LEAD)
        number = placed(
            session, lead, person_of(session, lead, now), now, starts_on=START - 90 * DAY
        )
    start, kept = Barrier(2), []

    def work(status: str) -> None:
        with factory() as session:
            start.wait()
            outcomes.answer(session, lead, number, 3, status, now=now)
            kept.append(status)

    threads = [Thread(target=work, args=(one,)) for one in ("same_job", "not_working")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with factory() as session:
        ((months, source, status),) = said(session, number)
    assert (months, source) == (3, "coach")
    assert status in kept
    engine.dispose()


# --- months later -----------------------------------------------------------------------------


def test_each_answers_for_itself_and_a_coach_decides_where_they_contradict(
    session: Session, coach: Viewer, contractor: Viewer, person: Viewer, place: int, now: datetime
) -> None:
    introduction = met(session, coach, contractor, person, place, now)
    number = placed(session, coach, person, now, introduction_id=introduction)
    with pytest.raises(PlacementNotPossible):
        outcomes.answer(session, person, number, 3, "same_job", now=now)
    later = datetime.combine(date(2027, 6, 1), now.timetz())
    outcomes.answer(session, person, number, 3, "same_job", now=later)
    outcomes.answer(session, contractor, number, 3, "not_here", now=later)
    (record,) = placements.for_candidate(session, coach, number_of(person))
    moment = outcomes.moments_of(session, coach, [record], on=later.date())[number][0]
    assert (moment.state, moment.settled.works) == (MomentState.DIFFERS, None)
    assert said(session, number) == [(3, "candidate", "same_job"), (3, "employer", "not_here")]

    with pytest.raises(InvalidInput):
        outcomes.decide(session, coach, number, 3, "same_job", reason="guess", now=later)
    outcomes.decide(session, coach, number, 3, "not_working", reason="spoke_both", now=later)
    moment = outcomes.moments_of(session, coach, [record], on=later.date())[number][0]
    assert (moment.state, moment.settled.works) == (MomentState.KNOWN, False)
    assert len(moment.answers) == 3, "both answers stand as they were given"
    with pytest.raises(Forbidden):
        outcomes.decide(session, contractor, number, 3, "same_job", reason="spoke_both", now=later)


def test_an_employer_reads_its_own_answers_alone_and_never_why(
    session: Session,
    coach: Viewer,
    contractor: Viewer,
    rival: Viewer,
    person: Viewer,
    place: int,
    now: datetime,
) -> None:
    introduction = met(session, coach, contractor, person, place, now)
    number = placed(session, coach, person, now, introduction_id=introduction)
    later = datetime.combine(date(2027, 6, 1), now.timetz())
    outcomes.answer(session, coach, number, 3, "stopped_by_employer", now=later)
    outcomes.answer(session, person, number, 3, "not_working", now=later)
    placements.end(session, coach, number, "no_click", now=later)
    (line,) = placements.for_firm(session, contractor, on=later.date())
    (first, *_) = outcomes.moments_of(session, contractor, [line], on=later.date())[number]
    assert (first.answers, first.state) == ((), MomentState.OPEN)
    outcomes.answer(session, contractor, number, 3, "not_here", now=later)
    (first, *_) = outcomes.moments_of(session, contractor, [line], on=later.date())[number]
    assert [one.source for one in first.answers] == [OutcomeSource.EMPLOYER]
    assert not FIRM_SEES_NEVER & visible_fields(Kind.PLACEMENT, contractor.rights)
    assert visible_fields(Kind.PLACEMENT_EVENT, contractor.rights) == frozenset()
    for status in ("not_working", "stopped_by_employer", "unknown"):
        with pytest.raises(InvalidInput):
            outcomes.answer(session, contractor, number, 3, status, now=later)
    with pytest.raises(NotFound):
        outcomes.answer(session, rival, number, 3, "same_job", now=later)


def test_without_an_answer_it_is_unknown_and_only_a_coach_can_still_say(
    session: Session, coach: Viewer, person: Viewer, now: datetime
) -> None:
    number = placed(session, coach, person, now)
    (record,) = placements.for_candidate(session, coach, number_of(person))
    states = {
        day: outcomes.moments_of(session, coach, [record], on=day)[number][0].state
        for day in (date(2027, 5, 17), date(2027, 5, 18), date(2027, 7, 1), date(2027, 7, 2))
    }
    assert list(states.values()) == ["later", "open", "open", "unknown"]
    late = datetime.combine(date(2027, 7, 2), now.timetz())
    with pytest.raises(PlacementNotPossible):
        outcomes.answer(session, person, number, 3, "same_job", now=late)
    outcomes.answer(session, coach, number, 3, "same_job", now=late)
    outcomes.answer(session, coach, number, 3, "unknown", now=late)
    assert said(session, number) == [(3, "coach", "unknown")]
    with pytest.raises(Conflict):
        outcomes.decide(session, coach, number, 3, "same_job", reason="spoke_both", now=late)


def test_a_file_that_closes_leaves_the_placement_as_it_is(
    session: Session, coach: Viewer, person: Viewer, now: datetime
) -> None:
    number = placed(session, coach, person, now)
    version = get_candidate(session, coach, number_of(person)).version
    close_candidate(
        session, coach, number_of(person), "started_work", expected_version=version, now=now
    )
    assert placement_row(session, number).state is PlacementState.AGREED
    later = datetime.combine(date(2027, 6, 1), now.timetz())
    outcomes.answer(session, coach, number, 3, "same_job", now=later)
    assert said(session, number) == [(3, "coach", "same_job")]


def test_who_works_in_another_region_or_on_another_caseload_finds_nothing(
    session: Session, coach: Viewer, colleague: Viewer, stranger: Viewer, now: datetime
) -> None:
    person = person_of(session, coach, now)
    number = placed(session, coach, person, now)
    for viewer in (colleague, stranger):
        with pytest.raises(NotFound):
            placements.get_placement(session, viewer, number)
        with pytest.raises(NotFound):
            outcomes.answer(session, viewer, number, 3, "same_job", now=now)
    analyst = Viewer(None, frozenset({Right.ANALYST}), "demo")
    with pytest.raises(Forbidden):
        placements.get_placement(session, analyst, number)
