"""One allocation by any method, around the pairs that people settled beforehand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matcher.engine.bounded import optimal_within_bounds
from matcher.engine.flow import optimal_by_flow
from matcher.engine.problem import (
    NO_SEAT,
    UNLIMITED,
    Allocation,
    AllocationProblem,
    Ints,
    Method,
    violations,
)
from matcher.engine.simple import first_come, greedy

NOTHING: Ints = np.zeros(0, np.int64)


class CannotSettle(ValueError):
    """The settled pairs break a limit among themselves; the message names the first."""


def solve(problem: AllocationProblem, method: Method, settled: Ints = NOTHING) -> Allocation:
    """The allocation that `method` makes with the pairs `settled` in it.

    The optimum comes from the flow wherever that keeps every limit: leaving limits out can only
    allow more, so what keeps them all the same is the optimum. Raises CannotSettle, FloorTooHigh.
    """
    rest, numbers = without_settled(problem, settled)
    found = _solved(rest, method)
    sure = int(problem.value[settled].sum())
    return replace(
        found,
        pair=np.sort(np.concatenate([settled, numbers[found.pair]])),
        value=found.value + sure,
        bound=found.bound + sure,
    )


def without_settled(problem: AllocationProblem, settled: Ints) -> tuple[AllocationProblem, Ints]:
    """What is left to decide once `settled` is, and the numbers of its pairs in `problem`."""
    if not len(settled):
        return problem, np.arange(len(problem.value))
    wrong = violations(replace(problem, at_least=()), settled)
    if wrong:
        raise CannotSettle(wrong[0])
    people, sites = problem.candidate[settled], problem.vacancy[settled]
    is_settled = np.zeros(len(problem.waiting), np.bool_)
    is_settled[people] = True
    left = np.flatnonzero(~is_settled[problem.candidate])
    count = len(problem.places)
    hours = np.bincount(sites, problem.need[people], minlength=count).astype(np.int64)
    seats = problem.seats
    if problem.has_seats:
        used = problem.seat[settled]
        seats = seats - np.bincount(used[used != NO_SEAT], minlength=len(seats))
    kept = problem.group[people] if problem.at_least else NOTHING
    rest = replace(
        problem,
        places=problem.places - np.bincount(sites, minlength=count),
        candidate=problem.candidate[left],
        vacancy=problem.vacancy[left],
        value=problem.value[left],
        offer=np.where(problem.offer == UNLIMITED, UNLIMITED, problem.offer - hours),
        seat=problem.seat[left] if len(problem.seat) else problem.seat,
        seats=seats,
        at_least=tuple(
            max(0, least - int((kept == group).sum()))
            for group, least in enumerate(problem.at_least)
        ),
    )
    return rest, left


def _solved(problem: AllocationProblem, method: Method) -> Allocation:
    if method is Method.GREEDY:
        return greedy(problem)
    if method is Method.FIRST_COME:
        return first_come(problem)
    found = optimal_by_flow(problem)
    if not violations(problem, found.pair):
        return found
    return optimal_within_bounds(problem)
