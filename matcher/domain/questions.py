"""What to ask next: the answers that could change the lane or narrow the range most."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from matcher.domain.candidate import CandidateProfile
from matcher.domain.readiness import Readiness, revise_readiness
from matcher.domain.rules import RuleSet
from matcher.domain.vocabulary import (
    ABILITY_MAXIMUM,
    LEVEL_MAXIMUM,
    LOADS,
    MODES,
    Lane,
)

QUESTIONS_MAXIMUM = 2
"""Two at most: a longer list is not asked (contract.md section 3)."""

NEEDS_A_TRYOUT = frozenset({"work_skills"})
"""What cannot be answered on the spot: seen by a named person while trying (practice 4)."""

HOURS_TRIED = (8.0, 16.0, 24.0, 32.0, 40.0)
MINUTES_TRIED = (15, 30, 45, 60, 90)
MODES_TRIED = (frozenset({"walk"}), frozenset({"bike"}), frozenset(MODES))
"""Answers tried for a question without levels: they span what a rule can tell apart."""


@dataclass(frozen=True, slots=True)
class Question:
    """One unknown worth asking: `field`, points (hundredths) by which it narrows the range, whether
    an answer could change the lane, and whether it can be answered on the spot."""

    field: str
    narrows: int
    changes_lane: bool
    on_the_spot: bool


def unknown_answers(candidate: CandidateProfile) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each unknown that readiness or a lane reads, with the answers to try for it."""
    for name, top in LEVEL_MAXIMUM.items():
        if name != "digital" and candidate.level(name) is None:
            yield name, [{name: level} for level in range(top + 1)]
    for load in LOADS:
        if candidate.level(load) is None:
            yield load, [{load: ability} for ability in range(ABILITY_MAXIMUM + 1)]
    if candidate.hours_max is None:
        yield "hours_max", [{"hours_max": hours} for hours in HOURS_TRIED]
    if candidate.travel_max_minutes is None:
        yield "travel_max_minutes", [{"travel_max_minutes": minutes} for minutes in MINUTES_TRIED]
    if not candidate.travel_modes:
        yield "travel_modes", [{"travel_modes": modes} for modes in MODES_TRIED]


def questions_worth_asking(
    candidate: CandidateProfile,
    readiness: Readiness,
    lane: Lane,
    rules: RuleSet,
    lane_of: Callable[[CandidateProfile, Readiness], Lane],
) -> tuple[Question, ...]:
    """Every unknown that would tell something, most worth asking first.

    Answerable on the spot comes first, then what could change the lane, then what narrows the
    range most. A lane changes when one answer alone changes it, or when it is one of the unknowns
    that keep the lane from being given.
    """
    found = []
    for order, (field, answers) in enumerate(unknown_answers(candidate)):
        width = 0
        changes = False
        for answer in answers:
            filled = candidate.with_values(answer)
            after = revise_readiness(readiness, filled, field, rules)
            narrowed = (readiness.high - readiness.low) - (after.high - after.low)
            width = max(width, narrowed)
            changes = changes or lane_of(filled, after) is not lane
        if lane is Lane.NOT_ENOUGH_KNOWN and _keeps_lane_open(field, readiness):
            changes = True
        if width or changes:
            question = Question(field, width, changes, field not in NEEDS_A_TRYOUT)
            found.append((question, order))
    if not candidate.sectors:
        weight = rules.weights["direction"] * 100
        found.append((Question("sectors", weight, False, True), len(found)))
    found.sort(
        key=lambda item: (
            not item[0].on_the_spot,
            not item[0].changes_lane,
            -item[0].narrows,
            item[1],
        )
    )
    return tuple(question for question, _ in found)


def _keeps_lane_open(field: str, readiness: Readiness) -> bool:
    """Whether `field` is one of the unknowns behind *not enough known*."""
    from_dimension = {
        "rhythm": "rhythm",
        "work_skills": "work_skills",
        "language_speak": "speaking",
        "hours_max": "hours",
        "travel_max_minutes": "travel",
        "travel_modes": "travel",
    }
    if field in LOADS:
        return field in readiness.best.profile.demands
    name = from_dimension.get(field)
    return name is not None and not readiness.best[name].is_known
