"""The kernel: every pair of a block through the rules, the points, and the best of both sides.

For each candidate the bars of all answers are laid over each other, so that 64 vacancies fall in
one step. What survives is tested on the way and on the small employer's count of gaps, then
scored, then offered to the best lists of the candidate and of the vacancy.

A pair has one 64-bit key: its fit in the upper bits and a mix of both references below. Comparing
keys orders by fit and settles ties the same way wherever and in whatever order pairs are met.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matcher.domain.ties import FIRST, GOLDEN, SECOND, TIE_BITS
from matcher.engine.bits import lowest_bit, population_count

WORD = 64
BARRED = np.int32(-(1 << 28))
"""Points that no sum with others can lift above nothing."""
NEAREST = 32_767
ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
ZERO, ONE = np.uint64(0), np.uint64(1)


class Desk(NamedTuple):
    """Room to work in for one thread, for V vacancies in W words: nothing on it outlives a call.

    `at` are the postcodes that `nearest` and `cells` hold for.
    """

    at: NDArray[np.int32]
    alive: NDArray[np.uint64]
    nearest: NDArray[np.int32]
    cells: NDArray[np.int32]
    load_worth: NDArray[np.int32]
    ask_worth: NDArray[np.int32]
    rows: NDArray[np.int32]
    fits: NDArray[np.int32]


@njit(cache=True, nogil=True)
def _clear_desk(v: Any, words: int) -> Any:
    vacancies = v.site.shape[0]
    return Desk(
        np.full(2, -1, np.int32),
        np.empty(words, np.uint64),
        np.empty(words, np.int32),
        np.empty(vacancies, np.int32),
        np.empty(v.size.shape[0], np.int32),
        np.empty(v.needs.shape[0], np.int32),
        # One more: what is barred is written down too, before the next goes over it.
        np.empty(vacancies + 1, np.int32),
        np.empty(vacancies + 1, np.int32),
    )


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
def _look_around(ways: Any, v: Any, nearest: Any) -> None:
    """The nearest way of each word, counted from one postcode."""
    for word in range(nearest.shape[0]):
        lowest = np.int16(NEAREST)
        for site in range(v.first_site[word], v.last_site[word] + 1):
            lowest = min(lowest, ways[site])
        nearest[word] = np.int32(lowest) + 1


@njit(cache=True, nogil=True)
def _find_cells(ways: Any, c: Any, v: Any, cells: Any) -> None:
    """The cell of the table of ways for every vacancy, from one postcode."""
    steps = c.way_worth.shape[2]
    for j in range(cells.shape[0]):
        cells[j] = v.way[j] * steps + np.int32(ways[v.site[j]]) + 1


@njit(cache=True, nogil=True)
def _lay_bars(
    bars: Any, bar_rows: Any, last_word: Any, nearest: Any, farthest: Any, alive: Any
) -> int:
    """Leaves those vacancies alive that no bar of one candidate shuts out; returns how many.

    Words of vacancies that are all too far to be reached are passed over as a whole.
    """
    words = alive.shape[0]
    alive[:] = ZERO
    for rule in range(bars.shape[0]):
        if bars[rule] >= 0:
            row = bar_rows[bars[rule]]
            for word in range(words):
                alive[word] |= row[word]
    count = 0
    for word in range(words):
        left = ~alive[word] if nearest[word] <= farthest else ZERO
        if word == words - 1:
            left &= last_word
        alive[word] = left
        count += int(population_count(left))
    return count


@njit(cache=True, nogil=True, inline="always")
def _load_worth(
    below_some: Any, below_much: Any, not_told: Any, numbers: Any, v: Any, kind: Any
) -> Any:
    """Points for the load of one kind of demands, `BARRED` where they cannot be carried.

    A small employer cannot carry more gaps than the rule set allows; the smallest have to be asked
    first about an unknown ability, where `numbers` says that those are left out.
    """
    some, much, size = v.bits_some[kind], v.bits_much[kind], v.size[kind]
    gap_one, gap_two = below_some & some, below_much & much
    unsettled = (not_told & (some | v.bits_unknown[kind])) | (below_much & v.bits_unknown[kind])
    steps = np.int32(population_count(unsettled)) + np.int32(2) * (
        np.int32(population_count(gap_one)) + np.int32(population_count(gap_two))
    )
    worth = max(np.int32(0), np.int32(numbers[0]) - steps * np.int32(numbers[1]))
    too_much = (size == 1) & (np.int32(population_count(gap_one | gap_two)) > numbers[2])
    asks = (size == 0) & (numbers[4] != 0) & ((not_told & some) != 0)
    return BARRED if too_much | asks else worth


@njit(cache=True, nogil=True)
def _score_few(i: int, c: Any, v: Any, numbers: Any, alive: Any, rows: Any, fits: Any) -> int:
    """As `_score_many`, where fewer vacancies are left than there are kinds of them."""
    way_worth, ways = c.way_worth[c.travel[i]], c.ways[c.postcode[i]]
    below_some, below_much = c.bits_below_some[i], c.bits_below_much[i]
    not_told = c.bits_unknown[i]
    level_points = c.level_points[c.level_class[i]]
    sector_points = c.sector_points[c.sector_class[i]]
    week_points = c.week_points[c.week_class[i]]
    offer_points = c.offer_points[c.offer_class[i]]
    occupation_points = c.occupation_points[c.occupation_class[i]]
    found = 0
    for word in range(alive.shape[0]):
        left = alive[word]
        first = np.int64(word * WORD)
        while left != ZERO:
            j = first + np.int64(lowest_bit(left))
            left &= left - ONE
            way = np.int32(way_worth[v.way[j], ways[v.site[j]] + 1])
            if way < 0:
                continue
            kind = v.ask_kind[j]
            rows[found] = j
            fit = (
                way
                + np.int32(level_points[v.needs[kind]])
                + np.int32(sector_points[v.sector[kind]])
                + np.int32(week_points[v.week[kind]])
                + np.int32(offer_points[v.offer[kind]])
                + np.int32(occupation_points[v.occupation[kind]])
                + _load_worth(below_some, below_much, not_told, numbers, v, v.load_kind[j])
            )
            fits[found] = fit
            found += fit >= 0
    return found


@njit(cache=True, nogil=True)
def _weigh_loads(i: int, c: Any, v: Any, numbers: Any, load_worth: Any) -> None:
    """Points for the load of each kind of demands."""
    below_some, below_much = c.bits_below_some[i], c.bits_below_much[i]
    not_told = c.bits_unknown[i]
    for kind in range(load_worth.shape[0]):
        load_worth[kind] = _load_worth(below_some, below_much, not_told, numbers, v, kind)


@njit(cache=True, nogil=True)
def _weigh_asks(i: int, c: Any, v: Any, ask_worth: Any) -> None:
    """Points for what each kind of vacancies asks, all but load and way."""
    level_points = c.level_points[c.level_class[i]]
    sector_points = c.sector_points[c.sector_class[i]]
    week_points = c.week_points[c.week_class[i]]
    offer_points = c.offer_points[c.offer_class[i]]
    occupation_points = c.occupation_points[c.occupation_class[i]]
    for kind in range(ask_worth.shape[0]):
        ask_worth[kind] = (
            np.int32(level_points[v.needs[kind]])
            + np.int32(sector_points[v.sector[kind]])
            + np.int32(week_points[v.week[kind]])
            + np.int32(offer_points[v.offer[kind]])
            + np.int32(occupation_points[v.occupation[kind]])
        )


@njit(cache=True, nogil=True)
def _score_many(
    i: int,
    c: Any,
    v: Any,
    alive: Any,
    cells: Any,
    load_worth: Any,
    ask_worth: Any,
    rows: Any,
    fits: Any,
) -> int:
    """Writes the eligible vacancies of candidate `i` and their fits; returns how many there are.

    Every pair that the bars leave is written down, and the next one over it when it was barred by
    the way or the load: no branch that could be guessed wrong.
    """
    way_worth = c.way_worth[c.travel[i]].reshape(-1)
    found = 0
    for word in range(alive.shape[0]):
        left = alive[word]
        first = np.int64(word * WORD)
        while left != ZERO:
            j = first + np.int64(lowest_bit(left))
            left &= left - ONE
            fit = (
                np.int32(way_worth[cells[j]])
                + load_worth[v.load_kind[j]]
                + ask_worth[v.ask_kind[j]]
            )
            rows[found] = j
            fits[found] = fit
            found += fit >= 0
    return found


@njit(cache=True, nogil=True)
def _score_one(i: int, c: Any, v: Any, numbers: Any, desk: Any) -> Any:
    """The eligible vacancies of candidate `i`, on `desk`; returns how many there are."""
    if desk.at[0] != c.postcode[i]:
        desk.at[0] = c.postcode[i]
        _look_around(c.ways[c.postcode[i]], v, desk.nearest)
    farthest = c.farthest[c.travel[i]]
    last_word = _last_word(v.site.shape[0])
    left = _lay_bars(c.bars[i], c.bar_rows, last_word, desk.nearest, farthest, desk.alive)
    if left < desk.ask_worth.shape[0]:
        return _score_few(i, c, v, numbers, desk.alive, desk.rows, desk.fits)
    if desk.at[1] != c.postcode[i]:
        desk.at[1] = c.postcode[i]
        _find_cells(c.ways[c.postcode[i]], c, v, desk.cells)
    _weigh_loads(i, c, v, numbers, desk.load_worth)
    _weigh_asks(i, c, v, desk.ask_worth)
    return _score_many(
        i, c, v, desk.alive, desk.cells, desk.load_worth, desk.ask_worth, desk.rows, desk.fits
    )


@njit(cache=True, nogil=True)
def score_block(
    first: int,
    last: int,
    c: Any,
    v: Any,
    numbers: Any,
    own_keys: NDArray[np.uint64],
    own_rows: NDArray[np.int32],
    their_keys: NDArray[np.uint64],
    their_rows: NDArray[np.int32],
    their_last: NDArray[np.int32],
    counts: NDArray[np.int64],
) -> None:
    """Scores candidates `first` to `last` of a layout against all vacancies.

    `numbers` are (load points full, points a half step, gaps allowed at a small employer, seed,
    whether pairs to be asked first are left out).
    The lists of the candidates (`own_*`, a row each) and of the vacancies (`their_*`) hold keys in
    falling order, 0 where there is none; `their_last` is the fit of the last of a full list.
    `counts` gets how many pairs are eligible, by candidate.
    """
    desk = _clear_desk(v, c.bar_rows.shape[1])
    rows, fits = desk.rows, desk.fits
    last_place = own_keys.shape[1] - 1
    seed = np.uint64(numbers[3])
    for i in range(first, last):
        found = _score_one(i, c, v, numbers, desk)
        mine_keys, mine_rows = own_keys[c.row[i]], own_rows[c.row[i]]
        own_key = c.key[i] ^ seed
        own_last = np.int32(-1)
        for at in range(found):
            j, fit = rows[at], fits[at]
            if fit < own_last and fit < their_last[j]:
                continue
            key = (np.uint64(fit) << np.uint64(TIE_BITS)) | tie(own_key, v.key[j])
            if key > mine_keys[last_place]:
                _offer(mine_keys, mine_rows, key, v.row[j])
                if mine_rows[last_place] >= 0:
                    own_last = np.int32(mine_keys[last_place] >> np.uint64(TIE_BITS))
            if key > their_keys[j, last_place]:
                _offer(their_keys[j], their_rows[j], key, np.int32(c.row[i]))
                if their_rows[j, last_place] >= 0:
                    their_last[j] = np.int32(their_keys[j, last_place] >> np.uint64(TIE_BITS))
        counts[c.row[i]] = found


@njit(cache=True, nogil=True)
def list_block(
    first: int,
    last: int,
    c: Any,
    v: Any,
    numbers: Any,
    starts: NDArray[np.int64],
    vacancies: NDArray[np.int32],
    values: NDArray[np.int16],
) -> None:
    """Writes every eligible pair of candidates `first` to `last`, each from its place in `starts`.

    The counts that `starts` sums up are those of `score_block` under the same options.
    """
    desk = _clear_desk(v, c.bar_rows.shape[1])
    for i in range(first, last):
        found = _score_one(i, c, v, numbers, desk)
        start = starts[c.row[i]]
        by_row = np.argsort(v.row[desk.rows[:found]])
        for at in range(found):
            vacancies[start + at] = v.row[desk.rows[by_row[at]]]
            values[start + at] = desk.fits[by_row[at]]
