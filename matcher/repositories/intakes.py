"""The first assessment of everybody: the file as it was on the day the intake was closed."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.models import Assessment, Candidate
from matcher.repositories.scope import unscoped

_AT_ONCE = 500


def first_assessments(session: Session, region: str) -> Iterator[tuple[Assessment, Candidate]]:
    """The first kept assessment of everybody of a region with the person, the oldest first."""
    # Figures and cohorts are made over everybody, whoever of them their reader may reach.
    first = (
        select(func.min(Assessment.id))
        .where(Assessment.region == region)
        .group_by(Assessment.candidate_id)
    )
    statement = (
        select(Assessment, Candidate)
        .join(Candidate, Candidate.id == Assessment.candidate_id)
        .where(Assessment.id.in_(first))
        .order_by(Assessment.on, Assessment.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    yield from session.execute(unscoped(statement, Assessment, Candidate))
