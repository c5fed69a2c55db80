"""The engine, its SQLite settings, and sessions in which a forgotten scope finds nothing."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

BUSY_TIMEOUT_MS = 5_000
"""How long an SQLite writer waits for the one before it."""


def default_url() -> str:
    """``MATCHER_DATABASE_URL``, else an SQLite file in ``MATCHER_INSTANCE_DIR`` or ``instance``."""
    url = os.environ.get("MATCHER_DATABASE_URL")
    if url:
        return url
    folder = Path(os.environ.get("MATCHER_INSTANCE_DIR") or Path.cwd() / "instance")
    return f"sqlite:///{(folder / 'matcher.sqlite3').absolute()}"


def make_engine(url: str | None = None) -> Engine:
    """An engine for `url`, by default `default_url()`.

    ``postgresql://`` is read as ``postgresql+psycopg://``. The folder of an SQLite file is made
    when it is missing, so that a first start needs no preparation.
    """
    parsed = make_url(url or default_url())
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own BEGIN comes late, after the first read, which breaks savepoints and lets
    # two writers deadlock; so it is switched off here and BEGIN is sent by `_begin_sqlite`.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Sessions on `engine`; values stay readable after a commit."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def read_only(factory: sessionmaker[Session]) -> Iterator[Session]:
    """A session whose changes are thrown away."""
    with factory() as session:
        yield session
        session.rollback()
