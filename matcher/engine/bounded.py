"""Allocations where more than counts binds: guidance hours, seats that lead to a place, floors.

First the linear relaxation, whose optimum no allocation can exceed. Only few of the possible pairs
ever matter to it, so pairs are brought in as their price calls for them, until none is left that
could improve it: the bound is exact. Then whole people, on the pairs whose price comes near enough;
more pairs are let in until the proven gap is within what was promised (P-7).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp
from scipy.sparse import csc_array

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
SMALL = 20_000
"""Up to so many pairs that come near, the optimum is proven without a gap, unless the nodes run
out."""
FIRST_PAIRS = 8
PRICE_STEPS = (150.0, 400.0, 1_000.0, 3_000.0, np.inf)
"""How far below its price a pair may be worth, in hundredths of a point, to be let in."""
EXACT = 1e-6
INFEASIBLE = 2
"""The status by which SciPy says that no solution exists."""


class FloorTooHigh(SolverError):
    """No allocation keeps the floor of every group at once."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """The limits of a problem as rows: people, places, guidance, seats, floors, in this order."""

    upper: Floats
    index: Ints
    amount: Floats

    @classmethod
    def of(cls, problem: AllocationProblem) -> _Rows:
        """The rows, and for each pair the rows it counts in and by how much.

        A floor is written as an upper limit: minus the people of a group, at most minus the least.
        """
        n, m, e = len(problem.waiting), len(problem.places), len(problem.value)
        seats = len(problem.seats)
        # All that everybody needs together never binds.
        offer = np.where(problem.offer == UNLIMITED, problem.need.sum(), problem.offer)
        least = -np.array(problem.at_least, np.float64)
        upper = np.concatenate([np.ones(n), problem.places, offer, problem.seats, least])
        ones = np.ones(e)
        index = [problem.candidate, n + problem.vacancy, n + m + problem.vacancy]
        amount = [ones, ones, problem.need[problem.candidate].astype(np.float64)]
        if problem.has_seats:
            through = problem.seat != NO_SEAT
            # A pair without a seat counts in some row by 0, so that every pair has as many entries.
            index.append(n + 2 * m + np.where(through, problem.seat, 0))
            amount.append(through.astype(np.float64))
        if problem.at_least:
            index.append(n + 2 * m + seats + problem.group[problem.candidate])
            amount.append(-ones)
        return cls(upper, np.stack(index, axis=1), np.stack(amount, axis=1))

    def matrix(self, pairs: Ints) -> csc_array:
        """The rows as a matrix over some pairs."""
        width = self.index.shape[1]
        starts = np.arange(0, width * len(pairs) + 1, width)
        entries = (self.amount[pairs].reshape(-1), self.index[pairs].reshape(-1), starts)
        return csc_array(entries, shape=(len(self.upper), len(pairs)))


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The optimum in shares of people: `bound`, the price of each row, and the pairs it uses.

    `spare` is by how much a pair is worth more than the prices of all that it takes: nothing at
    best, since the prices support the optimum. Whatever holds a pair with a spare of -s is worth
    s less than the bound, which proves that pairs far below their price cannot be in an optimum.
    """

    problem: AllocationProblem
    rows: _Rows
    bound: float
    prices: Floats
    spare: Floats
    is_used: NDArray[np.bool_]

    @classmethod
    def of(cls, problem: AllocationProblem) -> Relaxed:
        """Raises FloorTooHigh when the floors cannot be kept together even in shares."""
        rows = _Rows.of(problem)
        bound, prices, used = _relaxation(problem, rows)
        return cls(problem, rows, bound, prices, _spare(problem, rows, prices), used)

    def near(self, step: float) -> Ints:
        """The pairs at most `step` hundredths under their price."""
        return np.flatnonzero((self.spare > -step) | self.is_used)

    def best(self) -> Allocation:
        """The best allocation, within `GAP`; without any gap where few pairs come near.

        Raises FloorTooHigh when no allocation of whole people keeps the floors.
        """
        best: Allocation | None = None
        bound = self.bound
        for step in PRICE_STEPS:
            pairs = self.near(step)
            is_small = len(pairs) <= SMALL
            chosen, limit = _whole_people(
                self.problem, self.rows, pairs, 0.0 if is_small else SOLVER_GAP
            )
            bound = min(bound, max(limit, self.bound - step))
            if chosen is not None:
                value = int(self.problem.value[chosen].sum())
                if best is None or value > best.value:
                    best = Allocation(chosen, value, value, Method.OPTIMAL.value)
                best = replace(best, bound=max(best.value, math.floor(bound + EXACT)))
                if best.gap == 0 or (best.gap <= GAP and not is_small):
                    return best
            if len(pairs) == len(self.spare):
                break
        if best is None:
            raise FloorTooHigh("no allocation keeps the floor of every group")
        return best

    def without(self, pair: int) -> Relaxed:
        """The same with one pair forbidden: the prices still hold, and so does the bound."""
        return self._changed(np.delete(np.arange(len(self.spare)), pair), self.problem, self.bound)

    def with_one_more(self, *, place: int | None = None, seat: int | None = None) -> Relaxed:
        """The same with one more place at a vacancy or one more seat on a start.

        Nothing can gain more by it than its price.
        """
        upper = self.rows.upper.copy()
        problem, bound = self.problem, self.bound
        people, sites = len(problem.waiting), len(problem.places)
        if place is not None:
            upper[people + place] += 1
            bound += self.prices[people + place]
            problem = replace(problem, places=_one_more(problem.places, place))
        if seat is not None:
            upper[people + 2 * sites + seat] += 1
            bound += self.prices[people + 2 * sites + seat]
            problem = replace(problem, seats=_one_more(problem.seats, seat))
        return replace(self, problem=problem, rows=replace(self.rows, upper=upper), bound=bound)

    def _changed(self, kept: Ints, problem: AllocationProblem, bound: float) -> Relaxed:
        chosen = replace(
            problem,
            candidate=problem.candidate[kept],
            vacancy=problem.vacancy[kept],
            value=problem.value[kept],
            seat=problem.seat[kept] if len(problem.seat) else problem.seat,
        )
        rows = replace(self.rows, index=self.rows.index[kept], amount=self.rows.amount[kept])
        return replace(
            self,
            problem=chosen,
            rows=rows,
            bound=bound,
            spare=self.spare[kept],
            is_used=self.is_used[kept],
        )


