"""What stands in the database, table by table, for telling whether anything changed."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.models import Base

PASSING = {
    # Looking is logged, sessions are seen, and a request leaves its number behind.
    "audit_entry", "audit_head", "browser_session", "idempotency_record", "input_snapshot",
    # When somebody last opened what changed; nobody else ever sees it.
    "queue_visit",
}  # fmt: skip
TABLES = sorted(set(Base.metadata.tables) - PASSING)


def rows_of(session: Session, name: str) -> list[dict[str, Any]]:
    """The rows of a table as they are stored, past every guard; on SQLite or as a superuser."""
    table = Base.metadata.tables[name]
    found = session.connection().execute(select(table).order_by(*table.primary_key.columns))
    return [dict(row) for row in found.mappings()]


def fingerprint(session: Session) -> dict[str, str]:
    """A hash of each table that only work changes."""
    return {
        name: hashlib.sha256(repr(rows_of(session, name)).encode()).hexdigest() for name in TABLES
    }
