"""The lines of weekly allocations, and the names of their places and programmes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from matcher.domain.access import Viewer
from matcher.domain.errors import NotFound
from matcher.domain.vocabulary import Lane
from matcher.models import (
    Allocation,
    AllocationLine,
    Candidate,
    Job,
    Organisation,
    Programme,
    Vacancy,
)
from matcher.models.states import DecisionReason, ProposalState
from matcher.repositories.paging import after, decode_cursor, read_page
from matcher.repositories.recording import note_list, note_read_of
from matcher.repositories.records import Page, Record
from matcher.repositories.scope import numbered, scoped, unscoped
from matcher.repositories.weekly import Sort, is_done, is_of, proposes

KIND = AllocationLine.__tablename__


@dataclass(frozen=True, slots=True)
class PlaceNamed:
    """A vacancy as a page names it."""

    id: int
    reference: str
    title: str | None
    sector: str
    contractor: str
    places: int


@dataclass(frozen=True, slots=True)
class ProgrammeNamed:
    """A programme as a page names it."""

    id: int
    reference: str
    title: str | None
    kind: str


@dataclass(frozen=True, slots=True)
class LineRecord(Record):
    """One person in an allocation, with the reference and first name that lists show."""

    id: int
    allocation_id: int
    candidate_id: int
    candidate: str
    first_name: str | None
    waiting_since: date | None
    lane: Lane
    vacancy_id: int | None
    programme_id: int | None
    starts_on: date | None
    value: int
    reason: str | None
    is_locked: bool
    is_guessed: bool
    margin: int | None
    runner_up_id: int | None
    runner_up: str | None
    instead_id: int | None
    short_by: int | None
    told: Mapping[str, Any]
    state: ProposalState
    why: DecisionReason | None
    decided_at: datetime | None
    introduction_id: int | None
    seat_id: int | None

    @property
    def is_proposal(self) -> bool:
        """Whether there is something to decide."""
        return self.vacancy_id is not None or self.programme_id is not None


def _lines(viewer: Viewer, *conditions: Any) -> Any:
    other = aliased(Candidate)
    columns: tuple[Any, ...] = (
        AllocationLine, Candidate.reference, Candidate.first_name, other.reference,
        Candidate.waiting_since,
    )  # fmt: skip
    statement = (
        select(*columns)
        .join(Candidate, Candidate.id == AllocationLine.candidate_id)
        .outerjoin(other, other.id == AllocationLine.runner_up_id)
        .where(*conditions)
    )
    return scoped(statement, viewer, AllocationLine, Candidate)


def lines_page(
    session: Session,
    viewer: Viewer,
    allocation_id: int,
    *,
    sorts: Sequence[Sort],
    state: ProposalState | None,
    cursor: str | None,
    limit: int,
) -> Page[LineRecord]:
    """The lines of one allocation in the order of coming; shown people are noted in the log."""
    conditions = [AllocationLine.allocation_id == allocation_id]
    conditions.append(is_of(*sorts))
    if state is not None:
        conditions.append(AllocationLine.state == state)
    statement = _lines(viewer, *conditions).order_by(AllocationLine.id)
    if cursor is not None:
        key = decode_cursor(cursor, (int,))
        statement = statement.where(after([AllocationLine.id], key))
    found = read_page(
        session,
        statement,
        limit=limit,
        key_of=lambda row: (row[0].id,),
        make=_to_line,
    )
    note_list(session, viewer, KIND, query={"allocation": allocation_id}, count=len(found.items))
    return found


def get_line(
    session: Session, viewer: Viewer, allocation_id: int, line_id: int, *, for_update: bool = False
) -> tuple[AllocationLine, LineRecord]:
    """One line in reach, locked for a change on request; NotFound for any other."""
    statement = _lines(
        viewer, numbered(AllocationLine, line_id), AllocationLine.allocation_id == allocation_id
    )
    if for_update:
        statement = statement.with_for_update(of=AllocationLine).execution_options(
            populate_existing=True
        )
    row = session.execute(statement).first()
    if row is None:
        raise NotFound("proposal")
    note_read_of(session, viewer, row[0].candidate_id, row[0].region)
    return row[0], _to_line(row)


def own_lines(session: Session, viewer: Viewer, candidate_id: int) -> list[dict[str, Any]]:
    """What allocations that are kept proposed for one person in reach, the newest first."""
    columns: tuple[Any, ...] = (
        Allocation.on,
        Vacancy.reference.label("vacancy"),
        Programme.reference.label("programme"),
        AllocationLine.starts_on,
        AllocationLine.state,
    )
    statement = (
        select(*columns)
        .select_from(AllocationLine)
        .join(Allocation, Allocation.id == AllocationLine.allocation_id)
        .outerjoin(Vacancy, Vacancy.id == AllocationLine.vacancy_id)
        .outerjoin(Programme, Programme.id == AllocationLine.programme_id)
        .where(AllocationLine.candidate_id == candidate_id, proposes(), is_done())
        .order_by(AllocationLine.id.desc())
    )
    # What was proposed for somebody in reach, who reaches no other allocations, places or jobs.
    found = unscoped(scoped(statement, viewer, AllocationLine), Allocation, Vacancy, Programme, Job)
    return [dict(row) for row in session.execute(found).mappings()]


def _to_line(row: Any) -> LineRecord:
    line: AllocationLine = row[0]
    return LineRecord(
        id=line.id,
        allocation_id=line.allocation_id,
        candidate_id=line.candidate_id,
        candidate=row[1],
        first_name=row[2],
        waiting_since=row[4],
        lane=line.lane,
        vacancy_id=line.vacancy_id,
        programme_id=line.programme_id,
        starts_on=line.starts_on,
        value=line.value,
        reason=line.reason,
        is_locked=line.is_locked,
        is_guessed=line.is_guessed,
        margin=line.margin,
        runner_up_id=line.runner_up_id,
        runner_up=row[3],
        instead_id=line.instead_id,
        short_by=line.short_by,
        told=line.told,
        state=line.state,
        why=line.why,
        decided_at=line.decided_at,
        introduction_id=line.introduction_id,
        seat_id=line.seat_id,
    )


# --- names ----------------------------------------------------------------------------------------


def place_names(session: Session, viewer: Viewer) -> dict[int, PlaceNamed]:
    """The vacancies of the region by number."""
    statement = select(
        Vacancy.id, Vacancy.reference, Vacancy.title, Vacancy.sector, Organisation.name,
        Vacancy.places,
    ).join(Organisation, Organisation.id == Vacancy.organisation_id)  # fmt: skip
    rows = session.execute(scoped(statement, viewer, Vacancy, Organisation))
    return {row[0]: PlaceNamed(*row) for row in rows}


def programme_names(session: Session, viewer: Viewer) -> dict[int, ProgrammeNamed]:
    """The programmes of the region by number."""
    statement = select(Programme.id, Programme.reference, Programme.title, Programme.kind)
    rows = session.execute(scoped(statement, viewer, Programme))
    return {row[0]: ProgrammeNamed(*row) for row in rows}
