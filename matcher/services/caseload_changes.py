"""Who guides whom: taking somebody on, handing over, standing in, and what the candidate is told.

Passwords are shared where a colleague's people cannot be reached (practice.md section 1). So a
team lead hands over one or all, for good or until a date; both dates are kept and shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Problem
from matcher.models import Candidate, CaseloadChange
from matcher.models.states import CandidateStatus, CaseloadChangeKind
from matcher.repositories import candidates
from matcher.repositories import caseload_changes as rows
from matcher.repositories.records import CandidateRecord
from matcher.services.audit import note_list
from matcher.services.calendar import day_of
from matcher.services.checks import refuse
from matcher.services.transactions import unit_of_work

NOBODY_ID = 0
"""Stands for "nobody" where an account is named: people without a coach who is there."""


@dataclass(frozen=True, slots=True)
class StandIn:
    """Somebody standing in, of whom; `people` counts single candidates, None is all of them."""

    change_ids: tuple[int, ...]
    from_account_id: int
    to_account_id: int
    starts_on: date
    until: date
    people: int | None


@dataclass(frozen=True, slots=True)
class CoachLine:
    """One coach of the region with the number of active people on the caseload."""

    account_id: int
    name: str
    people: int


@dataclass(frozen=True, slots=True)
class Team:
    """The coaches of a region, who stands in for whom, and how many people have nobody."""

    coaches: tuple[CoachLine, ...]
    stand_ins: tuple[StandIn, ...]
    without_coach: int
    left: tuple[CoachLine, ...]
    """Accounts that still own people but cannot guide them any more; counted above too."""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody who can be handed over."""

    candidate_id: int
    reference: str
    first_name: str | None
    waiting_since: date | None


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """What a candidate is told: by right, never by name, from which day until which."""

    kind: CaseloadChangeKind
    from_right: Right | None
    to_right: Right
    starts_on: date
    until: date | None
    ended_on: date | None


def take_on(
    session: Session, viewer: Viewer, candidate_id: int, *, now: datetime
) -> CandidateRecord:
    """Makes a coach the owner of somebody whom nobody guides yet; twice is once.

    Conflict for who is somebody else's, in reach because this account stands in.
    """
    with unit_of_work(session):
        row = candidates.get_row(session, viewer, candidate_id, for_update=True)
        if viewer.account_id is None or not viewer.has(Right.COACH):
            raise Forbidden("only a coach takes somebody on")
        if row.owner_account_id not in (None, viewer.account_id):
            raise Conflict("somebody else guides this candidate")
        if row.owner_account_id is None:
            _give(session, viewer, [row], viewer.account_id, now)
        return candidates.to_record(row)


def team(session: Session, viewer: Viewer, *, on: date) -> Team:
    """The coaches of the lead's region and their caseloads on that day."""
    region = _region_of(viewer)
    counts = rows.people_by_owner(session, viewer)
    coaches = tuple(
        CoachLine(row.id, row.name, counts.get(row.id, 0)) for row in rows.coaches(session, region)
    )
    here = {line.account_id for line in coaches}
    gone = sorted(owner for owner in counts if owner is not None and owner not in here)
    names = rows.names_of(session, gone)
    left = tuple(CoachLine(owner, names.get(owner, ""), counts[owner]) for owner in gone)
    without = counts.get(None, 0) + sum(line.people for line in left)
    return Team(coaches, _stand_ins(rows.stand_ins(session, viewer, on)), without, left)


def _stand_ins(changes: Iterable[CaseloadChange]) -> tuple[StandIn, ...]:
    """Single candidates with the same people and days are one line."""
    grouped: dict[tuple[int, int, date, date, bool], list[int]] = {}
    for row in changes:
        if row.from_account_id is None or row.to_account_id is None or row.until is None:
            continue
        whole = row.candidate_id is None
        key = (row.from_account_id, row.to_account_id, row.starts_on, row.until, whole)
        grouped.setdefault(key, []).append(row.id)
    return tuple(
        StandIn(tuple(ids), giver, taker, starts, until, None if whole else len(ids))
        for (giver, taker, starts, until, whole), ids in grouped.items()
    )


def people_of(
    session: Session, viewer: Viewer, account_id: int, *, limit: int = 500
) -> list[PersonLine]:
    """The active people of a coach, or with `NOBODY_ID` those without one, by name."""
    owners = _owners(session, viewer, account_id)
    found = rows.people_of(session, viewer, owners, limit=limit)
    note_list(session, viewer, "team", query={"account": account_id}, count=len(found))
    lines = [PersonLine(row.id, row.reference, row.first_name, row.waiting_since) for row in found]
    return sorted(lines, key=lambda line: ((line.first_name or "").casefold(), line.reference))


