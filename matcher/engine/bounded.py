"""Allocations where more than counts binds: guidance hours, seats that lead to a place, floors.

First the linear relaxation, whose optimum no allocation can exceed. Whom it places whole stays
where they are; what stays fractional is settled as whole people on the pairs whose price comes
near, and people are exchanged within equal slots as a flow. Few pairs that could still beat what
was found are searched to the end; otherwise more pairs are let in until the proven gap is within
what was promised (P-7).
"""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array, vstack

from matcher.domain.allocating import Method
from matcher.engine.flow import SolverError, optimal_by_flow
from matcher.engine.problem import (
    NOTHING,
    Allocation,
    AllocationProblem,
    Ints,
    violations,
    without_settled,
)
from matcher.engine.relaxed import EXACT, FloorTooHigh, Relaxed
from matcher.engine.rows import Rows
from matcher.engine.slots import Slots

__all__ = ["GAP", "FloorTooHigh", "best_whole", "optimal_within_bounds"]

GAP = 0.005
"""The largest proven gap (contract.md section 3, P-7)."""
GOOD_GAP = 0.001
"""A gap at which a large problem is not searched on."""
ENOUGH = GAP * 3 / 5
"""A gap with which a first allocation of a large problem is left as it is."""
NODES = 500
"""Limits count nodes, never seconds, so that the same input gives the same plan (P-8)."""
SMALL = 20_000
"""Up to so many pairs are searched to the end, unless the nodes run out."""
QUICK = 5_000
"""Up to so many pairs near their price the best of them is searched to the end."""
FEW = 2_000
"""Up to so many pairs the longest waiting is searched to the end too, not by exchange alone."""
STEPS = (400.0, 1_000.0, 3_000.0, math.inf)
"""How far below its price a pair may be worth, in hundredths of a point, to be let in."""
ROUNDING = 1e-3
"""Values are whole hundredths: what a bound in floating point may be off."""
INFEASIBLE = 2
"""The status by which SciPy says that no solution exists."""


def optimal_within_bounds(problem: AllocationProblem) -> Allocation:
    """The best allocation that keeps every limit, within `GAP` of what is possible at all.

    Raises FloorTooHigh when the floors cannot be kept together, SolverError when the solver gives
    up.
    """
    if not len(problem.value):
        if any(problem.at_least):
            raise FloorTooHigh("nobody can be placed, so no floor can be kept")
        return Allocation(NOTHING, 0, 0, Method.OPTIMAL.value)
    return best_whole(Relaxed.of(problem))


def best_whole(relaxed: Relaxed) -> Allocation:
    """The best allocation of whole people; raises FloorTooHigh when none keeps the floors."""
    problem = relaxed.problem
    bound = _whole(relaxed.bound)
    pairs = _rounded(relaxed)
    if pairs is not None and bound - _value(problem, pairs) > ENOUGH * bound:
        pairs = _better(problem, pairs, _freed(relaxed, pairs))
    for step in STEPS:
        value = -1 if pairs is None else _value(problem, pairs)
        near = relaxed.near(step)
        if len(near) > QUICK and 0 <= bound - value <= ENOUGH * bound and pairs is not None:
            break
        better, limit = _search(problem, relaxed.rows, near, 0.0 if len(near) <= QUICK else ENOUGH)
        pairs = _better(problem, pairs, better)
        if pairs is None:
            continue
        # What holds a pair that was not let in is worth the step less than the bound.
        value = _value(problem, pairs)
        bound = min(bound, max(_whole(limit), _whole(relaxed.bound - step), value))
        if value >= bound:
            break
        could_beat = relaxed.near(relaxed.bound - value)
        if len(could_beat) <= SMALL:
            better, limit = _search(problem, relaxed.rows, could_beat, 0.0)
            bound = min(bound, max(_whole(limit), value))
            pairs = _better(problem, pairs, better)
            break
        if bound - value <= GAP * bound:
            break
    if pairs is None:
        raise FloorTooHigh("no allocation keeps the floor of every group")
    value = _value(problem, pairs)
    bound = max(bound, value)
    if value == bound:
        pairs = _longest_waiting(relaxed, pairs, value)
    return Allocation(pairs, value, bound, Method.OPTIMAL.value)


