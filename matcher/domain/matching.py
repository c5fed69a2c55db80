"""Ranked vacancies for one candidate: ties share a rank, and only a cut breaks them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.domain.assessment import current
from matcher.domain.candidate import CandidateProfile
from matcher.domain.pairs import Pair, assess_pair
from matcher.domain.table import VacancyTable
from matcher.domain.ties import tie


@dataclass(frozen=True, slots=True)
class Match:
    """One pair with its rank among the eligible; a blocked pair has none."""

    pair: Pair
    rank: int | None


def rank_vacancies(
    candidate: CandidateProfile,
    table: VacancyTable,
    *,
    top: int | None = None,
    include_blocked: bool = False,
    seed: int = 0,
) -> list[Match]:
    """Eligible vacancies by fit, then the blocked ones by fit when asked for.

    Equal fit is equal rank (1, 2, 2, 4). Within a tie, and so at the `top` cut, the order is a
    hash of seed and references: rank and fit never depend on it. `top` cuts the eligible only.
    """
    candidate = current(candidate, table.setting)
    scores = table.score(candidate)
    eligible = _ordered(np.flatnonzero(scores.eligible), scores.fit, candidate, table, seed)
    if top is not None:
        eligible = eligible[:top]
    ranks = _ranks([int(scores.fit[row]) for row in eligible])
    matches = [
        Match(assess_pair(candidate, table.vacancies[row], table.setting), rank)
        for row, rank in zip(eligible, ranks, strict=True)
    ]
    if include_blocked:
        blocked = _ordered(np.flatnonzero(~scores.eligible), scores.fit, candidate, table, seed)
        matches += [
            Match(assess_pair(candidate, table.vacancies[row], table.setting), None)
            for row in blocked
        ]
    return matches


def places_now(candidate: CandidateProfile, table: VacancyTable) -> int:
    """Places over the eligible vacancies that need not be asked first; 0 while paused."""
    if candidate.is_paused(table.setting.on):
        return 0
    scores = table.score(current(candidate, table.setting))
    rows = np.flatnonzero(scores.eligible & ~scores.ask_first)
    return sum(table.vacancies[row].places for row in rows)


def _ordered(
    rows: Sequence[int] | np.ndarray[tuple[int], np.dtype[np.intp]],
    fit: np.ndarray[tuple[int], np.dtype[np.int64]],
    candidate: CandidateProfile,
    table: VacancyTable,
    seed: int,
) -> list[int]:
    def key(row: int) -> tuple[int, int]:
        reference = table.vacancies[row].reference
        return -int(fit[row]), -tie(candidate.reference, reference, seed)

    return sorted((int(row) for row in rows), key=key)


def _ranks(fits: Sequence[int]) -> list[int]:
    """Competition ranks of fits in falling order."""
    ranks: list[int] = []
    for position, fit in enumerate(fits, start=1):
        ranks.append(ranks[-1] if ranks and fits[position - 2] == fit else position)
    return ranks
