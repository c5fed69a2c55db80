"""The weekly allocation: what stands in a region before it, and what it keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, insert, select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import NotFound
from matcher.models import (
    Allocation,
    AllocationLine,
    Candidate,
    Job,
    Vacancy,
)
from matcher.models.states import (
    JobState,
    ProposalState,
)
from matcher.repositories.paging import decode_cursor, read_page
from matcher.repositories.records import Page, Record
from matcher.repositories.region_matches import still_there
from matcher.repositories.scope import numbered, scoped

_JOB: Any = Job.__table__
# The table and not the class: the guard of the session hides classes that a viewer cannot reach.


@dataclass(frozen=True, slots=True)
class AllocationRecord(Record):
    """One scenario with its figures."""

    id: int
    job_id: int
    region: str
    on: date
    choice: Mapping[str, Any]
    input_hash: str
    result_hash: str
    figures: Mapping[str, Any]
    made_at: datetime


class Sort(StrEnum):
    """What a line is: a place, a seat alone, or nothing proposed."""

    PLACES = "places"
    SEATS = "seats"
    LEFT_OUT = "left_out"


_SORT = case(
    (AllocationLine.vacancy_id.is_not(None), Sort.PLACES.value),
    (AllocationLine.programme_id.is_not(None), Sort.SEATS.value),
    else_=Sort.LEFT_OUT.value,
)


def is_done() -> ColumnElement[bool]:
    """An allocation shows once its job is done, never half of it."""
    return exists().where(_JOB.c.id == Allocation.job_id, _JOB.c.state == JobState.DONE)


def to_record(row: Allocation) -> AllocationRecord:
    """The row as a frozen value."""
    return AllocationRecord(
        id=row.id,
        job_id=row.job_id,
        region=row.region,
        on=row.on,
        choice=row.choice,
        input_hash=row.input_hash,
        result_hash=row.result_hash,
        figures=row.figures,
        made_at=row.made_at,
    )


def keep(
    session: Session, viewer: Viewer, row: Allocation, lines: Sequence[Mapping[str, Any]]
) -> None:
    """Keeps an allocation with its lines; of people who went meanwhile there is none."""
    session.add(row)
    session.flush()
    there = still_there(session, viewer, Candidate, _named(lines, "candidate_id", "runner_up_id"))
    open_still = still_there(session, viewer, Vacancy, _named(lines, "vacancy_id", "instead_id"))
    offered = {None, *open_still}
    values = []
    for line in lines:
        if line["candidate_id"] not in there or line["vacancy_id"] not in offered:
            continue
        values.append(
            {
                **line,
                "runner_up_id": line["runner_up_id"] if line["runner_up_id"] in there else None,
                "instead_id": line["instead_id"] if line["instead_id"] in open_still else None,
                "allocation_id": row.id,
                "region": row.region,
            }
        )
    if values:
        session.execute(insert(AllocationLine), values)


def _named(lines: Iterable[Mapping[str, Any]], *names: str) -> set[int]:
    return {line[name] for line in lines for name in names if line[name] is not None}


def delete_of(session: Session, viewer: Viewer, job_id: int) -> None:
    """Forgets what one job wrote; the lines go with it."""
    _delete(session, viewer, Allocation.job_id == job_id)


def delete_older(session: Session, viewer: Viewer, keep_newest: int) -> None:
    """Forgets all but the newest, and those about which somebody decided something."""
    newest = select(Allocation.id).order_by(Allocation.id.desc()).limit(keep_newest)
    kept = list(session.scalars(scoped(newest, viewer, Allocation)))
    line = AllocationLine.__table__
    decided = exists().where(
        line.c.allocation_id == Allocation.id, line.c.state != ProposalState.OPEN
    )
    _delete(session, viewer, and_(Allocation.id.not_in(kept), ~decided))


def _delete(session: Session, viewer: Viewer, condition: ColumnElement[bool]) -> None:
    statement = delete(Allocation).where(condition)
    session.execute(
        scoped(statement, viewer, Allocation), execution_options={"synchronize_session": False}
    )


def find(session: Session, viewer: Viewer, allocation_id: int) -> AllocationRecord:
    """One allocation in reach; NotFound for any other, and before its job is done."""
    statement = select(Allocation).where(numbered(Allocation, allocation_id), is_done())
    row = session.scalar(scoped(statement, viewer, Allocation))
    if row is None:
        raise NotFound("allocation")
    return to_record(row)


def of_job(session: Session, viewer: Viewer, job_id: int) -> int | None:
    """The number of the allocation that a job made, as long as it is kept."""
    statement = select(Allocation.id).where(Allocation.job_id == job_id, is_done())
    return session.scalar(scoped(statement, viewer, Allocation))


def figures_of_job(session: Session, viewer: Viewer, job_id: int) -> Mapping[str, Any]:
    """The figures that a job wrote, also before it is done."""
    statement = select(Allocation.figures).where(Allocation.job_id == job_id)
    found: Mapping[str, Any] = session.scalars(scoped(statement, viewer, Allocation)).one()
    return found


def page(
    session: Session, viewer: Viewer, *, cursor: str | None, limit: int
) -> Page[AllocationRecord]:
    """Allocations in reach, the newest first."""
    statement = select(Allocation).where(is_done()).order_by(Allocation.id.desc())
    if cursor is not None:
        statement = statement.where(Allocation.id < decode_cursor(cursor, (int,))[0])
    return read_page(
        session,
        scoped(statement, viewer, Allocation),
        limit=limit,
        key_of=lambda row: (row[0].id,),
        make=lambda row: to_record(row[0]),
    )


def counts_of(
    session: Session, viewer: Viewer, numbers: Sequence[int]
) -> dict[int, Counter[tuple[Sort, ProposalState]]]:
    """By allocation, how many lines of each sort stand how."""
    statement = (
        select(AllocationLine.allocation_id, _SORT, AllocationLine.state, func.count())
        .where(AllocationLine.allocation_id.in_(numbers))
        .group_by(AllocationLine.allocation_id, _SORT, AllocationLine.state)
    )
    found: dict[int, Counter[tuple[Sort, ProposalState]]] = {each: Counter() for each in numbers}
    for number, sort, state, count in session.execute(scoped(statement, viewer, AllocationLine)):
        found[number][Sort(sort), state] = count
    return found


def is_of(*sorts: Sort) -> ColumnElement[bool]:
    """A line of one of these sorts."""
    return _SORT.in_([sort.value for sort in sorts])


def proposes() -> ColumnElement[bool]:
    """A line in which there is something to decide."""
    return is_of(Sort.PLACES, Sort.SEATS)