def _rounded(relaxed: Relaxed) -> Ints | None:
    """A first allocation: whom the relaxation places whole, and the best for what is left."""
    problem = relaxed.problem
    settled = np.flatnonzero(relaxed.share > 1 - EXACT)
    rest, numbers = without_settled(problem, settled)
    rows = Rows.of(rest)
    bound = relaxed.bound
    best: Ints | None = None
    for step in STEPS[:2]:
        near = _near_of(relaxed, numbers, step)
        found, _ = _search(rest, rows, near, GOOD_GAP) if len(near) else (NOTHING, 0.0)
        if found is None:
            continue
        pairs = np.concatenate([settled, numbers[found]])
        if violations(problem, pairs):
            continue
        best = _better(problem, best, exchanged(problem, pairs))
        if best is not None and bound - _value(problem, best) <= GOOD_GAP * bound:
            break
    return best


def _freed(relaxed: Relaxed, pairs: Ints) -> Ints | None:
    """Only whom the relaxation places whole at sites that nobody shares stay where they are."""
    problem = relaxed.problem
    shared = (relaxed.share > EXACT) & (relaxed.share < 1 - EXACT)
    is_shared = np.zeros(len(problem.places), np.bool_)
    is_shared[problem.vacancy[shared]] = True
    stay = pairs[(relaxed.share[pairs] > 1 - EXACT) & ~is_shared[problem.vacancy[pairs]]]
    rest, numbers = without_settled(problem, stay)
    near = _near_of(relaxed, numbers, STEPS[0])
    found, _ = _search(rest, Rows.of(rest), near, GOOD_GAP) if len(near) else (None, 0.0)
    if found is None:
        return None
    other = np.concatenate([stay, numbers[found]])
    return None if violations(problem, other) else exchanged(problem, other)


def _near_of(relaxed: Relaxed, numbers: Ints, step: float) -> Ints:
    """Which of the pairs `numbers` are at most `step` hundredths under their price."""
    is_near = np.zeros(len(relaxed.spare), np.bool_)
    is_near[relaxed.near(step)] = True
    return np.flatnonzero(is_near[numbers])


def exchanged(problem: AllocationProblem, pairs: Ints) -> Ints:
    """The best exchange of people within the slots that `pairs` use: value, then days waited."""
    slots = Slots.of(problem, pairs)
    found: Ints = np.sort(slots.pair[optimal_by_flow(slots.problem).pair])
    # Exchanging may leave a slot empty, which no floor allows.
    return pairs if violations(problem, found) else found


def _search(
    problem: AllocationProblem, rows: Rows, pairs: Ints, gap: float
) -> tuple[Ints | None, float]:
    """The best allocation on `pairs` alone and what none on them exceeds; None without any."""
    found = milp(
        -problem.value[pairs],
        constraints=LinearConstraint(rows.matrix(pairs), ub=rows.upper),
        integrality=np.ones(len(pairs)),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": gap, "node_limit": NODES},
    )
    if found.status == INFEASIBLE:
        return None, -math.inf
    if found.x is None:
        if found.mip_dual_bound is None:
            raise SolverError(f"the solver ended with: {found.message}")
        return None, -found.mip_dual_bound
    return pairs[found.x > 1 / 2], -found.mip_dual_bound


def _longest_waiting(relaxed: Relaxed, pairs: Ints, value: int) -> Ints:
    """Among the allocations of the largest value, one of whom have waited the most days."""
    problem = relaxed.problem
    pairs = exchanged(problem, pairs)
    near = relaxed.near(relaxed.bound - value + ROUNDING)
    if len(near) > FEW:
        return pairs
    waited = problem.waiting[problem.candidate[near]]
    rows = relaxed.rows
    worth = csc_array(-problem.value[near].astype(np.float64).reshape(1, -1))
    found = milp(
        -waited,
        constraints=LinearConstraint(
            vstack([rows.matrix(near), worth], format="csc"), ub=np.append(rows.upper, -value)
        ),
        integrality=np.ones(len(near)),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0, "node_limit": NODES},
    )
    if found.x is None:
        return pairs
    other = near[found.x > 1 / 2]
    if violations(problem, other) or _value(problem, other) < value:
        return pairs
    longer = _waited(problem, other) > _waited(problem, pairs)
    return exchanged(problem, other) if longer else pairs


def _better(problem: AllocationProblem, pairs: Ints | None, other: Ints | None) -> Ints | None:
    if other is None:
        return pairs
    if pairs is None or _value(problem, other) > _value(problem, pairs):
        return np.sort(other)
    return pairs


def _value(problem: AllocationProblem, pairs: Ints) -> int:
    return int(problem.value[pairs].sum())


def _waited(problem: AllocationProblem, pairs: Ints) -> int:
    return int(problem.waiting[problem.candidate[pairs]].sum())


def _whole(bound: float) -> int:
    return math.floor(bound + ROUNDING) if math.isfinite(bound) else -1
