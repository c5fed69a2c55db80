"""Vacancies: draft, change, open, withdraw, and how many people fit, in bands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models.states import *  # noqa: F403
from matcher.repositories.records import *  # noqa: F403


@dataclass(frozen=True, slots=True)
class FitCount:
    """How many people fit: the number for staff, the band for contractors."""

    count: int
    band: str


def create_vacancy(
    session: Session, viewer: Viewer, values: Mapping[str, Any], *, now: datetime
) -> VacancyRecord:
    """A draft; `values` by field name of VacancyProfile; contractor and region come from a contractor's own account."""
    raise NotImplementedError


def update_vacancy(
    session: Session,
    viewer: Viewer,
    vacancy_id: int,
    values: Mapping[str, Any],
    *,
    expected_version: int,
    now: datetime,
) -> VacancyRecord:
    raise NotImplementedError


def open_vacancy(
    session: Session, viewer: Viewer, vacancy_id: int, *, expected_version: int, now: datetime
) -> VacancyRecord:
    raise NotImplementedError


def withdraw_vacancy(
    session: Session, viewer: Viewer, vacancy_id: int, *, expected_version: int, now: datetime
) -> VacancyRecord:
    raise NotImplementedError


def fill_vacancy(
    session: Session, viewer: Viewer, vacancy_id: int, *, expected_version: int, now: datetime
) -> VacancyRecord:
    raise NotImplementedError


def get_vacancy(session: Session, viewer: Viewer, vacancy_id: int) -> VacancyRecord:
    raise NotImplementedError


def list_vacancies(
    session: Session,
    viewer: Viewer,
    *,
    status: str | None = None,
    sector: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[VacancyRecord]:
    raise NotImplementedError


def count_fits(session: Session, viewer: Viewer, vacancy_id: int, *, on: date) -> FitCount:
    """People of the region who fit now (lanes ready_now and ready_with_support, eligible, not ask_first)."""
    raise NotImplementedError


def sector_pool(session: Session, region: str, *, on: date) -> list[dict[str, Any]]:
    """Per wanted sector the number of people, 10 and more, rounded to 5; fewer is None."""
    raise NotImplementedError
