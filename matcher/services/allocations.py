"""Who is proposed for which place: one allocation of candidates to vacancies and seats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.domain.assessment import current, sector_to_work_on
from matcher.domain.errors import Conflict
from matcher.domain.pathways import Pathways
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import Lane
from matcher.engine.bounded import FloorTooHigh, optimal_within_bounds
from matcher.engine.flow import optimal_by_flow, worth_of_one_more_place
from matcher.engine.problem import (
    NO_SEAT,
    Allocation,
    AllocationProblem,
    Method,
    seeded_order,
    violations,
)
from matcher.engine.simple import first_come, greedy
from matcher.services.allocation_inputs import (
    DEFAULT_LANES,
    HUNDREDTHS,
    Participant,
    PossiblePairs,
    guidance_of,
    possible_pairs,
)

Ints = NDArray[np.int64]
PAIRS_SOLVED_AGAIN = 400_000
"""Up to so many pairs in all, what a place is worth is found by solving again."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How to allocate: the method, who may be placed, the floor as a share, and the seed."""

    method: Method = Method.OPTIMAL
    lanes: tuple[Lane, ...] = DEFAULT_LANES
    floor: float = 0.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """One line of an allocation; `vacancy` or `programme` is None, `value` in hundredths."""

    candidate: str
    vacancy: str | None
    programme: str | None
    value: int
    guidance_guessed: bool = False


@dataclass(frozen=True, slots=True)
class AllocationResult:
    """An allocation with all that it was made of.

    `proposals` are in the order of the candidates' references. `unplaced` says for everybody else
    why: paused people are not in it. `floor_price` is the share of the value that the floor costs.
    """

    proposals: tuple[Proposal, ...]
    unplaced: Mapping[str, str]
    places: int
    allocation: Allocation
    problem: AllocationProblem
    pairs: PossiblePairs
    placeable: tuple[Participant, ...]
    sites: tuple[VacancyProfile, ...]
    floor_price: float


def allocate(
    people: Sequence[Participant],
    vacancies: Sequence[VacancyProfile],
    pathways: Mapping[str, Pathways],
    choice: Choice,
    *,
    threads: int = 1,
) -> AllocationResult:
    """Places for those in the chosen lanes, then seats of programmes by days waited.

    `pathways` are by region of the candidates, with the programmes whose seats can be given out;
    without programmes only places are. Conflict when no allocation can keep the floor.
    """
    wanted = [person for person in people if person.lane in choice.lanes]
    order = seeded_order([person.profile.reference for person in wanted], choice.seed)
    placeable = [wanted[row] for row in order]
    sites = [vacancies[row] for row in seeded_order([v.reference for v in vacancies], choice.seed)]
    pairs = possible_pairs(placeable, sites, pathways, threads=threads)
    problem = _problem(placeable, sites, pairs, pathways)
    try:
        free = _solved(problem, choice.method)
        floored = _with_floor(problem, placeable, choice, pathways)
        kept = free if floored is None else _solved(floored, choice.method)
    except FloorTooHigh as error:
        raise Conflict(
            f"no allocation gives every group {choice.floor:.0%} of the places it could fill; "
            "lower the floor"
        ) from error
    proposals = _proposals(placeable, sites, pairs, kept, pathways)
    proposals += _seats_alone(people, proposals, pairs, kept, pathways, choice.seed)
    return AllocationResult(
        proposals=tuple(sorted(proposals, key=lambda p: p.candidate)),
        unplaced=_unplaced(people, proposals, placeable, problem, choice),
        places=int(problem.places.sum()),
        allocation=kept,
        problem=problem if floored is None else floored,
        pairs=pairs,
        placeable=tuple(placeable),
        sites=tuple(sites),
        floor_price=0.0 if free.value == 0 else max(0.0, 1 - kept.value / free.value),
    )


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


def _solved(problem: AllocationProblem, method: Method) -> Allocation:
    if method is Method.GREEDY:
        return greedy(problem)
    if method is Method.FIRST_COME:
        return first_come(problem)
    if not problem.at_least:
        # Leaving limits out can only allow more: what keeps them all the same is the optimum.
        found = optimal_by_flow(problem)
        if not violations(problem, found.pair):
            return found
    return optimal_within_bounds(problem)


def _with_floor(
    problem: AllocationProblem,
    people: Sequence[Participant],
    choice: Choice,
    pathways: Mapping[str, Pathways],
) -> AllocationProblem | None:
    """The problem with a floor for each group by start level; None without one.

    A group gets at least its share of the places that it could fill if it were alone.
    """
    if choice.floor <= 0 or not people:
        return None
    groups = next(iter(pathways.values())).setting.rules.allocation.floor_groups
    group = quantile_groups([person.start_level for person in people], groups)
    least = []
    for number in range(groups):
        own = np.flatnonzero(group[problem.candidate] == number)
        alone = replace(
            problem,
            candidate=problem.candidate[own],
            vacancy=problem.vacancy[own],
            seat=problem.seat[own],
            value=np.ones(len(own), np.int64),
        )
        least.append(int(choice.floor * _solved(alone, Method.OPTIMAL).value))
    return replace(problem, group=group, at_least=tuple(least))


