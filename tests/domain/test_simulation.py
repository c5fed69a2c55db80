"""What came of a stream, counted again one by one, and the weeks in which a pair can be."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from matcher.domain.simulation import (
    NEVER,
    Placements,
    World,
    first_common_weeks,
    outcomes,
    quarters,
)
from matcher.services.simulation_policies import Policy, play
from tests.services.simulated import FEW_FUTURES, small_world


def counted_again(world: World, placed: Placements) -> dict[str, float]:
    people, jobs = world.people, world.openings
    rows = list(
        zip(placed.person.tolist(), placed.vacancy.tolist(), placed.week.tolist(), strict=True)
    )
    fits = [int(world.fit[person, job]) for person, job, _ in rows]
    first_days = [
        max(week, int(jobs.begins[job]), int(people.free[person])) for person, job, week in rows
    ]
    waits = [day - int(people.arrives[row[0]]) for day, row in zip(first_days, rows, strict=True)]
    empty = sum(int(n) * max(0, world.weeks - int(b)) for n, b in
                zip(jobs.places, jobs.begins, strict=True))  # fmt: skip
    lasts = [
        FEW_FUTURES.lasting_at_no_fit * (1 - fit / 10_000)
        + FEW_FUTURES.lasting_at_full_fit * fit / 10_000
        for fit in fits
    ]
    ranked = sorted(people.level.tolist())
    quarter = [ranked.index(level) * 4 // len(ranked) for level in people.level.tolist()]
    of_all, of_placed = Counter(quarter), Counter(quarter[person] for person, _, _ in rows)
    many = max(1, len(rows))
    return {
        "value": sum(fits) / 100,
        "placements": len(rows),
        "lasting_placements": sum(lasts),
        "mean_fit": sum(fits) / 100 / many,
        "waiting_weeks": sum(waits) / many,
        "empty_places": int(jobs.places.sum()) - len(rows),
        "empty_place_weeks": empty - sum(max(0, world.weeks - day) for day in first_days),
        **{
            f"from_quarter_{n + 1}": 100 * of_placed[n] / of_all[n] if of_all[n] else 0
            for n in range(4)
        },
    }


@pytest.mark.parametrize("policy", [Policy.FIRST_COME, Policy.WEEKLY_OPTIMUM])
def test_outcomes_equal_a_count_one_by_one(policy: Policy) -> None:
    for seed in range(20):
        world = small_world(seed)
        placed = play(world, policy, FEW_FUTURES, seed)

        assert outcomes(world, placed, FEW_FUTURES) == pytest.approx(counted_again(world, placed))


def test_outcomes_of_nobody_placed_are_nothing_and_all_places_empty() -> None:
    world = small_world(1)
    nobody = np.zeros(0, np.int64)

    found = outcomes(world, Placements(nobody, nobody, nobody), FEW_FUTURES)

    assert found["placements"] == found["value"] == found["waiting_weeks"] == 0
    assert found["empty_places"] == world.openings.places.sum()


@pytest.mark.parametrize("seed", range(15))
def test_the_first_common_week_is_the_first_in_which_both_are_there(seed: int) -> None:
    world = small_world(seed)
    people, jobs = world.people, world.openings

    found = first_common_weeks(people, jobs, world.weeks)

    for person in range(len(people)):
        for job in range(len(jobs)):
            common = [
                week
                for week in range(world.weeks)
                if people.here(week)[person]
                and jobs.opens[job] <= week <= jobs.lapses[job]
                and people.free[person] <= jobs.lapses[job]
            ]
            assert found[person, job] == (common[0] if common else NEVER)


@given(arrays(np.int64, st.integers(1, 40), elements=st.integers(0, 9)))
def test_the_same_level_is_in_the_same_quarter_and_a_higher_one_never_in_a_lower(
    level: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> None:
    quarter = quarters(level)

    order = np.argsort(level, kind="stable")
    assert (np.diff(quarter[order]) >= 0).all()
    assert all(len(set(quarter[level == each])) == 1 for each in set(level.tolist()))
    assert 0 <= quarter.min() <= quarter.max() <= 3
