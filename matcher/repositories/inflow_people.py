"""Who and which places stand behind a number of the inflow board."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, literal, null, select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.inflow import Stand
from matcher.models import Candidate, Cohort, InflowLine, InflowNear, Programme, Vacancy
from matcher.repositories.candidates import LAST_DAY, waiting_order
from matcher.repositories.paging import after, decode_cursor, read_page
from matcher.repositories.records import Page, Record
from matcher.repositories.scope import scoped, unscoped


@dataclass(frozen=True, slots=True)
class Behind:
    """Which people a number is made of; each that is given narrows.

    `week` is the last one counted; `level` the bounds of a start level; `unknown` the bit of an
    answer; `waits_before` the last day that is too recent.
    """

    stands: tuple[str, ...] = ()
    week: int | None = None
    sector: str | None = None
    arrangement: str | None = None
    vacancy_id: int | None = None
    cause: str | None = None
    rhythm_age: str | None = None
    levels_age: str | None = None
    unknown: int | None = None
    level: tuple[int, int] | None = None
    waits_before: date | None = None
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class StandsAt(Record):
    """One person as a list shows them, with the place and the group that it is about."""

    candidate_id: int
    reference: str
    first_name: str | None
    waiting_since: date | None
    stand: str
    week: int | None
    cause: str | None
    vacancy_id: int | None
    title: str | None
    sector: str | None
    contractor: str | None
    cohort_id: int | None
    programme: str | None
    ends_on: date | None


def behind(
    session: Session, viewer: Viewer, job_id: int, wanted: Behind, *, cursor: str | None, limit: int
) -> Page[StandsAt]:
    """The people of a number, longest waiting first."""
    statement = _with_names(
        viewer, InflowLine, InflowLine.stand, InflowLine.week, InflowLine.cohort_id
    )
    statement = statement.where(InflowLine.job_id == job_id, *_conditions(wanted))
    order = waiting_order()
    if cursor is not None:
        statement = statement.where(after(order, decode_cursor(cursor, (date, int))))
    return read_page(
        session,
        statement.order_by(*order),
        limit=limit,
        key_of=lambda row: (row[3] or LAST_DAY, row[0]),
        make=lambda row: StandsAt(*row),
    )


def count_behind(session: Session, viewer: Viewer, job_id: int, wanted: Behind) -> int:
    """How many people a number is made of."""
    statement = (
        select(func.count())
        .select_from(InflowLine)
        .join(Candidate, Candidate.id == InflowLine.candidate_id)
        .outerjoin(Vacancy, Vacancy.id == InflowLine.vacancy_id)
        .where(InflowLine.job_id == job_id, *_conditions(wanted))
    )
    return session.scalar(unscoped(scoped(statement, viewer, InflowLine, Candidate), Vacancy)) or 0


def near_to(session: Session, viewer: Viewer, job_id: int, vacancy_id: int) -> list[StandsAt]:
    """Who is one step from a place that nobody fits, longest waiting first."""
    statement = _with_names(viewer, InflowNear, literal(Stand.ONE_STEP), null(), null())
    statement = statement.where(InflowNear.job_id == job_id, InflowNear.vacancy_id == vacancy_id)
    return [StandsAt(*row) for row in session.execute(statement.order_by(*waiting_order()))]


def _with_names(viewer: Viewer, table: Any, stand: Any, week: Any, cohort: Any) -> Select[Any]:
    columns: tuple[Any, ...] = (
        *(Candidate.id, Candidate.reference, Candidate.first_name, Candidate.waiting_since),
        *(stand, week, table.cause, table.vacancy_id, Vacancy.title, Vacancy.sector),
        *(Vacancy.contractor, cohort, Programme.title, Cohort.ends_on),
    )
    statement = (
        select(*columns)
        .select_from(table)
        .join(Candidate, Candidate.id == table.candidate_id)
        .outerjoin(Vacancy, Vacancy.id == table.vacancy_id)
        .outerjoin(Cohort, Cohort.id == cohort)
        .outerjoin(Programme, Programme.id == Cohort.programme_id)
    )
    # Of a line in reach one may know the place and the group; both are of the same region.
    return unscoped(scoped(statement, viewer, table, Candidate), Vacancy, Cohort, Programme)


def _conditions(wanted: Behind) -> list[Any]:
    found: list[Any] = []
    for name in ("vacancy_id", "cause", "rhythm_age", "levels_age"):
        if getattr(wanted, name) is not None:
            found.append(getattr(InflowLine, name) == getattr(wanted, name))
    if wanted.stands:
        found.append(InflowLine.stand.in_(wanted.stands))
    if wanted.week is not None:
        found.append(InflowLine.week <= wanted.week)
    if wanted.sector is not None:
        found.append(Vacancy.sector == wanted.sector)
    if wanted.arrangement is not None:
        found.append(Vacancy.arrangement == wanted.arrangement)
    if wanted.unknown is not None:
        found.append(InflowLine.unknown.op("&")(1 << wanted.unknown) != 0)
    if wanted.level is not None:
        found.append(InflowLine.start_level.between(*wanted.level))
    if wanted.waits_before is not None:
        found.append(Candidate.waiting_since < wanted.waits_before)
    if wanted.waiting:
        found.append(InflowLine.stand != Stand.AT_WORK)
    return found


@dataclass(frozen=True, slots=True)
class PlaceName:
    """An open vacancy as a table names it."""

    id: int
    reference: str
    title: str | None
    sector: str
    contractor: str
    arrangement: str | None
    start_on: date | None
    flex_weeks: int


def place_names(session: Session, viewer: Viewer, numbers: Collection[int]) -> dict[int, PlaceName]:
    """Those of `numbers` that are in reach."""
    statement = select(
        *(Vacancy.id, Vacancy.reference, Vacancy.title, Vacancy.sector, Vacancy.contractor),
        *(Vacancy.arrangement, Vacancy.start_on, Vacancy.flex_weeks),
    )
    wanted = set(numbers)
    rows = session.execute(scoped(statement, viewer, Vacancy))
    return {row[0]: PlaceName(*row) for row in rows if row[0] in wanted}