def hand_over(
    session: Session,
    viewer: Viewer,
    *,
    from_account_id: int,
    to_account_id: int,
    candidate_ids: Collection[int] | None,
    now: datetime,
) -> int:
    """Gives people of a coach (or of nobody: `NOBODY_ID`) to another for good; returns how many.

    `candidate_ids` None is everybody. One that is not among them is not found, and then nothing
    is handed over. Stand-ins for these people end.
    """
    with unit_of_work(session):
        _check_coach(session, viewer, to_account_id, "to_account_id", not_equal=from_account_id)
        owners = _owners(session, viewer, from_account_id)
        people = _chosen(session, viewer, owners, candidate_ids)
        _give(session, viewer, people, to_account_id, now)
        return len(people)


def _chosen(
    session: Session,
    viewer: Viewer,
    owners: frozenset[int | None],
    candidate_ids: Collection[int] | None,
) -> list[Candidate]:
    wanted = None if candidate_ids is None else frozenset(candidate_ids)
    people = rows.people_of(session, viewer, owners, among=wanted, for_update=True)
    if wanted is not None and {row.id for row in people} != wanted:
        raise NotFound("candidate")
    if not people:
        raise InvalidInput([Problem("candidate_ids", "names nobody; choose at least one person")])
    return people


def _give(
    session: Session, viewer: Viewer, people: Iterable[Candidate], to_account_id: int, now: datetime
) -> None:
    given = list(people)
    for row in given:
        session.add(
            CaseloadChange(
                region=row.region,
                kind=CaseloadChangeKind.HAND_OVER,
                candidate_id=row.id,
                from_account_id=row.owner_account_id,
                to_account_id=to_account_id,
                starts_on=day_of(now),
                decided_by=viewer.account_id,
                decided_at=now,
            )
        )
    for change in rows.stand_ins_of_candidates(session, viewer, [row.id for row in given]):
        change.ended_at = now
    # Written before the owners change: afterwards the people may be out of the giver's reach.
    session.flush()
    for row in given:
        row.owner_account_id = to_account_id
        row.updated_at = now
    session.flush()


def give_one(
    session: Session, viewer: Viewer, row: Candidate, to_account_id: int, *, now: datetime
) -> None:
    """Hands one person to a coach of the region, by whoever triages; in a unit of work.

    Stand-ins for the person end. InvalidInput for an account that is no coach of the region.
    """
    if not viewer.has(Right.TRIAGER, Right.LEAD):
        raise Forbidden("only a triager or a team lead chooses who guides somebody")
    if to_account_id not in {each.id for each in rows.coaches(session, row.region)}:
        raise InvalidInput([Problem("owner_id", "must be a coach of your region")])
    _give(session, viewer, [row], to_account_id, now)


def take_back(
    session: Session, viewer: Viewer, row: Candidate, *, decided_at: datetime, now: datetime
) -> None:
    """Gives a person back to who guided them before the viewer's own choice of that moment.

    Stand-ins that ended by it stand again. Nothing happens once somebody else took over.
    """
    changes = rows.changes_of(session, viewer, row.id)
    given = [each for each in changes if each.kind is CaseloadChangeKind.HAND_OVER][-1:]
    for change in given:
        own = (change.decided_by, change.decided_at) == (viewer.account_id, decided_at)
        if not own or row.owner_account_id != change.to_account_id:
            return
        for each in changes:
            if each.ended_at == decided_at:
                each.ended_at = None
        change.ended_at = now
        session.flush()
        row.owner_account_id, row.updated_at = change.from_account_id, now


def coaches_of(session: Session, viewer: Viewer) -> list[tuple[int, str]]:
    """Number and name of the coaches of the viewer's region, to choose from."""
    if viewer.region is None or not viewer.has(Right.TRIAGER, Right.LEAD):
        return []
    return [(row.id, row.name) for row in rows.coaches(session, viewer.region)]


def let_stand_in(
    session: Session,
    viewer: Viewer,
    *,
    from_account_id: int,
    to_account_id: int,
    starts_on: date,
    until: date,
    candidate_ids: Collection[int] | None = None,
    now: datetime,
) -> None:
    """Lets a coach reach a colleague's people, all or some, on the days named, both included.

    Who is taken on meanwhile comes along when everybody is meant. InvalidInput for days in the
    past or in the wrong order; Conflict when the same person stands in for the whole on one of
    these days already.
    """
    with unit_of_work(session):
        _check_coach(session, viewer, to_account_id, "to_account_id", not_equal=from_account_id)
        problems = []
        if starts_on < day_of(now):
            problems.append(Problem("starts_on", "must be today or later"))
        if until < starts_on:
            problems.append(Problem("until", "must not be before the first day"))
        refuse(problems)
        _owners(session, viewer, from_account_id)
        if from_account_id == NOBODY_ID:
            raise InvalidInput([Problem("from_account_id", "must be a coach")])
        whom: list[int | None] = [None]
        if candidate_ids is not None:
            owners = frozenset({from_account_id})
            whom = [row.id for row in _chosen(session, viewer, owners, candidate_ids)]
        elif _stands_in(session, viewer, from_account_id, to_account_id, starts_on, until):
            raise Conflict("this coach stands in on these days already")
        for candidate_id in whom:
            session.add(
                CaseloadChange(
                    region=_region_of(viewer),
                    kind=CaseloadChangeKind.STAND_IN,
                    candidate_id=candidate_id,
                    from_account_id=from_account_id,
                    to_account_id=to_account_id,
                    starts_on=starts_on,
                    until=until,
                    decided_by=viewer.account_id,
                    decided_at=now,
                )
            )


