"""Chains of moves around an optimum of places: one more place, the runner-up, who is left out.

All of it is exact where only counts bind: somebody moves to another place, whoever stood there
moves on, until someone without a place comes in, someone goes without, or a place stays empty. The
best chain is a shortest path through the rest of the flow; prices keep every step at or above
nothing, so that most searches end after a few steps (Ahuja, Magnanti and Orlin, 1993, ch. 9).
"""

from __future__ import annotations

import heapq
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matcher.engine.problem import AllocationProblem, Ints

FARTHEST = np.iinfo(np.int64).max // 4
NOBODY = -1
WITHOUT = -2
EMPTY = -3
"""How a search notes that someone goes without a place, and that place k stays empty: EMPTY - k."""


class Standing(NamedTuple):
    """An optimum laid out for searching: n people, m vacancies, e pairs by person.

    `at` is the vacancy of each person, m for who has none; `held` the value they bring there;
    `starts` bounds each person's pairs in `vacancy` and `value`, `pair` their numbers.
    """

    starts: Ints
    vacancy: Ints
    value: Ints
    pair: Ints
    at: Ints
    held: Ints
    is_open: NDArray[np.bool_]


class Moves(NamedTuple):
    """What each move costs at prices that support the optimum: `toll`, never below nothing.

    Pairs into vacancy k of people with another place are ``into[bounds[k]:bounds[k + 1]]``,
    cheapest first; `owner` says whose a pair is, `left` what they have left over the price of
    their place. `newcomer` is the cheapest pair into each vacancy of who has no place; `leaving`
    what it costs to end at it, by an open place or by someone going without, and `exits` its order.
    """

    bounds: Ints
    into: Ints
    owner: Ints
    toll: Ints
    left: Ints
    newcomer: Ints
    leaving: Ints
    exits: Ints
    is_taken: NDArray[np.bool_]


class OneMore(NamedTuple):
    """By vacancy: what one more place there adds to the optimum, and the pair that takes it.

    `arrival` is the number of the first pair of the best chain, `NOBODY` where nothing is gained.
    """

    worth: Ints
    arrival: Ints


class Alternatives(NamedTuple):
    """For each chosen pair: what the optimum loses without it, and the best of all others.

    `runner_up` is the pair by which another takes the place, `instead` the one by which the
    candidate is placed then; `NOBODY` where the place stays empty or the candidate without.
    """

    margin: Ints
    runner_up: Ints
    instead: Ints


class LeftOut(NamedTuple):
    """For each person without a place: the pair that comes nearest, and by how much it falls short.

    `pair` is `NOBODY` for who has no pair at all, or has a place.
    """

    pair: Ints
    short_by: Ints


def standing(problem: AllocationProblem, pair: Ints) -> Standing:
    """`pair` is an optimum of `problem`, in which only counts bind."""
    people, sites = len(problem.waiting), len(problem.places)
    at = np.full(people, sites, np.int64)
    at[problem.candidate[pair]] = problem.vacancy[pair]
    held = np.zeros(people, np.int64)
    held[problem.candidate[pair]] = problem.value[pair]
    order = np.argsort(problem.candidate, kind="stable")
    starts = np.searchsorted(problem.candidate[order], np.arange(people + 1))
    taken = np.bincount(problem.vacancy[pair], minlength=sites)
    return Standing(
        starts.astype(np.int64),
        problem.vacancy[order],
        problem.value[order],
        order,
        at,
        held,
        taken < problem.places,
    )


def one_more_place(problem: AllocationProblem, pair: Ints) -> OneMore:
    """What one more place at each vacancy adds to the value, in hundredths; exact.

    The worths are prices as well: no pair is worth more than its vacancy's and what its candidate
    has left, and each chosen pair exactly that.
    """
    stand = standing(problem, pair)
    sites = len(problem.places)
    stays = np.argsort(stand.at, kind="stable")
    stay_starts = np.searchsorted(stand.at[stays], np.arange(sites + 1))
    gains = np.full(sites, -FARTHEST, np.int64)
    arrival = np.full(sites, NOBODY, np.int64)
    _best_chains(stand, stays, stay_starts, gains, arrival)
    worth = np.maximum(gains, 0)
    return OneMore(worth, _numbers(stand, np.where(worth > 0, arrival, NOBODY)))


def alternatives(problem: AllocationProblem, pair: Ints) -> Alternatives:
    """The best allocation without each pair of the optimum `pair`, in the order of `pair`."""
    stand = standing(problem, pair)
    price = one_more_place(problem, pair).worth
    margin = np.full(len(stand.at), FARTHEST, np.int64)
    first = np.full(len(stand.at), NOBODY, np.int64)
    last = np.full(len(stand.at), NOBODY, np.int64)
    _without_each(stand, price, _moves(stand, price), margin, first, last)
    people = problem.candidate[pair]
    return Alternatives(
        margin[people], _numbers(stand, last[people]), _numbers(stand, first[people])
    )


