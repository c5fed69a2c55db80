"""Allocations where more than counts binds: guidance hours, seats that lead to a place, floors.

First the linear relaxation, whose optimum no allocation can exceed. Only few of the possible pairs
ever matter to it, so pairs are brought in as their price calls for them, until none is left that
could improve it: the bound is exact. Then whole people, on the pairs whose price comes near enough;
more pairs are let in until the proven gap is within what was promised (P-7).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from matcher.engine.flow import SolverError
from matcher.engine.problem import (
    NO_SEAT,
    UNLIMITED,
    Allocation,
    AllocationProblem,
    Ints,
    Method,
)

Floats = NDArray[np.float64]
GAP = 0.005
"""The largest proven gap (contract.md section 3, P-7)."""
SOLVER_GAP = 0.001
NODES = 5_000
"""Limits count nodes, never seconds, so that the same input gives the same plan (P-8)."""
FIRST_PAIRS = 8
PRICE_STEPS = (150.0, 400.0, 1_000.0, 3_000.0, np.inf)
"""How far below its price a pair may be worth, in hundredths of a point, to be let in."""
EXACT = 1e-6


class FloorTooHigh(SolverError):
    """No allocation keeps the floor of every group at once."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """The limits of a problem as rows: people, places, guidance, seats, floors, in this order."""

    upper: Floats
    lower: Floats
    index: Ints
    amount: Floats

    @classmethod
    def of(cls, problem: AllocationProblem) -> _Rows:
        """The rows, and for each pair the rows it counts in and by how much."""
        n, m, e = len(problem.waiting), len(problem.places), len(problem.value)
        seats = len(problem.seats)
        groups = len(problem.at_least)
        offer = np.where(problem.offer == UNLIMITED, np.inf, problem.offer).astype(np.float64)
        upper = np.concatenate(
            [np.ones(n), problem.places, offer, problem.seats, np.full(groups, np.inf)]
        )
        lower = np.full(len(upper), -np.inf)
        if groups:
            lower[-groups:] = problem.at_least
        ones = np.ones(e)
        index = [problem.candidate, n + problem.vacancy, n + m + problem.vacancy]
        amount = [ones, ones, problem.need[problem.candidate].astype(np.float64)]
        if problem.has_seats:
            through = problem.seat != NO_SEAT
            # A pair without a seat counts in some row by 0, so that every pair has as many entries.
            index.append(n + 2 * m + np.where(through, problem.seat, 0))
            amount.append(through.astype(np.float64))
        if groups:
            index.append(n + 2 * m + seats + problem.group[problem.candidate])
            amount.append(ones)
        return cls(upper, lower, np.stack(index, axis=1), np.stack(amount, axis=1))


def optimal_within_bounds(problem: AllocationProblem) -> Allocation:
    """The best allocation that keeps every limit, within `GAP` of what is possible at all.

    Raises FloorTooHigh when the floors cannot be kept together, SolverError when the solver gives
    up.
    """
    if not len(problem.value):
        if any(problem.at_least):
            raise FloorTooHigh("nobody can be placed, so no floor can be kept")
        return Allocation(np.zeros(0, np.int64), 0, 0, Method.OPTIMAL.value)
    rows = _Rows.of(problem)
    bound, prices, used = _relaxation(problem, rows)
    worth = problem.value - (prices[rows.index] * rows.amount).sum(axis=1)
    best: Allocation | None = None
    for step in PRICE_STEPS:
        pairs = np.flatnonzero((worth > -step) | used)
        chosen = _whole_people(problem, rows, pairs)
        if chosen is not None:
            value = int(problem.value[chosen].sum())
            if best is None or value > best.value:
                best = Allocation(
                    chosen, value, max(value, int(bound + EXACT)), Method.OPTIMAL.value
                )
            if best.gap <= GAP:
                return best
    if best is None:
        raise FloorTooHigh("no allocation keeps the floor of every group")
    return best


def _relaxation(problem: AllocationProblem, rows: _Rows) -> tuple[float, Floats, NDArray[np.bool_]]:
    """The optimum in shares of people, the price of each row, and which pairs it uses."""
    let_in = _first_pairs(problem)
    while True:
        pairs = np.flatnonzero(let_in)
        solver = _solver(problem, rows, pairs, whole=False)
        if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            # The floors ask for pairs that were not let in yet, or cannot be kept at all.
            if let_in.all():
                raise FloorTooHigh("no allocation keeps the floor of every group")
            let_in[:] = True
            continue
        solution = solver.getSolution()
        prices = np.array(solution.row_dual)
        worth = problem.value - (prices[rows.index] * rows.amount).sum(axis=1)
        missing = (worth > EXACT) & ~let_in
        if not missing.any():
            used = np.zeros(len(let_in), np.bool_)
            used[pairs] = np.array(solution.col_value) > EXACT
            return float(solver.getInfo().objective_function_value), prices, used
        let_in |= missing


def _first_pairs(problem: AllocationProblem) -> NDArray[np.bool_]:
    """The best pairs of both sides, so that no place stays empty for want of a pair."""
    found = np.zeros(len(problem.value), np.bool_)
    for side in (problem.candidate, problem.vacancy):
        order = np.lexsort((-problem.value, side))
        place = np.arange(len(order)) - np.searchsorted(side[order], side[order])
        found[order[place < FIRST_PAIRS]] = True
    return found


def _whole_people(problem: AllocationProblem, rows: _Rows, pairs: Ints) -> Ints | None:
    """The best allocation on `pairs` alone; None when they cannot keep the floors."""
    solver = _solver(problem, rows, pairs, whole=True)
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None
    values = np.array(solver.getSolution().col_value)
    return pairs[values > 1 / 2]


def _solver(problem: AllocationProblem, rows: _Rows, pairs: Ints, *, whole: bool) -> Any:
    """A solver that has run on `pairs`, in whole people or in shares of them."""
    width = rows.index.shape[1]
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(pairs), len(rows.upper)
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = problem.value[pairs].astype(np.float64)
    model.col_lower_, model.col_upper_ = np.zeros(len(pairs)), np.ones(len(pairs))
    model.row_lower_, model.row_upper_ = rows.lower, rows.upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.arange(0, width * len(pairs) + 1, width, dtype=np.int32)
    model.a_matrix_.index_ = rows.index[pairs].reshape(-1).astype(np.int32)
    model.a_matrix_.value_ = rows.amount[pairs].reshape(-1)
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]  # ships types for half of it
    solver.silent()
    solver.setOptionValue("threads", 1)
    if whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(pairs)
        solver.setOptionValue("mip_rel_gap", SOLVER_GAP)
        solver.setOptionValue("mip_max_nodes", NODES)
    solver.passModel(model)
    solver.run()
    status = solver.getModelStatus()
    if status not in (
        highspy.HighsModelStatus.kOptimal,
        highspy.HighsModelStatus.kInfeasible,
        highspy.HighsModelStatus.kSolutionLimit,
        highspy.HighsModelStatus.kIterationLimit,
    ):
        raise SolverError(f"the solver ended with: {solver.modelStatusToString(status)}")
    return solver
