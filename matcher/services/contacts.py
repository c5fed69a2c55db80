"""Attempts to reach somebody, three without an answer, and what follows then.

Practice section 1, 07:50: not reached n of 3 with dates; after the third a letter goes out and the
person is with the coach who guides them; they leave the top of the queue, not the queue.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden, InvalidInput, Problem
from matcher.models import Candidate, ContactAttempt
from matcher.models.states import Channel
from matcher.reference.queue import load_queue_terms
from matcher.repositories import candidates
from matcher.repositories import queue as rows
from matcher.services import outbox
from matcher.services.calendar import day_of
from matcher.services.transactions import unit_of_work

LETTER = "candidate_ready"
"""A neutral letter: something is ready, and whom to ask."""
CALLERS = (Right.COACH, Right.TRIAGER, Right.LEAD)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt as it is shown: never by whom."""

    candidate_id: int
    on: date
    reached: bool
    next_on: date | None


def note_attempt(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    *,
    reached: bool,
    next_on: date | None = None,
    now: datetime,
) -> int:
    """Keeps that somebody was called or met today; returns the attempts without an answer.

    `next_on` is when they will be spoken to again, at most the review term ahead: with it this
    counts as the review. InvalidInput for a day that is not ahead. The third attempt without an
    answer queues a letter, once a row of three.
    """
    today = day_of(now)
    terms = load_queue_terms(today)
    with unit_of_work(session):
        row = candidates.get_row(session, viewer, candidate_id, for_update=True)
        if not viewer.has(*CALLERS):
            raise Forbidden("only a coach, a triager or a team lead notes this")
        if next_on is not None and not today < next_on <= today + terms.review_within:
            latest = today + terms.review_within
            raise InvalidInput([Problem("next_on", f"must lie after today, by {latest} at last")])
        attempt = ContactAttempt(
            region=row.region,
            candidate_id=row.id,
            on=today,
            reached=reached,
            next_on=next_on,
            noted_by=viewer.account_id,
            at=now,
        )
        session.add(attempt)
        session.flush()
        before = row.not_reached
        row.not_reached = 0 if reached else min(before + 1, terms.attempts_until_letter)
        if row.not_reached != before:
            row.updated_at = now
        if before < row.not_reached == terms.attempts_until_letter:
            _write(session, row, attempt.id, now)
        session.flush()
        return row.not_reached


def _write(session: Session, row: Candidate, attempt_id: int, now: datetime) -> None:
    to = outbox.Receiver(Channel.LETTER, "nl", row.region, candidate_id=row.id)
    outbox.send(
        session, template=LETTER, to=to, dedupe_key=f"not_reached:{row.id}:{attempt_id}", now=now
    )


def list_attempts(session: Session, viewer: Viewer, candidate_id: int) -> list[Attempt]:
    """Attempts to reach one candidate, newest first; the candidate sees them too."""
    candidates.get_row(session, viewer, candidate_id)
    return [
        Attempt(row.candidate_id, row.on, row.reached, row.next_on)
        for row in rows.attempts(session, viewer, candidate_id)
    ]


def since_reached(attempts: list[Attempt]) -> list[Attempt]:
    """Those without an answer since somebody was last reached, oldest first."""
    found: list[Attempt] = []
    for attempt in attempts:
        if attempt.reached:
            break
        found.append(attempt)
    return found[::-1]
