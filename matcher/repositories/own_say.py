"""What candidates ask about their own file, and the notes beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models import Candidate, CandidateNote, OwnRequest
from matcher.models.states import NoteKind, OwnRequestKind, OwnRequestState
from matcher.repositories.records import Record
from matcher.repositories.scope import caseload_owners, numbered, scoped

_CHUNK = 400


@dataclass(frozen=True, slots=True)
class OwnRequestRecord(Record):
    """One request of a candidate; `due_on` is the day by which somebody answers."""

    id: int
    version: int
    candidate_id: int
    kind: OwnRequestKind
    field: str | None
    text: str | None
    state: OwnRequestState
    due_on: date
    answer: str | None
    handled_by: int | None
    handled_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NoteRecord(Record):
    """A note beside a file; `beside_id` is the coach's note that an own note stands next to."""

    id: int
    candidate_id: int
    kind: NoteKind
    field: str | None
    beside_id: int | None
    text: str
    account_id: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class RequestLine:
    """An open request in a list of staff: who asked, without what was written."""

    request: OwnRequestRecord
    reference: str
    first_name: str | None


def to_request(row: OwnRequest) -> OwnRequestRecord:
    """The row as a frozen value."""
    return OwnRequestRecord(
        id=row.id,
        version=row.version,
        candidate_id=row.candidate_id,
        kind=row.kind,
        field=row.field,
        text=row.text,
        state=row.state,
        due_on=row.due_on,
        answer=row.answer,
        handled_by=row.handled_by,
        handled_at=row.handled_at,
        created_at=row.created_at,
    )


def to_note(row: CandidateNote) -> NoteRecord:
    """The row as a frozen value."""
    return NoteRecord(
        id=row.id,
        candidate_id=row.candidate_id,
        kind=row.kind,
        field=row.field,
        beside_id=row.beside_id,
        text=row.text,
        account_id=row.account_id,
        created_at=row.created_at,
    )


def find_request(session: Session, viewer: Viewer, request_id: int) -> OwnRequest | None:
    """One request in reach."""
    statement = select(OwnRequest).where(numbered(OwnRequest, request_id))
    return session.scalar(scoped(statement, viewer, OwnRequest))


def request_rows(session: Session, viewer: Viewer, candidate_id: int) -> list[OwnRequest]:
    """The requests of one candidate, newest first."""
    statement = select(OwnRequest).where(OwnRequest.candidate_id == candidate_id)
    return list(
        session.scalars(scoped(statement, viewer, OwnRequest).order_by(OwnRequest.id.desc()))
    )


def open_request(
    session: Session, viewer: Viewer, candidate_id: int, kind: OwnRequestKind
) -> OwnRequest | None:
    """The open request of a kind, None when there is none."""
    statement = select(OwnRequest).where(
        OwnRequest.candidate_id == candidate_id,
        OwnRequest.kind == kind,
        OwnRequest.state == OwnRequestState.OPEN,
    )
    return session.scalar(scoped(statement, viewer, OwnRequest).order_by(OwnRequest.id).limit(1))


def open_lines(
    session: Session, viewer: Viewer, limit: int, *, own_work: bool = False
) -> list[RequestLine]:
    """Open requests in reach, due first on top.

    `own_work` keeps those of the viewer's caseload, of whom the viewer stands in for, and of
    people whom nobody guides yet: somebody has to answer these too.
    """
    statement = (
        select(OwnRequest, Candidate)
        .join(Candidate, Candidate.id == OwnRequest.candidate_id)
        .where(OwnRequest.state == OwnRequestState.OPEN)
    )
    if own_work:
        statement = statement.where(
            or_(
                Candidate.owner_account_id.is_(None),
                Candidate.owner_account_id.in_(caseload_owners(viewer)),
                Candidate.id.in_(sorted(viewer.covers_candidates)),
            )
        )
    statement = scoped(statement, viewer, OwnRequest, Candidate)
    found = session.execute(statement.order_by(OwnRequest.due_on, OwnRequest.id).limit(limit))
    return [
        RequestLine(to_request(row), person.reference, person.first_name) for row, person in found
    ]


def find_note(session: Session, viewer: Viewer, note_id: int) -> CandidateNote | None:
    """One note in reach."""
    statement = select(CandidateNote).where(numbered(CandidateNote, note_id))
    return session.scalar(scoped(statement, viewer, CandidateNote))


def note_rows(session: Session, viewer: Viewer, candidate_id: int) -> list[CandidateNote]:
    """The notes beside one file, oldest first: that is how they are read."""
    statement = select(CandidateNote).where(CandidateNote.candidate_id == candidate_id)
    return list(
        session.scalars(scoped(statement, viewer, CandidateNote).order_by(CandidateNote.id))
    )


def add_notes(
    session: Session,
    viewer: Viewer,
    texts: Mapping[int, str],
    *,
    account_id: int | None,
    now: datetime,
) -> None:
    """Puts notes of staff beside files in reach, by candidate; one that stands there stays one."""
    numbers = sorted(texts)
    known: set[tuple[int, str]] = set()
    for start in range(0, len(numbers), _CHUNK):
        statement = select(CandidateNote.candidate_id, CandidateNote.text).where(
            CandidateNote.candidate_id.in_(numbers[start : start + _CHUNK])
        )
        found = session.execute(scoped(statement, viewer, CandidateNote))
        known |= {(row.candidate_id, row.text) for row in found}
    session.add_all(
        CandidateNote(
            region=viewer.region,
            candidate_id=number,
            kind=NoteKind.COACH,
            text=texts[number],
            account_id=account_id,
            created_at=now,
        )
        for number in numbers
        if (number, texts[number]) not in known
    )
    session.flush()
