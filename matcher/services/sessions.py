"""Sessions of people in a browser, kept at this side: ending one ends every copy of its cookie.

The cookie carries a random secret, the row its SHA-256. A fast hash suffices: nobody can guess 32
random bytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from matcher.domain.access import STAFF, Right, Viewer
from matcher.domain.errors import NotFound
from matcher.models import Account, BrowserSession
from matcher.models.states import SignInMethod
from matcher.repositories import accounts
from matcher.repositories import sessions as rows
from matcher.services.transactions import unit_of_work

SECOND_FACTOR_RIGHTS = STAFF | {Right.OFFICER, Right.ANALYST, Right.ADMIN}
"""Who must show a second factor: everybody who reaches people, money or accounts (contract.md,
section 4: contractors have a mail link, candidates a link and a code)."""


@dataclass(frozen=True, slots=True)
class SessionTerms:
    """The settings of an installation: when a session ends, and who needs a second factor."""

    idle: timedelta
    idle_candidate: timedelta
    absolute: timedelta
    second_factor_required: bool

    def idle_of(self, rights: frozenset[Right]) -> timedelta:
        """How long somebody with `rights` may do nothing; candidates' phones are often shared."""
        return self.idle_candidate if Right.CANDIDATE in rights else self.idle

    def asks_second_factor(self, rights: frozenset[Right]) -> bool:
        """Whether somebody with `rights` must have a second factor."""
        return self.second_factor_required and not rights.isdisjoint(SECOND_FACTOR_RIGHTS)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that holds at this moment."""

    id: int
    account_id: int
    method: SignInMethod
    began_at: datetime
    seen_at: datetime
    second_factor_at: datetime | None
    money_open_until: datetime | None


@dataclass(frozen=True, slots=True)
class Entered:
    """Who a session belongs to, and whether a second factor has still to be shown."""

    session: OpenSession
    viewer: Viewer
    needs_second_factor: bool


def begin_session(
    session: Session,
    account_id: int,
    method: SignInMethod | str,
    *,
    second_factor: bool = False,
    now: datetime,
) -> str:
    """A new session of an account; the answer is its secret, which can be read only now.

    `second_factor` says that one was shown already.
    """
    secret = secrets.token_urlsafe(32)
    with unit_of_work(session):
        session.add(
            BrowserSession(
                account_id=account_id,
                secret_hash=_hash(secret),
                method=SignInMethod(method),
                began_at=now,
                seen_at=_minute_of(now),
                second_factor_at=now if second_factor else None,
            )
        )
    return secret


def enter(session: Session, secret: str, *, terms: SessionTerms, now: datetime) -> Entered | None:
    """Whose session has this secret, noting that it was used; None once it ended or ran out."""
    found = rows.find_with_account(session, _hash(secret))
    if found is None:
        return None
    row, account = found
    viewer = accounts.to_viewer(account)
    if not account.is_active or not _is_open(row, terms, viewer.rights, now):
        return None
    entered = Entered(
        _to_open(row), viewer, row.second_factor_at is None and _asks(account, viewer, terms)
    )
    seen = _minute_of(now)
    if row.seen_at < seen:
        # While a long import holds the one writer of an SQLite file, a page that only reads must
        # not fail for this note; the next request makes it.
        with contextlib.suppress(OperationalError), unit_of_work(session):
            rows.note_seen(session, row.id, seen)
    return entered


def _asks(account: Account, viewer: Viewer, terms: SessionTerms) -> bool:
    # Who set one up by choice is asked for it too: it would protect nothing otherwise.
    return account.totp_confirmed_at is not None or terms.asks_second_factor(viewer.rights)


def _is_open(
    row: BrowserSession, terms: SessionTerms, rights: frozenset[Right], now: datetime
) -> bool:
    return (
        row.ended_at is None
        and now - row.seen_at <= terms.idle_of(rights)
        and now - row.began_at <= terms.absolute
    )


def list_sessions(
    session: Session, account_id: int, *, terms: SessionTerms, now: datetime
) -> list[OpenSession]:
    """The sessions of an account that hold now, last used first."""
    account = accounts.find_row(session, account_id)
    if account is None:
        raise NotFound("account")
    rights = accounts.to_viewer(account).rights
    return [
        _to_open(row)
        for row in rows.open_rows(session, account_id)
        if _is_open(row, terms, rights, now)
    ]


def end_session(session: Session, secret: str, *, now: datetime) -> None:
    """Ends the session with this secret; one that ended before, or never was, is no error."""
    with unit_of_work(session):
        found = rows.find_with_account(session, _hash(secret))
        if found is not None and found[0].ended_at is None:
            found[0].ended_at = now


def end_all_sessions(
    session: Session, account_id: int, *, except_: int | None = None, now: datetime
) -> None:
    """Ends the sessions of an account, all but the one numbered `except_`."""
    with unit_of_work(session):
        rows.end_rows(session, account_id, except_=except_, now=now)


def _to_open(row: BrowserSession) -> OpenSession:
    return OpenSession(
        row.id,
        row.account_id,
        row.method,
        row.began_at,
        row.seen_at,
        row.second_factor_at,
        row.money_open_until,
    )


def _minute_of(moment: datetime) -> datetime:
    # Rounded down: a session ends up to a minute early, never late, and asks a write a minute.
    return moment.replace(second=0, microsecond=0)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
