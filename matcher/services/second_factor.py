"""The second factor: codes from an app, and codes for when the app is lost.

RFC 6238 with SHA-1, six digits and steps of 30 seconds, which every app knows. A code works once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy.orm import Session

from matcher.domain.errors import Conflict, NotFound
from matcher.models import Account, RecoveryCode
from matcher.reference.sign_in_terms import load_sign_in_terms
from matcher.repositories import accounts
from matcher.repositories import second_factors as rows
from matcher.services.account_notices import tell_owner
from matcher.services.audit import note_failed_sign_in
from matcher.services.calendar import day_of
from matcher.services.transactions import unit_of_work

STEP_SECONDS = 30
DIGITS = 6
ISSUER = "matcher"
_RECOVERY_BYTES = 10
"""80 random bits a code: nobody can guess one, so a fast hash suffices."""
_GROUP = 4
_APP_CODE = re.compile(f"[0-9]{{{DIGITS}}}")


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What somebody puts into an app: `secret` as text to type over, `uri` to scan."""

    secret: str
    uri: str


def has_second_factor(session: Session, account_id: int) -> bool:
    """Whether an account has one that was shown to work."""
    return _row(session, account_id).totp_confirmed_at is not None


def begin_enrolment(session: Session, account_id: int, *, now: datetime) -> Enrolment:
    """A new secret for an account; it guards nothing until `confirm_enrolment`.

    Conflict when the account has a second factor already: it must be taken away first.
    """
    with unit_of_work(session):
        row = _row(session, account_id)
        if row.totp_confirmed_at is not None:
            raise Conflict("this account has a second factor; take it away first")
        row.totp_secret = pyotp.random_base32()
        row.totp_last_step = None
        row.updated_at = now
        return _enrolment(row.name, row.totp_secret)


def find_enrolment(session: Session, account_id: int) -> Enrolment | None:
    """The secret that waits to be confirmed; None when there is none."""
    row = _row(session, account_id)
    if row.totp_secret is None or row.totp_confirmed_at is not None:
        return None
    return _enrolment(row.name, row.totp_secret)


def _enrolment(name: str, secret: str) -> Enrolment:
    app = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS, name=name, issuer=ISSUER)
    return Enrolment(secret, app.provisioning_uri())


def confirm_enrolment(
    session: Session, account_id: int, code: str, *, now: datetime
) -> tuple[str, ...] | None:
    """The recovery codes, readable only now, when `code` shows that the app works; else None."""
    with unit_of_work(session):
        row = _row(session, account_id)
        if row.totp_confirmed_at is not None or not _take_app_code(session, row, code, now):
            return None
        session.refresh(row)
        row.totp_confirmed_at = now
        row.updated_at = now
        tell_owner(session, row, now=now)
        return _new_recovery_codes(session, account_id, now)


def check_second_factor(session: Session, account_id: int, code: str, *, now: datetime) -> bool:
    """Whether `code` is one of the app or a recovery code; either is used up by it."""
    with unit_of_work(session):
        row = _row(session, account_id)
        if row.totp_confirmed_at is None:
            return False
        right = _take_app_code(session, row, code, now) or rows.take_recovery_code(
            session, account_id, _hash(_plain(code)), now=now
        )
        if not right:
            note_failed_sign_in(session, account_id)
        return right


def _take_app_code(session: Session, row: Account, code: str, now: datetime) -> bool:
    plain = _plain(code)
    if row.totp_secret is None or not _APP_CODE.fullmatch(plain):
        return False
    drift = load_sign_in_terms(day_of(now)).clock_drift_steps
    app = pyotp.TOTP(row.totp_secret, digits=DIGITS, interval=STEP_SECONDS)
    present = int(now.timestamp()) // STEP_SECONDS
    fitting = [
        step
        for step in range(present - drift, present + drift + 1)
        if hmac.compare_digest(app.generate_otp(step), plain)
    ]
    return any(rows.take_step(session, row.id, step) for step in fitting)


def new_recovery_codes(session: Session, account_id: int, *, now: datetime) -> tuple[str, ...]:
    """Other recovery codes instead of those before; Conflict without a second factor."""
    with unit_of_work(session):
        if _row(session, account_id).totp_confirmed_at is None:
            raise Conflict("this account has no second factor; set one up first")
        return _new_recovery_codes(session, account_id, now)


def _new_recovery_codes(session: Session, account_id: int, now: datetime) -> tuple[str, ...]:
    count = load_sign_in_terms(day_of(now)).recovery_codes
    codes = tuple(
        base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode() for _ in range(count)
    )
    rows.drop_recovery_codes(session, account_id)
    session.add_all(RecoveryCode(account_id=account_id, code_hash=_hash(code)) for code in codes)
    return tuple(
        "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP)) for code in codes
    )


def recovery_codes_left(session: Session, account_id: int) -> int:
    """How many recovery codes an account has not used."""
    return rows.count_recovery_codes(session, account_id)


def take_away(session: Session, account_id: int, *, now: datetime) -> None:
    """Removes the second factor of an account and its recovery codes."""
    with unit_of_work(session):
        row = _row(session, account_id)
        row.totp_secret = row.totp_confirmed_at = row.totp_last_step = None
        row.updated_at = now
        rows.drop_recovery_codes(session, account_id)
        tell_owner(session, row, now=now)


def _row(session: Session, account_id: int) -> Account:
    row = accounts.find_row(session, account_id)
    if row is None:
        raise NotFound("account")
    return row


def _plain(code: str) -> str:
    # A string of any length from outside; nothing longer than a recovery code is one.
    return "".join(code[:60].replace("-", "").split()).upper()


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
