"""*Wat maakt uw plek haalbaar*: what a firm could ask less, and in which band people fit then.

Each demand is eased by one step on its own. A hint is given only where several more people fit,
says a band and no number, and stands in an order that tells nothing within a band: so nobody is
found by changing one demand after the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import NotFound
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import LOADS, NEED_LEVELS
from matcher.models.states import VacancyStatus
from matcher.reference.feasible import HintTerms, load_hint_terms
from matcher.repositories import vacancies as rows
from matcher.repositories.records import VacancyRecord
from matcher.services.calendar import day_of
from matcher.services.fits import BANDS, band_of, people_who_fit
from matcher.services.vacancies import update_vacancy

BAND_ORDER = (*(code for _upper, code in BANDS), band_of(BANDS[-1][0]))
_OFFERED = (VacancyStatus.DRAFT, VacancyStatus.OPEN)


@dataclass(frozen=True, slots=True)
class Change:
    """One demand eased: its name, the paper it is about if any, and the values it takes."""

    demand: str
    subject: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hint:
    """A change that brings more people, and the band in which they fit then."""

    demand: str
    subject: str
    band: str


def easier(place: VacancyProfile, terms: HintTerms) -> Iterator[Change]:
    """Each demand of a place eased by one step, in a fixed order."""
    if place.day_starts_at is not None and place.day_starts_at < terms.day_starts_at:
        yield Change("day_starts_at", "", {"day_starts_at": terms.day_starts_at})
    if place.hours_min is not None and place.hours_min > terms.hours_min:
        yield Change("hours", "", {"hours_min": terms.hours_min})
    if place.start_on is not None and place.flex_weeks < terms.flex_weeks:
        yield Change("start", "", {"flex_weeks": terms.flex_weeks})
    for paper in sorted(place.credentials):
        yield Change(
            "credential",
            paper,
            {
                "credentials": place.credentials - {paper},
                "credentials_taught": place.credentials_taught | {paper},
            },
        )
    for paper in sorted(place.licences):
        yield Change("licence", paper, {"licences": place.licences - {paper}})
    for name in (*NEED_LEVELS, *LOADS):
        need = place.need(name)
        if need:
            yield Change(name, "", {name: need - 1})


def hints_for(session: Session, viewer: Viewer, vacancy_id: int, *, on: date) -> list[Hint]:
    """The few changes that bring most people to a place in reach; none once it is filled."""
    row = rows.get_row(session, viewer, vacancy_id)
    if row.status not in _OFFERED:
        return []
    place, terms = rows.to_profile(row), load_hint_terms(on)
    changes = list(easier(place, terms))
    variants = [replace(place, **change.values) for change in changes]
    now, *then = people_who_fit(session, row.region, [place, *variants], on)
    return chosen(changes, now, then, terms)


def chosen(changes: list[Change], now: int, then: list[int], terms: HintTerms) -> list[Hint]:
    """The hints among `changes` by how many fit `now` and `then`; what brings few is never told."""
    found = [
        Hint(change.demand, change.subject, band_of(count))
        for change, count in zip(changes, then, strict=True)
        if count - now >= terms.least_more and band_of(count) != band_of(now)
    ]
    # Within a band the order is that of the demands, so that it tells nothing about numbers.
    found.sort(key=lambda hint: -BAND_ORDER.index(hint.band))
    return found[: terms.most]


def apply_hint(
    session: Session,
    viewer: Viewer,
    vacancy_id: int,
    demand: str,
    subject: str,
    *,
    expected_version: int,
    now: datetime,
) -> VacancyRecord:
    """Eases one demand of a place, as the firm could in the form; NotFound for another one."""
    row = rows.get_row(session, viewer, vacancy_id)
    for change in easier(rows.to_profile(row), load_hint_terms(day_of(now))):
        if (change.demand, change.subject) == (demand, subject):
            return update_vacancy(
                session,
                viewer,
                vacancy_id,
                change.values,
                expected_version=expected_version,
                now=now,
            )
    raise NotFound("hint")
