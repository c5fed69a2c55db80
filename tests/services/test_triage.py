from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Stale
from matcher.models.database import make_engine, session_factory
from matcher.repositories import candidates
from matcher.repositories.caseload import reviews_due
from matcher.services import caseload_changes, contacts, elsewhere, letters
from matcher.services.assessments import assess_candidate
from matcher.services.candidates import create_candidate, get_candidate, update_candidate
from matcher.services.caseload import talent_centre_list
from matcher.services.decisions import latest_decision, list_decisions, record_decision
from matcher.services.near_places import near_places
from matcher.services.own_copy import take_copy
from matcher.services.triage import (
    LaneChoice,
    Ticked,
    decide_lane,
    decide_together,
    may_undo,
    undo,
)
from tests.services.conftest import account_of
from tests.services.introducing import READY, open_place

DAY = timedelta(days=1)
ON = date(2027, 3, 1)
CHOICE = LaneChoice("ready_now", "agrees", ON + 30 * DAY, 0)
AWAY = replace(
    CHOICE,
    chosen="other_route",
    reason="candidate_wish",
    text="wil eerst een opleiding afmaken op school",
    receiver="school",
    appointment_on=ON + 7 * DAY,
)


@pytest.fixture
def triager(session: Session) -> Viewer:
    return account_of(session, "triager", Right.TRIAGER)


def person(session: Session, coach: Viewer, now: datetime, **change: object) -> tuple[int, int]:
    """A new candidate and the number of the assessment."""
    record = create_candidate(session, coach, {**READY, **change}, now=now)
    kept = assess_candidate(session, coach, record.id, on=now.date(), now=now)
    return record.id, kept.id


def test_accepting_and_departing_ask_the_same(
    session: Session, coach: Viewer, triager: Viewer, now: datetime
) -> None:
    follows, assessed = person(session, coach, now)
    wanted = replace(CHOICE, assessment_id=assessed)
    assert decide_lane(session, triager, follows, wanted, now=now).accepted
    departs, assessed = person(session, coach, now)
    other = replace(wanted, chosen="pre_placement", reason="knows_more", assessment_id=assessed)
    made = decide_lane(session, triager, departs, other, now=now)
    assert (made.accepted, made.text, made.review_on) == (False, None, CHOICE.review_on)


@pytest.mark.parametrize("days", [0, -1, 91])
def test_a_review_lies_ahead_and_within_ninety_days(
    session: Session, coach: Viewer, triager: Viewer, now: datetime, days: int
) -> None:
    number, _ = person(session, coach, now)
    with pytest.raises(InvalidInput) as refused:
        decide_lane(session, triager, number, replace(CHOICE, review_on=ON + days * DAY), now=now)
    assert [problem.where for problem in refused.value.problems] == ["review_on"]
    assert latest_decision(session, triager, number, "lane") is None


def test_another_route_needs_a_receiver_an_appointment_and_a_text_at_once(
    session: Session, coach: Viewer, triager: Viewer, now: datetime
) -> None:
    number, _ = person(session, coach, now)
    bare = replace(CHOICE, chosen="other_route")
    with pytest.raises(InvalidInput) as refused:
        decide_lane(session, triager, number, bare, now=now)
    where = {problem.where for problem in refused.value.problems}
    assert where == {"receiver", "appointment_on", "text"}
    assert latest_decision(session, triager, number, "lane") is None


def test_another_route_is_confirmed_in_time_or_red_and_has_a_way_back(
    session: Session, coach: Viewer, triager: Viewer, now: datetime
) -> None:
    number, _ = person(session, coach, now)
    decide_lane(session, triager, number, AWAY, now=now)
    (one,) = elsewhere.of_candidate(session, triager, number)
    assert one.confirm_by == ON + 14 * DAY
    assert not one.is_late(one.confirm_by)
    assert one.is_late(one.confirm_by + DAY)
    late = elsewhere.late_of_own(session, coach, on=one.confirm_by + DAY)
    assert [line.arranged.candidate_id for line in late] == [number]
    confirmed = elsewhere.confirm(session, triager, one.id, now=now + DAY)
    assert confirmed.confirmed_on == ON + DAY
    assert not confirmed.is_late(one.confirm_by + DAY)
    # Further elsewhere is no dropping out: the file is open, and there is a way back.
    record = get_candidate(session, triager, number)
    assert (record.status, record.closed_code) == ("active", None)
    assert elsewhere.come_back(session, triager, one.id, now=now + 2 * DAY).back_on == ON + 2 * DAY
    with pytest.raises(Conflict):
        elsewhere.come_back(session, triager, one.id, now=now)
    assert elsewhere.list_elsewhere(session, triager) == []


