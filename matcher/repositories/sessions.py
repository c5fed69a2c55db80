"""Browser sessions; not scoped, because they say who the viewer is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matcher.models import Account, BrowserSession


def find_with_account(session: Session, secret_hash: str) -> tuple[BrowserSession, Account] | None:
    """The session with that hash and its account, whatever their state."""
    statement = (
        select(BrowserSession, Account)
        .join(Account, Account.id == BrowserSession.account_id)
        .where(BrowserSession.secret_hash == secret_hash)
    )
    found = session.execute(statement).one_or_none()
    return None if found is None else (found[0], found[1])


def find_row(session: Session, session_id: int) -> BrowserSession | None:
    """The session of that number."""
    return session.get(BrowserSession, session_id)


def note_seen(session: Session, session_id: int, at: datetime) -> None:
    """Keeps when a session was last used."""
    statement = update(BrowserSession).where(BrowserSession.id == session_id)
    session.execute(statement.values(seen_at=at))


def open_rows(session: Session, account_id: int) -> list[BrowserSession]:
    """The sessions of an account that were not ended, last used first."""
    statement = (
        select(BrowserSession)
        .where(BrowserSession.account_id == account_id, BrowserSession.ended_at.is_(None))
        .order_by(BrowserSession.seen_at.desc(), BrowserSession.id.desc())
    )
    return list(session.scalars(statement))


def end_rows(
    session: Session, account_id: int, *, except_: int | None = None, now: datetime
) -> None:
    """Ends every open session of an account but `except_`."""
    statement = update(BrowserSession).where(
        BrowserSession.account_id == account_id, BrowserSession.ended_at.is_(None)
    )
    if except_ is not None:
        statement = statement.where(BrowserSession.id != except_)
    session.execute(statement.values(ended_at=now))
