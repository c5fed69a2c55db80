"""The outbox: what waits, what may go out now, and what was claimed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.models import Message
from matcher.repositories.scope import unscoped


def find_by_key(session: Session, dedupe_key: str) -> Message | None:
    """The message that was asked for under that key."""
    # Asked by the service itself, in the unit of work of whatever the message is about.
    statement = select(Message).where(Message.dedupe_key == dedupe_key)
    return session.scalar(unscoped(statement, Message))