def left_out(problem: AllocationProblem, pair: Ints) -> LeftOut:
    """How far everybody without a place is from one, in hundredths of value."""
    stand = standing(problem, pair)
    price = one_more_place(problem, pair).worth
    sites = len(price)
    distance = np.full(sites + 1, FARTHEST, np.int64)
    _to_nowhere(stand, price, _moves(stand, price), distance)
    owner = np.repeat(np.arange(len(stand.at)), np.diff(stand.starts))
    short = price[stand.vacancy] - stand.value + distance[stand.vacancy]
    pairs = np.full(len(stand.at), NOBODY, np.int64)
    short_by = np.zeros(len(stand.at), np.int64)
    outside = np.flatnonzero((stand.at[owner] == sites) & (distance[stand.vacancy] < FARTHEST))
    order = outside[np.lexsort((stand.pair[outside], short[outside], owner[outside]))]
    people, nearest = np.unique(owner[order], return_index=True)
    pairs[people] = stand.pair[order[nearest]]
    short_by[people] = short[order[nearest]]
    return LeftOut(pairs, short_by)


def _numbers(stand: Standing, edges: Ints) -> Ints:
    known = edges >= 0
    numbers = np.full(len(edges), NOBODY, np.int64)
    numbers[known] = stand.pair[edges[known]]
    return numbers


def _left(stand: Standing, price: Ints) -> Ints:
    """What each person has left over the price of the place; 0 for who has none."""
    own = np.concatenate([price, [0]])[stand.at]
    return np.where(stand.at < len(price), stand.held - own, 0)


def _moves(stand: Standing, price: Ints) -> Moves:
    """All moves, the cheapest into each vacancy first."""
    sites = len(price)
    left = _left(stand, price)
    owner = np.repeat(np.arange(len(stand.at)), np.diff(stand.starts))
    toll = left[owner] - stand.value + price[stand.vacancy]
    is_placed = stand.at[owner] < sites
    order = np.lexsort((stand.pair, toll, stand.vacancy))
    moving = order[is_placed[order]]
    newcomer = np.full(sites, NOBODY, np.int64)
    coming = order[~is_placed[order]]
    arrives, cheapest = np.unique(stand.vacancy[coming], return_index=True)
    newcomer[arrives] = coming[cheapest]
    leaving = np.full(sites, FARTHEST, np.int64)
    placed = np.flatnonzero(stand.at < sites)
    np.minimum.at(leaving, stand.at[placed], left[placed])
    taken = leaving < FARTHEST
    leaving[stand.is_open] = 0
    return Moves(
        np.searchsorted(stand.vacancy[moving], np.arange(sites + 1)),
        moving,
        owner,
        toll,
        left,
        newcomer,
        leaving,
        np.argsort(leaving, kind="stable"),
        taken,
    )


@njit(cache=True, nogil=True)
def _best_chains(
    stand: Standing, stays: Ints, stay_starts: Ints, gains: Ints, arrival: Ints
) -> None:
    # Bellman-Ford with a queue over vacancies. gains[j] is the most that somebody arriving at j can
    # bring: who has no place brings the pair's value; whoever stands at a vacancy i moves on to j
    # for value(j) - value(i), and gains[i] fills the place left behind, or it stays empty.
    sites = len(stand.is_open)
    waiting = np.zeros(sites, np.bool_)
    queue = np.empty(sites + 1, np.int64)
    first, last = 0, 0
    for person in range(len(stand.at)):
        for edge in range(stand.starts[person], stand.starts[person + 1]):
            j = stand.vacancy[edge]
            gain = stand.value[edge] - stand.held[person]
            if j != stand.at[person] and gain > gains[j]:
                gains[j] = gain
                arrival[j] = edge
    for j in range(sites):
        if gains[j] > -FARTHEST:
            waiting[j] = True
            queue[last] = j
            last = (last + 1) % (sites + 1)
    while first != last:
        i = queue[first]
        first = (first + 1) % (sites + 1)
        waiting[i] = False
        # At a vacancy that is open already nothing is gained by leaving.
        if stand.is_open[i]:
            continue
        for place in range(stay_starts[i], stay_starts[i + 1]):
            person = stays[place]
            for edge in range(stand.starts[person], stand.starts[person + 1]):
                j = stand.vacancy[edge]
                gain = gains[i] + stand.value[edge] - stand.held[person]
                if j != i and gain > gains[j]:
                    gains[j] = gain
                    arrival[j] = edge
                    if not waiting[j]:
                        waiting[j] = True
                        queue[last] = j
                        last = (last + 1) % (sites + 1)


