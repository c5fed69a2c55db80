"""How many people fit: an exact number for staff, a band for contractors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.assessment import current
from matcher.domain.candidate import CandidateProfile
from matcher.domain.pairs import Setting
from matcher.domain.table import VacancyTable
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import Lane
from matcher.repositories import pool as rows
from matcher.repositories import vacancies
from matcher.services.inputs import all_places
from matcher.services.rule_versions import rules_on
from matcher.services.transactions import READ_ONCE

BANDS = ((3, "under_3"), (10, "3_9"), (25, "10_24"))
MOST = "25_up"
"""Bands of people: each upper bound (exclusive) with its code. The lowest hides whether there is
anybody at all, so that nobody is found by elimination (practice.md section 7, 4)."""

INTRODUCED = (Lane.READY_NOW, Lane.READY_WITH_SUPPORT)


@dataclass(frozen=True, slots=True)
class FitCount:
    """How many people fit: `count` for staff, `band` for contractors."""

    count: int
    band: str


def band_of(count: int) -> str:
    """The code of the band that `count` people fall in."""
    return next((code for upper, code in BANDS if count < upper), MOST)


def count_fits(session: Session, viewer: Viewer, vacancy_id: int, *, on: date) -> FitCount:
    """How many people of the region fit a vacancy in the viewer's reach; NotFound for any other."""
    return count_all_fits(session, viewer, [vacancy_id], on=on)[vacancy_id]


def count_all_fits(
    session: Session, viewer: Viewer, vacancy_ids: Sequence[int], *, on: date
) -> dict[int, FitCount]:
    """How many people of its region fit each vacancy on a day, by number of the vacancy.

    They are active and not paused, their newest assessment says that they can start, alone or
    with support, nothing blocks them, and nothing has to be asked first.
    """
    asked = [vacancies.get_row(session, viewer, vacancy_id) for vacancy_id in vacancy_ids]
    counts: dict[int, FitCount] = {}
    for region in sorted({row.region for row in asked}):
        here = [row for row in asked if row.region == region]
        totals = people_who_fit(session, region, [vacancies.to_profile(row) for row in here], on)
        for row, total in zip(here, totals, strict=True):
            counts[row.id] = FitCount(total, band_of(total))
    return counts


def people_who_fit(
    session: Session, region: str, profiles: Sequence[VacancyProfile], on: date
) -> list[int]:
    """How many people of a region fit each of these places; for who turns it into a band."""
    setting = Setting(rules_on(session, region, on), all_places(session), on)
    table = VacancyTable(profiles, setting)
    totals = [0] * len(profiles)
    for _number, person in ready_people(session, region, on):
        scores = table.score(current(person, setting))
        fits = scores.eligible & ~scores.ask_first
        totals = [total + bool(fit) for total, fit in zip(totals, fits, strict=True)]
    return totals


def ready_people(session: Session, region: str, on: date) -> list[tuple[int, CandidateProfile]]:
    """Who can start in a region, alone or with support, by number."""
    # One page asks for many vacancies: within a request the people are read once.
    shared = session.info.setdefault(READ_ONCE, {})
    key = ("ready_people", region, on)
    if key not in shared:
        shared[key] = rows.ready_by_number(session, region, INTRODUCED, on)
    found: list[tuple[int, CandidateProfile]] = shared[key]
    return found


def who_fits(
    session: Session, region: str, place: VacancyProfile, on: date
) -> list[tuple[int, CandidateProfile]]:
    """Of those who can start, whom nothing blocks for a place and nothing has to be asked first."""
    setting = Setting(rules_on(session, region, on), all_places(session), on)
    table = VacancyTable([place], setting)
    found = []
    for number, person in ready_people(session, region, on):
        scores = table.score(current(person, setting))
        if scores.eligible[0] and not scores.ask_first[0]:
            found.append((number, person))
    return found
