"""Getting there: minutes by mode, whether they fit, and how far someone can reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil

from matcher.domain.candidate import CandidateProfile
from matcher.domain.numbers import exact
from matcher.domain.places import Places
from matcher.domain.rules import TravelRules
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import MODES

MINUTES_AN_HOUR = 60


class TravelState(StrEnum):
    """Whether the way fits: within the maximum, over it, or not known."""

    WITHIN = "within"
    OVER = "over"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Travel:
    """The way to one place: `minutes` one way by `mode`, the fastest that is known."""

    state: TravelState
    minutes: int | None = None
    mode: str | None = None
    no_usable_mode: bool = False
    early: bool = False


def mode_minutes(distance_km: float, mode: str, rules: TravelRules) -> int:
    """Minutes one way, rounded up, over the road at the documented speed of `mode`."""
    road = max(distance_km * rules.detour_percent / 100, rules.minimum_km)
    return ceil(road / rules.speed_km_h[mode] * MINUTES_AN_HOUR)


def public_transport_runs(vacancy: VacancyProfile, rules: TravelRules, ends_at: int | None) -> bool:
    """False for a day that starts before or ends after public transport can be counted on.

    `ends_at` is the end of the shift in minutes after midnight, None when it is not known.
    """
    if vacancy.day_starts_at is not None:
        start = vacancy.day_starts_at.hour * MINUTES_AN_HOUR + vacancy.day_starts_at.minute
        if not rules.public_transport_from <= start < rules.public_transport_until:
            return False
    return ends_at is None or ends_at <= rules.public_transport_until


def day_ends_at(vacancy: VacancyProfile, ends_at: Mapping[str, int]) -> int | None:
    """When the working day ends, by the earliest-ending of the vacancy's shifts."""
    ends = [ends_at[shift] for shift in vacancy.shifts if shift in ends_at]
    return min(ends) if ends else None


def travel_to(
    candidate: CandidateProfile,
    vacancy: VacancyProfile,
    places: Places,
    rules: TravelRules,
    ends_at: Mapping[str, int],
) -> Travel:
    """The way from the candidate's postcode to where the day starts (contract.md section 2).

    Usable modes are the candidate's that the site can be reached by; licences play no part. The
    fastest known one counts if within the maximum; otherwise travel is unknown while a usable mode
    is unknown, else over. No usable mode is over the maximum; an unknown postcode gives unknown.
    """
    if not candidate.travel_modes:
        return Travel(TravelState.UNKNOWN)
    usable = [
        mode
        for mode in MODES
        if mode in candidate.travel_modes
        and (not vacancy.reachable_by or mode in vacancy.reachable_by)
    ]
    if not usable:
        return Travel(TravelState.OVER, no_usable_mode=True)
    distance = places.distance_km(candidate.pc4, vacancy.site_pc4)
    if distance is None:
        return Travel(TravelState.UNKNOWN)
    runs = public_transport_runs(vacancy, rules, day_ends_at(vacancy, ends_at))
    known = [mode for mode in usable if mode != "public_transport" or runs]
    early = len(known) < len(usable)
    if not known:
        return Travel(TravelState.UNKNOWN, early=True)
    minutes, _, mode = min(
        (mode_minutes(distance, mode, rules), MODES.index(mode), mode) for mode in known
    )
    if candidate.travel_max_minutes is None:
        return Travel(TravelState.UNKNOWN, minutes, mode, early=early)
    if minutes <= candidate.travel_max_minutes:
        return Travel(TravelState.WITHIN, minutes, mode, early=early)
    state = TravelState.UNKNOWN if early else TravelState.OVER
    return Travel(state, minutes, mode, early=early)


def reach_km(candidate: CandidateProfile, rules: TravelRules) -> Fraction | None:
    """Kilometres over the road within the candidate's maximum, by the fastest of their modes.

    None when the maximum or the modes are unknown.
    """
    if candidate.travel_max_minutes is None or not candidate.travel_modes:
        return None
    fastest = max(exact(rules.speed_km_h[mode]) for mode in candidate.travel_modes)
    return fastest * candidate.travel_max_minutes / MINUTES_AN_HOUR
