"""One advice to give as a question: what goes in, its hash, its answer, the row that is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from matcher.domain.assessment import current
from matcher.domain.candidate import CandidateProfile
from matcher.domain.search import Commitment
from matcher.domain.vocabulary import Lane
from matcher.models import Assessment, Candidate, MatchList, Plan
from matcher.models.states import AdviceKind
from matcher.repositories.content import hash_of, to_content
from matcher.services.advice import Advisor
from matcher.services.inputs import Inputs
from matcher.services.predicting import InService, Served, serve


@dataclass(frozen=True, slots=True)
class Question:
    """One advice to give: for whom, of which kind, with which options."""

    kind: AdviceKind
    candidate: Candidate
    profile: CandidateProfile
    commitments: tuple[Commitment, ...]
    options: Mapping[str, Any]

    def candidate_input(self) -> dict[str, Any]:
        """What of the candidate goes in, as it is kept."""
        elsewhere = [[item.hours, item.until.isoformat()] for item in self.commitments]
        return {"profile": to_content(self.profile), "commitments": elsewhere}


def predicted(
    question: Question, artefacts: Sequence[InService], inputs: Inputs, on: date
) -> tuple[Question, Served]:
    """What is predicted beside an assessment, and the question with the artefact that serves."""
    profile = current(question.profile, inputs.advisor.setting(question.profile))
    served = serve(artefacts, profile, on)
    if served.shown is None:
        return question, served
    return replace(question, options={**question.options, "artefact": served.shown}), served


def input_hash_of(question: Question, inputs: Inputs, on: date, language: str) -> str:
    """The same hash is the same advice."""
    uses_programmes = question.kind is not AdviceKind.MATCHES
    return hash_of(
        {
            "kind": question.kind,
            "candidate": question.candidate_input(),
            "options": dict(question.options),
            "on": on.isoformat(),
            "language": language,
            "program": inputs.program,
            "rules": inputs.rules_hash,
            "vacancies": inputs.vacancies_hash,
            "programmes": inputs.programmes_hash if uses_programmes else None,
            "places": inputs.places_hash,
        }
    )


def compute(kind: AdviceKind, advisor: Advisor, question: Question) -> Any:
    """The rows of an advice; the name of an artefact beside it is part of the question."""
    compute: Mapping[AdviceKind, Callable[[], Any]] = {
        AdviceKind.ASSESSMENT: lambda: {
            **advisor.assess_row(question.profile, count_places=True),
            "artefact": question.options.get("artefact"),
        },
        AdviceKind.MATCHES: lambda: advisor.match_rows(question.profile, **question.options),
        AdviceKind.PLAN: lambda: advisor.plan_row(question.profile, question.commitments),
    }
    return compute[kind]()


def row_of(
    question: Question,
    inputs: Inputs,
    result: Any,
    input_hash: str,
    *,
    on: date,
    now: datetime,
    language: str,
) -> Assessment | MatchList | Plan:
    """The row under which an advice is kept."""
    common: dict[str, Any] = {
        "candidate_id": question.candidate.id,
        "candidate_version": question.candidate.version,
        "region": question.candidate.region,
        "on": on,
        "language": language,
        "rules_slug": inputs.rules.slug,
        "rules_version": inputs.rules.version,
        "rules_hash": inputs.rules_hash,
        "vacancies_hash": inputs.vacancies_hash,
        "programmes_hash": inputs.programmes_hash,
        "places_hash": inputs.places_hash,
        "program": inputs.program,
        "input_hash": input_hash,
        "candidate_input": question.candidate_input(),
        "options": dict(question.options),
        "result": result,
        "created_at": now,
    }
    if question.kind is AdviceKind.ASSESSMENT:
        return Assessment(
            **common,
            lane=Lane(result["lane"]),
            rule=result["rule"],
            readiness=_hundredths(result["readiness"]),
            start_level=_hundredths(result["start_level"]),
            review_on=result["review_on"],
        )
    if question.kind is AdviceKind.MATCHES:
        return MatchList(**common, eligible=sum(row["eligible"] for row in result))
    return Plan(**common, outcome=result["outcome"], review_on=result["review_on"])


def _hundredths(points: Any) -> int:
    return int(points * 100)
