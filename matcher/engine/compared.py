"""Every choice of an allocation beside the best that was not chosen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.engine.chains import NOBODY, alternatives, left_out
from matcher.engine.problem import (
    NOTHING,
    Allocation,
    AllocationProblem,
    Ints,
    hours_can_bind,
    without_settled,
)
from matcher.engine.slots import Slots


@dataclass(frozen=True, slots=True)
class Compared:
    """For each chosen pair what is lost without it, who is next for the place (`runner_up`) and
    where the candidate goes then (`instead`); for each person without a place the pair that comes
    nearest and by how much it falls short.

    Pairs are numbers of the problem, `NOBODY` where there is none. `is_exact` unless hours, seats
    or floors can bind: then people are only exchanged among those who take the same of them, which
    bounds what is lost from above.
    """

    pair: Ints
    margin: Ints
    runner_up: Ints
    instead: Ints
    nearest: Ints
    short_by: Ints
    is_exact: bool


def compared(problem: AllocationProblem, optimum: Allocation, settled: Ints = NOTHING) -> Compared:
    """The choices of `optimum` but those that people settled, beside the next best."""
    rest, numbers = without_settled(problem, settled)
    chosen = np.flatnonzero(np.isin(numbers, np.setdiff1d(optimum.pair, settled)))
    is_exact = not (rest.has_seats or rest.at_least or hours_can_bind(rest).any())
    if not is_exact:
        slots = Slots.of(rest, chosen)
        rest, numbers = slots.problem, numbers[slots.pair]
        chosen = np.flatnonzero(np.isin(numbers, optimum.pair))
    others = alternatives(rest, chosen)
    outside = left_out(rest, chosen)
    return Compared(
        numbers[chosen],
        others.margin,
        _numbers(numbers, others.runner_up),
        _numbers(numbers, others.instead),
        _numbers(numbers, outside.pair),
        outside.short_by,
        is_exact,
    )


def _numbers(numbers: Ints, pairs: Ints) -> Ints:
    known = pairs != NOBODY
    found = np.full(len(pairs), NOBODY, np.int64)
    found[known] = numbers[pairs[known]]
    return found
