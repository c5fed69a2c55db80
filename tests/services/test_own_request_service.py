"""What candidates ask about their own file: at once where it can be, else by a promised day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Stale
from matcher.models import Message
from matcher.models.states import OwnRequestState
from matcher.reference.own_requests import TermError, load_term
from matcher.repositories.records import CandidateRecord
from matcher.repositories.scope import unscoped
from matcher.services import own_requests
from matcher.services.accounts import add_account
from matcher.services.assessments import (
    AdviceByPerson,
    assess_candidate,
    assess_stale,
    list_assessments,
    match_candidate,
    plan_candidate,
    ways_in_candidate,
    what_if_candidate,
)
from matcher.services.calendar import after_working_days
from matcher.services.candidates import create_candidate, get_candidate, pause_candidate
from matcher.services.decisions import record_decision
from matcher.services.talent import sector_pool

NOW = datetime(2027, 1, 4, 8, 35, tzinfo=ZoneInfo("Europe/Amsterdam"))
ON = NOW.date()


def _account(session: Session, name: str, *rights: Right, region: str = "demo") -> Viewer:
    record = add_account(
        session, name=name, password=None, rights=list(rights), region=region, now=NOW
    )
    return Viewer(account_id=record.id, rights=frozenset(rights), region=region)


@pytest.fixture
def coach(session: Session) -> Viewer:
    return _account(session, "coach", Right.COACH)


@pytest.fixture
def person(session: Session, coach: Viewer) -> CandidateRecord:
    return create_candidate(session, coach, {"first_name": "Sam", "rhythm": 2}, now=NOW)


@pytest.fixture
def own(session: Session, person: CandidateRecord) -> Viewer:
    account = add_account(
        session, name="own", password=None, rights=[Right.CANDIDATE], region="demo", now=NOW
    )
    return Viewer(
        account_id=account.id,
        rights=frozenset({Right.CANDIDATE}),
        region="demo",
        candidate_id=person.id,
    )


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2027, 1, 4), 1, date(2027, 1, 5)),
        (date(2027, 1, 8), 1, date(2027, 1, 11)),
        (date(2027, 1, 9), 1, date(2027, 1, 11)),
        (date(2027, 1, 4), 10, date(2027, 1, 18)),
        (date(2027, 1, 4), 0, date(2027, 1, 4)),
    ],
)
def test_working_days_pass_over_weekends(start: date, count: int, end: date) -> None:
    assert after_working_days(start, count) == end


@pytest.mark.parametrize("kind", ["correction", "addition", "objection", "person", "deletion"])
def test_every_kind_of_request_has_one_term_with_a_source(kind: str) -> None:
    term = load_term(kind, ON)
    assert term.working_days >= 1
    assert term.source


def test_a_term_for_a_day_before_any_holds_is_refused_by_name() -> None:
    with pytest.raises(TermError, match="person"):
        load_term("person", date(2020, 1, 1))


def test_who_asks_for_a_person_is_answered_within_ten_working_days(
    session: Session, own: Viewer
) -> None:
    asked = own_requests.ask(session, own, "person", now=NOW)
    assert asked.due_on == date(2027, 1, 18)
    assert asked.state is OwnRequestState.OPEN


def test_asking_for_a_person_twice_is_asking_once(session: Session, own: Viewer) -> None:
    first = own_requests.ask(session, own, "person", now=NOW)
    again = own_requests.ask(session, own, "person", now=NOW + timedelta(days=1))
    assert again == first


def test_a_correction_needs_words_of_ones_own(session: Session, own: Viewer) -> None:
    with pytest.raises(InvalidInput, match="text"):
        own_requests.ask(session, own, "correction", field="rhythm", now=NOW)


def test_what_somebody_may_not_see_cannot_be_asked_about(session: Session, own: Viewer) -> None:
    with pytest.raises(InvalidInput, match="field"):
        own_requests.ask(session, own, "correction", field="owner_account_id", text="Nee", now=NOW)


def test_a_number_of_a_citizen_is_refused_in_a_request(session: Session, own: Viewer) -> None:
    with pytest.raises(InvalidInput, match="text") as refused:
        own_requests.ask(session, own, "addition", text="Ik ben 111222333", now=NOW)
    assert "111222333" not in str(refused.value)


def test_staff_ask_nothing_in_the_name_of_a_candidate(session: Session, coach: Viewer) -> None:
    with pytest.raises(Forbidden):
        own_requests.ask(session, coach, "person", now=NOW)


def test_there_is_an_end_to_how_much_can_be_open(session: Session, own: Viewer) -> None:
    for number in range(own_requests.OPEN_MAXIMUM):
        own_requests.ask(session, own, "addition", text=f"Nummer {number}", now=NOW)
    with pytest.raises(Conflict, match="withdraw"):
        own_requests.ask(session, own, "addition", text="En nog een", now=NOW)


# --- objecting to automated suggestions -----------------------------------------------------------


def test_after_an_objection_nothing_is_computed_for_this_person_anywhere(
    session: Session, own: Viewer, coach: Viewer, person: CandidateRecord
) -> None:
    own_requests.ask(session, own, "objection", now=NOW)
    assert get_candidate(session, coach, person.id).manual_only
    for compute in (assess_candidate, match_candidate, plan_candidate):
        with pytest.raises(AdviceByPerson, match="a person gives the advice"):
            compute(session, coach, person.id, on=ON, now=NOW)
    with pytest.raises(AdviceByPerson):
        what_if_candidate(session, coach, person.id, {}, on=ON)
    with pytest.raises(AdviceByPerson):
        ways_in_candidate(session, coach, person.id, on=ON)
    assert assess_stale(session, coach, on=ON, now=NOW) == 0
    assert list_assessments(session, coach, person.id) == []


def test_an_objection_holds_for_one_person_only(
    session: Session, own: Viewer, coach: Viewer
) -> None:
    create_candidate(session, coach, {"first_name": "Noor"}, now=NOW)
    own_requests.ask(session, own, "objection", now=NOW)
    assert assess_stale(session, coach, on=ON, now=NOW) == 1


def test_a_coach_decides_by_hand_after_an_objection(
    session: Session, own: Viewer, coach: Viewer, person: CandidateRecord
) -> None:
    own_requests.ask(session, own, "objection", now=NOW)
    decision = record_decision(
        session,
        coach,
        person.id,
        subject="lane",
        chosen="ready_with_support",
        reason="knows_more",
        now=NOW,
    )
    assert decision.suggested is None


@pytest.mark.parametrize("way", ["allow", "withdraw"])
def test_suggestions_come_back_when_the_candidate_wants_them(
    session: Session, own: Viewer, coach: Viewer, person: CandidateRecord, way: str
) -> None:
    asked = own_requests.ask(session, own, "objection", now=NOW)
    if way == "allow":
        own_requests.allow_suggestions(session, own, now=NOW)
    else:
        own_requests.withdraw(session, own, asked.id, now=NOW)
    assert not get_candidate(session, coach, person.id).manual_only
    assert own_requests.get_request(session, own, asked.id).state is OwnRequestState.WITHDRAWN
    assert assess_candidate(session, coach, person.id, on=ON, now=NOW).lane is not None


def test_an_objection_that_was_answered_still_holds(
    session: Session, own: Viewer, coach: Viewer, person: CandidateRecord
) -> None:
    asked = own_requests.ask(session, own, "objection", now=NOW)
    own_requests.answer(
        session, coach, asked.id, outcome="done", expected_version=asked.version, now=NOW
    )
    assert get_candidate(session, coach, person.id).manual_only
    own_requests.allow_suggestions(session, own, now=NOW)
    assert not get_candidate(session, coach, person.id).manual_only


def test_nobody_declines_an_objection(session: Session, own: Viewer, coach: Viewer) -> None:
    asked = own_requests.ask(session, own, "objection", now=NOW)
    with pytest.raises(InvalidInput, match="outcome"):
        own_requests.answer(
            session,
            coach,
            asked.id,
            outcome="declined",
            text="Toch wel",
            expected_version=asked.version,
            now=NOW,
        )


def test_counts_of_a_region_still_count_wishes_of_who_objected(
    session: Session, own: Viewer
) -> None:
    before = sector_pool(session, "demo", on=ON)
    own_requests.ask(session, own, "objection", now=NOW)
    assert sector_pool(session, "demo", on=ON) == before


# --- answers of staff -----------------------------------------------------------------------------


def test_a_refusal_says_why(session: Session, own: Viewer, coach: Viewer) -> None:
    asked = own_requests.ask(session, own, "correction", text="Ik kwam elke dag", now=NOW)
    refusal = {"outcome": "declined", "expected_version": asked.version, "now": NOW}
    with pytest.raises(InvalidInput, match="say why not"):
        own_requests.answer(session, coach, asked.id, **refusal)
    answered = own_requests.answer(
        session, coach, asked.id, text="De lijst zegt 6 van de 8 dagen.", **refusal
    )
    assert answered.state is OwnRequestState.DECLINED
    assert own_requests.get_request(session, own, asked.id).answer == answered.answer


def test_an_answer_sends_a_neutral_message_but_not_during_a_pause(
    session: Session, own: Viewer, coach: Viewer, person: CandidateRecord
) -> None:
    first = own_requests.ask(session, own, "addition", text="Ik kan lassen", now=NOW)
    done = {"outcome": "done", "now": NOW}
    own_requests.answer(session, coach, first.id, expected_version=first.version, **done)
    statement = select(Message).where(Message.candidate_id == person.id)
    sent = list(session.scalars(unscoped(statement, Message)))
    assert [message.template for message in sent] == ["candidate_ready"]
    assert sent[0].params == {}
    pause_candidate(
        session,
        own,
        person.id,
        date(2027, 2, 1),
        expected_version=get_candidate(session, own, person.id).version,
        now=NOW,
    )
    second = own_requests.ask(session, own, "addition", text="En solderen", now=NOW)
    own_requests.answer(session, coach, second.id, expected_version=second.version, **done)
    assert len(list(session.scalars(unscoped(statement, Message)))) == 1


def test_a_correction_changes_the_file_and_answers_the_request_as_one(
    session: Session, own: Viewer, coach: Viewer, person: CandidateRecord
) -> None:
    asked = own_requests.ask(session, own, "correction", field="rhythm", text="Elke dag", now=NOW)
    done = own_requests.apply_correction(
        session,
        coach,
        asked.id,
        {"rhythm": 4},
        expected_version=asked.version,
        candidate_version=person.version,
        now=NOW,
    )
    assert done.state is OwnRequestState.DONE
    assert done.handled_by == coach.account_id
    assert get_candidate(session, own, person.id).profile.rhythm == 4


def test_a_correction_that_cannot_be_made_leaves_the_request_open(
    session: Session, own: Viewer, coach: Viewer, person: CandidateRecord
) -> None:
    asked = own_requests.ask(session, own, "correction", field="rhythm", text="Elke dag", now=NOW)
    with pytest.raises(Stale):
        own_requests.apply_correction(
            session,
            coach,
            asked.id,
            {"rhythm": 4},
            expected_version=asked.version,
            candidate_version=person.version + 1,
            now=NOW,
        )
    assert own_requests.get_request(session, own, asked.id).state is OwnRequestState.OPEN


def test_an_answer_on_an_older_version_is_refused(
    session: Session, own: Viewer, coach: Viewer
) -> None:
    asked = own_requests.ask(session, own, "person", now=NOW)
    with pytest.raises(Stale):
        own_requests.answer(
            session, coach, asked.id, outcome="done", expected_version=asked.version + 1, now=NOW
        )


def test_what_was_taken_back_is_not_answered(session: Session, own: Viewer, coach: Viewer) -> None:
    asked = own_requests.ask(session, own, "person", now=NOW)
    taken = own_requests.withdraw(session, own, asked.id, now=NOW)
    with pytest.raises(Conflict):
        own_requests.answer(
            session, coach, asked.id, outcome="done", expected_version=taken.version, now=NOW
        )
    with pytest.raises(Conflict):
        own_requests.withdraw(session, own, asked.id, now=NOW)


def test_deletion_is_not_done_by_saying_so(session: Session, own: Viewer, coach: Viewer) -> None:
    asked = own_requests.ask(session, own, "deletion", now=NOW)
    with pytest.raises(InvalidInput, match="outcome"):
        own_requests.answer(
            session, coach, asked.id, outcome="done", expected_version=asked.version, now=NOW
        )


def test_granting_a_deletion_erases_the_file_and_the_request(
    session: Session, own: Viewer, coach: Viewer, person: CandidateRecord
) -> None:
    asked = own_requests.ask(session, own, "deletion", now=NOW)
    own_requests.grant_deletion(session, coach, asked.id, expected_version=asked.version, now=NOW)
    with pytest.raises(NotFound):
        get_candidate(session, coach, person.id)
    session.expire_all()
    with pytest.raises(NotFound):
        own_requests.get_request(session, coach, asked.id)


def test_only_a_request_for_deletion_erases(session: Session, own: Viewer, coach: Viewer) -> None:
    asked = own_requests.ask(session, own, "person", now=NOW)
    with pytest.raises(InvalidInput, match="kind"):
        own_requests.grant_deletion(
            session, coach, asked.id, expected_version=asked.version, now=NOW
        )


def test_a_triager_erases_nobody(session: Session, own: Viewer, coach: Viewer) -> None:
    asked = own_requests.ask(session, own, "deletion", now=NOW)
    triager = _account(session, "triager", Right.TRIAGER)
    with pytest.raises(Forbidden):
        own_requests.grant_deletion(
            session, triager, asked.id, expected_version=asked.version, now=NOW
        )
    assert own_requests.get_request(session, coach, asked.id).state is OwnRequestState.OPEN


def test_a_coach_is_shown_the_open_requests_of_the_own_caseload_due_first(
    session: Session, own: Viewer, coach: Viewer, person: CandidateRecord
) -> None:
    late = own_requests.ask(session, own, "deletion", now=NOW)
    soon = own_requests.ask(session, own, "person", now=NOW)
    lines = own_requests.open_requests(session, coach)
    assert [line.request.id for line in lines] == [soon.id, late.id]
    assert {line.first_name for line in lines} == {"Sam"}
    colleague = _account(session, "colleague", Right.COACH)
    assert own_requests.open_requests(session, colleague) == []
    assert own_requests.open_requests(session, own) == []


def test_another_candidate_or_region_finds_no_request(session: Session, own: Viewer) -> None:
    asked = own_requests.ask(session, own, "person", now=NOW)
    elsewhere = _account(session, "elsewhere", Right.COACH, region="haaglanden")
    other = Viewer(account_id=own.account_id, rights=own.rights, region="demo", candidate_id=10_000)
    for stranger in (elsewhere, other):
        with pytest.raises(NotFound):
            own_requests.get_request(session, stranger, asked.id)
    with pytest.raises(NotFound):
        own_requests.withdraw(session, other, asked.id, now=NOW)
