"""What the steps of a placement ask of the rows: a key that came before, and work of before."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models import Placement, PlacementEvent
from matcher.repositories.placements import NOT_STARTED
from matcher.repositories.scope import unscoped


def noted_under(session: Session, row: Placement, key: str) -> str | None:
    """The step that a key noted on a placement in reach; None for a new key."""
    # The placement was found in reach, and only who has the key asks.
    statement = select(PlacementEvent.step).where(
        PlacementEvent.placement_id == row.id, PlacementEvent.key == key
    )
    return session.scalar(unscoped(statement, PlacementEvent))


def recorded_under(
    session: Session, viewer: Viewer, candidate_id: int, key: str | None
) -> int | None:
    """The placement of a person that the viewer's account recorded with this key."""
    if key is None:
        return None
    # As in `noted_under`: the person was found in reach.
    statement = select(PlacementEvent.placement_id).where(
        PlacementEvent.candidate_id == candidate_id,
        PlacementEvent.key == key,
        PlacementEvent.account_id.is_not_distinct_from(viewer.account_id),
    )
    return session.scalar(unscoped(statement.limit(1), PlacementEvent))


def after_introduction(session: Session, introduction_id: int) -> int | None:
    """The placement that an introduction in reach led to."""
    # As in `noted_under`: the introduction was found in reach.
    statement = select(Placement.id).where(Placement.introduction_id == introduction_id)
    return session.scalar(unscoped(statement, Placement))


def worked_at(session: Session, candidate_id: int, organisation_id: int) -> bool:
    """Whether a person was placed at an employer before, unless they never began."""
    # One word about a pair that was introduced; whoever recorded the work.
    statement = select(Placement.id).where(
        Placement.candidate_id == candidate_id,
        Placement.organisation_id == organisation_id,
        or_(Placement.ended_code.is_(None), Placement.ended_code != NOT_STARTED),
    )
    return session.scalar(unscoped(statement.limit(1), Placement)) is not None
