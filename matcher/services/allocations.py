"""Who is proposed for which place: one allocation of candidates to vacancies and seats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.domain.allocating import Choice
from matcher.domain.pathways import Pathways
from matcher.domain.vacancy import VacancyProfile
from matcher.engine.problem import (
    NO_SEAT,
    Allocation,
    AllocationProblem,
    seeded_order,
    violations,
)
from matcher.engine.pruned import bound_on_loss
from matcher.engine.solve import solve
from matcher.services.allocation_decisions import (
    apply_decisions,
    check_together,
    locked_candidates,
)
from matcher.services.allocation_floors import with_floor
from matcher.services.allocation_inputs import Participant, guidance_of
from matcher.services.allocation_pairs import PossiblePairs, possible_pairs
from matcher.services.allocation_seats import SeatsAlone, seats_alone

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One line of an allocation; `vacancy` or `programme` is None, `value` in hundredths.

    `pair` is its number in the problem, None for a seat alone.
    """

    candidate: str
    vacancy: str | None
    programme: str | None
    value: int
    guidance_guessed: bool = False
    locked: bool = False
    pair: int | None = None


@dataclass(frozen=True, slots=True)
class AllocationResult:
    """An allocation with all that it was made of.

    `proposals` are in the order of the candidates' references. `unplaced` says for everybody else
    why: paused people are not in it. `floor_price` is the share of the value that the floor costs,
    `loss` what all the pairs that were left out could add at most.
    """

    proposals: tuple[Proposal, ...]
    unplaced: Mapping[str, str]
    places: int
    allocation: Allocation
    problem: AllocationProblem
    settled: Ints
    pairs: PossiblePairs
    people: tuple[Participant, ...]
    placeable: tuple[Participant, ...]
    sites: tuple[VacancyProfile, ...]
    pathways: Mapping[str, Pathways]
    seats: SeatsAlone
    floor_price: float
    loss: int


def allocate(
    people: Sequence[Participant],
    vacancies: Sequence[VacancyProfile],
    pathways: Mapping[str, Pathways],
    choice: Choice,
    *,
    seated: frozenset[str] = frozenset(),
    threads: int = 1,
) -> AllocationResult:
    """Places for those in the chosen lanes, then seats of programmes by days waited.

    `pathways` are by region of the candidates, with the programmes whose seats can be given out;
    without programmes only places are, and who is `seated` gets none. FloorRefused when no
    allocation can keep the floor, InvalidInput when locked pairs cannot be.
    """
    promised = locked_candidates(choice.decided)
    wanted = [p for p in people if p.lane in choice.lanes or p.profile.reference in promised]
    order = seeded_order([person.profile.reference for person in wanted], choice.seed)
    placeable = [wanted[row] for row in order]
    sites = [vacancies[row] for row in seeded_order([v.reference for v in vacancies], choice.seed)]
    beyond = frozenset(p.profile.reference for p in placeable if p.lane not in choice.lanes)
    pairs, settled = apply_decisions(
        choice.decided,
        placeable,
        sites,
        pathways,
        _unseated(possible_pairs(placeable, sites, pathways, threads=threads), placeable, seated),
        beyond,
    )
    problem = _problem(placeable, sites, pairs, pathways)
    check_together(problem, settled, placeable, sites)
    free = kept = solve(problem, choice.method, settled)
    floors = with_floor(problem, placeable, choice, pathways)
    if floors is not None:
        problem = floors.at(choice.floor)
        # What keeps the floor without being told to is the best with it as well.
        if violations(problem, free.pair):
            kept = floors.kept(choice.floor, lambda asked: solve(asked, choice.method, settled))
    proposals = _proposals(placeable, sites, pairs, kept, settled, pathways)
    placed = {proposal.candidate for proposal in proposals}
    alone = seats_alone(
        [p for p in people if p.profile.reference not in placed | seated],
        sites,
        pathways,
        _room(pairs, kept, pathways),
        choice.seats,
        choice.seed,
    )
    proposals += [Proposal(p.profile.reference, None, seat.reference, 0) for p, seat in alone.given]
    return AllocationResult(
        proposals=tuple(sorted(proposals, key=lambda p: p.candidate)),
        unplaced=_unplaced(people, placed, placeable, problem, choice),
        places=int(problem.places.sum()),
        allocation=kept,
        problem=problem,
        settled=settled,
        pairs=pairs,
        people=tuple(people),
        placeable=tuple(placeable),
        sites=tuple(sites),
        pathways=pathways,
        seats=alone,
        floor_price=0.0 if free.value == 0 else max(0.0, 1 - kept.value / free.value),
        loss=bound_on_loss(problem, kept, list(pairs.cuts)) if pairs.pruned else 0,
    )


