"""What the catalogue can do for someone: the soonest way to levels, and help beside work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from datetime import date, timedelta

from matcher.domain.candidate import CandidateProfile
from matcher.domain.conditions import Condition, State
from matcher.domain.hours import available_hours
from matcher.domain.pairs import Setting
from matcher.domain.programme import Programme
from matcher.domain.readiness import Dimension, SectorReadiness
from matcher.domain.search import Bounds, Commitment, Opening, Target, search, start_days
from matcher.domain.vocabulary import (
    BODY_LOADS,
    EVIDENCE,
    GAP_DIMENSIONS,
    HEAD_LOADS,
    LEVEL_MAXIMUM,
    LEVEL_OF_DIMENSION,
    LEVELS,
    LOADS,
    MODES,
)

OTHER_ROUTE_DIMENSIONS = ("rhythm", "work_skills", "speaking", "reading")
"""Only these can give the lane *another way, together* (contract.md section 3, rule 4)."""

PROGRAMME_SHIFTS = ("day",)
"""Programmes run by day, so the day's free windows bound the hours someone has for them."""

MODES_HELP = frozenset(MODES)
"""What a travel gap asks of a programme: any way to travel."""

Floors = tuple[tuple[str, int], ...]
"""Levels or load abilities that must be reached: (name, level)."""


class Pathways:
    """The programmes on one day under one rule set; equal questions are searched once."""

    def __init__(self, programmes: Sequence[Programme], setting: Setting) -> None:
        self.programmes = tuple(sorted(programmes, key=lambda p: p.reference))
        self.setting = setting
        self._reach: dict[tuple[object, ...], bool] = {}

    def bounds(
        self,
        candidate: CandidateProfile,
        commitments: tuple[Commitment, ...] = (),
        *,
        levels_only: bool = False,
    ) -> Bounds:
        """The room `candidate` has for programmes.

        With `levels_only`, hours, loads and the day someone is free from play no part: they never
        give the lane *another way* (contract.md section 3, rule 4).
        """
        rules, on = self.setting.rules, self.setting.on
        start = candidate.start_from
        free = available_hours(candidate, PROGRAMME_SHIFTS, rules.shifts)
        return Bounds(
            from_on=on if levels_only or start is None else max(on, start),
            until=on + timedelta(weeks=rules.trajectory.horizon_weeks),
            steps=rules.trajectory.steps_maximum,
            together=rules.trajectory.together_maximum,
            capacity=rules.shifts.hours_week_maximum if levels_only else free,
            commitments=commitments,
            levels_only=levels_only,
        )

    def out_of_reach(self, candidate: CandidateProfile, sector: SectorReadiness) -> bool:
        """Rule 4: no sequence within the horizon brings the four levels near the sector's needs."""
        steps = self.setting.rules.lanes.other_route_steps
        floors = level_floors(sector, OTHER_ROUTE_DIMENSIONS, steps - 1)
        if not floors:
            return False
        key = (
            floors,
            tuple(candidate.level(name) for name in LEVELS if name != "money"),
            candidate.credentials,
            candidate.licences,
        )
        if key not in self._reach:
            self._reach[key] = self._way(candidate, floors, levels_only=True) is not None
        return not self._reach[key]

    def way_to(self, candidate: CandidateProfile, floors: Floors) -> Opening | None:
        """The soonest sequence to `floors` within the candidate's own hours; None without one."""
        return self._way(candidate, floors, levels_only=False)

    def _way(
        self, candidate: CandidateProfile, floors: Floors, *, levels_only: bool
    ) -> Opening | None:
        bounds = self.bounds(candidate, levels_only=levels_only)
        conditions = tuple(Condition("level", name, floor) for name, floor in floors)
        target = Target("levels", conditions, self.setting.on, bounds.until)
        found = search(State(candidate), self.programmes, (target,), bounds, self.setting)
        return found.get(target.key)

    def suggested(
        self, candidate: CandidateProfile, sector: SectorReadiness
    ) -> tuple[Programme, ...]:
        """What to begin with: the way to starting with support, then what helps beside it."""
        way = self.towards_support(candidate, sector)
        chosen = [step.programme for step in way.steps] if way else []
        chosen += self.beside(candidate, sector, chosen)
        return tuple(dict.fromkeys(chosen))

    def towards_support(
        self, candidate: CandidateProfile, sector: SectorReadiness
    ) -> Opening | None:
        """The soonest sequence to *start with support* in a sector, or as near as it can get."""
        for floors in support_floors(sector, self.setting.rules.lanes.gap_dimensions_with_support):
            way = self.way_to(candidate, floors)
            if way is not None:
                return way
        return None

    def beside(
        self, candidate: CandidateProfile, sector: SectorReadiness, chosen: Sequence[Programme]
    ) -> list[Programme]:
        """Help that can run beside a job: one programme for each step short, money and home."""
        covered = {name for programme in chosen for name, _ in programme.raises}
        wanted: list[Set[str]] = []
        for name in (*GAP_DIMENSIONS, "home"):
            dimension = sector[name]
            if dimension.gap > 0:
                wanted.append(helped_by(dimension))
        if sector["direction"].level is None:
            wanted.append({"direction"})
        found = [
            p
            for names in wanted
            if names == MODES_HELP or not names & covered
            for p in self._lightest(candidate, names)
        ]
        return found + self.money_support(candidate)

    def money_support(self, candidate: CandidateProfile) -> list[Programme]:
        """Help for money worries, where someone said that they have them (P-3: help only)."""
        calm = self.setting.rules.lanes.money_calm
        if candidate.money is None or candidate.money >= calm:
            return []
        offers = [p for p in self.programmes if p.is_money_support and p.seats != 0]
        offers.sort(
            key=lambda p: (
                -dict(p.raises)["money"],
                -EVIDENCE.index(p.evidence or "none"),
                self._first_start(p),
                p.reference,
            )
        )
        return offers[:1]

    def _first_start(self, programme: Programme) -> date:
        on = self.setting.on
        horizon = on + timedelta(weeks=self.setting.rules.trajectory.horizon_weeks)
        return next(iter(start_days(programme, on, horizon)), date.max)

    def _lightest(self, candidate: CandidateProfile, names: Set[str]) -> list[Programme]:
        """The programme with the fewest hours a week that raises or gives any of `names`."""
        limit = self.setting.rules.trajectory.beside_hours_maximum
        able = [
            p
            for p in self.programmes
            if not p.is_money_support
            and p.seats != 0
            and p.hours_a_week <= limit
            and helps(p, names)
            and all(needs_met(candidate, name, floor) for name, floor in p.needs)
            and self._first_start(p) < date.max
        ]
        able.sort(key=lambda p: (p.hours_a_week, p.weeks, p.reference))
        return able[:1]


