"""What every policy keeps to, and that none of them knows what comes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matcher.domain.simulation import Arrivals, Openings, Placements, World, outcomes
from matcher.services.simulation_policies import Policy, known_afterwards, play
from tests.services.simulated import FEW_FUTURES, another_future, decided, small_world

SEEDS = range(25)


def broken_limits(world: World, placed: Placements) -> list[str]:
    """What a plan does that cannot be, week by week and one by one."""
    people, openings = world.people, world.openings
    found: list[str] = []
    taken = dict.fromkeys(range(len(openings)), 0)
    guidance = dict.fromkeys(range(len(openings)), 0)
    for person, vacancy, week in zip(placed.person, placed.vacancy, placed.week, strict=True):
        who, where = int(person), int(vacancy)
        if world.fit[who, where] <= 0:
            found.append("blocked pair")
        if not people.ready[who] <= week < people.gone[who]:
            found.append("person not there")
        if people.pause[who] <= week < people.back[who]:
            found.append("person paused")
        if not openings.opens[where] <= week <= openings.lapses[where] or week >= world.weeks:
            found.append("vacancy not open")
        if people.free[who] > openings.lapses[where]:
            found.append("starts too late")
        taken[where] += 1
        guidance[where] += int(people.need[who])
    if len(set(placed.person.tolist())) < len(placed.person):
        found.append("two places")
    found += ["places" for at, count in taken.items() if count > openings.places[at]]
    found += ["guidance" for at, hours in guidance.items() if hours > openings.offer[at]]
    return found


@pytest.mark.parametrize("policy", Policy)
def test_no_policy_exceeds_a_limit_or_places_who_is_not_there(policy: Policy) -> None:
    placed = 0
    for seed in SEEDS:
        world = small_world(seed)

        plan = play(world, policy, FEW_FUTURES, seed)

        assert broken_limits(world, plan) == []
        placed += len(plan.person)
    assert placed > 50


def test_the_optimum_known_afterwards_keeps_the_limits_and_nobody_exceeds_its_bound() -> None:
    for seed in SEEDS:
        world = small_world(seed)

        placed, found = known_afterwards(world)

        assert broken_limits(world, placed) == []
        for policy in Policy:
            plan = play(world, policy, FEW_FUTURES, seed)
            assert world.fit[plan.person, plan.vacancy].sum() <= found.bound
        assert world.fit[placed.person, placed.vacancy].sum() <= found.bound


@pytest.mark.parametrize("policy", Policy)
def test_what_comes_later_changes_no_decision_made_before(policy: Policy) -> None:
    changed = 0
    for seed in SEEDS:
        week = seed % 7
        world = small_world(seed)
        other = another_future(world, week, 1_000 + seed)

        plan = play(world, policy, FEW_FUTURES, seed)
        another = play(other, policy, FEW_FUTURES, seed)

        assert decided(plan, week) == decided(another, week)
        changed += decided(plan, world.weeks) != decided(another, world.weeks)
    assert changed > 10


def test_the_same_seed_decides_the_same_and_another_seed_draws_other_futures() -> None:
    worlds = [small_world(seed) for seed in SEEDS]
    plans = [
        [decided(play(world, Policy.LOOK_AHEAD, FEW_FUTURES, seed), 8) for world in worlds]
        for seed in (1, 1, 2)
    ]

    assert plans[0] == plans[1]
    assert plans[0] != plans[2]


def test_a_place_waits_for_somebody_better_who_is_likely_to_come() -> None:
    world = scarce_place(comes=9_000)
    now = play(world, Policy.WEEKLY_OPTIMUM, FEW_FUTURES, 1)
    ahead = play(world, Policy.LOOK_AHEAD, FEW_FUTURES, 1)

    assert decided(now, 8) == [(0, 0, 0)]
    assert decided(ahead, 8) == [(1, 1, 0)]


def test_a_place_does_not_wait_where_nobody_better_ever_came() -> None:
    world = scarce_place(comes=4_000)

    assert decided(play(world, Policy.LOOK_AHEAD, FEW_FUTURES, 1), 8) == [(0, 0, 0)]


def scarce_place(comes: int) -> World:
    """One place; somebody of fit 50 is there, and each week of the past one of `comes` came."""
    weeks, never, nothing = np.arange(6), np.full(6, 1_000), np.zeros(6, np.int64)
    people = Arrivals(
        arrives=weeks,
        answered=weeks,
        ready=weeks,
        gone=never,
        pause=never,
        back=never,
        free=weeks,
        in_programme=np.zeros(6, np.bool_),
        level=nothing,
        need=nothing,
    )
    at = np.array([5])
    place = Openings(
        opens=np.array([0]), begins=at, lapses=at, places=np.array([1]), offer=np.array([400])
    )
    fit = np.full((12, 2), comes, np.int16)
    fit[0] = 5_000
    fit[1:6] = 9_000
    return World(
        weeks=6,
        people=people,
        openings=place,
        past_people=people,
        past_openings=replace(place, opens=at),
        past_weeks=6,
        fit=fit,
    )


def test_more_guidance_and_more_places_never_lower_the_optimum_known_afterwards() -> None:
    for seed in SEEDS:
        world = small_world(seed)
        jobs = world.openings
        more = replace(jobs, places=jobs.places + 1, offer=jobs.offer + 500)
        values = [
            outcomes(each, known_afterwards(each)[0], FEW_FUTURES)["value"]
            for each in (world, replace(world, openings=more))
        ]

        assert values[0] <= values[1]
