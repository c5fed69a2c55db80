"""The people of a region as a whole, for counts that name nobody."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from matcher.domain.candidate import CandidateProfile
from matcher.domain.vocabulary import Lane
from matcher.models import Assessment, Candidate
from matcher.models.states import CandidateStatus
from matcher.repositories.candidates import latest_assessment_id, to_profile
from matcher.repositories.scope import unscoped


def ready_by_number(
    session: Session, region: str, lanes: Collection[Lane], on: date
) -> list[tuple[int, CandidateProfile]]:
    """Active people of the region who are not paused on `on`, in one of `lanes`, by number.

    Who objected to automated suggestions is not among them: nothing is computed about them.
    """
    # A contractor may know how many fit; only the number, and lines that name nobody, leave the
    # service.
    statement = (
        select(Candidate)
        .join(Assessment, Assessment.id == latest_assessment_id())
        .where(
            Candidate.region == region,
            Candidate.status == CandidateStatus.ACTIVE,
            Candidate.manual_only.is_(False),
            or_(Candidate.paused_until.is_(None), Candidate.paused_until <= on),
            Assessment.lane.in_(list(lanes)),
        )
        .order_by(Candidate.id)
    )
    found = session.scalars(unscoped(statement, Candidate, Assessment))
    return [(row.id, to_profile(row)) for row in found]
