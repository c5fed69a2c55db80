"""How much an allocation can have lost by the pairs that were left out of a large problem."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from matcher.engine.chains import one_more_place
from matcher.engine.flow import optimal_by_flow
from matcher.engine.problem import Allocation, AllocationProblem, Ints
from matcher.engine.relaxed import Relaxed
from matcher.engine.rows import needs_to_cut

Floats = NDArray[np.float64]
COMPLETE = -1
"""The cut of a list that left nobody out."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """What the lists of a pruned part left out: by person (n) and vacancy (m), the value that no
    pair outside the lists exceeds, `COMPLETE` where none is outside."""

    person: Ints
    vacancy: Ints


def bound_on_loss(problem: AllocationProblem, allocation: Allocation, cuts: list[Cuts]) -> int:
    """No allocation with all pairs is worth more than this over `allocation`, in hundredths.

    At prices that support the optimum, the best pair that was left out of somebody's list can add
    no more than what it is worth over its price and what that person has already.
    """
    flow = optimal_by_flow(problem)
    needs = np.unique(problem.need)
    if flow.value == allocation.value:
        price = one_more_place(problem, flow.pair).worth.astype(np.float64)
        left = np.zeros(len(problem.waiting))
        np.maximum.at(left, problem.candidate, problem.value - price[problem.vacancy])
        bound = float(flow.value)
        charges = [price] * len(needs)
    else:
        relaxed = Relaxed.of(problem)
        bound, left = relaxed.bound, _left(relaxed)
        charges = [_charge(relaxed, int(need)) for need in needs]
    more = np.zeros(len(problem.waiting))
    for part in cuts:
        for need, charge in zip(needs, charges, strict=True):
            own = np.flatnonzero(problem.need == need)
            best = best_outside(part.person[own], part.vacancy, charge)
            more[own] = np.maximum(more[own], best - left[own])
    return max(0, ceil(bound + float(more.sum()) - allocation.value - 1e-3))


def best_outside(person: Ints, vacancy: Ints, charge: Floats) -> Floats:
    """By person: the most that a pair outside both lists can be worth over the charge."""
    outside = np.flatnonzero(vacancy != COMPLETE)
    best = np.full(len(person), -np.inf)
    if not len(outside):
        return best
    order = outside[np.argsort(vacancy[outside], kind="stable")]
    worth, cost = vacancy[order], charge[order]
    # Up to the person's own cut a pair is worth what the vacancy's list left out, beyond it that.
    below = np.maximum.accumulate(worth - cost)
    above = np.minimum.accumulate(cost[::-1])[::-1]
    at = np.searchsorted(worth, person, side="left")
    has_below, has_above = at > 0, at < len(worth)
    best[has_below] = below[at[has_below] - 1]
    best[has_above] = np.maximum(best[has_above], person[has_above] - above[at[has_above]])
    return np.where(person == COMPLETE, -np.inf, best)


def _left(relaxed: Relaxed) -> Floats:
    """What each person's own row is paid, less what their floor pays for them."""
    problem, rows = relaxed.problem, relaxed.rows
    left = relaxed.prices[: len(problem.waiting)].copy()
    if problem.at_least:
        left -= relaxed.prices[rows.floor + problem.group]
    return left


def _charge(relaxed: Relaxed, need: int) -> Floats:
    """What each vacancy charges somebody who needs so much guidance."""
    problem, rows = relaxed.problem, relaxed.rows
    sites = len(problem.places)
    charge = relaxed.prices[rows.place : rows.place + sites].copy()
    at = rows.place + sites
    for unit in (1, *needs_to_cut(problem).tolist()):
        charge += relaxed.prices[at : at + sites] * (need // unit)
        at += sites
    return charge
