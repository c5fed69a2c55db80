"""Places as a flow: the exact optimum where only counts bind, and what one more place is worth."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from matcher.engine.problem import Allocation, AllocationProblem, Ints, Method

FARTHEST = np.iinfo(np.int64).max // 4


class SolverError(RuntimeError):
    """A solver gave up; the message names its status."""


def optimal_by_flow(problem: AllocationProblem) -> Allocation:
    """The allocation of the largest value, and among those of the longest waiting; proven.

    Guidance and floors are left aside. Candidates are nodes 0 to n-1, vacancies follow, then the
    source and the sink; who is not placed flows past.
    """
    people, sites = len(problem.waiting), len(problem.places)
    source, sink = people + sites, people + sites + 1
    edges = len(problem.value)
    node = np.arange(people + sites)
    tails = np.concatenate([problem.candidate, np.full(people, source), node[people:], [source]])
    heads = np.concatenate([problem.vacancy + people, node[:people], np.full(sites, sink), [sink]])
    room = np.concatenate([np.ones(edges + people, np.int64), problem.places, [people]])
    costs = np.concatenate([-problem.weight, np.zeros(people + sites + 1, np.int64)])
    solver: Any = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(tails, heads, room, costs)
    solver.set_node_supply(source, people)
    solver.set_node_supply(sink, -people)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise SolverError(f"min-cost flow ended with status {status}")
    pair = np.flatnonzero(solver.flows(arcs[:edges]) > 0)
    value = int(problem.value[pair].sum())
    return Allocation(pair, value, value, Method.OPTIMAL.value)


def worth_of_one_more_place(problem: AllocationProblem, pair: Ints) -> Ints:
    """By vacancy: how much the optimum's value would rise with one more place there, in hundredths.

    `pair` is an optimum of `optimal_by_flow`. Exact: the best chain of moves that ends at the new
    place, found as the shortest path from whoever is not placed through the rest of the flow.
    """
    people, sites = len(problem.waiting), len(problem.places)
    at = np.full(people, -1, np.int64)
    at[problem.candidate[pair]] = problem.vacancy[pair]
    held = np.zeros(people, np.int64)
    held[problem.candidate[pair]] = problem.value[pair]
    taken = np.bincount(problem.vacancy[pair], minlength=sites)
    order = np.argsort(problem.candidate, kind="stable")
    starts = np.searchsorted(problem.candidate[order], np.arange(people + 1))
    stays = np.argsort(at, kind="stable")
    stay_starts = np.searchsorted(at[stays], np.arange(sites + 1))
    gains = np.full(sites, -FARTHEST, np.int64)
    _best_chains(
        starts,
        problem.vacancy[order],
        problem.value[order],
        at,
        held,
        stays,
        stay_starts,
        taken < problem.places,
        gains,
    )
    return np.maximum(gains, 0)


@njit(cache=True, nogil=True)
def _best_chains(
    starts: Ints,
    vacancies: Ints,
    values: Ints,
    at: Ints,
    held: Ints,
    stays: Ints,
    stay_starts: Ints,
    is_open: NDArray[np.bool_],
    gains: Ints,
) -> None:
    # Bellman-Ford with a queue over vacancies. gains[j] is the most that somebody arriving at j can
    # bring: an unplaced candidate brings the pair's value; whoever stands at a vacancy i with
    # gains[i] moves on to j for value(j) - value(i), and gains[i] fills the place left behind.
    # A vacancy that is open already needs no one to leave: nothing is gained by leaving it empty.
    sites = len(is_open)
    waiting = np.zeros(sites, np.bool_)
    queue = np.empty(sites + 1, np.int64)
    first, last = 0, 0
    # Whoever is placed may also leave a place empty behind, so moving on alone counts too; `held`
    # is 0 for who is not placed.
    for person in range(len(at)):
        for edge in range(starts[person], starts[person + 1]):
            j = vacancies[edge]
            if j != at[person]:
                gains[j] = max(gains[j], values[edge] - held[person])
    for j in range(sites):
        if gains[j] > -FARTHEST:
            waiting[j] = True
            queue[last] = j
            last = (last + 1) % (sites + 1)
    while first != last:
        i = queue[first]
        first = (first + 1) % (sites + 1)
        waiting[i] = False
        if is_open[i]:
            continue
        for place in range(stay_starts[i], stay_starts[i + 1]):
            person = stays[place]
            for edge in range(starts[person], starts[person + 1]):
                j = vacancies[edge]
                gain = gains[i] + values[edge] - held[person]
                if j != i and gain > gains[j]:
                    gains[j] = gain
                    if not waiting[j]:
                        waiting[j] = True
                        queue[last] = j
                        last = (last + 1) % (sites + 1)
