"""Who is at work on a session: set once at the edge, read by the log and by the database's wall.

The edge (HTTP or the command line) says who acts, by which right and for which purpose, before the
first statement. What services do is then logged, and on PostgreSQL walled in, without each of them
having to remember it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.models.wall import stand_before

_ACTOR = "matcher_actor"


@dataclass(frozen=True, slots=True)
class Actor:
    """One viewer at work at a moment; `right` is the one that opened the door."""

    viewer: Viewer
    at: datetime
    right: Right | None = None
    purpose: str | None = None
    request_id: str | None = None


def act_as(session: Session, actor: Actor) -> None:
    """From now on whatever happens on `session` is done by `actor`."""
    session.info[_ACTOR] = actor
    stand_before(session, actor.viewer)


def actor_of(session: Session) -> Actor | None:
    """Who is at work on `session`; None for the service itself and for tests of single parts."""
    actor: Actor | None = session.info.get(_ACTOR)
    return actor
