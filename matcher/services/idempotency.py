"""One effect per ``Idempotency-Key``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from matcher.domain.errors import Conflict, MatcherError
from matcher.models.states import *  # noqa: F403
from matcher.repositories.records import *  # noqa: F403


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
    session: Session, *, key: str, route: str, account_id: int | None, body: bytes, now: datetime
) -> StoredResponse | None:
    """None: go on; a StoredResponse: answer that again. Raises KeyReused (422), RequestRunning (409)."""
    raise NotImplementedError


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
    raise NotImplementedError


def abandon_request(session: Session, *, key: str, route: str, account_id: int | None) -> None:
    """After a failure that may be tried again with the same key."""
    raise NotImplementedError