def needs_met(candidate: CandidateProfile, name: str, floor: float) -> bool:
    """Whether one need of a programme holds; an unknown level or maximum passes."""
    if name in LEVEL_MAXIMUM or name in LOADS:
        level = candidate.level(name)
        return level is None or level >= floor
    if name == "hours_max":
        return candidate.hours_max is None or candidate.hours_max >= floor
    return name in candidate.credentials or name in candidate.licences


def helps(programme: Programme, names: Set[str]) -> bool:
    """Whether `programme` raises a level or load, or gives a paper or mode, among `names`.

    A load and a way to travel are both called ``lift``: ways to travel are asked for as ``MODES``.
    """
    if names == MODES_HELP:
        return bool(programme.gives & MODES_HELP)
    return any(name in names for name, _ in programme.raises)


def helped_by(dimension: Dimension) -> Set[str]:
    """What a programme may raise to help on a dimension; for travel, the modes it may give."""
    if dimension.name in LEVEL_OF_DIMENSION:
        return {LEVEL_OF_DIMENSION[dimension.name]}
    if dimension.name == "travel":
        return MODES_HELP
    if isinstance(dimension.level, dict) and isinstance(dimension.need, dict):
        return {
            load
            for load, ability in dimension.level.items()
            if ability is not None and ability < dimension.need[load]
        }
    return set()


def level_floors(sector: SectorReadiness, names: Iterable[str], short: int) -> Floors:
    """The levels among `names` that are more than `short` steps under the need, and their floor."""
    floors = []
    for name in names:
        dimension = sector[name]
        if dimension.gap > short and isinstance(dimension.need, int):
            floors.append((LEVEL_OF_DIMENSION[name], dimension.need - short))
    return tuple(floors)


def load_floors(sector: SectorReadiness) -> Floors:
    """Load abilities two steps under the profile's demand, and one step higher as their floor."""
    floors = []
    for name, loads in (("body", BODY_LOADS), ("head", HEAD_LOADS)):
        dimension = sector[name]
        if isinstance(dimension.level, dict) and isinstance(dimension.need, dict):
            floors += [
                (load, dimension.need[load] - 1)
                for load in loads
                if load in dimension.need
                and dimension.level[load] is not None
                and dimension.need[load] - dimension.level[load] > 1
            ]
    return tuple(floors)


def support_floors(sector: SectorReadiness, dimensions_left: int) -> list[Floors]:
    """Goals on the way to *start with support*, the fullest first.

    Every gap at one step and at most `dimensions_left` dimensions short; then without the loads;
    then only the levels that are two steps short.
    """
    near = dict(level_floors(sector, OTHER_ROUTE_DIMENSIONS, 1))
    short = [name for name in GAP_DIMENSIONS if sector[name].gap > 0]
    full = dict(near)
    for name in [n for n in OTHER_ROUTE_DIMENSIONS if n in short][: len(short) - dimensions_left]:
        need = sector[name].need
        if isinstance(need, int):
            full[LEVEL_OF_DIMENSION[name]] = need
    loads = dict(load_floors(sector))
    goals = [{**full, **loads}, full, near]
    return [tuple(sorted(goal.items())) for goal in goals if goal]
