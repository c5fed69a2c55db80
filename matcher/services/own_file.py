"""The candidate's own file: everything that is kept, why, where it came from, and own changes.

What is shown goes through the visibility table like everywhere else. Answers about money and home,
and what is computed with them, are left out until `with_folded` says that the fold is open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Column
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import Forbidden
from matcher.models import Candidate, CandidateAudit
from matcher.models.base import Base, DataClass, Purpose, Retention
from matcher.models.states import AdviceKind
from matcher.repositories import advice, candidates, drafts
from matcher.repositories import own_file as rows
from matcher.repositories.own_file import Source
from matcher.repositories.records import AdviceRecord, CandidateRecord, DraftRecord
from matcher.services.candidates import update_candidate
from matcher.services.folded import (
    FOLDED_ANSWERS,
    FOLDED_FIELDS,
    folded_sentences,
    is_folded_step,
    programme_sentences,
)
from matcher.services.inputs import kept_programmes
from matcher.services.own_requests import own_candidate_id
from matcher.services.visibility import Kind, show, writable_fields

AUDIT_FIELDS = ("benefit", "birth_year")
ADVICE_MAXIMUM = 100
_ALWAYS_KNOWN = frozenset({"sectors_never", "blocked", "licences", "credentials"})
"""An empty set is an answer here: none (contract.md section 2)."""
_INSIDE = frozenset({"id", "version", "region", "created_at", "updated_at"})


@dataclass(frozen=True, slots=True)
class KnownField:
    """One thing that is kept: what, why, how long, and who put it there.

    `source` is None when the log does not reach back that far.
    """

    name: str
    value: Any
    is_known: bool
    purpose: Purpose
    retention: Retention
    data_class: DataClass
    source: Source | None


def own_record(session: Session, viewer: Viewer) -> CandidateRecord:
    """The own file; Forbidden for anybody who is not a candidate."""
    return candidates.to_record(candidates.get_row(session, viewer, own_candidate_id(viewer)))


def has_coach(session: Session, viewer: Viewer) -> bool:
    """Whether the viewer is on somebody's caseload; whose is not said."""
    row = candidates.get_row(session, viewer, own_candidate_id(viewer))
    return row.owner_account_id is not None


def update_own_file(
    session: Session,
    viewer: Viewer,
    values: Mapping[str, Any],
    *,
    expected_version: int,
    now: datetime,
) -> CandidateRecord:
    """Changes what candidates may change themselves; Forbidden names anything else."""
    refused = sorted(set(values) - writable_fields(Kind.CANDIDATE, viewer.rights))
    if refused:
        raise Forbidden(f"ask for a correction of {', '.join(refused)}")
    return update_candidate(
        session,
        viewer,
        own_candidate_id(viewer),
        values,
        expected_version=expected_version,
        now=now,
    )


def known_fields(
    session: Session, viewer: Viewer, *, with_folded: bool = False
) -> dict[str, KnownField]:
    """Everything that is kept about the viewer as a field, unknown ones too, by name."""
    record = own_record(session, viewer)
    sources = rows.sources(session, viewer, record.id)
    shown = show(Kind.CANDIDATE, record.as_mapping(), viewer.rights)
    found = {
        name: _known(Candidate, name, value, sources)
        for name, value in shown.items()
        if name not in _INSIDE and (with_folded or name not in FOLDED_FIELDS)
    }
    return found | _audit_fields(session, viewer, record.profile.reference)


def _audit_fields(session: Session, viewer: Viewer, reference: str) -> dict[str, KnownField]:
    row = rows.audit_row(session, viewer, reference)
    held = {name: getattr(row, name, None) for name in AUDIT_FIELDS}
    shown = show(Kind.CANDIDATE_AUDIT, held, viewer.rights)
    return {name: _known(CandidateAudit, name, value, {}) for name, value in shown.items()}


def _known(
    model: type[Candidate | CandidateAudit], name: str, value: Any, sources: Mapping[str, Source]
) -> KnownField:
    column = _columns(model)[name]
    about = column.info
    return KnownField(
        name=name,
        value=value,
        is_known=name in _ALWAYS_KNOWN or value not in (None, (), frozenset()),
        purpose=about["purpose"],
        retention=about["retention"],
        data_class=about["class"],
        # Of answers that share a sealed column, the log names the column.
        source=sources.get(name) or sources.get(column.name),
    )


@cache
def _columns(model: type[Candidate | CandidateAudit]) -> dict[str, Column[Any]]:
    """The columns of a table by the names of what they hold: a sealed one holds several."""
    found: dict[str, Column[Any]] = {}
    for column in Base.metadata.tables[model.__tablename__].columns:
        found |= dict.fromkeys(column.info.get("holds", (column.name,)), column)
    return found


