"""Policies side by side: the same streams for all, and half of what could be gained is gained."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from matcher.domain.simulation import NEVER, World
from matcher.reference.places import load_places
from matcher.reference.rules import rule_set_for
from matcher.reference.simulation import load_assumptions
from matcher.services.simulation_policies import AFTERWARDS, Policy
from matcher.services.simulation_streams import Pace, draw_world
from matcher.services.simulations import UNITS, Simulation, result_rows, simulate

DAY = date(2026, 11, 24)
SMALL = Pace("demo", 6, 5.0, 3.0)
FAST = replace(load_assumptions(), past_weeks=8, futures=3, weeks_ahead=4)


def played(*policies: Policy, pace: Pace = SMALL, seeds: int = 2) -> Simulation:
    return simulate(pace, policies, seeds, rule_set_for("demo"), load_places(), FAST, DAY)


def drawn(pace: Pace = SMALL, seed: int = 1) -> World:
    return draw_world(pace, rule_set_for("demo"), load_places(), FAST, seed, DAY)


def same(one: object, other: object) -> bool:
    if isinstance(one, np.ndarray):
        return bool(np.array_equal(one, np.asarray(other)))
    names = getattr(one, "__dataclass_fields__", None)
    if names is None:
        return one == other
    return all(same(getattr(one, name), getattr(other, name)) for name in names)


def test_a_stream_is_the_same_each_time_and_another_with_another_seed() -> None:
    assert same(drawn(), drawn())
    assert not same(drawn(), drawn(seed=2))


def test_figures_depend_on_no_order_and_on_no_other_policy() -> None:
    every = played(*Policy)

    assert result_rows(every) == result_rows(played(*reversed(Policy)))
    for policy in Policy:
        alone = played(policy)
        for name in UNITS:
            assert alone.figures[policy][name].tolist() == every.figures[policy][name].tolist()
            afterwards = (found.figures[AFTERWARDS][name].tolist() for found in (alone, every))
            assert len(set(map(tuple, afterwards))) == 1


def test_more_seeds_leave_the_first_ones_as_they_were() -> None:
    few, more = played(Policy.GREEDY, seeds=1), played(Policy.GREEDY, seeds=3)

    assert few.figures[Policy.GREEDY]["value"][0] == more.figures[Policy.GREEDY]["value"][0]


def test_people_arrive_pause_leave_and_drop_out_as_assumed() -> None:
    pace = Pace("demo", 20, 30.0, 12.0)
    world = draw_world(pace, rule_set_for("demo"), load_places(), FAST, 1, DAY)
    people, jobs = world.people, world.openings

    assert len(people) / 20 == pytest.approx(30, rel=0.15)
    assert jobs.places.sum() / 20 == pytest.approx(12, rel=0.25)
    assert (people.gone > people.arrives).all()
    assert (people.back - people.pause >= 2).all()
    assert (people.back - people.pause <= 6).all()
    stays = (people.gone - people.arrives)[~people.in_programme]
    assert 1 / stays.mean() == pytest.approx(FAST.leaves_weekly, rel=0.25)
    assert 1 / (people.pause - people.arrives).mean() == pytest.approx(0.0125, rel=0.25)
    comes_to_the_end = (people.gone > people.ready)[people.in_programme & (people.ready < NEVER)]
    assert comes_to_the_end.mean() < FAST.finishes_programme
    assert (people.answered >= people.arrives).all()
    assert (people.ready[people.answered > people.arrives] >= 2).all()
    assert (jobs.begins >= jobs.opens).all()
    assert (jobs.lapses >= jobs.begins).all()


def test_nobody_arrives_or_no_place_opens_and_still_there_is_an_answer() -> None:
    for pace in (Pace("demo", 4, 0.0, 3.0), Pace("demo", 4, 5.0, 0.0), Pace("demo", 1, 0.0, 0.0)):
        found = played(*Policy, pace=pace)

        assert found.mean(Policy.LOOK_AHEAD, "placements").value == 0
        assert found.distance_closed(Policy.LOOK_AHEAD) is None
        assert result_rows(found)


def test_rows_hold_each_outcome_of_each_policy_and_the_distance() -> None:
    found = played(Policy.WEEKLY_OPTIMUM, Policy.LOOK_AHEAD)
    rows = {(row["policy"], row["outcome"]): row for row in result_rows(found)}

    assert {policy for policy, _ in rows} == {"weekly-optimum", "look-ahead", AFTERWARDS}
    assert ("look-ahead", "distance_closed") in rows
    value = found.figures["look-ahead"]["value"]
    start = found.figures["weekly-optimum"]["value"]
    share = 100 * (value - start).sum() / (found.bound - start).sum()
    assert rows["look-ahead", "distance_closed"]["mean"] == pytest.approx(share, abs=0.01)
    assert rows["look-ahead", "value"]["by_seed"] == value.round(2).tolist()
    assert rows["look-ahead", "value"]["mean"] == pytest.approx(value.mean(), abs=0.01)


def test_without_the_weekly_optimum_there_is_no_distance() -> None:
    found = played(Policy.LOOK_AHEAD)

    assert found.distance_closed(Policy.LOOK_AHEAD) is None
    assert "distance_closed" not in {row["outcome"] for row in result_rows(found)}


@pytest.mark.parametrize("people_and_places", [(10.0, 4.0), (8.0, 8.0)])
def test_look_ahead_closes_half_of_the_distance_to_what_is_known_afterwards(
    people_and_places: tuple[float, float],
) -> None:
    found = simulate(
        Pace("demo", 20, *people_and_places),
        [Policy.WEEKLY_OPTIMUM, Policy.LOOK_AHEAD],
        20,
        rule_set_for("demo"),
        load_places(),
        load_assumptions(),
        DAY,
    )

    closed = found.distance_closed(Policy.LOOK_AHEAD)

    assert closed is not None
    assert closed.low is not None
    assert closed.value >= 0.5
    assert closed.low > 0
    assert (found.figures[AFTERWARDS]["value"] <= found.bound + 1e-9).all()
