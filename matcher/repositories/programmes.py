"""Programmes with their starts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import NotFound
from matcher.domain.programme import Programme as ProgrammeValue
from matcher.models import Programme, ProgrammeStart
from matcher.repositories.content import hash_of, to_content
from matcher.repositories.paging import after, decode_cursor, read_page
from matcher.repositories.records import Page, ProgrammeRecord
from matcher.repositories.scope import numbered, scoped, unscoped

VALUE_FIELDS = tuple(item.name for item in fields(ProgrammeValue))
_OWN_COLUMNS = tuple(name for name in VALUE_FIELDS if name != "starts_on")


def to_value(row: Programme) -> ProgrammeValue:
    """What the rules may see of a row."""
    values = {name: getattr(row, name) for name in _OWN_COLUMNS}
    return ProgrammeValue(**values, starts_on=tuple(start.starts_on for start in row.starts))


def to_record(row: Programme) -> ProgrammeRecord:
    """The row as a frozen value."""
    return ProgrammeRecord(
        id=row.id,
        version=row.version,
        programme=to_value(row),
        is_active=row.is_active,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def fill(row: Programme, values: Mapping[str, Any]) -> bool:
    """Sets `values` on `row`, its starts among them; whether anything is different now."""
    changed = False
    for name, value in values.items():
        if name == "starts_on":
            changed |= _fill_starts(row, value)
        elif getattr(row, name, None) != value:
            setattr(row, name, value)
            changed = True
    if changed or not row.content_hash:
        row.content_hash = hash_of(to_content(to_value(row)))
    return changed


def _fill_starts(row: Programme, days: Iterable[Any]) -> bool:
    wanted = set(days)
    kept = {start.starts_on: start for start in row.starts}
    if wanted == set(kept):
        return False
    # A start that stays keeps its row: seats are booked on it.
    for day, start in kept.items():
        if day not in wanted:
            row.starts.remove(start)
    for day in sorted(wanted - set(kept)):
        row.starts.append(ProgrammeStart(starts_on=day))
    row.starts.sort(key=lambda start: start.starts_on)
    return True


def new_row(value: ProgrammeValue, *, region: str, now: datetime) -> Programme:
    """A row of `value` in `region`."""
    row = Programme(region=region, is_active=True, content_hash="", created_at=now, updated_at=now)
    fill(row, {name: getattr(value, name) for name in VALUE_FIELDS if name != "region"})
    return row


def get_row(
    session: Session, viewer: Viewer, programme_id: int, *, for_update: bool = False
) -> Programme:
    """The row in reach of `viewer`, locked for a change on request; NotFound for any other."""
    statement = scoped(
        select(Programme).where(numbered(Programme, programme_id)), viewer, Programme
    )
    if for_update:
        # Read anew under the lock: what this session read before may be older.
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(statement)
    if found is None:
        raise NotFound("programme")
    return found


def rows_by_reference(
    session: Session, viewer: Viewer, references: Iterable[str]
) -> dict[str, Programme]:
    """Rows in reach by reference, for many references at once."""
    statement = select(Programme).where(Programme.reference.in_(list(references)))
    rows = session.scalars(scoped(statement, viewer, Programme))
    return {row.reference: row for row in rows}


def page(
    session: Session, viewer: Viewer, *, active_only: bool, cursor: str | None, limit: int
) -> Page[ProgrammeRecord]:
    """Programmes in reach, by reference."""
    statement = scoped(select(Programme), viewer, Programme).order_by(
        Programme.reference, Programme.id
    )
    if active_only:
        statement = statement.where(Programme.is_active)
    if cursor is not None:
        key = decode_cursor(cursor, (str, int))
        columns = [Programme.reference, Programme.id]
        statement = statement.where(after(columns, key))
    return read_page(
        session,
        statement,
        limit=limit,
        key_of=lambda row: (row[0].reference, row[0].id),
        make=lambda row: to_record(row[0]),
    )


def active_hashes(session: Session, region: str) -> list[str]:
    """The content hashes of the active programmes of a region, in the order of entry."""
    # What a region offers is what every candidate of it is advised with, whoever asks for it.
    statement = select(Programme.content_hash).where(
        Programme.region == region, Programme.is_active
    )
    return list(session.scalars(unscoped(statement, Programme).order_by(Programme.id)))


def active_values(session: Session, region: str) -> dict[str, ProgrammeValue]:
    """The active programmes of a region by content hash, in the order of `active_hashes`."""
    statement = select(Programme).where(Programme.region == region, Programme.is_active)
    rows = session.scalars(unscoped(statement, Programme).order_by(Programme.id))
    return {row.content_hash: to_value(row) for row in rows}
