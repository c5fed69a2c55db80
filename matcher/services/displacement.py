"""The displacement check: questions before a place opens, a person who looks, and a look back.

An answer never refuses a place by itself: what is flagged waits for an officer, who answers with a
reason. Only a check with nothing to look at, or one that was approved, lets a place open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.displacement import (
    OrganisationKind,
    Question,
    flagged_by,
    questions_for,
    trials_are_flagged,
)
from matcher.domain.errors import Conflict, Forbidden, NotFound, Problem, Stale
from matcher.models import DisplacementCheck, Vacancy
from matcher.models.states import CheckMoment, CheckState, VacancyStatus
from matcher.reference.displacement import DisplacementTerms, load_displacement_terms
from matcher.repositories import displacement as rows
from matcher.repositories import vacancies
from matcher.repositories.displacement import CheckRecord
from matcher.services.calendar import after_working_days, day_of
from matcher.services.checks import checked_texts, refuse
from matcher.services.transactions import unit_of_work

ANSWERERS = (Right.CONTRACTOR, Right.SERVICE_POINT, Right.TRIAGER, Right.LEAD)
"""The firm, and whoever fills in a request together with it on the phone."""
REASON_MAXIMUM = 300
_LETS_OPEN = (CheckState.CLEAR, CheckState.APPROVED)
_MOST = 200


class CheckNeeded(Conflict):
    """The place cannot open yet; `why` is a code: ``missing``, ``waiting`` or ``held``."""

    def __init__(self, why: str) -> None:
        super().__init__(_WORDS[why])
        self.why = why


_WORDS = {
    "missing": "the displacement questions of this vacancy are not answered; answer them first",
    "waiting": "an officer is looking at the displacement answers of this vacancy",
    "held": "an officer held the displacement answers of this vacancy; answer them again",
}


def questions_of(
    session: Session,
    viewer: Viewer,
    vacancy_id: int,
    *,
    on: date,
    moment: CheckMoment = CheckMoment.BEFORE,
) -> tuple[Question, ...]:
    """What is asked about a vacancy in reach, by the size of the firm and the moment."""
    row = vacancies.get_row(session, viewer, vacancy_id)
    kind = vacancies.get_organisation(session, viewer, row.organisation_id).kind
    return _questions(row, kind, load_displacement_terms(on), moment)


def _questions(
    row: Vacancy, kind: OrganisationKind | None, terms: DisplacementTerms, moment: CheckMoment
) -> tuple[Question, ...]:
    asked = questions_for(terms.questions, row.employer_size, terms.larger_from, kind)
    return tuple(each for each in asked if moment is CheckMoment.BEFORE or each.asked_again)


def check_of(
    session: Session,
    viewer: Viewer,
    vacancy_id: int,
    moment: CheckMoment = CheckMoment.BEFORE,
) -> CheckRecord | None:
    """The check of a vacancy in reach; None as long as nothing was asked."""
    return rows.find(session, viewer, vacancy_id, moment)


def answer_check(
    session: Session,
    viewer: Viewer,
    vacancy_id: int,
    answers: Mapping[str, str],
    reasons: Mapping[str, str | None],
    *,
    moment: CheckMoment = CheckMoment.BEFORE,
    now: datetime,
) -> CheckRecord:
    """Keeps the answers to every question asked; a flagged one takes a reason and then waits.

    Answers may be given again until the place opens; an officer then looks again.
    """
    if not viewer.has(*ANSWERERS):
        raise Forbidden("none of your rights answers the displacement questions")
    terms = load_displacement_terms(day_of(now))
    with unit_of_work(session):
        place = vacancies.get_row(session, viewer, vacancy_id, for_update=True)
        row = rows.find_row(session, viewer, vacancy_id, moment)
        _check_moment(place, row, moment)
        kind = vacancies.get_organisation(session, viewer, place.organisation_id).kind
        asked = _questions(place, kind, terms, moment)
        flags = flagged_by(asked, answers)
        refuse(_problems(asked, answers))
        texts = _reasons(viewer, flags, reasons)
        if moment is CheckMoment.BEFORE and _trials_flagged(session, place, terms, day_of(now)):
            flags = (*flags, terms.trial_question)
        if row is None:
            row = _new(place, moment, terms, now)
            session.add(row)
        row.answers = {each.code: answers[each.code] for each in asked}
        row.reasons, row.flags, row.questions_dated = texts, flags, terms.dated
        row.answered_by, row.answered_at, row.updated_at = viewer.account_id, now, now
        row.decided_by = row.decided_at = row.why = None
        row.state, row.due_on = CheckState.CLEAR, None
        if flags:
            row.state = CheckState.WAITING
            row.due_on = after_working_days(day_of(now), terms.answer_working_days)
        session.flush()
    found = rows.find(session, viewer, vacancy_id, moment)
    if found is None:
        raise NotFound("displacement check")
    return found


def _check_moment(place: Vacancy, row: DisplacementCheck | None, moment: CheckMoment) -> None:
    if moment is CheckMoment.BEFORE:
        # An imported place is open without a check; that one may still be answered.
        if row is not None and place.status is VacancyStatus.OPEN:
            raise Conflict("this vacancy is open; its displacement answers stand")
    elif row is None or row.state not in (CheckState.ASKED, CheckState.HELD):
        raise Conflict("nobody is asked to look back on this vacancy")


def _problems(asked: Sequence[Question], answers: Mapping[str, str]) -> list[Problem]:
    known = {each.code for each in asked}
    problems = [Problem(code, "is not asked here") for code in sorted(set(answers) - known)]
    for each in asked:
        if answers.get(each.code) not in each.answers:
            problems.append(Problem(each.code, f"must be one of {', '.join(each.answers)}"))
    return problems


def _reasons(
    viewer: Viewer, flags: Sequence[str], reasons: Mapping[str, str | None]
) -> dict[str, str]:
    """What was written at each flagged answer; the others take none."""
    given = {code: reasons.get(code) for code in flags}
    texts, problems = checked_texts(dict.fromkeys(flags, REASON_MAXIMUM), given, viewer.language)
    refuse(
        [Problem(f"reason_{problem.where}", problem.why) for problem in problems]
        + [
            Problem(f"reason_{code}", "is required; say what happened")
            for code in flags
            if code in texts and texts[code] is None
        ]
    )
    return {code: str(text) for code, text in texts.items()}


def _trials_flagged(session: Session, place: Vacancy, terms: DisplacementTerms, on: date) -> bool:
    trials, became = rows.trials_of(
        session,
        place.organisation_id,
        on - timedelta(weeks=terms.trial_weeks),
        terms.trial_contract_types,
        terms.unpaid_contracts,
    )
    return trials_are_flagged(trials, became, terms.trials_flagged_from)


def _new(
    place: Vacancy, moment: CheckMoment, terms: DisplacementTerms, now: datetime
) -> DisplacementCheck:
    return DisplacementCheck(
        region=place.region,
        organisation_id=place.organisation_id,
        vacancy_id=place.id,
        moment=moment,
        state=CheckState.ASKED,
        answers={},
        reasons={},
        flags=(),
        questions_dated=terms.dated,
        created_at=now,
        updated_at=now,
    )


def refuse_to_open(session: Session, viewer: Viewer, place: Vacancy) -> None:
    """CheckNeeded unless the questions were answered and nothing waits for an officer."""
    row = rows.find_row(session, viewer, place.id, CheckMoment.BEFORE)
    if row is None:
        raise CheckNeeded("missing")
    if row.state not in _LETS_OPEN:
        raise CheckNeeded("held" if row.state is CheckState.HELD else "waiting")


def ask_to_look_back(session: Session, viewer: Viewer, place: Vacancy, now: datetime) -> None:
    """Somebody started there: the firm is asked once more when half a year has passed."""
    if rows.find_row(session, viewer, place.id, CheckMoment.AFTER) is not None:
        return
    terms = load_displacement_terms(day_of(now))
    row = _new(place, CheckMoment.AFTER, terms, now)
    row.due_on = day_of(now) + timedelta(weeks=terms.look_back_weeks)
    session.add(row)


def to_look_back(session: Session, viewer: Viewer, *, on: date) -> list[CheckRecord]:
    """Places in reach that it is time to look back on, longest due first."""
    asked = rows.in_state(session, viewer, CheckState.ASKED, limit=_MOST)
    return [each for each in asked if each.due_on is not None and each.due_on <= on]


def to_look_at(session: Session, viewer: Viewer) -> list[CheckRecord]:
    """What waits for an officer of the region, soonest due first."""
    _check_officer(viewer)
    return list(rows.in_state(session, viewer, CheckState.WAITING, limit=_MOST))


def decide_check(
    session: Session,
    viewer: Viewer,
    check_id: int,
    *,
    approve: bool,
    why: str | None,
    expected_version: int,
    now: datetime,
) -> None:
    """An officer answers the firm: it may open, or not as it stands; always with a reason."""
    _check_officer(viewer)
    texts, problems = checked_texts({"why": REASON_MAXIMUM}, {"why": why}, viewer.language)
    if "why" in texts and texts["why"] is None:
        problems.append(Problem("why", "is required; the firm reads it"))
    refuse(problems)
    with unit_of_work(session):
        row = rows.get_row(session, viewer, check_id)
        if row.version != expected_version:
            raise Stale("displacement check", row.version)
        if row.state is not CheckState.WAITING:
            raise Conflict("this displacement check was already answered")
        row.state = CheckState.APPROVED if approve else CheckState.HELD
        row.why, row.due_on = texts["why"], None
        row.decided_by, row.decided_at, row.updated_at = viewer.account_id, now, now
        session.flush()


def _check_officer(viewer: Viewer) -> None:
    if not viewer.has(Right.OFFICER):
        raise Forbidden("an officer looks at displacement answers")
