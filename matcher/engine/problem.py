"""What an allocation decides: who is proposed for which place, within places, hours and one each.

Everything is integers: values in hundredths of a point, waiting in days, guidance in hundredths of
an hour a week. The order of the input never decides anything: rows are put in `seeded_order`, drawn
from the seed and the references, before any solver sees them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from matcher.domain.ties import reference_key

Ints = NDArray[np.int64]
UNLIMITED = -1
"""A vacancy whose guidance hours do not count."""
NO_SEAT = -1
NOTHING: Ints = np.zeros(0, np.int64)


class CannotSettle(ValueError):
    """The settled pairs break a limit among themselves; the message names the first."""


@dataclass(frozen=True, slots=True)
class AllocationProblem:
    """One allocation of n candidates to m vacancies over e possible pairs.

    `places` (m) and `waiting` (n) are counts; `candidate`, `vacancy` and `value` (e) are the pairs;
    `need` (n) and `offer` (m) guidance in hundredths of an hour, `UNLIMITED` where it does not
    bind. `seat` (e) is the programme start that a pair leads through, `NO_SEAT` for a place right
    away, and `seats` how many each start has. `group` (n) is the quartile of the start level, and
    `at_least` the number of places that each group gets, empty without a floor.
    """

    places: Ints
    waiting: Ints
    candidate: Ints
    vacancy: Ints
    value: Ints
    need: Ints
    offer: Ints
    seat: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    seats: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    group: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    at_least: tuple[int, ...] = ()

    @property
    def has_seats(self) -> bool:
        """Whether any pair leads through a programme."""
        return bool(len(self.seat)) and bool((self.seat != NO_SEAT).any())

    def only(self, pairs: Ints) -> AllocationProblem:
        """The same with no other pairs than these."""
        return replace(
            self,
            candidate=self.candidate[pairs],
            vacancy=self.vacancy[pairs],
            value=self.value[pairs],
            seat=self.seat[pairs] if len(self.seat) else self.seat,
        )

    @property
    def weight(self) -> Ints:
        """One number a pair that orders by value first and by days waited among equal values."""
        return self.value * self.days_weight + self.waiting[self.candidate]

    @property
    def days_weight(self) -> int:
        """More than all the days waited together that an allocation can hold."""
        most = min(int(self.places.sum()), len(self.waiting))
        return 1 + int(np.sort(self.waiting)[::-1][:most].sum())


@dataclass(frozen=True, slots=True)
class Allocation:
    """Who is proposed: `pair` are numbers of pairs of the problem, rising.

    `value` is the sum in hundredths; `bound` what no allocation can exceed; `gap` the share of the
    bound that may be missing, 0 when proven optimal. `method` says what found it.
    """

    pair: Ints
    value: int
    bound: int
    method: str

    @property
    def gap(self) -> float:
        """(bound - value) / bound, 0 when nothing was possible."""
        return 0.0 if self.bound <= 0 else (self.bound - self.value) / self.bound


def seeded_order(references: Sequence[str], seed: int) -> Ints:
    """Row numbers in the order that seed and references draw; equal for any order of the input."""
    keys = [(reference_key(f"{seed}\0{reference}"), reference) for reference in references]
    return np.array(sorted(range(len(keys)), key=lambda row: keys[row]), np.int64)


def violations(problem: AllocationProblem, pairs: Ints) -> list[str]:
    """What is wrong with an allocation (P-7); empty when nothing is."""
    wrong = []
    people, sites = problem.candidate[pairs], problem.vacancy[pairs]
    if len(np.unique(people)) < len(people):
        wrong.append("somebody has two places")
    taken = np.bincount(sites, minlength=len(problem.places))
    if (taken > problem.places).any():
        wrong.append("a vacancy has more people than places")
    hours = np.bincount(sites, problem.need[people], minlength=len(problem.places))
    if ((problem.offer != UNLIMITED) & (hours > problem.offer)).any():
        wrong.append("a site has more guidance to give than it offers")
    if problem.has_seats:
        used = problem.seat[pairs]
        booked = np.bincount(used[used != NO_SEAT], minlength=len(problem.seats))
        if (booked > problem.seats).any():
            wrong.append("a programme start has more people than seats")
    for group, least in enumerate(problem.at_least):
        if (problem.group[people] == group).sum() < least:
            wrong.append(f"group {group} is under its floor")
    return wrong


def hours_can_bind(problem: AllocationProblem) -> NDArray[np.bool_]:
    """By vacancy: whether those who need most could fill its places and exceed its hours."""
    pairs = np.unique(np.stack([problem.vacancy, problem.candidate]), axis=1)
    need = problem.need[pairs[1]]
    order = np.lexsort((-need, pairs[0]))
    site = pairs[0][order]
    place = np.arange(len(site)) - np.searchsorted(site, site)
    counts = place < problem.places[site]
    most = np.bincount(site[counts], need[order][counts], minlength=len(problem.places))
    found: NDArray[np.bool_] = (problem.offer != UNLIMITED) & (most > problem.offer)
    return found


def without_settled(problem: AllocationProblem, settled: Ints) -> tuple[AllocationProblem, Ints]:
    """What is left to decide once `settled` is, and the numbers of its pairs in `problem`."""
    if not len(settled):
        return problem, np.arange(len(problem.value))
    wrong = violations(replace(problem, at_least=()), settled)
    if wrong:
        raise CannotSettle(wrong[0])
    people, sites = problem.candidate[settled], problem.vacancy[settled]
    is_settled = np.zeros(len(problem.waiting), np.bool_)
    is_settled[people] = True
    left = np.flatnonzero(~is_settled[problem.candidate])
    count = len(problem.places)
    hours = np.bincount(sites, problem.need[people], minlength=count).astype(np.int64)
    seats = problem.seats
    if problem.has_seats:
        used = problem.seat[settled]
        seats = seats - np.bincount(used[used != NO_SEAT], minlength=len(seats))
    kept = problem.group[people] if problem.at_least else NOTHING
    rest = replace(
        problem.only(left),
        places=problem.places - np.bincount(sites, minlength=count),
        offer=np.where(problem.offer == UNLIMITED, UNLIMITED, problem.offer - hours),
        seats=seats,
        at_least=tuple(
            max(0, least - int((kept == group).sum()))
            for group, least in enumerate(problem.at_least)
        ),
    )
    return rest, left
