"""What candidates ask about their own file, and how staff answer it.

Objecting to automated suggestions works at once: it needs nobody's permission. Everything else
waits for a person, who answers by a promised day; a refusal always says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Problem, Stale
from matcher.models import Candidate, OwnRequest
from matcher.models.states import OwnRequestKind, OwnRequestState
from matcher.reference.own_requests import load_term
from matcher.repositories import candidates
from matcher.repositories import own_say as rows
from matcher.repositories.own_say import OwnRequestRecord, RequestLine
from matcher.services.audit import note_list
from matcher.services.calendar import after_working_days, day_of
from matcher.services.candidates import update_candidate
from matcher.services.checks import checked_texts, refuse
from matcher.services.choices import choice
from matcher.services.erasure import erase_candidate
from matcher.services.outbox import receiver_of_candidate, send
from matcher.services.transactions import unit_of_work
from matcher.services.visibility import Kind, visible_fields

TEXT_MAXIMUM = 500
OPEN_MAXIMUM = 20
"""Open requests of one candidate at a time; more are not read by anybody."""
LIST_MAXIMUM = 50
_ONCE = frozenset({OwnRequestKind.PERSON, OwnRequestKind.DELETION, OwnRequestKind.OBJECTION})
"""Asking these twice adds nothing: the open one stands."""
_NEEDS_TEXT = frozenset({OwnRequestKind.CORRECTION, OwnRequestKind.ADDITION})
_ANSWERERS = (Right.COACH, Right.LEAD, Right.TRIAGER)


def own_candidate_id(viewer: Viewer) -> int:
    """Whose own view it is; Forbidden for anybody who is not a candidate."""
    if not viewer.has(Right.CANDIDATE) or viewer.candidate_id is None:
        raise Forbidden("only a candidate does this, in the own file")
    return viewer.candidate_id


def ask(
    session: Session,
    viewer: Viewer,
    kind: str,
    *,
    field: str | None = None,
    text: str | None = None,
    now: datetime,
) -> OwnRequestRecord:
    """Asks something about the own file, with the day by which somebody answers.

    `text` says it in own words and is required for a correction or an addition; `field` names
    what a correction is about, None for something else. An objection works at once: from here on
    nothing is computed about this person.
    """
    asked = choice(OwnRequestKind, "kind", kind)
    with unit_of_work(session):
        person = candidates.get_row(session, viewer, own_candidate_id(viewer))
        texts, problems = checked_texts({"text": TEXT_MAXIMUM}, {"text": text}, viewer.language)
        if asked in _NEEDS_TEXT and not problems and texts["text"] is None:
            problems.append(Problem("text", "is required; say it in a few words"))
        if field is not None and field not in visible_fields(Kind.CANDIDATE, viewer.rights):
            problems.append(Problem("field", "is not something that is kept about you"))
        refuse(problems)
        earlier = rows.open_request(session, viewer, person.id, asked) if asked in _ONCE else None
        if earlier is not None:
            return rows.to_request(earlier)
        _refuse_too_many(session, viewer, person.id)
        if asked is OwnRequestKind.OBJECTION:
            _set_manual_only(session, person, True, now)
        return rows.to_request(_add(session, person, asked, field, texts["text"], now))


def _refuse_too_many(session: Session, viewer: Viewer, candidate_id: int) -> None:
    found = rows.request_rows(session, viewer, candidate_id)
    if sum(row.state is OwnRequestState.OPEN for row in found) >= OPEN_MAXIMUM:
        raise Conflict("there are many open requests; wait for an answer, or withdraw one")


def _add(
    session: Session,
    person: Candidate,
    kind: OwnRequestKind,
    field: str | None,
    text: str | None,
    now: datetime,
) -> OwnRequest:
    asked_on = day_of(now)
    row = OwnRequest(
        region=person.region,
        candidate_id=person.id,
        kind=kind,
        field=field,
        text=text,
        state=OwnRequestState.OPEN,
        due_on=after_working_days(asked_on, load_term(kind, asked_on).working_days),
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _set_manual_only(session: Session, person: Candidate, manual: bool, now: datetime) -> None:
    if candidates.fill(person, {"manual_only": manual}):
        person.updated_at = now
        session.flush()


def allow_suggestions(session: Session, viewer: Viewer, *, now: datetime) -> None:
    """Takes the objection back: from now on suggestions are computed again."""
    with unit_of_work(session):
        person = candidates.get_row(session, viewer, own_candidate_id(viewer))
        _set_manual_only(session, person, False, now)
        row = rows.open_request(session, viewer, person.id, OwnRequestKind.OBJECTION)
        if row is not None:
            _close(session, row, OwnRequestState.WITHDRAWN, now)


def withdraw(
    session: Session, viewer: Viewer, request_id: int, *, now: datetime
) -> OwnRequestRecord:
    """Takes an open request back; withdrawing an objection allows suggestions again."""
    with unit_of_work(session):
        candidate_id = own_candidate_id(viewer)
        row = _row(session, viewer, request_id)
        if row.state is not OwnRequestState.OPEN:
            raise Conflict("this request was answered already")
        _close(session, row, OwnRequestState.WITHDRAWN, now)
        if row.kind is OwnRequestKind.OBJECTION:
            person = candidates.get_row(session, viewer, candidate_id)
            _set_manual_only(session, person, False, now)
        return rows.to_request(row)


def _close(session: Session, row: OwnRequest, state: OwnRequestState, now: datetime) -> None:
    row.state = state
    row.updated_at = now
    session.flush()


def list_requests(session: Session, viewer: Viewer, candidate_id: int) -> list[OwnRequestRecord]:
    """The requests of one candidate in reach, newest first."""
    candidates.get_row(session, viewer, candidate_id)
    return [rows.to_request(row) for row in rows.request_rows(session, viewer, candidate_id)]


def get_request(session: Session, viewer: Viewer, request_id: int) -> OwnRequestRecord:
    """One request in reach; NotFound for any other."""
    return rows.to_request(_row(session, viewer, request_id))


def _row(session: Session, viewer: Viewer, request_id: int) -> OwnRequest:
    row = rows.find_request(session, viewer, request_id)
    if row is None:
        raise NotFound("request")
    return row


def open_requests(
    session: Session, viewer: Viewer, *, limit: int = LIST_MAXIMUM
) -> list[RequestLine]:
    """What waits for the viewer's answer, due first on top.

    For a coach that is the own caseload, whom the coach stands in for, and who has nobody yet;
    for others who answer, everything in their reach.
    """
    if not viewer.has(*_ANSWERERS):
        return []
    found = rows.open_lines(session, viewer, limit, own_work=viewer.has(Right.COACH))
    note_list(session, viewer, Kind.OWN_REQUEST, query={"state": "open"}, count=len(found))
    return found


def answer(
    session: Session,
    viewer: Viewer,
    request_id: int,
    *,
    outcome: str,
    text: str | None = None,
    expected_version: int,
    now: datetime,
) -> OwnRequestRecord:
    """A person's answer: *done*, or *declined* with the reason that the candidate will read.

    Deletion is granted with `grant_deletion`. An objection cannot be declined: it holds already,
    and answering it says that a person took over.
    """
    state = choice(OwnRequestState, "outcome", outcome)
    with unit_of_work(session):
        row = _to_answer(session, viewer, request_id, expected_version)
        texts, problems = checked_texts({"text": TEXT_MAXIMUM}, {"text": text}, viewer.language)
        if state not in (OwnRequestState.DONE, OwnRequestState.DECLINED):
            problems.append(Problem("outcome", "must be done or declined"))
        if state is OwnRequestState.DECLINED and not problems and texts["text"] is None:
            problems.append(Problem("text", "is required; say why not"))
        if state is OwnRequestState.DECLINED and row.kind is OwnRequestKind.OBJECTION:
            problems.append(Problem("outcome", "an objection holds at once; nobody declines it"))
        if state is OwnRequestState.DONE and row.kind is OwnRequestKind.DELETION:
            problems.append(Problem("outcome", "deletion is granted by deleting the file"))
        refuse(problems)
        return _answered(session, viewer, row, state, texts["text"], now)


def _to_answer(
    session: Session, viewer: Viewer, request_id: int, expected_version: int
) -> OwnRequest:
    row = _row(session, viewer, request_id)
    if not viewer.has(*_ANSWERERS):
        raise Forbidden("only a coach, a triager or a team lead answers requests")
    if row.state is not OwnRequestState.OPEN:
        raise Conflict("this request was answered or taken back already")
    if row.version != expected_version:
        raise Stale("request", row.version)
    return row


def _answered(
    session: Session,
    viewer: Viewer,
    row: OwnRequest,
    state: OwnRequestState,
    text: str | None,
    now: datetime,
) -> OwnRequestRecord:
    row.answer = text
    row.handled_by = viewer.account_id
    row.handled_at = now
    _close(session, row, state, now)
    _tell(session, viewer, row, now)
    return rows.to_request(row)


def _tell(session: Session, viewer: Viewer, row: OwnRequest, now: datetime) -> None:
    """Tells the candidate that something is ready; not what, and not during a pause."""
    person = candidates.get_row(session, viewer, row.candidate_id)
    if person.paused_until is not None and person.paused_until > day_of(now):
        return
    send(
        session,
        template="candidate_ready",
        to=receiver_of_candidate(person),
        dedupe_key=f"own-request:{row.id}:{row.version}",
        now=now,
    )


def apply_correction(
    session: Session,
    viewer: Viewer,
    request_id: int,
    values: Mapping[str, Any],
    *,
    text: str | None = None,
    expected_version: int,
    candidate_version: int,
    now: datetime,
) -> OwnRequestRecord:
    """Changes the file as the candidate asked and answers the request, as one."""
    with unit_of_work(session):
        row = _to_answer(session, viewer, request_id, expected_version)
        if row.kind not in _NEEDS_TEXT:
            raise InvalidInput([Problem("kind", "only a correction or an addition is applied")])
        texts, problems = checked_texts({"text": TEXT_MAXIMUM}, {"text": text}, viewer.language)
        refuse(problems)
        update_candidate(
            session,
            viewer,
            row.candidate_id,
            values,
            expected_version=candidate_version,
            now=now,
        )
        return _answered(session, viewer, row, OwnRequestState.DONE, texts["text"], now)


def grant_deletion(
    session: Session, viewer: Viewer, request_id: int, *, expected_version: int, now: datetime
) -> None:
    """Erases the file as the candidate asked; the request goes with it.

    Forbidden for others than a coach or a team lead.
    """
    with unit_of_work(session):
        row = _to_answer(session, viewer, request_id, expected_version)
        if row.kind is not OwnRequestKind.DELETION:
            raise InvalidInput([Problem("kind", "only a request for deletion erases a file")])
        erase_candidate(session, viewer, row.candidate_id, now=now)
