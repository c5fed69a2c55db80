"""The best places of everybody in a region, kept and read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.candidate import CandidateProfile
from matcher.models import Candidate, Organisation, RegionMatch, Vacancy
from matcher.models.states import CandidateStatus
from matcher.repositories.candidates import to_profile
from matcher.repositories.paging import after, decode_cursor, read_page
from matcher.repositories.recording import note_list
from matcher.repositories.records import Page
from matcher.repositories.scope import scoped

KIND = RegionMatch.__tablename__
_AT_ONCE = 400
"""Fewer parameters than either database allows in one statement."""


@dataclass(frozen=True, slots=True)
class Line:
    """One of the best places of somebody; `fit` in hundredths."""

    candidate_id: int
    candidate: str
    vacancy_id: int
    vacancy: str
    rank: int
    fit: int


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A vacancy as a table names it."""

    id: int
    reference: str
    title: str | None
    contractor: str
    places: int


def people(session: Session, viewer: Viewer) -> list[int]:
    """Numbers of the active candidates in reach about whom a program may speak."""
    statement = (
        select(Candidate.id)
        .where(Candidate.status == CandidateStatus.ACTIVE, Candidate.manual_only.is_(False))
        .order_by(Candidate.id)
    )
    return list(session.scalars(scoped(statement, viewer, Candidate)))


def profiles(
    session: Session, viewer: Viewer, numbers: Sequence[int]
) -> dict[int, CandidateProfile]:
    """What the rules may see of those that are still there, by number in rising order."""
    statement = select(Candidate).where(Candidate.id.in_(numbers)).order_by(Candidate.id)
    rows = session.scalars(scoped(statement, viewer, Candidate))
    return {row.id: to_profile(row) for row in rows}


def keep(session: Session, viewer: Viewer, job_id: int, lines: Sequence[Sequence[int]]) -> None:
    """Keeps (candidate, vacancy, rank, fit); not of people or places that went meanwhile."""
    there = _still_there(session, viewer, Candidate, {line[0] for line in lines})
    open_still = _still_there(session, viewer, Vacancy, {line[1] for line in lines})
    values = [
        {
            "job_id": job_id,
            "region": viewer.region,
            "candidate_id": candidate,
            "vacancy_id": vacancy,
            "rank": rank,
            "fit": fit,
        }
        for candidate, vacancy, rank, fit in lines
        if candidate in there and vacancy in open_still
    ]
    if values:
        session.execute(insert(RegionMatch), values)


def _still_there(session: Session, viewer: Viewer, table: Any, numbers: set[int]) -> set[int]:
    # Locked on PostgreSQL, so that nobody is erased between this look and the rows about them.
    wanted = sorted(numbers)
    found: set[int] = set()
    for start in range(0, len(wanted), _AT_ONCE):
        statement = select(table.id).where(table.id.in_(wanted[start : start + _AT_ONCE]))
        locked = statement.with_for_update(read=True, key_share=True)
        found.update(session.scalars(scoped(locked, viewer, table)))
    return found


def delete_of(session: Session, viewer: Viewer, job_id: int) -> None:
    """Forgets what one job wrote."""
    statement = delete(RegionMatch).where(RegionMatch.job_id == job_id)
    session.execute(
        scoped(statement, viewer, RegionMatch), execution_options={"synchronize_session": False}
    )


def delete_all_but(session: Session, viewer: Viewer, job_id: int) -> None:
    """Forgets what earlier jobs of the region wrote."""
    statement = delete(RegionMatch).where(RegionMatch.job_id != job_id)
    session.execute(
        scoped(statement, viewer, RegionMatch), execution_options={"synchronize_session": False}
    )


def page(
    session: Session, viewer: Viewer, job_id: int, *, cursor: str | None, limit: int
) -> Page[Line]:
    """The lines of one job, by candidate and rank; shown people are noted in the log."""
    order = (RegionMatch.candidate_id, RegionMatch.rank, RegionMatch.id)
    statement: Any = (
        select(RegionMatch, Candidate.reference, Vacancy.reference)
        .join(Candidate, Candidate.id == RegionMatch.candidate_id)
        .join(Vacancy, Vacancy.id == RegionMatch.vacancy_id)
        .where(RegionMatch.job_id == job_id)
        .order_by(*order)
    )
    if cursor is not None:
        statement = statement.where(after(order, decode_cursor(cursor, (int, int, int))))
    found = read_page(
        session,
        scoped(statement, viewer, RegionMatch, Candidate, Vacancy),
        limit=limit,
        key_of=lambda row: (row[0].candidate_id, row[0].rank, row[0].id),
        make=lambda row: Line(
            candidate_id=row[0].candidate_id,
            candidate=row[1],
            vacancy_id=row[0].vacancy_id,
            vacancy=row[2],
            rank=row[0].rank,
            fit=row[0].fit,
        ),
    )
    shown = len({line.candidate_id for line in found.items})
    note_list(session, viewer, KIND, query={"job": job_id}, count=shown)
    return found


def place_names(session: Session, viewer: Viewer) -> dict[int, PlaceName]:
    """The vacancies in reach by number."""
    statement = select(
        Vacancy.id, Vacancy.reference, Vacancy.title, Organisation.name, Vacancy.places
    ).join(Organisation, Organisation.id == Vacancy.organisation_id)
    rows = session.execute(scoped(statement, viewer, Vacancy, Organisation))
    return {row[0]: PlaceName(*row) for row in rows}
