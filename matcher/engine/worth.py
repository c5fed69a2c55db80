"""What one more place or seat is worth: exact, by a chain of moves or by allocating again."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.domain.allocating import Method
from matcher.engine.bounded import ROUNDING
from matcher.engine.chains import NOBODY, one_more_place
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
from matcher.engine.solve import solve

UNPROVEN = -1
PAIRS_SOLVED_AGAIN = 400_000
"""Up to so many pairs in all, what a chain cannot prove is found by allocating again."""


@dataclass(frozen=True, slots=True)
class Worth:
    """By vacancy or start: what one more adds to the optimum, in hundredths.

    `exact` is `UNPROVEN` where a proof would take too long; `price` is then what the relaxation
    pays for one more, an estimate.
    """

    exact: Ints
    price: Ints


def worth_of_more(
    problem: AllocationProblem, optimum: Allocation, settled: Ints = NOTHING
) -> tuple[Worth, Worth]:
    """One more place at each vacancy, one more seat on each start, around `optimum`.

    The floors stay the numbers of people that they are.
    """
    rest, numbers = without_settled(problem, settled)
    fits = np.flatnonzero(_hours_allow(rest))
    given, numbers = rest.only(fits), numbers[fits]
    base = np.flatnonzero(np.isin(numbers, np.setdiff1d(optimum.pair, settled)))
    value = int(given.value[base].sum())
    if optimum.gap == 0 and optimal_by_flow(given).value == value:
        places, seats = _by_chains(given, base)
    else:
        places, seats = _by_prices(given, value)
    if optimum.gap == 0:
        again = _Again(problem, optimum.value, settled)
        left = again.fill(places, len(given.value), PAIRS_SOLVED_AGAIN, seats=False)
        again.fill(seats, len(given.value), left, seats=True)
    return places, seats


def _hours_allow(problem: AllocationProblem) -> NDArray[np.bool_]:
    offer = problem.offer[problem.vacancy]
    allowed: NDArray[np.bool_] = (offer == UNLIMITED) | (problem.need[problem.candidate] <= offer)
    return allowed


def _by_chains(problem: AllocationProblem, pair: Ints) -> tuple[Worth, Worth]:
    """Where the optimum is a flow: nothing gains more than its chain, which mostly can be done."""
    more = one_more_place(problem, pair)
    exact = np.full(len(more.worth), UNPROVEN, np.int64)
    exact[more.worth == 0] = 0
    chosen_by = dict(zip(problem.candidate[pair].tolist(), pair.tolist(), strict=True))
    for site in np.flatnonzero(more.worth > 0).tolist():
        after = dict(chosen_by)
        at = site
        while at != NOBODY and (arrival := int(more.arrival[at])) != NOBODY:
            person = int(problem.candidate[arrival])
            before = after.get(person)
            after[person] = arrival
            at = NOBODY if before is None else int(problem.vacancy[before])
        places = problem.places.copy()
        places[site] += 1
        changed = replace(problem, places=places)
        if not violations(changed, np.array(sorted(after.values()), np.int64)):
            exact[site] = more.worth[site]
    # A seat limits nothing where the flow, which knows no seats, does no better.
    none = np.zeros(len(problem.seats), np.int64)
    return Worth(exact, more.worth), Worth(none, none)


def _by_prices(problem: AllocationProblem, value: int) -> tuple[Worth, Worth]:
    """Nothing is gained where everybody who could come has a place already, or where the bound
    with one more would still be below the next whole hundredth; the rest is open."""
    relaxed = Relaxed.of(problem)
    spare = value + 1 - ROUNDING - relaxed.bound
    pairs = np.unique(np.stack([problem.vacancy, problem.candidate]), axis=1)
    people = np.bincount(pairs[0], minlength=len(problem.places))
    used = problem.seat[problem.seat != NO_SEAT] if problem.has_seats else NOTHING
    through = np.bincount(used, minlength=len(problem.seats))
    places, seats = relaxed.place_prices(), relaxed.seat_prices()
    return (
        _open(places, (people <= problem.places) | (places < spare)),
        _open(seats, (through <= problem.seats) | (seats < spare)),
    )


def _open(prices: NDArray[np.float64], is_enough: NDArray[np.bool_]) -> Worth:
    return Worth(
        np.where(is_enough, 0, UNPROVEN),
        np.where(is_enough, 0, np.rint(prices)).astype(np.int64),
    )


@dataclass(frozen=True, slots=True)
class _Again:
    """Allocating again with one more, as long as not too many pairs are looked at in all."""

    problem: AllocationProblem
    value: int
    settled: Ints

    def fill(self, worth: Worth, pairs: int, left: int, *, seats: bool) -> int:
        """Proves what is open, the highest price first; the number of pairs that are left."""
        unproven = np.flatnonzero(worth.exact == UNPROVEN)
        for at in unproven[np.argsort(-worth.price[unproven], kind="stable")].tolist():
            if pairs > left:
                break
            left -= pairs
            counts = (self.problem.seats if seats else self.problem.places).copy()
            counts[at] += 1
            changed = (
                replace(self.problem, seats=counts)
                if seats
                else replace(self.problem, places=counts)
            )
            found = solve(changed, Method.OPTIMAL, self.settled)
            if found.gap == 0:
                worth.exact[at] = found.value - self.value
        return left
