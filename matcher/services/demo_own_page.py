"""The own page of one invented person, for the demo: an account, a note to read, a known code."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import NOBODY, Right, Viewer
from matcher.models import (
    Candidate,
    CandidateAccount,
    Introduction,
    SignInLink,
)
from matcher.models.states import IntroductionState, LinkKind
from matcher.reference.sign_in_terms import load_sign_in_terms
from matcher.repositories import recording
from matcher.repositories.acting import Actor, act_as, actor_of
from matcher.repositories.scope import unscoped
from matcher.services.assessments import plan_candidate
from matcher.services.calendar import day_of
from matcher.services.candidates import get_candidate
from matcher.services.links import hash_of
from matcher.services.notes import add_note
from matcher.services.passwords import hash_text

DEMO_CODE = "123456"
"""What unfolds money and home on the demo's own page, which everybody may know."""
_NOTE = "Werkt graag buiten en vraagt om uitleg als iets niet lukt."


def add_own_page(
    session: Session,
    coach: Viewer,
    triager: Viewer,
    own: Viewer,
    people: Sequence[Candidate],
    now: datetime,
) -> None:
    """Gives the account `own` the file of one of `people`: one with an open invitation, if any.

    The coach and the triager opened it today, which the own page tells.
    """
    # The demo fills an empty database: everything in it is its own.
    statement = select(Introduction.candidate_id).where(
        Introduction.state == IntroductionState.INVITED, Introduction.expires_at > now
    )
    invited = set(session.scalars(unscoped(statement, Introduction)))
    free = [row for row in people if row.paused_until is None]
    person = next((row for row in free if row.id in invited), free[0])
    if own.account_id is None:
        raise ValueError("an own page needs an account")
    session.add(CandidateAccount(account_id=own.account_id, candidate_id=person.id))
    session.add(
        SignInLink(
            account_id=own.account_id,
            kind=LinkKind.CANDIDATE,
            secret_hash=hash_of(secrets.token_urlsafe(32)),
            code_hash=hash_text(DEMO_CODE),
            failed=0,
            created_by=coach.account_id,
            created_at=now,
            expires_at=now + load_sign_in_terms(day_of(now)).candidate_link,
        )
    )
    session.flush()
    with _at_work(session, Actor(coach, now, Right.COACH)):
        get_candidate(session, coach, person.id)
        plan_candidate(session, coach, person.id, on=day_of(now), now=now)
        add_note(session, coach, person.id, _NOTE, now=now)
    with _at_work(session, Actor(triager, now, Right.TRIAGER)):
        get_candidate(session, triager, person.id)


@contextmanager
def _at_work(session: Session, actor: Actor) -> Iterator[None]:
    """What is done and read within is in the log by `actor`: the candidate sees who looked."""
    before = actor_of(session) or Actor(NOBODY, actor.at)
    recording.write(session)
    act_as(session, actor)
    yield
    session.flush()
    recording.settle(session, reading=True)
    recording.write(session)
    act_as(session, before)
