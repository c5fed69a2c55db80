"""Hours a week: what the free windows allow, and whether the maxima reach the minima."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from matcher.domain.candidate import CandidateProfile
from matcher.domain.rules import ShiftRules
from matcher.domain.vacancy import VacancyProfile


class HoursState(StrEnum):
    """How a candidate's hours meet a vacancy's."""

    FULL = "full"
    PART = "part"
    UNKNOWN = "unknown"
    HOURS = "hours"
    WINDOWS = "windows"

    @property
    def blocks(self) -> bool:
        """Whether the pair is blocked, on the hours or on the windows."""
        return self in (HoursState.HOURS, HoursState.WINDOWS)


def workable_hours(blocked: frozenset[str], shifts: Iterable[str], rules: ShiftRules) -> int:
    """Hours a week that fit in the best of `shifts` (contract.md section 2).

    Eight on a day where all windows of the shift are free, else four for each free window, forty a
    week at most; the numbers stand in the rule set.
    """
    return max((_hours_in(blocked, shift, rules) for shift in shifts), default=0)


def _hours_in(blocked: frozenset[str], shift: str, rules: ShiftRules) -> int:
    total = 0
    for windows in rules.windows[shift].values():
        free = sum(window not in blocked for window in windows)
        total += rules.hours_full_day if free == len(windows) else free * rules.hours_window
    return min(total, rules.hours_week_maximum)


def hours_state(
    candidate: CandidateProfile, vacancy: VacancyProfile, rules: ShiftRules
) -> HoursState:
    """Blocked on ``hours`` or ``windows``, or how far the week fits; unknown terms are left out.

    ``windows`` when it would not block without the workable hours, else ``hours``.
    """
    workable = workable_hours(candidate.blocked, vacancy.shifts, rules)
    floors = [value for value in (candidate.hours_min, vacancy.hours_min) if value is not None]
    ceilings = [value for value in (candidate.hours_max, vacancy.hours_max) if value is not None]
    if floors:
        floor = max(floors)
        if ceilings and min(ceilings) < floor:
            return HoursState.HOURS
        if workable < floor:
            return HoursState.WINDOWS
    if candidate.hours_max is None or (vacancy.hours_max is None and vacancy.hours_min is None):
        return HoursState.UNKNOWN
    asked = vacancy.hours_max if vacancy.hours_max is not None else vacancy.hours_min
    available = min(candidate.hours_max, workable)
    return HoursState.FULL if asked is not None and available >= asked else HoursState.PART


def available_hours(candidate: CandidateProfile, shifts: Iterable[str], rules: ShiftRules) -> float:
    """Hours a week someone can give in `shifts`; an unknown maximum leaves the windows only."""
    workable = workable_hours(candidate.blocked, shifts, rules)
    return workable if candidate.hours_max is None else min(candidate.hours_max, workable)
