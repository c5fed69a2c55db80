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
def score_block(  # noqa: C901  one loop: what a compiled call would pass on costs more than the rules
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
    vacancies = v.site.shape[0]
    words = c.bar_rows.shape[1]
    alive = np.empty(words, np.uint64)
    ways = np.empty(vacancies, np.int16)
    nearest = np.empty(words, np.int16)
    # What an answer is worth is worked out when a candidate first meets a kind of vacancy.
    load_worth = np.empty(v.size.shape[0], np.int32)
    load_met = np.full(v.size.shape[0], -1, np.int32)
    ask_worth = np.empty(v.needs.shape[0], np.int32)
    ask_met = np.full(v.needs.shape[0], -1, np.int32)
    last_share = worth.shape[0] - 1
    load_full, half_step, allowed = numbers[0], numbers[1], numbers[2]
    seed = np.uint64(numbers[3])
    all_ones = np.uint64(0xFFFFFFFFFFFFFFFF)
    rest = vacancies % WORD
    last_word = all_ones if rest == 0 else (np.uint64(1) << np.uint64(rest)) - np.uint64(1)
    last_place = own_keys.shape[1] - 1
    postcode = -1
    for i in range(first, last):
        if c.postcode[i] != postcode:
            postcode = c.postcode[i]
            for word in range(words):
                lowest = np.int16(32767)
                for at in range(word * WORD, min(vacancies, word * WORD + WORD)):
                    way = c.ways[postcode, v.site[at]]
                    ways[at] = way
                    lowest = min(lowest, way)
                nearest[word] = lowest
        for word in range(words):
            alive[word] = all_ones
        alive[words - 1] = last_word
        for rule in range(c.bars.shape[1]):
            bar = c.bars[i, rule]
            if bar >= 0:
                row = c.bar_rows[bar]
                for word in range(words):
                    alive[word] &= ~row[word]
        below_some, below_much = c.bits_below_some[i], c.bits_below_much[i]
        unknown = c.bits_unknown[i]
        level_points = c.level_points[c.level_class[i]]
        sector_points = c.sector_points[c.sector_class[i]]
        week_points = c.week_points[c.week_class[i]]
        offer_points = c.offer_points[c.offer_class[i]]
        occupation_points = c.occupation_points[c.occupation_class[i]]
        limits = c.thresholds[c.travel[i]]
        farthest = c.farthest[c.travel[i]]
        mine_keys, mine_rows = own_keys[c.row[i]], own_rows[c.row[i]]
        own_key = c.key[i] ^ seed
        found = 0
        for word in range(words):
            if nearest[word] > farthest:
                continue
            left = alive[word]
            while left != np.uint64(0):
                j = np.int64(word * WORD) + np.int64(lowest_bit(left))
                left &= left - np.uint64(1)
                way = ways[j]
                limit = limits[v.way[j]]
                if way > limit[0]:
                    continue
                kind = v.load_kind[j]
                if load_met[kind] != i:
                    load_met[kind] = i
                    some, much, not_known = (
                        v.bits_some[kind],
                        v.bits_much[kind],
                        v.bits_unknown[kind],
                    )
                    gap_one, gap_two = below_some & some, below_much & much
                    if (v.size[kind] == 1 and population_count(gap_one | gap_two) > allowed) or (
                        v.size[kind] == 0 and not take_ask_first and unknown & some
                    ):
                        load_worth[kind] = -1
                    else:
                        unsettled = (unknown & (some | not_known)) | (below_much & not_known)
                        steps = population_count(unsettled) + 2 * (
                            population_count(gap_one) + population_count(gap_two)
                        )
                        load_worth[kind] = max(0, load_full - np.int64(steps) * half_step)
                if load_worth[kind] < 0:
                    continue
                fit = np.int64(load_worth[kind])
                kind = v.ask_kind[j]
                if ask_met[kind] != i:
                    ask_met[kind] = i
                    ask_worth[kind] = (
                        level_points[v.needs[kind]]
                        + sector_points[v.sector[kind]]
                        + week_points[v.week[kind]]
                        + offer_points[v.offer[kind]]
                        + occupation_points[v.occupation[kind]]
                    )
                fit += ask_worth[kind]
                found += 1
                if way < 0 or way > limit[1]:
                    fit += worth[0]
                else:
                    step = 2
                    while step < last_share and way > limit[step]:
                        step += 1
                    fit += worth[step]
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
