"""The inflow board: what it is counted from, and what stands on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, case, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.candidate import CandidateProfile
from matcher.domain.programme import Programme as ProgrammeValue
from matcher.models import (
    Assessment,
    Candidate,
    Cohort,
    InflowBoard,
    InflowLine,
    InflowNear,
    Introduction,
    Placement,
    Programme,
    Seat,
    Vacancy,
)
from matcher.models.states import CandidateStatus, ClosingCode, IntroductionState, SeatState
from matcher.repositories.candidates import to_profile
from matcher.repositories.placements import OPEN
from matcher.repositories.programmes import to_value
from matcher.repositories.scope import scoped, unscoped

KIND = InflowLine.__tablename__
_AT_ONCE = 400
"""Fewer parameters than either database allows in one statement."""
ON_THE_WAY = (SeatState.WAITING, SeatState.OFFERED, SeatState.BOOKED, SeatState.ATTENDING)


class Group(NamedTuple):
    """A coming group with a free seat."""

    id: int
    programme_id: int
    starts_on: date
    ends_on: date


class Way(NamedTuple):
    """One programme that somebody is in, has a seat for, or waits for."""

    candidate_id: int
    state: SeatState
    programme_id: int
    cohort_id: int | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Person:
    """What is counted of one person; `first_level` is the start level that was computed first."""

    id: int
    profile: CandidateProfile
    at_work: bool
    first_level: int | None


# --- what is counted ----------------------------------------------------------------------------


def people(session: Session, viewer: Viewer) -> list[int]:
    """Numbers of all who are counted, longest waiting first: active people, and who went to work.

    Left out is who wants advice by a person alone.
    """
    statement = (
        select(Candidate.id)
        .where(_counted(), Candidate.manual_only.is_(False))
        .order_by(func.coalesce(Candidate.waiting_since, date.max), Candidate.id)
    )
    return list(session.scalars(scoped(statement, viewer, Candidate)))


def by_person(session: Session, viewer: Viewer) -> int:
    """How many active people want advice by a person alone."""
    statement = (
        select(func.count())
        .select_from(Candidate)
        .where(Candidate.status == CandidateStatus.ACTIVE, Candidate.manual_only.is_(True))
    )
    return session.scalar(scoped(statement, viewer, Candidate)) or 0


def _counted() -> Any:
    return or_(
        Candidate.status == CandidateStatus.ACTIVE,
        Candidate.closed_code == ClosingCode.STARTED_WORK,
    )


def persons(session: Session, viewer: Viewer, numbers: Sequence[int]) -> list[Person]:
    """Those of `numbers` who are still there, in that order."""
    first = (
        select(Assessment.candidate_id, func.min(Assessment.id).label("id"))
        .where(Assessment.candidate_id.in_(numbers))
        .group_by(Assessment.candidate_id)
        .subquery()
    )
    levels: Any = select(Assessment.candidate_id, Assessment.start_level).join(
        first, first.c.id == Assessment.id
    )
    known = {row[0]: row[1] for row in session.execute(scoped(levels, viewer, Assessment))}
    working = _at_work(session, viewer, numbers)
    statement = select(Candidate).where(
        Candidate.id.in_(numbers), _counted(), Candidate.manual_only.is_(False)
    )
    found = {
        row.id: Person(
            row.id,
            to_profile(row),
            row.id in working or row.status is not CandidateStatus.ACTIVE,
            known.get(row.id),
        )
        for row in session.scalars(scoped(statement, viewer, Candidate))
    }
    return [found[number] for number in numbers if number in found]


def _at_work(session: Session, viewer: Viewer, numbers: Sequence[int]) -> set[int]:
    statement = select(Placement.candidate_id).where(
        Placement.candidate_id.in_(numbers), Placement.state.in_(OPEN)
    )
    return set(session.scalars(scoped(statement, viewer, Placement)))


def places_held(session: Session, viewer: Viewer) -> dict[int, int]:
    """By vacancy the places that are kept for somebody who was met, or at which somebody works."""
    met: Any = (
        select(Introduction.vacancy_id, func.count())
        .where(Introduction.state == IntroductionState.INTRODUCED)
        .group_by(Introduction.vacancy_id)
    )
    works: Any = (
        select(Placement.vacancy_id, func.count())
        .where(Placement.state.in_(OPEN), Placement.vacancy_id.is_not(None))
        .group_by(Placement.vacancy_id)
    )
    found: Counter[int] = Counter()
    for statement, table in ((met, Introduction), (works, Placement)):
        found.update(dict(session.execute(scoped(statement, viewer, table)).all()))
    return found


def at_work_by_arrangement(session: Session, region: str, on: date) -> dict[str, tuple[int, int]]:
    """By arrangement how many people started, and how many of them still work there.

    Everybody counts once in each.
    """
    # Numbers for whoever works in the region: they name nobody.
    people = func.count(func.distinct(Placement.candidate_id))
    still = func.count(
        func.distinct(case((Placement.state.in_(OPEN), Placement.candidate_id), else_=None))
    )
    statement = (
        select(Placement.arrangement, people, still)
        .where(
            Placement.region == region,
            Placement.arrangement.is_not(None),
            Placement.starts_on <= on,
        )
        .group_by(Placement.arrangement)
    )
    rows = session.execute(unscoped(statement, Placement))
    return {str(name): (started, working) for name, started, working in rows}


def holders(session: Session, viewer: Viewer, numbers: Sequence[int]) -> set[int]:
    """Who of `numbers` has a place kept."""
    statement = select(Introduction.candidate_id).where(
        Introduction.candidate_id.in_(numbers),
        Introduction.state == IntroductionState.INTRODUCED,
    )
    found = session.scalars(scoped(statement, viewer, Introduction))
    return {number for number in found if number is not None}


def ways(session: Session, viewer: Viewer, numbers: Sequence[int]) -> dict[int, list[Way]]:
    """By person the programmes that are on the way."""
    statement: Any = (
        select(Seat.candidate_id, Seat.state, Seat.programme_id, Seat.cohort_id, Cohort.ends_on)
        .outerjoin(Cohort, Cohort.id == Seat.cohort_id)
        .where(Seat.candidate_id.in_(numbers), Seat.state.in_(ON_THE_WAY))
        .order_by(Seat.id)
    )
    found: dict[int, list[Way]] = {}
    for row in session.execute(scoped(statement, viewer, Seat, Cohort)):
        found.setdefault(row[0], []).append(Way(*row))
    return found


def groups_with_room(session: Session, viewer: Viewer, on: date) -> dict[int, Group]:
    """By programme the first group from `on` with a free seat."""
    statement: Any = (
        select(Cohort.id, Cohort.programme_id, Cohort.starts_on, Cohort.ends_on)
        .where(
            Cohort.starts_on >= on,
            or_(Cohort.capacity.is_(None), Cohort.booked < Cohort.capacity),
        )
        .order_by(Cohort.starts_on, Cohort.id)
    )
    found: dict[int, Group] = {}
    for row in session.execute(scoped(statement, viewer, Cohort)):
        found.setdefault(row[1], Group(*row))
    return found


def programmes(
    session: Session, viewer: Viewer, *, offered_only: bool = False
) -> dict[int, ProgrammeValue]:
    """Programmes in reach by number; somebody may be in one that is no longer offered."""
    statement = scoped(select(Programme), viewer, Programme).order_by(Programme.id)
    if offered_only:
        statement = statement.where(Programme.is_active)
    return {row.id: to_value(row) for row in session.scalars(statement)}


# --- what is kept -------------------------------------------------------------------------------


LINE = (
    *("candidate_id", "stand", "week", "vacancy_id", "cohort_id", "cause", "start_level"),
    *("rhythm_age", "levels_age", "unknown"),
)
"""The columns of a line, as a block gives them."""


def keep(session: Session, viewer: Viewer, job_id: int, lines: Sequence[Sequence[Any]]) -> None:
    """Keeps lines as `LINE`; not of people who went meanwhile, and not the places that did."""
    there = still_there(session, viewer, Candidate, {line[0] for line in lines})
    places = still_there(session, viewer, Vacancy, {line[3] for line in lines} - {None})
    groups = still_there(session, viewer, Cohort, {line[4] for line in lines} - {None})
    values = []
    for line in lines:
        row = dict(zip(LINE, line, strict=True))
        if row["candidate_id"] not in there:
            continue
        row["vacancy_id"] = row["vacancy_id"] if row["vacancy_id"] in places else None
        row["cohort_id"] = row["cohort_id"] if row["cohort_id"] in groups else None
        values.append({"job_id": job_id, "region": viewer.region, **row})
    if values:
        session.execute(insert(InflowLine), values)


def keep_near(
    session: Session, viewer: Viewer, job_id: int, lines: Sequence[tuple[int, int, str]]
) -> None:
    """Keeps (vacancy, candidate, cause), of those that are still there."""
    places = still_there(session, viewer, Vacancy, {line[0] for line in lines})
    there = still_there(session, viewer, Candidate, {line[1] for line in lines})
    values = [
        {
            "job_id": job_id,
            "region": viewer.region,
            "vacancy_id": vacancy,
            "candidate_id": candidate,
            "cause": cause,
        }
        for vacancy, candidate, cause in lines
        if vacancy in places and candidate in there
    ]
    if values:
        session.execute(insert(InflowNear), values)


def still_there(session: Session, viewer: Viewer, table: Any, numbers: set[int]) -> set[int]:
    """Which of `numbers` a table still has; locked on PostgreSQL, so that they stay for now."""
    wanted = sorted(numbers)
    found: set[int] = set()
    for start in range(0, len(wanted), _AT_ONCE):
        statement = select(table.id).where(table.id.in_(wanted[start : start + _AT_ONCE]))
        locked = statement.with_for_update(read=True, key_share=True)
        found.update(session.scalars(scoped(locked, viewer, table)))
    return found


def forget(session: Session, viewer: Viewer, job_id: int, *, others: bool) -> None:
    """Forgets the lines of one job, or with `others` those of all but that one."""
    for table in (InflowLine, InflowNear):
        which = table.job_id != job_id if others else table.job_id == job_id
        session.execute(
            scoped(delete(table).where(which), viewer, table),
            execution_options={"synchronize_session": False},
        )


def newest(session: Session, viewer: Viewer, *, by: date | None = None) -> InflowBoard | None:
    """The board that was counted last in the viewer's region, with `by` on or before that day."""
    statement = select(InflowBoard).where(InflowBoard.region == viewer.region)
    if by is not None:
        statement = statement.where(InflowBoard.on <= by)
    ordered: Select[Any] = scoped(statement, viewer, InflowBoard).order_by(InflowBoard.id.desc())
    found: InflowBoard | None = session.scalar(ordered.limit(1))
    return found


class Counted(NamedTuple):
    """What the figures read of a line."""

    stand: str
    week: int | None
    vacancy_id: int | None
    cause: str | None
    start_level: int | None
    rhythm_age: str | None
    levels_age: str | None
    unknown: int | None
    waiting_since: date | None


def counted(session: Session, viewer: Viewer, job_id: int) -> list[Counted]:
    """Every line of a job, for the figures."""
    statement: Any = (
        select(
            *(getattr(InflowLine, name) for name in Counted._fields[:-1]),
            Candidate.waiting_since,
        )
        .join(Candidate, Candidate.id == InflowLine.candidate_id)
        .where(InflowLine.job_id == job_id)
    )
    rows = session.execute(scoped(statement, viewer, InflowLine, Candidate))
    return [Counted(*row) for row in rows]


def arrangements_of(session: Session, viewer: Viewer, numbers: Iterable[int]) -> dict[int, str]:
    """The arrangement of each vacancy that has one."""
    wanted = set(numbers)
    statement = select(Vacancy.id, Vacancy.arrangement).where(Vacancy.arrangement.is_not(None))
    rows = session.execute(scoped(statement, viewer, Vacancy))
    return {number: name for number, name in rows if number in wanted and name is not None}
