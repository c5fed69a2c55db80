"""Reading weekly allocations: scenarios side by side, their lines, and why a pair fits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.assessment import current
from matcher.domain.errors import Forbidden, NotFound
from matcher.domain.matching import Match
from matcher.domain.pairs import assess_pair
from matcher.models.states import ProposalState
from matcher.repositories import region_matches, weekly_lines
from matcher.repositories import weekly as rows
from matcher.repositories.records import Page
from matcher.repositories.weekly import AllocationRecord, Sort
from matcher.repositories.weekly_lines import LineRecord, PlaceNamed, ProgrammeNamed
from matcher.services.advice_rows import match_row
from matcher.services.inputs import region_inputs
from matcher.services.weekly import CENTRE

READERS = (*CENTRE, Right.OFFICER)
"""Who reads the figures, which name nobody; lines are for the centre."""
PROPOSALS = (Sort.PLACES, Sort.SEATS)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many lines of each sort there are, and how many of them were decided."""

    counts: Mapping[tuple[Sort, ProposalState], int]

    def of(self, *sorts: Sort, state: ProposalState | None = None) -> int:
        """How many lines of these sorts stand so; all of them without a state."""
        return sum(
            count
            for (sort, stands), count in self.counts.items()
            if sort in sorts and state in (None, stands)
        )


@dataclass(frozen=True, slots=True)
class Names:
    """What the places and programmes of a region are called."""

    places: Mapping[int, PlaceNamed]
    programmes: Mapping[int, ProgrammeNamed]


def list_allocations(
    session: Session, viewer: Viewer, *, cursor: str | None = None, limit: int = 50
) -> Page[AllocationRecord]:
    """Scenarios of the region, the newest first."""
    _check(viewer, READERS)
    return rows.page(session, viewer, cursor=cursor, limit=limit)


def get_allocation(session: Session, viewer: Viewer, allocation_id: int) -> AllocationRecord:
    """One scenario of the region; NotFound for any other."""
    _check(viewer, READERS)
    return rows.find(session, viewer, allocation_id)


def allocation_of_job(session: Session, viewer: Viewer, job_id: int) -> int | None:
    """The number of the scenario that a job made; None once it is kept no more."""
    return rows.of_job(session, viewer, job_id)


def standings(
    session: Session, viewer: Viewer, allocations: Iterable[AllocationRecord]
) -> dict[int, Standing]:
    """By scenario, what was proposed and decided."""
    _check(viewer, CENTRE)
    found = rows.counts_of(session, viewer, [each.id for each in allocations])
    return {number: Standing(counts) for number, counts in found.items()}


def list_lines(
    session: Session,
    viewer: Viewer,
    allocation_id: int,
    *,
    sorts: tuple[Sort, ...] = PROPOSALS,
    state: ProposalState | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[LineRecord]:
    """Lines of one scenario, in the order in which people came."""
    _check(viewer, CENTRE)
    rows.find(session, viewer, allocation_id)
    return weekly_lines.lines_page(
        session, viewer, allocation_id, sorts=sorts, state=state, cursor=cursor, limit=limit
    )


def get_line(session: Session, viewer: Viewer, allocation_id: int, line_id: int) -> LineRecord:
    """One line; opening it is a read of that person."""
    _check(viewer, CENTRE)
    rows.find(session, viewer, allocation_id)
    return weekly_lines.get_line(session, viewer, allocation_id, line_id)[1]


def names(session: Session, viewer: Viewer) -> Names:
    """The names of everything that lines and figures hold numbers of."""
    _check(viewer, READERS)
    return Names(
        weekly_lines.place_names(session, viewer), weekly_lines.programme_names(session, viewer)
    )


def pair_rows(
    session: Session, viewer: Viewer, allocation: AllocationRecord, lines: Iterable[LineRecord]
) -> dict[int, Mapping[str, Any]]:
    """By line, the pair as a row of `match`, with the answers as they are now.

    Only for a place right away that is open still, and somebody who is there still.
    """
    wanted = [line for line in lines if line.vacancy_id is not None and line.programme_id is None]
    if viewer.region is None or not wanted:
        return {}
    inputs = region_inputs(session, viewer.region, on=allocation.on, language=viewer.language)
    sites = {each.reference: each for each in inputs.advisor.vacancies}
    places = weekly_lines.place_names(session, viewer)
    people = region_matches.profiles(session, viewer, [line.candidate_id for line in wanted])
    found: dict[int, Mapping[str, Any]] = {}
    for line in wanted:
        profile, place = people.get(line.candidate_id), places.get(line.vacancy_id or 0)
        site = None if place is None else sites.get(place.reference)
        if profile is None or site is None:
            continue
        setting = inputs.advisor.setting(profile)
        pair = assess_pair(current(profile, setting), site, setting)
        found[line.id] = match_row(Match(pair, None), inputs.advisor.wording)
    return found


def own_lines(session: Session, viewer: Viewer, candidate_id: int) -> list[dict[str, Any]]:
    """What allocations proposed for a person in reach: for the own copy."""
    return weekly_lines.own_lines(session, viewer, candidate_id)


def _check(viewer: Viewer, rights: tuple[Right, ...]) -> None:
    if viewer.region is None:
        raise NotFound("allocation")
    if not viewer.has(*rights):
        raise Forbidden("none of your rights reads allocations")
