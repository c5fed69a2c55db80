"""The kernel: every pair of a block through the rules, the points, and the best of both sides.

For each candidate the bars of all answers are laid over each other, so that 64 vacancies fall in
one step. What survives is tested on the way and on the small employer's count of gaps, then
scored, then offered to the best lists of the candidate and of the vacancy.

A pair has one 64-bit key: its fit in the upper bits and a mix of both references below. Comparing
keys orders by fit and settles ties the same way wherever and in whatever order pairs are met.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matcher.domain.ties import FIRST, GOLDEN, SECOND, TIE_BITS
from matcher.engine.bits import lowest_bit, population_count

WORD = 64
NOT_MET = -2
ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
ZERO, ONE = np.uint64(0), np.uint64(1)


@njit(cache=True, nogil=True, inline="always")
def tie(candidate: Any, vacancy: Any) -> Any:
    """The lower bits of a key, as ``matcher.domain.ties`` has them."""
    mixed = candidate + vacancy * np.uint64(GOLDEN)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(FIRST)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(SECOND)
    return (mixed ^ (mixed >> np.uint64(31))) >> np.uint64(64 - TIE_BITS)


@njit(cache=True, nogil=True)
def _offer(keys: Any, rows: Any, key: Any, row: Any) -> None:
    """Puts `key`, which is better than the last, in its place of a falling list."""
    at = keys.shape[0] - 1
    while at > 0 and keys[at - 1] < key:
        keys[at] = keys[at - 1]
        rows[at] = rows[at - 1]
        at -= 1
    keys[at] = key
    rows[at] = row


@njit(cache=True, nogil=True)
def _last_word(vacancies: int) -> Any:
    """The bits of the last word that stand for a vacancy."""
    rest = vacancies % WORD
    return ALL if rest == 0 else (ONE << np.uint64(rest)) - ONE


@njit(cache=True, nogil=True)
def _look_around(postcode: int, c: Any, v: Any, ways: Any, nearest: Any) -> None:
    """The way to every vacancy from one postcode, and the nearest of each word of vacancies."""
    vacancies = v.site.shape[0]
    for word in range(nearest.shape[0]):
        lowest = np.int16(32767)
        for j in range(word * WORD, min(vacancies, word * WORD + WORD)):
            way = c.ways[postcode, v.site[j]]
            ways[j] = way
            lowest = min(lowest, way)
        nearest[word] = lowest


@njit(cache=True, nogil=True)
def _lay_bars(bars: Any, bar_rows: Any, last_word: Any, alive: Any) -> None:
    """Leaves those vacancies alive that no bar of one candidate shuts out."""
    words = alive.shape[0]
    for word in range(words):
        alive[word] = ALL
    alive[words - 1] = last_word
    for rule in range(bars.shape[0]):
        if bars[rule] >= 0:
            row = bar_rows[bars[rule]]
            for word in range(words):
                alive[word] &= ~row[word]


@njit(cache=True, nogil=True)
def _load_points(
    below_some: Any,
    below_much: Any,
    unknown: Any,
    some: Any,
    much: Any,
    not_known: Any,
    size: Any,
    numbers: Any,
    take_ask_first: bool,
) -> int:
    """Points for the load, -1 where a small employer cannot carry it or has to be asked first."""
    gap_one, gap_two = below_some & some, below_much & much
    if size == 1 and population_count(gap_one | gap_two) > numbers[2]:
        return -1
    if size == 0 and not take_ask_first and unknown & some:
        return -1
    unsettled = (unknown & (some | not_known)) | (below_much & not_known)
    steps = np.int64(population_count(unsettled)) + 2 * (
        np.int64(population_count(gap_one)) + np.int64(population_count(gap_two))
    )
    return int(max(0, numbers[0] - steps * numbers[1]))


@njit(cache=True, nogil=True)
def _fits_of(
    i: int,
    c: Any,
    v: Any,
    numbers: Any,
    worth: Any,
    take_ask_first: bool,
    alive: Any,
    ways: Any,
    nearest: Any,
    load_worth: Any,
    ask_worth: Any,
    rows: Any,
    fits: Any,
) -> int:
    """Writes the eligible vacancies of candidate `i` and their fits; returns how many there are."""
    # What an answer is worth is worked out when the candidate first meets a kind of vacancy.
    load_worth[:] = NOT_MET
    ask_worth[:] = NOT_MET
    below_some, below_much = c.bits_below_some[i], c.bits_below_much[i]
    level_points = c.level_points[c.level_class[i]]
    sector_points = c.sector_points[c.sector_class[i]]
    week_points = c.week_points[c.week_class[i]]
    offer_points = c.offer_points[c.offer_class[i]]
    occupation_points = c.occupation_points[c.occupation_class[i]]
    limits = c.thresholds[c.travel[i]]
    farthest = c.farthest[c.travel[i]]
    last_share = worth.shape[0] - 1
    found = 0
    for word in range(alive.shape[0]):
        if nearest[word] > farthest:
            continue
        left = alive[word]
        while left != ZERO:
            j = np.int64(word * WORD) + np.int64(lowest_bit(left))
            left &= left - ONE
            way = ways[j]
            limit = limits[v.way[j]]
            if way > limit[0]:
                continue
            kind = v.load_kind[j]
            if load_worth[kind] == NOT_MET:
                load_worth[kind] = _load_points(
                    below_some,
                    below_much,
                    c.bits_unknown[i],
                    v.bits_some[kind],
                    v.bits_much[kind],
                    v.bits_unknown[kind],
                    v.size[kind],
                    numbers,
                    take_ask_first,
                )
            if load_worth[kind] < 0:
                continue
            fit = load_worth[kind]
            kind = v.ask_kind[j]
            if ask_worth[kind] == NOT_MET:
                ask_worth[kind] = (
                    level_points[v.needs[kind]]
                    + sector_points[v.sector[kind]]
                    + week_points[v.week[kind]]
                    + offer_points[v.offer[kind]]
                    + occupation_points[v.occupation[kind]]
                )
            fit += ask_worth[kind]
            step = 0
            if way >= 0 and way <= limit[1]:
                step = 2
                while step < last_share and way > limit[step]:
                    step += 1
            rows[found] = j
            fits[found] = fit + worth[step]
            found += 1
    return found


@njit(cache=True, nogil=True)
def score_block(
    first: int,
    last: int,
    c: Any,
    v: Any,
    numbers: Any,
    worth: Any,
    take_ask_first: bool,
    own_keys: NDArray[np.uint64],
    own_rows: NDArray[np.int32],
    their_keys: NDArray[np.uint64],
    their_rows: NDArray[np.int32],
    their_last: NDArray[np.uint64],
    counts: NDArray[np.int64],
) -> None:
    """Scores candidates `first` to `last` of a layout against all vacancies.

    `numbers` are (load points full, points a half step, gaps allowed at a small employer, seed);
    `worth` the travel points: unknown, over, then by share of the maximum. The lists of the
    candidates (`own_*`, a row each) and of the vacancies (`their_*`) hold keys in falling order, 0
    where there is none. `counts` gets how many pairs are eligible, by candidate.
    """
    vacancies, words = v.site.shape[0], c.bar_rows.shape[1]
    alive, nearest = np.empty(words, np.uint64), np.empty(words, np.int16)
    ways = np.empty(vacancies, np.int16)
    load_worth = np.empty(v.size.shape[0], np.int32)
    ask_worth = np.empty(v.needs.shape[0], np.int32)
    rows, fits = np.empty(vacancies, np.int32), np.empty(vacancies, np.int32)
    last_place = own_keys.shape[1] - 1
    last_word = _last_word(vacancies)
    seed = np.uint64(numbers[3])
    postcode = -1
    for i in range(first, last):
        if c.postcode[i] != postcode:
            postcode = c.postcode[i]
            _look_around(postcode, c, v, ways, nearest)
        _lay_bars(c.bars[i], c.bar_rows, last_word, alive)
        found = _fits_of(
            i, c, v, numbers, worth, take_ask_first, alive, ways, nearest, load_worth, ask_worth,
            rows, fits,
        )  # fmt: skip
        mine_keys, mine_rows = own_keys[c.row[i]], own_rows[c.row[i]]
        own_key = c.key[i] ^ seed
        for at in range(found):
            j, fit = rows[at], fits[at]
            highest = np.uint64(fit + 1) << np.uint64(TIE_BITS)
            if highest <= mine_keys[last_place] and highest <= their_last[j]:
                continue
            key = (np.uint64(fit) << np.uint64(TIE_BITS)) | tie(own_key, v.key[j])
            if key > mine_keys[last_place]:
                _offer(mine_keys, mine_rows, key, np.int32(j))
            if key > their_last[j]:
                _offer(their_keys[j], their_rows[j], key, np.int32(c.row[i]))
                their_last[j] = their_keys[j, last_place]
        counts[c.row[i]] = found


@njit(cache=True, nogil=True)
def list_block(
    first: int,
    last: int,
    c: Any,
    v: Any,
    numbers: Any,
    worth: Any,
    take_ask_first: bool,
    starts: NDArray[np.int64],
    vacancies: NDArray[np.int32],
    values: NDArray[np.int16],
) -> None:
    """Writes every eligible pair of candidates `first` to `last`, each from its place in `starts`.

    The counts that `starts` sums up are those of `score_block` under the same options.
    """
    words = c.bar_rows.shape[1]
    alive, nearest = np.empty(words, np.uint64), np.empty(words, np.int16)
    ways = np.empty(v.site.shape[0], np.int16)
    load_worth = np.empty(v.size.shape[0], np.int32)
    ask_worth = np.empty(v.needs.shape[0], np.int32)
    rows, fits = np.empty(v.site.shape[0], np.int32), np.empty(v.site.shape[0], np.int32)
    last_word = _last_word(v.site.shape[0])
    postcode = -1
    for i in range(first, last):
        if c.postcode[i] != postcode:
            postcode = c.postcode[i]
            _look_around(postcode, c, v, ways, nearest)
        _lay_bars(c.bars[i], c.bar_rows, last_word, alive)
        found = _fits_of(
            i, c, v, numbers, worth, take_ask_first, alive, ways, nearest, load_worth, ask_worth,
            rows, fits,
        )  # fmt: skip
        start = starts[c.row[i]]
        vacancies[start : start + found] = rows[:found]
        values[start : start + found] = fits[:found]
