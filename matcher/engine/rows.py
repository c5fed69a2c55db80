"""The limits of an allocation as rows of a linear programme, and the cuts that whole people allow.

A cut says what shares of people hide: at a site with 8 hours no more than two people fit who need
3 hours each, though 8/3 would. For a need of t hours, the hours divided by t and rounded down on
both sides are a limit that every allocation of whole people keeps (Chvatal, 1973).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from matcher.engine.problem import NO_SEAT, UNLIMITED, AllocationProblem, Ints

Floats = NDArray[np.float64]
CUTS = 6
"""Cuts are made for so many different needs at most, the largest."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Limits as rows: people, places, guidance and its cuts, seats, floors, in this order.

    `upper` holds the limits; `index` (e, w) the rows that each pair counts in, `amount` by how
    much. `place`, `seat` and `floor` are the numbers of the first row of their kind.
    """

    upper: Floats
    index: Ints
    amount: Floats
    place: int
    seat: int
    floor: int

    @classmethod
    def of(cls, problem: AllocationProblem) -> Rows:
        """A floor is written as an upper limit: minus the people of a group, minus the least."""
        n, m, e = len(problem.waiting), len(problem.places), len(problem.value)
        ones = np.ones(e)
        upper = [np.ones(n), problem.places]
        index = [problem.candidate, n + problem.vacancy]
        amount = [ones, ones]
        is_free = problem.offer == UNLIMITED
        takes = problem.need[problem.candidate]
        top = n + m
        for unit in (1, *needs_to_cut(problem)):
            # All that everybody needs together never binds.
            offer = np.where(is_free, problem.need.sum(), problem.offer) // unit
            upper.append(offer)
            index.append(top + problem.vacancy)
            amount.append((takes // unit).astype(np.float64))
            top += m
        floor = top + len(problem.seats)
        upper += [problem.seats, -np.array(problem.at_least, np.float64)]
        if problem.has_seats:
            through = problem.seat != NO_SEAT
            # A pair without a seat counts in some row by 0, so that every pair has as many entries.
            index.append(top + np.where(through, problem.seat, 0))
            amount.append(through.astype(np.float64))
        if problem.at_least:
            index.append(floor + problem.group[problem.candidate])
            amount.append(-ones)
        return cls(
            np.concatenate(upper).astype(np.float64),
            np.stack(index, axis=1),
            np.stack(amount, axis=1),
            n,
            top,
            floor,
        )

    def matrix(self, pairs: Ints) -> csc_array:
        """The rows as a matrix over some pairs."""
        width = self.index.shape[1]
        starts = np.arange(0, width * len(pairs) + 1, width)
        entries = (self.amount[pairs].reshape(-1), self.index[pairs].reshape(-1), starts)
        found = csc_array(entries, shape=(len(self.upper), len(pairs)))
        found.eliminate_zeros()
        return found

    def spare(self, prices: Floats, value: Ints) -> Floats:
        """By how much each pair is worth more than the prices of all that it takes."""
        taken: Floats = (prices[self.index] * self.amount).sum(axis=1)
        return value - taken


def needs_to_cut(problem: AllocationProblem) -> Ints:
    """The needs that cuts are made for; one hundredth needs none."""
    if (problem.offer == UNLIMITED).all():
        return np.zeros(0, np.int64)
    needs = np.unique(problem.need[problem.candidate])
    return needs[needs > 1][-CUTS:]
