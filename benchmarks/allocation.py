"""One allocation by every way at hand: what it takes, and how far it stays from the optimum."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from benchmarks.tables import Cells
from matcher.domain.allocating import Method
from matcher.engine.chains import alternatives, one_more_place
from matcher.engine.problem import UNLIMITED, Allocation, AllocationProblem, violations
from matcher.engine.rows import Rows
from matcher.engine.solve import most_filled, solve

TITLE = "Allocations: 10,000 people, 2,000 vacancies, 50 possible places each"
SEED = 1
SMALL, MIDDLE, LARGE = (300, 60), (10_000, 2_000), (50_000, 5_000)
EACH = 50
FLOORS = (0.25, 0.5)
LESS = (1_500, 700, 300, 0)
"""What pairs of each quarter by start level are worth less, so that a floor binds, hundredths."""
NEEDS, SHARES = (100, 300, 700, 1200), (0.3, 0.4, 0.2, 0.1)
"""Guidance by the bands of the forms, in hundredths of an hour a week."""

Ints = NDArray[np.int64]
T = TypeVar("T")
FORKED = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Allocated:
    """One line: seconds of the processor, memory at most, and the distance from the best bound."""

    what: str
    seconds: float
    megabytes: float
    value: int
    bound: int
    against: float | None = None

    def cells(self) -> Cells:
        """The gap in percent of the bound; the ratio is of processor time."""
        gap = 100 * (self.bound - self.value) / self.bound if self.bound else 0.0
        return {
            "what": self.what,
            "processor s": f"{self.seconds:.2f}",
            "memory MB": f"{self.megabytes:.0f}",
            "value": f"{self.value / 100:,.0f}",
            "gap": f"{gap:.3f} %",
            "x the product": "" if self.against is None else f"{self.seconds / self.against:.1f}",
        }


def problem(people: int, sites: int, *, hours: bool) -> AllocationProblem:
    """Random pairs, better at some sites than at others; hours for three a place."""
    draw = np.random.default_rng(SEED)
    each = min(EACH, sites)
    vacancy = np.concatenate([draw.choice(sites, each, replace=False) for _ in range(people)])
    better = draw.normal(0, 600, sites)
    value = np.clip(draw.normal(6_500, 900, people * each) + better[vacancy], 100, 10_000)
    places = draw.integers(1, 5, sites)
    return AllocationProblem(
        places=places,
        waiting=draw.integers(0, 900, people),
        candidate=np.repeat(np.arange(people), each),
        vacancy=vacancy,
        value=value.astype(np.int64),
        need=draw.choice(NEEDS, people, p=SHARES),
        offer=places * 300 if hours else np.full(sites, UNLIMITED),
        group=draw.integers(0, 4, people),
    )


def rows() -> list[Allocated]:
    """Every way on the middle size, the slow ones on the small; then what else the product does."""
    # What is compiled on first use is no part of the time of any line.
    given = problem(*SMALL, hours=True)
    solve(given, Method.OPTIMAL)
    warm = replace(given, offer=np.full(len(given.places), UNLIMITED))
    alternatives(warm, solve(warm, Method.OPTIMAL).pair)
    return [
        *_compared("300 x 60, counts", problem(*SMALL, hours=False), slow=True),
        *_compared("300 x 60, hours bind", problem(*SMALL, hours=True), slow=True),
        *_compared("10,000 x 2,000, counts", problem(*MIDDLE, hours=False)),
        *_explained(problem(*MIDDLE, hours=False)),
        *_compared("10,000 x 2,000, hours bind", problem(*MIDDLE, hours=True)),
        *_floor(problem(*MIDDLE, hours=True)),
        *_compared("50,000 x 5,000, counts", problem(*LARGE, hours=False)),
    ]


def _compared(title: str, given: AllocationProblem, *, slow: bool = False) -> list[Allocated]:
    counts = bool((given.offer == UNLIMITED).all())
    found, seconds, memory = _measured(lambda: solve(given, Method.OPTIMAL))
    bound = found.bound
    way = "min-cost flow" if counts else "relaxation, whole people, exchange"
    lines = [Allocated(f"{title}: {way}", seconds, memory, found.value, bound)]

    def line(name: str, work: Callable[[], Ints]) -> None:
        pairs, took, used = _measured(work)
        if violations(given, pairs):
            raise RuntimeError(f"{name} breaks a limit: {violations(given, pairs)}")
        value = int(given.value[pairs].sum())
        lines.append(Allocated(f"{title}: {name}", took, used, value, bound, seconds))

    line("greedy", lambda: solve(given, Method.GREEDY).pair)
    line("first come", lambda: solve(given, Method.FIRST_COME).pair)
    if counts:
        line("scipy sparse matching", lambda: sparse_matching(given))
    if slow or (counts and len(given.places) <= MIDDLE[1]):
        line("HiGHS", lambda: highs(given))
    if slow:
        line("CP-SAT", lambda: cp_sat(given))
    return lines


def sparse_matching(given: AllocationProblem) -> Ints:
    """People and single places as a bipartite graph; who goes without has an own dummy place."""
    people, firsts = len(given.waiting), np.concatenate([[0], np.cumsum(given.places)])
    copies = given.places[given.vacancy]
    pair = np.repeat(np.arange(len(given.value)), copies)
    offset = np.arange(len(pair)) - np.repeat(np.cumsum(copies) - copies, copies)
    person = np.concatenate([given.candidate[pair], np.arange(people)])
    place = np.concatenate([firsts[given.vacancy[pair]] + offset, firsts[-1] + np.arange(people)])
    # A weight of zero would be no edge at all.
    weight = np.concatenate([-given.value[pair] - 1.0, np.full(people, -1.0)])
    graph = csr_array((weight, (person, place)), shape=(people, firsts[-1] + people))
    rows, columns = min_weight_full_bipartite_matching(graph)
    site = np.searchsorted(firsts, columns, side="right") - 1
    placed = columns < firsts[-1]
    keys = given.candidate * len(given.places) + given.vacancy
    order = np.argsort(keys, kind="stable")
    wanted = rows[placed] * len(given.places) + site[placed]
    found: Ints = np.sort(order[np.searchsorted(keys[order], wanted)])
    return found


def highs(given: AllocationProblem) -> Ints:
    """One integer programme over all pairs."""
    plain = Rows.of(given)
    keep = np.arange(3) if (given.offer != UNLIMITED).any() else np.arange(2)
    pairs = np.arange(len(given.value))
    at = np.repeat(pairs, len(keep))
    entries = (plain.amount[:, keep].reshape(-1), (plain.index[:, keep].reshape(-1), at))
    matrix = coo_array(entries, shape=(len(plain.upper), len(pairs))).tocsc()
    found = milp(
        -given.value,
        constraints=LinearConstraint(matrix, ub=plain.upper),
        integrality=np.ones(len(pairs)),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0},
    )
    return np.flatnonzero(found.x > 1 / 2)


def cp_sat(given: AllocationProblem) -> Ints:
    """The same as booleans, on one worker."""
    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in range(len(given.value))]
    for person in range(len(given.waiting)):
        own = np.flatnonzero(given.candidate == person).tolist()
        model.add_at_most_one(chosen[pair] for pair in own)
    for site, places in enumerate(given.places.tolist()):
        here = np.flatnonzero(given.vacancy == site).tolist()
        model.add(sum(chosen[pair] for pair in here) <= places)
        if given.offer[site] != UNLIMITED:
            need = given.need[given.candidate[here]].tolist()
            taken = sum(hours * chosen[pair] for hours, pair in zip(need, here, strict=True))
            model.add(taken <= int(given.offer[site]))
    values = given.value.tolist()
    model.maximize(sum(value * pair for value, pair in zip(values, chosen, strict=True)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = 20
    solver.solve(model)
    return np.array([pair for pair, var in enumerate(chosen) if solver.value(var)], np.int64)


def _explained(given: AllocationProblem) -> list[Allocated]:
    found = solve(given, Method.OPTIMAL)
    _, one, used = _measured(lambda: one_more_place(given, found.pair))
    _, others, memory = _measured(lambda: alternatives(given, found.pair))
    _, again, most = _measured(lambda: solve(given, Method.OPTIMAL))
    sites = len(given.places)
    title = "10,000 x 2,000, counts"
    return [
        Allocated(f"{title}: worth of one more place, all", one, used, found.value, found.bound),
        Allocated(
            f"{title}: likewise by allocating again, from one",
            again * sites,
            most,
            found.value,
            found.bound,
            one,
        ),
        Allocated(f"{title}: every runner-up", others, memory, found.value, found.bound),
    ]


def _floor(given: AllocationProblem) -> list[Allocated]:
    """Each quarter gets a share of what it could fill alone; what that takes beyond doing without.

    The lowest quarter is worth so much less that it gets one place in ten of what it could fill.
    """
    quarter = given.group[given.candidate]
    lower = np.array(LESS)[quarter]
    apart = replace(given, value=np.clip(given.value - lower, 100, None))
    free, seconds, memory = _measured(lambda: solve(apart, Method.OPTIMAL))
    title = "10,000 x 2,000, hours bind, quarters apart"
    lines = [Allocated(f"{title}: without a floor", seconds, memory, free.value, free.bound)]

    def floored(share: float) -> Allocation:
        least = []
        for group in range(len(LESS)):
            own = np.flatnonzero(quarter == group)
            least.append(int(share * most_filled(apart.only(own))))
        return solve(replace(apart, at_least=tuple(least)), Method.OPTIMAL)

    for share in FLOORS:
        found, took, used = _measured(partial(floored, share))
        what = f"{title}: a floor of {share:.0%} comes to"
        lines.append(Allocated(what, took, used, found.value, found.bound, seconds))
    return lines


def _measured(work: Callable[[], T]) -> tuple[T, float, float]:
    """The result, the processor's seconds, and the megabytes that it added at most.

    In a process of its own, so that solvers outside Python are counted and nothing stays behind.
    """
    receiving, sending = FORKED.Pipe(duplex=False)
    child = FORKED.Process(target=_run, args=(work, sending))
    child.start()
    sending.close()
    result, seconds, megabytes = receiving.recv()
    child.join()
    return result, seconds, megabytes


def _run(work: Callable[[], T], sending: Connection) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.process_time()
    result = work()
    seconds = time.process_time() - begin
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sending.send((result, seconds, (after - before) / 1024))
