"""Why: the reasons of an assessment, as codes and facts for a wording to say."""

from __future__ import annotations

from collections.abc import Mapping

from matcher.domain.assessment import Assessment, Change
from matcher.domain.programme import Programme
from matcher.domain.questions import Question
from matcher.domain.readiness import Dimension
from matcher.domain.rules import RuleSet
from matcher.domain.vocabulary import LEVEL_MAXIMUM, LEVEL_OF_DIMENSION, LOADS, Lane
from matcher.domain.wording import Reason

REASONS_MAXIMUM = 3
"""Three at most, so that they are read (contract.md section 3)."""

LEVELLED = ("rhythm", "work_skills")
"""Dimensions with a sentence for each level, because the level is an act that can be counted."""

SUPPORT_ONLY = ("money", "home")
"""Said last: they add help and never stand in the way (practice section 4)."""

WAY_OUT_LANES = (Lane.PRE_PLACEMENT, Lane.OTHER_ROUTE)


def dimension_reason(dimension: Dimension) -> Reason:
    """What is there on one dimension, against what the work asks."""
    name = dimension.name
    tone = "ask" if not dimension.is_known else "near" if dimension.gap else "ok"
    if isinstance(dimension.level, Mapping) and isinstance(dimension.need, Mapping):
        return _load_reason(dimension, dimension.level, dimension.need)
    if dimension.need == 0:
        return Reason.of(f"{name}.none")
    if dimension.level is None:
        return Reason.of(f"{name}.unknown", "ask")
    if name in LEVELLED:
        return Reason.of(f"{name}.{dimension.level}", tone)
    if name in ("hours", "travel"):
        facts = {"have": float(dimension.level), "need": float(dimension.need)}  # type: ignore[arg-type]
        return Reason.of(f"{name}.{'short' if dimension.gap else 'met'}", tone, **facts)
    return Reason.of(f"{name}.{'short' if dimension.gap else 'met'}", tone)


def _load_reason(
    dimension: Dimension, abilities: Mapping[str, int | None], demands: Mapping[str, int]
) -> Reason:
    """A shortfall goes before what is not known: it is what can be acted on."""
    name = dimension.name
    if not demands:
        return Reason.of(f"{name}.none")
    short = tuple(
        load for load, able in abilities.items() if able is not None and able < demands[load]
    )
    if short:
        return Reason.of(f"{name}.short", "near", load=short)
    unknown = tuple(load for load, able in abilities.items() if able is None)
    if unknown:
        return Reason.of(f"{name}.unknown", "ask", load=unknown)
    return Reason.of(f"{name}.met")


def reasons_for(assessment: Assessment, rules: RuleSet) -> tuple[Reason, ...]:
    """Three reasons at most: first what is there, then what is missing, then the way out."""
    dimensions = sorted(
        assessment.lane.sector.dimensions,
        key=lambda d: (d.name in SUPPORT_ONLY, -d.gap, -d.weight),
    )
    said = [(dimension, dimension_reason(dimension)) for dimension in dimensions]
    there = [reason for _, reason in said if reason.tone == "ok" and _is_worth_saying(reason)]
    if (sector := assessment.lane.sector.sector) is not None:
        wish = Reason.of("direction.wish", sector=sector)
        there = [wish if reason.code == "direction.met" else reason for reason in there]
    missing = [reason for dimension, reason in said if dimension.gap]
    guidance = rules.guidance_value(assessment.candidate.guidance_need)
    if guidance is not None and guidance > rules.lanes.guidance_ready_now:
        missing.append(Reason.of("guidance.much", "near", hours=float(guidance)))
    unknown = [reason for _, reason in said if reason.tone == "ask"]
    way_out = _way_out(assessment)
    if assessment.lane.lane is Lane.NOT_ENOUGH_KNOWN:
        chosen = [*there[:1], *unknown[:2], *missing]
    else:
        chosen = [*there[:1], *missing[: 2 - bool(way_out)], *way_out, *there[1:], *unknown]
    return tuple(dict.fromkeys(chosen))[:REASONS_MAXIMUM]


def _is_worth_saying(reason: Reason) -> bool:
    """A need that the work does not have is no reason; neither is calm about money."""
    return not reason.code.endswith(".none") and not reason.code.startswith("money.")


def _way_out(assessment: Assessment) -> list[Reason]:
    """The programme to begin with, when something is missing."""
    work = [p for p in assessment.programmes if not p.is_money_support]
    if not work or assessment.lane.lane is Lane.NOT_ENOUGH_KNOWN:
        return []
    first = work[0]
    if assessment.lane.lane in WAY_OUT_LANES:
        code = "wayout.week" if first.weeks <= 1 else "wayout.programme"
        return [Reason.of(code, "ok", programme=programme_name(first), weeks=float(first.weeks))]
    return [Reason.of("wayout.beside", "ok", programme=programme_name(first))]


def programme_name(programme: Programme) -> str:
    """What people call it: its title, else its reference."""
    return programme.title or programme.reference


def question_reason(question: Question) -> Reason:
    """The question in words."""
    return Reason.of(f"ask.{question.field}", "ask")


def change_reason(change: Change | None, question: str | None, lane: Lane) -> Reason:
    """The one thing that would change it; `question` is the wording of an unknown's question."""
    if change is None:
        return Reason.of("change.nothing")
    kind = "lane" if change.lane is not lane else "readiness"
    facts: dict[str, object] = {"lane": change.lane.value} if kind == "lane" else {}
    if change.is_answer:
        return Reason.of(f"change.{kind}_answer", "ask", question=question, **facts)
    if change.field in LOADS:
        return Reason.of(f"change.{kind}_load", "near", load=change.field, **facts)
    assert change.field in LEVEL_MAXIMUM  # noqa: S101 - changes are levels, loads or answers
    return Reason.of(f"change.{kind}", "near", level=change.field, **facts)


def level_field(dimension: str) -> str | None:
    """The level behind a dimension, None where it is worked out from several answers."""
    return LEVEL_OF_DIMENSION.get(dimension)
