"""Versions of a region's rules as kept: those that hold or will, and those on the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import NotFound
from matcher.models import Account, RuleVersion, RuleVersionStep
from matcher.models.states import RuleState, RuleStep
from matcher.repositories.records import Record
from matcher.repositories.scope import numbered, scoped, unscoped


@dataclass(frozen=True, slots=True)
class ApprovedRules:
    """A version that two people approved, as the rules read it."""

    id: int
    region: str
    name: str
    text: str
    effective_on: date
    approved_at: datetime


@dataclass(frozen=True, slots=True)
class RuleRecord(Record):
    """One version with who wrote it and who approved it; names are None for accounts gone."""

    id: int
    version: int
    region: str
    name: str | None
    text: str
    base_id: int | None
    state: RuleState
    effective_on: date | None
    council_advice: str | None
    council_on: date | None
    council_done: str | None
    not_asked_why: str | None
    author_id: int | None
    author_name: str | None
    second_name: str | None
    approved_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class RuleStepRecord(Record):
    """One step; the name is None for an account that is gone."""

    id: int
    rule_version_id: int
    step: RuleStep
    why: str | None
    text_sha256: str
    by_name: str | None
    at: datetime


def approved(session: Session, region: str) -> tuple[ApprovedRules, ...]:
    """The versions that a region approved, the first first; for the service itself."""
    # Whoever is at work is judged by the rules of the region, also who may not write them.
    columns = [getattr(RuleVersion, item.name) for item in fields(ApprovedRules)]
    statement = (
        select(*columns)
        .where(RuleVersion.region == region, RuleVersion.state == RuleState.APPROVED)
        .order_by(RuleVersion.effective_on)
    )
    return tuple(ApprovedRules(*row) for row in session.execute(unscoped(statement, RuleVersion)))


def regions_with_versions(session: Session) -> list[str]:
    """The regions that approved a version of their own; for the service itself."""
    statement = select(RuleVersion.region).where(RuleVersion.state == RuleState.APPROVED)
    found = session.scalars(unscoped(statement.distinct(), RuleVersion))
    return sorted(found)


def list_records(session: Session, viewer: Viewer) -> list[RuleRecord]:
    """All in reach, the one begun last first."""
    statement = scoped(select(RuleVersion), viewer, RuleVersion).order_by(RuleVersion.id.desc())
    rows = list(session.scalars(statement))
    numbers = {number for row in rows for number in (row.author_id, row.second_by)}
    names = _names(session, numbers)
    return [_record(row, names) for row in rows]


def get_row(
    session: Session, viewer: Viewer, version_id: int, *, for_update: bool = False
) -> RuleVersion:
    """The row in reach, locked for a change on request; NotFound for any other."""
    statement = scoped(
        select(RuleVersion).where(numbered(RuleVersion, version_id)), viewer, RuleVersion
    )
    if for_update:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(statement)
    if found is None:
        raise NotFound("rule version")
    return found


def lock_region(session: Session, viewer: Viewer, region: str) -> list[RuleVersion]:
    """All of a region, locked: whoever steps next waits until this piece of work ends."""
    statement = select(RuleVersion).where(RuleVersion.region == region).order_by(RuleVersion.id)
    locked = scoped(statement, viewer, RuleVersion).with_for_update()
    return list(session.scalars(locked.execution_options(populate_existing=True)))


def to_record(session: Session, row: RuleVersion) -> RuleRecord:
    """The row with the names of its people."""
    return _record(row, _names(session, {row.author_id, row.second_by}))


def steps_of(session: Session, viewer: Viewer, version_id: int) -> list[RuleStepRecord]:
    """What people did with one version, the latest first."""
    statement = select(RuleVersionStep).where(RuleVersionStep.rule_version_id == version_id)
    rows = list(
        session.scalars(
            scoped(statement, viewer, RuleVersionStep).order_by(RuleVersionStep.id.desc())
        )
    )
    names = _names(session, {row.account_id for row in rows})
    return [
        RuleStepRecord(
            id=row.id,
            rule_version_id=row.rule_version_id,
            step=row.step,
            why=row.why,
            text_sha256=row.text_sha256,
            by_name=names.get(row.account_id),
            at=row.at,
        )
        for row in rows
    ]


def _record(row: RuleVersion, names: dict[int | None, str]) -> RuleRecord:
    own = {
        item.name: getattr(row, item.name)
        for item in fields(RuleRecord)
        if item.name not in ("author_name", "second_name")
    }
    return RuleRecord(
        **own, author_name=names.get(row.author_id), second_name=names.get(row.second_by)
    )


def _names(session: Session, numbers: Iterable[int | None]) -> dict[int | None, str]:
    wanted = {number for number in numbers if number is not None}
    if not wanted:
        return {}
    found = session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted)))
    return {row[0]: row[1] for row in found}
