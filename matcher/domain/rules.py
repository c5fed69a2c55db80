"""The values of a rule set, as the rules read them; the YAML behind it stands in ``data/rules``.

No weight, threshold or speed is written in code: every number that a rule uses comes from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from matcher.domain.vocabulary import Lane, section_of


class RuleSetError(ValueError):
    """A rule set that cannot be used; the message names the file, the key and the way out."""


@dataclass(frozen=True, slots=True)
class ReferenceProfile:
    """What the work of one sector asks for, against which readiness is measured.

    `rhythm`, `work_skills`, `speaking`, `reading`, `money` and `home` are levels; `hours` hours a
    week; `reach_km` kilometres within the candidate's maximum; `demands` load -> 0, 1, 2;
    `shifts` the shifts whose windows count. Profiles have nothing adaptable.
    """

    sector: str
    rhythm: int
    work_skills: int
    speaking: int
    reading: int
    money: int
    home: int
    hours: int
    reach_km: int
    demands: Mapping[str, int]
    shifts: tuple[str, ...] = ("day",)


@dataclass(frozen=True, slots=True)
class LaneThresholds:
    """The numbers in the lane rules of contract.md section 3."""

    unknown_for_not_enough: int
    unknown_for_ready_now: int
    guidance_ready_now: float
    guidance_with_support: float
    money_calm: int
    home_arranged: int
    gap_steps_with_support: int
    gap_dimensions_with_support: int
    other_route_steps: int
    horizon_weeks: int
    review_days: Mapping[Lane, int]


@dataclass(frozen=True, slots=True)
class FitPoints:
    """Points of fit in hundredths; all tables together reach 100.00 at most.

    `sector` by how the wish relates to the sector, less `sector_rank_step` for each earlier wish;
    `levels` per level name by steps short; `load` full points less a `half_step` for each half step
    of gap (an unknown counts as half a step); `travel_share_steps` are (percent of the maximum,
    points); the others by state.
    """

    sector: Mapping[str, int]
    sector_rank_step: int
    levels: Mapping[str, Mapping[str, int]]
    load: Mapping[str, int]
    hours: Mapping[str, int]
    travel: Mapping[str, int]
    travel_share_steps: tuple[tuple[int, int], ...]
    guidance: Mapping[str, int]
    experience: Mapping[str, int]
    education: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SmallEmployerLimits:
    """P-6: sizes in FTE, and what counts when the size or the guidance need is unknown."""

    smallest_below: float
    small_below: float
    unknown_counts_as: float
    gaps_allowed_small: int


@dataclass(frozen=True, slots=True)
class TravelRules:
    """Speeds in km/h over the road, the detour on the straight line, and the public transport day.

    `public_transport_from` and `public_transport_until` are minutes after midnight: a day that
    starts before or ends after has an unknown public transport time, not a number.
    """

    speed_km_h: Mapping[str, float]
    detour_percent: int
    minimum_km: float
    public_transport_from: int
    public_transport_until: int


@dataclass(frozen=True, slots=True)
class ShiftRules:
    """Which windows each shift uses, and the hours they are worth."""

    windows: Mapping[str, Mapping[str, tuple[str, ...]]]
    hours_full_day: int
    hours_window: int
    hours_week_maximum: int
    ends_at: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TrajectoryRules:
    """Bounds of a plan: steps, weeks, how big a step may be before a reason must be given."""

    steps_maximum: int
    horizon_weeks: int
    hours_step_maximum: int
    new_demands_maximum: int
    together_maximum: int
    stepped_start_hours: tuple[int, ...]
    stepped_start_weeks: int
    beside_hours_maximum: int


@dataclass(frozen=True, slots=True)
class AllocationRules:
    """What an allocation assumes where something is unknown, and how many pairs it works with.

    `unknown_guidance_hours` and `hours_a_buddy` are hours a week; above `pairs_maximum` feasible
    pairs each side keeps its best `pairs_kept`; a floor is kept for `floor_groups` equal groups by
    start level.
    """

    unknown_guidance_hours: float
    hours_a_buddy: float
    pairs_maximum: int
    pairs_kept: int
    floor_groups: int


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Everything the rules of one region read, on one version.

    `version` names file versions in order, for the record of every assessment. `weights` sum to
    100; `guidance_bands` are (upper bound in hours, value that counts).
    """

    slug: str
    version: str
    valid_from: date
    valid_until: date | None
    weights: Mapping[str, int]
    profiles: Mapping[str, ReferenceProfile]
    lanes: LaneThresholds
    fit: FitPoints
    small_employers: SmallEmployerLimits
    travel: TravelRules
    shifts: ShiftRules
    trajectory: TrajectoryRules
    guidance_bands: tuple[tuple[float, float], ...]
    shelf_life_weeks: Mapping[str, int]
    load_share: Mapping[int, int]
    certainty: Mapping[str, int]
    allocation: AllocationRules
    adopted_on: date | None = None
    money_rules: Mapping[str, object] | None = field(default=None, compare=False)

    def profile_for(self, sector: str | None) -> ReferenceProfile:
        """The reference profile of a division, else of its section, else the default."""
        if sector is not None:
            for key in (sector, section_of(sector)):
                if key in self.profiles:
                    return self.profiles[key]
        return self.profiles["default"]

    def guidance_value(self, hours: float | None) -> float | None:
        """The value of the band that `hours` a week fall in; unknown stays unknown."""
        if hours is None:
            return None
        for upper, value in self.guidance_bands:
            if hours <= upper:
                return value
        return self.guidance_bands[-1][1]
