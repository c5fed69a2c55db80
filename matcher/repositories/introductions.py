"""Introductions, what was said to them, and their steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import NotFound
from matcher.models import (
    Account,
    Agreement,
    Candidate,
    Introduction,
    IntroductionEvent,
    IntroductionRefusal,
    Vacancy,
)
from matcher.models.states import ConsentAnswer, IntroductionState
from matcher.repositories import placements
from matcher.repositories.paging import after, decode_cursor, read_page
from matcher.repositories.records import Page, Record
from matcher.repositories.scope import numbered, scoped, unscoped

_EVENTS: Any = IntroductionEvent.__table__
NOT_AVAILABLE = "not_available"
"""One ending for no, no answer, and not available any more."""


@dataclass(frozen=True, slots=True)
class IntroductionRecord(Record):
    """An introduction as kept, without version and times of change: they are shown to nobody."""

    id: int
    region: str
    candidate_id: int | None
    vacancy_id: int
    organisation_id: int
    pseudonym: str
    state: IntroductionState
    answer: ConsentAnswer | None
    invited_at: datetime
    expires_at: datetime
    asked_coach_at: datetime | None
    talked_at: datetime | None
    closed_at: datetime | None
    closed_code: str | None
    shares: tuple[str, ...]
    shown: Mapping[str, Any]


def to_record(row: Introduction) -> IntroductionRecord:
    """The row as a frozen value."""
    return IntroductionRecord(
        id=row.id,
        region=row.region,
        candidate_id=row.candidate_id,
        vacancy_id=row.vacancy_id,
        organisation_id=row.organisation_id,
        pseudonym=row.pseudonym,
        state=row.state,
        answer=row.answer,
        invited_at=row.invited_at,
        expires_at=row.expires_at,
        asked_coach_at=row.asked_coach_at,
        talked_at=row.talked_at,
        closed_at=row.closed_at,
        closed_code=row.closed_code,
        shares=row.shares,
        shown=row.shown,
    )


def get_row(session: Session, viewer: Viewer, introduction_id: int) -> Introduction:
    """The row in reach of `viewer`; NotFound for any other."""
    statement = select(Introduction).where(numbered(Introduction, introduction_id))
    found = session.scalar(scoped(statement, viewer, Introduction))
    if found is None:
        raise NotFound("introduction")
    return found


def locked(session: Session, viewer: Viewer, introduction_id: int) -> tuple[Introduction, Vacancy]:
    """The row in reach and its vacancy, both locked for a change; NotFound for any other.

    The vacancy comes first, as everywhere: whoever counts its places queues for it.
    """
    vacancy = vacancy_of(session, get_row(session, viewer, introduction_id), for_update=True)
    statement = scoped(
        select(Introduction).where(Introduction.id == introduction_id), viewer, Introduction
    )
    found = session.scalar(statement.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFound("introduction")
    return found, vacancy


def vacancy_of(session: Session, row: Introduction, *, for_update: bool = False) -> Vacancy:
    """The vacancy of an introduction in reach."""
    # A candidate reaches no vacancies but those offered to them; the introduction was in reach.
    statement = unscoped(select(Vacancy).where(Vacancy.id == row.vacancy_id), Vacancy)
    if for_update:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.scalars(statement).one()


def candidate_of(session: Session, row: Introduction) -> Candidate | None:
    """The person of an introduction in reach; None once erased."""
    # A contractor reaches no candidates; what may be shown of this one is decided by the service.
    statement = select(Candidate).where(Candidate.id == row.candidate_id)
    return session.scalar(unscoped(statement, Candidate))


def open_at(now: datetime) -> Any:
    """The condition that an introduction is an open invitation at a moment, answered or not."""
    return or_(
        and_(Introduction.state == IntroductionState.INVITED, Introduction.expires_at > now),
        Introduction.state == IntroductionState.ACCEPTED,
    )


def count_open(session: Session, vacancy_id: int, now: datetime) -> int:
    """Open invitations of a vacancy, whoever made them; a refused one counts until it expires."""
    return _count(session, vacancy_id, open_at(now))


def count_introduced(session: Session, vacancy_id: int) -> int:
    """Places of a vacancy that are kept for somebody who was met, or at which somebody works."""
    met = _count(session, vacancy_id, Introduction.state == IntroductionState.INTRODUCED)
    return met + placements.count_taken(session, vacancy_id)


def _count(session: Session, vacancy_id: int, condition: Any) -> int:
    # Places are counted over everybody, whoever of them the viewer may reach.
    statement = (
        select(func.count())
        .select_from(Introduction)
        .where(Introduction.vacancy_id == vacancy_id, condition)
    )
    return session.scalar(unscoped(statement, Introduction)) or 0


def guidance_taken(session: Session, vacancy_id: int, *, besides: int) -> float:
    """Hours of guidance a week that people who were met or work at a site need; unknown count none.

    `besides` is the number of the person for whom it is asked.
    """
    # Hours are counted over everybody, as places are.
    statement = (
        select(func.sum(Candidate.guidance_need))
        .join(Introduction, Introduction.candidate_id == Candidate.id)
        .where(
            Introduction.vacancy_id == vacancy_id,
            Introduction.state == IntroductionState.INTRODUCED,
            Candidate.id != besides,
        )
    )
    met = session.scalar(unscoped(statement, Introduction, Candidate)) or 0.0
    return met + placements.guidance_taken(session, vacancy_id, besides=besides)


def was_invited(session: Session, candidate_id: int, vacancy_id: int) -> bool:
    """Whether this person was invited for this vacancy and the invitation is still kept."""
    # The candidate was found in scope; a colleague's invitation counts as well.
    statement = select(Introduction.id).where(
        Introduction.candidate_id == candidate_id, Introduction.vacancy_id == vacancy_id
    )
    return session.scalar(unscoped(statement.limit(1), Introduction)) is not None


def narrowed(
    viewer: Viewer,
    *,
    kept_since: datetime,
    candidate_id: int | None = None,
    vacancy_id: int | None = None,
) -> Select[Any]:
    """Introductions in reach with their vacancies, newest first, without those long closed.

    `kept_since` is when something must have closed, or expired, to be still shown.
    """
    closed = func.coalesce(Introduction.closed_at, Introduction.expires_at)
    over = or_(
        Introduction.state == IntroductionState.CLOSED,
        Introduction.state == IntroductionState.INVITED,
    )
    columns: tuple[Any, ...] = (Introduction, Vacancy)
    statement = (
        select(*columns)
        .join(Vacancy, Vacancy.id == Introduction.vacancy_id)
        .where(~and_(over, closed <= kept_since))
    )
    if candidate_id is not None:
        statement = statement.where(Introduction.candidate_id == candidate_id)
    if vacancy_id is not None:
        statement = statement.where(Introduction.vacancy_id == vacancy_id)
    # The vacancy of an introduction in reach, as in `vacancy_of`.
    return unscoped(scoped(statement, viewer, Introduction), Vacancy)


def list_rows(session: Session, statement: Select[Any]) -> list[tuple[Introduction, Vacancy]]:
    """All of `narrowed`, newest first."""
    return [(row[0], row[1]) for row in session.execute(statement.order_by(Introduction.id.desc()))]


def page(
    session: Session, statement: Select[Any], *, cursor: str | None, limit: int
) -> Page[tuple[Introduction, Vacancy]]:
    """One page of `narrowed`, in the order in which people were invited."""
    if cursor is not None:
        statement = statement.where(after([Introduction.id], decode_cursor(cursor, (int,))))
    return read_page(
        session,
        statement.order_by(Introduction.id),
        limit=limit,
        key_of=lambda row: (row[0].id,),
        make=lambda row: (row[0], row[1]),
    )


def names_of(
    session: Session, viewer: Viewer, candidate_ids: Iterable[int]
) -> dict[int, tuple[str, str | None]]:
    """Reference and first name of the candidates in reach, by number."""
    statement = select(Candidate.id, Candidate.reference, Candidate.first_name).where(
        Candidate.id.in_(list(candidate_ids))
    )
    found = session.execute(scoped(statement, viewer, Candidate))
    return {row.id: (row.reference, row.first_name) for row in found}


def refused_ids(session: Session, viewer: Viewer) -> frozenset[int]:
    """What the viewer, a candidate, said no to; nothing for everybody else."""
    statement = select(IntroductionRefusal.introduction_id)
    return frozenset(session.scalars(scoped(statement, viewer, IntroductionRefusal)))


def add_event(
    session: Session,
    row: Introduction,
    step: str,
    right: Right,
    viewer: Viewer,
    now: datetime,
    *,
    key: str | None = None,
) -> None:
    """Notes one step that everybody on the introduction may know."""
    session.add(
        IntroductionEvent(
            region=row.region,
            introduction_id=row.id,
            step=step,
            by_right=right.value,
            account_id=viewer.account_id,
            at=now,
            key=key,
        )
    )


def noted_under(session: Session, row: Introduction, key: str) -> str | None:
    """The step that a key noted on an introduction in reach; None for a new key."""
    # The introduction was found in reach, and only who has the key asks.
    statement = select(IntroductionEvent.step).where(
        IntroductionEvent.introduction_id == row.id, IntroductionEvent.key == key
    )
    return session.scalar(unscoped(statement, IntroductionEvent))


def refused_under(session: Session, viewer: Viewer, row: Introduction, key: str) -> bool:
    """Whether the viewer, a candidate, said no with this key; never for anybody else."""
    statement = select(IntroductionRefusal.id).where(
        IntroductionRefusal.introduction_id == row.id, IntroductionRefusal.key == key
    )
    return session.scalar(scoped(statement, viewer, IntroductionRefusal)) is not None


def invited_under(session: Session, viewer: Viewer, key: str | None) -> Introduction | None:
    """What the viewer's account invited with this key, in reach; None for a new key."""
    if key is None:
        return None
    event = _EVENTS.alias()
    same = (event.c.step == "invited", event.c.key == key)
    by_them = event.c.account_id.is_not_distinct_from(viewer.account_id)
    statement = select(Introduction).where(
        exists().where(event.c.introduction_id == Introduction.id, *same, by_them)
    )
    return session.scalar(scoped(statement, viewer, Introduction))


