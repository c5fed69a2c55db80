"""Batches of pairs: the best vacancies of each candidate, the best candidates of each vacancy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.domain.candidate import CandidateProfile
from matcher.domain.rules import RuleSet
from matcher.domain.ties import TIE_BITS
from matcher.engine.kernel import list_block, score_block
from matcher.engine.layout import CandidateLayout, Country

BLOCK = 8_192
"""Candidates laid out at once: what bounds the memory."""


@dataclass(frozen=True, slots=True)
class BestPairs:
    """The best of both sides; row numbers are those of the input, -1 where the list ends.

    `vacancies` and `vacancy_fits` are (n candidates, top), `candidates` and `candidate_fits`
    (m vacancies, top), best first; fits in hundredths. `eligible` counts eligible pairs by
    candidate.
    """

    vacancies: NDArray[np.int32]
    vacancy_fits: NDArray[np.int32]
    candidates: NDArray[np.int32]
    candidate_fits: NDArray[np.int32]
    eligible: NDArray[np.int64]


def best_pairs(
    candidates: Sequence[CandidateProfile],
    country: Country,
    *,
    top: int = 10,
    take_ask_first: bool = True,
    seed: int = 0,
    threads: int = 1,
    progress: Callable[[int], None] | None = None,
) -> BestPairs:
    """Every candidate against every vacancy; the same result for any number of threads.

    `progress` is told how many candidates more are done.
    """
    own = Lists(len(candidates), top)
    theirs = [Lists(len(country.vacancies), top) for _ in range(threads)]
    eligible = np.zeros(len(candidates), np.int64)
    if not country.vacancies:
        return _result(own, theirs[0], eligible)
    scorer = Scorer(country, take_ask_first=take_ask_first, seed=seed)
    with ThreadPoolExecutor(threads) as pool:
        for block in blocks_of(candidates, country):
            count = len(block.row)
            cuts = [count * part // threads for part in range(threads + 1)]
            work = [
                pool.submit(scorer.run, block, cuts[part], cuts[part + 1], own, their, eligible)
                for part, their in enumerate(theirs)
            ]
            for done in work:
                done.result()
            if progress is not None:
                progress(count)
    return _result(own, _by_input(_merged(theirs), country), eligible)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Eligible pairs by candidate: rows of the input and fits in hundredths.

    Those of candidate i stand from ``starts[i]`` to ``starts[i + 1]``, by row of vacancy.
    """

    starts: NDArray[np.int64]
    vacancy: NDArray[np.int32]
    fit: NDArray[np.int16]

    @property
    def candidate(self) -> NDArray[np.int64]:
        """The candidate of each pair."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))


def every_pair(
    candidates: Sequence[CandidateProfile],
    country: Country,
    eligible: NDArray[np.int64],
    *,
    take_ask_first: bool = True,
) -> Pairs:
    """All eligible pairs; `eligible` are the counts of `best_pairs` under the same options."""
    starts = np.concatenate([[0], np.cumsum(eligible)]).astype(np.int64)
    found = Pairs(starts, np.zeros(starts[-1], np.int32), np.zeros(starts[-1], np.int16))
    if not country.vacancies:
        return found
    scorer = Scorer(country, take_ask_first=take_ask_first, seed=0)
    for block in blocks_of(candidates, country):
        list_block(
            0,
            len(block.row),
            block,
            country.layout,
            scorer.numbers,
            starts,
            found.vacancy,
            found.fit,
        )
    return found


def blocks_of(
    candidates: Sequence[CandidateProfile], country: Country
) -> Iterator[CandidateLayout]:
    """The candidates in blocks, neighbours together: the ways from one postcode are read once."""
    order = sorted(range(len(candidates)), key=lambda at: (candidates[at].pc4 or 0, at))
    for start in range(0, len(order), BLOCK):
        rows = order[start : start + BLOCK]
        yield country.lay_out([candidates[row] for row in rows], rows)


class Lists:
    """Falling lists of keys, with the row number on the other side."""

    def __init__(self, count: int, top: int) -> None:
        self.keys = np.zeros((count, top), np.uint64)
        self.rows = np.full((count, top), -1, np.int32)
        self.last = np.full(count, -1, np.int32)

    def clear(self) -> None:
        """Empties the lists."""
        self.keys[:], self.rows[:], self.last[:] = 0, -1, -1


class Scorer:
    """The kernel with what does not change between blocks."""

    def __init__(self, country: Country, *, take_ask_first: bool, seed: int) -> None:
        self.vacancies = country.layout
        self.numbers = self.numbers_of(country.setting.rules, take_ask_first, seed)

    @staticmethod
    def numbers_of(rules: RuleSet, take_ask_first: bool, seed: int) -> NDArray[np.int64]:
        """What the kernel reads of the rules, as ``score_block`` has it."""
        load, small = rules.fit.load, rules.small_employers
        numbers = [
            load["full"],
            load["half_step"],
            small.gaps_allowed_small,
            seed,
            not take_ask_first,
        ]
        return np.array(numbers, np.int64)

    def run(
        self,
        block: CandidateLayout,
        first: int,
        last: int,
        own: Lists,
        theirs: Lists,
        eligible: NDArray[np.int64],
    ) -> None:
        """Scores candidates `first` to `last` of a block into the lists."""
        score_block(
            first,
            last,
            block,
            self.vacancies,
            self.numbers,
            own.keys,
            own.rows,
            theirs.keys,
            theirs.rows,
            theirs.last,
            eligible,
        )


def _merged(lists: Sequence[Lists]) -> Lists:
    """One list a vacancy out of those of all threads: the best keys, whoever found them."""
    if len(lists) == 1:
        return lists[0]
    keys = np.concatenate([each.keys for each in lists], axis=1)
    rows = np.concatenate([each.rows for each in lists], axis=1)
    top = lists[0].keys.shape[1]
    # Falling: keys are unsigned, so they are turned around instead of negated.
    order = np.argsort(np.iinfo(np.uint64).max - keys, axis=1, kind="stable")[:, :top]
    merged = Lists(len(keys), top)
    merged.keys = np.take_along_axis(keys, order, axis=1)
    merged.rows = np.take_along_axis(rows, order, axis=1)
    return merged


def _by_input(lists: Lists, country: Country) -> Lists:
    """The lists of vacancies in the order of the input."""
    sorted_back = Lists(*lists.keys.shape)
    sorted_back.keys[country.order] = lists.keys
    sorted_back.rows[country.order] = lists.rows
    return sorted_back


def _result(own: Lists, theirs: Lists, eligible: NDArray[np.int64]) -> BestPairs:
    return BestPairs(own.rows, _fits(own), theirs.rows, _fits(theirs), eligible)


def _fits(lists: Lists) -> NDArray[np.int32]:
    return (lists.keys >> np.uint64(TIE_BITS)).astype(np.int32)
