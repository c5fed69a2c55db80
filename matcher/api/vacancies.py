"""Vacancies: the list, one of them, changes, and how many people fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import url_for

from matcher.api.blueprint import KEY, Resource, creates, versioned
from matcher.api.schemas.vacancies import (
    FitCount,
    Vacancy,
    VacancyChange,
    VacancyCreate,
    VacancyPage,
    VacancyQuery,
)
from matcher.domain.access import STAFF, Right, Viewer
from matcher.domain.errors import InvalidInput, Problem
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.etag import etag_of, expected_version
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.models.states import VacancyStatus
from matcher.repositories.records import VacancyRecord
from matcher.services import fits, vacancies
from matcher.services.visibility import Kind, Stage, show

blp = Resource("vacancies", __name__, description="Learning-work places that contractors offer.")

READERS = (*STAFF, Right.OFFICER, Right.ANALYST, Right.CONTRACTOR)
WRITERS = (Right.CONTRACTOR, Right.SERVICE_POINT, Right.TRIAGER, Right.LEAD)
COUNTERS = (*STAFF, Right.OFFICER, Right.CONTRACTOR)

Answer = tuple[dict[str, Any], int, dict[str, str]]

_STATES: Mapping[str, Callable[..., VacancyRecord]] = {
    VacancyStatus.OPEN: vacancies.open_vacancy,
    VacancyStatus.FILLED: vacancies.fill_vacancy,
    VacancyStatus.WITHDRAWN: vacancies.withdraw_vacancy,
}


@blp.get("")
@requires(*READERS)
@blp.arguments(VacancyQuery, location="query")
@blp.response(200, VacancyPage)
def list_vacancies(query: Mapping[str, Any]) -> dict[str, Any]:
    """Vacancies in reach

    Staff reach those of their region, a contractor the own ones.
    """
    viewer = the_viewer()
    page = vacancies.list_vacancies(
        current_session(),
        viewer,
        status=query["status"],
        sector=query["sector"],
        cursor=query["cursor"],
        limit=query["limit"],
    )
    return {
        "items": [shown(record, viewer) for record in page.items],
        "next_cursor": page.next_cursor,
    }


@blp.post("")
@requires(*WRITERS)
@creates
@versioned
@blp.arguments(VacancyCreate)
@blp.response(201, Vacancy)
def create_vacancy(values: Mapping[str, Any]) -> Answer:
    """File a vacancy as a draft

    It is matched once its status is `open`.
    """
    viewer = the_viewer()
    record = vacancies.create_vacancy(current_session(), viewer, values, now=now())
    headers = {
        "ETag": etag_of(record.version),
        "Location": url_for("api-vacancies.get_vacancy", vacancy_id=record.id),
    }
    return shown(record, viewer), 201, headers


@blp.get(f"/<{KEY}:vacancy_id>")
@requires(*READERS)
@versioned
@blp.response(200, Vacancy)
def get_vacancy(vacancy_id: int) -> Answer:
    """One vacancy"""
    viewer = the_viewer()
    record = vacancies.get_vacancy(current_session(), viewer, vacancy_id)
    return shown(record, viewer), 200, {"ETag": etag_of(record.version)}


@blp.patch(f"/<{KEY}:vacancy_id>")
@requires(*WRITERS)
@versioned
@blp.arguments(VacancyChange)
@blp.response(200, Vacancy)
def change_vacancy(values: dict[str, Any], vacancy_id: int) -> Answer:
    """Change a vacancy, open it or withdraw it

    Only what is sent changes; null makes unknown again. A status is sent on its own.
    """
    viewer = the_viewer()
    change: Callable[..., VacancyRecord] = vacancies.update_vacancy
    given: tuple[Any, ...] = (values,)
    if "status" in values:
        others = [name for name in values if name != "status"]
        if others:
            raise InvalidInput(
                [
                    Problem(name, "goes with no status; send a change of status on its own")
                    for name in others
                ]
            )
        change, given = _STATES[values["status"]], ()
    record = change(
        current_session(),
        viewer,
        vacancy_id,
        *given,
        expected_version=expected_version(),
        now=now(),
    )
    return shown(record, viewer), 200, {"ETag": etag_of(record.version)}


@blp.get(f"/<{KEY}:vacancy_id>/fit-counts")
@requires(*COUNTERS)
@blp.response(200, FitCount)
def count_fits(vacancy_id: int) -> dict[str, Any]:
    """How many people of the region fit now

    People who can start, alone or with support, and whom nothing blocks. Contractors get a band.
    """
    viewer = the_viewer()
    on = today()
    count = fits.count_fits(current_session(), viewer, vacancy_id, on=on)
    record = {"fits_band": count.band, "fits_now": count.count}
    return {
        "vacancy_id": vacancy_id,
        **show(Kind.VACANCY, record, viewer.rights, Stage.OWN),
        "on": on,
    }


def shown(record: VacancyRecord, viewer: Viewer) -> dict[str, Any]:
    """What `viewer` may see of a vacancy."""
    return show(Kind.VACANCY, record.as_mapping(), viewer.rights, Stage.OWN)
