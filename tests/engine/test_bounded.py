"""Allocations with guidance hours, seats and floors, against trying everything on small ones."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from matcher.engine.bounded import GAP, FloorTooHigh, optimal_within_bounds
from matcher.engine.flow import optimal_by_flow
from matcher.engine.problem import NO_SEAT, AllocationProblem, violations


def problem(seed: int, *, floors: bool) -> AllocationProblem:
    draw = np.random.default_rng(seed)
    n, m, starts = int(draw.integers(1, 6)), int(draw.integers(1, 4)), int(draw.integers(1, 3))
    pairs = np.array(
        [
            pair
            for pair in product(range(n), range(m), range(NO_SEAT, starts))
            if draw.random() < 0.4
        ]
    )
    pairs = pairs.reshape(-1, 3).astype(np.int64)
    group = draw.integers(0, 2, n)
    return AllocationProblem(
        places=draw.integers(0, 4, m),
        waiting=draw.integers(0, 5, n),
        candidate=pairs[:, 0],
        vacancy=pairs[:, 1],
        value=draw.integers(1, 30, len(pairs)),
        need=draw.choice([100, 300, 700, 1200], n),
        offer=draw.choice([-1, 0, 300, 400, 1000], m),
        seat=pairs[:, 2],
        seats=draw.integers(0, 2, starts),
        group=group,
        at_least=(1, 1) if floors else (),
    )


def best_by_trying_everything(given: AllocationProblem) -> int | None:
    choices = [
        [None, *np.flatnonzero(given.candidate == person).tolist()]
        for person in range(len(given.waiting))
    ]
    best: int | None = None
    for chosen in product(*choices):
        pairs = np.array([pair for pair in chosen if pair is not None], np.int64)
        if not violations(given, pairs):
            value = int(given.value[pairs].sum())
            best = value if best is None else max(best, value)
    return best


@pytest.mark.parametrize("floors", [False, True])
def test_the_optimum_equals_trying_everything(floors: bool) -> None:
    solved = refused = 0
    for seed in range(250):
        given = problem(seed, floors=floors)
        expected = best_by_trying_everything(given)
        if expected is None:
            with pytest.raises(FloorTooHigh):
                optimal_within_bounds(given)
            refused += 1
            continue
        found = optimal_within_bounds(given)
        assert violations(given, found.pair) == [], seed
        assert found.value <= expected <= found.bound, seed
        assert found.gap <= GAP or found.value == expected, seed
        assert found.value >= expected * (1 - GAP), seed
        solved += 1
    assert solved > 40
    assert not floors or refused > 40


def test_without_anything_that_binds_it_is_the_flow() -> None:
    draw = np.random.default_rng(4)
    pairs = np.array([pair for pair in product(range(40), range(12)) if draw.random() < 0.5])
    given = AllocationProblem(
        places=draw.integers(1, 4, 12),
        waiting=np.zeros(40, np.int64),
        candidate=pairs[:, 0],
        vacancy=pairs[:, 1],
        value=draw.integers(100, 10_000, len(pairs)),
        need=np.full(40, 300),
        offer=np.full(12, -1),
    )

    found = optimal_within_bounds(given)

    assert found.value >= optimal_by_flow(given).value * (1 - GAP)
    assert found.bound >= optimal_by_flow(given).value


def test_a_floor_costs_value_and_is_kept() -> None:
    draw = np.random.default_rng(5)
    n, m = 60, 10
    pairs = np.array(list(product(range(n), range(m))))
    group = np.arange(n) % 4
    # The last group is worth half as much everywhere.
    value = draw.integers(4_000, 8_000, len(pairs)) // np.where(group[pairs[:, 0]] == 3, 2, 1)
    free = AllocationProblem(
        places=np.full(m, 2),
        waiting=np.zeros(n, np.int64),
        candidate=pairs[:, 0],
        vacancy=pairs[:, 1],
        value=value,
        need=np.full(n, 300),
        offer=np.full(m, -1),
        group=group,
    )

    without = optimal_within_bounds(free)
    kept = optimal_within_bounds(replace(free, at_least=(3, 3, 3, 3)))

    placed = np.bincount(group[free.candidate[kept.pair]], minlength=4)
    assert np.bincount(group[free.candidate[without.pair]], minlength=4)[3] == 0
    assert (placed >= 3).all()
    assert kept.value < without.value
