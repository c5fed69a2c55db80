"""Readiness: how far someone's levels reach what the work of a sector asks (contract.md 3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from matcher.domain.candidate import CandidateProfile
from matcher.domain.hours import available_hours
from matcher.domain.loads import load_gap
from matcher.domain.numbers import exact, hundredths
from matcher.domain.rules import ReferenceProfile, RuleSet
from matcher.domain.travel import reach_km
from matcher.domain.vocabulary import (
    BODY_LOADS,
    DIMENSIONS,
    HEAD_LOADS,
    LEVEL_OF_DIMENSION,
    START_LEVEL_DIMENSIONS,
    covers,
)

CACHED = 20_000
"""Distinct dimensions kept: the same few answers are weighed over and over in a what-if."""

ONE_STEP_SHARE = Fraction(1, 2)
"""At least half of an hours or travel need is one step short, less is two (contract.md 3)."""


DIMENSION_OF_FIELD = {
    **{level: dimension for dimension, level in LEVEL_OF_DIMENSION.items()},
    **dict.fromkeys(BODY_LOADS, "body"),
    **dict.fromkeys(HEAD_LOADS, "head"),
    "hours_max": "hours",
    "travel_max_minutes": "travel",
    "travel_modes": "travel",
}
"""The one dimension that each answer counts in; what is not here counts in none."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension against one profile.

    `level` is what is there (a level, hours, km; for loads the ability of each demand), `need`
    what is asked; `known_share` is the part of the weight that is known; `low`, `points` and
    `high` are hundredths with the unknown part at none, half and all. `gap` counts steps short
    among what is known; `is_known` is false when anything that counts is unknown.
    """

    name: str
    level: Fraction | int | Mapping[str, int | None] | None
    need: Fraction | int | Mapping[str, int]
    weight: int
    known_share: Fraction
    low: int
    points: int
    high: int
    gap: int
    is_known: bool


@dataclass(frozen=True, slots=True)
class SectorReadiness:
    """All dimensions against the profile of one wanted sector; None is no wish."""

    sector: str | None
    profile: ReferenceProfile
    dimensions: tuple[Dimension, ...]

    def __getitem__(self, name: str) -> Dimension:
        return self.dimensions[DIMENSIONS.index(name)]

    @property
    def points(self) -> int:
        """Readiness in hundredths."""
        return sum(dimension.points for dimension in self.dimensions)

    @property
    def known_share(self) -> Fraction:
        """Known weight over 100."""
        return sum((d.weight * d.known_share for d in self.dimensions), Fraction(0)) / 100

    def rescaled(self, names: Iterable[str]) -> int:
        """Readiness over some dimensions: their rounded points times 100 over their weights."""
        chosen = [self[name] for name in names]
        weight = sum(dimension.weight for dimension in chosen)
        return round(Fraction(sum(d.points for d in chosen) * 100, weight)) if weight else 0


@dataclass(frozen=True, slots=True)
class Readiness:
    """The highest over the wanted sectors, each end of the range likewise; hundredths."""

    best: SectorReadiness
    sectors: tuple[SectorReadiness, ...]
    points: int
    low: int
    high: int

    @property
    def without_money(self) -> int:
        """Readiness with the money dimension left out and the rest rescaled to 100."""
        names = tuple(name for name in DIMENSIONS if name != "money")
        return max(sector.rescaled(names) for sector in self.sectors)

    @property
    def start_level(self) -> int:
        """Readiness without money, home and direction: for floors, quartiles and comparisons."""
        return max(sector.rescaled(START_LEVEL_DIMENSIONS) for sector in self.sectors)


def wanted_sectors(candidate: CandidateProfile) -> tuple[str | None, ...]:
    """The wanted sectors without those that a never covers; (None,) when nothing is left."""
    left = tuple(
        sector
        for sector in candidate.sectors
        if not any(covers(never, sector) for never in candidate.sectors_never)
    )
    return left or (None,)


def assess_readiness(candidate: CandidateProfile, rules: RuleSet) -> Readiness:
    """Readiness over the wanted sectors; at equal readiness the first in the candidate's order.

    The candidate's levels must be current already (``without_expired``).
    """
    return _highest(
        tuple(sector_readiness(candidate, sector, rules) for sector in wanted_sectors(candidate))
    )


def revise_readiness(
    readiness: Readiness, candidate: CandidateProfile, field: str, rules: RuleSet
) -> Readiness:
    """The readiness of `candidate`, who differs from the one assessed in `field` alone.

    Only the dimension behind `field` is worked out again; equal to assessing anew.
    """
    name = DIMENSION_OF_FIELD.get(field)
    if name is None:
        return readiness
    position = DIMENSIONS.index(name)
    return _highest(
        tuple(
            replace(
                sector,
                dimensions=(
                    *sector.dimensions[:position],
                    _dimension(name, candidate, sector.profile, rules),
                    *sector.dimensions[position + 1 :],
                ),
            )
            for sector in readiness.sectors
        )
    )


def _highest(sectors: tuple[SectorReadiness, ...]) -> Readiness:
    best = max(sectors, key=lambda sector: sector.points)
    return Readiness(
        best=best,
        sectors=sectors,
        points=best.points,
        low=max(sum(d.low for d in sector.dimensions) for sector in sectors),
        high=max(sum(d.high for d in sector.dimensions) for sector in sectors),
    )


def sector_readiness(
    candidate: CandidateProfile, sector: str | None, rules: RuleSet
) -> SectorReadiness:
    """Every dimension of `candidate` against the profile of `sector`."""
    profile = rules.profile_for(sector)
    dimensions = tuple(_dimension(name, candidate, profile, rules) for name in DIMENSIONS)
    return SectorReadiness(sector, profile, dimensions)


def _dimension(
    name: str, candidate: CandidateProfile, profile: ReferenceProfile, rules: RuleSet
) -> Dimension:
    weight = rules.weights[name]
    if name in LEVEL_OF_DIMENSION:
        level = candidate.level(LEVEL_OF_DIMENSION[name])
        return _level_dimension(name, level, getattr(profile, name), weight)
    if name == "body":
        return _load_dimension(name, candidate, profile, BODY_LOADS, weight, rules)
    if name == "head":
        return _load_dimension(name, candidate, profile, HEAD_LOADS, weight, rules)
    if name == "hours":
        hours = (
            None
            if candidate.hours_max is None
            else exact(available_hours(candidate, profile.shifts, rules.shifts))
        )
        return _share_dimension(name, hours, exact(profile.hours), weight)
    if name == "travel":
        reach = reach_km(candidate, rules.travel)
        return _share_dimension(name, reach, exact(profile.reach_km), weight)
    return _level_dimension(name, 1 if candidate.sectors else None, 1, weight)


@lru_cache(maxsize=CACHED)
def _level_dimension(name: str, level: int | None, need: int, weight: int) -> Dimension:
    """weight x min(1, level / need); a need of 0 is met and known."""
    if need == 0:
        return _made(name, level, need, weight, Fraction(1), Fraction(0), 0)
    if level is None:
        return _made(name, level, need, weight, Fraction(0), Fraction(1), 0)
    share = min(Fraction(1), Fraction(level, need))
    return _made(name, level, need, weight, share, Fraction(0), max(0, need - level))


@lru_cache(maxsize=CACHED)
def _share_dimension(name: str, value: Fraction | None, need: Fraction, weight: int) -> Dimension:
    """weight x min(1, value / need); half the need or more is one step short, less is two."""
    if need == 0:
        return _made(name, value, need, weight, Fraction(1), Fraction(0), 0)
    if value is None:
        return _made(name, value, need, weight, Fraction(0), Fraction(1), 0)
    share = min(Fraction(1), value / need)
    gap = 0 if share == 1 else 1 if share >= ONE_STEP_SHARE else 2
    return _made(name, value, need, weight, share, Fraction(0), gap)


def _load_dimension(
    name: str,
    candidate: CandidateProfile,
    profile: ReferenceProfile,
    loads: Iterable[str],
    weight: int,
    rules: RuleSet,
) -> Dimension:
    """The weight shared equally over the demands that the profile rates some or much."""
    rated = tuple(
        (load, demand, candidate.level(load))
        for load in loads
        if (demand := profile.demands.get(load, 0)) > 0
    )
    shares = tuple(rules.load_share[gap] for gap in sorted(rules.load_share))
    return _rated_loads(name, rated, weight, shares)


@lru_cache(maxsize=CACHED)
def _rated_loads(
    name: str, rated: tuple[tuple[str, int, int | None], ...], weight: int, shares: tuple[int, ...]
) -> Dimension:
    demands = {load: demand for load, demand, _ in rated}
    abilities = {load: ability for load, _, ability in rated}
    if not rated:
        return _made(name, abilities, demands, weight, Fraction(1), Fraction(0), 0)
    part = Fraction(1, len(rated))
    gaps = [load_gap(demand, ability) for _, demand, ability in rated if ability is not None]
    known = part * Fraction(sum(shares[gap] for gap in gaps), 100)
    unknown = part * (len(rated) - len(gaps))
    return _made(name, abilities, demands, weight, known, unknown, max(gaps, default=0))


def _made(
    name: str,
    level: Fraction | int | Mapping[str, int | None] | None,
    need: Fraction | int | Mapping[str, int],
    weight: int,
    known: Fraction,
    unknown: Fraction,
    gap: int,
) -> Dimension:
    return Dimension(
        name=name,
        level=level,
        need=need,
        weight=weight,
        known_share=1 - unknown,
        low=hundredths(weight * known),
        points=hundredths(weight * (known + unknown / 2)),
        high=hundredths(weight * (known + unknown)),
        gap=gap,
        is_known=unknown == 0,
    )
