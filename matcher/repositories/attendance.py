"""Who came on which day, and the links by which providers say so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.attendance import Day
from matcher.models import Attendance, AttendanceLink, Candidate, Cohort, Programme, Seat
from matcher.repositories.scope import scoped, unscoped
from matcher.repositories.seats import COMING

Names = list[tuple[Seat, str | None]]


def days_of(
    session: Session, viewer: Viewer, candidate_ids: Iterable[int], since: date
) -> dict[int, list[Day]]:
    """The days in reach of these people from `since` on, in order, by number of the person."""
    statement = select(Attendance.candidate_id, Attendance.on, Attendance.mark).where(
        Attendance.candidate_id.in_(list(candidate_ids)), Attendance.on >= since
    )
    found: dict[int, list[Day]] = {}
    for row in session.execute(scoped(statement, viewer, Attendance).order_by(Attendance.on)):
        found.setdefault(row.candidate_id, []).append((row.on, row.mark))
    return found


def days_of_seats(
    session: Session, viewer: Viewer, seat_ids: Iterable[int]
) -> dict[int, dict[date, Attendance]]:
    """The days in reach of these seats, by seat and day."""
    statement = select(Attendance).where(Attendance.seat_id.in_(list(seat_ids)))
    found: dict[int, dict[date, Attendance]] = {}
    for row in session.scalars(scoped(statement, viewer, Attendance).order_by(Attendance.on)):
        found.setdefault(row.seat_id, {})[row.on] = row
    return found


def records_of(session: Session, viewer: Viewer, candidate_id: int) -> list[dict[str, Any]]:
    """The days in reach of one person, newest first, by the names of the visibility table."""
    names = ("seat_id", "on", "mark", "by_provider")
    statement = select(*(getattr(Attendance, name) for name in names)).where(
        Attendance.candidate_id == candidate_id
    )
    found = session.execute(
        scoped(statement, viewer, Attendance).order_by(Attendance.on.desc(), Attendance.id.desc())
    )
    return [dict(row._mapping) for row in found]


def work_skills_of(
    session: Session, viewer: Viewer, candidate_ids: Iterable[int]
) -> dict[int, int | None]:
    """The level of work skills of the people in reach, by number; None is unknown."""
    statement = select(Candidate.id, Candidate.work_skills).where(
        Candidate.id.in_(list(candidate_ids))
    )
    rows = session.execute(scoped(statement, viewer, Candidate))
    return {row.id: row.work_skills for row in rows}


def day_of_seat(session: Session, seat_id: int, on: date) -> Attendance | None:
    """What was marked for a seat that was found in reach, on one day."""
    statement = select(Attendance).where(Attendance.seat_id == seat_id, Attendance.on == on)
    return session.scalar(unscoped(statement, Attendance))


# --- links --------------------------------------------------------------------------------------


def find_link(session: Session, secret_hash: str) -> AttendanceLink | None:
    """The link with that hash, whoever holds it."""
    # Whoever has the secret may use it: nobody is signed in.
    statement = select(AttendanceLink).where(AttendanceLink.secret_hash == secret_hash)
    return session.scalar(unscoped(statement, AttendanceLink))


def links_of(
    session: Session, viewer: Viewer, cohort_id: int, now: datetime
) -> list[AttendanceLink]:
    """The links in reach of a group that work now."""
    statement = select(AttendanceLink).where(
        AttendanceLink.cohort_id == cohort_id,
        AttendanceLink.revoked_at.is_(None),
        AttendanceLink.expires_at > now,
    )
    return list(session.scalars(scoped(statement, viewer, AttendanceLink)))


def revoke_links(session: Session, viewer: Viewer, cohort_id: int, now: datetime) -> None:
    """Ends the links of a group."""
    for row in links_of(session, viewer, cohort_id, now):
        row.revoked_at = now


def group_of_link(session: Session, link: AttendanceLink) -> tuple[Cohort, Programme]:
    """The group that a link is for."""
    statement = (
        select(Cohort, Programme)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Cohort.id == link.cohort_id)
    )
    row = session.execute(unscoped(statement, Cohort, Programme)).one()
    return row[0], row[1]


def names_of_group(session: Session, cohort_id: int) -> Names:
    """The seats of who is expected in a group with their first names, for the link of the group."""
    # The link is for these people: first names and nothing else of them.
    statement = (
        select(Seat, Candidate.first_name)
        .join(Candidate, Candidate.id == Seat.candidate_id)
        .where(Seat.cohort_id == cohort_id, Seat.state.in_(COMING))
        .order_by(Candidate.first_name, Seat.id)
    )
    return [(row[0], row[1]) for row in session.execute(unscoped(statement, Seat, Candidate))]


def marks_on(session: Session, cohort_id: int, on: date) -> dict[int, Attendance]:
    """What was marked for a group on one day, by seat, for the link of the group."""
    statement = (
        select(Attendance)
        .join(Seat, Seat.id == Attendance.seat_id)
        .where(Seat.cohort_id == cohort_id, Attendance.on == on)
    )
    return {row.seat_id: row for row in session.scalars(unscoped(statement, Attendance, Seat))}
