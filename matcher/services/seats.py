"""Seats: waiting, being offered one, booking, passing one on, and what came after.

Nobody ever has more than one open seat in a programme, and a group never has more seats held than
it has: one statement looks and takes, and a constraint of the database stands behind it. Whose turn
it is goes by waiting time alone (product specification 3, seat rule; practice section 7, 13).
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden, InvalidInput, Problem
from matcher.models import Candidate, Cohort, Seat
from matcher.models.states import SeatState
from matcher.models.wall import whole_database
from matcher.reference.seats import load_seat_terms
from matcher.repositories import candidates, funding, programmes
from matcher.repositories import seats as rows
from matcher.repositories.seats import SeatRecord
from matcher.services.calendar import after_working_days, day_of
from matcher.services.cohorts import group_on, next_with_room
from matcher.services.outbox import receiver_of_candidate, send
from matcher.services.seat_checks import SeatNotPossible, why_not_person
from matcher.services.seat_releases import BOOKERS, check_divider, end_passed, release
from matcher.services.transactions import unit_of_work

# --- getting a seat -----------------------------------------------------------------------------


def offer(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    programme_id: int,
    starts_on: date,
    *,
    now: datetime,
) -> SeatRecord:
    """Holds a seat for a candidate in reach, who is asked for an answer in the own view."""
    return _give(session, viewer, candidate_id, programme_id, starts_on, SeatState.OFFERED, now)


def book(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    programme_id: int,
    starts_on: date,
    *,
    now: datetime,
) -> SeatRecord:
    """Books a seat for a candidate in reach who says yes to the coach, here and now."""
    return _give(session, viewer, candidate_id, programme_id, starts_on, SeatState.BOOKED, now)


def _give(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    programme_id: int,
    starts_on: date,
    state: SeatState,
    now: datetime,
) -> SeatRecord:
    with unit_of_work(session):
        candidate = _candidate(session, viewer, candidate_id, now)
        cohort = group_on(session, viewer, programme_id, starts_on, now=now)
        if cohort.starts_on < day_of(now):
            raise SeatNotPossible("begun")
        seat = _in_line(session, candidate, programme_id, now)
        if seat.state is not SeatState.WAITING:
            raise SeatNotPossible("already")
        _check_turn(session, seat, cohort, now)
        if not _take(session, cohort, now):
            later = next_with_room(session, viewer, programme_id, after=starts_on)
            raise SeatNotPossible("full", later)
        _hold(session, seat, cohort, candidate, state, now)
        session.flush()
        return rows.get_record(session, viewer, seat.id)


def _candidate(session: Session, viewer: Viewer, candidate_id: int, now: datetime) -> Candidate:
    if not viewer.has(*BOOKERS):
        raise Forbidden("none of your rights gives a seat")
    candidate = candidates.get_row(session, viewer, candidate_id)
    why = why_not_person(candidate, now)
    if why is not None:
        raise SeatNotPossible(why)
    return candidate


def _in_line(session: Session, candidate: Candidate, programme_id: int, now: datetime) -> Seat:
    """What the candidate has of this programme: what is open, else a new place in line."""
    found = rows.open_seat(session, candidate.id, programme_id)
    if found is not None:
        return found
    row = Seat(
        region=candidate.region,
        candidate_id=candidate.id,
        programme_id=programme_id,
        state=SeatState.WAITING,
        asked_at=now,
        wants_talk=False,
        cents=0,
        created_at=now,
        updated_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise SeatNotPossible("already") from None
    return row


def _check_turn(session: Session, seat: Seat, cohort: Cohort, now: datetime) -> None:
    if cohort.capacity is None:
        return
    line = rows.line_of(session, cohort.programme_id, on=day_of(now))
    ahead = line.index(seat.candidate_id) if seat.candidate_id in line else len(line)
    # Without a free seat nobody is passed over: the group is full, and that is what is said.
    free = cohort.capacity - cohort.booked
    if 0 < free <= ahead:
        raise SeatNotPossible("others_first")


def _take(session: Session, cohort: Cohort, now: datetime) -> bool:
    """Takes a seat of the group; offers that passed are given back first when it is full."""
    if rows.take_seat(session, cohort.id):
        return True
    return bool(end_passed(session, now, cohort.id)) and rows.take_seat(session, cohort.id)


def _hold(
    session: Session,
    seat: Seat,
    cohort: Cohort,
    candidate: Candidate,
    state: SeatState,
    now: datetime,
) -> None:
    """Puts somebody on the seat that was taken for them, with its money."""
    line, cents = cohort.funding_line_id, cohort.seat_cents
    if line is not None and cents:
        if not funding.take_cents(session, line, cents, starts_on=cohort.starts_on):
            raise SeatNotPossible("money")
        seat.funding_line_id, seat.cents = line, cents
    seat.cohort_id = cohort.id
    seat.standby_cohort_id = None
    seat.state = state
    seat.wants_talk = False
    seat.updated_at = now
    if state is SeatState.OFFERED:
        terms = load_seat_terms(day_of(now))
        last = after_working_days(day_of(now), terms.answer_within_working_days)
        seat.answer_by = min(last, cohort.starts_on)
        send(
            session,
            template="candidate_ready",
            to=receiver_of_candidate(candidate),
            dedupe_key=f"seat:{seat.id}:{cohort.id}:{day_of(now).isoformat()}",
            now=now,
        )


def offer_next(session: Session, viewer: Viewer, cohort_id: int, *, now: datetime) -> int | None:
    """Offers a free seat of a group to whoever is first in line; the seat's number.

    None when nobody waits. ``full`` or ``money`` when there is no seat to offer.
    """
    with unit_of_work(session), whole_database(session, "offering a seat", Seat):
        check_divider(viewer)
        cohort = rows.get_cohort(session, viewer, cohort_id, for_update=True)
        if cohort.starts_on < day_of(now):
            raise SeatNotPossible("begun")
        first = rows.first_in_line(session, cohort.programme_id, on=day_of(now))
        if first is None:
            return None
        if not _take(session, cohort, now):
            later = next_with_room(session, viewer, cohort.programme_id, after=cohort.starts_on)
            raise SeatNotPossible("full", later)
        person = candidates.get_row(session, viewer, first.candidate_id)
        _hold(session, first, cohort, person, SeatState.OFFERED, now)
        session.flush()
        return first.id


# --- waiting and standing by ---------------------------------------------------------------------


def wait(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    programme_id: int,
    *,
    standby_for: int | None = None,
    now: datetime,
) -> SeatRecord:
    """Puts a candidate in reach in line for a programme.

    `standby_for` is a group for which they say: call me the same morning.
    """
    with unit_of_work(session):
        candidate = _candidate(session, viewer, candidate_id, now)
        programmes.get_row(session, viewer, programme_id)
        if standby_for is not None:
            cohort = rows.get_cohort(session, viewer, standby_for)
            if cohort.programme_id != programme_id:
                raise InvalidInput([Problem("standby_for", "is a group of another programme")])
            if cohort.starts_on < day_of(now):
                raise SeatNotPossible("begun")
        seat = _in_line(session, candidate, programme_id, now)
        if seat.state is not SeatState.WAITING:
            raise SeatNotPossible("already")
        seat.standby_cohort_id = standby_for
        seat.updated_at = now
        session.flush()
        return rows.get_record(session, viewer, seat.id)


def place_in_line(session: Session, seat: SeatRecord, *, on: date) -> int | None:
    """How many stand before somebody who waits, plus one; None during a pause."""
    line = rows.line_of(session, seat.programme_id, on=on)
    return line.index(seat.candidate_id) + 1 if seat.candidate_id in line else None


# --- the candidate's own answer ------------------------------------------------------------------


def answer(session: Session, viewer: Viewer, seat_id: int, given: str, *, now: datetime) -> None:
    """The candidate says ``yes``, ``no`` or ``ask_coach`` to an offer.

    A no gives the seat back at once and is kept nowhere: it looks like an offer that passed.
    """
    if given not in ANSWERS:
        raise InvalidInput([Problem("answer", f"must be one of {', '.join(ANSWERS)}")])
    with unit_of_work(session):
        if not viewer.has(Right.CANDIDATE):
            raise Forbidden("only the candidate answers, in the own view")
        seat, cohort = rows.locked(session, viewer, seat_id)
        if cohort is None or seat.state is SeatState.NOT_TAKEN:
            raise SeatNotPossible("over")
        if seat.state is not SeatState.OFFERED:
            raise SeatNotPossible("answered")
        if seat.answer_by is not None and seat.answer_by < day_of(now):
            raise SeatNotPossible("over")
        if given == YES:
            seat.state = SeatState.BOOKED
            seat.wants_talk = False
        elif given == ASK_COACH:
            seat.wants_talk = True
        else:
            release(session, seat, cohort, now)
            seat.state = SeatState.NOT_TAKEN
            seat.wants_talk = False
            seat.closed_on = seat.answer_by
        seat.updated_at = now
        session.flush()


YES, NO, ASK_COACH = "yes", "no", "ask_coach"
ANSWERS = (YES, NO, ASK_COACH)


def talked(session: Session, viewer: Viewer, seat_id: int, *, now: datetime) -> None:
    """The coach talked with a candidate who asked for it; answering is still theirs."""
    with unit_of_work(session):
        if not viewer.has(*BOOKERS):
            raise Forbidden("none of your rights allows this step")
        seat, _cohort = rows.locked(session, viewer, seat_id)
        if not seat.wants_talk:
            raise SeatNotPossible("over")
        seat.wants_talk = False
        seat.updated_at = now
        session.flush()


# --- reading -------------------------------------------------------------------------------------


def for_candidate(session: Session, viewer: Viewer, candidate_id: int) -> list[SeatRecord]:
    """The seats of a candidate in reach, newest first; offers that were not taken left out."""
    if not viewer.has(*BOOKERS):
        raise Forbidden("none of your rights sees seats")
    candidates.get_row(session, viewer, candidate_id)
    return rows.of_candidate(session, viewer, candidate_id)


FOLDED_KINDS = frozenset({"money_support", "income_talk", "care_hours"})
"""Programmes about money or home: on a shared screen they stay behind the candidate's code."""


def own_seats(session: Session, viewer: Viewer, *, with_folded: bool = False) -> list[SeatRecord]:
    """The seats of the viewer, a candidate, newest first; those about money and home on request."""
    if viewer.candidate_id is None:
        raise Forbidden("only a candidate has an own view")
    found = rows.of_candidate(session, viewer, viewer.candidate_id)
    return [seat for seat in found if with_folded or seat.kind not in FOLDED_KINDS]