def test_another_lane_decided_later_ends_the_hand_over(
    session: Session, coach: Viewer, triager: Viewer, now: datetime
) -> None:
    number, _ = person(session, coach, now)
    away = decide_lane(session, triager, number, AWAY, now=now)
    decide_lane(session, triager, number, replace(CHOICE, seen_decision=away.id), now=now + DAY)
    (one,) = elsewhere.of_candidate(session, triager, number)
    assert one.back_on == ON + DAY


def test_the_second_of_two_triagers_is_told_and_nothing_is_written(
    session: Session, coach: Viewer, triager: Viewer, now: datetime
) -> None:
    number, _ = person(session, coach, now)
    first = decide_lane(session, triager, number, CHOICE, now=now)
    other = account_of(session, "other", Right.TRIAGER)
    with pytest.raises(Stale):
        decide_lane(session, other, number, replace(CHOICE, chosen="pre_placement"), now=now)
    assert [row.id for row in list_decisions(session, triager, number)] == [first.id]


def test_of_many_triagers_at_the_same_moment_exactly_one_decides(database_url: str) -> None:
    now = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
    engine = make_engine(database_url)
    factory = session_factory(engine)
    with factory() as session:
        coach = account_of(session, "coach", Right.COACH)
        many = [account_of(session, f"t{number}", Right.TRIAGER) for number in range(6)]
        number, _ = person(session, coach, now)
    start, lock = threading.Barrier(len(many)), threading.Lock()
    found: Counter[str] = Counter()

    def run(viewer: Viewer) -> None:
        start.wait()
        try:
            with factory() as session:
                decide_lane(session, viewer, number, CHOICE, now=now)
            outcome = "done"
        except Stale:
            outcome = "stale"
        with lock:
            found[outcome] += 1

    threads = [threading.Thread(target=run, args=(viewer,)) for viewer in many]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    assert found == {"done": 1, "stale": len(many) - 1}


def test_an_own_decision_is_taken_back_within_ten_minutes_and_no_longer_stands(
    session: Session, coach: Viewer, triager: Viewer, now: datetime
) -> None:
    number, _ = person(session, coach, now)
    made = decide_lane(session, triager, number, AWAY, now=now)
    assert may_undo(triager, made, now=now + timedelta(minutes=10))
    assert not may_undo(coach, made, now=now)
    with pytest.raises(Forbidden):
        undo(session, account_of(session, "other", Right.TRIAGER), [made.id], now=now)
    with pytest.raises(Conflict):
        undo(session, triager, [made.id], now=now + timedelta(minutes=10, seconds=1))
    assert undo(session, triager, [made.id], now=now + timedelta(minutes=9)) == [number]
    assert latest_decision(session, triager, number, "lane") is None
    (kept,) = list_decisions(session, triager, number)
    assert kept.undone_at == now + timedelta(minutes=9)
    assert elsewhere.list_elsewhere(session, triager) == []
    with pytest.raises(NotFound):
        undo(session, triager, [made.id], now=now)
    # The page that saw no decision may decide again.
    decide_lane(session, triager, number, CHOICE, now=now + timedelta(minutes=9))


def test_taking_back_gives_the_person_back_to_who_guided_them(
    session: Session, coach: Viewer, triager: Viewer, now: datetime
) -> None:
    number, _ = person(session, coach, now)
    other = account_of(session, "other", Right.COACH)
    third = account_of(session, "third", Right.COACH)
    to_other = replace(CHOICE, owner_id=other.account_id)
    made = decide_lane(session, triager, number, to_other, now=now)
    assert get_candidate(session, triager, number).owner_account_id == other.account_id
    undo(session, triager, [made.id], now=now + timedelta(minutes=1))
    assert get_candidate(session, triager, number).owner_account_id == coach.account_id

    # Once somebody else took over, taking the lane back leaves them where they are.
    later = now + timedelta(minutes=2)
    made = decide_lane(session, triager, number, to_other, now=later)
    row = candidates.get_row(session, triager, number)
    caseload_changes.give_one(
        session, triager, row, third.account_id or 0, now=later + timedelta(minutes=1)
    )
    undo(session, triager, [made.id], now=later + timedelta(minutes=2))
    assert get_candidate(session, triager, number).owner_account_id == third.account_id


