"""The engine, its SQLite settings, and sessions in which a forgotten scope finds nothing.

A table marked `Scoped` is only found by a statement that names it under `IN_SCOPE`, which
``matcher.repositories.scope`` sets together with the condition on the viewer. Every other
statement on it gets the condition *false*: a filter that somebody forgot yields no rows instead of
everybody's. On PostgreSQL the database is a second wall behind this one: ``matcher.models.wall``.
"""

from __future__ import annotations

import os
import sqlite3
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, false
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker, with_loader_criteria
from sqlalchemy.orm.util import LoaderCriteriaOption

from matcher.models import wall
from matcher.models.base import Base, Scoped
from matcher.models.keyring import attach, keyring_for

BUSY_TIMEOUT_MS = 5_000
"""How long an SQLite writer waits for the one before it."""


def default_url() -> str:
    """``MATCHER_DATABASE_URL``, else an SQLite file in ``MATCHER_INSTANCE_DIR`` or ``instance``."""
    url = os.environ.get("MATCHER_DATABASE_URL")
    if url:
        return url
    folder = Path(os.environ.get("MATCHER_INSTANCE_DIR") or Path.cwd() / "instance")
    return f"sqlite:///{(folder / 'matcher.sqlite3').absolute()}"


def make_engine(
    url: str | None = None, *, data_key: str | None = None, folder: Path | None = None
) -> Engine:
    """An engine for `url`, by default `default_url()`, with the keys of its sealed columns.

    ``postgresql://`` is read as ``postgresql+psycopg://``. The folder of an SQLite file is made
    when it is missing, so that a first start needs no preparation. `data_key` and the instance
    `folder` are as ``keyring_for`` takes them; by default the environment says.
    """
    parsed = make_url(url or default_url())
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    engine = _engine_for(parsed)
    attach(engine, keyring_for(parsed, data_key, folder))
    return engine


def _engine_for(parsed: URL) -> Engine:
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
        event.listen(engine, "handle_error", _keep_first_line)
        return engine
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, hide_parameters=True)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _keep_first_line(context: ExceptionContext) -> None:
    # PostgreSQL adds the whole row to the message of a broken constraint. Error texts end up in
    # logs, where nothing about a person may stand; the first line names the constraint.
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args:
            error.args = (str(error.args[0]).partition("\n")[0], *error.args[1:])


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own BEGIN comes late, after the first read, which breaks savepoints and lets
    # two writers deadlock; so it is switched off here and BEGIN is sent by `_begin_sqlite`.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # What is deleted is overwritten: an erased person must not stay readable in the file.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


WRITES = "matcher_writes"
"""Execution option of a connection: its transaction will write."""


def _begin_sqlite(connection: Connection) -> None:
    # A writer queues for its turn at once. One that began by reading would be refused, not
    # queued, if somebody else wrote in between.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def let_go(engine: Engine) -> None:
    """Makes sure that what was deleted or overwritten is not kept beside an SQLite file either.

    Its log of writes holds earlier pages until they are moved into the file and it is emptied;
    somebody who still reads keeps that from happening until the next time.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")


IN_SCOPE = "matcher_in_scope"
"""Execution option of a statement: the scoped classes whose condition it carries."""


class GuardedSession(Session):
    """A session that finds nothing of a scoped table unless the statement says for whom."""


@event.listens_for(GuardedSession, "do_orm_execute")
def _hide_what_is_out_of_scope(state: ORMExecuteState) -> None:
    # Loading the columns of a row, or the children of one, follows a row that was found in scope.
    if state.is_column_load or state.is_relationship_load:
        return
    in_scope = state.execution_options.get(IN_SCOPE, frozenset())
    state.statement = state.statement.options(*_nothing_else(in_scope))


# After the guard above, which has to see the statement first.
event.listen(GuardedSession, "do_orm_execute", wall.open_for_statement)
event.listen(GuardedSession, "after_begin", wall.after_begin)


@cache
def _nothing_else(in_scope: frozenset[type[Scoped]]) -> tuple[LoaderCriteriaOption, ...]:
    entities = (mapper.class_ for mapper in Base.registry.mappers)
    return tuple(
        with_loader_criteria(entity, false(), include_aliases=True)
        for entity in entities
        if issubclass(entity, Scoped) and entity not in in_scope
    )


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Guarded sessions on `engine`; values stay readable after a commit."""
    return sessionmaker(engine, class_=GuardedSession, expire_on_commit=False)
