"""One allocation by any method, around the pairs that people settled beforehand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matcher.domain.allocating import Method
from matcher.engine.bounded import ROUNDING, SMALL, optimal_within_bounds
from matcher.engine.flow import optimal_by_flow
from matcher.engine.problem import (
    NO_SEAT,
    NOTHING,
    UNLIMITED,
    Allocation,
    AllocationProblem,
    Ints,
    violations,
    without_settled,
)
from matcher.engine.relaxed import Relaxed
from matcher.engine.simple import first_come, greedy

COUNTED = 100_000
SPREAD = 61
SPREAD_OVER = 101
"""What a pair counts for where only their number matters, and how pairs are set a little apart."""


def solve(problem: AllocationProblem, method: Method, settled: Ints = NOTHING) -> Allocation:
    """The allocation that `method` makes with the pairs `settled` in it.

    The optimum comes from the flow wherever that keeps every limit: leaving limits out can only
    allow more, so what keeps them all the same is the optimum. Raises CannotSettle, FloorTooHigh.
    """
    rest, numbers = without_settled(problem, settled)
    possible = pairs_that_fit_alone(rest)
    found = _solved(rest.only(possible), method)
    sure = int(problem.value[settled].sum())
    return replace(
        found,
        pair=np.sort(np.concatenate([settled, numbers[possible[found.pair]]])),
        value=found.value + sure,
        bound=found.bound + sure,
    )


def most_filled(problem: AllocationProblem) -> int:
    """How many places could be filled at most, whatever they are worth.

    Exact where few pairs are possible or only counts bind; otherwise what the relaxation allows,
    which is never less and about a thousandth more at most.
    """
    possible = problem.only(pairs_that_fit_alone(problem))
    pairs = len(possible.value)
    counted = replace(possible, value=np.ones(pairs, np.int64), at_least=())
    found = optimal_by_flow(counted)
    if not violations(counted, found.pair):
        return found.value
    if pairs <= SMALL:
        return optimal_within_bounds(counted).bound
    # Pairs of exactly the same worth keep a solver of linear programmes busy; a little on top of
    # each, never less than nothing, does not.
    apart = COUNTED + np.arange(pairs) * SPREAD % SPREAD_OVER
    return int(Relaxed.of(replace(counted, value=apart)).bound / COUNTED + ROUNDING)


def pairs_that_fit_alone(problem: AllocationProblem) -> Ints:
    """The pairs that keep every limit when nobody else is placed: no others can be chosen."""
    offer = problem.offer[problem.vacancy]
    fits = (offer == UNLIMITED) | (problem.need[problem.candidate] <= offer)
    fits &= problem.places[problem.vacancy] > 0
    if problem.has_seats:
        fits &= (problem.seat == NO_SEAT) | (problem.seats[problem.seat] > 0)
    return np.flatnonzero(fits)


def _solved(problem: AllocationProblem, method: Method) -> Allocation:
    if method is Method.GREEDY:
        return greedy(problem)
    if method is Method.FIRST_COME:
        return first_come(problem)
    found = optimal_by_flow(problem)
    if not violations(problem, found.pair):
        return found
    return optimal_within_bounds(problem)
