"""*Bel mij*: somebody at a firm asks to be called, in five fields and without an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, NotFound, Problem
from matcher.files.columns import Column, Kind
from matcher.models import CallRequest
from matcher.models.states import CallOutcome, CallStatus
from matcher.models.wall import whole_database
from matcher.repositories import call_requests as rows
from matcher.repositories.records import CallRequestRecord, Page
from matcher.services.calendar import AMSTERDAM, worked_from
from matcher.services.checks import checked_texts, checked_values, phone_number, refuse
from matcher.services.choices import choice
from matcher.services.transactions import unit_of_work

CALL_BEFORE = time(17)
SAME_DAY_UNTIL = time(15)
"""A request that comes later is called on the next working day: a promise has to be kept."""

_TEXTS = {"name": 120, "work": 500, "wanted_when": 120}
_COLUMNS = {
    column.name: column
    for column in (
        Column(
            "people", Kind.WHOLE, "How many people", "Hoeveel mensen", "2", minimum=1, maximum=500
        ),
        Column("region", Kind.CODE, "Region", "Regio", "demo", required=True, codes=("regions",)),
    )
}


def due_at(moment: datetime) -> datetime:
    """When the call is promised: before 17:00 today, else on the next working day."""
    local = moment.astimezone(AMSTERDAM)
    day = local.date()
    if local.time() >= SAME_DAY_UNTIL:
        day += timedelta(days=1)
    return datetime.combine(worked_from(day), CALL_BEFORE, AMSTERDAM)


def file_call_request(
    session: Session,
    viewer: Viewer,
    *,
    region: str,
    name: str,
    phone: str,
    work: str,
    people: int | None,
    wanted_when: str | None,
    now: datetime,
) -> CallRequestRecord:
    """Notes who wants to be called about what, and by when; `viewer` may be `NOBODY`."""
    given = {"name": name, "work": work, "wanted_when": wanted_when}
    texts, problems = checked_texts(_TEXTS, given, viewer.language, names=("name",))
    values, more = checked_values(_COLUMNS, {"people": people, "region": region}, viewer.language)
    problems += more
    number = phone_number(phone)
    if number is None:
        problems.append(Problem("phone", "must be a phone number, such as 078 123 45 67"))
    for required in ("name", "work"):
        if required in texts and texts[required] is None:
            problems.append(Problem(required, "is required; fill it in"))
    refuse(problems)
    # Anybody may ask to be called, and then sees the promise but not the request.
    with unit_of_work(session), whole_database(session, "asking to be called", CallRequest):
        row = CallRequest(
            **texts,
            **values,
            phone=number,
            organisation_id=viewer.organisation_id,
            status=CallStatus.NEW,
            due_at=due_at(now),
            created_at=now,
            updated_at=now,
        )
        session.add(row)
        session.flush()
        return rows.to_record(row)


def list_call_requests(
    session: Session,
    viewer: Viewer,
    *,
    status: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[CallRequestRecord]:
    """Requests in reach, what is due first on top."""
    wanted = None if status is None else choice(CallStatus, "status", status)
    return rows.page(session, viewer, status=wanted, cursor=cursor, limit=limit)


def get_call_request(session: Session, viewer: Viewer, request_id: int) -> CallRequestRecord:
    """One request in reach; NotFound for any other."""
    return rows.to_record(_row(session, viewer, request_id))


def _row(session: Session, viewer: Viewer, request_id: int) -> CallRequest:
    row = rows.find_row(session, viewer, request_id)
    if row is None:
        raise NotFound("call request")
    return row


def _to_handle(session: Session, viewer: Viewer, request_id: int) -> CallRequest:
    row = _row(session, viewer, request_id)
    if not viewer.has(Right.SERVICE_POINT, Right.TRIAGER, Right.LEAD):
        raise Forbidden("only the service point, a triager or a team lead calls back")
    return row


@dataclass(frozen=True, slots=True)
class PromisedCall:
    """Somebody said *I call*: who, at which number they can be called back, and by when."""

    call: CallRequestRecord
    caller: str
    caller_phone: str | None


def promised_calls(session: Session, viewer: Viewer) -> list[PromisedCall]:
    """Who calls the viewer's own firm, soonest first; Forbidden for anybody but a contractor."""
    if not viewer.has(Right.CONTRACTOR):
        raise Forbidden("only a contractor has this view")
    return [PromisedCall(*found) for found in rows.promised(session, viewer)]


def take_call_request(
    session: Session, viewer: Viewer, request_id: int, *, now: datetime
) -> CallRequestRecord:
    """*I call*: the others see that somebody does. Conflict when a colleague already took it."""
    with unit_of_work(session):
        row = _to_handle(session, viewer, request_id)
        if row.status is CallStatus.DONE:
            raise Conflict("this request was already dealt with")
        if row.status is CallStatus.TAKEN and row.handled_by != viewer.account_id:
            raise Conflict("a colleague is already calling about this request")
        row.status = CallStatus.TAKEN
        row.handled_by = viewer.account_id
        row.handled_at = now
        row.updated_at = now
        session.flush()
        return rows.to_record(row)


def finish_call_request(
    session: Session, viewer: Viewer, request_id: int, outcome: str, *, now: datetime
) -> CallRequestRecord:
    """What the call led to. *call_again* keeps it open, due on the next working day."""
    reached = choice(CallOutcome, "outcome", outcome)
    with unit_of_work(session):
        row = _to_handle(session, viewer, request_id)
        if row.status is CallStatus.DONE:
            raise Conflict("this request was already dealt with")
        again = reached in (CallOutcome.CALL_AGAIN, CallOutcome.NO_ANSWER)
        row.status = CallStatus.TAKEN if again else CallStatus.DONE
        if again:
            row.due_at = due_at(datetime.combine(now.astimezone(AMSTERDAM), CALL_BEFORE, AMSTERDAM))
        row.outcome = reached
        row.handled_by = viewer.account_id
        row.handled_at = now
        row.updated_at = now
        session.flush()
        return rows.to_record(row)
