"""The most that any policy can bring that knows everything but who will leave, and when."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, vstack

from matcher.domain.simulation import NEVER, Assumptions, World, first_common_weeks

HUNDREDTHS = 100


def most_without_knowing_who_leaves(world: World, assumed: Assumptions) -> float:
    """A bound on the expected sum of fit, in points, over all policies that cannot see who leaves.

    They may know every person and every place that will come. A linear programme: each pair is
    taken in part, in the first week in which both are there, and counts, and takes up its place,
    by the chance that the person is still there then. Places bind on average only and guidance not
    at all, so it bounds policies from above; it holds for the mean over seeds, not for each seed.
    """
    people, openings = world.people, world.openings
    ever_ready = people.ready < np.minimum(people.gone, world.weeks)
    nobody_leaves = replace(people, gone=np.where(ever_ready, NEVER, people.gone))
    weeks = first_common_weeks(nobody_leaves, openings, world.weeks)
    fit = world.fit[: len(people), : len(openings)]
    person, vacancy = np.nonzero((weeks < NEVER) & (fit > 0))
    if not len(person):
        return 0.0
    waited = weeks[person, vacancy] - people.ready[person]
    stays = (1 - assumed.leaves_weekly) ** waited
    pair = np.arange(len(person))
    once = csr_matrix((np.ones(len(pair)), (person, pair)), (len(people), len(pair)))
    room = csr_matrix((stays, (vacancy, pair)), (len(openings), len(pair)))
    found = linprog(
        -fit[person, vacancy] * stays,
        A_ub=vstack([once, room]),
        b_ub=np.concatenate([np.ones(len(people)), openings.places]),
        method="highs",
    )
    return float(-found.fun) / HUNDREDTHS
