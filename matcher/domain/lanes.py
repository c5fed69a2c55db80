"""Lanes: what now. Exactly one rule fires for each sector, and the number plays no part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matcher.domain.candidate import CandidateProfile
from matcher.domain.readiness import Readiness, SectorReadiness
from matcher.domain.rules import RuleSet
from matcher.domain.vocabulary import GAP_DIMENSIONS, LANE_DIMENSIONS, Lane

RULES: dict[int, Lane] = {
    1: Lane.NOT_ENOUGH_KNOWN,
    2: Lane.READY_NOW,
    3: Lane.READY_WITH_SUPPORT,
    4: Lane.OTHER_ROUTE,
    5: Lane.PRE_PLACEMENT,
}
"""The lane that each rule of contract.md section 3 gives."""

OutOfReach = Callable[[SectorReadiness], bool]
"""Whether no sequence of programmes brings the levels near this sector's needs (rule 4)."""


@dataclass(frozen=True, slots=True)
class LaneResult:
    """The best lane over the sectors, the rule that fired, and the sector it fired for."""

    lane: Lane
    rule: int
    sector: SectorReadiness


def assess_lane(
    candidate: CandidateProfile, readiness: Readiness, rules: RuleSet, out_of_reach: OutOfReach
) -> LaneResult:
    """The best lane over the wanted sectors; the first sector in order where lanes are equal."""
    results = []
    for sector in readiness.sectors:
        rule = lane_rule(candidate, sector, rules, out_of_reach)
        results.append(LaneResult(RULES[rule], rule, sector))
    return min(results, key=lambda result: result.lane.order)


def lane_rule(
    candidate: CandidateProfile, sector: SectorReadiness, rules: RuleSet, out_of_reach: OutOfReach
) -> int:
    """The first of the five rules that holds for one sector (contract.md section 3)."""
    limits = rules.lanes
    unknown = [name for name in LANE_DIMENSIONS if not sector[name].is_known]
    gaps = [sector[name].gap for name in GAP_DIMENSIONS if sector[name].gap > 0]
    guidance = rules.guidance_value(candidate.guidance_need)
    if (
        "rhythm" in unknown
        or "work_skills" in unknown
        or len(unknown) >= limits.unknown_for_not_enough
    ):
        return 1
    if (
        len(unknown) <= limits.unknown_for_ready_now
        and not gaps
        and (guidance is None or guidance <= limits.guidance_ready_now)
        and (candidate.money is None or candidate.money >= limits.money_calm)
        and (candidate.home_base is None or candidate.home_base >= limits.home_arranged)
    ):
        return 2
    if (
        all(gap <= limits.gap_steps_with_support for gap in gaps)
        and len(gaps) <= limits.gap_dimensions_with_support
        and (guidance is None or guidance <= limits.guidance_with_support)
    ):
        return 3
    return 4 if out_of_reach(sector) else 5
