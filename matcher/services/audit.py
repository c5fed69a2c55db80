"""The log of who did what with whose data: noting, writing before the answer, walking, forgetting.

Changes and reads of one person are noted by construction (``matcher.repositories.recording``).
What others call: `note_list` for a list of people, `note` for what no table shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from matcher.domain.errors import InvalidInput, Problem
from matcher.models.states import AuditAction
from matcher.repositories import audit_trail, recording
from matcher.repositories.audit_trail import Walk
from matcher.services.transactions import unit_of_work

note_list = recording.note_list


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
