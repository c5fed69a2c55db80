"""Programmes of a region."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, Problem, Stale
from matcher.domain.programme import Programme
from matcher.files.columns_programme import PROGRAMME_BY_NAME
from matcher.repositories import programmes as rows
from matcher.repositories.records import Page, ProgrammeRecord
from matcher.services.candidates import new_reference
from matcher.services.checks import allowed_values, checked_values, refuse
from matcher.services.transactions import unit_of_work
from matcher.services.visibility import Kind


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
