"""The exact search over sequences of programmes: which targets open, how soon, by which steps.

Any schedule of at most a few programmes can be had by placing them one after another at the
earliest date that their seats, needs, hours and the programmes already placed allow: moving one
earlier never harms another. So trying every order, each programme at its earliest, finds the
earliest opening of every target. Orders that lead to the same schedule are looked at once, and a
branch ends when nothing it can still reach would come sooner than what is known already.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import permutations

from matcher.domain.conditions import Condition, State
from matcher.domain.pairs import Setting
from matcher.domain.programme import Programme
from matcher.domain.vocabulary import LEVEL_MAXIMUM, LOADS

UNLIMITED_SEATS = 10**9
"""Stands for a programme without a limit on seats, in comparisons only."""
DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Commitment:
    """Something outside us that takes `hours` a week until and including `until`."""

    hours: float
    until: date


@dataclass(frozen=True, slots=True)
class Target:
    """Something to open: its conditions, and between which days it can be taken."""

    key: str
    conditions: tuple[Condition, ...]
    earliest: date
    latest: date


@dataclass(frozen=True, slots=True)
class Step:
    """One programme at one start; its result counts from `ready_on`."""

    programme: Programme
    starts_on: date

    @property
    def ready_on(self) -> date:
        """The first day after it."""
        return self.starts_on + self.programme.duration

    @property
    def ends_on(self) -> date:
        """The last day of it."""
        return max(self.starts_on, self.ready_on - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Opening:
    """The soonest way to one target: the day, and the steps in order of their start."""

    target: Target
    place_on: date
    steps: tuple[Step, ...]

    @property
    def order(self) -> tuple[date, int, int, tuple[str, ...]]:
        """Sooner, then fewer steps, then more seats, then by name."""
        return opening_order(self.place_on, self.steps)


def opening_order(
    place_on: date, steps: tuple[Step, ...]
) -> tuple[date, int, int, tuple[str, ...]]:
    """What makes one way better than another (issue A: weeks, then steps, then seats)."""
    seats = min((step.programme.seats or UNLIMITED_SEATS for step in steps), default=0)
    return place_on, len(steps), -seats, tuple(sorted(s.programme.reference for s in steps))


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a search may go, and the room there is.

    `capacity` hours a week; `from_on` the first day that anything can start; `until` the last day
    that counts; `levels_only` leaves loads and hours out of a programme's needs (rule 4).
    """

    from_on: date
    until: date
    steps: int
    together: int
    capacity: float
    commitments: tuple[Commitment, ...] = ()
    levels_only: bool = False


def search(
    state: State,
    programmes: Sequence[Programme],
    targets: Sequence[Target],
    bounds: Bounds,
    setting: Setting,
) -> dict[str, Opening]:
    """The soonest opening of every target that can open, by key.

    Money support is left out: it runs beside a plan and never on its critical path (P-3).
    """
    return _Search(state, programmes, targets, bounds, setting).run()


def schedule_all(
    state: State, programmes: Sequence[Programme], bounds: Bounds, setting: Setting
) -> tuple[Step, ...]:
    """As many of `programmes` as can be placed, then all done soonest: every order is tried.

    Meant for the few that someone picks in a what-if; the number of orders is the factorial.
    """
    run = _Search(state, programmes, (), bounds, setting)
    run.programmes = list(programmes)
    best: tuple[Step, ...] = ()
    for order in permutations(range(len(programmes))):
        placed: _Placed = ()
        for index in order:
            starts_on = run.earliest(programmes[index], placed)
            if starts_on is not None:
                placed = (*placed, (index, Step(programmes[index], starts_on)))
        steps = tuple(step for _, step in placed)
        if not best or _schedule_order(steps) < _schedule_order(best):
            best = steps
    return best


def _leads_to(programme: Programme, name: str) -> bool:
    """Whether it raises the level or load, or gives the paper, that a need is called by."""
    if name in LEVEL_MAXIMUM or name in LOADS:
        return any(raised == name for raised, _ in programme.raises)
    return name in programme.gives


