"""Any allocation: within its limits, the optimum of an independent solver, around settled pairs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.domain.allocating import Method
from matcher.engine.bounded import GAP
from matcher.engine.problem import AllocationProblem, CannotSettle, violations, without_settled
from matcher.engine.relaxed import FloorTooHigh
from matcher.engine.solve import most_filled, pairs_that_fit_alone, solve
from tests.engine.allocation_problems import best_by_integers, best_by_places, drawn, problems

BLOCKS = 20
AT_ONCE = 250
INSTANCES = 5_000
"""Small problems a block, so many side by side in one; 20 blocks make 100,000."""


@pytest.mark.parametrize("block", range(BLOCKS))
def test_no_limit_is_violated_in_5000_small_problems(block: int) -> None:
    optimal = 0
    for part in range(INSTANCES // AT_ONCE):
        hours, seats = part % 4 in (1, 3), part % 4 in (2, 3)
        given_ = drawn(block * 1_000 + part, instances=AT_ONCE, hours=hours, seats=seats)
        found = {method: solve(given_, method) for method in Method}
        for method, allocation in found.items():
            assert violations(given_, allocation.pair) == [], (part, method)
            assert allocation.value <= allocation.bound
        best = found[Method.OPTIMAL]
        assert best.gap <= GAP
        assert best.value >= max(allocation.value for allocation in found.values())
        optimal += best.gap == 0
    assert optimal > 0


@given(problems(hours=False, seats=False))
def test_where_only_counts_bind_the_optimum_is_that_of_an_assignment(
    given_: AllocationProblem,
) -> None:
    found = solve(given_, Method.OPTIMAL)

    assert found.value == best_by_places(given_)
    assert found.gap == 0


@settings(max_examples=60)
@given(problems(), st.sampled_from([(), (1, 0), (1, 1)]), st.integers(0, 1))
def test_the_optimum_is_that_of_an_integer_programme(
    given_: AllocationProblem, floors: tuple[int, ...], odd: int
) -> None:
    group = (np.arange(len(given_.waiting)) + odd) % 2
    given_ = replace(given_, group=group, at_least=floors)
    expected = best_by_integers(given_)

    if expected is None:
        with pytest.raises(FloorTooHigh):
            solve(given_, Method.OPTIMAL)
        return
    found = solve(given_, Method.OPTIMAL)

    assert violations(given_, found.pair) == []
    assert found.value == expected
    assert found.bound == expected


@settings(max_examples=60)
@given(problems(), st.integers(0, 2**16))
def test_settled_pairs_stay_and_the_rest_is_the_best_around_them(
    given_: AllocationProblem, seed: int
) -> None:
    possible = solve(given_, Method.GREEDY).pair
    settled = possible[np.random.default_rng(seed).random(len(possible)) < 0.5]

    found = solve(given_, Method.OPTIMAL, settled)

    assert set(settled.tolist()) <= set(found.pair.tolist())
    assert violations(given_, found.pair) == []
    forced = replace(given_, value=given_.value + 0)
    forced.value[settled] += 1_000_000
    expected = best_by_integers(forced)
    assert expected is not None
    assert found.value == expected - 1_000_000 * len(settled)


def test_settled_pairs_that_break_a_limit_are_refused() -> None:
    given_ = drawn(5, hours=False, seats=False)
    same = np.flatnonzero(given_.candidate == given_.candidate[0])[:2]

    with pytest.raises(CannotSettle, match="two places"):
        without_settled(given_, same)


@settings(max_examples=60)
@given(problems())
def test_most_filled_is_the_largest_number_of_people_placed(given_: AllocationProblem) -> None:
    counted = replace(given_, value=np.ones(len(given_.value), np.int64))

    assert most_filled(given_) == best_by_integers(counted)


@given(problems())
def test_a_pair_that_does_not_fit_alone_is_in_no_allocation(given_: AllocationProblem) -> None:
    fits = set(pairs_that_fit_alone(given_).tolist())

    for pair in range(len(given_.value)):
        assert (violations(given_, np.array([pair])) == []) == (pair in fits)


def test_among_equal_values_who_waited_longest_is_placed() -> None:
    given_ = replace(
        drawn(1, instances=1),
        places=np.array([1]),
        waiting=np.array([3, 900, 40]),
        candidate=np.array([0, 1, 2]),
        vacancy=np.array([0, 0, 0]),
        value=np.array([500, 500, 500]),
        need=np.array([300, 300, 300]),
        offer=np.array([400]),
        seat=np.zeros(0, np.int64),
        seats=np.zeros(0, np.int64),
    )

    assert solve(given_, Method.OPTIMAL).pair.tolist() == [1]
