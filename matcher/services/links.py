"""The link and the code by which a candidate opens the own view.

The link travels by message, the code by another road: the coach tells it. Whoever finds the link
alone sees nothing, not even a name. A few wrong codes end the link; the coach then gives a new one.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden
from matcher.models import Account, Candidate, CandidateAccount, SignInLink
from matcher.models.states import LinkKind
from matcher.reference.sign_in_terms import load_sign_in_terms
from matcher.repositories import candidates
from matcher.repositories import links as rows
from matcher.repositories import sessions as session_rows
from matcher.services.audit import note_failed_sign_in
from matcher.services.calendar import day_of
from matcher.services.outbox import receiver_of_candidate, send
from matcher.services.passwords import hash_text, is_hash_of
from matcher.services.transactions import unit_of_work

CANDIDATE_PATH = "/open"
"""Where a candidate's link leads; the secret follows it."""


@dataclass(frozen=True, slots=True)
class GivenLink:
    """What a coach hands over, readable only now: where to go, and the code to fill in there."""

    address_path: str
    code: str
    expires_at: datetime


def candidate_link(
    session: Session, viewer: Viewer, candidate_id: int, *, now: datetime, language: str = "nl"
) -> GivenLink:
    """A new link and code for a candidate, which also queues the neutral message with the link.

    The first one makes the account. A new one ends the link before it and the sessions that it
    opened. NotFound for a candidate that `viewer` cannot reach; Forbidden without the right *coach*
    or *lead*.
    """
    if not viewer.has(Right.COACH, Right.LEAD):
        raise Forbidden("a coach or team leader gives the link")
    on = day_of(now)
    terms = load_sign_in_terms(on)
    secret = secrets.token_urlsafe(32)
    code = f"{secrets.randbelow(10**terms.candidate_code_digits):0{terms.candidate_code_digits}}"
    code_hash = hash_text(code)
    expires_at = now + terms.candidate_link
    path = f"{CANDIDATE_PATH}/{secret}"
    with unit_of_work(session):
        candidate = candidates.get_row(session, viewer, candidate_id)
        account = _account_of(session, candidate, language, now)
        rows.revoke_rows(session, account.id, LinkKind.CANDIDATE, now=now)
        session_rows.end_rows(session, account.id, now=now)
        link = SignInLink(
            account_id=account.id,
            kind=LinkKind.CANDIDATE,
            secret_hash=hash_of(secret),
            code_hash=code_hash,
            failed=0,
            created_by=viewer.account_id,
            created_at=now,
            expires_at=expires_at,
        )
        session.add(link)
        session.flush()
        send(
            session,
            template="candidate_link",
            to=receiver_of_candidate(candidate, language=account.language),
            dedupe_key=f"candidate-link:{link.id}",
            params={"link": path, "until": day_of(expires_at).isoformat()},
            now=now,
        )
    return GivenLink(path, code, expires_at)


def _account_of(session: Session, candidate: Candidate, language: str, now: datetime) -> Account:
    known = rows.account_of_candidate(session, candidate.id)
    if known is not None:
        return known
    account = Account(
        # Nobody signs in with it; it only has to be unique and to say nothing.
        name=f"kandidaat-{secrets.token_hex(12)}",
        rights=frozenset({Right.CANDIDATE}),
        region=candidate.region,
        language=language,
        is_active=True,
        failed_sign_ins=0,
        created_at=now,
        updated_at=now,
    )
    session.add(account)
    session.flush()
    session.add(CandidateAccount(account_id=account.id, candidate_id=candidate.id))
    return account


def is_open(session: Session, secret: str, *, now: datetime) -> bool:
    """Whether a candidate's link still takes a code; one that never was is as dead as any."""
    row = rows.find_row(session, hash_of(secret))
    attempts = load_sign_in_terms(day_of(now)).candidate_code_attempts
    return (
        row is not None
        and row.kind is LinkKind.CANDIDATE
        and row.revoked_at is None
        and row.expires_at > now
        and row.failed < attempts
    )


def open_candidate_link(session: Session, secret: str, code: str, *, now: datetime) -> int | None:
    """The account that a link opens when the code is right; None for whatever else.

    Each wrong code counts; after as many as the terms allow, the right one opens nothing either.
    """
    row = rows.find_row(session, hash_of(secret))
    if row is None or row.kind is not LinkKind.CANDIDATE or not _try_code(session, row, code, now):
        return None
    return row.account_id


def unlock_money(
    session: Session, browser_session_id: int, code: str, now: datetime
) -> datetime | None:
    """Unfolds the money answers in this session after the code was given again, and until when.

    None for a wrong code, which counts as one at the door does.
    """
    opened = session_rows.find_row(session, browser_session_id)
    if opened is None or opened.ended_at is not None:
        return None
    link = rows.find_candidates_link(session, opened.account_id, now=now)
    if link is None or not _try_code(session, link, code, now):
        return None
    until = now + load_sign_in_terms(day_of(now)).money_open
    with unit_of_work(session):
        opened.money_open_until = until
    return until


def fold_money(session: Session, browser_session_id: int) -> None:
    """Folds the money answers in again before their time."""
    with unit_of_work(session):
        opened = session_rows.find_row(session, browser_session_id)
        if opened is not None:
            opened.money_open_until = None


def _try_code(session: Session, link: SignInLink, code: str, now: datetime) -> bool:
    attempts = load_sign_in_terms(day_of(now)).candidate_code_attempts
    # The attempt is counted before the slow comparison: of a hundred guesses at the same moment
    # no more are compared than are allowed.
    with unit_of_work(session):
        has_attempt = rows.take_attempt(session, link.id, attempts, now=now)
    if not has_attempt or link.code_hash is None:
        return False
    right = is_hash_of(link.code_hash, "".join(code.split())[:12])
    with unit_of_work(session):
        if right:
            rows.note_right_code(session, link.id, now=now)
        else:
            note_failed_sign_in(session, link.account_id)
    return right


def hash_of(secret: str) -> str:
    """What is kept of the secret of a link; a fast hash suffices for 32 random bytes."""
    return hashlib.sha256(secret.encode()).hexdigest()
