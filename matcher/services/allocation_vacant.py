"""What would fill a vacancy that stays empty: each of its demands let go in turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.domain.candidate import CandidateProfile
from matcher.domain.pairs import Setting
from matcher.domain.rules import SmallEmployerLimits
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import LOADS, NEED_LEVELS
from matcher.engine.batch import best_pairs, every_pair
from matcher.engine.layout import Country
from matcher.services.allocation_inputs import site_hours
from matcher.services.allocations import AllocationResult

AT_ONCE = 2_000
"""So many changed vacancies are judged at once: what bounds the memory."""
EVERY_SHIFT = ("day", "early", "late", "night", "weekend")


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One demand let go: its name, the paper it asks where it is about one, and what is left."""

    demand: str
    subject: str
    vacancy: VacancyProfile


class Way(NamedTuple):
    """One demand let go: how many people would fit then, and how many of them have no place."""

    demand: str
    subject: str
    people: int
    without_place: int


def relaxations(vacancy: VacancyProfile, small: SmallEmployerLimits) -> Iterator[Relaxation]:
    """Each demand that a vacancy makes, let go on its own."""

    def without(demand: str, subject: str = "", **values: Any) -> Relaxation:
        return Relaxation(demand, subject, replace(vacancy, **values))

    for name in (*NEED_LEVELS, *LOADS):
        if vacancy.need(name):
            values: dict[str, Any] = {name: 0}
            yield Relaxation(name, "", replace(vacancy, **values))
    for paper in sorted(vacancy.credentials):
        yield without("credential", paper, credentials=vacancy.credentials - {paper})
    for paper in sorted(vacancy.licences):
        yield without("licence", paper, licences=vacancy.licences - {paper})
    if vacancy.hours_min is not None or vacancy.hours_max is not None:
        yield without("hours", hours_min=None, hours_max=None)
    yield without("shifts", shifts=EVERY_SHIFT)
    yield without("travel", site_pc4=None, reachable_by=frozenset())
    if vacancy.start_on is not None:
        yield without("start", start_on=None)
    yield without("guidance", guidance_hours=None)
    if vacancy.employer_size is not None and vacancy.employer_size < small.small_below:
        yield without("small_employer", employer_size=small.small_below)


def vacant_rows(result: AllocationResult) -> list[dict[str, Any]]:
    """The vacancies that nobody is proposed for: who fits now, and with each demand let go.

    `people` counts those who may be placed and would fit; `without_place` those of them who have
    none. Whether a site has hours left counts only under ``guidance``.
    """
    filled = {p.vacancy for p in result.proposals if p.vacancy is not None}
    empty = [v for v in result.sites if v.places > 0 and v.reference not in filled]
    settings = {routes.setting.rules.slug: routes.setting for routes in result.pathways.values()}
    if not empty or not settings:
        return []
    first = next(iter(settings.values()))
    groups = [
        [Relaxation("", "", vacancy), *relaxations(vacancy, first.rules.small_employers)]
        for vacancy in sorted(empty, key=lambda v: v.reference)
    ]
    people, free = _counts(result, [each.vacancy for group in groups for each in group], settings)
    rows, at = [], 0
    for group in groups:
        own = slice(at, at + len(group))
        known = site_hours(group[0].vacancy, first) is not None
        rows.append(_row(group, people[own].tolist(), free[own].tolist(), known=known))
        at += len(group)
    return rows


def _row(
    group: list[Relaxation], people: list[int], free: list[int], *, known: bool
) -> dict[str, Any]:
    vacancy = group[0].vacancy
    # Without known hours nobody is placed there, whatever else is let go.
    now = people[0] if known else 0
    ways = [
        Way(relaxed.demand, relaxed.subject, people[at], free[at])
        for at, relaxed in enumerate(group)
        if people[at] > now and (known or relaxed.demand == "guidance")
    ]
    ways.sort(key=lambda way: (-way.without_place, -way.people, way.demand, way.subject))
    return {
        "vacancy": vacancy.reference,
        "places": vacancy.places,
        "site_hours_known": known,
        "people": now,
        "without_place": free[0] if known else 0,
        "would_fill": [way._asdict() for way in ways],
    }


def _counts(
    result: AllocationResult, vacancies: list[VacancyProfile], settings: Mapping[str, Setting]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """By vacancy: how many of those who may be placed fit, and how many of them have no place."""
    placed = {p.candidate for p in result.proposals if p.vacancy is not None}
    people, free = np.zeros(len(vacancies), np.int64), np.zeros(len(vacancies), np.int64)
    for slug, setting in settings.items():
        own = [
            person.profile
            for person in result.placeable
            if result.pathways[person.profile.region].setting.rules.slug == slug
        ]
        has_place = np.array([person.reference in placed for person in own], np.bool_)
        fit, waiting = _who_fits(own, has_place, vacancies, setting)
        people += fit
        free += waiting
    return people, free


def _who_fits(
    people: list[CandidateProfile],
    has_place: NDArray[np.bool_],
    vacancies: list[VacancyProfile],
    setting: Setting,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """By vacancy: how many fit, and how many of them have no place."""
    fit, free = np.zeros(len(vacancies), np.int64), np.zeros(len(vacancies), np.int64)
    if not people:
        return fit, free
    for start in range(0, len(vacancies), AT_ONCE):
        part = vacancies[start : start + AT_ONCE]
        country = Country(part, setting)
        best = best_pairs(people, country, top=1, take_ask_first=False)
        pairs = every_pair(people, country, best.eligible, take_ask_first=False)
        fit[start : start + len(part)] = np.bincount(pairs.vacancy, minlength=len(part))
        waiting = pairs.vacancy[~has_place[pairs.candidate]]
        free[start : start + len(part)] = np.bincount(waiting, minlength=len(part))
    return fit, free
