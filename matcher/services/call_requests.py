""" "Bel mij": somebody at a firm asks to be called."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models.states import *  # noqa: F403
from matcher.repositories.records import *  # noqa: F403


def file_call_request(
    session: Session,
    viewer: Viewer,
    *,
    region: str,
    name: str,
    phone: str,
    work: str,
    people: int | None,
    wanted_when: str | None,
    now: datetime,
) -> CallRequestRecord:
    """No sign-in needed (viewer NOBODY); due the same working day before 17:00, else the next."""
    raise NotImplementedError


def list_call_requests(
    session: Session,
    viewer: Viewer,
    *,
    status: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[CallRequestRecord]:
    raise NotImplementedError


def get_call_request(session: Session, viewer: Viewer, request_id: int) -> CallRequestRecord:
    raise NotImplementedError


def take_call_request(
    session: Session, viewer: Viewer, request_id: int, *, now: datetime
) -> CallRequestRecord:
    raise NotImplementedError


def finish_call_request(
    session: Session, viewer: Viewer, request_id: int, outcome: str, *, now: datetime
) -> CallRequestRecord:
    raise NotImplementedError
