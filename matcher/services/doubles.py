"""Probable doubles: two files are put together by a person, and taken apart again by one.

The earlier file is kept. It gets what it did not know and the later one did; nothing that it knew
changes. The later file is closed and stays as it was, so that taking apart gives both back. A file
with the reference of the later one that comes in afterwards goes to the kept one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, Stale
from matcher.models import Candidate, ProbableDouble
from matcher.models.states import CandidateStatus, DoubleState
from matcher.repositories import candidates
from matcher.repositories import doubles as rows
from matcher.repositories.doubles import DoubleRecord
from matcher.repositories.records import Page
from matcher.services.calendar import day_of
from matcher.services.transactions import unit_of_work
from matcher.services.visibility import Kind, show

_KEPT: Final = ("reference", "region")
_EMPTY: Final[tuple[object, ...]] = (None, (), frozenset())
_MERGED: Final = tuple(
    name
    for name in (*candidates.PROFILE_FIELDS, "first_name", "goal")
    if name not in (*_KEPT, "wants_start", "paused_until", "waiting_since")
)
_LIST: Final = "l"
_SET: Final = "s"
_DAY: Final = "d"
_PLAIN: Final = "v"


@dataclass(frozen=True, slots=True)
class DoubleLine:
    """A pair with what may be shown of both, and how many answers the later one would add."""

    double: DoubleRecord
    earlier: Mapping[str, Any]
    later: Mapping[str, Any]
    adds: tuple[str, ...]
    differs: tuple[str, ...]


def _allowed(viewer: Viewer) -> None:
    if not viewer.has(Right.TRIAGER, Right.LEAD):
        raise Forbidden("none of your rights may put files together")


def count_open(session: Session, viewer: Viewer) -> int:
    """How many pairs wait for somebody to look."""
    _allowed(viewer)
    return rows.count_open(session, viewer)


def list_doubles(
    session: Session,
    viewer: Viewer,
    *,
    decided: bool = False,
    cursor: str | None = None,
    limit: int = 25,
) -> Page[DoubleLine]:
    """Pairs to look at, or with `decided` those that somebody looked at, the newest on top."""
    _allowed(viewer)
    found = rows.page(session, viewer, decided=decided, cursor=cursor, limit=limit)
    lines = tuple(_line(viewer, *item) for item in found.items)
    return Page(lines, found.next_cursor)


def get_double(session: Session, viewer: Viewer, double_id: int) -> DoubleRecord:
    """One pair in reach; NotFound for any other."""
    _allowed(viewer)
    return rows.to_record(rows.get_row(session, viewer, double_id))


def _line(viewer: Viewer, double: DoubleRecord, first: Candidate, later: Candidate) -> DoubleLine:
    shown = [
        show(Kind.CANDIDATE, candidates.to_record(row).as_mapping(), viewer.rights)
        for row in (first, later)
    ]
    adds = tuple(_added(first, later))
    differs = tuple(
        name
        for name in _MERGED
        if _value(first, name) not in _EMPTY
        and _value(later, name) not in _EMPTY
        and _value(first, name) != _value(later, name)
        and name in shown[0]
    )
    return DoubleLine(double, shown[0], shown[1], adds, differs)


def _value(row: Candidate, name: str) -> Any:
    return getattr(row, name)


def _added(first: Candidate, later: Candidate) -> dict[str, Any]:
    """What the earlier file does not know and the later one does."""
    found = {
        name: _value(later, name)
        for name in _MERGED
        if _value(first, name) in _EMPTY and _value(later, name) not in _EMPTY
    }
    low = found.get("hours_min", first.hours_min)
    high = found.get("hours_max", first.hours_max)
    if low is not None and high is not None and low > high:
        # Each is right in its own file; together they would be a row that cannot be.
        found.pop("hours_min", None)
        found.pop("hours_max", None)
    if first.contact_value is None and later.contact_value is not None:
        found |= {"contact_kind": later.contact_kind, "contact_value": later.contact_value}
    if first.owner_account_id is None and later.owner_account_id is not None:
        found["owner_account_id"] = later.owner_account_id
    return found


def merge(
    session: Session,
    viewer: Viewer,
    double_id: int,
    *,
    expected_version: int | None = None,
    now: datetime,
) -> DoubleRecord:
    """Puts the later file into the earlier one; merging again changes nothing.

    Conflict when one of the two was closed or merged elsewhere meanwhile.
    """
    with unit_of_work(session):
        row = _locked(session, viewer, double_id, expected_version)
        if row.state is DoubleState.MERGED:
            return rows.to_record(row)
        first = candidates.get_row(session, viewer, row.candidate_id, for_update=True)
        later = candidates.get_row(session, viewer, row.later_id, for_update=True)
        if CandidateStatus.CLOSED in (first.status, later.status):
            raise Conflict("one of the two files is closed; open it first")
        added = _added(first, later)
        row.undo = {name: _kept(value) for name, value in added.items()}
        if candidates.fill(first, added):
            first.updated_at = now
        later.status = CandidateStatus.CLOSED
        later.closed_on = day_of(now)
        later.updated_at = now
        return _decided(session, viewer, row, DoubleState.MERGED, now)


def keep_apart(
    session: Session,
    viewer: Viewer,
    double_id: int,
    *,
    expected_version: int | None = None,
    now: datetime,
) -> DoubleRecord:
    """Notes that somebody looked and they are two people."""
    with unit_of_work(session):
        row = _locked(session, viewer, double_id, expected_version)
        if row.state is DoubleState.MERGED:
            raise Conflict("these files are merged; undo that first")
        return _decided(session, viewer, row, DoubleState.APART, now)


def undo(
    session: Session,
    viewer: Viewer,
    double_id: int,
    *,
    expected_version: int | None = None,
    now: datetime,
) -> DoubleRecord:
    """Takes the last decision about a pair back: both files stand as before.

    What the kept file got from the other one goes again, unless somebody changed it meanwhile.
    """
    with unit_of_work(session):
        row = _locked(session, viewer, double_id, expected_version)
        if row.state is DoubleState.MERGED:
            first = candidates.get_row(session, viewer, row.candidate_id, for_update=True)
            later = candidates.get_row(session, viewer, row.later_id, for_update=True)
            given = {name: _again(kept) for name, kept in (row.undo or {}).items()}
            back = {name: _nothing(v) for name, v in given.items() if _value(first, name) == v}
            if candidates.fill(first, back):
                first.updated_at = now
            later.status = CandidateStatus.ACTIVE
            later.closed_on = None
            later.updated_at = now
        row.undo = None
        return _decided(session, viewer, row, DoubleState.OPEN, now)


def _locked(
    session: Session, viewer: Viewer, double_id: int, expected: int | None
) -> ProbableDouble:
    _allowed(viewer)
    row = rows.get_row(session, viewer, double_id, for_update=True)
    if expected is not None and row.version != expected:
        raise Stale("pair", row.version)
    return row


def _decided(
    session: Session, viewer: Viewer, row: ProbableDouble, state: DoubleState, now: datetime
) -> DoubleRecord:
    row.state = state
    row.decided_by = None if state is DoubleState.OPEN else viewer.account_id
    row.decided_at = None if state is DoubleState.OPEN else now
    row.updated_at = now
    session.flush()
    return rows.to_record(row)


def _kept(value: Any) -> list[Any]:
    """A value of a candidate as JSON that comes back as it was."""
    if isinstance(value, frozenset):
        return [_SET, sorted(value)]
    if isinstance(value, tuple):
        return [_LIST, [list(item) if isinstance(item, tuple) else item for item in value]]
    if isinstance(value, date):
        return [_DAY, value.isoformat()]
    return [_PLAIN, value]


def _again(kept: list[Any]) -> Any:
    kind, value = kept
    if kind == _SET:
        return frozenset(value)
    if kind == _LIST:
        return tuple(tuple(item) if isinstance(item, list) else item for item in value)
    return date.fromisoformat(value) if kind == _DAY else value


def _nothing(value: Any) -> Any:
    if isinstance(value, frozenset):
        return frozenset()
    return () if isinstance(value, tuple) else None