def own_drafts(session: Session, viewer: Viewer, *, with_folded: bool = False) -> list[DraftRecord]:
    """Cards that were begun with the viewer and not finished; answers in the form's own terms."""
    found = drafts.list_rows(session, viewer, own_candidate_id(viewer))
    return [_unfolded_draft(drafts.to_record(row), with_folded) for row in found]


def _unfolded_draft(record: DraftRecord, with_folded: bool) -> DraftRecord:
    if with_folded:
        return record
    kept = {name: value for name, value in record.answers.items() if name not in FOLDED_ANSWERS}
    return replace(record, answers=kept)


@dataclass(frozen=True, slots=True)
class OwnAdvice:
    """An assessment as its candidate reads it: words, never a number, a rank or a code.

    `folded` are the sentences about money and home, empty while the fold is closed. `language`
    is the one that it was made in.
    """

    lane: str
    reasons: tuple[tuple[str, str], ...]
    would_change: str | None
    ask_next: tuple[tuple[str, str], ...]
    folded: tuple[str, ...]
    review_on: date | None
    on: date
    language: str
    rules_slug: str
    rules_version: str
    file_version: int
    """The version of the file that it was made on."""


def own_assessments(
    session: Session, viewer: Viewer, *, with_folded: bool = False, limit: int = 1
) -> list[OwnAdvice]:
    """The kept assessments, newest first; nothing is computed for this."""
    kind = AdviceKind.ASSESSMENT
    found = advice.list_rows(session, viewer, kind, own_candidate_id(viewer), limit)
    about: dict[tuple[str, str], frozenset[str]] = {}
    for row in found:
        key = (row.programmes_hash, row.language)
        if key not in about:
            about[key] = programme_sentences(kept_programmes(session, row), row.language)
    return [
        _own_advice(
            advice.to_record(kind, row),
            viewer,
            about[row.programmes_hash, row.language],
            with_folded,
        )
        for row in found
    ]


def _own_advice(
    record: AdviceRecord, viewer: Viewer, programmes: frozenset[str], with_folded: bool
) -> OwnAdvice:
    row = show(Kind.ASSESSMENT, record.result, viewer.rights)
    hidden = folded_sentences(record.language) | programmes
    said = list(zip(row["reason_tones"], row["reasons"], strict=True))
    asked = [(question["field"], question["question"]) for question in row["ask_next"]]
    change = row["would_change"]
    about = [text for _tone, text in said] + [change] + [text for _field, text in asked]
    folded = [text for text in dict.fromkeys(about) if text in hidden]
    return OwnAdvice(
        lane=row["lane"],
        reasons=tuple((tone, text) for tone, text in said if text not in hidden),
        would_change=None if change in hidden else change,
        ask_next=tuple((field, text) for field, text in asked if field not in FOLDED_FIELDS),
        folded=tuple(folded) if with_folded else (),
        review_on=row["review_on"],
        on=record.on,
        language=record.language,
        rules_slug=record.rules_slug,
        rules_version=record.rules_version,
        file_version=record.candidate_version,
    )


@dataclass(frozen=True, slots=True)
class OwnPlanStep:
    """One step of a plan: what, from when until when, how many hours a week."""

    title: str
    starts_on: date
    ends_on: date
    hours_a_week: float | None
    is_folded: bool


@dataclass(frozen=True, slots=True)
class OwnPlan:
    """A plan as its candidate reads it; `place_on` is the day on which a place can begin."""

    steps: tuple[OwnPlanStep, ...]
    place_on: date | None
    review_on: date | None
    on: date
    language: str


def own_plans(
    session: Session, viewer: Viewer, *, with_folded: bool = False, limit: int = 1
) -> list[OwnPlan]:
    """The kept plans, newest first; steps about money and home are left out of the closed fold."""
    kind = AdviceKind.PLAN
    found = advice.list_rows(session, viewer, kind, own_candidate_id(viewer), limit)
    return [_own_plan(advice.to_record(kind, row), viewer, with_folded) for row in found]


def _own_plan(record: AdviceRecord, viewer: Viewer, with_folded: bool) -> OwnPlan:
    row = show(Kind.PLAN, record.result, viewer.rights)
    steps = [
        OwnPlanStep(
            title=step["title"],
            starts_on=step["starts_on"],
            ends_on=step["ends_on"],
            hours_a_week=None if not step.get("hours_a_week") else float(step["hours_a_week"]),
            is_folded=is_folded_step(step),
        )
        for step in row["steps"]
    ]
    return OwnPlan(
        steps=tuple(step for step in steps if with_folded or not step.is_folded),
        place_on=row["place_on"],
        review_on=row["review_on"],
        on=record.on,
        language=record.language,
    )
