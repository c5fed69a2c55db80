"""The best places of everybody in a region, kept and read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.candidate import CandidateProfile
from matcher.models import Candidate, Job, Organisation, RegionMatch, Vacancy
from matcher.models.states import CandidateStatus, JobState
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
    sector: str
    contractor: str
    places: int


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """One of the best places of somebody, as a page names it."""

    vacancy_id: int
    title: str | None
    sector: str
    contractor: str
    rank: int


@dataclass(frozen=True, slots=True)
class PersonPlaces:
    """Somebody with the best places, the best first; `kept` counts all that are kept."""

    candidate_id: int
    reference: str
    first_name: str | None
    places: tuple[NamedPlace, ...]
    kept: int


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
    there = still_there(session, viewer, Candidate, {line[0] for line in lines})
    open_still = still_there(session, viewer, Vacancy, {line[1] for line in lines})
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


def still_there(session: Session, viewer: Viewer, table: Any, numbers: set[int]) -> set[int]:
    """Those of `numbers` that the table still holds in reach, until the transaction ends."""
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


def people_page(
    session: Session, viewer: Viewer, job_id: int, *, cursor: str | None, limit: int, shown: int
) -> Page[PersonPlaces]:
    """The people of one job by number, each with the best `shown` places; noted in the log."""
    statement: Any = (
        select(Candidate.id, Candidate.reference, Candidate.first_name)
        .join(RegionMatch, RegionMatch.candidate_id == Candidate.id)
        .where(RegionMatch.job_id == job_id, RegionMatch.rank == 1)
        .distinct()
        .order_by(Candidate.id)
    )
    if cursor is not None:
        statement = statement.where(after([Candidate.id], decode_cursor(cursor, (int,))))
    found = read_page(
        session,
        scoped(statement, viewer, RegionMatch, Candidate),
        limit=limit,
        key_of=lambda row: (row[0],),
        make=lambda row: (row[0], row[1], row[2]),
    )
    places = _places_of(session, viewer, job_id, [person[0] for person in found.items])
    note_list(session, viewer, KIND, query={"job": job_id}, count=len(found.items))
    people = tuple(
        PersonPlaces(*person, tuple(places[person[0]][:shown]), len(places[person[0]]))
        for person in found.items
    )
    return Page(people, found.next_cursor)


def _places_of(
    session: Session, viewer: Viewer, job_id: int, numbers: Sequence[int]
) -> dict[int, list[NamedPlace]]:
    statement = (
        select(RegionMatch.candidate_id, Vacancy.id, Vacancy.title, Vacancy.sector,
               Organisation.name, RegionMatch.rank)
        .join(Vacancy, Vacancy.id == RegionMatch.vacancy_id)
        .join(Organisation, Organisation.id == Vacancy.organisation_id)
        .where(RegionMatch.job_id == job_id, RegionMatch.candidate_id.in_(numbers))
        .order_by(RegionMatch.candidate_id, RegionMatch.rank, RegionMatch.id)
    )  # fmt: skip
    found: dict[int, list[NamedPlace]] = {number: [] for number in numbers}
    for row in session.execute(scoped(statement, viewer, RegionMatch, Vacancy, Organisation)):
        found[row[0]].append(NamedPlace(*row[1:]))
    return found


def newest_done(session: Session, viewer: Viewer, kind: str) -> int | None:
    """The number of the newest job of a kind in reach that is done."""
    statement = select(func.max(Job.id)).where(Job.kind == kind, Job.state == JobState.DONE)
    return session.scalar(scoped(statement, viewer, Job))


def place_names(session: Session, viewer: Viewer) -> dict[int, PlaceName]:
    """The vacancies in reach by number."""
    statement = select(
        Vacancy.id,
        Vacancy.reference,
        Vacancy.title,
        Vacancy.sector,
        Organisation.name,
        Vacancy.places,
    ).join(Organisation, Organisation.id == Vacancy.organisation_id)
    rows = session.execute(scoped(statement, viewer, Vacancy, Organisation))
    return {row[0]: PlaceName(*row) for row in rows}
