"""Work made more or less demanding, until about the wanted share of pairs fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from matcher.demo.spec import Floats, Spec, load_demanding
from matcher.domain.assessment import current
from matcher.domain.candidate import CandidateProfile
from matcher.domain.pairs import Setting, never_wanted
from matcher.domain.places import Places
from matcher.domain.table import VacancyTable
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import DEMANDS, LOADS, MODES, NEED_LEVELS
from matcher.reference.rules import rule_set_for

STREAM = 718
"""Draws of their own stream: another share changes nobody's other answers."""
PEOPLE_SEEN, WORK_SEEN = 1_200, 400
"""The share is aimed at over so many people and vacancies, evenly spread."""
HALVINGS = 10
STEPS_UP = {"rhythm": 4, "work_skills": 4, "language_speak": 4, "language_read": 4}
"""Levels that can be asked one higher, with their top."""
FEW = 6
"""The size of an employer under ten people."""

Change = Callable[[VacancyProfile], VacancyProfile]
Work = Sequence[VacancyProfile]
People = Sequence[CandidateProfile]


def with_share(
    candidates: People, vacancies: Work, percent: float, seed: int, on: date, places: Places
) -> tuple[tuple[CandidateProfile, ...], tuple[VacancyProfile, ...]]:
    """The same people and work, with about `percent` of all pairs feasible on `on`.

    Feasible is what nothing blocks and need not be asked first. Where even the most or the least
    demanding work does not come to the share, it is the nearest that there is.
    """
    draw = _Draw(load_demanding(), seed, candidates, vacancies)
    if not candidates or not vacancies:
        return tuple(candidates), tuple(vacancies)
    setting = Setting(rule_set_for(candidates[0].region), places, on)
    low, high = (-1.0, 0.0) if draw.share(0.0, setting) * 100 < percent else (0.0, 1.0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if draw.share(middle, setting) * 100 > percent:
            low = middle
        else:
            high = middle
    found = (low + high) / 2
    return tuple(draw.people(found)), tuple(draw.work(found))


class _Draw:
    """Where each person and vacancy stands for each change: from 0, changed first, to 1."""

    def __init__(self, spec: Spec, seed: int, candidates: People, vacancies: Work) -> None:
        self.candidates = candidates
        self.vacancies = vacancies
        rng = np.random.default_rng([STREAM, seed])
        self.harder = _harder(spec["harder"])
        self.easier = _easier(spec["easier"])
        self.always: Mapping[str, float] = spec["always"]
        self.never_percent: float = spec["harder"]["sectors_never"]
        self.harder_at: Floats = rng.random((len(vacancies), len(self.harder)))
        self.easier_at: Floats = rng.random((len(vacancies), len(self.easier)))
        self.never_at: Floats = rng.random((len(candidates), 2))
        self.sectors = sorted(v.sector for v in vacancies)

    def work(self, strength: float, every: int = 1) -> list[VacancyProfile]:
        """Each `every`-th vacancy; at a strength of 1 most demanding, at -1 least."""
        more, less = max(0.0, strength), max(0.0, -strength)
        limits = [max(self.always.get(name, 0.0), more * p) for name, p, _ in self.harder]
        limits += [less * percent for _, percent, _ in self.easier]
        changes = [change for _, _, change in (*self.harder, *self.easier)]
        changed = np.concatenate([self.harder_at, self.easier_at], axis=1) * 100 < limits
        found = []
        for row in range(0, len(self.vacancies), every):
            vacancy = self.vacancies[row]
            for which in np.flatnonzero(changed[row]):
                vacancy = changes[which](vacancy)
            found.append(vacancy)
        return found

    def people(self, strength: float, every: int = 1) -> list[CandidateProfile]:
        """Each `every`-th candidate; the more demanding, the more name a sector never."""
        limit = max(self.always["sectors_never"], strength * self.never_percent) / 100
        found = []
        for row in range(0, len(self.candidates), every):
            candidate = self.candidates[row]
            position, which = self.never_at[row]
            if position < limit:
                candidate = _never_also(candidate, self.sectors, float(which))
            found.append(candidate)
        return found

    def share(self, strength: float, setting: Setting) -> float:
        """The feasible share of evenly spread people and vacancies."""
        table = VacancyTable(self.work(strength, 1 + len(self.vacancies) // WORK_SEEN), setting)
        people = self.people(strength, 1 + len(self.candidates) // PEOPLE_SEEN)
        feasible = 0
        for person in people:
            scores = table.score(current(person, setting))
            feasible += int((scores.eligible & ~scores.ask_first).sum())
        return feasible / (len(people) * len(table))


def _never_also(
    candidate: CandidateProfile, sectors: Sequence[str], which: float
) -> CandidateProfile:
    """`candidate` who never wants one sector more: one that there is work in and no wish for."""
    others = [
        sector
        for sector in sectors
        if sector not in candidate.sectors and not never_wanted(candidate, sector)
    ]
    if not others:
        return candidate
    never = candidate.sectors_never | {others[int(which * len(others))]}
    return replace(candidate, sectors_never=never)


def _harder(spec: Mapping[str, Any]) -> list[tuple[str, float, Change]]:
    """Changes that shut people out, by name, with the percent of vacancies at most."""
    papers = [
        (field, percent, _asks(field, code))
        for field in ("credentials", "licences")
        for code, percent in spec[field].items()
    ]
    levels: list[tuple[str, float, Change]] = [
        (name, spec[name], _one_level_more(name, top)) for name, top in STEPS_UP.items()
    ]
    no_bus = frozenset(MODES) - {"public_transport"}
    half = 2
    return [
        *levels,
        *papers,
        ("digital", spec["digital"], lambda v: replace(v, digital=2)),
        ("demands", spec["demands"], _heavier),
        ("employer_size", spec["employer_size"], lambda v: replace(v, employer_size=FEW)),
        ("hours_min", spec["hours_min"], lambda v: replace(v, hours_min=v.hours_max)),
        ("shifts", spec["shifts"], lambda v: replace(v, shifts=("night",))),
        ("flex_weeks", spec["flex_weeks"], lambda v: replace(v, flex_weeks=0)),
        (
            "guidance_hours",
            spec["guidance_hours"],
            lambda v: replace(v, guidance_hours=(v.guidance_hours or 0) // half),
        ),
        ("reachable_by", spec["reachable_by"], lambda v: replace(v, reachable_by=no_bus)),
    ]


def _easier(spec: Mapping[str, Any]) -> list[tuple[str, float, Change]]:
    """Changes that let people in, likewise."""
    hours, weeks = 12, 16
    nothing: frozenset[str] = frozenset()
    return [
        ("levels", spec["levels"], _one_level_less),
        ("papers", spec["papers"], lambda v: replace(v, credentials=nothing, licences=nothing)),
        ("demands", spec["demands"], lambda v: replace(v, adaptable=frozenset(_asked_of(v)))),
        (
            "hours_min",
            spec["hours_min"],
            lambda v: replace(v, hours_min=min(v.hours_min or hours, hours)),
        ),
        (
            "flex_weeks",
            spec["flex_weeks"],
            lambda v: replace(v, flex_weeks=v.flex_weeks + weeks),
        ),
        (
            "guidance_hours",
            spec["guidance_hours"],
            lambda v: replace(v, guidance_hours=max(v.guidance_hours or 0, hours)),
        ),
        ("reachable_by", spec["reachable_by"], lambda v: replace(v, reachable_by=frozenset())),
    ]


def _one_level_more(name: str, top: int) -> Change:
    def change(vacancy: VacancyProfile) -> VacancyProfile:
        values: dict[str, Any] = {name: min(top, (vacancy.need(name) or 0) + 1)}
        return replace(vacancy, **values)

    return change


def _one_level_less(vacancy: VacancyProfile) -> VacancyProfile:
    values: dict[str, Any] = {
        name: max(0, need - 1) for name in NEED_LEVELS if (need := vacancy.need(name)) is not None
    }
    return replace(vacancy, **values)


def _asks(field: str, code: str) -> Change:
    def change(vacancy: VacancyProfile) -> VacancyProfile:
        values: dict[str, Any] = {field: getattr(vacancy, field) | {code}}
        return replace(vacancy, **values)

    return change


def _asked_of(vacancy: VacancyProfile) -> list[str]:
    return [load for load in LOADS if vacancy.need(load)]


def _heavier(vacancy: VacancyProfile) -> VacancyProfile:
    much = DEMANDS.index("much")
    values: dict[str, Any] = dict.fromkeys(_asked_of(vacancy), much)
    return replace(vacancy, adaptable=frozenset(), **values)