def test_many_are_decided_together_or_not_at_all(
    session: Session, coach: Viewer, triager: Viewer, now: datetime
) -> None:
    ticked = [Ticked(*reversed_pair) for reversed_pair in _ticks(session, coach, now, 3)]
    first = ticked[0]
    review = ON + 30 * DAY
    decide_lane(session, triager, first.candidate_id, CHOICE, now=now)
    terms = {"lane": "ready_now", "reason": "agrees", "review_on": review, "now": now}
    with pytest.raises(Stale):
        decide_together(session, triager, ticked, **terms)
    assert latest_decision(session, triager, ticked[1].candidate_id, "lane") is None
    made = decide_together(session, triager, ticked[1:], **terms)
    assert {row.candidate_id for row in made} == {one.candidate_id for one in ticked[1:]}
    assert all(row.accepted and row.review_on == review for row in made)
    assert len(undo(session, triager, [row.id for row in made], now=now)) == 2


def _ticks(
    session: Session, coach: Viewer, now: datetime, count: int
) -> list[tuple[int, int, int]]:
    return [
        (number, 0, assessed)
        for number, assessed in (person(session, coach, now) for _ in range(count))
    ]


def test_together_is_twenty_at_most_each_once_and_never_another_route(
    session: Session, coach: Viewer, triager: Viewer, now: datetime
) -> None:
    (tick,) = (Ticked(*each) for each in _ticks(session, coach, now, 1))
    terms = {"reason": "agrees", "review_on": ON + DAY, "now": now}
    for ticked, lane in (
        ([], "ready_now"),
        ([replace(tick, candidate_id=number) for number in range(1, 22)], "ready_now"),
        ([tick, tick], "ready_now"),
        ([tick], "other_route"),
    ):
        with pytest.raises(InvalidInput):
            decide_together(session, triager, ticked, lane=lane, **terms)
    with pytest.raises(Stale):
        decide_together(session, triager, [tick], lane="pre_placement", **terms)
    assert latest_decision(session, triager, tick.candidate_id, "lane") is None


def test_after_three_attempts_one_letter_waits_and_the_person_is_last_in_the_list(
    session: Session, coach: Viewer, triager: Viewer, now: datetime, on: date
) -> None:
    first, _ = person(session, coach, now, waiting_since=on - 90 * DAY)
    second, _ = person(session, coach, now, waiting_since=on)
    for day in range(4):
        count = contacts.note_attempt(session, triager, first, reached=False, now=now + day * DAY)
    assert count == 3
    found = contacts.since_reached(contacts.list_attempts(session, triager, first))
    assert [each.on for each in found] == [ON + day * DAY for day in range(4)]
    assert len(letters.list_letters(session, triager)) == 1
    listed = talent_centre_list(session, triager, on=on).items
    assert [line.candidate_id for line in listed] == [second, first]
    assert contacts.note_attempt(session, triager, first, reached=True, now=now + 5 * DAY) == 0
    listed = talent_centre_list(session, triager, on=on).items
    assert [line.candidate_id for line in listed] == [first, second]


def test_a_contact_with_a_next_day_counts_as_the_review(
    session: Session, coach: Viewer, triager: Viewer, now: datetime
) -> None:
    number, _ = person(session, coach, now)
    far = ON + 400 * DAY
    decide_lane(session, triager, number, CHOICE, now=now)
    assert reviews_due(session, coach, [number], far) == {number: CHOICE.review_on}
    contacts.note_attempt(session, coach, number, reached=True, now=now + DAY)
    assert reviews_due(session, coach, [number], far) == {number: CHOICE.review_on}
    next_on = ON + 60 * DAY
    contacts.note_attempt(session, coach, number, reached=True, next_on=next_on, now=now + DAY)
    assert reviews_due(session, coach, [number], far) == {number: next_on}
    again = replace(CHOICE, seen_decision=list_decisions(session, coach, number)[0].id)
    decide_lane(session, triager, number, again, now=now + 2 * DAY)
    assert reviews_due(session, coach, [number], far) == {number: CHOICE.review_on}


