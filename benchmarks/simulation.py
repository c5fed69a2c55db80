"""Policies over time side by side, and how far look-ahead comes under other assumptions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from benchmarks.reachable import most_without_knowing_who_leaves
from benchmarks.tables import Cells
from matcher.domain.intervals import Interval, mean_over_seeds, ratio_over_seeds
from matcher.reference.places import load_places
from matcher.reference.rules import rule_set_for
from matcher.reference.simulation import load_assumptions
from matcher.services.simulation_policies import Policy
from matcher.services.simulation_streams import Pace, draw_world
from matcher.services.simulations import Simulation, simulate

TITLE = "Policies over time, 20 seeds: what each comes to beside what is known afterwards"
DAY = date(2026, 11, 24)
SEEDS = 20
STREAMS = (
    Pace("demo", 26, 10, 4),
    Pace("demo", 26, 20, 8),
    Pace("demo", 26, 10, 12),
    Pace("demo", 26, 20, 25),
    Pace("demo", 26, 10, 25),
    Pace("demo", 52, 20, 8),
)
LEAVING = (0.01, 0.04)
"""Shares that leave in a week beside the one assumed, for the second stream."""


@dataclass(frozen=True)
class Played:
    """One policy on one stream."""

    stream: str
    found: Simulation
    policy: str

    def cells(self) -> Cells:
        """Means with their 95 % intervals."""
        closed = self.found.distance_closed(self.policy)
        return {
            "people, places a week; weeks": self.stream,
            "policy": self.policy,
            "sum of fit": _cell(self.found.mean(self.policy, "value"), 0),
            "placements that last": _cell(self.found.mean(self.policy, "lasting_placements"), 1),
            "waiting, weeks": _cell(self.found.mean(self.policy, "waiting_weeks"), 1),
            "places empty": _cell(self.found.mean(self.policy, "empty_places"), 1),
            "distance closed, %": "" if closed is None else _cell(closed.times(100), 0),
        }


@dataclass(frozen=True)
class Reachable:
    """What nobody can pass on one stream who does not know who will leave."""

    stream: str
    most: Interval
    closed: Interval | None

    def cells(self) -> Cells:
        """The bound on the mean over seeds, as a sum of fit and as a share of the distance."""
        return {
            "people, places a week; weeks": self.stream,
            "policy": "the most without knowing who leaves",
            "sum of fit": _cell(self.most, 0),
            "placements that last": "",
            "waiting, weeks": "",
            "places empty": "",
            "distance closed, %": "" if self.closed is None else _cell(self.closed.times(100), 0),
        }


def rows() -> list[Played | Reachable]:
    """All policies on streams from scarce to plenty; look-ahead where more or fewer leave."""
    found: list[Played | Reachable] = []
    for pace in STREAMS:
        played = _play(pace, list(Policy))
        name = f"{pace.arrivals:g}, {pace.places:g}; {pace.weeks}"
        found += [Played(name, played, policy) for policy in played.policies]
        found.append(_reachable(name, played))
    pace = STREAMS[1]
    for share in LEAVING:
        played = _play(pace, [Policy.WEEKLY_OPTIMUM, Policy.LOOK_AHEAD], share)
        name = f"{pace.arrivals:g}, {pace.places:g}; {pace.weeks}; {share:.0%} leave in a week"
        found.append(Played(name, played, Policy.LOOK_AHEAD))
    return found


def facts() -> list[str]:
    """What the distance is, and what it depends on."""
    leaves = load_assumptions().leaves_weekly
    told = (
        "The distance is from the weekly optimum (0) to the proven bound of the optimum known "
        "afterwards (100), in the sum of fit; intervals are over seeds, 95 %. "
        f"{leaves:.0%} leave in a week unless said otherwise. The more nobody can know, "
        "and the more places there are for each person, the less of it can be closed: the last "
        "line of each stream is a proven bound for any policy, even one that knows every person "
        "and every place that will come, and only not who leaves."
    )
    return [told]


def _reachable(name: str, played: Simulation) -> Reachable:
    rules, places = rule_set_for(played.pace.region), load_places()
    bounds = [
        most_without_knowing_who_leaves(
            draw_world(played.pace, rules, places, played.assumed, seed, DAY), played.assumed
        )
        for seed in range(1, SEEDS + 1)
    ]
    most = np.array(bounds)
    start = played.figures[Policy.WEEKLY_OPTIMUM]["value"]
    closed = ratio_over_seeds(most - start, played.bound - start)
    return Reachable(name, mean_over_seeds(most), closed)


def _play(pace: Pace, policies: list[Policy], leaves: float | None = None) -> Simulation:
    assumed = load_assumptions()
    if leaves is not None:
        assumed = replace(assumed, leaves_weekly=leaves)
    return simulate(pace, policies, SEEDS, rule_set_for("demo"), load_places(), assumed, DAY)


def _cell(figure: Interval, digits: int) -> str:
    if figure.low is None or figure.high is None:
        return f"{figure.value:.{digits}f}"
    return f"{figure.value:.{digits}f} ({figure.low:.{digits}f} to {figure.high:.{digits}f})"