def contractor_accounts(session: Session, organisation_id: int) -> list[Account]:
    """Who signs in for an organisation."""
    statement = select(Account).where(
        Account.organisation_id == organisation_id, Account.is_active.is_(True)
    )
    found = session.scalars(statement.order_by(Account.id))
    return [row for row in found if Right.CONTRACTOR in row.rights]


def close_expired(session: Session, now: datetime) -> int:
    """Closes every invitation that expired without a yes, as of the moment it expired; how many."""
    # The service itself, for all regions: what everybody sees was the same already.
    statement = (
        update(Introduction)
        .where(Introduction.state == IntroductionState.INVITED, Introduction.expires_at <= now)
        .values(
            state=IntroductionState.CLOSED,
            closed_at=Introduction.expires_at,
            closed_code=NOT_AVAILABLE,
            shown={},
            version=Introduction.version + 1,
            updated_at=Introduction.expires_at,
        )
        .execution_options(synchronize_session=False)
    )
    return _changed_by(session, unscoped(statement, Introduction))


def erase_closed(session: Session, before: datetime) -> int:
    """Takes out what closed before a moment, with its refusals and steps; how many."""
    # The service itself, for all regions.
    old = select(Introduction.id).where(
        Introduction.state == IntroductionState.CLOSED, Introduction.closed_at <= before
    )
    ids = list(session.scalars(unscoped(old, Introduction)))
    gone: list[tuple[Any, Any]] = [
        (Agreement, Agreement.introduction_id),
        (IntroductionRefusal, IntroductionRefusal.introduction_id),
        (IntroductionEvent, IntroductionEvent.introduction_id),
        (Introduction, Introduction.id),
    ]
    for model, column in gone:
        statement = delete(model).where(column.in_(ids))
        session.execute(unscoped(statement, model).execution_options(synchronize_session=False))
    return len(ids)


def rows_of_candidate(session: Session, candidate_id: int) -> list[Introduction]:
    """Every introduction of one person, locked, for letting go of the person."""
    # Erasing somebody reaches everything of them, whoever asks for it.
    statement = select(Introduction).where(Introduction.candidate_id == candidate_id)
    return list(session.scalars(unscoped(statement, Introduction).with_for_update()))


def forget_refusals(session: Session, candidate_id: int) -> None:
    """Takes out what one person said no to."""
    # As in `rows_of_candidate`.
    statement = delete(IntroductionRefusal).where(IntroductionRefusal.candidate_id == candidate_id)
    session.execute(
        unscoped(statement, IntroductionRefusal).execution_options(synchronize_session=False)
    )


def _changed_by(session: Session, statement: Any) -> int:
    result: Any = session.execute(statement)
    return int(result.rowcount)
