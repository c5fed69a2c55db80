"""What a firm asked for while its contract ran: the trail that proves an effort."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models import CallRequest, Vacancy
from matcher.repositories.scope import scoped

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True, slots=True)
class Effort:
    """One thing asked: a place that was opened, or a request to be called."""

    on: date
    kind: str
    places: int | None = None


def efforts(
    session: Session, viewer: Viewer, organisation_id: int, first: date, last: date
) -> list[Effort]:
    """The places opened and calls asked for by a firm between two days, first day first."""
    opened = scoped(
        select(Vacancy.opened_on, Vacancy.places).where(
            Vacancy.organisation_id == organisation_id,
            Vacancy.opened_on.between(first, last),
        ),
        viewer,
        Vacancy,
    )
    asked = scoped(
        select(CallRequest.created_at).where(
            CallRequest.organisation_id == organisation_id, CallRequest.vacancy_id.is_(None)
        ),
        viewer,
        CallRequest,
    )
    found = [Effort(row.opened_on, "place", row.places) for row in session.execute(opened)]
    for moment in session.scalars(asked):
        day = moment.astimezone(AMSTERDAM).date()
        if first <= day <= last:
            found.append(Effort(day, "call"))
    return sorted(found, key=lambda effort: (effort.on, effort.kind, effort.places or 0))
