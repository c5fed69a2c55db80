"""Requests that carried a key."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from matcher.models import IdempotencyRecord


def find_row(session: Session, key: str, route: str, actor: str) -> IdempotencyRecord | None:
    """The request of `actor` with that key on that route."""
    return session.scalar(
        select(IdempotencyRecord).where(
            IdempotencyRecord.key == key,
            IdempotencyRecord.route == route,
            IdempotencyRecord.actor == actor,
        )
    )


def delete_before(session: Session, moment: datetime) -> int:
    """Removes every request older than `moment`; returns how many."""
    done = session.execute(delete(IdempotencyRecord).where(IdempotencyRecord.created_at < moment))
    return done.rowcount if isinstance(done, CursorResult) else 0
