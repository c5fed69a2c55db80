"""Erasing somebody: every row about or derived from them, and what keeps them from coming back.

What is left is a tombstone (a keyed hash of region and reference) and the log, which holds no
content. No export is kept by the service, so none has to be found. Lists that left it, such as
those for training, leave out whom `erased_among` names (``matcher candidates leave-out``).
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden, NotFound
from matcher.models import Account, Candidate, CandidateAccount, CandidateAudit, IdempotencyRecord
from matcher.models.wall import whole_database
from matcher.repositories import candidates, tombstones, uploads
from matcher.repositories.scope import unscoped
from matcher.services import introduction_ends, seat_releases
from matcher.services.transactions import after_commit, unit_of_work

erased_among = tombstones.erased_among
is_erased = tombstones.is_erased


def erase_candidate(session: Session, viewer: Viewer, candidate_id: int, *, now: datetime) -> None:
    """Erases a candidate in reach of `viewer`, for good.

    Forbidden for others than a coach or a team lead, who grant what the candidate asked for;
    NotFound for somebody out of reach. With it go the profile and its audit attributes, drafts,
    advice with its input, decisions, notes, requests, the own account with its sessions and links,
    queued messages, and kept answers of the API. Introductions lose all that is about the person.
    """
    with unit_of_work(session):
        row = candidates.get_row(session, viewer, candidate_id, for_update=True)
        if not viewer.has(Right.COACH, Right.LEAD):
            raise Forbidden("only a coach or a team lead erases somebody")
        _erase(session, row, now)


def erase_by_reference(session: Session, viewer: Viewer, reference: str, *, now: datetime) -> None:
    """Likewise, by reference in the viewer's region."""
    found = candidates.find_row(session, viewer, reference)
    if found is None:
        raise NotFound("candidate")
    erase_candidate(session, viewer, found.id, now=now)


def erase_closed_file(session: Session, candidate_id: int, *, now: datetime) -> None:
    """Erases a file whose time is over, for the service itself; in a unit of work."""
    # Found by the retention rules, which look at every region.
    statement = select(Candidate).where(Candidate.id == candidate_id)
    row = session.scalar(unscoped(statement, Candidate))
    if row is not None:
        _erase(session, row, now)


def _erase(session: Session, row: Candidate, now: datetime) -> None:
    region, reference = row.region, row.reference
    with whole_database(session, "erasing somebody"):
        introduction_ends.let_go(session, row.id, now=now)
        seat_releases.let_go(session, row.id, now=now)
        statement = select(CandidateAccount.account_id).where(
            CandidateAccount.candidate_id == row.id
        )
        own = session.scalar(statement)
        noted = session.scalar(
            unscoped(
                select(CandidateAudit).where(
                    CandidateAudit.region == region, CandidateAudit.reference == reference
                ),
                CandidateAudit,
            )
        )
        if noted is not None:
            session.delete(noted)
        _forget_answers(session, row)
        uploads.forget_person(session, region, reference)
        session.delete(row)
        session.flush()
        if own is not None:
            session.delete(session.get_one(Account, own))
        tombstones.keep(session, region, reference, now=now)
        session.flush()
    after_commit(session, tombstones.write_out)


def _forget_answers(session: Session, row: Candidate) -> None:
    """Lets go of kept answers of the API that speak of the person, whole or in part."""
    kept = session.execute(
        select(IdempotencyRecord.id, IdempotencyRecord.route, IdempotencyRecord.body)
    )
    about = [
        record.id
        for record in kept
        # Letting go of one too many only means that a repeated request is carried out again.
        if str(row.id) in record.route.split("/") or _speaks_of(record.body, row)
    ]
    if about:
        session.execute(delete(IdempotencyRecord).where(IdempotencyRecord.id.in_(about)))


def _speaks_of(body: str | None, row: Candidate) -> bool:
    if not body:
        return False
    try:
        return _names(json.loads(body), row)
    except ValueError:
        # An answer that is no JSON is a page, and pages are kept whole.
        return row.reference in body


def _names(value: Any, row: Candidate) -> bool:
    if isinstance(value, dict):
        return value.get("candidate_id") == row.id or any(
            _names(part, row) for part in value.values()
        )
    if isinstance(value, list):
        return any(_names(part, row) for part in value)
    return isinstance(value, str) and value == row.reference
