"""What is begun by itself: the counting of the inflow board, once a day in regions with people.

Any number of workers look; one job a day and region comes of it, on either database: the day is the
key that the job is asked for with. A day that was counted by hand already is not counted again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.access import operator
from matcher.domain.errors import Conflict
from matcher.reference.inflow import load_inflow_terms
from matcher.repositories import candidates
from matcher.repositories import inflow as boards
from matcher.repositories.acting import Actor, act_as
from matcher.services import jobs
from matcher.services.calendar import AMSTERDAM, day_of
from matcher.services.inflow_count import COUNT_INFLOW

_KEY = "nightly"


@dataclass(slots=True)
class Nightly:
    """Begins what is due; remembers the day that is done, so that a look costs nothing after it."""

    factory: sessionmaker[Session]
    _done_on: date | None = field(default=None)

    def begin(self, now: datetime) -> int:
        """How many countings were asked for; 0 before the hour, and once all of the day were."""
        day = day_of(now)
        if self._done_on == day or not _is_night_over(now):
            return 0
        begun, waits = 0, False
        with self.factory() as session:
            for region in candidates.regions_with_people(session):
                found = _begin(session, region, day, now)
                begun += found is True
                waits |= found is None
        if not waits:
            self._done_on = day
        return begun


def _is_night_over(now: datetime) -> bool:
    return now.astimezone(AMSTERDAM).hour >= load_inflow_terms(day_of(now)).counted_from


def _begin(session: Session, region: str, day: date, now: datetime) -> bool | None:
    """Whether a counting was asked for; None while one of before is under way."""
    viewer = operator(region)
    act_as(session, Actor(viewer, now))
    newest = boards.newest(session, viewer)
    if newest is not None and newest.on >= day:
        return False
    key = f"{_KEY} {day.isoformat()}"
    if jobs.was_asked(session, viewer, COUNT_INFLOW, key):
        return False
    try:
        jobs.submit(session, viewer, COUNT_INFLOW, {}, now=now, idempotency_key=key)
    except Conflict:
        return None
    return True
