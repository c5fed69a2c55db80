"""Vacancies: draft, change, open, fill, withdraw and find."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, Problem, Stale
from matcher.domain.vacancy import VacancyProfile
from matcher.files.columns_vacancy import VACANCY_BY_NAME
from matcher.files.records import forbidden_needs
from matcher.models import Organisation, Vacancy
from matcher.models.states import VacancyStatus
from matcher.repositories import vacancies as rows
from matcher.repositories.records import Page, VacancyRecord
from matcher.services.calendar import day_of
from matcher.services.candidates import new_reference
from matcher.services.checks import (
    allowed_values,
    checked_values,
    hours_problems,
    place_text_problems,
    refuse,
)
from matcher.services.choices import choice
from matcher.services.displacement import ask_to_look_back, refuse_to_open
from matcher.services.shortlist_freeze import refuse_other_demands
from matcher.services.transactions import unit_of_work
from matcher.services.visibility import Kind

_FIXED = ("reference", "contractor", "region")
_REQUIRED = ("sector", "places")
_CHANGEABLE = (VacancyStatus.DRAFT, VacancyStatus.OPEN)
_STEPS: Mapping[VacancyStatus, tuple[VacancyStatus, ...]] = {
    VacancyStatus.OPEN: (VacancyStatus.DRAFT, VacancyStatus.FILLED, VacancyStatus.WITHDRAWN),
    VacancyStatus.FILLED: (VacancyStatus.OPEN,),
    VacancyStatus.WITHDRAWN: (VacancyStatus.DRAFT, VacancyStatus.OPEN),
}
"""Each status and those from which it can be reached; a draft is only ever the beginning."""


def create_vacancy(
    session: Session, viewer: Viewer, values: Mapping[str, Any], *, now: datetime
) -> VacancyRecord:
    """A draft; `values` by field name of `VacancyProfile`, `sector` and `places` at least.

    A contractor files for the own organisation. Staff name the contractor, who is made known when
    that name is new in the region.
    """
    with unit_of_work(session):
        refuse(forbidden_needs(values, lang=viewer.language))
        given = allowed_values(Kind.VACANCY, viewer, values, always=_FIXED)
        organisation = _organisation(session, viewer, given, now)
        if given.pop("region", organisation.region) != organisation.region:
            raise InvalidInput([Problem("region", "must be your own region")])
        given.pop("contractor", None)
        given = {"reference": new_reference("V"), "employer_size": organisation.size_fte, **given}
        clean, problems = checked_values(VACANCY_BY_NAME, given, viewer.language)
        problems += place_text_problems(clean, viewer.language)
        problems += [
            Problem(name, "is required; fill it in") for name in _REQUIRED if name not in given
        ]
        refuse(problems + hours_problems(clean, viewer.language))
        profile = VacancyProfile(**clean, contractor=organisation.name, region=organisation.region)
        taken = Conflict("there is already a vacancy with this reference in the region")
        if rows.reference_exists(session, organisation.region, profile.reference):
            raise taken
        row = rows.new_row(profile, organisation, status=VacancyStatus.DRAFT, now=now)
        session.add(row)
        # Company data is asked once: the next request comes filled in.
        organisation.size_fte = profile.employer_size
        try:
            session.flush()
        except IntegrityError as error:
            raise taken from error
        return rows.to_record(row)


def _organisation(
    session: Session, viewer: Viewer, given: Mapping[str, Any], now: datetime
) -> Organisation:
    if viewer.organisation_id is not None and viewer.has(Right.CONTRACTOR):
        own = rows.get_organisation(session, viewer, viewer.organisation_id)
        if given.get("contractor", own.name) != own.name:
            raise InvalidInput([Problem("contractor", "must be your own organisation")])
        return own
    if viewer.region is None or not viewer.is_staff:
        raise Forbidden("a contractor's account needs its organisation")
    contractor = {"contractor": given.get("contractor")}
    clean, problems = checked_values(VACANCY_BY_NAME, contractor, viewer.language)
    refuse(problems)
    return rows.organisation_named(session, viewer.region, clean["contractor"], now=now)


def update_vacancy(
    session: Session,
    viewer: Viewer,
    vacancy_id: int,
    values: Mapping[str, Any],
    *,
    expected_version: int,
    now: datetime,
) -> VacancyRecord:
    """Changes the fields named in `values` of a draft or open vacancy.

    Stale when somebody changed it since `expected_version`; Conflict once it is filled or
    withdrawn, and ``DemandsStand`` for what it asks once its shortlist was asked for. Reference,
    contractor and region never change.
    """
    with unit_of_work(session):
        refuse(forbidden_needs(values, lang=viewer.language))
        row = _locked(session, viewer, vacancy_id, expected_version)
        given = allowed_values(Kind.VACANCY, viewer, values, always=_FIXED)
        if row.status not in _CHANGEABLE:
            raise Conflict(f"a {row.status} vacancy is not changed; open it again first")
        refuse(
            Problem(name, "never changes")
            for name in _FIXED
            if given.pop(name, getattr(row, name)) != getattr(row, name)
        )
        clean, problems = checked_values(VACANCY_BY_NAME, given, viewer.language)
        problems += place_text_problems(clean, viewer.language)
        hours = {name: getattr(row, name) for name in ("hours_min", "hours_max")}
        refuse(problems + hours_problems({**hours, **clean}, viewer.language))
        refuse_other_demands(session, row, clean)
        return _changed(session, row, clean, now)


def _locked(session: Session, viewer: Viewer, vacancy_id: int, expected: int) -> Vacancy:
    row = rows.get_row(session, viewer, vacancy_id, for_update=True)
    if row.version != expected:
        raise Stale("vacancy", row.version)
    return row


def _changed(
    session: Session, row: Vacancy, values: Mapping[str, Any], now: datetime
) -> VacancyRecord:
    if rows.fill(row, values):
        row.updated_at = now
        session.flush()
    return rows.to_record(row)


def open_vacancy(
    session: Session, viewer: Viewer, vacancy_id: int, *, expected_version: int, now: datetime
) -> VacancyRecord:
    """From now on the vacancy is matched; also for one that was withdrawn or filled too early.

    ``displacement.CheckNeeded`` until the questions about displacement let it.
    """
    return _move(session, viewer, vacancy_id, VacancyStatus.OPEN, expected_version, now)


def withdraw_vacancy(
    session: Session, viewer: Viewer, vacancy_id: int, *, expected_version: int, now: datetime
) -> VacancyRecord:
    """The work is no longer offered."""
    return _move(session, viewer, vacancy_id, VacancyStatus.WITHDRAWN, expected_version, now)


def fill_vacancy(
    session: Session, viewer: Viewer, vacancy_id: int, *, expected_version: int, now: datetime
) -> VacancyRecord:
    """All its places are taken."""
    return _move(session, viewer, vacancy_id, VacancyStatus.FILLED, expected_version, now)


def _move(
    session: Session,
    viewer: Viewer,
    vacancy_id: int,
    status: VacancyStatus,
    expected_version: int,
    now: datetime,
) -> VacancyRecord:
    with unit_of_work(session):
        row = _locked(session, viewer, vacancy_id, expected_version)
        allowed_values(Kind.VACANCY, viewer, {})
        if row.status not in _STEPS[status]:
            raise Conflict(f"a vacancy that is {row.status} cannot become {status}")
        if status is VacancyStatus.OPEN:
            refuse_to_open(session, viewer, row)
        if status is VacancyStatus.FILLED:
            ask_to_look_back(session, viewer, row, now)
        values: dict[str, Any] = {"status": status}
        if status is VacancyStatus.OPEN and row.opened_on is None:
            values["opened_on"] = day_of(now)
        return _changed(session, row, values, now)


def get_vacancy(session: Session, viewer: Viewer, vacancy_id: int) -> VacancyRecord:
    """One vacancy in reach; NotFound for any other."""
    return rows.to_record(rows.get_row(session, viewer, vacancy_id))


def list_vacancies(
    session: Session,
    viewer: Viewer,
    *,
    status: str | None = None,
    sector: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[VacancyRecord]:
    """Vacancies in reach, in the order they were entered; a section covers its divisions."""
    wanted = None if status is None else choice(VacancyStatus, "status", status)
    return rows.page(session, viewer, status=wanted, sector=sector, cursor=cursor, limit=limit)
