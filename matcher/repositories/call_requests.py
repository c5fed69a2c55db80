"""Requests to be called."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models import Account, CallRequest
from matcher.models.states import CallStatus
from matcher.repositories.paging import after, decode_cursor, read_page
from matcher.repositories.records import CallRequestRecord, Page
from matcher.repositories.scope import numbered, scoped


def to_record(row: CallRequest) -> CallRequestRecord:
    """The row as a frozen value."""
    return CallRequestRecord(
        id=row.id,
        version=row.version,
        region=row.region,
        organisation_id=row.organisation_id,
        vacancy_id=row.vacancy_id,
        name=row.name,
        phone=row.phone,
        work=row.work,
        people=row.people,
        wanted_when=row.wanted_when,
        status=row.status,
        due_at=row.due_at,
        handled_by=row.handled_by,
        handled_at=row.handled_at,
        outcome=row.outcome,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def find_row(session: Session, viewer: Viewer, request_id: int) -> CallRequest | None:
    """The request in reach, locked for a change; None for any other."""
    statement = select(CallRequest).where(numbered(CallRequest, request_id))
    return session.scalar(
        scoped(statement, viewer, CallRequest)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def promised(session: Session, viewer: Viewer) -> list[tuple[CallRequestRecord, str, str | None]]:
    """Calls in reach that somebody said to make, soonest first, with the caller and their number.

    Calls that nobody took up, or whose caller's account is gone, are no promise of anybody.
    """
    statement = (
        select(CallRequest, Account.name, Account.phone)
        .join(Account, Account.id == CallRequest.handled_by)
        .where(CallRequest.status == CallStatus.TAKEN)
        .order_by(CallRequest.due_at, CallRequest.id)
    )
    found = session.execute(scoped(statement, viewer, CallRequest))
    return [(to_record(row), name, phone) for row, name, phone in found]


def page(
    session: Session,
    viewer: Viewer,
    *,
    status: CallStatus | None,
    cursor: str | None,
    limit: int,
) -> Page[CallRequestRecord]:
    """Requests that somebody made, in reach, what is due first on top."""
    asked = select(CallRequest).where(CallRequest.vacancy_id.is_(None))
    statement = scoped(asked, viewer, CallRequest)
    if status is not None:
        statement = statement.where(CallRequest.status == status)
    if cursor is not None:
        key = decode_cursor(cursor, (datetime, int))
        statement = statement.where(after([CallRequest.due_at, CallRequest.id], key))
    return read_page(
        session,
        statement.order_by(CallRequest.due_at, CallRequest.id),
        limit=limit,
        key_of=lambda row: (row[0].due_at, row[0].id),
        make=lambda row: to_record(row[0]),
    )