def _stands_in(
    session: Session, viewer: Viewer, giver: int, taker: int, starts_on: date, until: date
) -> bool:
    return any(
        (row.from_account_id, row.to_account_id, row.candidate_id) == (giver, taker, None)
        and row.starts_on <= until
        for row in rows.stand_ins(session, viewer, starts_on)
    )


def end_stand_in(
    session: Session, viewer: Viewer, change_ids: Collection[int], *, now: datetime
) -> None:
    """Ends stand-ins at once; one that ended stays as it ended. NotFound for any other change."""
    with unit_of_work(session):
        _region_of(viewer)
        for change_id in change_ids:
            row = rows.find_change(session, viewer, change_id)
            if row is None or row.kind is not CaseloadChangeKind.STAND_IN:
                raise NotFound("stand-in")
            row.ended_at = row.ended_at or now


def _region_of(viewer: Viewer) -> str:
    if viewer.region is None or not viewer.has(Right.LEAD):
        raise Forbidden("only a team lead divides the work")
    return viewer.region


def _owners(session: Session, viewer: Viewer, account_id: int) -> frozenset[int | None]:
    """The owners that are meant; NotFound for an account that is no coach of this team."""
    region = _region_of(viewer)
    here = {row.id for row in rows.coaches(session, region)}
    gone = {owner for owner in rows.people_by_owner(session, viewer) if owner not in here}
    if account_id == NOBODY_ID:
        return frozenset(gone | {None})
    if account_id not in here | gone:
        raise NotFound("account")
    return frozenset({account_id})


def _check_coach(
    session: Session, viewer: Viewer, account_id: int, field: str, *, not_equal: int
) -> None:
    region = _region_of(viewer)
    if account_id == not_equal:
        raise InvalidInput([Problem(field, "must be somebody else")])
    if account_id not in {row.id for row in rows.coaches(session, region)}:
        raise InvalidInput([Problem(field, "must be a coach of your region")])


def changes_for_candidate(session: Session, viewer: Viewer) -> list[ChangeShown]:
    """Hand-overs and stand-ins of the own file, newest first; nothing about the coaches.

    A stand-in for a whole caseload counts as far as the candidate was on it in those days.
    """
    if viewer.candidate_id is None or not viewer.has(Right.CANDIDATE):
        raise NotFound("candidate")
    person = candidates.get_row(session, viewer, viewer.candidate_id)
    own = rows.changes_of(session, viewer, person.id)
    periods = _periods(person, [row for row in own if row.kind is CaseloadChangeKind.HAND_OVER])
    found = [*own]
    for row in rows.whole_stand_ins(session, person.region, {owner for owner, _, _ in periods}):
        last = row.until if row.ended_at is None else day_of(row.ended_at)
        if any(
            row.from_account_id == owner
            and (last is None or begins <= last)
            and (ends is None or row.starts_on <= ends)
            for owner, begins, ends in periods
        ):
            found.append(row)
    found.sort(key=lambda row: (row.starts_on, row.decided_at, row.id), reverse=True)
    return [_shown(row) for row in found]


def _periods(
    person: Candidate, hand_overs: Iterable[CaseloadChange]
) -> list[tuple[int, date, date | None]]:
    """Who owned the file from which day until which; None is still."""
    found: list[tuple[int, date, date | None]] = []
    begins = day_of(person.created_at)
    for row in hand_overs:
        if row.from_account_id is not None:
            found.append((row.from_account_id, begins, row.starts_on))
        begins = row.starts_on
    if person.owner_account_id is not None and person.status is CandidateStatus.ACTIVE:
        found.append((person.owner_account_id, begins, None))
    return found


def _shown(row: CaseloadChange) -> ChangeShown:
    is_first = row.kind is CaseloadChangeKind.HAND_OVER and row.from_account_id is None
    return ChangeShown(
        kind=row.kind,
        from_right=None if is_first else Right.COACH,
        to_right=Right.COACH,
        starts_on=row.starts_on,
        until=row.until,
        ended_on=None if row.ended_at is None else day_of(row.ended_at),
    )
