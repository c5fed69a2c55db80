"""One transaction a use case, whoever calls it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from matcher.models.database import WRITES

_INSIDE = "matcher_inside_unit_of_work"
_AFTER = "matcher_after_commit"
READ_ONCE = "matcher_read_once"
"""In ``Session.info``: what several calls of one request may share, until something is written."""


@contextmanager
def unit_of_work(session: Session) -> Iterator[Session]:
    """Commits when the outermost unit ends well; an error undoes all of the unit it leaves.

    Use cases can so be put together: what they write stands or falls as one. What was read before
    is let go first, because on SQLite a writer has to queue from its first statement.
    """
    if session.info.get(_INSIDE):
        with session.begin_nested():
            yield session
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("something was changed outside a unit of work")
    session.commit()
    session.info[_INSIDE] = True
    session.info.pop(READ_ONCE, None)
    session.info[_AFTER] = []
    try:
        session.connection(execution_options={WRITES: True})
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info[_INSIDE] = False
        session.info.pop(READ_ONCE, None)
    for work in dict.fromkeys(session.info.pop(_AFTER)):
        work(session)


def after_commit(session: Session, work: Callable[[Session], object]) -> None:
    """Has `work` done once when the unit of work has been committed; an error forgets it.

    For what is kept outside the database. `work` reads what to do from the database, so that
    doing it late, or again, is no harm.
    """
    session.info[_AFTER].append(work)
