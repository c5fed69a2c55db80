"""Queries behind the lists of a working day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.vocabulary import Lane, section_of
from matcher.models import Assessment, Candidate, Decision
from matcher.models.states import CandidateStatus, DecisionSubject
from matcher.repositories.candidates import (
    latest_assessment_id,
    narrowed,
    waiting_key,
    waiting_order,
)
from matcher.repositories.decisions import not_undone
from matcher.repositories.paging import after, decode_cursor, read_page
from matcher.repositories.queue import last_agreed
from matcher.repositories.records import Page
from matcher.repositories.scope import scoped, unscoped

NOT_REACHED_MAXIMUM = 3
_CHUNK = 500


def active_caseload(session: Session, viewer: Viewer) -> list[Candidate]:
    """The active people on the caseload of `viewer`, and those stood in for."""
    statement = narrowed(viewer, status=CandidateStatus.ACTIVE, own=True)
    return list(session.scalars(statement.order_by(Candidate.id)))


def reviews_due(
    session: Session, viewer: Viewer, candidate_ids: Iterable[int], until: date
) -> dict[int, date]:
    """The day on which each candidate is to be reviewed, where that is `until` or earlier.

    It is the day that came with the last decision on a lane, else that of the assessment it was
    taken on, else of the first one: that an advice was computed again since is no review. A later
    contact with a next day is the review of that moment, and its next day counts.
    """
    due: dict[int, date] = {}
    wanted = list(candidate_ids)
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        days = _first_reviews(session, viewer, chunk)
        decided: dict[int, datetime] = {}
        for candidate_id, at, day in _decided_reviews(session, viewer, chunk):
            decided[candidate_id] = at
            days[candidate_id] = day or days.get(candidate_id)
        for key, attempt in last_agreed(session, viewer, chunk).items():
            if key not in decided or attempt.at >= decided[key]:
                days[key] = attempt.next_on
        due |= {key: day for key, day in days.items() if day is not None and day <= until}
    return due


def _first_reviews(session: Session, viewer: Viewer, chunk: list[int]) -> dict[int, date | None]:
    first = (
        select(func.min(Assessment.id))
        .where(Assessment.candidate_id.in_(chunk))
        .group_by(Assessment.candidate_id)
    )
    statement = select(Assessment.candidate_id, Assessment.review_on).where(
        Assessment.id.in_(first)
    )
    found = session.execute(scoped(statement, viewer, Assessment))
    return {row.candidate_id: row.review_on for row in found}


def _decided_reviews(
    session: Session, viewer: Viewer, chunk: list[int]
) -> list[tuple[int, datetime, date | None]]:
    newest = (
        select(func.max(Decision.id))
        .where(
            Decision.candidate_id.in_(chunk),
            Decision.subject == DecisionSubject.LANE,
            not_undone(),
        )
        .group_by(Decision.candidate_id)
    )
    statement = (
        select(
            Decision.candidate_id,
            Decision.decided_at,
            func.coalesce(Decision.review_on, Assessment.review_on),
        )
        .outerjoin(Assessment, Assessment.id == Decision.assessment_id)
        .where(Decision.id.in_(newest))
    )
    # An inner condition on the assessment would lose who decided without; both go with the person.
    found = session.execute(unscoped(scoped(statement, viewer, Decision), Assessment))
    return [(row[0], row[1], row[2]) for row in found]


def centre(
    viewer: Viewer,
    *,
    lane: Lane | None,
    unassessed: bool,
    sector: str | None,
    by_person: bool = False,
    also: Iterable[ColumnElement[bool]] = (),
) -> Select[Any]:
    """Active people in reach, narrowed as the talent centre asks; `also` as its focus does."""
    statement = narrowed(viewer, status=CandidateStatus.ACTIVE, lane=lane).where(*also)
    if by_person:
        statement = statement.where(Candidate.manual_only.is_(True))
    if unassessed:
        statement = statement.where(Candidate.manual_only.is_(False))
        # Whether there is any: the candidate is in reach, and so is what was kept of them.
        statement = unscoped(statement.where(latest_assessment_id().is_(None)), Assessment)
    if sector is not None:
        # Kept as F42|N81; between bars a code can be told from one that it begins.
        barred = literal("|") + type_coerce(Candidate.sectors, Text) + literal("|")
        statement = statement.where(
            or_(
                barred.contains(f"|{sector}", autoescape=True),
                barred.contains(f"|{section_of(sector)}|", autoescape=True),
            )
        )
    return statement


def waits_since_before(day: date) -> ColumnElement[bool]:
    """Who is known to wait since an earlier day."""
    return Candidate.waiting_since < day


def lacks_an_answer(seen_before: date) -> ColumnElement[bool]:
    """Of whom something is unknown that the lane asks for first; rhythm also when seen before."""
    asked = ("rhythm", "work_skills", "hours_max", "travel_max_minutes", "language_speak")
    unknown = [getattr(Candidate, name).is_(None) for name in asked]
    return or_(*unknown, Candidate.observed_on < seen_before)


def centre_page(
    session: Session, statement: Select[Any], *, cursor: str | None, limit: int
) -> Page[Candidate]:
    """One page: longest waiting first, and after them whom nobody could reach."""
    unreached = case((Candidate.not_reached >= NOT_REACHED_MAXIMUM, 1), else_=0)
    order = (unreached, *waiting_order())
    if cursor is not None:
        group, *rest = decode_cursor(cursor, (int, date, int))
        statement = statement.where(
            or_(
                unreached > literal(group),
                and_(unreached == literal(group), after(waiting_order(), rest)),
            )
        )
    return read_page(
        session,
        statement.order_by(*order),
        limit=limit,
        key_of=lambda row: (
            int(row[0].not_reached >= NOT_REACHED_MAXIMUM),
            *waiting_key(row[0]),
        ),
        make=lambda row: row[0],
    )


def lane_counts(session: Session, viewer: Viewer) -> dict[Lane | None, int]:
    """How many active people in reach have each lane as their newest; None for no assessment."""
    newest = (
        select(Assessment.lane)
        .where(Assessment.candidate_id == Candidate.id)
        .order_by(Assessment.id.desc())
        .limit(1)
        .correlate(Candidate)
        .scalar_subquery()
        .label("newest_lane")
    )
    statement = (
        select(newest, func.count())
        .select_from(Candidate)
        .where(Candidate.status == CandidateStatus.ACTIVE, Candidate.manual_only.is_(False))
        .group_by(newest)
    )
    # An inner condition on the assessment would lose who has none; the candidates are in reach.
    found = session.execute(unscoped(scoped(statement, viewer, Candidate), Assessment))
    return {row[0]: row[1] for row in found}


def count_by_person(session: Session, viewer: Viewer) -> int:
    """How many active people in reach objected to automated suggestions."""
    statement = (
        select(func.count())
        .select_from(Candidate)
        .where(Candidate.status == CandidateStatus.ACTIVE, Candidate.manual_only.is_(True))
    )
    return session.scalar(scoped(statement, viewer, Candidate)) or 0
