"""The optimum of an allocation in shares of people: what no allocation can exceed, and prices.

Only few of the possible pairs ever matter to it, so pairs are brought in as their price calls for
them, until none is left that could improve it: the bound is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import OptimizeResult, linprog
from scipy.sparse import coo_array, csc_array, hstack

from matcher.engine.flow import SolverError
from matcher.engine.problem import AllocationProblem, Ints
from matcher.engine.rows import Floats, Rows

FIRST_PAIRS = 8
EXACT = 1e-6
CLOSE = 1e-5
"""The share of the optimum that pairs not let in may add before they are let in."""
LET_IN_WITH = 500.0
"""Pairs at most so much below their price are let in with those above it."""
SHORT_OF_A_FLOOR = 10_000_000.0
"""What a person missing under a floor costs at first, in hundredths: more than any exchange."""


class FloorTooHigh(SolverError):
    """No allocation keeps the floor of every group at once."""


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The optimum in shares: `bound`, the price of each row, the `share` of each pair it takes.

    `spare` is by how much a pair is worth more than the prices of all that it takes: nothing at
    best, since the prices support the optimum. Whatever holds a pair with a spare of -s is worth
    s less than the bound, which proves that pairs far below their price cannot be in an optimum.
    """

    problem: AllocationProblem
    rows: Rows
    bound: float
    prices: Floats
    spare: Floats
    share: Floats

    @classmethod
    def of(cls, problem: AllocationProblem) -> Relaxed:
        """Raises FloorTooHigh when the floors cannot be kept together even in shares."""
        rows = Rows.of(problem)
        bound, prices, share = _relaxation(problem, rows)
        return cls(problem, rows, bound, prices, rows.spare(prices, problem.value), share)

    def near(self, step: float) -> Ints:
        """The pairs at most `step` hundredths under their price."""
        return np.flatnonzero((self.spare >= -step) | (self.share > EXACT))

    def place_prices(self) -> Floats:
        """What one more place at each vacancy adds to the bound at most."""
        return self.prices[self.rows.place : self.rows.place + len(self.problem.places)]

    def seat_prices(self) -> Floats:
        """Likewise for one more seat on each start."""
        return self.prices[self.rows.seat : self.rows.seat + len(self.problem.seats)]


def _relaxation(problem: AllocationProblem, rows: Rows) -> tuple[float, Floats, Floats]:
    let_in = _first_pairs(problem)
    floors = len(problem.at_least)
    short = _short_of_floors(rows, floors)
    while True:
        pairs = np.flatnonzero(let_in)
        found = linprog(
            np.concatenate([-problem.value[pairs], np.full(floors, SHORT_OF_A_FLOOR)]),
            A_ub=hstack([rows.matrix(pairs), short], format="csc"),
            b_ub=rows.upper,
            bounds=np.array([(0, 1)] * len(pairs) + [(0, np.inf)] * floors),
            method="highs-ds",
        )
        _check(found)
        prices = np.maximum(-found.ineqlin.marginals, 0.0)
        # What the solver charges for the limit of 1 of a pair is the price of its candidate: the
        # pair that is taken in full is the only one that they have.
        charged = np.maximum(-found.upper.marginals[: len(pairs)], 0.0)
        np.add.at(prices, problem.candidate[pairs], charged)
        spare = rows.spare(prices, problem.value)
        # Prices hold for pairs that were not let in once their candidates are charged the rest.
        rest = np.zeros(len(problem.waiting))
        np.maximum.at(rest, problem.candidate, np.maximum(spare, 0.0))
        total = float(rest.sum())
        if total <= CLOSE * -found.fun and not let_in.all():
            prices[: len(rest)] += rest
        elif (missing := (spare > -LET_IN_WITH) & ~let_in).any() and total > EXACT:
            let_in |= missing
            continue
        if found.x[len(pairs) :].sum() > EXACT:
            raise FloorTooHigh("no allocation keeps the floor of every group")
        share = np.zeros(len(let_in))
        share[pairs] = found.x[: len(pairs)]
        return float(-found.fun) + total, prices, share


def _short_of_floors(rows: Rows, floors: int) -> csc_array:
    """A column a floor: people missing, so that every set of pairs has a solution."""
    at = np.arange(floors)
    entries = coo_array(
        (np.full(floors, -1.0), (rows.floor + at, at)), shape=(len(rows.upper), floors)
    )
    return entries.tocsc()


def _first_pairs(problem: AllocationProblem) -> NDArray[np.bool_]:
    """The best pairs of both sides, so that no place stays empty for want of a pair."""
    found = np.zeros(len(problem.value), np.bool_)
    for side in (problem.candidate, problem.vacancy):
        order = np.lexsort((-problem.value, side))
        place = np.arange(len(order)) - np.searchsorted(side[order], side[order])
        found[order[place < FIRST_PAIRS]] = True
    return found


def _check(found: OptimizeResult) -> None:
    if found.x is None:
        raise SolverError(f"the solver ended with: {found.message}")
