"""Rows out of the database, as records of the file formats and through the visibility table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer, operator
from matcher.files.records import candidate_record, vacancy_record
from matcher.models.states import AuditAction, CandidateStatus, VacancyStatus
from matcher.repositories import candidates, regions, vacancies
from matcher.services.audit import note_list
from matcher.services.visibility import Kind, Stage, show


def export_candidates(session: Session, viewer: Viewer) -> list[dict[str, Any]]:
    """The active candidates in reach, by region and reference, with what `viewer` may see.

    Benefit and year of birth are never in it. The operator without a region exports every region.
    """
    found = []
    for reach in _reaches(session, viewer):
        statement = candidates.narrowed(reach, status=CandidateStatus.ACTIVE)
        found += [
            show(
                Kind.CANDIDATE,
                candidate_record(candidates.to_profile(row)),
                reach.rights,
                Stage.OWN,
            )
            for row in session.scalars(statement)
        ]
    note_list(session, viewer, Kind.CANDIDATE, action=AuditAction.EXPORT, count=len(found))
    return sorted(found, key=_key)


def export_vacancies(session: Session, viewer: Viewer) -> list[dict[str, Any]]:
    """The open vacancies in reach, by region and reference, with what `viewer` may see."""
    found = []
    for reach in _reaches(session, viewer):
        statement = vacancies.narrowed(reach, status=VacancyStatus.OPEN)
        found += [
            show(Kind.VACANCY, vacancy_record(vacancies.to_profile(row)), reach.rights, Stage.OWN)
            for row in session.scalars(statement)
        ]
    note_list(session, viewer, Kind.VACANCY, action=AuditAction.EXPORT, count=len(found))
    return sorted(found, key=_key)


def _reaches(session: Session, viewer: Viewer) -> Iterator[Viewer]:
    if viewer.account_id is None and viewer.region is None and viewer.is_staff:
        for region in regions.known(session):
            yield operator(region)
    else:
        yield viewer


def _key(record: dict[str, Any]) -> tuple[str, str]:
    return record.get("region", ""), record.get("reference", "")
