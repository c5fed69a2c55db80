"""Calls about open places: which place to call about first, who does it, and by when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden
from matcher.models import CallRequest
from matcher.models.states import CallStatus, VacancyStatus
from matcher.reference.place_calls import load_place_call_terms
from matcher.repositories import place_calls as rows
from matcher.repositories import shortlists, vacancies
from matcher.repositories.call_requests import to_record
from matcher.repositories.caseload_changes import names_of
from matcher.repositories.paging import page_of_list
from matcher.repositories.place_calls import PlaceRow
from matcher.repositories.records import CallRequestRecord, Page
from matcher.services.calendar import AMSTERDAM, after_working_days, day_of
from matcher.services.call_requests import CALL_BEFORE
from matcher.services.transactions import unit_of_work

CALLERS = (Right.SERVICE_POINT, Right.TRIAGER, Right.LEAD)
_NAME_MAXIMUM = 120


@dataclass(frozen=True, slots=True)
class PlaceToCall:
    """One open place. `fits` counts whom it suits best, now and by each of the weeks ahead, and
    `all_fit` everybody who can start there; None before it was counted.

    `call_by` is by when the firm was promised a call because too few people fit for a list.
    `near` people are one step away, `shut` is what shuts out most people with how many, and
    `would_fill` what would let more in. `call` is the last call, made or not, by `caller`.
    """

    place: PlaceRow
    days_open: int | None
    fits: tuple[int, ...] | None
    all_fit: int | None
    near: int
    shut: tuple[str, int] | None
    would_fill: Sequence[Mapping[str, Any]]
    call: CallRequestRecord | None
    caller: str | None
    is_late: bool
    call_by: datetime | None = None

    @property
    def is_taken(self) -> bool:
        """Whether somebody said to call and did not yet tell what came of it."""
        return self.call is not None and self.call.status is not CallStatus.DONE


@dataclass(frozen=True, slots=True)
class PlacesToCall:
    """A page of open places; `total` of them all, `late` calls that are overdue."""

    page: Page[PlaceToCall]
    total: int
    late: int
    counted_at: datetime | None
    ahead: tuple[int, ...]


def list_places(
    session: Session, viewer: Viewer, *, now: datetime, cursor: str | None = None, limit: int = 25
) -> PlacesToCall:
    """The open places in reach: overdue calls first, then promised ones, then by how long open."""
    _check(viewer)
    terms = load_place_call_terms(day_of(now))
    region = str(viewer.region)
    board = rows.counted_board(session, region)
    fits = {} if board is None else rows.fitting(session, region, board.job_id, terms.ahead)
    eases = rows.would_fill(session, region)
    calls = rows.newest_calls(session, viewer)
    promised = shortlists.too_few(session, viewer)
    found = []
    for place in rows.open_places(session, viewer):
        line = None if board is None else board.places.get(place.id)
        call = calls.get(place.id)
        none = (0,) * (1 + len(terms.ahead))
        found.append(
            PlaceToCall(
                place=place,
                days_open=_days(place.opened_on, now),
                fits=None if line is None else fits.get(place.id, none),
                all_fit=None if line is None else line["fits"],
                near=0 if line is None else line["near"],
                shut=None if line is None or line["shut"] is None else tuple(line["shut"]),
                would_fill=eases.get(place.id, ()),
                call=call,
                caller=None,
                is_late=is_overdue(call, now),
                call_by=_promised(promised.get(place.id), call),
            )
        )
    found.sort(key=_order_of)
    page = page_of_list(found, cursor=cursor, limit=limit, kinds=(int, date, int), key_of=_order_of)
    return PlacesToCall(
        page=_with_names(session, page),
        total=len(found),
        late=sum(each.is_late for each in found),
        counted_at=None if board is None else board.counted_at,
        ahead=terms.ahead,
    )


def is_overdue(call: CallRequestRecord | None, now: datetime) -> bool:
    """Whether somebody said to call, and the promised hour passed without an outcome."""
    return call is not None and call.status is not CallStatus.DONE and call.due_at < now


def call_due_at(moment: datetime) -> datetime:
    """By when somebody who says “I call” at `moment` has called."""
    day = day_of(moment)
    due = after_working_days(day, load_place_call_terms(day).working_days)
    return datetime.combine(due, CALL_BEFORE, AMSTERDAM)


def take_place(
    session: Session, viewer: Viewer, vacancy_id: int, *, now: datetime
) -> CallRequestRecord:
    """*I call* about an open place in reach. Conflict when a colleague already does."""
    _check(viewer)
    with unit_of_work(session):
        # Under the lock of the place: two who say it at once hear of each other.
        place = vacancies.get_row(session, viewer, vacancy_id, for_update=True)
        if place.status is not VacancyStatus.OPEN:
            raise Conflict("this place is not open any more")
        row = rows.open_call(session, viewer, vacancy_id)
        if row is not None:
            if row.handled_by != viewer.account_id:
                raise Conflict("a colleague is already calling about this place")
            return to_record(row)
        caller = rows.known_caller(session, viewer, place.organisation_id)
        name, phone = (place.contractor[:_NAME_MAXIMUM], "") if caller is None else caller
        row = CallRequest(
            region=place.region,
            organisation_id=place.organisation_id,
            vacancy_id=place.id,
            name=name,
            phone=phone,
            work=place.title or place.reference,
            people=place.places,
            wanted_when=None,
            status=CallStatus.TAKEN,
            due_at=call_due_at(now),
            handled_by=viewer.account_id,
            handled_at=now,
            created_at=now,
            updated_at=now,
        )
        session.add(row)
        session.flush()
        return to_record(row)


def _check(viewer: Viewer) -> None:
    if viewer.region is None or not viewer.has(*CALLERS):
        raise Forbidden("only the service point, a triager or a team lead calls about places")


def _days(opened_on: date | None, now: datetime) -> int | None:
    return None if opened_on is None else max(0, (day_of(now) - opened_on).days)


def _promised(
    promise: tuple[datetime, datetime] | None, call: CallRequestRecord | None
) -> datetime | None:
    """By when a firm hears from us; None once it was called after the promise."""
    if promise is None:
        return None
    since, call_by = promise
    made = call is not None and call.status is CallStatus.DONE
    if made and call is not None and call.handled_at is not None and call.handled_at >= since:
        return None
    return call_by


def _order_of(line: PlaceToCall) -> tuple[int, date, int]:
    first = 0 if line.is_late else 1 if line.call_by is not None else 2
    return first, line.place.opened_on or date.max, line.place.id


def _with_names(session: Session, page: Page[PlaceToCall]) -> Page[PlaceToCall]:
    wanted = {
        line.call.handled_by
        for line in page.items
        if line.call is not None and line.call.handled_by is not None
    }
    names = names_of(session, wanted) if wanted else {}
    shown = tuple(
        line if line.call is None else replace(line, caller=names.get(line.call.handled_by or 0))
        for line in page.items
    )
    return Page(shown, page.next_cursor)
