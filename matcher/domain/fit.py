"""Fit: how good a pair is together, in hundredths of a point from tables in the rule set.

Money, home, benefit, age and the kind of employer have no component (P-3, P-4).
"""

from __future__ import annotations

from dataclasses import dataclass

from matcher.domain.candidate import CandidateProfile
from matcher.domain.hours import HoursState
from matcher.domain.loads import LoadGaps
from matcher.domain.rules import FitPoints, RuleSet
from matcher.domain.travel import Travel, TravelState
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import EDUCATION_MAXIMUM, NEED_LEVELS, covers, section_of
from matcher.domain.wording import Reason


@dataclass(frozen=True, slots=True)
class Component:
    """One named part of fit with its points in hundredths and why."""

    name: str
    points: int
    reason: Reason


def fit_components(
    candidate: CandidateProfile,
    vacancy: VacancyProfile,
    travel: Travel,
    hours: HoursState,
    loads: LoadGaps,
    rules: RuleSet,
) -> tuple[Component, ...]:
    """Every component of fit, in a fixed order; their points add up to the fit (P-9)."""
    points = rules.fit
    guidance = guidance_state(rules.guidance_value(candidate.guidance_need), vacancy.guidance_hours)
    return (
        _sector(candidate, vacancy, points),
        *(_level(candidate, vacancy, name, points) for name in NEED_LEVELS),
        _load(loads, points),
        _of("hours", hours_points(hours, points), f"fit.hours.{_hours_key(hours)}"),
        _travel(candidate, travel, points),
        _of("guidance", points.guidance[guidance], f"fit.guidance.{guidance}"),
        _table("experience", experience_state(candidate, vacancy), points.experience),
        _table("education", education_state(candidate, vacancy), points.education),
    )


TONES = {
    "met": "ok",
    "full": "ok",
    "within": "ok",
    "same": "ok",
    "wished": "ok",
    "related": "ok",
    "near": "near",
    "part": "near",
    "one_short": "near",
    "short": "near",
    "other": "near",
    "unknown": "ask",
    "no_preference": "ask",
    "over": "no",
    "more_short": "no",
    "never": "no",
}
"""How each state of a component is drawn."""


def _of(name: str, points: int, code: str, **params: object) -> Component:
    return Component(name, points, Reason.of(code, TONES[code.rsplit(".", 1)[1]], **params))


def _table(name: str, state: str, table: object) -> Component:
    assert isinstance(table, dict)  # noqa: S101 - rule tables are dicts, read from YAML
    return _of(name, table[state], f"fit.{name}.{state}")


def sector_state(candidate: CandidateProfile, sector: str) -> tuple[str, int]:
    """How the wish relates to a sector, and the place of the wish in the candidate's order."""
    if any(covers(never, sector) for never in candidate.sectors_never):
        return "never", 0
    if not candidate.sectors:
        return "no_preference", 0
    for rank, wish in enumerate(candidate.sectors):
        if covers(wish, sector):
            return "wished", rank
    if any(section_of(wish) == section_of(sector) for wish in candidate.sectors):
        return "near", 0
    return "other", 0


def sector_points(candidate: CandidateProfile, sector: str, points: FitPoints) -> int:
    """Points for the sector: less for each earlier wish, never under those of a near sector."""
    state, rank = sector_state(candidate, sector)
    if state != "wished":
        return points.sector[state]
    return max(points.sector["wished"] - rank * points.sector_rank_step, points.sector["near"])


def _sector(candidate: CandidateProfile, vacancy: VacancyProfile, points: FitPoints) -> Component:
    state, _ = sector_state(candidate, vacancy.sector)
    return _of(
        "sector",
        sector_points(candidate, vacancy.sector, points),
        f"fit.sector.{state}",
        sector=vacancy.sector,
    )


def level_state(level: int | None, need: int | None) -> str:
    """How a level meets a need: met, one_short, more_short or unknown."""
    if need == 0:
        return "met"
    if level is None or need is None:
        return "unknown"
    short = need - level
    return "met" if short <= 0 else "one_short" if short == 1 else "more_short"


def _level(
    candidate: CandidateProfile, vacancy: VacancyProfile, name: str, points: FitPoints
) -> Component:
    state = level_state(candidate.level(name), vacancy.need(name))
    code = f"fit.level.{state}"
    return Component(name, points.levels[name][state], Reason.of(code, TONES[state], level=name))


def load_points(half_steps: int, points: FitPoints) -> int:
    """Points for the load: full, less a fixed number for each half step of gap, never negative."""
    return max(0, points.load["full"] - half_steps * points.load["half_step"])


def _load(loads: LoadGaps, points: FitPoints) -> Component:
    if loads.known:
        code, params = "fit.load.near", {"load": tuple(loads.known)}
    elif loads.unknown:
        code, params = "fit.load.unknown", {"load": loads.unknown}
    else:
        code, params = "fit.load.met", {}
    return _of("load", load_points(loads.half_steps, points), code, **params)


def _hours_key(hours: HoursState) -> str:
    return "short" if hours.blocks else hours.value


def hours_points(hours: HoursState, points: FitPoints) -> int:
    """Points for the week."""
    return points.hours[_hours_key(hours)]


def travel_points(travel: Travel, maximum: int | None, points: FitPoints) -> int:
    """Points for the way: by the share of the maximum that it takes."""
    if travel.state is not TravelState.WITHIN or travel.minutes is None or maximum is None:
        return points.travel[travel.state.value]
    for percent, worth in points.travel_share_steps:
        if travel.minutes * 100 <= percent * maximum:
            return worth
    return points.travel_share_steps[-1][1]


def _travel(candidate: CandidateProfile, travel: Travel, points: FitPoints) -> Component:
    worth = travel_points(travel, candidate.travel_max_minutes, points)
    if travel.state is TravelState.WITHIN:
        return _of("travel", worth, "fit.travel.within", minutes=travel.minutes, mode=travel.mode)
    code = "fit.travel_early.unknown" if travel.early else f"fit.travel.{travel.state.value}"
    return _of("travel", worth, code)


def guidance_state(need: float | None, offered: float | None) -> str:
    """Whether the site's guidance hours carry the candidate's band."""
    if need is None or offered is None:
        return "unknown"
    return "met" if need <= offered else "over"


def experience_state(candidate: CandidateProfile, vacancy: VacancyProfile) -> str:
    """Same ISCO-08 unit group, same sub-major group (two digits), other, or not known."""
    if vacancy.occupation is None or not candidate.occupations:
        return "unknown"
    codes = {code for code, _ in candidate.occupations}
    if vacancy.occupation in codes:
        return "same"
    if vacancy.occupation[:2] in {code[:2] for code in codes}:
        return "related"
    return "other"


def education_state(candidate: CandidateProfile, vacancy: VacancyProfile) -> str:
    """Whether the education asked for is held; level 1 asks for nothing (VUM levels)."""
    if vacancy.education == 1 or candidate.education == EDUCATION_MAXIMUM:
        return "met"
    if vacancy.education is None or candidate.education is None:
        return "unknown"
    return "met" if candidate.education >= vacancy.education else "short"
