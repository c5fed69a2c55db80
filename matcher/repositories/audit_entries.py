"""Reading the log: a search within the viewer's reach, and who looked at one person."""

from __future__ import annotations

import operator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Select, and_, func, not_, select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.models import Account, AuditEntry, Candidate
from matcher.models.states import AuditAction
from matcher.repositories.paging import decode_cursor, read_page
from matcher.repositories.records import Page, Record
from matcher.repositories.scope import scoped, unscoped


@dataclass(frozen=True, slots=True)
class EntryRecord(Record):
    """One entry; `id` is its position in the chain, `account` the name that `account_id` has now.

    `account` is None for the operator, for the service itself and for an account that is gone.
    """

    id: int
    at: datetime
    account_id: int | None
    account: str | None
    right_used: str | None
    purpose: str
    action: AuditAction
    kind: str
    object_id: int | None
    candidate_id: int | None
    region: str | None
    fields: tuple[str, ...]
    query: str | None
    count: int | None
    versions: str | None
    request_id: str | None


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What a search asks for; what is None is not asked. `until` is the moment after the last."""

    candidate_id: int | None = None
    account_id: int | None = None
    right: Right | None = None
    action: AuditAction | None = None
    since: datetime | None = None
    until: datetime | None = None


class Look(NamedTuple):
    """One entry about a person, as that person may see it."""

    at: datetime
    right_used: str | None
    purpose: str
    action: AuditAction
    kind: str


def narrowed(viewer: Viewer, wanted: EntryFilter) -> Select[Any]:
    """Entries in reach that pass every filter given, latest first, with the name of the account."""
    joined = select(AuditEntry, Account.name).outerjoin(
        Account, Account.id == AuditEntry.account_id
    )
    statement = scoped(cast("Select[Any]", joined), viewer, AuditEntry)
    asked = [
        (wanted.candidate_id, operator.eq, AuditEntry.candidate_id),
        (wanted.account_id, operator.eq, AuditEntry.account_id),
        (wanted.right, operator.eq, AuditEntry.right_used),
        (wanted.action, operator.eq, AuditEntry.action),
        (wanted.since, operator.ge, AuditEntry.at),
        (wanted.until, operator.lt, AuditEntry.at),
    ]
    conditions = [compare(column, value) for value, compare, column in asked if value is not None]
    return statement.where(*conditions).order_by(AuditEntry.position.desc())


def page(
    session: Session, statement: Select[Any], *, cursor: str | None, limit: int
) -> Page[EntryRecord]:
    """One page of `narrowed`."""
    if cursor is not None:
        [position] = decode_cursor(cursor, (int,))
        statement = statement.where(AuditEntry.position < position)
    return read_page(
        session,
        statement,
        limit=limit,
        key_of=lambda row: (row[0].position,),
        make=lambda row: _to_record(row[0], row[1]),
    )


def every(session: Session, statement: Select[Any], limit: int) -> list[EntryRecord]:
    """The first `limit` of `narrowed`."""
    return [_to_record(row, name) for row, name in session.execute(statement.limit(limit))]


def count(session: Session, statement: Select[Any]) -> int:
    """How many entries `narrowed` finds."""
    inner = statement.order_by(None).with_only_columns(AuditEntry.position).subquery()
    return session.scalar(select(func.count()).select_from(inner)) or 0


def _to_record(row: AuditEntry, account: str | None) -> EntryRecord:
    same = {
        item.name: getattr(row, item.name)
        for item in fields(EntryRecord)
        if item.name not in ("id", "account")
    }
    return EntryRecord(id=row.position, account=account, **same)


def looks_at(session: Session, candidate_id: int) -> list[Look]:
    """What was done with one person's data by others, latest first.

    The caller found the person in reach. What candidates open of their own is left out.
    """
    own = and_(
        func.coalesce(AuditEntry.right_used, "") == Right.CANDIDATE.value,
        AuditEntry.action == AuditAction.READ,
    )
    statement = (
        select(
            AuditEntry.at,
            AuditEntry.right_used,
            AuditEntry.purpose,
            AuditEntry.action,
            AuditEntry.kind,
        )
        .where(AuditEntry.candidate_id == candidate_id, not_(own))
        .order_by(AuditEntry.position.desc())
    )
    # Read at once: the second wall is open to this statement only while it runs.
    return [Look(*row) for row in session.execute(unscoped(statement, AuditEntry))]


def find_person(session: Session, region: str, reference: str) -> int | None:
    """The number of the person with that reference; nothing else of them is read."""
    # Who answers for the log may ask who saw somebody, without reaching the file itself.
    statement = select(Candidate.id).where(
        Candidate.region == region, Candidate.reference == reference
    )
    return session.scalar(unscoped(statement, Candidate))