@njit(cache=True, nogil=True)
def _cheapest_to(
    target: int,
    stand: Standing,
    price: Ints,
    moves: Moves,
    distance: Ints,
    follows: Ints,
    nearest: Ints,
    first: Ints,
    own: Ints,
) -> None:
    # Dijkstra backwards from the target. A node is a vacancy, the last one stands for having no
    # place; from x to k goes whoever stands at x and has a pair with k. follows[x] is the pair by
    # which x is left, or how it is left without one. `own` are the people at the target, whose
    # first step is what is looked for; without any the search goes on to the end.
    sites = len(price)
    is_done = np.zeros(sites + 1, np.bool_)
    heap = [(np.int64(0), np.int64(target))]
    distance[target] = 0
    while len(heap) > 0:
        so_far, k = heapq.heappop(heap)
        if is_done[k]:
            continue
        is_done[k] = True
        worst = _worst(own, nearest)
        if so_far >= worst:
            return
        if k == sites:
            _go_without(so_far, moves, own, nearest, first)
            for x in moves.exits:
                there = so_far + moves.leaving[x]
                if there >= worst:
                    break
                _reach(x, there, WITHOUT, is_done, distance, follows, heap)
            continue
        # Someone without a place comes in, or the place stays empty.
        newcomer = moves.newcomer[k]
        if newcomer >= 0:
            there = so_far + moves.toll[newcomer]
            _reach(sites, there, newcomer, is_done, distance, follows, heap)
        if moves.is_taken[k]:
            _reach(sites, so_far + price[k], EMPTY - k, is_done, distance, follows, heap)
        for place in range(moves.bounds[k], moves.bounds[k + 1]):
            edge = moves.into[place]
            there = so_far + moves.toll[edge]
            if there >= worst:
                break
            person = moves.owner[edge]
            x = stand.at[person]
            if x != target:
                _reach(x, there, edge, is_done, distance, follows, heap)
            elif x != k and there < nearest[person]:
                nearest[person] = there
                first[person] = edge


@njit(cache=True, nogil=True)
def _go_without(so_far: int, moves: Moves, own: Ints, nearest: Ints, first: Ints) -> None:
    for person in own:
        if moves.left[person] + so_far < nearest[person]:
            nearest[person] = moves.left[person] + so_far
            first[person] = WITHOUT


@njit(cache=True, nogil=True)
def _worst(own: Ints, nearest: Ints) -> int:
    """The farthest of what was found for `own`; without any, farther than anything."""
    worst = FARTHEST if len(own) == 0 else 0
    for person in own:
        worst = max(worst, int(nearest[person]))
    return worst


@njit(cache=True, nogil=True)
def _reach(
    x: int,
    there: int,
    by: int,
    is_done: NDArray[np.bool_],
    distance: Ints,
    follows: Ints,
    heap: list[tuple[np.int64, np.int64]],
) -> None:
    if not is_done[x] and there < distance[x]:
        distance[x] = there
        follows[x] = by
        heapq.heappush(heap, (np.int64(there), np.int64(x)))


@njit(cache=True, nogil=True)
def _without_each(
    stand: Standing, price: Ints, moves: Moves, margin: Ints, first: Ints, last: Ints
) -> None:
    sites = len(price)
    stays = np.argsort(stand.at, kind="mergesort")
    begins = np.searchsorted(stand.at[stays], np.arange(sites + 1))
    for j in range(sites):
        own = stays[begins[j] : begins[j + 1]]
        if len(own) == 0:
            continue
        distance = np.full(sites + 1, FARTHEST, np.int64)
        follows = np.full(sites + 1, NOBODY, np.int64)
        _cheapest_to(j, stand, price, moves, distance, follows, margin, first, own)
        for person in own:
            # Follow the chain to the pair that ends at the place.
            edge = first[person]
            node = stand.vacancy[edge] if edge >= 0 else sites
            by = edge
            while node != j:
                by = follows[node]
                if by >= 0:
                    node = stand.vacancy[by]
                elif by == WITHOUT:
                    node = sites
                else:
                    node = EMPTY - by
            last[person] = by if by >= 0 else NOBODY
            if edge < 0:
                first[person] = NOBODY


@njit(cache=True, nogil=True)
def _to_nowhere(stand: Standing, price: Ints, moves: Moves, distance: Ints) -> None:
    nobody = np.zeros(0, np.int64)
    follows = np.full(len(price) + 1, NOBODY, np.int64)
    _cheapest_to(len(price), stand, price, moves, distance, follows, nobody, nobody, nobody)
