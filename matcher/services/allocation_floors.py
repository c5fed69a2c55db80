"""The floor of an allocation: what each group by start level gets at least, and what could be kept.

A group gets at least its share of the places that it could fill if it were alone. A floor that no
allocation keeps is refused with what could have been: which groups come short, and the highest
floor, in whole percents, that the same allocation keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.domain.allocating import Choice
from matcher.domain.errors import Conflict
from matcher.domain.pathways import Pathways
from matcher.engine.problem import Allocation, AllocationProblem
from matcher.engine.relaxed import FloorTooHigh
from matcher.engine.solve import most_filled
from matcher.services.allocation_inputs import Participant

Ints = NDArray[np.int64]
PERCENT = 100
Solve = Callable[[AllocationProblem], Allocation]
"""An allocation of a problem; raises FloorTooHigh when none keeps its floors."""


@dataclass(frozen=True, slots=True)
class GroupShort:
    """A group that comes short, the lowest start levels being group 1.

    `alone` is how many places it could fill alone, `asked` how many of them the floor asks, `gets`
    how many it has at the highest floor that can be kept.
    """

    group: int
    groups: int
    alone: int
    asked: int
    gets: int

    def __str__(self) -> str:
        return (
            f"group {self.group} of {self.groups} by start level could fill {self.alone} places "
            f"alone, the floor asks {self.asked} of them and it can get {self.gets}"
        )


class FloorRefused(Conflict):
    """No allocation keeps the floor; `highest` is the one in whole percents that can be kept."""

    def __init__(self, asked: float, highest: int, short: Sequence[GroupShort]) -> None:
        lines = "".join(f"; {each}" for each in short)
        super().__init__(
            f"no allocation gives every group {asked:.0%} of the places it could fill{lines}; "
            f"lower the floor: the highest that can be kept is {highest} percent"
        )
        self.asked = asked
        self.highest = highest
        self.short = tuple(short)

    @property
    def told(self) -> Mapping[str, Any]:
        """The same as counts that name nobody, for a job that asked for it."""
        names = ("group", "groups", "alone", "asked", "gets")
        return {
            "floor": round(self.asked * PERCENT),
            "highest_floor": self.highest,
            "short": [{name: getattr(each, name) for name in names} for each in self.short],
        }


@dataclass(frozen=True, slots=True)
class Floors:
    """The groups of a problem, and how many places each could fill alone."""

    problem: AllocationProblem
    group: Ints
    alone: tuple[int, ...]

    @classmethod
    def of(
        cls,
        problem: AllocationProblem,
        people: Sequence[Participant],
        pathways: Mapping[str, Pathways],
    ) -> Floors:
        """The equal groups of `people` by start level."""
        groups = next(iter(pathways.values())).setting.rules.allocation.floor_groups
        group = quantile_groups([person.start_level for person in people], groups)
        alone = [
            most_filled(problem.only(np.flatnonzero(group[problem.candidate] == number)))
            for number in range(groups)
        ]
        return cls(problem, group, tuple(alone))

    def at(self, share: float) -> AllocationProblem:
        """The problem in which each group gets at least this share of what it could fill alone."""
        least = tuple(int(share * alone) for alone in self.alone)
        return replace(self.problem, group=self.group, at_least=least)

    def kept(self, share: float, solve: Solve) -> Allocation:
        """The allocation that keeps this floor; FloorRefused with the highest one that could be."""
        try:
            return solve(self.at(share))
        except FloorTooHigh as error:
            raise self._refused(share, solve) from error

    def _refused(self, share: float, solve: Solve) -> FloorRefused:
        highest, found = self.highest(share, solve)
        people = np.zeros(0, np.int64) if found is None else self.problem.candidate[found.pair]
        has = np.bincount(self.group[people], minlength=len(self.alone))
        short = [
            GroupShort(number + 1, len(self.alone), alone, int(share * alone), int(gets))
            for number, (alone, gets) in enumerate(zip(self.alone, has, strict=True))
            if gets < int(share * alone)
        ]
        return FloorRefused(share, highest, short)

    def highest(self, share: float, solve: Solve) -> tuple[int, Allocation | None]:
        """The highest floor under `share` in whole percents that can be kept, and what keeps it.

        A lower floor asks no group for more, so halving what is left between one that is kept and
        one that is not finds it.
        """
        low, high = 0, ceil(share * PERCENT)
        best: Allocation | None = None
        while high - low > 1:
            middle = (low + high) // 2
            try:
                best, low = solve(self.at(middle / PERCENT)), middle
            except FloorTooHigh:
                high = middle
        return low, best if best is not None else solve(self.at(0.0))


def with_floor(
    problem: AllocationProblem,
    people: Sequence[Participant],
    choice: Choice,
    pathways: Mapping[str, Pathways],
) -> Floors | None:
    """The groups of a problem where the choice asks a floor; None without one."""
    if choice.floor <= 0 or not people:
        return None
    return Floors.of(problem, people, pathways)


def quantile_groups(levels: Sequence[int], groups: int) -> Ints:
    """Which of so many equal groups each level falls in, the lowest first; ties stay together."""
    values = np.array(levels, np.int64)
    below = np.searchsorted(np.sort(values), values, side="left")
    return np.minimum(groups - 1, below * groups // max(1, len(values)))
