"""Advice on stored data: computed, kept, given again while nothing changed, and replayed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.candidate import CandidateProfile
from matcher.domain.errors import Conflict, InvalidInput, NotFound, Problem
from matcher.domain.search import Commitment
from matcher.models import Assessment, Candidate
from matcher.models.states import AdviceKind, CandidateStatus
from matcher.repositories import advice as rows
from matcher.repositories import candidates
from matcher.repositories.content import from_content, normal
from matcher.repositories.records import AdviceRecord
from matcher.services.advice import what_if_result
from matcher.services.advice_questions import (
    Question,
    compute,
    input_hash_of,
    predicted,
    row_of,
)
from matcher.services.candidates import COLUMNS
from matcher.services.checks import checked_values, hours_problems, refuse
from matcher.services.inputs import Inputs, keep_inputs, kept_advisor, region_inputs
from matcher.services.predicting import Served, in_service
from matcher.services.predictions import keep as keep_predictions
from matcher.services.rule_versions import rules_on
from matcher.services.transactions import unit_of_work

HISTORY_MAXIMUM = 100
CURRENT_FOR = timedelta(days=7)
"""How long an assessment of an unchanged candidate serves the lists of a region."""
_CHUNK = 50


class CandidatePaused(Conflict):
    """No plan is made while somebody is away; `until` is the day they are back."""

    def __init__(self, until: date | None) -> None:
        super().__init__("this candidate is paused; there is a plan again after the pause")
        self.until = until


class AdviceByPerson(Conflict):
    """The candidate objected to automated suggestions: nothing is computed, a person advises."""

    def __init__(self) -> None:
        super().__init__(
            "this candidate objected to automated suggestions; a person gives the advice"
        )


def assess_candidate(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    *,
    on: date,
    now: datetime,
    language: str = "nl",
) -> AdviceRecord:
    """The assessment of a candidate on a day, with how many places fit that day."""
    question = _question(session, viewer, AdviceKind.ASSESSMENT, candidate_id, {})
    return _advise(session, viewer, question, on=on, now=now, language=language)


def match_candidate(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    *,
    on: date,
    now: datetime,
    language: str = "nl",
    top: int | None = None,
    include_blocked: bool = True,
) -> AdviceRecord:
    """The open vacancies of the region for a candidate; `result` is the list of match rows.

    Empty while the candidate is paused. `top` cuts the eligible ones.
    """
    if top is not None and top < 1:
        raise InvalidInput([Problem("top", "must be 1 or more")])
    options = {"top": top, "include_blocked": include_blocked}
    question = _question(session, viewer, AdviceKind.MATCHES, candidate_id, options)
    return _advise(session, viewer, question, on=on, now=now, language=language)


def plan_candidate(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    *,
    on: date,
    now: datetime,
    language: str = "nl",
) -> AdviceRecord:
    """The trajectory of a candidate, around what they do elsewhere; CandidatePaused if away."""
    question = _question(session, viewer, AdviceKind.PLAN, candidate_id, {})
    if question.profile.is_paused(on):
        raise CandidatePaused(question.profile.paused_until)
    return _advise(session, viewer, question, on=on, now=now, language=language)


def _question(
    session: Session,
    viewer: Viewer,
    kind: AdviceKind,
    candidate_id: int,
    options: Mapping[str, Any],
) -> Question:
    row = _to_advise(session, viewer, candidate_id)
    commitments: tuple[Commitment, ...] = ()
    if kind is AdviceKind.PLAN:
        commitments = _commitments(session, row.id)
    return Question(kind, row, normal(candidates.to_profile(row)), commitments, options)


def _to_advise(session: Session, viewer: Viewer, candidate_id: int) -> Candidate:
    row = candidates.get_row(session, viewer, candidate_id)
    if row.manual_only:
        raise AdviceByPerson
    return row


def _commitments(session: Session, candidate_id: int) -> tuple[Commitment, ...]:
    found = candidates.commitments_of(session, candidate_id)
    return tuple(Commitment(row.hours_a_week, row.until) for row in found)


def _advise(
    session: Session,
    viewer: Viewer,
    question: Question,
    *,
    on: date,
    now: datetime,
    language: str,
) -> AdviceRecord:
    inputs = region_inputs(session, question.candidate.region, on=on, language=language)
    served = Served()
    if question.kind is AdviceKind.ASSESSMENT:
        artefacts = in_service(session, question.candidate.region)
        question, served = predicted(question, artefacts, inputs, on)
    input_hash = input_hash_of(question, inputs, on, language)
    kept = rows.find_same(session, viewer, question.kind, question.candidate.id, input_hash)
    if kept is None:
        # Computing takes longer than writing, so it stands outside the transaction that writes.
        result = compute(question.kind, inputs.advisor, question)
        with unit_of_work(session):
            keep_inputs(session, inputs, now=now)
            kept = row_of(question, inputs, result, input_hash, on=on, now=now, language=language)
            session.add(kept)
            session.flush()
    keep_predictions(session, [(kept, served)], now=now)
    return rows.to_record(question.kind, kept)


def what_if_candidate(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    changes: Mapping[str, Any],
    programmes: Sequence[str] = (),
    *,
    on: date,
    language: str = "nl",
) -> dict[str, Any]:
    """What opens with some changes and programmes, by reference; nothing of it is kept."""
    row = _to_advise(session, viewer, candidate_id)
    profile = normal(candidates.to_profile(row))
    clean, problems = checked_values(COLUMNS, changes, viewer.language)
    for fixed in ("reference", "region"):
        if clean.get(fixed, getattr(profile, fixed)) != getattr(profile, fixed):
            problems.append(Problem(fixed, "never changes"))
    hours = {"hours_min": profile.hours_min, "hours_max": profile.hours_max}
    problems += hours_problems({**hours, **clean}, viewer.language)
    advisor = region_inputs(session, row.region, on=on, language=language).advisor
    known = {programme.reference for programme in advisor.programmes}
    problems += [
        Problem("programmes", f"there is no programme {reference[:60]!r}")
        for reference in programmes
        if reference not in known
    ]
    refuse(problems)
    return what_if_result(
        profile,
        advisor.vacancies,
        advisor.programmes,
        on=on,
        changes=clean,
        choose=programmes,
        rules=advisor.setting(profile).rules,
        places=advisor.places,
        commitments=_commitments(session, row.id),
        lang=language,
    )


def ways_in_candidate(
    session: Session, viewer: Viewer, candidate_id: int, *, on: date, language: str = "nl"
) -> dict[str, dict[str, Any]]:
    """The nearest way in to each open vacancy that programmes can open, by its reference."""
    row = _to_advise(session, viewer, candidate_id)
    advisor = region_inputs(session, row.region, on=on, language=language).advisor
    profile = normal(candidates.to_profile(row))
    return advisor.ways_in(profile, _commitments(session, row.id))


def latest_assessment(session: Session, viewer: Viewer, candidate_id: int) -> AdviceRecord | None:
    """The newest assessment that is kept, None when nobody was assessed yet."""
    found = list_assessments(session, viewer, candidate_id, limit=1)
    return found[0] if found else None


def list_assessments(
    session: Session, viewer: Viewer, candidate_id: int, *, limit: int = HISTORY_MAXIMUM
) -> list[AdviceRecord]:
    """Kept assessments of a candidate, newest first."""
    candidates.get_row(session, viewer, candidate_id)
    kind = AdviceKind.ASSESSMENT
    found = rows.list_rows(session, viewer, kind, candidate_id, limit)
    return [rows.to_record(kind, row) for row in found]


def get_advice(
    session: Session,
    viewer: Viewer,
    advice_id: int,
    *,
    kind: AdviceKind = AdviceKind.ASSESSMENT,
) -> AdviceRecord:
    """One kept advice in reach; NotFound for any other."""
    return rows.to_record(kind, _kept(session, viewer, kind, advice_id))


def _kept(session: Session, viewer: Viewer, kind: AdviceKind, advice_id: int) -> Any:
    row = rows.find(session, viewer, kind, advice_id)
    if row is None:
        raise NotFound(kind)
    return row


def replay(
    session: Session,
    viewer: Viewer,
    advice_id: int,
    *,
    kind: AdviceKind = AdviceKind.ASSESSMENT,
) -> Any:
    """Computes a kept advice again, from its kept inputs and rules alone.

    Equals its `result`, whatever became of the candidate, the vacancies, the programmes and the
    rules since. Texts are those of the present program; `program` says which spoke then.
    """
    row = _kept(session, viewer, kind, advice_id)
    kept = row.candidate_input
    question = Question(
        kind=kind,
        candidate=candidates.get_row(session, viewer, row.candidate_id),
        profile=from_content(CandidateProfile, kept["profile"]),
        commitments=tuple(
            Commitment(hours, date.fromisoformat(until)) for hours, until in kept["commitments"]
        ),
        options=row.options,
    )
    return compute(kind, kept_advisor(session, row), question)


def assess_stale(
    session: Session,
    viewer: Viewer,
    *,
    on: date,
    now: datetime,
    language: str = "nl",
    limit: int | None = None,
    among: Sequence[int] | None = None,
) -> int:
    """Assesses active candidates in reach who lack a current assessment; returns how many.

    `among` are numbers to look at, few enough for one statement; None looks at everybody. Who
    objected to automated suggestions is passed over. Current means: made after the last change
    of the candidate, under the present rules, and no more than a week old.
    """
    statement = candidates.narrowed(viewer, status=CandidateStatus.ACTIVE)
    statement = statement.where(Candidate.manual_only.is_(False))
    if among is not None:
        statement = statement.where(Candidate.id.in_(among))
    everybody = list(session.scalars(statement.order_by(Candidate.id)))
    done = 0
    for start in range(0, len(everybody), _CHUNK):
        chunk = everybody[start : start + _CHUNK]
        latest = rows.latest_assessments(session, viewer, [row.id for row in chunk])
        stale = [row for row in chunk if not _is_current(session, row, latest.get(row.id), on)]
        if limit is not None:
            stale = stale[: limit - done]
        if stale:
            _assess_all(session, stale, on=on, now=now, language=language)
        done += len(stale)
        if done == limit:
            break
    return done


def _is_current(session: Session, row: Candidate, latest: Assessment | None, on: date) -> bool:
    return (
        latest is not None
        and latest.candidate_version == row.version
        and latest.rules_version == rules_on(session, row.region, on).version
        and latest.on <= on < latest.on + CURRENT_FOR
    )


def _assess_all(
    session: Session, stale: Sequence[Candidate], *, on: date, now: datetime, language: str
) -> None:
    new = []
    used: dict[str, Inputs] = {}
    artefacts = {region: in_service(session, region) for region in {row.region for row in stale}}
    for row in stale:
        inputs = region_inputs(session, row.region, on=on, language=language)
        used[row.region] = inputs
        profile = normal(candidates.to_profile(row))
        question = Question(AdviceKind.ASSESSMENT, row, profile, (), {})
        question, served = predicted(question, artefacts[row.region], inputs, on)
        result = compute(question.kind, inputs.advisor, question)
        key = input_hash_of(question, inputs, on, language)
        made = row_of(question, inputs, result, key, on=on, now=now, language=language)
        new.append((made, served))
    with unit_of_work(session):
        for inputs in used.values():
            keep_inputs(session, inputs, now=now)
        session.add_all(made for made, _served in new)
        session.flush()
        keep_predictions(session, new, now=now)
