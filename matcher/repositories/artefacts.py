"""Learned artefacts of a region, what people did with them, and what was seen of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import NotFound
from matcher.models import Account, Artefact, ArtefactChange, ArtefactMonth
from matcher.models.states import ArtefactState, ArtefactStep, ChangeState
from matcher.repositories.paging import after, decode_cursor, read_page
from matcher.repositories.records import Page, Record
from matcher.repositories.scope import numbered, scoped, unscoped

IN_SERVICE = (ArtefactState.SHADOW, ArtefactState.PROMOTED)


@dataclass(frozen=True, slots=True)
class ArtefactRecord(Record):
    """One artefact as it is registered."""

    id: int
    version: int
    region: str
    name: str
    manifest_sha256: str
    manifest: dict[str, Any]
    is_synthetic: bool
    state: ArtefactState
    promoted_at: datetime | None
    tripped_code: str | None
    tripped_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class StepRecord(Record):
    """One step; names are None for the operator and for accounts that are gone."""

    id: int
    version: int
    artefact_id: int
    step: ArtefactStep
    why: str
    state: ChangeState
    asked_by: int | None
    asked_by_name: str | None
    decided_by_name: str | None
    decided_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MonthRecord(Record):
    """What was seen of an artefact in one month."""

    artefact_id: int
    month: date
    people: int
    drift: dict[str, Any]
    calibration: dict[str, Any]
    watched_at: datetime


def to_record(row: Artefact) -> ArtefactRecord:
    """The row as a frozen value."""
    return ArtefactRecord(
        **{name: getattr(row, name) for name in ArtefactRecord.__dataclass_fields__}
    )


def in_service(session: Session, region: str) -> list[Artefact]:
    """Those that predict in a region; for the service itself, whoever is at work."""
    statement = (
        select(Artefact)
        .where(Artefact.region == region, Artefact.state.in_(IN_SERVICE))
        .order_by(Artefact.id)
    )
    return list(session.scalars(unscoped(statement, Artefact)))


def named(session: Session, region: str, name: str) -> Artefact | None:
    """The one of that name, for whoever registers one."""
    statement = select(Artefact).where(Artefact.region == region, Artefact.name == name)
    return session.scalar(unscoped(statement, Artefact))


def numbered_row(session: Session, artefact_id: int) -> Artefact:
    """The one of that number, which something kept speaks of; for the service itself."""
    statement = select(Artefact).where(Artefact.id == artefact_id)
    return session.scalars(unscoped(statement, Artefact)).one()


def page(session: Session, viewer: Viewer, *, cursor: str | None, limit: int) -> Page[Artefact]:
    """One page of those in reach, in the order in which they were registered."""
    columns = [Artefact.id]
    statement = scoped(select(Artefact), viewer, Artefact).order_by(*columns)
    if cursor is not None:
        statement = statement.where(after(columns, decode_cursor(cursor, (int,))))
    return read_page(
        session,
        statement,
        limit=limit,
        key_of=lambda row: (row[0].id,),
        make=lambda row: row[0],
    )


def list_rows(session: Session, viewer: Viewer) -> list[Artefact]:
    """All in reach, the newest first."""
    statement = scoped(select(Artefact), viewer, Artefact).order_by(Artefact.id.desc())
    return list(session.scalars(statement))


def get_row(
    session: Session, viewer: Viewer, artefact_id: int, *, for_update: bool = False
) -> Artefact:
    """The row in reach, locked for a change on request; NotFound for any other."""
    statement = scoped(select(Artefact).where(numbered(Artefact, artefact_id)), viewer, Artefact)
    if for_update:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(statement)
    if found is None:
        raise NotFound("artefact")
    return found


def lock_region(session: Session, viewer: Viewer, region: str) -> list[Artefact]:
    """All of a region, locked: whoever steps next waits until this piece of work ends."""
    statement = select(Artefact).where(Artefact.region == region).order_by(Artefact.id)
    locked = scoped(statement, viewer, Artefact).with_for_update()
    return list(session.scalars(locked.execution_options(populate_existing=True)))


def get_change(
    session: Session, viewer: Viewer, artefact_id: int, change_id: int
) -> ArtefactChange:
    """One step of an artefact in reach, locked and read anew; NotFound for any other."""
    statement = select(ArtefactChange).where(
        numbered(ArtefactChange, change_id), ArtefactChange.artefact_id == artefact_id
    )
    locked = scoped(statement, viewer, ArtefactChange).with_for_update()
    found = session.scalar(locked.execution_options(populate_existing=True))
    if found is None:
        raise NotFound("promotion")
    return found


def asked(session: Session, viewer: Viewer, region: str) -> ArtefactChange | None:
    """The promotion that waits for a second person; of one region there is one at a time."""
    statement = select(ArtefactChange).where(
        ArtefactChange.region == region, ArtefactChange.state == ChangeState.ASKED
    )
    return session.scalar(scoped(statement, viewer, ArtefactChange))


def steps_of(session: Session, viewer: Viewer, artefact_id: int) -> list[StepRecord]:
    """What people did with one artefact, the latest first."""
    statement = select(ArtefactChange).where(ArtefactChange.artefact_id == artefact_id)
    rows = list(
        session.scalars(
            scoped(statement, viewer, ArtefactChange).order_by(ArtefactChange.id.desc())
        )
    )
    numbers = {n for row in rows for n in (row.asked_by, row.decided_by) if n is not None}
    statement_of_names = select(Account.id, Account.name).where(Account.id.in_(numbers))
    found = session.execute(statement_of_names)
    names: dict[int | None, str] = {row[0]: row[1] for row in found}
    return [step_record(row, names) for row in rows]


def step_record(row: ArtefactChange, names: dict[int | None, str]) -> StepRecord:
    """A step with the names of who took it."""
    return StepRecord(
        id=row.id,
        version=row.version,
        artefact_id=row.artefact_id,
        step=row.step,
        why=row.why,
        state=row.state,
        asked_by=row.asked_by,
        asked_by_name=names.get(row.asked_by),
        decided_by_name=names.get(row.decided_by),
        decided_at=row.decided_at,
        created_at=row.created_at,
    )


def promoted_before(session: Session, viewer: Viewer, region: str) -> list[Artefact]:
    """Those that served before and are retired now, the one that served last first."""
    statement = (
        select(Artefact)
        .where(
            Artefact.region == region,
            Artefact.state == ArtefactState.RETIRED,
            Artefact.promoted_at.is_not(None),
        )
        .order_by(Artefact.promoted_at.desc(), Artefact.id.desc())
    )
    return list(session.scalars(scoped(statement, viewer, Artefact)))


def months_of(session: Session, viewer: Viewer, artefact_id: int) -> list[MonthRecord]:
    """What was seen of one artefact, month by month."""
    statement = select(ArtefactMonth).where(ArtefactMonth.artefact_id == artefact_id)
    rows = session.scalars(scoped(statement, viewer, ArtefactMonth).order_by(ArtefactMonth.month))
    return [
        MonthRecord(**{name: getattr(row, name) for name in MonthRecord.__dataclass_fields__})
        for row in rows
    ]


def of_region(session: Session, region: str) -> list[Artefact]:
    """All of a region, the first first; for the service that counts how they hold."""
    statement = select(Artefact).where(Artefact.region == region).order_by(Artefact.id)
    return list(session.scalars(unscoped(statement, Artefact)))
