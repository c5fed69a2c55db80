"""The way, as small integers: how many steps of distance lie within somebody's maximum.

A *step* is a distance at which some mode needs one minute more. A way fits exactly when no more
steps lie below its distance than the candidate's modes cover within the maximum, so minutes by mode
need not be worked out for every pair.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from matcher.domain.pairs import Setting
from matcher.domain.rules import TravelRules
from matcher.domain.table import VacancyTable
from matcher.domain.travel import mode_minutes
from matcher.domain.vocabulary import MODES
from matcher.engine.distance import UNPLACED, distance_steps

LONGEST_WAY_KM = 1_000.0
"""Farther than any two postcodes of the country lie apart, and than any mode comes in the time."""
LONGEST_WAY_MINUTES = 180
"""The largest maximum that somebody can state (contract.md section 2)."""
NEVER = -2
"""Below every step: not even an unknown way passes."""
ALWAYS = np.iinfo(np.int16).max
BARRED = np.iinfo(np.int16).min
"""Points that lie deeper than all others together can lift."""


class WayTable:
    """The ways to the sites of a table of vacancies."""

    def __init__(self, table: VacancyTable, setting: Setting) -> None:
        self.table = table
        self.setting = setting
        self._kept: dict[Hashable, NDArray[np.int64]] = {}
        self._reach = _reaches(setting.rules.travel)
        self._steps = sorted({reach for reach in self._reach.values() if reach >= 0})

    def worth(
        self, ways: Sequence[tuple[frozenset[str] | None, int | None]]
    ) -> tuple[NDArray[np.int16], NDArray[np.int32]]:
        """Points of fit for each (modes, maximum), and by row the farthest that is not barred.

        The first is by (candidates' ways, vacancies' ways, steps of distance + 1), so that what
        is not placed stands first; `BARRED` where the way is over the maximum. The second counts
        steps + 1 likewise.
        """
        columns = self.table.ways.values
        steps = np.arange(UNPLACED, len(self._steps) + 1)
        found = np.full((len(ways), len(columns), len(steps)), BARRED, np.int16)
        farthest = np.full(len(ways), NEVER + 1, np.int32)
        for row, way in enumerate(ways):
            limits = [self._way(*way, *there) for there in columns]
            if way not in self._kept:
                self._kept[way] = np.array([self._worth(steps, *limit) for limit in limits])
            found[row] = self._kept[way]
            farthest[row] = 1 + max((limit[0] for limit in limits), default=NEVER)
        return found, farthest

    def _worth(
        self, steps: NDArray[np.int64], barred: int, within: int, *by_share: int
    ) -> NDArray[np.int64]:
        fit = self.setting.rules.fit
        shares = [points for _, points in fit.travel_share_steps]
        known = np.select([steps <= limit for limit in by_share], shares, shares[-1])
        worth = np.where(
            (steps > UNPLACED) & (steps <= within), known, np.int64(fit.travel["unknown"])
        )
        return np.where(steps > barred, BARRED, worth)

    def _way(
        self,
        modes: frozenset[str] | None,
        maximum: int | None,
        reachable_by: frozenset[str],
        transport_runs: bool,
    ) -> list[int]:
        shares = self.setting.rules.fit.travel_share_steps
        nothing = [NEVER] * (1 + len(shares))
        if not modes:
            return [ALWAYS, *nothing]
        usable = [mode for mode in modes if not reachable_by or mode in reachable_by]
        if not usable:
            return [NEVER, *nothing]
        known = [mode for mode in usable if mode != "public_transport" or transport_runs]
        if maximum is None:
            return [ALWAYS, *nothing]
        within = self._steps_within(known, maximum)
        barred = ALWAYS if len(known) < len(usable) else within
        by_share = [self._steps_within(known, percent * maximum // 100) for percent, _ in shares]
        return [barred, within, *by_share]

    def _steps_within(self, modes: Iterable[str], minutes: int) -> int:
        """How many steps of distance the fastest of `modes` covers in `minutes`."""
        farthest = max((self._reach[(mode, minutes)] for mode in modes), default=-1.0)
        return UNPLACED if farthest < 0 else bisect_left(self._steps, farthest)

    def distances(self, postcodes: Sequence[int | None]) -> NDArray[np.int16]:
        """Steps of distance by (postcode, site): `UNPLACED` where either is not known."""
        points = self.setting.places.points
        nowhere = (np.nan, np.nan)
        here = np.array([points.get(p or 0, nowhere) for p in postcodes], np.float64).reshape(-1, 2)
        sites = self.table.sites.values
        there = np.array([points.get(p or 0, nowhere) for p in sites], np.float64).reshape(-1, 2)
        return distance_steps(here, there, np.array(self._steps, np.float64))


_REACHES: dict[object, dict[tuple[str, int], float]] = {}


def _reaches(rules: TravelRules) -> dict[tuple[str, int], float]:
    """How far each mode comes in each number of minutes; the same rules are worked out once."""
    key = (tuple(sorted(rules.speed_km_h.items())), rules.detour_percent, rules.minimum_km)
    if key not in _REACHES:
        _REACHES[key] = {
            (mode, minutes): _reach_km(mode, minutes, rules)
            for mode in MODES
            for minutes in range(LONGEST_WAY_MINUTES + 1)
        }
    return _REACHES[key]


def _reach_km(mode: str, minutes: int, rules: TravelRules) -> float:
    """The largest distance that `mode` covers in `minutes`; -1 when even the shortest takes longer.

    Exact to the last bit of a float, so that a comparison of distances equals one of minutes.
    """
    if mode_minutes(0.0, mode, rules) > minutes:
        return -1.0
    low, high = 0.0, LONGEST_WAY_KM
    while (middle := (low + high) / 2) not in (low, high):
        if mode_minutes(middle, mode, rules) <= minutes:
            low = middle
        else:
            high = middle
    return low
