"""One effect per ``Idempotency-Key``.

A request notes its key before it begins, in a transaction of its own; the effect and the answer
are then kept in one transaction. So a duplicate meanwhile is told to wait, a repetition gets the
same answer, and after a crash either both effect and answer are there or neither is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.errors import Conflict, MatcherError
from matcher.models import IdempotencyRecord
from matcher.models.states import RequestState
from matcher.repositories import idempotency as rows
from matcher.services.transactions import unit_of_work

GIVEN_UP_AFTER = timedelta(minutes=10)
"""A request that runs longer than any server lets it has died; its key may be used again."""
KEPT_FOR = timedelta(days=2)
"""A repetition after this is a new request; clients try again for a day at most."""


class KeyReused(MatcherError):
    """The key came before with another body (422)."""


class RequestRunning(Conflict):
    """The first request with this key is still at work (409)."""


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """The answer that the first request got."""

    status: int
    body: str
    headers: Mapping[str, str]


def begin_request(
    session: Session,
    *,
    key: str,
    route: str,
    account_id: int | None,
    body: bytes,
    now: datetime,
) -> StoredResponse | None:
    """Notes the key and returns None: go on; or the answer to give again.

    Raises KeyReused for the same key with another body, RequestRunning while the first request is
    at work. A key belongs to one account (visitors share one) and one route.
    """
    actor = _actor(account_id)
    request_hash = hashlib.sha256(body).hexdigest()
    try:
        with unit_of_work(session):
            earlier = rows.find_row(session, key, route, actor)
            if earlier is not None and _is_over(earlier, now):
                session.delete(earlier)
                session.flush()
                earlier = None
            if earlier is not None:
                return _answer_to(earlier, request_hash)
            session.add(
                IdempotencyRecord(
                    key=key,
                    route=route,
                    actor=actor,
                    request_hash=request_hash,
                    state=RequestState.RUNNING,
                    created_at=now,
                )
            )
            session.flush()
            return None
    except IntegrityError as error:
        # Two requests with the same key at the same moment: the other one was first.
        raise RequestRunning("the first request with this key is still at work") from error


def _actor(account_id: int | None) -> str:
    return "public" if account_id is None else f"account:{account_id}"


def _is_over(row: IdempotencyRecord, now: datetime) -> bool:
    age = now - row.created_at
    return age > (GIVEN_UP_AFTER if row.state is RequestState.RUNNING else KEPT_FOR)


def _answer_to(row: IdempotencyRecord, request_hash: str) -> StoredResponse:
    if row.request_hash != request_hash:
        raise KeyReused("this key was used for another request; draw a new one")
    if row.status is None:
        raise RequestRunning("the first request with this key is still at work")
    return StoredResponse(row.status, row.body or "", row.headers or {})


def finish_request(
    session: Session,
    *,
    key: str,
    route: str,
    account_id: int | None,
    status: int,
    body: str,
    headers: Mapping[str, str],
    now: datetime,
) -> None:
    """Keeps the answer; to be called in the unit of work that holds the effect."""
    with unit_of_work(session):
        row = rows.find_row(session, key, route, _actor(account_id))
        if row is None:
            raise Conflict("this request took too long; look whether it had an effect")
        row.state = RequestState.FINISHED
        row.status = status
        row.body = body
        row.headers = dict(headers)
        row.created_at = now


def abandon_request(session: Session, *, key: str, route: str, account_id: int | None) -> None:
    """Forgets a request that had no effect: it may be tried again with the same key."""
    with unit_of_work(session):
        row = rows.find_row(session, key, route, _actor(account_id))
        if row is not None and row.state is RequestState.RUNNING:
            session.delete(row)


def forget_old_requests(session: Session, *, now: datetime) -> int:
    """Removes what no client will repeat any more; returns how many."""
    with unit_of_work(session):
        return rows.delete_before(session, now - KEPT_FOR)
