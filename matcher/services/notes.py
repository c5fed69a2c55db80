"""Notes beside a file: the coach's, which the candidate reads, and the candidate's own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden, InvalidInput, NotFound, Problem
from matcher.models import CandidateNote
from matcher.models.states import NoteKind
from matcher.repositories import candidates
from matcher.repositories import own_say as rows
from matcher.repositories.own_say import NoteRecord
from matcher.services.checks import checked_texts, refuse
from matcher.services.transactions import unit_of_work
from matcher.services.visibility import Kind, visible_fields

TEXT_MAXIMUM = 500
NOTES_MAXIMUM = 200
"""Notes beside one file: what is not read by anybody helps nobody."""


def add_note(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    text: str | None,
    *,
    field: str | None = None,
    beside_id: int | None = None,
    now: datetime,
) -> NoteRecord:
    """Puts a note beside a file in reach; whose words it holds follows from the right.

    `field` is what it is about, None for the whole. `beside_id` is the coach's note that a
    candidate's own note stands next to.
    """
    with unit_of_work(session):
        person = candidates.get_row(session, viewer, candidate_id)
        kind = _kind(viewer)
        texts, problems = checked_texts({"text": TEXT_MAXIMUM}, {"text": text}, viewer.language)
        if not problems and texts["text"] is None:
            problems.append(Problem("text", "is required; write it in a few words"))
        if field is not None and field not in visible_fields(Kind.CANDIDATE, viewer.rights):
            problems.append(Problem("field", "is not a field of a file"))
        refuse(problems)
        beside = None if beside_id is None else _beside(session, viewer, person.id, beside_id)
        if len(rows.note_rows(session, viewer, person.id)) >= NOTES_MAXIMUM:
            raise InvalidInput([Problem("text", "there are too many notes; take an old one away")])
        row = CandidateNote(
            region=person.region,
            candidate_id=person.id,
            kind=kind,
            field=field,
            beside_id=beside,
            text=texts["text"],
            account_id=viewer.account_id,
            created_at=now,
        )
        session.add(row)
        session.flush()
        return rows.to_note(row)


def _kind(viewer: Viewer) -> NoteKind:
    if viewer.has(Right.COACH, Right.LEAD, Right.TRIAGER):
        return NoteKind.COACH
    if viewer.has(Right.CANDIDATE):
        return NoteKind.CANDIDATE
    raise Forbidden("only staff who guide, and the candidate, write notes")


def _beside(session: Session, viewer: Viewer, candidate_id: int, note_id: int) -> int:
    row = rows.find_note(session, viewer, note_id)
    if row is None or row.candidate_id != candidate_id:
        raise NotFound("note")
    return row.id


def list_notes(session: Session, viewer: Viewer, candidate_id: int) -> list[NoteRecord]:
    """All notes beside a file in reach, oldest first."""
    candidates.get_row(session, viewer, candidate_id)
    return [rows.to_note(row) for row in rows.note_rows(session, viewer, candidate_id)]


def remove_note(session: Session, viewer: Viewer, candidate_id: int, note_id: int) -> None:
    """Takes a note of one's own away; NotFound for anybody else's."""
    with unit_of_work(session):
        row = rows.find_note(session, viewer, note_id)
        if row is None or row.candidate_id != candidate_id or row.account_id != viewer.account_id:
            raise NotFound("note")
        session.delete(row)
