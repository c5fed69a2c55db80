"""One advice in twenty asks what the person thinks first, and shows ours after.

It measures whether people still judge for themselves, without deceiving anybody. What was chosen is
kept without who chose it and with the day only: no staff statistics (practice.md section 7, 16).
"""

from __future__ import annotations

import hashlib
import hmac
from contextlib import suppress
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden, NotFound
from matcher.domain.vocabulary import Lane
from matcher.models import BlindChoice
from matcher.models.keyring import keyring_of
from matcher.reference.oversight import load_oversight_terms
from matcher.repositories import advice
from matcher.repositories import oversight as rows
from matcher.services.calendar import day_of, start_of
from matcher.services.choices import choice
from matcher.services.transactions import unit_of_work

_USE = "blind"


def asks_first(
    session: Session,
    viewer: Viewer,
    assessment_id: int,
    *,
    on: date,
    one_in: int | None = None,
) -> bool:
    """Whether `viewer` says what they think before this assessment is shown.

    The same answer each time until a choice or a decision is kept. `one_in` is the setting of the
    installation: 0 never asks, None is as the dated terms say.
    """
    share = load_oversight_terms(on).one_in if one_in is None else one_in
    if not share or not viewer.has(Right.COACH, Right.LEAD):
        return False
    key = keyring_of(session).derived_key(_USE)
    drawn = hmac.new(key, str(assessment_id).encode(), hashlib.sha256).digest()
    if int.from_bytes(drawn[:8], "big") % share:
        return False
    chosen = rows.find_choice(session, assessment_id)
    return chosen is None and not rows.has_decision(session, assessment_id)


def choose(
    session: Session, viewer: Viewer, assessment_id: int, chosen: str, *, now: datetime
) -> None:
    """Keeps what was thought before the advice was shown; the first choice stands."""
    if not viewer.has(Right.COACH, Right.LEAD):
        raise Forbidden("only who guides the candidate is asked")
    lane = choice(Lane, "chosen", chosen)
    with unit_of_work(session):
        assessment = advice.find_assessment(session, viewer, assessment_id)
        if assessment is None:
            raise NotFound("assessment")
        if rows.find_choice(session, assessment_id) is not None:
            return
        row = BlindChoice(
            region=assessment.region,
            candidate_id=assessment.candidate_id,
            assessment_id=assessment_id,
            chosen=lane,
            suggested=assessment.lane,
            # The day alone: a moment could be laid beside who was at work then.
            at=start_of(day_of(now)),
        )
        # Whoever was first at the same moment stands.
        with suppress(IntegrityError), session.begin_nested():
            session.add(row)
            session.flush()


def own_choice(session: Session, assessment_id: int) -> Lane | None:
    """What was chosen before this assessment was shown, None when nobody was asked."""
    return rows.find_choice(session, assessment_id)
