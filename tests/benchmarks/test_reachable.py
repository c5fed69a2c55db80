"""The bound on what any policy brings that does not know who leaves, against sums by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.reachable import most_without_knowing_who_leaves
from matcher.domain.simulation import Arrivals, Openings, World
from matcher.reference.simulation import load_assumptions
from matcher.services.simulation_policies import Policy, known_afterwards, play
from tests.services.simulated import small_world

LEAVES = replace(load_assumptions(), leaves_weekly=0.1)
STAYS = 0.9


def test_waiting_counts_by_the_chance_to_be_there_still() -> None:
    # One person, ready in week 0, who in truth leaves in week 1: nobody can know that.
    world = _world(fits=[[60.0, 90.0]], opens=[0, 3], gone=[1])

    assert most_without_knowing_who_leaves(world, LEAVES) == pytest.approx(90 * STAYS**3)


def test_waiting_pays_nothing_where_it_brings_less_than_now() -> None:
    world = _world(fits=[[80.0, 90.0]], opens=[0, 3], gone=[9])

    assert most_without_knowing_who_leaves(world, LEAVES) == pytest.approx(80)


def test_two_people_share_one_place_on_average() -> None:
    # The place of week 1 goes to both in part: each takes it by the chance to be there.
    world = _world(fits=[[0.0, 50.0], [0.0, 50.0]], opens=[0, 1], gone=[9, 9])

    assert most_without_knowing_who_leaves(world, LEAVES) == pytest.approx(50)


def test_who_left_before_being_ready_brings_nothing() -> None:
    world = _world(fits=[[60.0, 90.0]], opens=[0, 3], gone=[0])

    assert most_without_knowing_who_leaves(world, LEAVES) == 0


def test_where_nobody_leaves_the_bound_is_no_less_than_the_optimum_known_afterwards() -> None:
    nobody = replace(LEAVES, leaves_weekly=0.0)
    for seed in range(20):
        world = small_world(seed)
        bound = most_without_knowing_who_leaves(world, nobody)

        assert bound >= known_afterwards(world)[1].bound / 100 - 1e-6


def test_no_policy_passes_the_bound_over_many_departures() -> None:
    """One stream, its departures drawn anew 200 times: the mean of a policy stays under it."""
    draw = np.random.default_rng(5)
    world = small_world(3)
    people = replace(world.people, ready=np.minimum(world.people.ready, world.people.arrives + 2))
    found: dict[Policy, list[float]] = {policy: [] for policy in Policy}
    bounds = []
    for _ in range(200):
        gone = people.ready + draw.geometric(LEAVES.leaves_weekly, len(people))
        drawn = replace(world, people=replace(people, gone=gone))
        bounds.append(most_without_knowing_who_leaves(drawn, LEAVES))
        for policy in (Policy.WEEKLY_OPTIMUM, Policy.LOOK_AHEAD):
            plan = play(drawn, policy, replace(LEAVES, futures=2, weeks_ahead=4), 1)
            found[policy].append(float(drawn.fit[plan.person, plan.vacancy].sum()) / 100)

    for policy in (Policy.WEEKLY_OPTIMUM, Policy.LOOK_AHEAD):
        assert np.mean(found[policy]) <= np.mean(bounds)


def _world(fits: list[list[float]], opens: list[int], gone: list[int]) -> World:
    """People who are ready in week 0 and places that are open for one week each."""
    count, places = len(fits), len(opens)
    nothing, never = np.zeros(count, np.int64), np.full(count, 1_000)
    people = Arrivals(
        arrives=nothing,
        answered=nothing,
        ready=nothing,
        gone=np.array(gone),
        pause=never,
        back=never,
        free=nothing,
        in_programme=np.zeros(count, np.bool_),
        level=nothing,
        need=nothing,
    )
    at = np.array(opens)
    openings = Openings(
        opens=at,
        begins=at,
        lapses=at,
        places=np.ones(places, np.int64),
        offer=np.full(places, 400),
    )
    fit = np.zeros((2 * count, 2 * places), np.int16)
    fit[:count, :places] = np.round(np.array(fits) * 100)
    return World(
        weeks=6,
        people=people,
        openings=openings,
        past_people=people,
        past_openings=openings,
        past_weeks=6,
        fit=fit,
    )
