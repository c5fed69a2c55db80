"""Policies side by side over time: the same streams for each, with intervals over seeds."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from matcher.domain.intervals import Interval, mean_over_seeds, ratio_over_seeds
from matcher.domain.places import Places
from matcher.domain.rules import RuleSet
from matcher.domain.simulation import Assumptions, World, outcomes
from matcher.services.simulation_policies import AFTERWARDS, Policy, known_afterwards, play
from matcher.services.simulation_streams import Pace, draw_world

DIGITS = 2
THREADS_MAXIMUM = 4
UNITS = {
    "value": "points of fit",
    "placements": "people",
    "lasting_placements": "people",
    "mean_fit": "points of fit",
    "waiting_weeks": "weeks",
    "empty_places": "places",
    "empty_place_weeks": "weeks",
    "from_quarter_1": "percent",
    "from_quarter_2": "percent",
    "from_quarter_3": "percent",
    "from_quarter_4": "percent",
}
"""Every outcome, in the order in which it is shown, and what it is counted in."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """What each policy came to: ``figures[policy][outcome]`` are numbers by seed, from seed 1.

    `policies` are in the order of `Policy`, the yardstick last. `bound` is by seed what no policy
    can exceed in value, in points; it lies above the yardstick only where guidance hours kept its
    proof from closing.
    """

    pace: Pace
    on: date
    rules_version: str
    assumed: Assumptions
    seeds: int
    policies: tuple[str, ...]
    figures: Mapping[str, Mapping[str, np.ndarray[tuple[int], np.dtype[np.float64]]]]
    bound: np.ndarray[tuple[int], np.dtype[np.float64]]
    arrived: tuple[float, float]

    def mean(self, policy: str, outcome: str) -> Interval:
        """An outcome of a policy over the seeds."""
        return mean_over_seeds(self.figures[policy][outcome])

    def distance_closed(self, policy: str, outcome: str = "value") -> Interval | None:
        """Which share of the distance from weekly optimum to yardstick a policy closes.

        By value the distance is to `bound`, so the share is never flattered. None where the weekly
        optimum is not among the policies or there is no distance.
        """
        if Policy.WEEKLY_OPTIMUM not in self.figures:
            return None
        start = self.figures[Policy.WEEKLY_OPTIMUM][outcome]
        most = self.bound if outcome == "value" else self.figures[AFTERWARDS][outcome]
        return ratio_over_seeds(self.figures[policy][outcome] - start, most - start)


def simulate(
    pace: Pace,
    policies: Sequence[Policy],
    seeds: int,
    rules: RuleSet,
    places: Places,
    assumed: Assumptions,
    on: date,
    *,
    done: Callable[[int], None] = lambda _count: None,
) -> Simulation:
    """Seeds 1 to `seeds`, each drawn once and played by every policy and by the yardstick.

    The order of `policies`, and which others are asked for, changes no figure. `done` is told how
    many seeds are finished. Seeds share nothing, so each core has its own.
    """
    chosen = [policy for policy in Policy if policy in policies]
    names = (*(policy.value for policy in chosen), AFTERWARDS)
    found: list[_Seed] = []

    def one(seed: int) -> _Seed:
        return _one_seed(draw_world(pace, rules, places, assumed, seed, on), chosen, assumed, seed)

    with ThreadPoolExecutor(min(THREADS_MAXIMUM, os.cpu_count() or 1)) as pool:
        for played in pool.map(one, range(1, seeds + 1)):
            found.append(played)
            done(len(found))
    people, given = np.mean([played.arrived for played in found], axis=0)
    return Simulation(
        pace=pace,
        on=on,
        rules_version=rules.version,
        assumed=assumed,
        seeds=seeds,
        policies=names,
        figures={
            policy: {
                name: np.array([played.figures[policy][name] for played in found]) for name in UNITS
            }
            for policy in names
        },
        bound=np.array([played.bound for played in found]),
        arrived=(float(people), float(given)),
    )


@dataclass(frozen=True, slots=True)
class _Seed:
    figures: Mapping[str, Mapping[str, float]]
    bound: float
    arrived: tuple[int, int]


def _one_seed(world: World, chosen: Sequence[Policy], assumed: Assumptions, seed: int) -> _Seed:
    figures = {
        policy.value: outcomes(world, play(world, policy, assumed, seed), assumed)
        for policy in chosen
    }
    placed, best = known_afterwards(world)
    figures[AFTERWARDS] = outcomes(world, placed, assumed)
    arrived = (len(world.people), int(world.openings.places.sum()))
    return _Seed(figures, best.bound / 100, arrived)


def result_rows(found: Simulation) -> list[dict[str, Any]]:
    """A row for each policy and outcome, and for the distance that each policy closes."""
    rows = []
    for policy in found.policies:
        for outcome, unit in UNITS.items():
            rows.append(_row(found, policy, outcome, unit, found.mean(policy, outcome)))
        closed = None if policy == AFTERWARDS else found.distance_closed(policy)
        if closed is not None and policy != Policy.WEEKLY_OPTIMUM:
            shares = closed.times(100)
            rows.append(_row(found, policy, "distance_closed", "percent", shares))
    return rows


def _row(
    found: Simulation, policy: str, outcome: str, unit: str, interval: Interval
) -> dict[str, Any]:
    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, DIGITS)

    by_seed = found.figures[policy].get(outcome)
    return {
        "policy": policy,
        "outcome": outcome,
        "unit": unit,
        "mean": rounded(interval.value),
        "low": rounded(interval.low),
        "high": rounded(interval.high),
        "by_seed": [] if by_seed is None else [rounded(float(v)) for v in by_seed],
        "seeds": found.seeds,
        "region": found.pace.region,
        "weeks": found.pace.weeks,
        "arrivals": found.pace.arrivals,
        "places": found.pace.places,
        "on": found.on,
        "rules_version": found.rules_version,
    }