def _unseated(
    pairs: PossiblePairs, people: Sequence[Participant], seated: frozenset[str]
) -> PossiblePairs:
    """No pair through a programme for who has a seat in one already."""
    if not seated:
        return pairs
    has_seat = np.array([person.profile.reference in seated for person in people], np.bool_)
    return pairs.only(~((pairs.seat != NO_SEAT) & has_seat[pairs.candidate]))


def _problem(
    people: Sequence[Participant],
    vacancies: Sequence[VacancyProfile],
    pairs: PossiblePairs,
    pathways: Mapping[str, Pathways],
) -> AllocationProblem:
    need, offer = guidance_of(people, vacancies, pathways)
    return AllocationProblem(
        places=np.array([v.places for v in vacancies], np.int64),
        waiting=np.array([person.waiting_days for person in people], np.int64),
        candidate=pairs.candidate,
        vacancy=pairs.vacancy,
        value=pairs.fit,
        need=need,
        offer=offer,
        seat=pairs.seat,
        seats=np.array([seat.seats for seat in pairs.seats], np.int64),
    )


def _proposals(
    people: Sequence[Participant],
    vacancies: Sequence[VacancyProfile],
    pairs: PossiblePairs,
    kept: Allocation,
    settled: Ints,
    pathways: Mapping[str, Pathways],
) -> list[Proposal]:
    found = []
    locked = set(settled.tolist())
    for pair in kept.pair.tolist():
        person = people[pairs.candidate[pair]]
        seat = pairs.seat[pair]
        found.append(
            Proposal(
                candidate=person.profile.reference,
                vacancy=vacancies[pairs.vacancy[pair]].reference,
                programme=None if seat == NO_SEAT else pairs.seats[seat].programme.reference,
                value=int(pairs.fit[pair]),
                guidance_guessed=person.guidance(pathways[person.profile.region].setting)[1],
                locked=pair in locked,
                pair=pair,
            )
        )
    return found


def _room(
    pairs: PossiblePairs, kept: Allocation, pathways: Mapping[str, Pathways]
) -> dict[str, int | None]:
    """Seats that are left by programme, None where they are not limited."""
    room = {p.reference: p.seats for routes in pathways.values() for p in routes.programmes}
    for seat in pairs.seat[kept.pair].tolist():
        if seat != NO_SEAT:
            reference = pairs.seats[seat].programme.reference
            seats = room[reference]
            room[reference] = None if seats is None else seats - 1
    return room


def _unplaced(
    people: Sequence[Participant],
    placed: set[str],
    placeable: Sequence[Participant],
    problem: AllocationProblem,
    choice: Choice,
) -> dict[str, str]:
    """Why somebody has no place: ``lane``, ``no_place_fits`` or ``places_taken``, by reference."""
    fits = {placeable[row].profile.reference for row in np.unique(problem.candidate)}
    reasons = {}
    for person in people:
        reference = person.profile.reference
        if reference in placed:
            continue
        if person.lane not in choice.lanes:
            reasons[reference] = "lane"
        else:
            reasons[reference] = "places_taken" if reference in fits else "no_place_fits"
    return dict(sorted(reasons.items()))
