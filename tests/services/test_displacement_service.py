"""The displacement check: nothing opens unanswered, and nothing is refused by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.displacement import (
    OrganisationKind,
    Question,
    flagged_by,
    questions_for,
    trials_are_flagged,
)
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Stale
from matcher.models import DisplacementCheck, Placement, Vacancy
from matcher.models.states import CheckMoment, CheckState
from matcher.reference.displacement import (
    answer_text,
    load_displacement_terms,
    question_text,
    source_of,
)
from matcher.repositories.scope import unscoped
from matcher.services.displacement import (
    CheckNeeded,
    answer_check,
    check_of,
    decide_check,
    questions_of,
    to_look_at,
    to_look_back,
)
from matcher.services.vacancies import create_vacancy, fill_vacancy, get_vacancy, open_vacancy
from tests.services.introducing import person_of

SMALL = {"d1": "no", "d2": "no", "d3": "no", "d4": "no"}
LARGE = {**SMALL, "d7": "yes"}
WHY = {"d3": "Een collega ging met pensioen"}
TERMS = load_displacement_terms(date(2027, 1, 4))


def draft(session: Session, firm: Viewer, now: datetime, size: float | None = 7) -> int:
    values: dict[str, Any] = {"sector": "F42", "places": 1, "employer_size": size}
    return create_vacancy(session, firm, values, now=now).id


def officer_of(viewer: Viewer) -> Viewer:
    return Viewer(None, frozenset({Right.OFFICER}), viewer.region)


def waiting(session: Session, firm: Viewer, now: datetime) -> int:
    number = draft(session, firm, now)
    answer_check(session, firm, number, {**SMALL, "d3": "yes"}, WHY, now=now)
    return number


# --- the rules ------------------------------------------------------------------------------------

CODES = st.sampled_from(["d1", "d2", "d3", "d4", "d6", "d7"])
SIZES = st.none() | st.floats(0, 10_000)


@given(size=SIZES, limit=st.floats(1, 500), kind=st.none() | st.sampled_from(OrganisationKind))
def test_a_works_council_is_asked_about_from_the_size_on_and_work_taken_back_of_who_does_it(
    size: float | None, limit: float, kind: OrganisationKind | None
) -> None:
    asked = {each.code for each in questions_for(TERMS.questions, size, limit, kind)}
    wanted = {"d1", "d2", "d3", "d4"}
    if size is None or size >= limit:
        wanted.add("d7")
    if kind is not None:
        wanted.add("d6")
    assert asked == wanted


@given(answers=st.dictionaries(CODES, st.sampled_from(["yes", "no", "none"])))
def test_what_is_flagged_is_what_the_data_says_and_no_more(answers: dict[str, str]) -> None:
    risky = {"d1": "yes", "d2": "yes", "d3": "yes", "d4": "yes", "d6": "yes", "d7": "no"}
    flags = flagged_by(TERMS.questions, answers)
    assert set(flags) == {code for code, answer in answers.items() if risky[code] == answer}
    assert list(flags) == sorted(flags)


@given(trials=st.integers(0, 20), became=st.integers(0, 20), limit=st.integers(1, 10))
def test_trial_places_are_a_sign_only_when_there_are_enough_and_none_became_work(
    trials: int, became: int, limit: int
) -> None:
    assert trials_are_flagged(trials, became, limit) is (trials >= limit and became == 0)


@pytest.mark.parametrize("question", TERMS.questions, ids=lambda each: each.code)
def test_every_question_has_words_in_both_languages_and_a_source(question: Question) -> None:
    for language in ("nl", "en"):
        assert question_text(question.code, "ask", language).endswith("?")
        assert question_text(question.code, "short", language)
        assert bool(question_text(question.code, "again", language)) is question.asked_again
        assert source_of(question.code, language)
        assert all(answer_text(answer, language) for answer in question.answers)
    assert question.flagged < set(question.answers)


# --- before a place opens -------------------------------------------------------------------------


def test_no_place_opens_before_the_questions_are_answered(
    session: Session, contractor: Viewer, now: datetime
) -> None:
    number = draft(session, contractor, now)
    with pytest.raises(CheckNeeded) as refused:
        open_vacancy(session, contractor, number, expected_version=1, now=now)
    assert refused.value.why == "missing"
    assert get_vacancy(session, contractor, number).status == "draft"

    kept = answer_check(session, contractor, number, SMALL, {}, now=now)

    assert (kept.state, kept.due_on, kept.flags) == (CheckState.CLEAR, None, ())
    opened = open_vacancy(session, contractor, number, expected_version=1, now=now)
    assert opened.status == "open"


def test_a_flagged_answer_waits_five_working_days_for_an_officer_and_refuses_nothing(
    session: Session, contractor: Viewer, now: datetime
) -> None:
    number = waiting(session, contractor, now)
    check = check_of(session, contractor, number)
    assert check is not None
    assert (check.state, check.flags) == (CheckState.WAITING, ("d3",))
    assert check.reasons == WHY
    days = [now.date() + timedelta(days=n) for n in range(1, 10)]
    assert check.due_on == [day for day in days if day.weekday() < 5][4]
    later = now + timedelta(days=60)
    with pytest.raises(CheckNeeded) as refused:
        open_vacancy(session, contractor, number, expected_version=1, now=later)
    assert refused.value.why == "waiting", "silence is no approval"

    officer = officer_of(contractor)
    assert [each.vacancy_id for each in to_look_at(session, officer)] == [number]
    decide_check(
        session, officer, check.id, approve=True, why="Dat mag", expected_version=check.version,
        now=later,
    )  # fmt: skip

    assert to_look_at(session, officer) == []
    opened = open_vacancy(session, contractor, number, expected_version=1, now=later)
    assert opened.status == "open"


def test_what_is_held_may_be_answered_again_and_an_approval_ends_with_other_answers(
    session: Session, contractor: Viewer, now: datetime
) -> None:
    number = waiting(session, contractor, now)
    officer = officer_of(contractor)
    [check] = to_look_at(session, officer)
    decide_check(
        session, officer, check.id, approve=False, why="Bel mij even",
        expected_version=check.version, now=now,
    )  # fmt: skip
    held = check_of(session, contractor, number)
    assert held is not None
    assert (held.state, held.why) == (CheckState.HELD, "Bel mij even")
    with pytest.raises(CheckNeeded):
        open_vacancy(session, contractor, number, expected_version=1, now=now)

    again = answer_check(session, contractor, number, {**SMALL, "d2": "yes"}, {"d2": "x"}, now=now)

    assert (again.state, again.why, again.decided_at) == (CheckState.WAITING, None, None)
    with pytest.raises(Stale):
        decide_check(
            session, officer, again.id, approve=True, why="Ja", expected_version=check.version,
            now=now,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "reasons", "where"),
    [
        ({"d1": "no", "d2": "no", "d3": "no"}, {}, "d4"),
        ({**SMALL, "d1": "misschien"}, {}, "d1"),
        ({**SMALL, "d7": "yes"}, {}, "d7"),
        ({**SMALL, "d3": "yes"}, {}, "reason_d3"),
        ({**SMALL, "d3": "yes"}, {"d3": "x" * 301}, "reason_d3"),
        ({**SMALL, "d3": "yes"}, {"d3": "BSN 111222333"}, "reason_d3"),
    ],
)
def test_an_answer_that_is_missing_unknown_or_unsaid_is_named(
    session: Session,
    contractor: Viewer,
    now: datetime,
    answers: dict[str, str],
    reasons: dict[str, str],
    where: str,
) -> None:
    number = draft(session, contractor, now)
    with pytest.raises(InvalidInput) as refused:
        answer_check(session, contractor, number, answers, reasons, now=now)
    assert [problem.where for problem in refused.value.problems] == [where]
    assert check_of(session, contractor, number) is None


def test_a_larger_firm_answers_about_its_works_council_too(
    session: Session, contractor: Viewer, now: datetime
) -> None:
    number = draft(session, contractor, now, size=50)
    asked = questions_of(session, contractor, number, on=now.date())
    assert [each.code for each in asked] == ["d1", "d2", "d3", "d4", "d7"]
    told = answer_check(
        session, contractor, number, {**LARGE, "d7": "no"}, {"d7": "Volgende week"}, now=now
    )
    assert told.flags == ("d7",)
    assert answer_check(session, contractor, number, LARGE, {}, now=now).flags == ()


def test_answers_stand_once_the_place_is_open(
    session: Session, contractor: Viewer, now: datetime
) -> None:
    number = draft(session, contractor, now)
    answer_check(session, contractor, number, SMALL, {}, now=now)
    open_vacancy(session, contractor, number, expected_version=1, now=now)
    with pytest.raises(Conflict):
        answer_check(session, contractor, number, {**SMALL, "d1": "yes"}, {"d1": "x"}, now=now)


def test_only_the_firm_and_its_helpers_answer_and_only_an_officer_decides(
    session: Session,
    contractor: Viewer,
    rival: Viewer,
    coach: Viewer,
    service_point: Viewer,
    now: datetime,
) -> None:
    number = waiting(session, contractor, now)
    [check] = to_look_at(session, officer_of(contractor))
    with pytest.raises(NotFound):
        answer_check(session, rival, number, SMALL, {}, now=now)
    assert check_of(session, rival, number) is None
    with pytest.raises(Forbidden):
        answer_check(session, coach, number, SMALL, {}, now=now)
    for viewer in (contractor, service_point, coach):
        with pytest.raises(Forbidden):
            to_look_at(session, viewer)
        with pytest.raises(Forbidden):
            decide_check(
                session, viewer, check.id, approve=True, why="Ja", expected_version=1, now=now
            )
    elsewhere = replace(officer_of(contractor), region="haaglanden")
    assert to_look_at(session, elsewhere) == []
    with pytest.raises(NotFound):
        decide_check(
            session, elsewhere, check.id, approve=True, why="Ja", expected_version=1, now=now
        )
    with pytest.raises(InvalidInput):
        decide_check(
            session, officer_of(contractor), check.id, approve=True, why=" ",
            expected_version=check.version, now=now,
        )  # fmt: skip
    assert answer_check(session, service_point, number, SMALL, {}, now=now).flags == ()


# --- what the system knows, and looking back ------------------------------------------------------


@pytest.mark.parametrize(
    ("trials", "paid", "flagged"), [(3, 0, True), (2, 0, False), (3, 1, False)]
)
def test_three_trial_places_of_which_none_became_work_go_to_an_officer(
    session: Session,
    contractor: Viewer,
    person_in: Any,
    now: datetime,
    trials: int,
    paid: int,
    flagged: bool,
) -> None:
    for number in range(trials):
        person = person_in(session, number)
        _placed(session, contractor, person, "trial", now)
        if number < paid:
            _placed(session, contractor, person, "temporary", now)
    _placed(session, contractor, person_in(session, 9), "trial", now - timedelta(weeks=80))
    session.commit()

    place = draft(session, contractor, now)
    check = answer_check(session, contractor, place, SMALL, {}, now=now)

    assert (check.flags, check.state) == (
        (("d5",), CheckState.WAITING) if flagged else ((), CheckState.CLEAR)
    )
    assert check.reasons == {}


def _placed(
    session: Session, firm: Viewer, person: Viewer, contract: str, started: datetime
) -> None:
    session.add(
        Placement(
            region=firm.region, candidate_id=person.candidate_id,
            organisation_id=firm.organisation_id, state="ended", contract=contract,
            starts_on=started.date(), ended_on=started.date() + timedelta(days=30),
            created_at=started, updated_at=started,
        )
    )  # fmt: skip
    session.flush()


@pytest.fixture
def person_in(coach: Viewer, now: datetime) -> Any:
    return lambda session, number: person_of(session, coach, now, reference=f"K-T{number}")


def test_half_a_year_after_a_start_the_firm_is_asked_once_more(
    session: Session, contractor: Viewer, now: datetime
) -> None:
    number = draft(session, contractor, now)
    answer_check(session, contractor, number, SMALL, {}, now=now)
    opened = open_vacancy(session, contractor, number, expected_version=1, now=now)
    with pytest.raises(Conflict):
        answer_check(session, contractor, number, {}, {}, moment=CheckMoment.AFTER, now=now)
    fill_vacancy(session, contractor, number, expected_version=opened.version, now=now)
    due = now.date() + timedelta(weeks=26)

    assert to_look_back(session, contractor, on=due - timedelta(days=1)) == []
    assert [each.vacancy_id for each in to_look_back(session, contractor, on=due)] == [number]
    asked = questions_of(session, contractor, number, on=due, moment=CheckMoment.AFTER)
    assert [each.code for each in asked] == ["d1", "d4"]

    later = now + timedelta(weeks=26)
    answers = {"d1": "yes", "d4": "no"}
    told = answer_check(
        session, contractor, number, answers, {"d1": "Een inhuurkracht stopte"},
        moment=CheckMoment.AFTER, now=later,
    )  # fmt: skip

    assert (told.state, told.flags) == (CheckState.WAITING, ("d1",))
    assert to_look_back(session, contractor, on=due) == []
    assert [each.moment for each in to_look_at(session, officer_of(contractor))] == ["after"]
    first = check_of(session, contractor, number)
    assert first is not None
    assert first.answers == SMALL, "what was answered before stays"


def test_what_a_firm_wrote_is_sealed_in_the_database(
    session: Session, contractor: Viewer, now: datetime
) -> None:
    waiting(session, contractor, now)
    connection = session.connection()
    stored = connection.exec_driver_sql("SELECT reasons FROM displacement_check").scalar_one()
    assert "pensioen" not in stored
    assert session.scalars(unscoped(select(DisplacementCheck), DisplacementCheck)).one().reasons


def test_a_check_goes_with_its_place(session: Session, contractor: Viewer, now: datetime) -> None:
    number = waiting(session, contractor, now)
    session.execute(unscoped(delete(Vacancy).where(Vacancy.id == number), Vacancy))
    left = session.scalars(unscoped(select(DisplacementCheck), DisplacementCheck)).all()
    assert left == []
