"""The policies: what each decides in one week, and the optimum known afterwards."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

import numpy as np

from matcher.domain.allocating import Method
from matcher.domain.simulation import (
    NEVER,
    Assumptions,
    Bools,
    Ints,
    Placements,
    World,
    first_common_weeks,
)
from matcher.engine.problem import Allocation, AllocationProblem
from matcher.engine.solve import solve
from matcher.services.simulation_futures import Futures, Worth

DAYS = 7


class Policy(StrEnum):
    """How places are given out week by week."""

    FIRST_COME = "first-come"
    GREEDY = "greedy"
    WEEKLY_OPTIMUM = "weekly-optimum"
    LOOK_AHEAD = "look-ahead"


AFTERWARDS = "known-afterwards"
"""The yardstick: one optimum over all weeks, by who knows everything that came."""


METHODS = {
    Policy.FIRST_COME: Method.FIRST_COME,
    Policy.GREEDY: Method.GREEDY,
    Policy.WEEKLY_OPTIMUM: Method.OPTIMAL,
    Policy.LOOK_AHEAD: Method.OPTIMAL,
}


def play(world: World, policy: Policy, assumed: Assumptions, seed: int) -> Placements:
    """A policy week by week, knowing in each only what has come until then."""
    left, offer = world.openings.places.copy(), world.openings.offer.copy()
    placed = np.zeros(len(world.people), np.bool_)
    futures = Futures(world, assumed, seed)
    decided: list[tuple[Ints, Ints, Ints]] = []
    for week in range(world.weeks):
        people = np.flatnonzero(world.people.here(week) & ~placed)
        open_now = (world.openings.opens <= week) & (week <= world.openings.lapses) & (left > 0)
        sites = np.flatnonzero(open_now)
        problem = _of_week(world, week, people, sites, left, offer)
        if policy is Policy.LOOK_AHEAD and len(problem.value):
            worth = futures.worth_of_waiting(week, people, sites, left, offer, placed)
            problem = _above(problem, worth, world.openings.lapses[sites] > week)
        if not len(problem.value):
            continue
        pairs = solve(problem, METHODS[policy]).pair
        chosen, at = people[problem.candidate[pairs]], sites[problem.vacancy[pairs]]
        placed[chosen] = True
        np.subtract.at(left, at, 1)
        np.subtract.at(offer, at, world.people.need[chosen])
        decided.append((chosen, at, np.full(len(chosen), week, np.int64)))
    if not decided:
        nobody = np.zeros(0, np.int64)
        return Placements(nobody, nobody, nobody)
    person, vacancy, weeks = (np.concatenate(part) for part in zip(*decided, strict=True))
    return Placements(person, vacancy, weeks)


def known_afterwards(world: World) -> tuple[Placements, Allocation]:
    """The optimum over all weeks at once, each pair in the first week in which both were there.

    Nobody could have decided so: it is the most that any policy can reach.
    """
    people, openings = world.people, world.openings
    weeks = first_common_weeks(people, openings, world.weeks)
    fit = world.fit[: len(people), : len(openings)].astype(np.int64)
    person, vacancy = np.nonzero((weeks < NEVER) & (fit > 0))
    problem = AllocationProblem(
        places=openings.places,
        waiting=np.zeros(len(people), np.int64),
        candidate=person,
        vacancy=vacancy,
        value=fit[person, vacancy],
        need=people.need,
        offer=openings.offer,
    )
    found = solve(problem, Method.OPTIMAL)
    chosen, at = person[found.pair], vacancy[found.pair]
    return Placements(chosen, at, weeks[chosen, at]), found


def _of_week(
    world: World, week: int, people: Ints, sites: Ints, left: Ints, offer: Ints
) -> AllocationProblem:
    """The allocation of one week, as the weekly allocation would get it."""
    everybody, openings = world.people, world.openings
    fit = world.fit[np.ix_(people, sites)].astype(np.int64)
    in_time = everybody.free[people][:, None] <= openings.lapses[sites][None, :]
    fits_in = everybody.need[people][:, None] <= offer[sites][None, :]
    person, site = np.nonzero((fit > 0) & in_time & fits_in)
    return AllocationProblem(
        places=left[sites],
        waiting=(week - everybody.arrives[people]) * DAYS,
        candidate=person,
        vacancy=site,
        value=fit[person, site],
        need=everybody.need[people],
        offer=offer[sites],
    )


def _above(problem: AllocationProblem, worth: Worth, can_wait: Bools) -> AllocationProblem:
    """The pairs that are worth more now than both sides are later, by how much more.

    `can_wait` says by vacancy whether it is open next week too.
    """
    person, site = problem.candidate, problem.vacancy
    later = np.where(can_wait[site], worth.person[person], worth.person_alone[person])
    gain = np.rint(problem.value - later - worth.site[site]).astype(np.int64)
    now = gain > 0
    return replace(problem, candidate=person[now], vacancy=site[now], value=gain[now])
