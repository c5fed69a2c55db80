from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import Forbidden, InvalidInput, NotFound
from matcher.repositories.records import AdviceRecord, CandidateRecord, DecisionRecord
from matcher.services import elsewhere
from matcher.services.assessments import assess_candidate
from matcher.services.candidates import create_candidate
from matcher.services.decisions import latest_decision, list_decisions, record_decision


@pytest.fixture
def person(session: Session, coach: Viewer, now: datetime) -> CandidateRecord:
    return create_candidate(session, coach, {}, now=now)


@pytest.fixture
def assessed(
    session: Session, coach: Viewer, person: CandidateRecord, on: date, now: datetime
) -> AdviceRecord:
    """Too little is known of this person."""
    return assess_candidate(session, coach, person.id, on=on, now=now)


def decide(
    session: Session, viewer: Viewer, candidate_id: int, now: datetime, **changes: object
) -> DecisionRecord:
    values: dict[str, object] = {
        "subject": "lane",
        "chosen": "not_enough_known",
        "reason": "agrees",
        **changes,
    }
    return record_decision(session, viewer, candidate_id, **values, now=now)  # type: ignore[arg-type]  # by name


def test_accepting_and_departing_cost_the_same_one_chip(
    session: Session, coach: Viewer, assessed: AdviceRecord, now: datetime
) -> None:
    accepted = decide(session, coach, assessed.candidate_id, now, assessment_id=assessed.id)
    departed = decide(
        session,
        coach,
        assessed.candidate_id,
        now,
        assessment_id=assessed.id,
        chosen="pre_placement",
        reason="knows_more",
        facts_checked=("rhythm", "hours_max", "rhythm"),
    )

    assert (accepted.accepted, accepted.text, accepted.decided_by) == (
        True,
        None,
        coach.account_id,
    )
    assert (departed.accepted, departed.suggested, departed.chosen) == (
        False,
        "not_enough_known",
        "pre_placement",
    )
    assert departed.facts_checked == ("rhythm", "hours_max")
    assert departed.decided_at == now
    assert list_decisions(session, coach, assessed.candidate_id) == [departed, accepted]
    assert latest_decision(session, coach, assessed.candidate_id, "lane") == departed
    assert latest_decision(session, coach, assessed.candidate_id, "place") is None


def test_what_was_suggested_comes_from_the_assessment_and_not_from_the_caller(
    session: Session, coach: Viewer, assessed: AdviceRecord, now: datetime
) -> None:
    record = decide(
        session,
        coach,
        assessed.candidate_id,
        now,
        assessment_id=assessed.id,
        chosen="ready_now",
        suggested="ready_now",
    )

    assert (record.suggested, record.accepted) == ("not_enough_known", False)


def test_another_route_asks_for_a_few_words_who_receives_and_when(
    session: Session, coach: Viewer, person: CandidateRecord, now: datetime
) -> None:
    with pytest.raises(InvalidInput) as refused:
        decide(session, coach, person.id, now, chosen="other_route", text="  ")
    assert [problem.where for problem in refused.value.problems] == [
        "receiver",
        "appointment_on",
        "text",
    ]
    with pytest.raises(InvalidInput) as unknown:
        decide(
            session,
            coach,
            person.id,
            now,
            chosen="other_route",
            text="School first",
            receiver="nobody",
            appointment_on=now.date() + timedelta(days=15),
        )
    assert [problem.where for problem in unknown.value.problems] == ["receiver", "appointment_on"]
    assert elsewhere.of_candidate(session, coach, person.id) == []

    record = decide(
        session,
        coach,
        person.id,
        now,
        chosen="other_route",
        text="School first",
        receiver="school",
        appointment_on=now.date() + timedelta(days=14),
    )
    assert record.text == "School first"
    [arranged] = elsewhere.of_candidate(session, coach, person.id)
    assert (arranged.receiver.value, arranged.decision_id, arranged.back_on) == (
        "school",
        record.id,
        None,
    )
    decide(session, coach, person.id, now, chosen="pre_placement")
    [ended] = elsewhere.of_candidate(session, coach, person.id)
    assert ended.back_on == now.date(), "another lane is the way back"


def test_undoing_a_colleague_asks_for_a_few_words_and_agreeing_does_not(
    session: Session, coach: Viewer, lead: Viewer, person: CandidateRecord, now: datetime
) -> None:
    decide(session, coach, person.id, now, chosen="pre_placement")

    agreed = decide(session, lead, person.id, now, chosen="pre_placement")
    with pytest.raises(InvalidInput):
        decide(session, coach, person.id, now, chosen="ready_now")
    undone = decide(session, coach, person.id, now, chosen="ready_now", text="Seen at work")
    again = decide(session, coach, person.id, now, chosen="pre_placement")
    elsewhere = decide(session, lead, person.id, now, subject="place", chosen="V-1")

    assert [agreed.text, undone.text, again.text, elsewhere.text] == [
        None,
        "Seen at work",
        None,
        None,
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "weather"},
        {"chosen": "best_lane"},
        {"chosen": ""},
        {"reason": "because"},
        {"text": "x" * 501},
        {"text": "BSN 111222333"},
        {"facts_checked": ("Not a field",)},
        {"facts_checked": ("rhythm",) * 41},
    ],
)
def test_what_cannot_be_a_decision_is_refused(
    session: Session,
    coach: Viewer,
    person: CandidateRecord,
    now: datetime,
    changes: dict[str, object],
) -> None:
    with pytest.raises(InvalidInput) as refused:
        decide(session, coach, person.id, now, **changes)

    assert "111222333" not in str(refused.value)
    assert list_decisions(session, coach, person.id) == []


def test_an_assessment_of_somebody_else_is_none_of_this_persons(
    session: Session, coach: Viewer, assessed: AdviceRecord, now: datetime
) -> None:
    other = create_candidate(session, coach, {}, now=now)

    with pytest.raises(NotFound):
        decide(session, coach, other.id, now, assessment_id=assessed.id)


def test_only_who_advises_decides(
    session: Session,
    service_point: Viewer,
    stranger: Viewer,
    contractor: Viewer,
    person: CandidateRecord,
    now: datetime,
) -> None:
    with pytest.raises(Forbidden):
        decide(session, service_point, person.id, now)
    for viewer in (stranger, contractor):
        with pytest.raises(NotFound):
            decide(session, viewer, person.id, now)
        with pytest.raises(NotFound):
            list_decisions(session, viewer, person.id)
