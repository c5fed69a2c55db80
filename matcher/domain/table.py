"""Many vacancies at once: the same judgement as ``assess_pair``, on numpy columns.

Eligibility, ask-first and fit agree exactly with the explained pair, number by number; a property
test holds the two together. Codes are worked out once for each distinct value, then looked up.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.domain.candidate import CandidateProfile
from matcher.domain.fit import sector_points
from matcher.domain.hours import workable_hours
from matcher.domain.pairs import (
    LEVEL_STEPS_THAT_BLOCK,
    LOAD_STEPS_THAT_BLOCK,
    Setting,
    never_wanted,
)
from matcher.domain.travel import day_ends_at, mode_minutes, public_transport_runs
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import (
    ABILITY_MAXIMUM,
    EDUCATION_MAXIMUM,
    LOADS,
    MODES,
    NEED_LEVELS,
)

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

UNKNOWN = -1
"""Unknown in an integer column; float columns hold NaN."""


@dataclass(frozen=True, slots=True)
class Scores:
    """One candidate against every vacancy of a table, in its order; `fit` in hundredths."""

    eligible: Bools
    ask_first: Bools
    fit: Ints


class _Distinct:
    """A column of codes: its distinct values, and for each row which one."""

    def __init__(self, values: Iterable[Hashable]) -> None:
        index: dict[Any, int] = {}
        self.rows = np.array([index.setdefault(value, len(index)) for value in values], np.intp)
        self.values = list(index)

    def ints(self, of: Any) -> Ints:
        """`of` each distinct value, laid out by row."""
        return np.array([of(value) for value in self.values], np.int64)[self.rows]

    def bools(self, of: Any) -> Bools:
        """`of` each distinct value, laid out by row."""
        return np.array([of(value) for value in self.values], np.bool_)[self.rows]


BARS = (
    *("credential", "licence", "sector", "start"),
    *NEED_LEVELS,
    *("load", "hours", "travel", "guidance"),
)
"""The rules that shut somebody out, in the order in which they are judged."""


class VacancyTable:
    """Vacancies as columns, for one rule set, one table of places and one day."""

    def __init__(self, vacancies: Sequence[VacancyProfile], setting: Setting) -> None:
        self.vacancies = tuple(vacancies)
        self.setting = setting
        rules = setting.rules
        self.needs = {name: _ints(v.need(name) for v in vacancies) for name in NEED_LEVELS}
        self.education = _ints(v.education for v in vacancies)
        self.demands = np.array(
            [
                [UNKNOWN if (d := v.demand(load)) is None else d for load in LOADS]
                for v in vacancies
            ],
            np.int64,
        ).reshape(len(self.vacancies), len(LOADS))
        self.hours_min = _floats(v.hours_min for v in vacancies)
        self.hours_max = _floats(v.hours_max for v in vacancies)
        self.guidance = _floats(v.guidance_hours for v in vacancies)
        small = rules.small_employers
        self.size = _floats(
            small.unknown_counts_as if v.employer_size is None else v.employer_size
            for v in vacancies
        )
        self.latest = np.array(
            [UNKNOWN if v.latest_start is None else v.latest_start.toordinal() for v in vacancies],
            np.int64,
        )
        self.sectors = _Distinct(v.sector for v in vacancies)
        self.occupations = _Distinct(v.occupation for v in vacancies)
        self.credentials = _Distinct(v.credentials for v in vacancies)
        self.licences = _Distinct(v.licences for v in vacancies)
        self.shifts = _Distinct(v.shifts for v in vacancies)
        self.sites = _Distinct(v.site_pc4 for v in vacancies)
        ends_at = rules.shifts.ends_at
        self.ways = _Distinct(
            (v.reachable_by, public_transport_runs(v, rules.travel, day_ends_at(v, ends_at)))
            for v in vacancies
        )

    def __len__(self) -> int:
        return len(self.vacancies)

    def score(self, candidate: CandidateProfile) -> Scores:
        """Judge `candidate`, whose levels must be current, against every vacancy."""
        bars, fit, ask_first = self._judged(candidate)
        blocked = np.zeros(len(self), np.bool_)
        for bar in bars:
            blocked |= bar
        return Scores(~blocked, ask_first, fit)

    def barriers(self, candidate: CandidateProfile) -> tuple[Ints, Scores]:
        """How many rules shut `candidate` out of each vacancy, and the same judgement."""
        bars, fit, ask_first = self._judged(candidate)
        count = np.zeros(len(self), np.int64)
        for bar in bars:
            count += bar
        return count, Scores(count == 0, ask_first, fit)

    def shut_by(self, candidate: CandidateProfile) -> tuple[dict[str, Bools], Scores]:
        """Which rules shut `candidate` out of which vacancy, by `BARS`, and the same judgement."""
        bars, fit, ask_first = self._judged(candidate)
        shut = np.logical_or.reduce(bars)
        return dict(zip(BARS, bars, strict=True)), Scores(~shut, ask_first, fit)

    def _judged(self, candidate: CandidateProfile) -> tuple[list[Bools], Ints, Bools]:
        bars = [self.lacks_credential(candidate), self.lacks_licence(candidate)]
        bars += [self.unwanted(candidate), self.too_late(candidate)]
        fit = self.sectors.ints(
            lambda sector: sector_points(candidate, sector, self.setting.rules.fit)
        )
        for name in NEED_LEVELS:
            points, too_short = self.level(candidate.level(name), self.needs[name], name)
            fit += points
            bars.append(too_short)
        load_points, load_blocked, ask_first = self._loads(candidate)
        hours_points, hours_blocked = self.week(candidate)
        travel_points, travel_blocked = self._travel(candidate)
        guidance_points, guidance_blocked = self.support(candidate)
        fit += load_points + hours_points + travel_points + guidance_points
        fit += self.experience(candidate) + self.schooling(candidate)
        bars += [load_blocked, hours_blocked, travel_blocked, guidance_blocked]
        return bars, fit, ask_first

    def lacks_credential(self, candidate: CandidateProfile) -> Bools:
        """Where a credential is asked for on day one that is not held."""
        return self.credentials.bools(lambda asked: bool(asked - candidate.credentials))

    def lacks_licence(self, candidate: CandidateProfile) -> Bools:
        """Where a licence is asked for on day one that is not held."""
        return self.licences.bools(lambda asked: bool(asked - candidate.licences))

    def unwanted(self, candidate: CandidateProfile) -> Bools:
        """Where the sector is one that the candidate never wants."""
        return self.sectors.bools(lambda sector: never_wanted(candidate, sector))

    def too_late(self, candidate: CandidateProfile) -> Bools:
        """Where the last day to start lies before the candidate is free, or in the past."""
        start = self.setting.on
        if candidate.start_from is not None:
            start = max(start, candidate.start_from)
        late: Bools = (self.latest != UNKNOWN) & (self.latest < start.toordinal())
        return late

    def level(self, level: int | None, needs: Ints, name: str) -> tuple[Ints, Bools]:
        """Points of one level against `needs`, and where it is too short."""
        table = self.setting.rules.fit.levels[name]
        if level is None:
            points = np.where(needs == 0, table["met"], table["unknown"])
            return points, np.zeros(len(self), np.bool_)
        short = needs - level
        points = np.select(
            [needs == UNKNOWN, short <= 0, short == 1],
            [table["unknown"], table["met"], table["one_short"]],
            table["more_short"],
        )
        return points, short >= LEVEL_STEPS_THAT_BLOCK

    def _loads(self, candidate: CandidateProfile) -> tuple[Ints, Bools, Bools]:
        rules = self.setting.rules
        abilities = [candidate.level(load) for load in LOADS]
        can = np.array([a == ABILITY_MAXIMUM for a in abilities])
        lacks = np.array([a is None for a in abilities])
        able = np.array([0 if a is None else a for a in abilities], np.int64)
        counts = (self.demands != 0) & ~can
        unknown = counts & (lacks | (self.demands == UNKNOWN))
        gaps = np.where(counts & ~unknown, np.maximum(0, self.demands - able), 0)
        half_steps = 2 * gaps.sum(axis=1) + unknown.sum(axis=1)
        points = np.maximum(0, rules.fit.load["full"] - half_steps * rules.fit.load["half_step"])
        largest = gaps.max(axis=1, initial=0)
        short = (gaps > 0).sum(axis=1)
        limits = rules.small_employers
        smallest = self.size < limits.smallest_below
        small = ~smallest & (self.size < limits.small_below)
        blocked = largest >= LOAD_STEPS_THAT_BLOCK
        blocked |= smallest & (short > 0)
        blocked |= small & ((short > limits.gaps_allowed_small) | (largest > 1))
        asks = (unknown & lacks & (self.demands != UNKNOWN)).any(axis=1)
        return points, blocked, smallest & asks

    def week(self, candidate: CandidateProfile) -> tuple[Ints, Bools]:
        """Points for the week, and where the hours or the windows shut out."""
        rules = self.setting.rules
        points = rules.fit.hours
        workable = self.shifts.ints(
            lambda shifts: workable_hours(candidate.blocked, shifts, rules.shifts)
        )
        maximum = np.nan if candidate.hours_max is None else candidate.hours_max
        minimum = np.nan if candidate.hours_min is None else candidate.hours_min
        floor = np.fmax(self.hours_min, minimum)
        ceiling = np.fmin(np.fmin(self.hours_max, maximum), workable)
        blocked = ~np.isnan(floor) & (ceiling < floor)
        asked = np.where(np.isnan(self.hours_max), self.hours_min, self.hours_max)
        if candidate.hours_max is None:
            worth = np.full(len(self), points["unknown"])
        else:
            available = np.minimum(candidate.hours_max, workable)
            worth = np.select(
                [np.isnan(asked), available >= asked],
                [points["unknown"], points["full"]],
                points["part"],
            )
        return np.where(blocked, points["short"], worth), blocked

    def _travel(self, candidate: CandidateProfile) -> tuple[Ints, Bools]:
        rules = self.setting.rules.travel
        points = self.setting.rules.fit.travel
        count = len(self)
        if not candidate.travel_modes:
            return np.full(count, points["unknown"]), np.zeros(count, np.bool_)
        modes = [mode for mode in MODES if mode in candidate.travel_modes]
        unreachable = np.iinfo(np.int64).max
        table = np.full((len(self.sites.values), len(modes)), unreachable, np.int64)
        for row, site in enumerate(self.sites.values):
            distance = self.setting.places.distance_km(candidate.pc4, site)
            if distance is not None:
                table[row] = [mode_minutes(distance, mode, rules) for mode in modes]
        ways = self.ways.values
        shape = (len(ways), len(modes))
        allowed = np.array(
            [not by or mode in by for by, _ in ways for mode in modes], np.bool_
        ).reshape(shape)[self.ways.rows]
        known = np.array(
            [mode != "public_transport" or runs for _, runs in ways for mode in modes], np.bool_
        ).reshape(shape)[self.ways.rows]
        minutes = np.where(allowed & known, table[self.sites.rows], unreachable).min(axis=1)
        usable = allowed.any(axis=1)
        placed = (table[:, 0] != unreachable)[self.sites.rows]
        unsettled = ~placed | (allowed & ~known).any(axis=1)
        maximum = candidate.travel_max_minutes
        if maximum is None:
            within = np.zeros(count, np.bool_)
            unsettled = np.ones(count, np.bool_)
        else:
            within = usable & (minutes <= maximum)
        steps = self.setting.rules.fit.travel_share_steps
        bound = 0 if maximum is None else maximum
        share = np.select(
            [minutes <= percent * bound // 100 for percent, _ in steps],
            [worth for _, worth in steps],
            steps[-1][1],
        )
        over = ~usable | (~within & ~unsettled)
        worth = np.where(within, share, np.where(over, points["over"], points["unknown"]))
        return worth, over

    def support(self, candidate: CandidateProfile) -> tuple[Ints, Bools]:
        """Points for the guidance at the site, and where it is too little."""
        points = self.setting.rules.fit.guidance
        need = self.setting.rules.guidance_value(candidate.guidance_need)
        if need is None:
            return np.full(len(self), points["unknown"]), np.zeros(len(self), np.bool_)
        over = need > self.guidance
        worth = np.select(
            [np.isnan(self.guidance), over], [points["unknown"], points["over"]], points["met"]
        )
        return worth, over

    def experience(self, candidate: CandidateProfile) -> Ints:
        """Points for work done before."""
        return self.experience_by_occupation(candidate)[self.occupations.rows]

    def experience_by_occupation(self, candidate: CandidateProfile) -> Ints:
        """Likewise, one number for each distinct occupation."""
        points = self.setting.rules.fit.experience
        codes = {code for code, _ in candidate.occupations}
        groups = {code[:2] for code in codes}

        def worth(occupation: str | None) -> int:
            if occupation is None or not codes:
                return points["unknown"]
            if occupation in codes:
                return points["same"]
            return points["related" if occupation[:2] in groups else "other"]

        return np.array([worth(value) for value in self.occupations.values], np.int64)

    def schooling(self, candidate: CandidateProfile) -> Ints:
        """Points for education."""
        points = self.setting.rules.fit.education
        if candidate.education == EDUCATION_MAXIMUM:
            return np.full(len(self), points["met"])
        if candidate.education is None:
            return np.where(self.education == 1, points["met"], points["unknown"])
        return np.select(
            [self.education == UNKNOWN, self.education <= candidate.education],
            [points["unknown"], points["met"]],
            points["short"],
        )


def _ints(values: Iterable[int | None]) -> Ints:
    return np.array([UNKNOWN if value is None else value for value in values], np.int64)


def _floats(values: Iterable[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], np.float64)
