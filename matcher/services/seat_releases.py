"""Giving seats back: offers that passed, a seat that stays empty, and the end of a programme.

A seat that stays empty on the first morning goes to who stands by; what came after a programme is
one of a list of words, and none of them judges (practice section 1).
"""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.attendance import Mark
from matcher.domain.errors import Forbidden, InvalidInput, Problem
from matcher.models import Cohort, Seat
from matcher.models.states import SeatState
from matcher.models.wall import whole_database
from matcher.reference.codes import load_codes
from matcher.reference.seats import load_seat_terms
from matcher.repositories import attendance, funding
from matcher.repositories import seats as rows
from matcher.services.calendar import AMSTERDAM, day_of, start_of
from matcher.services.seat_checks import SeatNotPossible
from matcher.services.transactions import unit_of_work

BOOKERS = (Right.COACH, Right.LEAD, Right.TRIAGER)
DIVIDERS = (Right.LEAD, Right.TRIAGER)
"""Who gives seats to whoever is first in line: that can be anybody of the region."""
PASSED_ON, FILE_CLOSED = "passed_on", "file_closed"


def check_divider(viewer: Viewer) -> None:
    """Forbidden for others than who may give a seat to whoever is first in line."""
    if not viewer.has(*DIVIDERS):
        raise Forbidden("a triager or a team lead gives seats to who is first in line")


def release(session: Session, seat: Seat, cohort: Cohort, now: datetime) -> None:
    """The seat is free again; its money too, as long as the group has not begun."""
    rows.give_back_seat(session, cohort.id)
    if seat.funding_line_id is not None and day_of(now) <= cohort.starts_on:
        funding.give_back_cents(session, seat.funding_line_id, seat.cents)
        seat.funding_line_id, seat.cents = None, 0


def end_passed(session: Session, now: datetime, cohort_id: int | None = None) -> int:
    """Ends offers that nobody answered in time, of one group or of all; how many."""
    on = day_of(now)
    with whole_database(session, "ending offers that passed", Seat):
        ended = rows.passed_offers(session, on, cohort_id)
        for seat in ended:
            if seat.cohort_id is not None:
                release(session, seat, rows.lock_cohort(session, seat.cohort_id), now)
            seat.state = SeatState.NOT_TAKEN
            seat.wants_talk = False
            seat.closed_on = seat.answer_by
            seat.updated_at = now
        session.flush()
    return len(ended)


def end_passed_offers(session: Session, now: datetime) -> int:
    """Gives back every seat whose offer passed; run it daily. Returns how many."""
    with unit_of_work(session):
        return end_passed(session, now)


def pass_on(session: Session, viewer: Viewer, seat_id: int, *, now: datetime) -> int | None:
    """Gives the seat of somebody who did not come to the first who stands by; their seat's number.

    On the first day of the group, from the time that the terms say. Whoever did not come is first
    asked again: they keep their place in line. None when nobody stands by: the seat is free.
    """
    with unit_of_work(session), whole_database(session, "passing a seat on", Seat):
        check_divider(viewer)
        seat, cohort = rows.locked(session, viewer, seat_id)
        if cohort is None or seat.state not in rows.COMING:
            raise SeatNotPossible("over")
        _check_morning(session, seat, cohort, now)
        first = rows.first_in_line(
            session, cohort.programme_id, on=day_of(now), standby_for=cohort.id
        )
        money = (seat.funding_line_id, seat.cents)
        if first is None:
            release(session, seat, cohort, now)
        else:
            seat.funding_line_id, seat.cents = None, 0
        seat.state = SeatState.LEFT
        seat.closed_on, seat.closed_code = day_of(now), PASSED_ON
        seat.updated_at = now
        session.flush()
        session.add(_again(seat, now))
        if first is None:
            return None
        first.cohort_id, first.standby_cohort_id = cohort.id, None
        first.state = SeatState.BOOKED
        first.funding_line_id, first.cents = money
        first.updated_at = now
        session.flush()
        return first.id


def _check_morning(session: Session, seat: Seat, cohort: Cohort, now: datetime) -> None:
    if now < passed_on_from(cohort.starts_on) or day_of(now) > cohort.starts_on:
        raise SeatNotPossible("too_early" if day_of(now) <= cohort.starts_on else "over")
    today = attendance.day_of_seat(session, seat.id, day_of(now))
    if today is not None and today.mark is Mark.CAME:
        raise SeatNotPossible("came")


def passed_on_from(starts_on: date) -> datetime:
    """The moment from which the seat of somebody who did not come can go to who stands by."""
    at: time = load_seat_terms(starts_on).released_from
    return start_of(starts_on).replace(hour=at.hour, minute=at.minute, tzinfo=AMSTERDAM)


def _again(seat: Seat, now: datetime) -> Seat:
    """The same person in line for the same programme, since the day they first asked."""
    return Seat(
        region=seat.region,
        candidate_id=seat.candidate_id,
        programme_id=seat.programme_id,
        state=SeatState.WAITING,
        asked_at=seat.asked_at,
        wants_talk=False,
        cents=0,
        created_at=now,
        updated_at=now,
    )


# --- the end -------------------------------------------------------------------------------------


def ending_codes() -> tuple[str, ...]:
    """The codes of ``seat_endings`` that staff can choose."""
    codes = load_codes().list("seat_endings").codes.values()
    return tuple(code.code for code in codes if code.attributes["given_by"] == "staff")


def end(session: Session, viewer: Viewer, seat_id: int, code: str, *, now: datetime) -> None:
    """A person says that a programme, a seat or waiting is over for somebody, and what came next.

    `code` is one of `ending_codes`. Nobody can have finished a group that has not begun.
    """
    with unit_of_work(session):
        if not viewer.has(*BOOKERS):
            raise Forbidden("none of your rights ends a seat")
        seat, cohort = rows.locked(session, viewer, seat_id)
        if seat.state not in rows.OPEN:
            raise SeatNotPossible("over")
        if code not in ending_codes():
            raise InvalidInput([Problem("code", f"must be one of {', '.join(ending_codes())}")])
        _end(session, seat, cohort, code, now)


def end_with_the_file(
    session: Session, candidate_id: int, closing_code: str, *, now: datetime
) -> None:
    """Ends what is open for somebody whose file closes; in a unit of work."""
    code = closing_code if closing_code in ending_codes() else FILE_CLOSED
    for seat in rows.rows_of_candidate(session, candidate_id, rows.OPEN):
        cohort = None if seat.cohort_id is None else rows.lock_cohort(session, seat.cohort_id)
        _end(session, seat, cohort, code, now)


def _end(session: Session, seat: Seat, cohort: Cohort | None, code: str, now: datetime) -> None:
    ends_as = SeatState(load_codes().list("seat_endings").codes[code].attributes["state"])
    if cohort is None or cohort.starts_on > day_of(now):
        ends_as = SeatState.LEFT
    if cohort is not None and ends_as is SeatState.LEFT:
        release(session, seat, cohort, now)
    seat.standby_cohort_id = None
    seat.state = ends_as
    seat.wants_talk = False
    seat.closed_on, seat.closed_code = day_of(now), code
    seat.updated_at = now
    session.flush()


def let_go(session: Session, candidate_id: int, *, now: datetime) -> None:
    """Gives back every seat of a person, for an erasure; to be called before it."""
    for seat in rows.rows_of_candidate(session, candidate_id, rows.HELD):
        if seat.cohort_id is not None:
            release(session, seat, rows.lock_cohort(session, seat.cohort_id), now)
    session.flush()
