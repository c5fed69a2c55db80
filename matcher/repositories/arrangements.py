"""Arrangements, and the vacancies and programmes that name them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import NotFound
from matcher.models import Arrangement, Organisation, Programme, Vacancy
from matcher.models.states import VacancyStatus
from matcher.repositories.paging import after, decode_cursor, read_page
from matcher.repositories.records import ArrangementRecord, Page
from matcher.repositories.scope import numbered, scoped


def to_record(row: Arrangement) -> ArrangementRecord:
    """The row as a frozen value."""
    return ArrangementRecord(
        id=row.id,
        version=row.version,
        name=row.name,
        region=row.region,
        sectors=row.sectors,
        firms=row.firms,
        provider=row.provider,
        target=row.target,
        starts_on=row.starts_on,
        until=row.until,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def list_rows(session: Session, viewer: Viewer) -> list[Arrangement]:
    """The arrangements in reach, by name."""
    statement = scoped(select(Arrangement), viewer, Arrangement)
    return list(session.scalars(statement.order_by(Arrangement.name)))


def page(session: Session, viewer: Viewer, *, cursor: str | None, limit: int) -> Page[Arrangement]:
    """One page of the arrangements in reach, by name."""
    columns = [Arrangement.name, Arrangement.id]
    statement = scoped(select(Arrangement), viewer, Arrangement).order_by(*columns)
    if cursor is not None:
        statement = statement.where(after(columns, decode_cursor(cursor, (str, int))))
    return read_page(
        session,
        statement,
        limit=limit,
        key_of=lambda row: (row[0].name, row[0].id),
        make=lambda row: row[0],
    )


def get_row(
    session: Session, viewer: Viewer, arrangement_id: int, *, for_update: bool = False
) -> Arrangement:
    """The row in reach of `viewer`, locked for a change on request; NotFound for any other."""
    wanted = select(Arrangement).where(numbered(Arrangement, arrangement_id))
    statement = scoped(wanted, viewer, Arrangement)
    if for_update:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(statement)
    if found is None:
        raise NotFound("arrangement")
    return found


def find_row(session: Session, viewer: Viewer, name: str) -> Arrangement | None:
    """The arrangement of that name in reach, None when there is none."""
    statement = select(Arrangement).where(Arrangement.name == name)
    return session.scalar(scoped(statement, viewer, Arrangement))


def vacancies_of(session: Session, viewer: Viewer, name: str) -> list[tuple[Vacancy, str]]:
    """The open vacancies in reach of an arrangement with the name of their firm, by reference."""
    columns: tuple[Any, ...] = (Vacancy, Organisation.name)
    statement = (
        select(*columns)
        .join(Organisation, Organisation.id == Vacancy.organisation_id)
        .where(Vacancy.arrangement == name, Vacancy.status == VacancyStatus.OPEN)
        .order_by(Vacancy.reference, Vacancy.id)
    )
    rows = session.execute(scoped(statement, viewer, Vacancy, Organisation))
    return [(row[0], row[1]) for row in rows]


def programmes_of(session: Session, viewer: Viewer, name: str) -> list[str]:
    """The references of the active programmes in reach of an arrangement."""
    statement = select(Programme.reference).where(
        Programme.arrangement == name, Programme.is_active
    )
    ordered = scoped(statement, viewer, Programme).order_by(Programme.reference)
    return list(session.scalars(ordered))
