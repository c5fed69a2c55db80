"""What a flat table says of many eligible pairs: travel minutes, codes of gaps, certainty.

The same as the explained pair, which a test holds it to. Every answer comes from the rules of the
explained pair, asked once for each distinct couple of answers instead of once for each pair.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.domain.candidate import CandidateProfile
from matcher.domain.classes import classes_of
from matcher.domain.fit import education_state
from matcher.domain.hours import HoursState, hours_state
from matcher.domain.loads import LoadGaps, load_gaps, small_employer
from matcher.domain.pairs import Setting, certainty_of, steps_short
from matcher.domain.travel import Travel, TravelState, travel_to
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import LOADS, NEED_LEVELS

Ints = NDArray[np.int64]

_NOBODY = CandidateProfile("", "")
_NO_WORK = VacancyProfile("", "", "", "", 1)
_NONE, _SHORT, _UNKNOWN, _ASK = range(4)
"""What one couple of answers gives: no gap, a known one, an unknown one, one to ask about first."""


@dataclass(frozen=True, slots=True)
class Summary:
    """One eligible pair in a flat table."""

    travel_minutes: int | None
    gaps: tuple[str, ...]
    certainty: str


class Summaries:
    """Pairs of some candidates with vacancies under one setting."""

    def __init__(self, vacancies: Sequence[VacancyProfile], setting: Setting) -> None:
        self.vacancies = vacancies
        self.setting = setting
        self.candidates: Sequence[CandidateProfile] = ()
        self._asked: dict[str, tuple[NDArray[np.int32], list[Any]]] = {}

    def of(
        self, candidates: Sequence[CandidateProfile], candidate: Ints, vacancy: Ints
    ) -> list[Summary]:
        """The summary of each eligible pair, given as rows of both sides.

        The levels of `candidates` must be current.
        """
        self.candidates = candidates
        levels = [self._level(name, candidate, vacancy) for name in NEED_LEVELS]
        loads = np.array([self._load(name, candidate, vacancy) for name in LOADS])
        known_loads, unknown_loads = (loads == _SHORT).sum(axis=0), (loads >= _UNKNOWN).sum(axis=0)
        asks = (loads == _ASK).any(axis=0)
        employer = self._employer(known_loads, asks, vacancy)
        education = self._by_answers(
            "education",
            lambda c: c.education,
            lambda v: v.education,
            _education,
            candidate,
            vacancy,
        )
        travel = self._travel(candidate, vacancy)
        others = sum(
            np.asarray(found, np.int64)
            for found in (
                self._hours(candidate, vacancy),
                np.array([way.state is TravelState.UNKNOWN for way in travel], np.bool_),
                self._by_answers(
                    "start", _nothing, attrgetter("start_on"), _no_day, candidate, vacancy
                ),
                self._by_answers(
                    "guidance",
                    self._guidance,
                    attrgetter("guidance_hours"),
                    _either_unknown,
                    candidate,
                    vacancy,
                ),
            )
        )
        unknown = sum((level == _UNKNOWN).astype(np.int64) for level in levels) + unknown_loads
        unknown += (education == _UNKNOWN) + others
        kinds = np.stack(
            [*levels, known_loads > 0, unknown_loads > 0, *employer, education, others > 0, unknown]
        )
        texts, which = np.unique(kinds, axis=1, return_inverse=True)
        said = [self._say(kind) for kind in texts.T.tolist()]
        return [
            Summary(way.minutes, *said[row])
            for way, row in zip(travel, which.reshape(-1).tolist(), strict=True)
        ]

    def _say(self, kind: list[int]) -> tuple[tuple[str, ...], str]:
        """The codes of the gaps, in the order of the explained pair, and the certainty."""
        *levels, known, unknown, ask_first, job_coach, education, others, count = kind
        codes = ["unknown" if state == _UNKNOWN else "level" for state in levels if state != _NONE]
        codes += ["load"] * known + ["unknown"] * unknown
        codes += ["ask_first"] * ask_first + ["job_coach"] * job_coach
        codes += ["unknown"] * (education == _UNKNOWN) + ["education"] * (education == _SHORT)
        codes += ["unknown"] * others
        return tuple(dict.fromkeys(codes)), certainty_of(count, self.setting.rules).value

    def _level(self, name: str, candidate: Ints, vacancy: Ints) -> Ints:
        def state(have: int | None, need: int | None) -> int:
            own: dict[str, Any] = {name: have}
            asked: dict[str, Any] = {name: need}
            short = steps_short(replace(_NOBODY, **own), replace(_NO_WORK, **asked), name)
            return _UNKNOWN if short is None else _SHORT if short else _NONE

        return self._by_answers(name, attrgetter(name), attrgetter(name), state, candidate, vacancy)

    def _load(self, name: str, candidate: Ints, vacancy: Ints) -> Ints:
        free: dict[str, Any] = dict.fromkeys(LOADS, 0)

        def state(ability: int | None, demand: int | None) -> int:
            able: dict[str, Any] = {name: ability}
            found = load_gaps(replace(_NOBODY, **able), replace(_NO_WORK, **{**free, name: demand}))
            if found.known:
                return _SHORT
            return _ASK if found.ask else _UNKNOWN if found.unknown else _NONE

        return self._by_answers(
            name, attrgetter(name), lambda v: v.demand(name), state, candidate, vacancy
        )

    def _employer(self, known: Ints, asks: NDArray[np.bool_], vacancy: Ints) -> tuple[Any, Any]:
        """Whether to ask first, and whether a job coach is the condition."""
        limits = self.setting.rules.small_employers

        def state(gaps: tuple[int, int], size: float | None) -> tuple[bool, bool]:
            found = small_employer(
                LoadGaps(dict.fromkeys(LOADS[: gaps[0]], 1), (), LOADS[: gaps[1]]), size, limits
            )
            return found.ask_first, found.job_coach

        size, sizes = self._answers("size", attrgetter("employer_size"))
        states = np.array(
            [
                [[state((count, ask), size) for size in sizes] for ask in (0, 1)]
                for count in range(len(LOADS) + 1)
            ]
        )
        found = states[known, asks.astype(np.int64), size[vacancy]]
        return found[:, 0], found[:, 1]

    def _hours(self, candidate: Ints, vacancy: Ints) -> Ints:
        rules = self.setting.rules.shifts

        def state(have: tuple[Any, ...], asked: tuple[Any, ...]) -> int:
            person = replace(_NOBODY, hours_min=have[0], hours_max=have[1], blocked=have[2])
            work = replace(_NO_WORK, hours_min=asked[0], hours_max=asked[1], shifts=asked[2])
            return int(hours_state(person, work, rules) is HoursState.UNKNOWN)

        return self._by_answers(
            "hours",
            attrgetter("hours_min", "hours_max", "blocked"),
            attrgetter("hours_min", "hours_max", "shifts"),
            state,
            candidate,
            vacancy,
        )

    def _travel(self, candidate: Ints, vacancy: Ints) -> list[Travel]:
        rules, places = self.setting.rules, self.setting.places
        here, _ = classes_of(
            map(attrgetter("pc4", "travel_modes", "travel_max_minutes"), self.candidates)
        )
        there, _ = self._answers(
            "way", attrgetter("site_pc4", "reachable_by", "day_starts_at", "shifts")
        )
        _, first, which = np.unique(
            here[candidate].astype(np.int64) * (int(there.max(initial=0)) + 1) + there[vacancy],
            return_index=True,
            return_inverse=True,
        )
        ways = [
            travel_to(
                self.candidates[candidate[row]],
                self.vacancies[vacancy[row]],
                places,
                rules.travel,
                rules.shifts.ends_at,
            )
            for row in first.tolist()
        ]
        return [ways[row] for row in which.tolist()]

    def _guidance(self, candidate: CandidateProfile) -> float | None:
        return self.setting.rules.guidance_value(candidate.guidance_need)

    def _answers(
        self, name: str, asked: Callable[[VacancyProfile], Hashable]
    ) -> tuple[NDArray[np.int32], list[Any]]:
        """What the vacancies ask under `name`, worked out once for all candidates."""
        if name not in self._asked:
            self._asked[name] = classes_of(map(asked, self.vacancies))
        return self._asked[name]

    def _by_answers(
        self,
        name: str,
        have: Callable[[CandidateProfile], Hashable],
        asked: Callable[[VacancyProfile], Hashable],
        state: Callable[[Any, Any], int],
        candidate: Ints,
        vacancy: Ints,
    ) -> Ints:
        """`state` of each pair, worked out once for each couple of answers that is met."""
        own, answers = classes_of(map(have, self.candidates))
        their, needs = self._answers(name, asked)
        couples, which = np.unique(
            own[candidate].astype(np.int64) * len(needs) + their[vacancy], return_inverse=True
        )
        found = [
            state(answers[at // len(needs)], needs[at % len(needs)]) for at in couples.tolist()
        ]
        by_pair: Ints = np.array(found, np.int64)[which.reshape(-1)]
        return by_pair


def _education(have: int | None, asked: int | None) -> int:
    state = education_state(replace(_NOBODY, education=have), replace(_NO_WORK, education=asked))
    return {"unknown": _UNKNOWN, "short": _SHORT}.get(state, _NONE)


def _nothing(_candidate: CandidateProfile) -> None:
    """What is asked of the vacancy alone."""


def _no_day(_nothing: None, start_on: date | None) -> int:
    return int(start_on is None)


def _either_unknown(need: float | None, offered: float | None) -> int:
    return int(need is None or offered is None)
