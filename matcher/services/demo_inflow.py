"""The inflow boards of the demo region."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.services.demo_jobs import done_at_once
from matcher.services.inflow_count import COUNT_INFLOW

_WEEK = timedelta(days=7)


def add_boards(session: Session, lead: Viewer, *, now: datetime) -> None:
    """Counts the region as if it were a week ago, and as it is: a report compares the two."""
    for moment in (now - _WEEK, now):
        done_at_once(session, lead, COUNT_INFLOW, {}, moment)