def optimal_within_bounds(problem: AllocationProblem) -> Allocation:
    """The best allocation that keeps every limit, within `GAP` of what is possible at all.

    Raises FloorTooHigh when the floors cannot be kept together, SolverError when the solver gives
    up.
    """
    if not len(problem.value):
        if any(problem.at_least):
            raise FloorTooHigh("nobody can be placed, so no floor can be kept")
        return Allocation(np.zeros(0, np.int64), 0, 0, Method.OPTIMAL.value)
    return Relaxed.of(problem).best()


def _one_more(counts: Ints, at: int) -> Ints:
    more = counts.copy()
    more[at] += 1
    return more


def _spare(problem: AllocationProblem, rows: _Rows, prices: Floats) -> Floats:
    taken: Floats = (prices[rows.index] * rows.amount).sum(axis=1)
    return problem.value - taken


def _relaxation(problem: AllocationProblem, rows: _Rows) -> tuple[float, Floats, NDArray[np.bool_]]:
    """The optimum in shares of people, the price of each row, and which pairs it uses."""
    let_in = _first_pairs(problem)
    while True:
        pairs = np.flatnonzero(let_in)
        found = linprog(
            -problem.value[pairs],
            A_ub=rows.matrix(pairs),
            b_ub=rows.upper,
            bounds=(0, 1),
            method="highs-ds",
        )
        if found.status == INFEASIBLE:
            # The floors ask for pairs that were not let in yet, or cannot be kept at all.
            if let_in.all():
                raise FloorTooHigh("no allocation keeps the floor of every group")
            let_in[:] = True
            continue
        _check(found)
        prices = np.maximum(-found.ineqlin.marginals, 0.0)
        # What the solver charges for the limit of 1 of a pair is the price of its candidate: the
        # pair that is taken in full is the only one that they have.
        np.add.at(prices, problem.candidate[pairs], np.maximum(-found.upper.marginals, 0.0))
        missing = (_spare(problem, rows, prices) > EXACT) & ~let_in
        if not missing.any():
            used = np.zeros(len(let_in), np.bool_)
            used[pairs] = found.x > EXACT
            return float(-found.fun), prices, used
        let_in |= missing


def _first_pairs(problem: AllocationProblem) -> NDArray[np.bool_]:
    """The best pairs of both sides, so that no place stays empty for want of a pair."""
    found = np.zeros(len(problem.value), np.bool_)
    for side in (problem.candidate, problem.vacancy):
        order = np.lexsort((-problem.value, side))
        place = np.arange(len(order)) - np.searchsorted(side[order], side[order])
        found[order[place < FIRST_PAIRS]] = True
    return found


def _whole_people(
    problem: AllocationProblem, rows: _Rows, pairs: Ints, gap: float
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
        return None, -np.inf
    _check(found)
    return pairs[found.x > 1 / 2], -found.mip_dual_bound


def _check(found: OptimizeResult) -> None:
    """A limit of nodes may end the search, as long as an allocation was found by then."""
    if found.x is None:
        raise SolverError(f"the solver ended with: {found.message}")
