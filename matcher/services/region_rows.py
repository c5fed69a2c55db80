"""The rows of `match` for many candidates at once: the kernel chooses, and only that is explained.

The same rows as candidate by candidate (P-10). Compiled code takes a second to load, so that a few
candidates are quicker without it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from matcher.domain.assessment import current
from matcher.domain.candidate import CandidateProfile
from matcher.domain.classes import classes_of
from matcher.domain.matching import Match
from matcher.domain.numbers import decimal_of
from matcher.domain.pairs import assess_pair
from matcher.domain.summaries import Summaries, Summary
from matcher.services.advice import Advisor
from matcher.services.advice_rows import Row, match_row

MANY_PAIRS = 2_000_000
"""From so many pairs on, the kernel is worth its loading."""
PEOPLE_AT_ONCE = 4_096
"""Candidates whose rows are made together: what bounds the memory."""
THREADS_MAXIMUM = 8

Progress = Callable[[int], None]
Ints = NDArray[np.int64]


def best_rows(
    advisor: Advisor,
    candidates: Sequence[CandidateProfile],
    *,
    top: int,
    seed: int = 0,
    is_flat: bool,
    progress: Progress | None = None,
) -> Iterator[Row]:
    """At most `top` rows of `match` for each candidate, in their order; none while paused.

    A flat row has the codes of its gaps and no components: what CSV, XLSX and Parquet hold.
    `progress` is told how many candidates are chosen for, then for how many the rows are made.
    """
    region = _Region(advisor, [c for c in candidates if not c.is_paused(advisor.on)])
    best = region.best(top, seed, progress)
    for start in range(0, len(region.people), PEOPLE_AT_ONCE):
        chosen = best.of(start, start + PEOPLE_AT_ONCE)
        yield from region.flat_rows(chosen) if is_flat else region.whole_rows(chosen)
        if progress is not None:
            progress(min(start + PEOPLE_AT_ONCE, len(region.people)))


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Pairs by row of both sides, best first within a candidate, with fit and rank."""

    candidate: Ints
    vacancy: Ints
    fit: Ints
    rank: Ints


@dataclass(frozen=True, slots=True)
class _Best:
    """The best vacancies of each candidate: rows and fits, (n, top); a row of -1 ends a list."""

    vacancies: NDArray[np.int32]
    fits: NDArray[np.int32]

    def of(self, first: int, last: int) -> _Chosen:
        """The pairs of candidates `first` to `last`. Equal fit is equal rank (1, 2, 2, 4)."""
        vacancies, fits = self.vacancies[first:last], self.fits[first:last]
        place = np.arange(1, vacancies.shape[1] + 1)
        is_tied = np.zeros(fits.shape, np.bool_)
        is_tied[:, 1:] = fits[:, 1:] == fits[:, :-1]
        ranks = np.maximum.accumulate(np.where(is_tied, 0, place), axis=1)
        candidate, at = np.nonzero(vacancies >= 0)
        return _Chosen(
            candidate + first,
            vacancies[candidate, at].astype(np.int64),
            fits[candidate, at].astype(np.int64),
            ranks[candidate, at],
        )


class _Region:
    """Candidates who take part, each under the rules of their region."""

    def __init__(self, advisor: Advisor, people: Sequence[CandidateProfile]) -> None:
        self.advisor = advisor
        self.group, slugs = classes_of(advisor.setting(person).rules.slug for person in people)
        first = [int(np.argmax(self.group == number)) for number in range(len(slugs))]
        self.settings = [advisor.setting(people[row]) for row in first]
        self.summaries = [Summaries(advisor.vacancies, setting) for setting in self.settings]
        self.people = [current(person, advisor.setting(person)) for person in people]

    def best(self, top: int, seed: int, progress: Progress | None) -> _Best:
        # Compiled code takes a second to load: only many candidates need it.
        from matcher.engine.batch import best_pairs
        from matcher.engine.layout import Country

        found = _Best(
            np.full((len(self.people), top), -1, np.int32),
            np.zeros((len(self.people), top), np.int32),
        )
        done = 0

        def more(count: int) -> None:
            nonlocal done
            done += count
            if progress is not None:
                progress(done)

        threads = min(os.cpu_count() or 1, THREADS_MAXIMUM)
        for number, setting in enumerate(self.settings):
            rows = np.flatnonzero(self.group == number)
            best = best_pairs(
                [self.people[row] for row in rows],
                Country(self.advisor.vacancies, setting),
                top=top,
                seed=seed,
                threads=threads,
                progress=more,
            )
            found.vacancies[rows], found.fits[rows] = best.vacancies, best.vacancy_fits
        return found

    def flat_rows(self, chosen: _Chosen) -> Iterator[Row]:
        """The rows with what flat formats hold."""
        decimal = cache(decimal_of)
        vacancies = self.advisor.vacancies
        for candidate, vacancy, fit, rank, said in zip(
            chosen.candidate.tolist(),
            chosen.vacancy.tolist(),
            chosen.fit.tolist(),
            chosen.rank.tolist(),
            self._summaries(chosen),
            strict=True,
        ):
            yield {
                "candidate": self.people[candidate].reference,
                "vacancy": vacancies[vacancy].reference,
                "rank": rank,
                "eligible": True,
                "fit": decimal(fit),
                "travel_minutes": said.travel_minutes,
                "gaps": list(said.gaps),
                "blockers": [],
                "certainty": said.certainty,
            }

    def _summaries(self, chosen: _Chosen) -> list[Summary]:
        first = int(chosen.candidate.min(initial=len(self.people)))
        people = self.people[first : int(chosen.candidate.max(initial=0)) + 1]
        group = self.group[chosen.candidate]
        said: dict[int, Summary] = {}
        for number in np.unique(group).tolist():
            at = np.flatnonzero(group == number)
            found = self.summaries[number].of(
                people, chosen.candidate[at] - first, chosen.vacancy[at]
            )
            said |= dict(zip(at.tolist(), found, strict=True))
        return [said[at] for at in range(len(group))]

    def whole_rows(self, chosen: _Chosen) -> Iterator[Row]:
        """The rows with every explanation."""
        for candidate, vacancy, rank in zip(
            chosen.candidate.tolist(), chosen.vacancy.tolist(), chosen.rank.tolist(), strict=True
        ):
            setting = self.settings[self.group[candidate]]
            pair = assess_pair(self.people[candidate], self.advisor.vacancies[vacancy], setting)
            yield match_row(Match(pair, rank), self.advisor.wording)
