"""Intake drafts: a card saved half-way, resumed on any device, applied to the profile."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Problem
from matcher.files.free_text import never_saved
from matcher.files.messages import say
from matcher.models import IntakeDraft
from matcher.models.types import canonical_json
from matcher.repositories import candidates
from matcher.repositories import drafts as rows
from matcher.repositories.records import CandidateRecord, DraftRecord
from matcher.services.candidates import create_candidate, update_candidate
from matcher.services.checks import phone_number
from matcher.services.transactions import unit_of_work

_CARD = re.compile(r"[a-z][a-z_]{0,39}")
ANSWERS_MAXIMUM = 20_000
"""Characters of JSON; all cards together need a tenth of it."""


def save_draft(
    session: Session,
    viewer: Viewer,
    *,
    card: str,
    answers: Mapping[str, Any],
    candidate_id: int | None = None,
    draft_id: int | None = None,
    now: datetime,
) -> DraftRecord:
    """Keeps the answers of one card as they stand, in the form's own terms.

    A candidate has one draft a card. Without `candidate_id` (somebody who is still being entered)
    a new draft is made, or the one under `draft_id` is saved again.
    """
    _check(card, answers, viewer.language)
    with unit_of_work(session):
        row = _draft_to_save(session, viewer, card, candidate_id, draft_id, now)
        row.answers = dict(answers)
        row.account_id = viewer.account_id
        row.updated_at = now
        try:
            session.flush()
        except IntegrityError as error:
            raise Conflict("this card is being saved by somebody else; try again") from error
        return rows.to_record(row)


def _draft_to_save(
    session: Session,
    viewer: Viewer,
    card: str,
    candidate_id: int | None,
    draft_id: int | None,
    now: datetime,
) -> IntakeDraft:
    if viewer.region is None or not viewer.has(Right.COACH, Right.LEAD):
        raise Forbidden("only a coach or a team lead fills in cards")
    if draft_id is not None:
        return _own(session, viewer, draft_id)
    if candidate_id is not None:
        candidate_id = candidates.get_row(session, viewer, candidate_id).id
        found = rows.find_row(session, viewer, candidate_id, card)
        if found is not None:
            return found
    row = IntakeDraft(region=viewer.region, candidate_id=candidate_id, card=card, created_at=now)
    session.add(row)
    return row


def _check(card: str, answers: Mapping[str, Any], language: str) -> None:
    problems = []
    if not _CARD.fullmatch(card):
        problems.append(Problem("card", "must be a name in small letters"))
    for name, value in answers.items():
        is_phone = isinstance(value, str) and phone_number(value) is not None
        if not is_phone:
            found = never_saved(canonical_json(value))
            problems += [Problem(name, say(code.code, language)) for code in found]
    if len(canonical_json(dict(answers))) > ANSWERS_MAXIMUM:
        problems.append(Problem("answers", f"hold more than {ANSWERS_MAXIMUM} characters"))
    if problems:
        raise InvalidInput(problems)


def get_draft(session: Session, viewer: Viewer, draft_id: int) -> DraftRecord:
    """One draft in reach; NotFound for any other."""
    return rows.to_record(_own(session, viewer, draft_id))


def _own(session: Session, viewer: Viewer, draft_id: int) -> IntakeDraft:
    row = rows.row_by_id(session, viewer, draft_id)
    if row is None:
        raise NotFound("draft")
    return row


def find_draft(
    session: Session, viewer: Viewer, candidate_id: int, card: str
) -> DraftRecord | None:
    """The draft of a candidate's card, None when there is none."""
    row = rows.find_row(session, viewer, candidate_id, card)
    return None if row is None else rows.to_record(row)


def list_drafts(
    session: Session, viewer: Viewer, *, candidate_id: int | None = None
) -> list[DraftRecord]:
    """The drafts of one candidate, or all that the viewer saved last; newest first."""
    return [rows.to_record(row) for row in rows.list_rows(session, viewer, candidate_id)]


def finish_draft(
    session: Session,
    viewer: Viewer,
    draft_id: int,
    values: Mapping[str, Any],
    *,
    expected_version: int | None = None,
    now: datetime,
) -> CandidateRecord:
    """Makes the answers part of the profile and removes the draft, as one.

    `values` are typed, by field name of the profile. A draft without a candidate makes one.
    Without `expected_version` the answers win over what is there: the card asked for them.
    """
    with unit_of_work(session):
        row = _own(session, viewer, draft_id)
        if row.candidate_id is None:
            record = create_candidate(session, viewer, values, now=now)
        else:
            if expected_version is None:
                expected_version = candidates.get_row(session, viewer, row.candidate_id).version
            record = update_candidate(
                session,
                viewer,
                row.candidate_id,
                values,
                expected_version=expected_version,
                now=now,
            )
        session.delete(row)
        return record


def discard_draft(session: Session, viewer: Viewer, draft_id: int) -> None:
    """Throws a draft away; the profile stays as it was."""
    with unit_of_work(session):
        session.delete(_own(session, viewer, draft_id))
