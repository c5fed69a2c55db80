"""What a firm asked for while its contract ran: the trail that proves an effort."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models import CallRequest, Introduction, IntroductionEvent, Placement, Vacancy
from matcher.models.states import CallOutcome, CallStatus
from matcher.repositories.scope import scoped, unscoped

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True, slots=True)
class Effort:
    """One thing on one day: a place that was opened, a request to be called, or a call made.

    `about_place` is a call that the centre made about an open place, which nobody asked for.
    """

    on: date
    kind: str
    places: int | None = None
    outcome: CallOutcome | None = None
    about_place: bool = False


def efforts(
    session: Session, viewer: Viewer, organisation_id: int, first: date, last: date
) -> list[Effort]:
    """The places opened, calls asked for and calls made with a firm between two days, first day
    first."""
    opened = scoped(
        select(Vacancy.opened_on, Vacancy.places).where(
            Vacancy.organisation_id == organisation_id,
            Vacancy.opened_on.between(first, last),
        ),
        viewer,
        Vacancy,
    )
    calls = scoped(
        select(
            CallRequest.created_at,
            CallRequest.handled_at,
            CallRequest.vacancy_id,
            CallRequest.status,
            CallRequest.outcome,
        ).where(CallRequest.organisation_id == organisation_id),
        viewer,
        CallRequest,
    )
    found = [Effort(row.opened_on, "place", row.places) for row in session.execute(opened)]
    for row in session.execute(calls):
        about_place = row.vacancy_id is not None
        if not about_place:
            found.append(Effort(_day(row.created_at), "call"))
        if row.status is CallStatus.DONE and row.handled_at is not None:
            found.append(
                Effort(_day(row.handled_at), "called", outcome=row.outcome, about_place=about_place)
            )
    return sorted(
        (effort for effort in found if first <= effort.on <= last),
        key=lambda effort: (effort.on, effort.kind, effort.places or 0, effort.outcome or ""),
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(AMSTERDAM).date()


@dataclass(frozen=True, slots=True)
class Came:
    """What came of it, as numbers: people invited, met, and at work."""

    invited: int
    met: int
    started: int


def came_of_it(
    session: Session, organisation_id: int, first: datetime, last: datetime, *, met: str
) -> Came:
    """How many people a firm's places were offered to, it met, and who began to work there.

    `met` is the step of an introduction in which both met. Every invitation counts, whatever was
    answered to it.
    """
    # Three numbers about the firm itself; of whom they are stays here.
    of_firm = (
        Introduction.organisation_id == organisation_id,
        Introduction.invited_at >= first,
        Introduction.invited_at < last,
    )
    invited = select(func.count(Introduction.id)).where(*of_firm)
    came = (
        select(func.count(IntroductionEvent.introduction_id.distinct()))
        .join(Introduction, Introduction.id == IntroductionEvent.introduction_id)
        .where(*of_firm, IntroductionEvent.step == met)
    )
    began = select(func.count(Placement.id)).where(
        Placement.organisation_id == organisation_id,
        Placement.starts_on >= _day(first),
        Placement.starts_on < _day(last),
    )
    return Came(
        invited=session.scalar(unscoped(invited, Introduction)) or 0,
        met=session.scalar(unscoped(came, Introduction, IntroductionEvent)) or 0,
        started=session.scalar(unscoped(began, Placement)) or 0,
    )
