"""What is known of one candidate, as the rules may see it.

Benefit and year of birth cannot be held here: they live in ``AuditAttributes`` under a key of
their own, so that no score can read them (P-4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from matcher.domain.vocabulary import LOADS


@dataclass(frozen=True, slots=True)
class CandidateProfile:
    """One candidate; None is *unknown*, never zero.

    Levels are 0 to ``LEVEL_MAXIMUM``, load abilities 0 (cannot), 1 (partly), 2 (can); hours are
    hours a week; `travel_max_minutes` is one way, door to door. `licences` and `credentials` hold
    what has been shown. `occupations` are (ISCO-08 code, years or None).
    """

    reference: str
    region: str
    pc4: int | None = None
    travel_max_minutes: int | None = None
    travel_modes: frozenset[str] | None = None
    licences: frozenset[str] = frozenset()
    sectors: tuple[str, ...] = ()
    sectors_never: frozenset[str] = frozenset()
    wants_start: str | None = None
    adult: bool | None = None
    paused_until: date | None = None
    current_hours: float | None = None
    hours_min: float | None = None
    hours_max: float | None = None
    blocked: frozenset[str] = frozenset()
    start_from: date | None = None
    rhythm: int | None = None
    work_skills: int | None = None
    money: int | None = None
    language_speak: int | None = None
    language_read: int | None = None
    home_base: int | None = None
    digital: int | None = None
    lift: int | None = None
    stand: int | None = None
    walk: int | None = None
    bend: int | None = None
    outdoor: int | None = None
    height: int | None = None
    pace: int | None = None
    interruptions: int | None = None
    group: int | None = None
    alone: int | None = None
    customers: int | None = None
    credentials: frozenset[str] = frozenset()
    education: int | None = None
    occupations: tuple[tuple[str, float | None], ...] = ()
    guidance_need: float | None = None
    observed_on: date | None = None
    waiting_since: date | None = None

    def level(self, name: str) -> int | None:
        """The level or load ability called `name`; None is unknown."""
        value: int | None = getattr(self, name)
        return value

    def with_values(self, values: Mapping[str, Any]) -> CandidateProfile:
        """A copy with `values` in place; the original stays as it is."""
        return replace(self, **values)

    def is_paused(self, on: date) -> bool:
        """Whether `paused_until` lies after `on`: assessed as usual, but not matched."""
        return self.paused_until is not None and self.paused_until > on


def without_expired(
    candidate: CandidateProfile, shelf_life_weeks: Mapping[str, int], on: date
) -> CandidateProfile:
    """The candidate with every level past its shelf life on `on` set to unknown.

    A level holds for its weeks counted from `observed_on` and is unknown from the day after; an
    empty `observed_on` means current (contract.md section 3). `shelf_life_weeks` names levels, and
    ``loads`` for all load abilities.
    """
    if candidate.observed_on is None:
        return candidate
    age = on - candidate.observed_on
    if age <= timedelta(weeks=min(shelf_life_weeks.values(), default=0)):
        return candidate
    expired: dict[str, None] = {}
    for name, weeks in shelf_life_weeks.items():
        if age <= timedelta(weeks=weeks):
            continue
        for field in LOADS if name == "loads" else (name,):
            if getattr(candidate, field) is not None:
                expired[field] = None
    return candidate.with_values(expired) if expired else candidate


@dataclass(frozen=True, slots=True)
class AuditAttributes:
    """What only the social return value and the group audit may read, kept apart from scoring."""

    reference: str
    benefit: str | None = None
    birth_year: int | None = None
