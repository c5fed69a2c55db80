"""Small random allocations for tests, and independent solvers of them."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp

from matcher.engine.problem import NO_SEAT, NOTHING, UNLIMITED, AllocationProblem

NEEDS = (100, 300, 700, 1200)


def drawn(
    seed: int, *, instances: int = 1, hours: bool = True, seats: bool = True
) -> AllocationProblem:
    """So many small problems side by side: no pair leads from one to another."""
    draw = np.random.default_rng(seed)
    people = draw.integers(1, 6, instances)
    sites = draw.integers(1, 4, instances)
    starts = draw.integers(1, 3, instances)
    rows: list[tuple[int, int, int]] = []
    first = np.zeros(3, np.int64)
    for n, m, s in zip(people.tolist(), sites.tolist(), starts.tolist(), strict=True):
        choices = range(NO_SEAT, s) if seats else (NO_SEAT,)
        possible = list(product(range(n), range(m), choices))
        kept = draw.random(len(possible)) < (0.35 if seats else 0.7)
        rows += [
            (
                c + int(first[0]),
                v + int(first[1]),
                seat if seat == NO_SEAT else seat + int(first[2]),
            )
            for (c, v, seat), keep in zip(possible, kept, strict=True)
            if keep
        ]
        first += (n, m, s)
    pairs = np.array(rows, np.int64).reshape(-1, 3)
    n, m, s = first.tolist()
    return AllocationProblem(
        places=draw.integers(0, 4, m),
        waiting=draw.integers(0, 50, n),
        candidate=pairs[:, 0],
        vacancy=pairs[:, 1],
        value=draw.integers(1, 10_000, len(pairs)),
        need=draw.choice(NEEDS, n),
        offer=draw.choice([UNLIMITED, 0, 300, 400, 800, 1500], m)
        if hours
        else np.full(m, UNLIMITED),
        seat=pairs[:, 2] if seats else NOTHING,
        seats=draw.integers(0, 3, s) if seats else NOTHING,
    )


@st.composite
def problems(draw: st.DrawFn, *, hours: bool = True, seats: bool = True) -> AllocationProblem:
    """One small problem; equal values are common, so that ties are."""
    found = drawn(draw(st.integers(0, 2**32)), hours=hours, seats=seats)
    top = draw(st.sampled_from([2, 30, 10_000]))
    return replace(found, value=found.value % top + 1)


def best_by_places(problem: AllocationProblem) -> int:
    """The optimum where only counts bind, as an assignment of people to single places."""
    site_of = np.repeat(np.arange(len(problem.places)), problem.places)
    table = np.zeros((len(problem.waiting), len(site_of)))
    for person, site, value in zip(problem.candidate, problem.vacancy, problem.value, strict=True):
        columns = site_of == site
        table[person, columns] = np.maximum(table[person, columns], value)
    rows, columns = linear_sum_assignment(table, maximize=True)
    return int(table[rows, columns].sum())


def best_by_integers(problem: AllocationProblem) -> int | None:
    """The optimum under every limit, written down as the issue states it; None without any."""
    rows: list[NDArray[np.float64]] = []
    limits: list[float] = []
    for person in range(len(problem.waiting)):
        rows.append((problem.candidate == person).astype(float))
        limits.append(1)
    for site, places in enumerate(problem.places):
        here = problem.vacancy == site
        rows.append(here.astype(float))
        limits.append(float(places))
        if problem.offer[site] != UNLIMITED:
            rows.append(np.where(here, problem.need[problem.candidate], 0).astype(float))
            limits.append(float(problem.offer[site]))
    for seat, room in enumerate(problem.seats):
        rows.append((problem.seat == seat).astype(float))
        limits.append(float(room))
    for group, least in enumerate(problem.at_least):
        rows.append(-(problem.group[problem.candidate] == group).astype(float))
        limits.append(-float(least))
    if not len(problem.value):
        return None if any(problem.at_least) else 0
    found = milp(
        -problem.value.astype(float),
        constraints=LinearConstraint(np.array(rows), ub=limits),
        integrality=np.ones(len(problem.value)),
        bounds=Bounds(0, 1),
    )
    return None if found.x is None else round(-found.fun)
