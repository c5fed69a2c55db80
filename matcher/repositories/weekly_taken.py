"""What stands in a region before an allocation: introductions, work that began, seats held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models import Candidate, Introduction, Placement, Programme, Seat
from matcher.models.states import IntroductionState, SeatState
from matcher.repositories import placements
from matcher.repositories.introductions import open_at
from matcher.repositories.scope import scoped, unscoped

_HELD = (SeatState.OFFERED, SeatState.BOOKED, SeatState.ATTENDING)


@dataclass(frozen=True, slots=True)
class Taken:
    """What introductions under way and people at work take of a vacancy."""

    places: Mapping[int, int]
    needs: Mapping[int, Sequence[float | None]]
    people: frozenset[int]
    pairs: frozenset[tuple[int, int]]
    """Everybody who was ever invited for a vacancy, as long as that is kept."""


def taken(session: Session, viewer: Viewer, now: datetime) -> Taken:
    """A refused invitation takes its place until it expires, as everywhere."""
    under_way = or_(open_at(now), Introduction.state == IntroductionState.INTRODUCED)
    statement = (
        select(
            Introduction.candidate_id,
            Introduction.vacancy_id,
            Candidate.guidance_need,
            under_way.label("under_way"),
        )
        .outerjoin(Candidate, Candidate.id == Introduction.candidate_id)
        .order_by(Introduction.id)
    )
    places: Counter[int] = Counter()
    needs: dict[int, list[float | None]] = {}
    people, pairs = set(), set()
    # Whoever is behind an invitation is looked up over everybody, as places are counted.
    for row in session.execute(unscoped(scoped(statement, viewer, Introduction), Candidate)):
        if row.candidate_id is not None:
            pairs.add((row.candidate_id, row.vacancy_id))
        if not row.under_way:
            continue
        places[row.vacancy_id] += 1
        needs.setdefault(row.vacancy_id, []).append(row.guidance_need)
        if row.candidate_id is not None:
            people.add(row.candidate_id)
    at_work = (
        select(Placement.candidate_id, Placement.vacancy_id, Candidate.guidance_need)
        .join(Candidate, Candidate.id == Placement.candidate_id)
        .where(Placement.state.in_(placements.OPEN))
        .order_by(Placement.id)
    )
    for one in session.execute(scoped(at_work, viewer, Placement, Candidate)):
        people.add(one.candidate_id)
        if one.vacancy_id is not None:
            places[one.vacancy_id] += 1
            needs.setdefault(one.vacancy_id, []).append(one.guidance_need)
    return Taken(places, needs, frozenset(people), frozenset(pairs))


def seated(session: Session, viewer: Viewer) -> frozenset[int]:
    """Who has a seat in a programme, or an offer of one."""
    statement = select(Seat.candidate_id).where(Seat.state.in_(_HELD)).distinct()
    return frozenset(session.scalars(scoped(statement, viewer, Seat)))


def is_under_way(session: Session, candidate_id: int, now: datetime) -> bool:
    """Whether a person, found in reach, is being introduced or at work, whoever asked for it."""
    under_way = or_(open_at(now), Introduction.state == IntroductionState.INTRODUCED)
    asked = select(Introduction.id).where(Introduction.candidate_id == candidate_id, under_way)
    if session.scalar(unscoped(asked.limit(1), Introduction)) is not None:
        return True
    works = select(Placement.id).where(
        Placement.candidate_id == candidate_id, Placement.state.in_(placements.OPEN)
    )
    return session.scalar(unscoped(works.limit(1), Placement)) is not None


def is_seated(session: Session, candidate_id: int) -> bool:
    """Whether a person, found in reach, has a seat in a programme or an offer of one."""
    statement = select(Seat.id).where(Seat.candidate_id == candidate_id, Seat.state.in_(_HELD))
    return session.scalar(unscoped(statement.limit(1), Seat)) is not None


def active_programmes(session: Session, viewer: Viewer) -> list[int]:
    """Numbers of the programmes that a region offers, by number."""
    statement = select(Programme.id).where(Programme.is_active).order_by(Programme.id)
    return list(session.scalars(scoped(statement, viewer, Programme)))
