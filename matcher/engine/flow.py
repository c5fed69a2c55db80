"""Places as a flow: the exact optimum where only counts bind."""

from __future__ import annotations

from typing import Any

import numpy as np
from ortools.graph.python import min_cost_flow

from matcher.domain.allocating import Method
from matcher.engine.problem import Allocation, AllocationProblem


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
