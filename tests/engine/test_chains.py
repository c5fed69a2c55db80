"""Runners-up, who is left out and what one more is worth: each against solving again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.domain.allocating import Method
from matcher.engine.chains import NOBODY, alternatives, left_out, one_more_place
from matcher.engine.compared import compared
from matcher.engine.flow import optimal_by_flow
from matcher.engine.problem import AllocationProblem, violations
from matcher.engine.pruned import COMPLETE, Cuts, best_outside, bound_on_loss
from matcher.engine.solve import solve
from matcher.engine.worth import UNPROVEN, worth_of_more
from tests.engine.allocation_problems import best_by_integers, best_by_places, problems


@given(problems(hours=False, seats=False))
def test_the_margin_is_what_the_optimum_loses_without_the_pair(given_: AllocationProblem) -> None:
    found = optimal_by_flow(given_)
    others = alternatives(given_, found.pair)

    for at, pair in enumerate(found.pair.tolist()):
        without = given_.only(np.delete(np.arange(len(given_.value)), pair))
        assert others.margin[at] == found.value - best_by_places(without)
        runner_up, instead = int(others.runner_up[at]), int(others.instead[at])
        if runner_up != NOBODY:
            assert given_.vacancy[runner_up] == given_.vacancy[pair]
            assert given_.candidate[runner_up] != given_.candidate[pair]
        if instead != NOBODY:
            assert given_.candidate[instead] == given_.candidate[pair]
            assert given_.vacancy[instead] != given_.vacancy[pair]


@given(problems(hours=False, seats=False))
def test_who_is_left_out_falls_short_by_what_a_place_for_them_would_cost(
    given_: AllocationProblem,
) -> None:
    found = optimal_by_flow(given_)
    outside = left_out(given_, found.pair)
    placed = set(given_.candidate[found.pair].tolist())

    for person in range(len(given_.waiting)):
        own = given_.candidate == person
        could = own & (given_.places[given_.vacancy] > 0)
        if person in placed or not could.any():
            assert person in placed or outside.pair[person] == NOBODY
            continue
        first = replace(given_, value=given_.value + np.where(own, 1_000_000, 0))
        assert outside.short_by[person] == found.value - (best_by_places(first) - 1_000_000)
        assert own[outside.pair[person]]


@given(problems(hours=False, seats=False))
def test_worths_are_prices_that_add_up_to_the_optimum(given_: AllocationProblem) -> None:
    found = optimal_by_flow(given_)
    price = one_more_place(given_, found.pair).worth

    left = np.zeros(len(given_.waiting), np.int64)
    np.maximum.at(left, given_.candidate, given_.value - price[given_.vacancy])
    assert left.sum() + (price * given_.places).sum() == found.value


@settings(max_examples=60, deadline=None)
@given(problems(), st.sampled_from([(), (1, 0)]))
def test_one_more_place_or_seat_is_worth_what_an_independent_solver_says(
    given_: AllocationProblem, floors: tuple[int, ...]
) -> None:
    given_ = replace(given_, group=np.arange(len(given_.waiting)) % 2, at_least=floors)
    value = best_by_integers(given_)
    if value is None:
        return
    places, seats = worth_of_more(given_, solve(given_, Method.OPTIMAL))

    assert not (places.exact == UNPROVEN).any()
    assert not (seats.exact == UNPROVEN).any()
    for site, worth in enumerate(places.exact.tolist()):
        more = given_.places.copy()
        more[site] += 1
        assert worth == (best_by_integers(replace(given_, places=more)) or 0) - value
    for start, worth in enumerate(seats.exact.tolist()):
        more = given_.seats.copy()
        more[start] += 1
        assert worth == (best_by_integers(replace(given_, seats=more)) or 0) - value


@settings(max_examples=60)
@given(problems())
def test_the_alternative_to_a_choice_is_possible_and_no_better(given_: AllocationProblem) -> None:
    found = solve(given_, Method.OPTIMAL)

    beside = compared(given_, found)

    assert sorted(beside.pair.tolist()) == found.pair.tolist()
    assert (beside.margin >= 0).all()
    for at, pair in enumerate(beside.pair.tolist()):
        without = given_.only(np.delete(np.arange(len(given_.value)), pair))
        loss = found.value - (best_by_integers(without) or 0)
        assert beside.margin[at] == loss if beside.is_exact else beside.margin[at] >= loss


@settings(max_examples=80)
@given(problems(seats=False), st.integers(1, 3))
def test_the_bound_on_what_pruning_lost_holds(given_: AllocationProblem, kept: int) -> None:
    if not len(given_.value):
        return
    keys = given_.candidate * len(given_.places) + given_.vacancy
    _, first = np.unique(keys, return_index=True)
    full = given_.only(np.sort(first))
    stays = np.zeros(len(full.value), np.bool_)
    cuts = Cuts(
        np.full(len(full.waiting), COMPLETE, np.int64),
        np.full(len(full.places), COMPLETE, np.int64),
    )
    for side, cut in ((full.candidate, cuts.person), (full.vacancy, cuts.vacancy)):
        for row in range(len(cut)):
            own = np.flatnonzero(side == row)
            best = own[np.argsort(-full.value[own], kind="stable")]
            stays[best[:kept]] = True
            if len(best) >= kept:
                cut[row] = full.value[best[kept - 1]]
    pruned = full.only(np.flatnonzero(stays))
    found = solve(pruned, Method.OPTIMAL)
    best_of_all = best_by_integers(full)

    assert best_of_all is not None
    assert violations(pruned, found.pair) == []
    assert best_of_all <= found.value + bound_on_loss(pruned, found, [cuts])


@given(
    st.lists(st.integers(-1, 20), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(-1, 20), st.integers(0, 20)), min_size=1, max_size=6),
)
def test_the_best_pair_outside_both_lists_is_found(
    people: list[int], sites: list[tuple[int, int]]
) -> None:
    vacancy = np.array([cut for cut, _ in sites])
    charge = np.array([float(cost) for _, cost in sites])

    found = best_outside(np.array(people), vacancy, charge)

    for row, own in enumerate(people):
        outside = [min(own, cut) - cost for cut, cost in sites if own >= 0 and cut >= 0]
        assert found[row] == max(outside, default=-np.inf)
