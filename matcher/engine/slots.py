"""An allocation where more than counts binds, seen as one where only counts do.

Whoever takes the same place, the same hours of guidance, the same seat and counts for the same
floor can be exchanged without breaking a limit. One kind of such takings is a *slot*; with as many
people in each slot as an allocation has, the best exchange of people is a flow, found exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from matcher.engine.problem import UNLIMITED, AllocationProblem, Ints, hours_can_bind


@dataclass(frozen=True, slots=True)
class Slots:
    """`problem` has the slots as its vacancies and only counts; its pairs are `pair` of the
    original, its vacancies `vacancy` of the original."""

    problem: AllocationProblem
    pair: Ints
    vacancy: Ints

    @classmethod
    def of(cls, problem: AllocationProblem, pairs: Ints) -> Slots:
        """The slots that `pairs` use, and every possible pair that could stand in one of them."""
        people = problem.candidate
        binds = hours_can_bind(problem)[problem.vacancy]
        columns = [problem.vacancy, np.where(binds, problem.need[people], 0)]
        if problem.has_seats:
            columns.append(problem.seat)
        if problem.at_least:
            columns.append(problem.group[people])
        kinds, slot = np.unique(np.stack(columns, axis=1), axis=0, return_inverse=True)
        slot = slot.reshape(-1)
        room = np.bincount(slot[pairs], minlength=len(kinds)).astype(np.int64)
        used = np.flatnonzero(room > 0)
        number = np.full(len(kinds), -1, np.int64)
        number[used] = np.arange(len(used))
        kept = np.flatnonzero(number[slot] >= 0)
        empty = np.zeros(0, np.int64)
        counts = replace(
            problem,
            places=room[used],
            candidate=people[kept],
            vacancy=number[slot[kept]],
            value=problem.value[kept],
            offer=np.full(len(used), UNLIMITED),
            seat=empty,
            seats=empty,
            group=empty,
            at_least=(),
        )
        return cls(counts, kept, kinds[used, 0] if len(used) else empty)
