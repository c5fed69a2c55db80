"""Programmes and arrangements of a region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, Problem, Stale
from matcher.domain.programme import Programme
from matcher.files.columns import Column
from matcher.files.columns import Kind as ColumnKind
from matcher.files.columns_programme import PROGRAMME_BY_NAME
from matcher.models import Arrangement
from matcher.repositories import programmes as rows
from matcher.repositories.records import ArrangementRecord, Page, ProgrammeRecord
from matcher.services.candidates import new_reference
from matcher.services.checks import allowed_values, checked_texts, checked_values, refuse
from matcher.services.transactions import unit_of_work
from matcher.services.visibility import Kind

TARGET_MAXIMUM = 10_000
_ARRANGEMENT = {
    "sectors": Column(
        "sectors",
        ColumnKind.ORDERED_CODES,
        "Sectors",
        "Sectoren",
        "F42",
        codes=("sectors",),
        empty=(),
    )
}


def list_programmes(
    session: Session,
    viewer: Viewer,
    *,
    active_only: bool = True,
    cursor: str | None = None,
    limit: int = 100,
) -> Page[ProgrammeRecord]:
    """The programmes of the viewer's region, by reference."""
    return rows.page(session, viewer, active_only=active_only, cursor=cursor, limit=limit)


def get_programme(session: Session, viewer: Viewer, programme_id: int) -> ProgrammeRecord:
    """One programme in reach; NotFound for any other."""
    return rows.to_record(rows.get_row(session, viewer, programme_id))


def create_programme(
    session: Session, viewer: Viewer, values: Mapping[str, Any], *, now: datetime
) -> ProgrammeRecord:
    """A new programme of the viewer's region; `values` by field name of `Programme`."""
    with unit_of_work(session):
        given = allowed_values(Kind.PROGRAMME, viewer, values, always=("reference", "region"))
        if viewer.region is None:
            raise Forbidden("only somebody of a region adds programmes")
        if given.pop("region", None) not in (None, viewer.region):
            raise InvalidInput([Problem("region", "must be your own region")])
        given = {"reference": new_reference("P"), **given}
        is_active = bool(given.pop("is_active", True))
        clean, problems = checked_values(PROGRAMME_BY_NAME, given, viewer.language)
        if "kind" not in given:
            problems.append(Problem("kind", "is required; fill it in"))
        refuse(problems)
        taken = Conflict("there is already a programme with this reference in the region")
        if rows.rows_by_reference(session, viewer, [clean["reference"]]):
            raise taken
        row = rows.new_row(Programme(**clean), region=viewer.region, now=now)
        row.is_active = is_active
        session.add(row)
        try:
            session.flush()
        except IntegrityError as error:
            raise taken from error
        return rows.to_record(row)


def update_programme(
    session: Session,
    viewer: Viewer,
    programme_id: int,
    values: Mapping[str, Any],
    *,
    expected_version: int,
    now: datetime,
) -> ProgrammeRecord:
    """Changes the fields named in `values`; a start that stays keeps its seats."""
    with unit_of_work(session):
        row = rows.get_row(session, viewer, programme_id, for_update=True)
        if row.version != expected_version:
            raise Stale("programme", row.version)
        given = allowed_values(Kind.PROGRAMME, viewer, values)
        for fixed in ("reference", "region"):
            if given.pop(fixed, getattr(row, fixed)) != getattr(row, fixed):
                raise InvalidInput([Problem(fixed, "never changes")])
        state = {"is_active": bool(given.pop("is_active"))} if "is_active" in given else {}
        clean, problems = checked_values(PROGRAMME_BY_NAME, given, viewer.language)
        refuse(problems)
        if rows.fill(row, {**clean, **state}):
            row.updated_at = now
            session.flush()
        return rows.to_record(row)


def list_arrangements(session: Session, viewer: Viewer) -> list[ArrangementRecord]:
    """The arrangements of the viewer's region, by name."""
    return [rows.to_arrangement(row) for row in rows.arrangement_rows(session, viewer)]


def create_arrangement(
    session: Session,
    viewer: Viewer,
    *,
    name: str,
    sectors: Sequence[str],
    target: int | None,
    starts_on: date | None,
    until: date | None,
    now: datetime,
) -> ArrangementRecord:
    """Firms, a school and the region agree on a target: so many people at work by a day."""
    with unit_of_work(session):
        if viewer.region is None or not viewer.has(Right.LEAD, Right.OFFICER, Right.TRIAGER):
            raise Forbidden("only a triager, a team lead or an officer adds arrangements")
        texts, problems = checked_texts(
            {"name": 120}, {"name": name}, viewer.language, names=("name",)
        )
        values, more = checked_values(_ARRANGEMENT, {"sectors": tuple(sectors)}, viewer.language)
        problems += more
        if "name" in texts and texts["name"] is None:
            problems.append(Problem("name", "is required; fill it in"))
        if target is not None and not 1 <= target <= TARGET_MAXIMUM:
            problems.append(Problem("target", f"must be from 1 to {TARGET_MAXIMUM}"))
        if starts_on is not None and until is not None and until < starts_on:
            problems.append(Problem("until", "must not lie before the start"))
        refuse(problems)
        taken = Conflict("there is already an arrangement of this name in the region")
        if rows.find_arrangement(session, viewer, texts["name"]) is not None:
            raise taken
        row = Arrangement(
            **texts,
            **values,
            region=viewer.region,
            target=target,
            starts_on=starts_on,
            until=until,
            created_at=now,
            updated_at=now,
        )
        session.add(row)
        try:
            session.flush()
        except IntegrityError as error:
            raise taken from error
        return rows.to_arrangement(row)