def quantile_groups(levels: Sequence[int], groups: int) -> Ints:
    """Which of so many equal groups each level falls in, the lowest first; ties stay together."""
    values = np.array(levels, np.int64)
    below = np.searchsorted(np.sort(values), values, side="left")
    return np.minimum(groups - 1, below * groups // max(1, len(values)))


def _proposals(
    people: Sequence[Participant],
    vacancies: Sequence[VacancyProfile],
    pairs: PossiblePairs,
    kept: Allocation,
    pathways: Mapping[str, Pathways],
) -> list[Proposal]:
    found = []
    for pair in kept.pair:
        person = people[pairs.candidate[pair]]
        seat = pairs.seat[pair]
        found.append(
            Proposal(
                candidate=person.profile.reference,
                vacancy=vacancies[pairs.vacancy[pair]].reference,
                programme=None if seat == NO_SEAT else pairs.seats[seat].programme.reference,
                value=int(pairs.fit[pair]),
                guidance_guessed=person.guidance(pathways[person.profile.region].setting)[1],
            )
        )
    return found


def _seats_alone(
    people: Sequence[Participant],
    placed: Sequence[Proposal],
    pairs: PossiblePairs,
    kept: Allocation,
    pathways: Mapping[str, Pathways],
    seed: int,
) -> list[Proposal]:
    """Seats of the programme to begin with, for who got no place: longest waiting first."""
    has_place = {proposal.candidate for proposal in placed}
    room = {p.reference: p.seats for routes in pathways.values() for p in routes.programmes}
    for pair in kept.pair:
        if pairs.seat[pair] != NO_SEAT:
            reference = pairs.seats[pairs.seat[pair]].programme.reference
            seats = room[reference]
            room[reference] = None if seats is None else seats - 1
    waiting = [person for person in people if person.profile.reference not in has_place]
    drawn = seeded_order([person.profile.reference for person in waiting], seed)
    found = []
    for row in sorted(drawn, key=lambda row: -waiting[row].waiting_days):
        person = waiting[row]
        routes = pathways[person.profile.region]
        known = current(person.profile, routes.setting)
        for programme in routes.suggested(known, sector_to_work_on(known, routes)):
            seats = room[programme.reference]
            if seats is not None and seats < 1:
                continue
            room[programme.reference] = None if seats is None else seats - 1
            found.append(Proposal(person.profile.reference, None, programme.reference, 0))
            break
    return found


def _unplaced(
    people: Sequence[Participant],
    proposals: Sequence[Proposal],
    placeable: Sequence[Participant],
    problem: AllocationProblem,
    choice: Choice,
) -> dict[str, str]:
    """Why somebody has no place: ``lane``, ``no_place_fits`` or ``places_taken``, by reference."""
    has_place = {p.candidate for p in proposals if p.vacancy is not None}
    fits = {placeable[row].profile.reference for row in np.unique(problem.candidate)}
    reasons = {}
    for person in people:
        reference = person.profile.reference
        if reference in has_place:
            continue
        if person.lane not in choice.lanes:
            reasons[reference] = "lane"
        else:
            reasons[reference] = "places_taken" if reference in fits else "no_place_fits"
    return dict(sorted(reasons.items()))


def edge_rows(result: AllocationResult) -> list[dict[str, Any]]:
    """Exactly what the solver got, pair by pair in the order of the references.

    `guidance_hours` is what the candidate takes of the site's hours.
    """
    pairs, problem = result.pairs, result.problem
    rows = []
    for at in range(len(pairs.fit)):
        person = int(pairs.candidate[at])
        seat = int(pairs.seat[at])
        rows.append(
            {
                "candidate": result.placeable[person].profile.reference,
                "vacancy": result.sites[int(pairs.vacancy[at])].reference,
                "programme": None if seat == NO_SEAT else pairs.seats[seat].programme.reference,
                "value": int(pairs.fit[at]),
                "guidance_hours": int(problem.need[person]) / HUNDREDTHS,
            }
        )
    return sorted(rows, key=_edge_order)


def _edge_order(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["candidate"], row["vacancy"], row["programme"] or ""


def summary(result: AllocationResult, choice: Choice) -> dict[str, Any]:
    """The allocation in figures: what was possible, what is proposed, and what would help."""
    placed = [p for p in result.proposals if p.vacancy is not None]
    seats = [p for p in result.proposals if p.vacancy is None]
    return {
        "method": result.allocation.method,
        "lanes": [lane.value for lane in choice.lanes],
        "seed": choice.seed,
        "places": result.places,
        "proposed": len(placed),
        "seats_proposed": len(seats),
        "objective": result.allocation.value,
        "bound": result.allocation.bound,
        "gap": round(result.allocation.gap, 6),
        "pruned": result.pairs.pruned,
        "edges": len(result.pairs.fit),
        "guidance_guessed": [p.candidate for p in placed if p.guidance_guessed],
        "floor": {"share": choice.floor, "price_percent": round(result.floor_price * 100, 4)},
        "one_more_place": _worth_of_places(result),
        "unplaced": dict(result.unplaced),
    }


def _worth_of_places(result: AllocationResult) -> dict[str, int | None]:
    """What one more place at each vacancy would add to the value, in hundredths; exact.

    None where only an upper bound could be given: in a large problem in which guidance, seats or a
    floor bind.
    """
    problem, value = result.problem, result.allocation.value
    flow = optimal_by_flow(problem)
    # The flow knows fewer limits, so what it gains with one more place is the most there can be.
    most = worth_of_one_more_place(problem, flow.pair) + (flow.value - value)
    solving = len(problem.value) * int((most > 0).sum()) <= PAIRS_SOLVED_AGAIN
    found: dict[str, int | None] = {}
    for row, site in enumerate(result.sites):
        if most[row] == 0:
            found[site.reference] = 0
        elif result.allocation.gap == 0 and solving:
            found[site.reference] = _value_with_one_more(problem, row, value)
        else:
            found[site.reference] = None
    return dict(sorted(found.items()))


def _value_with_one_more(problem: AllocationProblem, row: int, value: int) -> int | None:
    """What is gained by solving again with one more place at `row`; None without a proof."""
    places = problem.places.copy()
    places[row] += 1
    again = _solved(replace(problem, places=places), Method.OPTIMAL)
    return again.value - value if again.gap == 0 else None
