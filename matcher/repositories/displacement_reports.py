"""Reports of displacement, as an officer of the region reaches them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import NotFound
from matcher.models import DisplacementReport
from matcher.models.states import ReportState
from matcher.repositories.records import Record
from matcher.repositories.scope import numbered, scoped


@dataclass(frozen=True, slots=True)
class ReportRecord(Record):
    """A report as kept."""

    id: int
    version: int
    region: str
    work: str
    place: str
    signs: tuple[str, ...]
    happened: str
    reach: str | None
    state: ReportState
    due_on: date
    why: str | None
    decided_by: int | None
    decided_at: datetime | None
    created_at: datetime
    updated_at: datetime


def to_record(row: DisplacementReport) -> ReportRecord:
    """The row as a frozen value."""
    return ReportRecord(**{name: getattr(row, name) for name in ReportRecord.__dataclass_fields__})


def get_row(session: Session, viewer: Viewer, report_id: int) -> DisplacementReport:
    """The row with that number, locked for a change; NotFound out of reach."""
    statement = select(DisplacementReport).where(numbered(DisplacementReport, report_id))
    locked = scoped(statement, viewer, DisplacementReport).with_for_update()
    found: DisplacementReport | None = session.scalar(
        locked.execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("displacement report")
    return found


def in_states(
    session: Session, viewer: Viewer, states: Collection[ReportState], *, limit: int
) -> Sequence[ReportRecord]:
    """Reports in reach in one of these states, what is due first on top."""
    statement = select(DisplacementReport).where(DisplacementReport.state.in_(states))
    ordered = scoped(statement, viewer, DisplacementReport).order_by(
        DisplacementReport.due_on, DisplacementReport.id
    )
    return [to_record(row) for row in session.scalars(ordered.limit(limit))]
