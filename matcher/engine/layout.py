"""Vacancies and candidates laid out for the kernel: bars, masks and tables of points.

What one answer of a candidate shuts out is a bar (``matcher.engine.bars``); what depends on the
pair as a whole (the way, the count of load gaps at a small employer) is left to the kernel. Answers
that many give alike are worked out once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.domain.assessment import current
from matcher.domain.candidate import CandidateProfile
from matcher.domain.classes import classes_of
from matcher.domain.pairs import Setting
from matcher.domain.table import VacancyTable
from matcher.domain.ties import reference_key
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import ABILITY_MAXIMUM, LOADS, NEED_LEVELS
from matcher.engine.bars import WORD, Bars
from matcher.engine.points import PointTables
from matcher.engine.ways import WayTable


class VacancyLayout(NamedTuple):
    """What the kernel reads of V vacancies, sorted by postcode; `row` is the place in the input.

    W words of 64 vacancies make one bar.
    The sites of a word are those from `first_site` to `last_site`.
    `bits_*` are bit sets over the loads: demand of at least 1 or 2 after adapting, or unknown.
    `size` is 0 for the smallest employers, 1 for small ones, 2 for others. Vacancies that ask the
    same share one `ask_kind`, those that demand the same at employers of one size one `load_kind`:
    `needs` to `occupation` are by the first, the bit sets and `size` by the second.
    """

    row: NDArray[np.int32]
    site: NDArray[np.int32]
    first_site: NDArray[np.int32]
    last_site: NDArray[np.int32]
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
    """What the kernel reads of N candidates, by postcode; `row` is the place in the input.

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
    bar_rows: NDArray[np.uint64]
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
        self._ways = WayTable(self.table, setting)
        self._points = PointTables(sorted_vacancies, self.table, setting)
        self.bars = Bars(self.table)
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
        # Sites are numbered as they are met, so those of a word are neighbours in number too.
        sites = table.sites.rows.astype(np.int32)
        return VacancyLayout(
            row=self.order.astype(np.int32),
            site=sites,
            first_site=sites[::WORD],
            last_site=sites[np.minimum(np.arange(self.bars.words) * WORD + WORD, len(sites)) - 1],
            way=table.ways.rows.astype(np.int32),
            ask_kind=ask_kind,
            load_kind=load_kind,
            **_first(asks, first_asks, np.int32),
            **_first(loads, first_loads, np.uint32),
            key=np.array([reference_key(v.reference) for v in table.vacancies], np.uint64),
        )

    def lay_out(
        self, candidates: Sequence[CandidateProfile], rows: Sequence[int]
    ) -> CandidateLayout:
        """A block of candidates, neighbours together, with their places in the input.

        Whoever is paused stays in.
        """
        people = [current(candidate, self.setting) for candidate in candidates]
        postcode, postcodes = classes_of(person.pc4 for person in people)
        travel, ways = classes_of(map(_WAYS, people))
        level, levels = classes_of(map(_LEVELS, people))
        load, loads = classes_of(map(_LOADS, people))
        sector, sectors = classes_of(map(_SECTORS, people))
        week, weeks = classes_of(map(_WEEK, people))
        guidance_value = self.setting.rules.guidance_value
        offer, offers = classes_of((guidance_value(c.guidance_need), c.education) for c in people)
        work, works = classes_of(
            frozenset(code for code, _ in person.occupations) for person in people
        )
        never, nevers = classes_of(person.sectors_never for person in people)
        need, needs = classes_of(guidance_value(person.guidance_need) for person in people)
        credential, credentials = classes_of(person.credentials for person in people)
        licence, licences = classes_of(person.licences for person in people)
        start, starts = classes_of(person.start_from for person in people)
        bars, points = self.bars, self._points
        columns = [
            bars.of_levels(levels)[level],
            bars.of_loads(loads)[load],
            bars.of("credential", credentials, bars.credential)[credential],
            bars.of("licence", licences, bars.licence)[licence],
            bars.of("sector", nevers, bars.sector)[never],
            bars.of("week", weeks, bars.week)[week],
            bars.of("guidance", needs, bars.guidance)[need],
            bars.of("start", starts, bars.start)[start],
        ]
        way_worth, farthest = self._ways.worth(ways)
        return CandidateLayout(
            row=np.array(rows, np.int64),
            bars=np.concatenate(columns, axis=1),
            bits_below_some=_load_bits(loads, lambda able: able is not None and able < 1)[load],
            bits_below_much=_load_bits(
                loads, lambda able: able is not None and able < ABILITY_MAXIMUM
            )[load],
            bits_unknown=_load_bits(loads, lambda able: able is None)[load],
            postcode=postcode,
            travel=travel,
            level_class=level,
            sector_class=sector,
            week_class=week,
            offer_class=offer,
            occupation_class=work,
            key=np.array([reference_key(person.reference) for person in people], np.uint64),
            bar_rows=bars.rows(),
            way_worth=way_worth,
            farthest=farthest,
            ways=self._ways.distances(postcodes),
            level_points=points.of_level(levels),
            sector_points=points.of_sector(sectors),
            week_points=points.of_week(weeks),
            offer_points=points.of_offer(offers),
            occupation_points=points.of_occupation(works),
        )


_WAYS = attrgetter("travel_modes", "travel_max_minutes")
_LEVELS = attrgetter(*NEED_LEVELS)
_LOADS = attrgetter(*LOADS)
_SECTORS = attrgetter("sectors", "sectors_never")
_WEEK = attrgetter("hours_min", "hours_max", "blocked")


def _kinds_of(columns: Iterable[NDArray[Any]]) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    """The distinct rows of some columns: the first row of each, and which one each row is."""
    rows = np.stack([column.astype(np.int64) for column in columns], axis=1)
    _, first, kind = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    return first, kind.reshape(-1).astype(np.int32)


def _first(columns: Mapping[str, Any], rows: Any, kind: type[np.generic]) -> dict[str, Any]:
    return {name: column[rows].astype(kind) for name, column in columns.items()}


def _load_bits(
    answers: Sequence[tuple[int | None, ...]], holds: Callable[[int | None], bool]
) -> NDArray[np.uint32]:
    return np.array(
        [sum(1 << at for at, able in enumerate(abilities) if holds(able)) for abilities in answers],
        np.uint32,
    )
