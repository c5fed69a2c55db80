"""Results as rows of contract.md section 3: decimals with two digits, texts in one language."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from matcher.domain.assessment import Assessment
from matcher.domain.explanation import (
    change_reason,
    dimension_reason,
    programme_name,
    question_reason,
    reasons_for,
)
from matcher.domain.matching import Match
from matcher.domain.numbers import decimal_of
from matcher.domain.pairs import Setting
from matcher.domain.plans import Plan
from matcher.domain.readiness import Dimension
from matcher.domain.vocabulary import ABILITIES, DEMANDS
from matcher.domain.wording import Reason, Wording

Row = dict[str, Any]


def assessment_row(
    assessment: Assessment, setting: Setting, now: int | None, wording: Wording
) -> Row:
    """One assessment as a row of `assess`."""
    readiness = assessment.readiness
    reasons = reasons_for(assessment, setting.rules)
    questions = [
        {
            "field": question.field,
            "question": wording.say(question_reason(question)),
            "narrows": decimal_of(question.narrows),
            "changes_lane": question.changes_lane,
            "on_the_spot": question.on_the_spot,
        }
        for question in assessment.ask_next
    ]
    return {
        "reference": assessment.candidate.reference,
        "lane": assessment.lane.lane.value,
        "rule": assessment.lane.rule,
        "readiness": decimal_of(readiness.points),
        "readiness_low": decimal_of(readiness.low),
        "readiness_high": decimal_of(readiness.high),
        "readiness_without_money": decimal_of(readiness.without_money),
        "start_level": decimal_of(readiness.start_level),
        "known_share": decimal_of(assessment.known_share),
        "places_now": now,
        "dimensions": [dimension_row(d, wording) for d in readiness.best.dimensions],
        "reasons": [wording.say(reason) for reason in reasons],
        "reason_tones": [reason.tone for reason in reasons],
        "would_change": wording.say(_change(assessment, wording)),
        "ask_next": questions,
        "programmes": [programme.reference for programme in assessment.programmes],
        "sector": readiness.best.sector,
        "review_on": assessment.review_on,
        "on": assessment.on,
        "rules_version": setting.rules.version,
        "artefact": None,
    }


def _change(assessment: Assessment, wording: Wording) -> Reason:
    change = assessment.would_change
    question = None
    if change is not None and change.is_answer:
        question = wording.say(Reason.of(f"ask.{change.field}"))
    return change_reason(change, question, assessment.lane.lane)


def dimension_row(dimension: Dimension, wording: Wording) -> Row:
    """One dimension: what is there, what is asked, its points, and why."""
    return {
        "name": dimension.name,
        "level": _value(dimension.level, ABILITIES),
        "need": _value(dimension.need, DEMANDS),
        "weight": dimension.weight,
        "contribution": decimal_of(dimension.points),
        "low": decimal_of(dimension.low),
        "high": decimal_of(dimension.high),
        "gap": dimension.gap,
        "known": dimension.is_known,
        "reason": wording.say(dimension_reason(dimension)),
    }


def _value(
    value: Fraction | int | Mapping[str, int | None] | Mapping[str, int] | None,
    words: tuple[str, ...],
) -> Any:
    if isinstance(value, Mapping):
        return {load: None if step is None else words[step] for load, step in value.items()}
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else Decimal(round(value * 100)).scaleb(-2)
    return value


def match_row(match: Match, wording: Wording) -> Row:
    """One match as a row of `match`."""
    pair = match.pair
    return {
        "candidate": pair.candidate.reference,
        "vacancy": pair.vacancy.reference,
        "rank": match.rank,
        "eligible": pair.eligible,
        "fit": decimal_of(pair.fit),
        "travel_minutes": pair.facts.travel.minutes,
        "travel_mode": pair.facts.travel.mode,
        "components": [
            {
                "name": component.name,
                "points": decimal_of(component.points),
                "tone": component.reason.tone,
                "reason": wording.say(component.reason),
            }
            for component in pair.components
        ],
        "gaps": [
            {
                "code": gap.code,
                "subject": gap.subject,
                "known": not gap.is_unknown,
                "text": wording.say(gap.text),
            }
            for gap in pair.gaps
        ],
        "blockers": [
            {
                "code": blocker.code,
                "subject": blocker.subject,
                "text": wording.say(blocker.text),
                "closed_by": wording.say(blocker.closed_by),
            }
            for blocker in pair.blockers
        ],
        "certainty": pair.certainty.value,
    }


def plan_row(plan: Plan, setting: Setting, wording: Wording) -> Row:
    """One plan as a row of `plan`."""
    return {
        "candidate": plan.candidate.reference,
        "outcome": "other_route" if plan.vacancy is None else "place",
        "vacancy": None if plan.vacancy is None else plan.vacancy.reference,
        "weeks": plan.weeks,
        "place_on": plan.place_on,
        "steps": [
            {
                "programme": step.programme.reference,
                "title": programme_name(step.programme),
                "starts_on": step.starts_on,
                "ends_on": step.ends_on,
                "hours_a_week": step.programme.hours_a_week,
                "raises": dict(step.programme.raises),
                "gives": sorted(step.programme.gives),
                "unlocks": list(step.unlocks),
                "alongside": step.alongside,
                "reasons_needed": list(step.reasons_needed),
            }
            for step in plan.steps
        ],
        "stepped_start": [
            {"from_on": part.from_on, "hours": part.hours} for part in plan.stepped_start
        ],
        "reasons_needed": list(plan.reasons_needed),
        "reasons": _plan_reasons(plan, setting, wording),
        "review_on": plan.review_on,
        "on": setting.on,
        "rules_version": setting.rules.version,
    }


def _plan_reasons(plan: Plan, setting: Setting, wording: Wording) -> list[str]:
    """What a person should know of the plan: big steps, or that no place opens, in words."""
    if plan.vacancy is None:
        weeks = setting.rules.trajectory.horizon_weeks
        return [wording.say(Reason.of("plan.none", "ask", weeks=weeks, day=plan.review_on))]
    codes = dict.fromkeys(
        [*(code for step in plan.steps for code in step.reasons_needed), *plan.reasons_needed]
    )
    return [wording.say(Reason.of(f"plan.{code}", "near")) for code in codes]