def _schedule_order(steps: tuple[Step, ...]) -> tuple[int, date, tuple[date, ...]]:
    ready = max((step.ready_on for step in steps), default=date.max)
    return -len(steps), ready, tuple(sorted(step.starts_on for step in steps))


_Placed = tuple[tuple[int, Step], ...]
"""Programmes placed so far: their index and their start, in the order of placing."""


class _Search:
    def __init__(
        self,
        state: State,
        programmes: Sequence[Programme],
        targets: Sequence[Target],
        bounds: Bounds,
        setting: Setting,
    ) -> None:
        self.state = state
        self.targets = targets
        self.bounds = bounds
        self.setting = setting
        self.conditions = list(
            dict.fromkeys(condition for target in targets for condition in target.conditions)
        )
        bit = {condition: 1 << index for index, condition in enumerate(self.conditions)}
        self.masks = [sum(bit[c] for c in target.conditions) for target in targets]
        self.programmes = self._relevant(programmes)
        self.best: dict[str, Opening] = {}
        self.seen: set[frozenset[tuple[int, date]]] = set()
        self.states: dict[frozenset[int], tuple[State, int]] = {}

    def run(self) -> dict[str, Opening]:
        self._visit(())
        return self.best

    def _relevant(self, programmes: Sequence[Programme]) -> list[Programme]:
        """Programmes that touch an open condition, or lift someone to the needs of such a one."""
        usable = [
            p for p in programmes if not p.is_money_support and (p.seats is None or p.seats > 0)
        ]
        chosen: dict[str, Programme] = {
            p.reference: p for p in usable if any(c.touched_by(p) for c in self.conditions)
        }
        grew = True
        while grew:
            grew = False
            for programme in list(chosen.values()):
                for name, minimum in programme.needs:
                    if self._need_met(self.state, name, minimum):
                        continue
                    for helper in usable:
                        if helper.reference not in chosen and _leads_to(helper, name):
                            chosen[helper.reference] = helper
                            grew = True
        return [chosen[reference] for reference in sorted(chosen)]

    def _need_met(self, state: State, name: str, minimum: float) -> bool:
        """Whether a programme's need holds; an unknown level passes (contract.md section 3)."""
        candidate = state.candidate
        if name in LEVEL_MAXIMUM:
            level = candidate.level(name)
            return level is None or level >= minimum
        if name in LOADS:
            level = candidate.level(name)
            return self.bounds.levels_only or level is None or level >= minimum
        if name in ("hours", "hours_max"):
            return self.bounds.levels_only or self.bounds.capacity >= minimum
        return name in candidate.credentials or name in candidate.licences

    @cached_property
    def _tops(self) -> dict[str, float]:
        """The highest level of each name that any condition or need asks for."""
        tops: dict[str, float] = {}
        asked: list[tuple[str, float]] = [
            (c.name, c.minimum) for c in self.conditions if c.kind == "level"
        ]
        asked += [need for programme in self.programmes for need in programme.needs]
        for name, minimum in asked:
            tops[name] = max(tops.get(name, 0), minimum)
        if any(c.kind == "load" for c in self.conditions):
            tops.update(dict.fromkeys(LOADS, 2))
        return tops

    def _after(self, chosen: frozenset[int]) -> tuple[State, int]:
        """The state after the chosen programmes, and the conditions it meets as bits."""
        if chosen not in self.states:
            state = self.state.after(self.programmes[index] for index in chosen)
            met = sum(
                1 << index
                for index, condition in enumerate(self.conditions)
                if condition.is_met(state, self.setting)
            )
            self.states[chosen] = state, met
        return self.states[chosen]

    def _adds(self, before: State, after: State) -> bool:
        """Whether a programme moved anything that is asked for; more than the top is nothing."""
        if before.guidance_hours != after.guidance_hours:
            return True
        was, now = before.candidate, after.candidate
        if (was.credentials, was.licences, was.travel_modes) != (
            now.credentials,
            now.licences,
            now.travel_modes,
        ):
            return True
        return any(
            min(top, was.level(name) or 0) < min(top, now.level(name) or 0)
            for name, top in self._tops.items()
            if name in LEVEL_MAXIMUM or name in LOADS
        )

    def _visit(self, placed: _Placed) -> None:
        chosen = frozenset(index for index, _ in placed)
        state, met = self._after(chosen)
        self._record(met, placed)
        missing = [i for i, mask in enumerate(self.masks) if mask & ~met]
        if len(placed) == self.bounds.steps or not missing:
            return
        limit = max(self._limit(i) for i in missing)
        for index, programme in enumerate(self.programmes):
            if index in chosen or not self._adds(state, self._after(chosen | {index})[0]):
                continue
            starts_on = self.earliest(programme, placed)
            if starts_on is None or starts_on + programme.duration > limit:
                continue
            longer = (*placed, (index, Step(programme, starts_on)))
            schedule = frozenset((i, step.starts_on) for i, step in longer)
            if schedule not in self.seen:
                self.seen.add(schedule)
                self._visit(longer)

    def _limit(self, index: int) -> date:
        """The last ready day on which target `index` could still gain."""
        target = self.targets[index]
        known = self.best.get(target.key)
        latest = min(target.latest, self.bounds.until)
        return latest if known is None else min(latest, known.place_on)

    def _record(self, met: int, placed: _Placed) -> None:
        steps = tuple(step for _, step in placed)
        ready = max((step.ready_on for step in steps), default=self.bounds.from_on)
        for target, mask in zip(self.targets, self.masks, strict=True):
            if mask & ~met:
                continue
            place_on = max(ready, target.earliest)
            if place_on > min(target.latest, self.bounds.until):
                continue
            known = self.best.get(target.key)
            if known is None or opening_order(place_on, steps) < known.order:
                in_time = tuple(sorted(steps, key=lambda s: (s.starts_on, s.programme.reference)))
                self.best[target.key] = Opening(target, place_on, in_time)

    def earliest(self, programme: Programme, placed: _Placed) -> date | None:
        """The first start that seats, needs, hours and the steps placed so far allow."""
        latest = self.bounds.until - programme.duration
        ready_days = sorted({self.bounds.from_on, *(step.ready_on for _, step in placed)})
        needs_from = None
        for day in ready_days:
            done = frozenset(index for index, step in placed if step.ready_on <= day)
            state, _ = self._after(done)
            if all(self._need_met(state, name, minimum) for name, minimum in programme.needs):
                needs_from = day
                break
        if needs_from is None:
            return None
        for starts_on in start_days(programme, needs_from, latest):
            if self._has_room(programme, starts_on, [step for _, step in placed]):
                return starts_on
        return None

    def _has_room(self, programme: Programme, starts_on: date, steps: Sequence[Step]) -> bool:
        """Whether its hours fit beside the steps and commitments that run at the same time."""
        ready_on = starts_on + programme.duration
        beside = [s for s in steps if s.starts_on < ready_on and starts_on < s.ready_on]
        days = {starts_on, *(s.starts_on for s in beside if s.starts_on > starts_on)}
        for day in days:
            running = [s for s in beside if s.starts_on <= day < s.ready_on]
            taken = sum(s.programme.hours_a_week for s in running)
            taken += sum(c.hours for c in self.bounds.commitments if c.until >= day)
            if len(running) + 1 > self.bounds.together:
                return False
            if taken + programme.hours_a_week > self.bounds.capacity:
                return False
        return True


def start_days(programme: Programme, first: date, latest: date) -> list[date]:
    """The days on which `programme` starts between `first` and `latest`, in order.

    No dates of its own means any Monday.
    """
    if programme.starts_on:
        dates = sorted(programme.starts_on)
        return [day for day in dates[bisect_left(dates, first) :] if day <= latest]
    monday = first + timedelta(days=-first.weekday() % DAYS_A_WEEK)
    weeks = (latest - monday).days // DAYS_A_WEEK
    return [monday + timedelta(weeks=week) for week in range(weeks + 1)]
