"""Whom one more place or seat would help: each tried by allocating again with one more of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from matcher.domain.allocating import Method
from matcher.engine.problem import Allocation, AllocationProblem
from matcher.engine.solve import solve
from matcher.reference.weekly import WeeklyTerms
from matcher.services.allocations import AllocationResult

PLACE, SEAT = "place", "seat"


@dataclass(frozen=True, slots=True)
class Help:
    """What one more of something brings, counted in people.

    `new` get a place who have none, `better` one that fits better, `worse` one that fits less or
    none; `value` is what the sum of fits gains. `could` counts who has no place and could get one
    through it. `reference` is of a vacancy or a programme.
    """

    kind: str
    reference: str
    new: int
    better: int
    worse: int
    value: int
    could: int

    @property
    def people(self) -> int:
        """How many people it helps."""
        return self.new + self.better

    def as_mapping(self) -> dict[str, Any]:
        """The line as a flat row."""
        return {
            "kind": self.kind,
            "reference": self.reference,
            "people": self.people,
            "new": self.new,
            "better": self.better,
            "worse": self.worse,
            "value": self.value,
            "could": self.could,
        }


def helps(result: AllocationResult, figures: Mapping[str, Any], terms: WeeklyTerms) -> list[Help]:
    """The places and seats of which one more helps most, those that place most people on top.

    Tried are those that are worth most by `figures`, the summary of the same allocation; each is
    exact. What helps nobody is left out.
    """
    tried = sorted(_worth(result, figures), key=lambda one: (-one[0], one[1], one[2]))
    found = [
        _tried(result, kind, reference, row)
        for _worth_of_it, kind, reference, row in tried[: terms.tried]
    ]
    useful = [each for each in found if each.people]
    useful.sort(key=lambda one: (-one.new, -one.better, -one.value, one.kind, one.reference))
    return useful[: terms.shown]


def _worth(result: AllocationResult, figures: Mapping[str, Any]) -> list[tuple[int, str, str, int]]:
    named = (
        (PLACE, "one_more_place", [site.reference for site in result.sites]),
        (SEAT, "one_more_seat", [seat.programme.reference for seat in result.pairs.seats]),
    )
    found = []
    for kind, field, references in named:
        for row, reference in enumerate(references):
            exact = figures[field][reference]
            worth = figures[f"{field}_price"][reference] if exact is None else exact
            if worth:
                found.append((worth, kind, reference, row))
    return found


def _tried(result: AllocationResult, kind: str, reference: str, row: int) -> Help:
    problem = result.problem
    if kind == PLACE:
        more = replace(problem, places=_one_more(problem.places, row))
        through = problem.vacancy == row
    else:
        more = replace(problem, seats=_one_more(problem.seats, row))
        through = problem.seat == row
    again = solve(more, Method.OPTIMAL, result.settled)
    before, after = _fits(problem, result.allocation), _fits(problem, again)
    without = np.setdiff1d(problem.candidate[through], list(before))
    return Help(
        kind=kind,
        reference=reference,
        new=len(after.keys() - before.keys()),
        better=sum(after.get(who, 0) > fit for who, fit in before.items()),
        worse=sum(after.get(who, -1) < fit for who, fit in before.items()),
        value=again.value - result.allocation.value,
        could=len(without),
    )


def _one_more(counts: Any, row: int) -> Any:
    more = counts.copy()
    more[row] += 1
    return more


def _fits(problem: AllocationProblem, found: Allocation) -> dict[int, int]:
    """By row of who has a place, how well it fits."""
    people, values = problem.candidate[found.pair], problem.value[found.pair]
    return dict(zip(people.tolist(), values.tolist(), strict=True))