def test_a_triager_hands_somebody_to_a_coach_of_the_region_with_the_decision(
    session: Session, coach: Viewer, triager: Viewer, now: datetime
) -> None:
    number, _ = person(session, coach, now)
    other = account_of(session, "other", Right.COACH)
    far = account_of(session, "far", Right.COACH, region="haaglanden")
    with pytest.raises(InvalidInput):
        decide_lane(session, triager, number, replace(CHOICE, owner_id=far.account_id), now=now)
    decide_lane(session, triager, number, replace(CHOICE, owner_id=other.account_id), now=now)
    assert get_candidate(session, triager, number).owner_account_id == other.account_id


def test_who_does_not_triage_decides_nothing_here_and_another_region_finds_nobody(
    session: Session, coach: Viewer, triager: Viewer, now: datetime
) -> None:
    number, _ = person(session, coach, now)
    with pytest.raises(Forbidden):
        decide_lane(session, coach, number, CHOICE, now=now)
    far = account_of(session, "far", Right.TRIAGER, region="haaglanden")
    for work in (
        lambda: decide_lane(session, far, number, CHOICE, now=now),
        lambda: contacts.note_attempt(session, far, number, reached=False, now=now),
        lambda: elsewhere.of_candidate(session, far, number),
    ):
        with pytest.raises(NotFound):
            work()


def test_the_candidate_takes_attempts_and_hand_overs_along(
    session: Session, coach: Viewer, triager: Viewer, now: datetime
) -> None:
    number, _ = person(session, coach, now)
    contacts.note_attempt(session, triager, number, reached=False, now=now)
    decide_lane(session, triager, number, AWAY, now=now)
    own = Viewer(None, frozenset({Right.CANDIDATE}), "demo", candidate_id=number)
    copy = take_copy(session, own, now=now)
    assert copy["attempts"] == [{"on": "2027-03-01", "reached": False, "next_on": None}]
    (further,) = copy["elsewhere_further"]
    assert (further["receiver"], further["confirm_by"]) == ("school", "2027-03-15")


def test_a_later_decision_of_a_colleague_on_another_page_makes_a_decision_here_stale(
    session: Session, coach: Viewer, triager: Viewer, now: datetime
) -> None:
    number, assessed = person(session, coach, now)
    record_decision(
        session, coach, number, subject="lane", chosen="ready_now", reason="agrees",
        assessment_id=assessed, now=now,
    )  # fmt: skip
    with pytest.raises(Stale):
        decide_lane(session, triager, number, CHOICE, now=now)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    answers=st.lists(
        st.fixed_dictionaries(
            {"rhythm": st.integers(0, 4), "money": st.none() | st.integers(0, 4)},
            optional={"work_skills": st.integers(0, 4), "lift": st.integers(0, 2)},
        ),
        min_size=3,
        max_size=3,
    )
)
def test_neither_readiness_nor_money_ever_changes_the_order(
    queue_of_three: tuple[Session, Viewer, Viewer, list[int]],
    answers: list[dict[str, int | None]],
) -> None:
    session, coach, triager, people = queue_of_three
    now = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
    for number, values in zip(people, answers, strict=True):
        version = get_candidate(session, coach, number).version
        update_candidate(session, coach, number, values, expected_version=version, now=now)
        assess_candidate(session, coach, number, on=ON, now=now)
    listed = talent_centre_list(session, triager, on=ON).items
    assert [line.candidate_id for line in listed] == people


@pytest.fixture
def queue_of_three(
    session: Session, coach: Viewer, triager: Viewer, now: datetime
) -> tuple[Session, Viewer, Viewer, list[int]]:
    found = [person(session, coach, now, waiting_since=ON - n * DAY)[0] for n in (90, 60, 30)]
    return session, coach, triager, found


def test_one_step_from_a_place_names_the_step_and_the_place_and_only_when_it_is_one(
    session: Session, coach: Viewer, now: datetime
) -> None:
    firm = account_of(session, "firm", Right.CONTRACTOR, firm="Paving firm")
    near, _ = person(session, coach, now)
    far, _ = person(session, coach, now, rhythm=1, sectors_never=frozenset({"F42"}), sectors=())
    profiles = [get_candidate(session, coach, number).profile for number in (near, far)]
    assert near_places(session, coach, profiles, on=ON) == {}
    open_place(session, firm, {"title": "Grond", "credentials": ("vca_basic",)}, now)
    (found,) = near_places(session, coach, profiles, on=ON).items()
    assert found[0] == profiles[0].reference
    assert (found[1].title, found[1].code) == ("Grond", "credential")
    open_place(session, firm, {"title": "Open"}, now)
    # Who fits a place already is not one step away from work.
    assert near_places(session, coach, profiles, on=ON) == {}
