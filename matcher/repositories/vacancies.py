"""Vacancies and the organisations they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVarTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import NotFound
from matcher.domain.vacancy import VacancyProfile
from matcher.models import Organisation, Vacancy
from matcher.models.states import VacancyStatus
from matcher.repositories.content import hash_of, to_content
from matcher.repositories.paging import after, decode_cursor, read_page
from matcher.repositories.records import OrganisationRecord, Page, VacancyRecord
from matcher.repositories.scope import numbered, scoped, unscoped

Ts = TypeVarTuple("Ts")

PROFILE_FIELDS = tuple(item.name for item in fields(VacancyProfile))


def to_profile(row: Vacancy) -> VacancyProfile:
    """What the rules may see of a row."""
    return VacancyProfile(**{name: getattr(row, name) for name in PROFILE_FIELDS})


def to_record(row: Vacancy) -> VacancyRecord:
    """The row as a frozen value."""
    return VacancyRecord(
        id=row.id,
        version=row.version,
        profile=to_profile(row),
        status=row.status,
        organisation_id=row.organisation_id,
        opened_on=row.opened_on,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def fill(row: Vacancy, values: Mapping[str, Any]) -> bool:
    """Sets `values` on `row` and its hash anew; whether anything is different now."""
    changed = False
    for name, value in values.items():
        if getattr(row, name, None) != value:
            setattr(row, name, value)
            changed = True
    if changed or not row.content_hash:
        row.content_hash = hash_of(to_content(to_profile(row)))
    return changed


def new_row(
    profile: VacancyProfile, organisation: Organisation, *, status: VacancyStatus, now: datetime
) -> Vacancy:
    """A row of `profile` for `organisation`."""
    return Vacancy(
        **{name: getattr(profile, name) for name in PROFILE_FIELDS},
        organisation_id=organisation.id,
        status=status,
        content_hash=hash_of(to_content(profile)),
        created_at=now,
        updated_at=now,
    )


def get_row(
    session: Session, viewer: Viewer, vacancy_id: int, *, for_update: bool = False
) -> Vacancy:
    """The row in reach of `viewer`, locked for a change on request; NotFound for any other."""
    statement = scoped(select(Vacancy).where(numbered(Vacancy, vacancy_id)), viewer, Vacancy)
    if for_update:
        # Read anew under the lock: what this session read before may be older.
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(statement)
    if found is None:
        raise NotFound("vacancy")
    return found


def rows_by_reference(
    session: Session, viewer: Viewer, references: Iterable[str]
) -> dict[str, Vacancy]:
    """Rows in reach by reference, for many references at once."""
    statement = select(Vacancy).where(Vacancy.reference.in_(list(references)))
    rows = session.scalars(scoped(statement, viewer, Vacancy))
    return {row.reference: row for row in rows}


def reference_exists(session: Session, region: str, reference: str) -> bool:
    """Whether any vacancy of the region has this reference, in the viewer's reach or not."""
    # The reference is unique in a region; a contractor has to hear that it is taken.
    statement = select(Vacancy.id).where(Vacancy.region == region, Vacancy.reference == reference)
    return session.scalar(unscoped(statement, Vacancy)) is not None


def narrowed(viewer: Viewer, *, status: VacancyStatus | None = None) -> Select[Any]:
    """Vacancies in reach, of one status or of all."""
    statement = scoped(select(Vacancy), viewer, Vacancy)
    return statement if status is None else statement.where(Vacancy.status == status)


def page(
    session: Session,
    viewer: Viewer,
    *,
    status: VacancyStatus | None,
    sector: str | None,
    cursor: str | None,
    limit: int,
) -> Page[VacancyRecord]:
    """Vacancies in reach, in the order they were entered."""
    statement = narrowed(viewer, status=status).order_by(Vacancy.id)
    if sector is not None:
        statement = statement.where(Vacancy.sector.startswith(sector, autoescape=True))
    if cursor is not None:
        statement = statement.where(after([Vacancy.id], decode_cursor(cursor, (int,))))
    return read_page(
        session,
        statement,
        limit=limit,
        key_of=lambda row: (row[0].id,),
        make=lambda row: to_record(row[0]),
    )


def _open_in(region: str, columns: Select[*Ts]) -> Select[*Ts]:
    # Open vacancies are what every candidate of the region is matched with, whoever asks for it.
    statement = columns.where(Vacancy.region == region, Vacancy.status == VacancyStatus.OPEN)
    return unscoped(statement, Vacancy)


def open_hashes(session: Session, region: str) -> list[str]:
    """The content hashes of the open vacancies of a region, in the order they were entered."""
    statement = _open_in(region, select(Vacancy.content_hash)).order_by(Vacancy.id)
    return list(session.scalars(statement))


def open_profiles(session: Session, region: str) -> dict[str, VacancyProfile]:
    """The open vacancies of a region by content hash, in the order of `open_hashes`."""
    columns = [getattr(Vacancy, name) for name in PROFILE_FIELDS]
    statement = _open_in(region, select(Vacancy.content_hash, *columns)).order_by(Vacancy.id)
    return {row[0]: VacancyProfile(*row[1:]) for row in session.execute(statement)}


def ids_by_reference(session: Session, viewer: Viewer) -> dict[str, int]:
    """Numbers of the vacancies in reach, to link to what an advice names by reference."""
    statement = scoped(select(Vacancy.reference, Vacancy.id), viewer, Vacancy)
    return {row.reference: row.id for row in session.execute(statement)}


def to_organisation(row: Organisation) -> OrganisationRecord:
    """The row as a frozen value."""
    return OrganisationRecord(
        id=row.id,
        version=row.version,
        name=row.name,
        region=row.region,
        size_fte=row.size_fte,
        kind=row.kind,
    )


def organisation_named(
    session: Session, region: str, name: str, *, now: datetime, size_fte: float | None = None
) -> Organisation:
    """The organisation of that name in the region, made when there is none.

    Only for callers who may name any contractor of the region: staff, imports and operations.
    """
    # Not a viewer's question: whether the name is taken has to be known for the whole region.
    statement = select(Organisation).where(Organisation.region == region, Organisation.name == name)
    found = session.scalar(unscoped(statement, Organisation))
    if found is None:
        found = Organisation(
            region=region, name=name, size_fte=size_fte, created_at=now, updated_at=now
        )
        session.add(found)
        session.flush()
    return found


def get_organisation(session: Session, viewer: Viewer, organisation_id: int) -> Organisation:
    """The organisation in reach of `viewer`; NotFound for any other."""
    statement = select(Organisation).where(numbered(Organisation, organisation_id))
    found = session.scalar(scoped(statement, viewer, Organisation))
    if found is None:
        raise NotFound("organisation")
    return found
