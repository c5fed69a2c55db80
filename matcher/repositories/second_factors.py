"""Time-based codes and recovery codes of accounts, each used once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, Update, delete, func, or_, select, update
from sqlalchemy.orm import Session

from matcher.models import Account, RecoveryCode


def take_step(session: Session, account_id: int, step: int) -> bool:
    """Uses up a time step; False when it, or a later one, was used before."""
    statement = update(Account).where(
        Account.id == account_id,
        or_(Account.totp_last_step.is_(None), Account.totp_last_step < step),
    )
    return _changed(session, statement.values(totp_last_step=step))


def take_recovery_code(session: Session, account_id: int, code_hash: str, *, now: datetime) -> bool:
    """Uses up a recovery code; False when there is no such one left."""
    statement = update(RecoveryCode).where(
        RecoveryCode.account_id == account_id,
        RecoveryCode.code_hash == code_hash,
        RecoveryCode.used_at.is_(None),
    )
    return _changed(session, statement.values(used_at=now))


def _changed(session: Session, statement: Update) -> bool:
    result: CursorResult[Any] = session.execute(  # type: ignore[assignment]  # an update has one
        statement.execution_options(synchronize_session=False)
    )
    return result.rowcount == 1


def drop_recovery_codes(session: Session, account_id: int) -> None:
    """Removes every recovery code of an account."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))


def count_recovery_codes(session: Session, account_id: int) -> int:
    """The recovery codes that an account has left."""
    statement = select(func.count()).where(
        RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)
    )
    return session.scalar(statement) or 0
