"""Lists of who fits a place: the list, its lines, and what keeps somebody off one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import Lane
from matcher.models import (
    Candidate,
    Decision,
    DecisionUndo,
    Introduction,
    Placement,
    Shortlist,
    ShortlistLine,
    Vacancy,
)
from matcher.models.request_states import ShortlistState
from matcher.models.states import DecisionSubject, IntroductionState
from matcher.repositories import placements
from matcher.repositories.decisions import not_undone
from matcher.repositories.scope import scoped, unscoped
from matcher.repositories.vacancies import to_profile


def find(session: Session, viewer: Viewer, vacancy_id: int) -> Shortlist | None:
    """The list of a vacancy in reach of `viewer`; None where none was asked for."""
    statement = select(Shortlist).where(Shortlist.vacancy_id == vacancy_id)
    # Read anew: whoever waited for the lock of the vacancy sees what was drawn meanwhile.
    found = scoped(statement, viewer, Shortlist).execution_options(populate_existing=True)
    return session.scalar(found)


def lines_of(session: Session, viewer: Viewer, shortlist_id: int) -> list[ShortlistLine]:
    """The lines of a list in reach, in their order."""
    statement = (
        select(ShortlistLine)
        .where(ShortlistLine.shortlist_id == shortlist_id)
        .order_by(ShortlistLine.position)
    )
    return list(session.scalars(scoped(statement, viewer, ShortlistLine)))


def lines_about(session: Session, viewer: Viewer) -> list[tuple[ShortlistLine, Shortlist, Vacancy]]:
    """The lines behind which the viewer, a candidate, stands, newest first."""
    statement = (
        select(ShortlistLine, Shortlist, Vacancy)
        .join(Shortlist, Shortlist.id == ShortlistLine.shortlist_id)
        .join(Vacancy, Vacancy.id == Shortlist.vacancy_id)
        .where(ShortlistLine.candidate_id == viewer.candidate_id)
        .order_by(ShortlistLine.id.desc())
    )
    # The list and the vacancy of a line in reach, as for an introduction.
    found = unscoped(scoped(statement, viewer, ShortlistLine), Shortlist, Vacancy)
    return [(row[0], row[1], row[2]) for row in session.execute(found)]


def frozen(session: Session, vacancy_ids: Iterable[int]) -> Mapping[int, str]:
    """By vacancy the hash of what it asks, of those whose list was asked for."""
    # Whoever changes a vacancy found it in reach; that its demands stand, everybody hears.
    statement = select(Shortlist.vacancy_id, Shortlist.demands_hash).where(
        Shortlist.vacancy_id.in_(list(vacancy_ids)), Shortlist.asked_at.is_not(None)
    )
    found = session.execute(unscoped(statement, Shortlist))
    return {row.vacancy_id: row.demands_hash or "" for row in found}


def asked_since(
    session: Session, organisation_id: int, since: datetime, *, besides: int
) -> list[tuple[int, VacancyProfile]]:
    """The places of a firm whose list was asked for since a moment, newest first."""
    # Of the firm as a whole, whoever of it asks.
    statement = (
        select(Vacancy)
        .join(Shortlist, Shortlist.vacancy_id == Vacancy.id)
        .where(
            Shortlist.organisation_id == organisation_id,
            Shortlist.asked_at >= since,
            Shortlist.vacancy_id != besides,
        )
        .order_by(Shortlist.id.desc())
    )
    found = session.scalars(unscoped(statement, Shortlist, Vacancy))
    return [(row.id, to_profile(row)) for row in found]


def replace_lines(session: Session, row: Shortlist, lines: Iterable[ShortlistLine]) -> None:
    """The lines of a new drawing instead of those before."""
    forget_lines(session, row)
    session.add_all(lines)
    session.flush()


def forget_lines(session: Session, row: Shortlist) -> None:
    """Takes out the lines of a list in reach."""
    # The list was found in reach, and all of its lines go with it.
    statement = delete(ShortlistLine).where(ShortlistLine.shortlist_id == row.id)
    session.execute(unscoped(statement, ShortlistLine).execution_options(synchronize_session=False))


def kept_off(session: Session, region: str, vacancy_id: int, lanes: Iterable[Lane]) -> set[int]:
    """Who stands on no list for this vacancy: at work or met elsewhere, asked for this very place
    before, or about whom a person decided another lane.

    What somebody answered to an invitation plays no part.
    """
    # A contractor asks; only lines that name nobody leave the service.
    met = select(Introduction.candidate_id).where(
        Introduction.region == region, Introduction.state == IntroductionState.INTRODUCED
    )
    asked = select(Introduction.candidate_id).where(Introduction.vacancy_id == vacancy_id)
    works = (
        select(Placement.candidate_id)
        .join(Candidate, Candidate.id == Placement.candidate_id)
        .where(Candidate.region == region, Placement.state.in_(placements.OPEN))
    )
    newest = (
        select(func.max(Decision.id))
        .join(Candidate, Candidate.id == Decision.candidate_id)
        .where(Candidate.region == region, Decision.subject == DecisionSubject.LANE, not_undone())
        .group_by(Decision.candidate_id)
    )
    decided = select(Decision.candidate_id).where(
        Decision.id.in_(newest), Decision.chosen.not_in([lane.value for lane in lanes])
    )
    found: set[int] = set()
    for statement, tables in (
        (met, (Introduction,)),
        (asked, (Introduction,)),
        (works, (Placement, Candidate)),
        (decided, (Decision, DecisionUndo, Candidate)),
    ):
        found.update(number for number in session.scalars(unscoped(statement, *tables)) if number)
    return found


def person(session: Session, candidate_id: int | None) -> Candidate | None:
    """Who is behind a line that was found in reach; None once erased."""
    # A contractor reaches no candidates; nothing of them leaves the service.
    statement = select(Candidate).where(Candidate.id == candidate_id)
    return session.scalar(unscoped(statement, Candidate))


def too_few(session: Session, viewer: Viewer) -> Mapping[int, tuple[datetime, datetime]]:
    """By vacancy in reach, whose list had too few lines: since when, and by when somebody calls."""
    statement = select(Shortlist.vacancy_id, Shortlist.drawn_at, Shortlist.call_by).where(
        Shortlist.state == ShortlistState.TOO_FEW, Shortlist.call_by.is_not(None)
    )
    found = session.execute(scoped(statement, viewer, Shortlist))
    return {row.vacancy_id: (row.drawn_at, row.call_by) for row in found}
