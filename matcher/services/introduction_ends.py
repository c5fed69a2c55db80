"""What the service itself does with introductions: closing, erasing, and letting a person go."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matcher.domain.transitions import State, Step, by_the_service
from matcher.models import Agreement, Introduction, IntroductionEvent, IntroductionRefusal
from matcher.models.states import IntroductionState
from matcher.models.wall import whole_database
from matcher.reference.introductions import load_introduction_terms
from matcher.repositories import introductions as rows
from matcher.repositories.introductions import NOT_AVAILABLE
from matcher.services.calendar import day_of
from matcher.services.transactions import unit_of_work


def expire(session: Session, now: datetime) -> int:
    """Closes what expired, and erases what closed long enough ago; returns how many it erased.

    Run it daily. Nobody sees a difference on the day itself: views go by the moment, not by this.
    """
    by_the_service(State.INVITED, Step.EXPIRE)
    tables = (Agreement, Introduction, IntroductionEvent, IntroductionRefusal)
    with unit_of_work(session), whole_database(session, "ending what expired", *tables):
        rows.close_expired(session, now)
        return rows.erase_closed(session, kept_since(now))


def kept_since(now: datetime) -> datetime:
    """What closed at or before this moment is erased, and shown no more."""
    return now - load_introduction_terms(day_of(now)).erased_after


def let_go(session: Session, candidate_id: int, *, now: datetime) -> None:
    """Takes a person out of their introductions, for an erasure; to be called before it.

    An open invitation stays as it looked until it expires, with nobody behind it: ending it now
    would tell the contractor something. Later ones end at once, with nothing left to see.
    """
    with unit_of_work(session):
        rows.forget_refusals(session, candidate_id)
        for row in rows.rows_of_candidate(session, candidate_id):
            if row.state in (IntroductionState.ACCEPTED, IntroductionState.INTRODUCED):
                row.state = IntroductionState.CLOSED
                row.closed_code, row.closed_at = NOT_AVAILABLE, now
            row.candidate_id = None
            row.answer = row.answered_at = row.asked_coach_at = row.talked_at = None
            row.shares, row.shown = (), {}
        session.flush()
