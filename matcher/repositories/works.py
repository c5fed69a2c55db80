"""What *Werkt dit?* counts: starts in programmes, work found, files that closed, and decisions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import Conflict
from matcher.domain.works import Start
from matcher.models import Candidate, Cohort, Evaluation, Programme, Seat
from matcher.models.states import CandidateStatus, ClosingCode, SeatState
from matcher.repositories.scope import scoped, unscoped

_BEGAN = (SeatState.ATTENDING, SeatState.FINISHED, SeatState.LEFT)


@dataclass(frozen=True, slots=True)
class Closed:
    """A file that closed: with which code, on which day."""

    candidate_id: int
    on: date
    code: ClosingCode


def starts_by_programme(session: Session, region: str, on: date) -> dict[int, list[Start]]:
    """Who began which programme of a region by a day; who left before its first day did not."""
    # Figures are made over everybody, whoever of them their reader may reach.
    statement = (
        select(Seat.programme_id, Seat.candidate_id, Seat.state, Seat.closed_on, Cohort.starts_on)
        .join(Cohort, Cohort.id == Seat.cohort_id)
        .where(Seat.region == region, Seat.state.in_(_BEGAN), Cohort.starts_on <= on)
        .where(or_(Seat.closed_on.is_(None), Seat.closed_on >= Cohort.starts_on))
    )
    found: dict[int, list[Start]] = {}
    for row in session.execute(unscoped(statement, Seat, Cohort)):
        start = Start(
            candidate_id=row.candidate_id,
            on=row.starts_on,
            is_over=row.state is not SeatState.ATTENDING,
            finished=row.state is SeatState.FINISHED,
        )
        found.setdefault(row.programme_id, []).append(start)
    return found


def closed_files(session: Session, region: str) -> list[Closed]:
    """The files of a region that closed and are still kept."""
    # As in `starts_by_programme`.
    statement = select(Candidate.id, Candidate.closed_on, Candidate.closed_code).where(
        Candidate.region == region, Candidate.status == CandidateStatus.CLOSED
    )
    rows = session.execute(unscoped(statement, Candidate))
    return [
        Closed(row.id, row.closed_on, row.closed_code)
        for row in rows
        if row.closed_on is not None and row.closed_code is not None
    ]


def programmes_of(session: Session, viewer: Viewer) -> list[Programme]:
    """The programmes in reach, by title and reference."""
    statement = scoped(select(Programme), viewer, Programme)
    found = session.scalars(statement)
    return sorted(found, key=lambda row: (row.title or row.reference, row.reference))


def evaluations_of(session: Session, viewer: Viewer) -> list[Evaluation]:
    """Every decision day in reach, the newest first."""
    statement = select(Evaluation).order_by(Evaluation.decide_on.desc(), Evaluation.id.desc())
    return list(session.scalars(scoped(statement, viewer, Evaluation)))


def open_evaluation(
    session: Session,
    viewer: Viewer,
    *,
    programme_id: int | None,
    arrangement_id: int | None,
) -> Evaluation | None:
    """The day on which it is decided next, locked; None when there is none."""
    statement = select(Evaluation).where(Evaluation.verdict.is_(None))
    for column, value in (
        (Evaluation.programme_id, programme_id),
        (Evaluation.arrangement_id, arrangement_id),
    ):
        statement = statement.where(column.is_(None) if value is None else column == value)
    locking = scoped(statement, viewer, Evaluation).with_for_update()
    return session.scalar(locking.execution_options(populate_existing=True))


def add(session: Session, rows: Iterable[Evaluation]) -> None:
    """Keeps new decision days; Conflict when somebody else set one just now."""
    session.add_all(rows)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("somebody else set the day just now") from error
