"""Allocations where only counts bind: against trying everything, and worths by solving again."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from matcher.engine.chains import one_more_place
from matcher.engine.flow import optimal_by_flow
from matcher.engine.problem import AllocationProblem, seeded_order, violations


def problem(seed: int, people: int = 6, sites: int = 4, most: int = 12) -> AllocationProblem:
    draw = np.random.default_rng(seed)
    n, m = int(draw.integers(1, people + 1)), int(draw.integers(1, sites + 1))
    pairs = np.array([pair for pair in product(range(n), range(m)) if draw.random() < 0.6])
    pairs = pairs.reshape(-1, 2).astype(np.int64)
    return AllocationProblem(
        places=draw.integers(0, 3, m),
        waiting=draw.integers(0, 5, n),
        candidate=pairs[:, 0],
        vacancy=pairs[:, 1],
        value=draw.integers(1, most, len(pairs)),
        need=np.zeros(n, np.int64),
        offer=np.full(m, -1),
    )


def best_by_trying_everything(given: AllocationProblem) -> tuple[int, int]:
    """The largest (value, days waited) of all allocations, one choice a candidate."""
    values = {
        (int(c), int(v)): int(x)
        for c, v, x in zip(given.candidate, given.vacancy, given.value, strict=True)
    }
    choices = [
        [None, *(v for v in range(len(given.places)) if (c, v) in values)]
        for c in range(len(given.waiting))
    ]
    best = (0, 0)
    for chosen in product(*choices):
        taken = [0] * len(given.places)
        for v in chosen:
            if v is not None:
                taken[v] += 1
        if any(t > p for t, p in zip(taken, given.places, strict=True)):
            continue
        placed = [(c, v) for c, v in enumerate(chosen) if v is not None]
        value = sum(values[pair] for pair in placed)
        best = max(best, (value, sum(int(given.waiting[c]) for c, _ in placed)))
    return best


@pytest.mark.parametrize("block", range(5))
def test_the_optimum_equals_trying_everything(block: int) -> None:
    for seed in range(block * 40, block * 40 + 40):
        given = problem(seed)

        found = optimal_by_flow(given)

        waited = int(given.waiting[given.candidate[found.pair]].sum())
        assert violations(given, found.pair) == []
        assert (found.value, waited) == best_by_trying_everything(given), seed
        assert found.gap == 0


def test_one_more_place_is_worth_what_solving_again_says() -> None:
    compared = 0
    for seed in range(300):
        given = problem(seed, people=9, sites=6)
        found = optimal_by_flow(given)
        worth = one_more_place(given, found.pair).worth
        for site in range(len(given.places)):
            places = given.places.copy()
            places[site] += 1
            again = optimal_by_flow(replace(given, places=places))
            assert worth[site] == again.value - found.value, (seed, site)
            compared += worth[site] > 0
    assert compared > 300


def test_the_drawn_order_is_the_same_for_any_order_of_the_input() -> None:
    names = [f"K-{number}" for number in range(50)]
    mixed = names[::-1]

    drawn = [names[row] for row in seeded_order(names, 3)]

    assert drawn == [mixed[row] for row in seeded_order(mixed, 3)]
    assert drawn != [names[row] for row in seeded_order(names, 4)]


def test_each_broken_limit_is_named() -> None:
    given = AllocationProblem(
        places=np.array([1, 5]),
        waiting=np.array([0, 0]),
        candidate=np.array([0, 1, 0, 1]),
        vacancy=np.array([0, 0, 1, 1]),
        value=np.array([1, 1, 1, 1]),
        need=np.array([300, 700]),
        offer=np.array([-1, 900]),
        group=np.array([0, 1]),
        at_least=(1, 1),
    )

    assert violations(given, np.array([0, 3])) == []
    assert "somebody has two places" in violations(given, np.array([0, 2, 3]))
    assert "a vacancy has more people than places" in violations(given, np.array([0, 1]))
    assert "a site has more guidance to give than it offers" in violations(given, np.array([2, 3]))
    assert "group 1 is under its floor" in violations(given, np.array([0]))
