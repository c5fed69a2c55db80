"""Who looks for work in a region, for counts that anybody may read, and the countings kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import distinct, exists, func, select
from sqlalchemy.orm import Session

from matcher.domain.displacement import OrganisationKind
from matcher.domain.inflow import STARTING
from matcher.domain.public_counts import Seeker
from matcher.domain.vocabulary import Lane, section_of
from matcher.models import (
    Assessment,
    Candidate,
    Organisation,
    Placement,
    TalentCount,
    Vacancy,
)
from matcher.models.states import CandidateStatus, PlacementState, VacancyStatus
from matcher.repositories.candidates import latest_assessment_id
from matcher.repositories.placements import OPEN
from matcher.repositories.scope import unscoped
from matcher.repositories.seats import expected_ends

_DAY = timedelta(days=1)


def seekers(session: Session, region: str, on: date) -> list[Seeker]:
    """Every active person of the region who is not at work, as the counts read them.

    Somebody in a lane that starts can do so today, or when a pause ends or they want to; somebody
    who builds up first can from the day after the programme they have a seat in. Of nobody else a
    day is in sight, nor of who objected to automated suggestions: nothing is computed about them.
    """
    # Counted and rounded before anybody sees it.
    statement = (
        select(
            Candidate.id,
            Candidate.sectors,
            Candidate.manual_only,
            Candidate.paused_until,
            Candidate.start_from,
            Assessment.lane,
        )
        .outerjoin(Assessment, Assessment.id == latest_assessment_id())
        .where(
            Candidate.region == region,
            Candidate.status == CandidateStatus.ACTIVE,
            ~exists().where(Placement.candidate_id == Candidate.id, Placement.state.in_(OPEN)),
        )
    )
    found = session.execute(unscoped(statement, Candidate, Assessment, Placement))
    ends = expected_ends(session, region)
    people = []
    for number, sectors, manual_only, paused_until, start_from, lane in found:
        first = None
        if lane in STARTING:
            first = on
        elif lane is Lane.PRE_PLACEMENT and number in ends:
            first = max(ends[number] + _DAY, on)
        if first is not None and not manual_only:
            first = max(first, paused_until or first, start_from or first)
        people.append(
            Seeker(
                frozenset({*sectors, *(section_of(sector) for sector in sectors)}),
                None if manual_only else first,
            )
        )
    return people


def own_bodies(session: Session, region: str) -> list[tuple[int, str]]:
    """(number, name) of the organisations that are the municipality itself, by name."""
    statement = select(Organisation.id, Organisation.name).where(
        Organisation.region == region, Organisation.kind == OrganisationKind.MUNICIPALITY
    )
    found = session.execute(unscoped(statement.order_by(Organisation.name), Organisation))
    return [(number, name) for number, name in found]


def open_places(session: Session, organisations: Collection[int]) -> int:
    """How many places stand open there: about work, so exactly."""
    statement = select(func.coalesce(func.sum(Vacancy.places), 0)).where(
        Vacancy.organisation_id.in_(organisations), Vacancy.status == VacancyStatus.OPEN
    )
    return int(session.scalar(unscoped(statement, Vacancy)) or 0)


def people_at_work(session: Session, organisations: Collection[int], on: date) -> int:
    """How many people work there; counted and rounded before anybody sees it."""
    statement = select(func.count(distinct(Placement.candidate_id))).where(
        Placement.organisation_id.in_(organisations),
        Placement.state.in_((PlacementState.TRIAL, PlacementState.ACTIVE)),
        Placement.starts_on <= on,
    )
    return int(session.scalar(unscoped(statement, Placement)) or 0)


def newest(session: Session, region: str) -> TalentCount | None:
    """The counting of a region that was made last."""
    statement = select(TalentCount).where(TalentCount.region == region)
    return session.scalar(statement.order_by(TalentCount.number.desc()).limit(1))


def keep(
    session: Session, region: str, number: int, *, on: date, figures: Mapping[str, Any]
) -> None:
    """Keeps a counting; IntegrityError where one with that number was kept meanwhile."""
    session.add(TalentCount(region=region, number=number, on=on, figures=dict(figures)))
    session.flush()
