"""The second wall: on PostgreSQL, the database itself shows a transaction only its viewer's rows.

Every scoped table has row-level security (migration 0010), forced on the owner of the tables too.
Its policies read settings that live as long as the transaction: who is at work, and which tables
stand open. Without them nothing is found and nothing can be written. The rules are those of
``matcher.repositories.scope``; a test compares the two.

What the service itself must reach passes by name, never by default: a statement through
``unscoped`` opens the tables that it names for itself alone, and `whole_database` opens everything,
or some tables, for the lines within it. SQLite has no second wall: there all this does nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from matcher.domain.access import Viewer
from matcher.models.base import Scoped

OPENS = "matcher_opens"
"""Execution option of a statement: the names of the tables that it reaches whole."""
EVERYTHING = "*"
_VIEWER = "matcher_wall_viewer"
_OPEN = "matcher_wall_open"
_WHY_MAXIMUM = 200


def stand_before(session: Session, viewer: Viewer) -> None:
    """From now on the wall shows `session` what `viewer` may reach."""
    session.info[_VIEWER] = {
        "matcher.rights": ",".join(sorted(viewer.rights)),
        "matcher.region": viewer.region or "",
        "matcher.account": _text(viewer.account_id),
        "matcher.organisation": _text(viewer.organisation_id),
        "matcher.candidate": _text(viewer.candidate_id),
        "matcher.owners": _texts(viewer.covers | _known(viewer.account_id)),
        "matcher.covered": _texts(viewer.covers_candidates),
    }
    if session.in_transaction() and _has_wall(session):
        _tell(session.connection(), session.info[_VIEWER])


def _known(number: int | None) -> frozenset[int]:
    return frozenset() if number is None else frozenset({number})


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


def _texts(numbers: frozenset[int]) -> str:
    return ",".join(map(str, sorted(numbers)))


@contextmanager
def whole_database(session: Session, why: str, *models: type[Scoped]) -> Iterator[None]:
    """Opens all rows, or only those of `models`, for what happens on `session` within.

    `why` says in a few words what the service needs them for; the database can log it as the
    setting ``matcher.why``. What waits to be written is written before and after, so that each row
    meets the wall under which it was made.
    """
    if not why:
        raise ValueError("say why the whole database is needed")
    names = frozenset(model.__tablename__ for model in models) or frozenset({EVERYTHING})  # type: ignore[attr-defined]  # scoped classes are tables
    with _opened(session, names, why):
        yield


def open_connection(connection: Connection, why: str) -> None:
    """Opens the whole database to a bare connection, for as long as its transaction lasts."""
    if connection.dialect.name == "postgresql":
        _tell(connection, _open_settings(frozenset({EVERYTHING}), why))


@contextmanager
def _opened(session: Session, names: frozenset[str], why: str) -> Iterator[None]:
    if not _has_wall(session):
        yield
        return
    before: tuple[frozenset[str], str] = session.info.get(_OPEN, (frozenset(), ""))
    _write_out(session)
    session.info[_OPEN] = (before[0] | names, why)
    _push(session)
    try:
        yield
        _write_out(session)
    finally:
        session.info[_OPEN] = before
        _push(session)


def _write_out(session: Session) -> None:
    if session.autoflush and not session._flushing and _is_dirty(session):
        session.flush()


def _is_dirty(session: Session) -> bool:
    return bool(session.new or session.dirty or session.deleted)


def _has_wall(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _push(session: Session) -> None:
    # In a transaction that failed nothing can be said any more; its end takes the settings along.
    if not session.in_transaction() or not session.is_active:
        return
    connection = session.connection()
    driver: Any = connection.connection.driver_connection
    if driver.info.transaction_status.name != "INERROR":
        _tell(connection, _open_settings(*session.info[_OPEN]))


def _open_settings(names: frozenset[str], why: str) -> dict[str, str]:
    return {"matcher.open": ",".join(sorted(names)), "matcher.why": why[:_WHY_MAXIMUM]}


def _tell(connection: Connection, settings: Mapping[str, str]) -> None:
    said = [func.set_config(name, value, True) for name, value in settings.items()]
    connection.execute(select(*said))


def after_begin(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    """Says at the start of each transaction for whom it is, and what stands open."""
    if connection.dialect.name != "postgresql" or transaction.nested:
        return
    settings = dict(session.info.get(_VIEWER, {}))
    names, why = session.info.get(_OPEN, (frozenset(), ""))
    if names:
        settings |= _open_settings(names, why)
    if settings:
        _tell(connection, settings)


def open_for_statement(state: ORMExecuteState) -> Any:
    """Lets a statement through that names the tables it reaches whole."""
    names: frozenset[str] = state.execution_options.get(OPENS, frozenset())
    if not names or not _has_wall(state.session):
        return None
    with _opened(state.session, names, "unscoped"):
        result: Any = state.invoke_statement()
        # Rows that the server hands out bit by bit would meet a closed wall later on.
        streams = {"yield_per", "stream_results"} & state.execution_options.keys()
        return result.freeze()() if streams else result
