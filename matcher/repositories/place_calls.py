"""Open places as whoever calls about them sees them: figures that were counted, and the calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.inflow import Stand
from matcher.models import Allocation, CallRequest, InflowBoard, InflowLine, Vacancy
from matcher.models.states import CallStatus, VacancyStatus
from matcher.repositories.call_requests import to_record
from matcher.repositories.records import CallRequestRecord
from matcher.repositories.scope import scoped, unscoped
from matcher.repositories.weekly import is_done


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """An open vacancy as the list names it."""

    id: int
    reference: str
    title: str | None
    sector: str
    contractor: str
    places: int
    opened_on: date | None


@dataclass(frozen=True, slots=True)
class CountedBoard:
    """The newest counting of a region; `places` by vacancy as the inflow board keeps them."""

    job_id: int
    counted_at: datetime
    places: Mapping[int, Mapping[str, Any]]


def open_places(session: Session, viewer: Viewer) -> list[PlaceRow]:
    """The open vacancies in reach."""
    statement = select(
        *(Vacancy.id, Vacancy.reference, Vacancy.title, Vacancy.sector, Vacancy.contractor),
        *(Vacancy.places, Vacancy.opened_on),
    ).where(Vacancy.status == VacancyStatus.OPEN)
    return [PlaceRow(*row) for row in session.execute(scoped(statement, viewer, Vacancy))]


def newest_calls(session: Session, viewer: Viewer) -> dict[int, CallRequestRecord]:
    """By vacancy the call about it that was begun last, in reach."""
    newest = (
        select(func.max(CallRequest.id))
        .where(CallRequest.vacancy_id.is_not(None))
        .group_by(CallRequest.vacancy_id)
    )
    statement = scoped(select(CallRequest).where(CallRequest.id.in_(newest)), viewer, CallRequest)
    return {row.vacancy_id or 0: to_record(row) for row in session.scalars(statement)}


def open_call(session: Session, viewer: Viewer, vacancy_id: int) -> CallRequest | None:
    """The call about a place that still has to be made."""
    statement = select(CallRequest).where(
        CallRequest.vacancy_id == vacancy_id, CallRequest.status != CallStatus.DONE
    )
    return session.scalar(scoped(statement, viewer, CallRequest))


def known_caller(session: Session, viewer: Viewer, organisation_id: int) -> tuple[str, str] | None:
    """Name and number of who asked to be called last at a firm."""
    statement = (
        select(CallRequest.name, CallRequest.phone)
        .where(CallRequest.organisation_id == organisation_id, CallRequest.vacancy_id.is_(None))
        .order_by(CallRequest.id.desc())
        .limit(1)
    )
    row = session.execute(scoped(statement, viewer, CallRequest)).first()
    return None if row is None else (row[0], row[1])


# The board and the allocation are not for the service point, who stands behind them even less. Who
# calls a contractor reads numbers of them that name nobody.


def counted_board(session: Session, region: str) -> CountedBoard | None:
    """The figures of each place at the newest counting; None before it was ever counted."""
    statement = (
        select(InflowBoard)
        .where(InflowBoard.region == region)
        .order_by(InflowBoard.id.desc())
        .limit(1)
    )
    row = session.scalar(unscoped(statement, InflowBoard))
    if row is None:
        return None
    places = {line["vacancy"]: line for line in row.figures["places"]}
    return CountedBoard(row.job_id, row.counted_at, places)


def fitting(
    session: Session, region: str, job_id: int, weeks: Sequence[int]
) -> dict[int, tuple[int, ...]]:
    """By vacancy how many people it suits best: who can start now, and by each of `weeks`."""
    statement: Any = (
        select(InflowLine.vacancy_id, InflowLine.stand, InflowLine.week, func.count())
        .where(
            InflowLine.job_id == job_id,
            InflowLine.region == region,
            InflowLine.vacancy_id.is_not(None),
            InflowLine.stand.in_((Stand.READY, Stand.COMING)),
        )
        .group_by(InflowLine.vacancy_id, InflowLine.stand, InflowLine.week)
    )
    found: dict[int, list[int]] = {}
    for vacancy_id, stand, week, people in session.execute(unscoped(statement, InflowLine)):
        counts = found.setdefault(vacancy_id, [0] * (1 + len(weeks)))
        counts[0] += people if stand == Stand.READY else 0
        for at, until in enumerate(weeks, start=1):
            counts[at] += people if stand == Stand.READY or (week or 0) <= until else 0
    return {number: tuple(counts) for number, counts in found.items()}


def would_fill(session: Session, region: str) -> dict[int, list[Mapping[str, Any]]]:
    """By vacancy that the newest allocation left empty, what would let more people in."""
    statement = (
        select(Allocation.figures)
        .where(Allocation.region == region, is_done())
        .order_by(Allocation.id.desc())
        .limit(1)
    )
    figures = session.scalar(unscoped(statement, Allocation))
    empty: Iterable[Mapping[str, Any]] = () if figures is None else figures["empty"]
    return {row["vacancy_id"]: list(row["would_fill"]) for row in empty}
