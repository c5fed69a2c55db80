"""Vacancies and candidates laid out for the kernel: bars, masks and tables of points.

A *bar* is a row of bits, one a vacancy, that says whom one answer of a candidate shuts out: which
vacancies ask two steps more than a rhythm of 1, or for a licence that is not held. Each distinct
answer has one bar, made by the same column rules as the explained score
(``matcher.domain.table``), so that there is one definition of every rule. What depends on the pair
as a whole (the way, the count of load gaps at a small employer) is left to the kernel.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.domain.assessment import current
from matcher.domain.candidate import CandidateProfile
from matcher.domain.pairs import LOAD_STEPS_THAT_BLOCK, Setting
from matcher.domain.table import VacancyTable
from matcher.domain.ties import reference_key
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import ABILITY_MAXIMUM, LOADS, NEED_LEVELS
from matcher.engine.points import Classes, PointTables
from matcher.engine.ways import WayTable

WORD = 64
NO_BAR = -1
RULES = (
    *NEED_LEVELS,
    *LOADS,
    "credential",
    "licence",
    "sector",
    "hours",
    "guidance",
    "start",
)
"""The rules that have bars, in the order of a candidate's row of bars."""

Bars = NDArray[np.uint64]
Row = NDArray[np.bool_]


class VacancyLayout(NamedTuple):
    """What the kernel reads of V vacancies, sorted by postcode; `row` is the place in the input.

    W words of 64 vacancies make one bar.
    `bits_*` are bit sets over the loads: demand of at least 1 or 2 after adapting, or unknown.
    `size` is 0 for the smallest employers, 1 for small ones, 2 for others. Vacancies that ask the
    same share one `ask_kind`, those that demand the same at employers of one size one `load_kind`:
    `needs` to `occupation` are by the first, the bit sets and `size` by the second.
    """

    row: NDArray[np.int32]
    site: NDArray[np.int32]
    way: NDArray[np.int32]
    ask_kind: NDArray[np.int32]
    load_kind: NDArray[np.int32]
    needs: NDArray[np.int32]
    week: NDArray[np.int32]
    offer: NDArray[np.int32]
    sector: NDArray[np.int32]
    occupation: NDArray[np.int32]
    bits_some: NDArray[np.uint32]
    bits_much: NDArray[np.uint32]
    bits_unknown: NDArray[np.uint32]
    size: NDArray[np.uint32]
    key: NDArray[np.uint64]


class CandidateLayout(NamedTuple):
    """What the kernel reads of N candidates, sorted by postcode; `row` is the place in the input.

    `bars` are row numbers of `bar_rows`; the `*_points` tables hold hundredths by class and, as
    their second index, by class of vacancies; `way_worth` by way of candidates, way of vacancies
    and steps of distance + 1. Every way is barred where steps + 1 are over `farthest`.
    """

    row: NDArray[np.int64]
    bars: NDArray[np.int32]
    bits_below_some: NDArray[np.uint32]
    bits_below_much: NDArray[np.uint32]
    bits_unknown: NDArray[np.uint32]
    postcode: NDArray[np.int32]
    travel: NDArray[np.int32]
    level_class: NDArray[np.int32]
    sector_class: NDArray[np.int32]
    week_class: NDArray[np.int32]
    offer_class: NDArray[np.int32]
    occupation_class: NDArray[np.int32]
    key: NDArray[np.uint64]
    bar_rows: Bars
    way_worth: NDArray[np.int16]
    farthest: NDArray[np.int32]
    ways: NDArray[np.int16]
    level_points: NDArray[np.int16]
    sector_points: NDArray[np.int16]
    week_points: NDArray[np.int16]
    offer_points: NDArray[np.int16]
    occupation_points: NDArray[np.int16]


