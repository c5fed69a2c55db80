"""The two ways of allocating that people use by hand, to compare the optimum with."""

from __future__ import annotations

import numpy as np

from matcher.domain.allocating import Method
from matcher.engine.flow import optimal_by_flow
from matcher.engine.problem import NO_SEAT, UNLIMITED, Allocation, AllocationProblem, Ints


def greedy(problem: AllocationProblem) -> Allocation:
    """The best pair first, then the best that is still possible; ties by days waited."""
    order = np.lexsort(
        (
            np.arange(len(problem.value)),
            -problem.waiting[problem.candidate],
            -problem.value,
        )
    )
    return _take(problem, order, Method.GREEDY)


def first_come(problem: AllocationProblem) -> Allocation:
    """Who waited longest first, each to the best place that is still possible."""
    order = np.lexsort(
        (
            np.arange(len(problem.value)),
            -problem.value,
            problem.candidate,
            -problem.waiting[problem.candidate],
        )
    )
    return _take(problem, order, Method.FIRST_COME)


def _take(problem: AllocationProblem, order: Ints, method: Method) -> Allocation:
    places, offer, seats = problem.places.copy(), problem.offer.copy(), problem.seats.copy()
    placed = np.zeros(len(problem.waiting), np.bool_)
    taken = []
    for pair in order:
        person, site = problem.candidate[pair], problem.vacancy[pair]
        seat = problem.seat[pair] if len(problem.seat) else NO_SEAT
        if placed[person] or places[site] < 1 or (seat != NO_SEAT and seats[seat] < 1):
            continue
        if offer[site] != UNLIMITED:
            if problem.need[person] > offer[site]:
                continue
            offer[site] -= problem.need[person]
        placed[person] = True
        places[site] -= 1
        if seat != NO_SEAT:
            seats[seat] -= 1
        taken.append(pair)
    pairs = np.array(sorted(taken), np.int64)
    value = int(problem.value[pairs].sum())
    return Allocation(pairs, value, max(value, _bound(problem)), method.value)


def _bound(problem: AllocationProblem) -> int:
    """What no allocation can exceed: the optimum where only places count."""
    return optimal_by_flow(problem).value
