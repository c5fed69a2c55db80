"""Bars: for each answer that candidates give, whom it shuts out, a bit a vacancy.

One bar stands for one distinct answer, made by the same column rules as the explained score
(``matcher.domain.table``), so that there is one definition of every rule.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.domain.classes import person
from matcher.domain.pairs import LOAD_STEPS_THAT_BLOCK
from matcher.domain.table import VacancyTable
from matcher.domain.vocabulary import LOADS, NEED_LEVELS

WORD = 64
NO_BAR = -1

Row = NDArray[np.bool_]
Numbers = NDArray[np.int32]


class Bars:
    """The bars of the vacancies of a table, made as answers are met and kept."""

    def __init__(self, table: VacancyTable) -> None:
        self.table = table
        self.words = -(-len(table) // WORD)
        self._made: dict[tuple[str, Hashable], int] = {}
        self._rows: list[NDArray[np.uint64]] = []

    def rows(self) -> NDArray[np.uint64]:
        """All bars made so far, one a row, in words of 64 vacancies."""
        if not self._rows:
            return np.zeros((1, self.words), np.uint64)
        return np.stack(self._rows)

    def of_levels(self, answers: Sequence[tuple[int | None, ...]]) -> Numbers:
        """The bars of each answer to the five levels."""
        return _numbers(
            [
                self._bar(name, level, partial(self.level, at, level))
                for at, (name, level) in enumerate(zip(NEED_LEVELS, levels, strict=True))
            ]
            for levels in answers
        )

    def of_loads(self, answers: Sequence[tuple[int | None, ...]]) -> Numbers:
        """The bars of each answer to the abilities."""
        return _numbers(
            [
                self._bar(load, able, partial(self._heavy, at, able))
                for at, (load, able) in enumerate(zip(LOADS, abilities, strict=True))
            ]
            for abilities in answers
        )

    def of(self, rule: str, answers: Sequence[Hashable], make: Callable[[Any], Row]) -> Numbers:
        """The bar of each answer to one question, by the rule `make`."""
        return _numbers([self._bar(rule, answer, partial(make, answer))] for answer in answers)

    def _bar(self, rule: str, answer: Hashable, make: Callable[[], Row]) -> int:
        """The number of the bar of one answer; `NO_BAR` when it shuts nobody out."""
        known = self._made.get((rule, answer))
        if known is None:
            bits = make()
            known = NO_BAR
            if bits.any():
                known = len(self._rows)
                self._rows.append(_packed(bits, self.words))
            self._made[(rule, answer)] = known
        return known

    # --- rules -----------------------------------------------------------------------------------
    def level(self, at: int, level: int | None) -> Row:
        """Two steps or more under a need."""
        name = NEED_LEVELS[at]
        return self.table.level(level, self.table.needs[name], name)[1]

    def load(self, at: int, ability: int) -> Row:
        """A gap of two steps."""
        found: Row = self.table.demands[:, at] - ability >= LOAD_STEPS_THAT_BLOCK
        return found

    def smallest_employer(self, at: int, ability: int) -> Row:
        """Any gap at the smallest employers (P-6); the count at small ones is up to the kernel."""
        limits = self.table.setting.rules.small_employers
        smallest = self.table.size < limits.smallest_below
        found: Row = smallest & (self.table.demands[:, at] > ability)
        return found

    def _heavy(self, at: int, ability: int | None) -> Row:
        if ability is None:
            return np.zeros(len(self.table), np.bool_)
        return self.load(at, ability) | self.smallest_employer(at, ability)

    def credential(self, held: frozenset[str]) -> Row:
        """A credential asked for on day one that is not held."""
        return self.table.lacks_credential(person(credentials=held))

    def licence(self, held: frozenset[str]) -> Row:
        """A licence asked for on day one that is not held."""
        return self.table.lacks_licence(person(licences=held))

    def sector(self, never: frozenset[str]) -> Row:
        """A sector that is never wanted."""
        return self.table.unwanted(person(sectors_never=never))

    def week(self, answer: tuple[float | None, float | None, frozenset[str]]) -> Row:
        """Hours or windows in which the work does not fit; `answer` is least, most, blocked."""
        low, high, blocked = answer
        return self.table.week(person(hours_min=low, hours_max=high, blocked=blocked))[1]

    def guidance(self, need: float | None) -> Row:
        """More guidance needed than the site has."""
        return self.table.support(person(guidance_need=need))[1]

    def start(self, start_from: date | None) -> Row:
        """Work whose last day to start is over before the candidate is free, or past."""
        return self.table.too_late(person(start_from=start_from))


def _numbers(rows: Iterable[list[int]]) -> Numbers:
    return np.array(list(rows), np.int32)


def _packed(bits: Row, words: int) -> NDArray[np.uint64]:
    padded = np.zeros(words * WORD, np.bool_)
    padded[: len(bits)] = bits
    return np.packbits(padded, bitorder="little").view(np.uint64)