class Country:
    """V vacancies under one setting, ready to be compared with blocks of candidates.

    `vacancies` are in the order of the input; the table, the layout and the bars in `order`.
    """

    def __init__(self, vacancies: Sequence[VacancyProfile], setting: Setting) -> None:
        self.vacancies = tuple(vacancies)
        self.setting = setting
        # Sites near each other share a word, so that one look at the nearest can pass over all 64.
        by_site = sorted(range(len(vacancies)), key=lambda at: (vacancies[at].site_pc4 or 0, at))
        self.order = np.array(by_site, np.int64)
        sorted_vacancies = [self.vacancies[at] for at in by_site]
        self.table = VacancyTable(sorted_vacancies, setting)
        self.words = -(-len(self.vacancies) // WORD)
        self._ways = WayTable(self.table, setting)
        self._points = PointTables(sorted_vacancies, self.table, setting)
        self._made: dict[tuple[str, Hashable], int] = {}
        self._rows: list[NDArray[np.uint64]] = []
        self.layout = self._lay_out()

    def _lay_out(self) -> VacancyLayout:
        table, limits = self.table, self.setting.rules.small_employers
        power = (1 << np.arange(len(LOADS))).astype(np.uint32)
        size = np.where(
            table.size < limits.smallest_below, 0, np.where(table.size < limits.small_below, 1, 2)
        )
        asks: dict[str, NDArray[Any]] = {
            "needs": self._points.needs.rows,
            "week": self._points.week.rows,
            "offer": self._points.offer.rows,
            "sector": table.sectors.rows,
            "occupation": table.occupations.rows,
        }
        loads: dict[str, NDArray[Any]] = {
            "bits_some": (table.demands >= 1) @ power,
            "bits_much": (table.demands >= ABILITY_MAXIMUM) @ power,
            "bits_unknown": (table.demands < 0) @ power,
            "size": size,
        }
        first_asks, ask_kind = _kinds_of(asks.values())
        first_loads, load_kind = _kinds_of(loads.values())
        return VacancyLayout(
            row=self.order.astype(np.int32),
            site=table.sites.rows.astype(np.int32),
            way=table.ways.rows.astype(np.int32),
            ask_kind=ask_kind,
            load_kind=load_kind,
            **_first(asks, first_asks, np.int32),
            **_first(loads, first_loads, np.uint32),
            key=np.array([reference_key(v.reference) for v in table.vacancies], np.uint64),
        )

    # --- bars ------------------------------------------------------------------------------------
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

    def bars_of(self, candidate: CandidateProfile) -> list[int]:
        """The bars of one candidate whose levels are current, in the order of `RULES`."""
        table = self.table
        found = [
            self._bar(name, level, partial(self._level_bar, name, level))
            for name in NEED_LEVELS
            for level in (candidate.level(name),)
        ]
        found += [
            self._bar(load, level, partial(self._load_bar, at, level))
            for at, load in enumerate(LOADS)
            for level in (candidate.level(load),)
        ]
        c = candidate
        found.append(self._bar("credential", c.credentials, lambda: table.lacks_credential(c)))
        found.append(self._bar("licence", c.licences, lambda: table.lacks_licence(c)))
        found.append(self._bar("sector", c.sectors_never, lambda: table.unwanted(c)))
        week = (c.hours_min, c.hours_max, c.blocked)
        found.append(self._bar("hours", week, lambda: table.week(c)[1]))
        need = self.setting.rules.guidance_value(c.guidance_need)
        found.append(self._bar("guidance", need, lambda: table.support(c)[1]))
        found.append(self._bar("start", c.start_from, lambda: table.too_late(c)))
        return found

    def _level_bar(self, name: str, level: int | None) -> Row:
        return self.table.level(level, self.table.needs[name], name)[1]

    def _load_bar(self, at: int, ability: int | None) -> Row:
        """A gap of two steps, or any gap at the smallest employers (P-6)."""
        if ability is None:
            return np.zeros(len(self.vacancies), np.bool_)
        gap = self.table.demands[:, at] - ability
        smallest = self.layout.size[self.layout.load_kind] == 0
        barred: Row = (gap >= LOAD_STEPS_THAT_BLOCK) | (smallest & (gap > 0))
        return barred

    def bar_rows(self) -> Bars:
        """All bars made so far, one a row."""
        if not self._rows:
            return np.zeros((1, self.words), np.uint64)
        return np.ascontiguousarray(np.stack(self._rows))

    # --- candidates ------------------------------------------------------------------------------
    def lay_out(
        self, candidates: Sequence[CandidateProfile], first_row: int = 0
    ) -> CandidateLayout:
        """A block of candidates whose rows begin at `first_row`; who is paused stays in."""
        people = [current(candidate, self.setting) for candidate in candidates]
        order = np.array(
            sorted(range(len(people)), key=lambda at: (people[at].pc4 or 0, at)), np.int64
        )
        people = [people[at] for at in order]
        bars = np.array([self.bars_of(person) for person in people], np.int32)
        postcodes = Classes()
        ways, travel = Classes(), []
        levels, sectors, weeks = Classes(), Classes(), Classes()
        offers, works = Classes(), Classes()
        columns: dict[str, list[int]] = {name: [] for name in _CLASS_COLUMNS}
        guidance_value = self.setting.rules.guidance_value
        for person in people:
            columns["postcode"].append(postcodes.number(person.pc4))
            travel.append(ways.number((person.travel_modes, person.travel_max_minutes)))
            columns["level"].append(
                levels.number(tuple(person.level(name) for name in NEED_LEVELS))
            )
            columns["sector"].append(sectors.number((person.sectors, person.sectors_never)))
            columns["week"].append(
                weeks.number((person.hours_min, person.hours_max, person.blocked))
            )
            columns["offer"].append(
                offers.number((guidance_value(person.guidance_need), person.education))
            )
            columns["occupation"].append(
                works.number(frozenset(code for code, _ in person.occupations))
            )
        found = {name: np.array(values, np.int32) for name, values in columns.items()}
        way_worth, farthest = self._ways.worth(ways.values())
        return CandidateLayout(
            row=order + first_row,
            bars=bars.reshape(len(people), len(RULES)),
            bits_below_some=_load_bits(people, lambda able: able is not None and able < 1),
            bits_below_much=_load_bits(
                people, lambda able: able is not None and able < ABILITY_MAXIMUM
            ),
            bits_unknown=_load_bits(people, lambda able: able is None),
            postcode=found["postcode"],
            travel=np.array(travel, np.int32),
            level_class=found["level"],
            sector_class=found["sector"],
            week_class=found["week"],
            offer_class=found["offer"],
            occupation_class=found["occupation"],
            key=np.array([reference_key(person.reference) for person in people], np.uint64),
            bar_rows=self.bar_rows(),
            way_worth=way_worth,
            farthest=farthest,
            ways=self._ways.distances(postcodes.values()),
            level_points=self._points.of_level(levels.values()),
            sector_points=self._points.of_sector(sectors.values()),
            week_points=self._points.of_week(weeks.values()),
            offer_points=self._points.of_offer(offers.values()),
            occupation_points=self._points.of_occupation(works.values()),
        )


_CLASS_COLUMNS = (
    "postcode",
    "level",
    "sector",
    "week",
    "offer",
    "occupation",
)


def _kinds_of(columns: Iterable[NDArray[Any]]) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    """The distinct rows of some columns: the first row of each, and which one each row is."""
    rows = np.stack([column.astype(np.int64) for column in columns], axis=1)
    _, first, kind = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    return first, kind.reshape(-1).astype(np.int32)


def _first(columns: Mapping[str, Any], rows: Any, kind: type[np.generic]) -> dict[str, Any]:
    return {name: column[rows].astype(kind) for name, column in columns.items()}


def _packed(bits: Row, words: int) -> NDArray[np.uint64]:
    padded = np.zeros(words * WORD, np.bool_)
    padded[: len(bits)] = bits
    return np.packbits(padded, bitorder="little").view(np.uint64)


def _load_bits(
    people: Sequence[CandidateProfile], holds: Callable[[int | None], bool]
) -> NDArray[np.uint32]:
    return np.array(
        [
            sum(1 << at for at, load in enumerate(LOADS) if holds(person.level(load)))
            for person in people
        ],
        np.uint32,
    )
