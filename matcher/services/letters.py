"""Messages that a person passes on: letters to print, and what did not get through by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden
from matcher.models.states import Channel, ContactKind, MessageState
from matcher.reference.messages import Words
from matcher.repositories import messages as rows
from matcher.repositories.messages import MessageLine
from matcher.repositories.recording import note_read
from matcher.services.audit import note_list
from matcher.services.calendar import day_of
from matcher.services.delivery import record_sent, words_in
from matcher.services.transactions import unit_of_work

POSTERS = (Right.COACH, Right.LEAD, Right.TRIAGER)
SHOWN_AFTER_TRIES = 3
"""A message that was put off so often is worth another road."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to print, with whom it is for and how that person wants to be reached."""

    id: int
    words: Words
    reference: str
    first_name: str | None
    contact_kind: ContactKind | None
    written_on: str


def list_letters(session: Session, viewer: Viewer) -> list[MessageLine]:
    """Letters to candidates in reach that wait for somebody to post them, oldest first."""
    _check(viewer)
    found = rows.lines_of(session, rows.letters(viewer))
    note_list(session, viewer, "message", query={"channel": Channel.LETTER}, count=len(found))
    return found


def list_not_sent(session: Session, viewer: Viewer) -> list[MessageLine]:
    """Messages to candidates in reach that were refused, or put off several times."""
    _check(viewer)
    found = rows.lines_of(session, rows.not_sent(viewer, tries=SHOWN_AFTER_TRIES))
    note_list(session, viewer, "message", query={"state": "not_sent"}, count=len(found))
    return found


def open_letter(session: Session, viewer: Viewer, message_id: int, *, public_url: str) -> Letter:
    """One letter with its words; NotFound when it is out of reach or was posted."""
    _check(viewer)
    row, candidate = rows.get_row(session, rows.letters(viewer), message_id)
    note_read(session, viewer, candidate)
    return Letter(
        id=row.id,
        words=words_in(row.template, row.params, row.language, public_url),
        reference=candidate.reference,
        first_name=candidate.first_name,
        contact_kind=candidate.contact_kind,
        written_on=day_of(row.created_at).isoformat(),
    )


def mark_posted(session: Session, viewer: Viewer, message_id: int, *, now: datetime) -> None:
    """The letter was posted or given: it is sent, and what it held is forgotten."""
    _check(viewer)
    with unit_of_work(session):
        row, _candidate = rows.get_row(session, rows.letters(viewer), message_id)
        record_sent(row, now)
        session.flush()


def as_letter(session: Session, viewer: Viewer, message_id: int, *, now: datetime) -> None:
    """Puts a message that did not get through with the letters, for somebody to pass on."""
    _check(viewer)
    with unit_of_work(session):
        statement = rows.not_sent(viewer, tries=SHOWN_AFTER_TRIES)
        row, _candidate = rows.get_row(session, statement, message_id)
        row.state = MessageState.QUEUED
        row.channel = Channel.LETTER
        row.recipient = None
        row.claimed_until = None
        row.next_try_at = now
        session.flush()


def _check(viewer: Viewer) -> None:
    if not viewer.has(*POSTERS):
        raise Forbidden("only a coach, a triager or a team lead passes letters on")
