"""Files that may be of one person: found after an import, listed, and looked up once merged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import NotFound
from matcher.models import Candidate, ProbableDouble
from matcher.models.states import CandidateStatus, DoubleState
from matcher.repositories.paging import after, decode_cursor, read_page
from matcher.repositories.recording import note_list
from matcher.repositories.records import Page, Record
from matcher.repositories.scope import numbered, scoped

FOUND_MAXIMUM: Final = 1_000
"""Pairs that one import adds to the list; more than that nobody looks through."""
OF_ONE_MAXIMUM: Final = 3
"""With more people alike than this, a name and a postcode tell nothing any more."""
KIND: Final = ProbableDouble.__tablename__
_CHUNK: Final = 400


@dataclass(frozen=True, slots=True)
class DoubleRecord(Record):
    """Two files that may be of one person, the earlier one first."""

    id: int
    version: int
    candidate_id: int
    later_id: int
    state: DoubleState
    decided_at: datetime | None
    created_at: datetime
    updated_at: datetime


def to_record(row: ProbableDouble) -> DoubleRecord:
    """The row as a frozen value."""
    return DoubleRecord(**{name: getattr(row, name) for name in DoubleRecord.__slots__})


def last_candidate(session: Session, viewer: Viewer) -> int:
    """The highest number of a candidate in reach; later ones are new."""
    statement = scoped(select(func.max(Candidate.id)), viewer, Candidate)
    return session.scalar(statement) or 0


def _people(session: Session, viewer: Viewer) -> Iterator[Any]:
    statement = (
        select(Candidate.id, Candidate.first_name, Candidate.pc4, Candidate.owner_account_id)
        .where(
            Candidate.status == CandidateStatus.ACTIVE,
            Candidate.first_name.is_not(None),
            Candidate.pc4.is_not(None),
        )
        .order_by(Candidate.id)
    )
    yield from session.execute(scoped(statement, viewer, Candidate))


def note_new(session: Session, viewer: Viewer, *, after: int, now: datetime) -> int:
    """Lists pairs of a candidate with a number over `after` and an earlier one; how many.

    The same first name, postcode and coach (practice.md section 1); a coach who is not known on
    one side does not tell two people apart.
    """
    earlier: dict[tuple[str, int], list[tuple[int, int | None]]] = defaultdict(list)
    found: list[tuple[int, int]] = []
    for number, name, pc4, owner in _people(session, viewer):
        alike = earlier[(name.casefold(), pc4)]
        if number > after:
            others = [who for who, coach in alike if coach is None or owner in (None, coach)]
            if len(others) <= OF_ONE_MAXIMUM:
                found += [(who, number) for who in others]
        alike.append((number, owner))
    known = _known_pairs(session, viewer, {later for _, later in found})
    fresh = [pair for pair in found if pair not in known][:FOUND_MAXIMUM]
    for first, later in fresh:
        session.add(
            ProbableDouble(
                region=viewer.region,
                candidate_id=first,
                later_id=later,
                state=DoubleState.OPEN,
                created_at=now,
                updated_at=now,
            )
        )
    session.flush()
    return len(fresh)


def _known_pairs(session: Session, viewer: Viewer, later: set[int]) -> set[tuple[int, int]]:
    wanted = sorted(later)
    found: set[tuple[int, int]] = set()
    for start in range(0, len(wanted), _CHUNK):
        statement = select(ProbableDouble.candidate_id, ProbableDouble.later_id).where(
            ProbableDouble.later_id.in_(wanted[start : start + _CHUNK])
        )
        rows = session.execute(scoped(statement, viewer, ProbableDouble))
        found |= {(row.candidate_id, row.later_id) for row in rows}
    return found


def kept_references(session: Session, viewer: Viewer, references: Iterable[str]) -> dict[str, str]:
    """For each of `references` whose file was merged into another, the reference of that one."""
    merged = (
        select(ProbableDouble.later_id, ProbableDouble.candidate_id)
        .where(ProbableDouble.state == DoubleState.MERGED)
        .order_by(ProbableDouble.id)
    )
    kept = {row[0]: row[1] for row in session.execute(scoped(merged, viewer, ProbableDouble))}
    if not kept:
        return {}
    wanted = set(references)
    names = _references(session, viewer, {*kept, *kept.values()})
    return {
        names[later]: names[first]
        for later, first in kept.items()
        if later in names and first in names and names[later] in wanted
    }


def _references(session: Session, viewer: Viewer, numbers: Iterable[int]) -> dict[int, str]:
    wanted = sorted(numbers)
    found: dict[int, str] = {}
    for start in range(0, len(wanted), _CHUNK):
        statement = select(Candidate.id, Candidate.reference).where(
            Candidate.id.in_(wanted[start : start + _CHUNK])
        )
        rows = session.execute(scoped(statement, viewer, Candidate))
        found |= {row.id: row.reference for row in rows}
    return found


def get_row(
    session: Session, viewer: Viewer, double_id: int, *, for_update: bool = False
) -> ProbableDouble:
    """A pair in reach; NotFound for any other."""
    statement = scoped(
        select(ProbableDouble).where(numbered(ProbableDouble, double_id)), viewer, ProbableDouble
    )
    if for_update:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(statement)
    if found is None:
        raise NotFound("pair")
    return found


def count_open(session: Session, viewer: Viewer) -> int:
    """How many pairs wait for somebody to look."""
    statement = select(func.count(ProbableDouble.id)).where(
        ProbableDouble.state == DoubleState.OPEN
    )
    return session.scalar(scoped(statement, viewer, ProbableDouble)) or 0


def page(
    session: Session, viewer: Viewer, *, decided: bool, cursor: str | None, limit: int
) -> Page[tuple[DoubleRecord, Candidate, Candidate]]:
    """Pairs with both files, those found last on top; that people were shown is noted."""
    is_open = ProbableDouble.state == DoubleState.OPEN
    statement: Any = (
        select(ProbableDouble)
        .where(~is_open if decided else is_open)
        .order_by(ProbableDouble.id.desc())
    )
    if cursor is not None:
        statement = statement.where(after((-ProbableDouble.id,), decode_cursor(cursor, (int,))))
    found = read_page(
        session,
        scoped(statement, viewer, ProbableDouble),
        limit=limit,
        key_of=lambda row: (-row[0].id,),
        make=lambda row: to_record(row[0]),
    )
    numbers = {number for each in found.items for number in (each.candidate_id, each.later_id)}
    of_these = scoped(select(Candidate).where(Candidate.id.in_(numbers)), viewer, Candidate)
    people = {row.id: row for row in session.scalars(of_these)}
    note_list(session, viewer, KIND, query={"decided": decided or None}, count=len(people))
    pairs = tuple(
        (each, people[each.candidate_id], people[each.later_id])
        for each in found.items
        if each.candidate_id in people and each.later_id in people
    )
    return Page(pairs, found.next_cursor)
