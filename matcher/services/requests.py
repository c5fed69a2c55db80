"""Requests of firms for people: *Bel mij* in five fields, or a whole place that can open.

One is kept as a call, the other as a vacancy; read together they are what a firm asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden, NotFound
from matcher.models.request_states import RequestKind, WorkRequestState
from matcher.repositories import requests as rows
from matcher.repositories.paging import decode_cursor, encode_cursor
from matcher.repositories.records import CallRequestRecord, Page, Record
from matcher.services.call_requests import file_call_request
from matcher.services.choices import choice

READERS = (Right.CONTRACTOR, Right.SERVICE_POINT, Right.TRIAGER, Right.LEAD)
_KINDS = (RequestKind.CALL, RequestKind.PLACE)
_KEY = re.compile(r"(call|place)-([1-9][0-9]{0,9})")


@dataclass(frozen=True, slots=True)
class RequestRecord(Record):
    """A request of either kind; `key` names it, `vacancy_id` the place it is, `due_at` the call."""

    key: str
    kind: RequestKind
    version: int
    state: WorkRequestState
    organisation_id: int | None
    work: str | None
    people: int | None
    wanted_when: str | None
    due_at: datetime | None
    vacancy_id: int | None
    created_at: datetime
    updated_at: datetime


def list_requests(
    session: Session,
    viewer: Viewer,
    *,
    kind: str | None = None,
    state: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[RequestRecord]:
    """Requests in reach: calls first, then places, each in the order they came in."""
    _check(viewer)
    wanted = None if state is None else choice(WorkRequestState, "state", state)
    only = None if kind is None else choice(RequestKind, "kind", kind)
    at, last = (0, 0) if cursor is None else decode_cursor(cursor, (int, int))
    found: list[tuple[int, int, RequestRecord]] = []
    for number, each in enumerate(_KINDS):
        if number < at or only not in (None, each) or len(found) > limit:
            continue
        read = rows.rows(
            session,
            viewer,
            each,
            state=wanted,
            after=last if number == at else 0,
            limit=limit + 1 - len(found),
        )
        found += [(number, row.id, _record(each, row, stands)) for row, stands in read]
    more = len(found) > limit
    shown = found[:limit]
    return Page(
        tuple(record for _kind, _number, record in shown),
        encode_cursor(shown[-1][:2]) if more else None,
    )


def get_request(session: Session, viewer: Viewer, key: str) -> RequestRecord:
    """One request in reach by its key, such as ``place-7``; NotFound for any other."""
    _check(viewer)
    named = _KEY.fullmatch(key)
    if named is None:
        raise NotFound("request")
    kind = RequestKind(named[1])
    found = rows.rows(session, viewer, kind, number=int(named[2]), limit=1)
    if not found:
        raise NotFound("request")
    return _record(kind, *found[0])


def file_request(
    session: Session,
    viewer: Viewer,
    *,
    name: str,
    phone: str,
    work: str,
    people: int | None,
    wanted_when: str | None,
    now: datetime,
) -> RequestRecord:
    """*Bel mij*: the service point calls before `due_at` and makes a whole place of it together."""
    _check(viewer)
    record: CallRequestRecord = file_call_request(
        session,
        viewer,
        region=viewer.region or "",
        name=name,
        phone=phone,
        work=work,
        people=people,
        wanted_when=wanted_when,
        now=now,
    )
    return get_request(session, viewer, f"{RequestKind.CALL}-{record.id}")


def _check(viewer: Viewer) -> None:
    if not viewer.has(*READERS):
        raise Forbidden("only the contractor and who calls contractors see requests")


def _record(kind: RequestKind, row: Any, state: WorkRequestState) -> RequestRecord:
    is_call = kind is RequestKind.CALL
    return RequestRecord(
        key=f"{kind}-{row.id}",
        kind=kind,
        version=row.version,
        state=state,
        organisation_id=row.organisation_id,
        work=row.work if is_call else row.title,
        people=row.people if is_call else row.places,
        wanted_when=row.wanted_when if is_call else None,
        due_at=row.due_at if is_call else None,
        vacancy_id=None if is_call else row.id,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
