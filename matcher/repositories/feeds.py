"""Calendar links: withdrawing them, and whom one stands for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from matcher.models import Account, CalendarLink


def withdraw(session: Session, account_id: int, now: datetime) -> None:
    """Every link of an account works no longer."""
    for row in session.scalars(_open(account_id, now)):
        row.revoked_at = now
    session.flush()


def has_open(session: Session, account_id: int, now: datetime) -> bool:
    """Whether a link of an account works now."""
    return session.scalars(_open(account_id, now)).first() is not None


def account_of(session: Session, secret_hash: str, now: datetime) -> Account | None:
    """The account of a link that works now; None for any other, and for a closed account."""
    statement = (
        select(Account)
        .join(CalendarLink, CalendarLink.account_id == Account.id)
        .where(
            CalendarLink.secret_hash == secret_hash,
            CalendarLink.revoked_at.is_(None),
            CalendarLink.expires_at > now,
            Account.is_active.is_(True),
        )
    )
    return session.scalar(statement)


def _open(account_id: int, now: datetime) -> Select[CalendarLink]:
    return select(CalendarLink).where(
        CalendarLink.account_id == account_id,
        CalendarLink.revoked_at.is_(None),
        CalendarLink.expires_at > now,
    )
