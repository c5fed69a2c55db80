"""One transaction a use case."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from matcher.models.states import *  # noqa: F403
from matcher.repositories.records import *  # noqa: F403


@contextmanager
def unit_of_work(session: Session) -> Iterator[Session]:
    """Context manager: commits at the end of the outermost one, rolls back on an error."""
    raise NotImplementedError
