"""The log of who did what with whose data: noting, writing before the answer, walking, forgetting.

Changes and reads of one person are noted by construction (``matcher.repositories.recording``).
What others call: `note_list` for a list of people, `note` for what no table shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden, InvalidInput, Problem
from matcher.models.states import AuditAction
from matcher.repositories import accounts, audit_entries, audit_trail, candidates, recording
from matcher.repositories.audit_entries import EntryFilter, EntryRecord, Look
from matcher.repositories.audit_trail import Walk
from matcher.repositories.records import Page
from matcher.services.calendar import day_of
from matcher.services.transactions import unit_of_work

note_list = recording.note_list

SEARCHERS = (Right.OFFICER, Right.LEAD, Right.ANALYST, Right.ADMIN)
"""Who may search the log: of the region, or for an administrator of accounts and operations."""
EXPORT_MAXIMUM = 100_000
"""More entries than this are asked for in parts, by period."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was done with somebody's data on one day by one right, and how often.

    `right` is None for the service itself, `kind` what it was done with.
    """

    on: date
    right: str | None
    purpose: str
    action: AuditAction
    kind: str
    times: int


def note(
    session: Session,
    action: AuditAction,
    *,
    kind: str,
    object_id: int | None = None,
    candidate_id: int | None = None,
    region: str | None = None,
    fields: Sequence[str] = (),
    query: Mapping[str, object] | None = None,
    count: int | None = None,
    versions: str | None = None,
    purpose: str | None = None,
) -> None:
    """One entry within the caller's unit of work, by whoever is at work on `session`.

    `fields` are names and `query` codes; nothing that stands in a file belongs here.
    """
    recording.note(
        session,
        {
            "action": action,
            "kind": kind,
            "object_id": object_id,
            "candidate_id": candidate_id,
            "region": region,
            "fields": tuple(fields),
            "query": recording.query_text(query or {}),
            "count": count,
            "versions": versions,
            "purpose": purpose,
        },
    )


def note_failed_sign_in(session: Session, account_id: int) -> None:
    """A wrong code at the door of an account, within the caller's unit of work."""
    note(session, AuditAction.SIGN_IN, kind=recording.SIGN_IN_FAILED, object_id=account_id)


def write_noted(session: Session, *, reading: bool = True) -> bool:
    """Writes what was read on `session`; the edge calls it before its answer goes out.

    With `reading` each person read is one entry; without, only whom the work did not change: they
    have an entry already. Whatever the caller left undone is undone first. Returns whether there
    was anything to write.
    """
    if not recording.has_notes(session):
        return False
    session.rollback()
    with unit_of_work(session):
        return recording.settle(session, reading=reading)


def verify(session: Session, expected: str | None = None) -> Walk:
    """Walks along the whole log; `expected` is a head noted elsewhere, ``position:hash``."""
    try:
        head = None if expected is None else audit_trail.read_head(expected)
    except ValueError as error:
        raise InvalidInput([Problem("--expect", str(error))]) from None
    return audit_trail.walk(session, head)


def head_text(session: Session) -> str:
    """The head of the log as it stands, to be noted elsewhere: ``position:hash``."""
    head = audit_trail.current_head(session)
    return f"0:{audit_trail.GENESIS}" if head is None else f"{head.last_position}:{head.last_hash}"


def forget_before(session: Session, moment: datetime) -> int:
    """Lets go of the entries from before `moment`, the oldest first; returns how many.

    That it was done is an entry itself. The first entry that stays keeps everything after it.
    """
    with unit_of_work(session):
        gone = audit_trail.forget_before(session, moment)
        if gone:
            note(session, AuditAction.ERASE, kind="audit_entry", count=gone)
        return gone


def who_looked(session: Session, viewer: Viewer, candidate_id: int) -> list[Looked]:
    """By day and right, latest first, what others did with one person's data.

    For the person and for staff who reach them; NotFound for anybody else. Lists are not in it:
    whether somebody stood on one is not kept.
    """
    row = candidates.get_row(session, viewer, candidate_id)
    days = groupby(audit_entries.looks_at(session, row.id), key=lambda look: day_of(look.at))
    return [looked for day, looks in days for looked in _of_day(day, looks)]


def _of_day(day: date, looks: Iterable[Look]) -> list[Looked]:
    # In the order of the latest of each sort.
    counts = Counter(look[1:] for look in looks)
    return [Looked(day, *what, times) for what, times in counts.items()]


def search(
    session: Session,
    viewer: Viewer,
    wanted: EntryFilter,
    *,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[EntryRecord]:
    """Entries in reach, latest first; that somebody searched is an entry itself."""
    page = audit_entries.page(session, _narrowed(viewer, wanted), cursor=cursor, limit=limit)
    query = _query(wanted) | {"page": None if cursor is None else "next"}
    note_list(
        session,
        viewer,
        "audit_entry",
        query=query,
        count=len(page.items),
        candidate_id=wanted.candidate_id,
    )
    return page


def export(session: Session, viewer: Viewer, wanted: EntryFilter) -> list[EntryRecord]:
    """All entries that a search finds, to be taken along; InvalidInput when there are too many."""
    statement = _narrowed(viewer, wanted)
    if audit_entries.count(session, statement) > EXPORT_MAXIMUM:
        why = f"finds more than {EXPORT_MAXIMUM} entries; ask for a shorter period"
        raise InvalidInput([Problem("until", why)])
    found = audit_entries.every(session, statement, EXPORT_MAXIMUM)
    note_list(
        session,
        viewer,
        "audit_entry",
        action=AuditAction.EXPORT,
        query=_query(wanted),
        count=len(found),
        candidate_id=wanted.candidate_id,
    )
    return found


def find_person(session: Session, viewer: Viewer, reference: str) -> int | None:
    """The number by which the log knows the person with that reference, in the own region."""
    if not viewer.has(Right.OFFICER, Right.LEAD, Right.ANALYST) or viewer.region is None:
        raise Forbidden("only who answers for the log looks somebody up in it")
    return audit_entries.find_person(session, viewer.region, reference.strip())


def find_account(session: Session, viewer: Viewer, text: str) -> int | None:
    """The number of the account of the own region with that name or number."""
    if not viewer.has(*SEARCHERS) or viewer.region is None:
        raise Forbidden("only who answers for the log looks somebody up in it")
    wanted = text.strip().casefold()
    if wanted.isascii() and wanted.isdigit():
        row = accounts.find_row(session, int(wanted))
    else:
        row = accounts.find_by_name(session, wanted)
    return None if row is None or row.region != viewer.region else row.id


def _narrowed(viewer: Viewer, wanted: EntryFilter) -> Select[Any]:
    if not viewer.has(*SEARCHERS):
        raise Forbidden("only who answers for the log searches it")
    return audit_entries.narrowed(viewer, wanted)


def _query(wanted: EntryFilter) -> dict[str, object]:
    return {
        "account": wanted.account_id,
        "right": wanted.right,
        "action": wanted.action,
        "since": wanted.since and wanted.since.isoformat(),
        "until": wanted.until and wanted.until.isoformat(),
    }
