"""The two lists that a working day starts with."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models.states import *  # noqa: F403
from matcher.repositories.records import *  # noqa: F403


def today_list(session: Session, viewer: Viewer, *, on: date, limit: int = 10) -> list[TodayLine]:
    """*Vandaag* of one coach: drafts, reviews due, ended pauses, missing answers; ten lines at most."""
    raise NotImplementedError


def talent_centre_list(
    session: Session,
    viewer: Viewer,
    *,
    on: date,
    lane: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[CentreLine]:
    """People of the region by waiting time, never by readiness."""
    raise NotImplementedError


def lane_counts(session: Session, viewer: Viewer) -> dict[str, int]:
    """How many active people in each lane; ``unassessed`` for those without an assessment."""
    raise NotImplementedError
