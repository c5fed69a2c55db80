"""What each person and each place is worth in one assignment: prices that support its optimum."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matcher.engine.problem import Ints

FAR = np.iinfo(np.int64).max // 4
CERTAIN = 10_000
"""A chance of one, in hundredths of a percent."""


class Prices(NamedTuple):
    """Prices that support the best assignment; for every pair a place and a person are together
    worth at least its value, and exactly that where the pair is chosen.

    `place` is what the optimum loses without that place, `person` what it gains by one more person
    like that one, `person_most` what it loses without that person.
    """

    place: Ints
    person: Ints
    person_most: Ints


class Waiting(NamedTuple):
    """People or places in one future: their row in the table of fits, and their weeks.

    They are there from `begins` up to and including `ends`; work can begin from `free` (people).
    From `unsure` on a person may be gone, each week anew; of a place it says nothing.
    """

    row: Ints
    begins: Ints
    ends: Ints
    free: Ints
    unsure: Ints


class Ahead(NamedTuple):
    """Which weeks count, and what they do to a fit: see `later_prices`."""

    week: int
    last: int
    price: int
    stays: Ints


def prices(value: Ints) -> Prices:
    """The prices of places and people; `value` is (places, people), 0 where a pair cannot be.

    Of all prices that support the optimum, `place` and `person` are the highest for places, which
    are the lowest for people.
    """
    return Prices(*_prices(np.ascontiguousarray(value.T, np.int64)))


def later_prices(
    fit: NDArray[np.int16], people: Waiting, places: Waiting, usual: Ints, ahead: Ahead
) -> Prices:
    """The prices of one future that begins after `ahead.week` and ends with `ahead.last`.

    `fit` is (people, vacancies), negative where a pair cannot be. Nobody knows when a person will
    be gone: ``ahead.stays[n]`` is the chance in hundredths of a percent to be there after `n`
    weeks, and when the person is not, the place brings what is `usual` for it. `ahead.price` is
    taken off for each week that a pair comes after both were there. Fits and prices are hundredths.
    """
    return Prices(*_prices(_later_values(fit, people, places, usual, ahead)))


@njit(cache=True, nogil=True)
def _later_values(
    fit: NDArray[np.int16], people: Waiting, places: Waiting, usual: Ints, ahead: Ahead
) -> Ints:
    value = np.zeros((len(people.row), len(places.row)), np.int64)
    for person in range(len(people.row)):
        fits = fit[people.row[person]]
        begins, ends = people.begins[person], min(people.ends[person], ahead.last)
        if ends <= ahead.week:
            continue
        for place in range(len(places.row)):
            worth = np.int64(fits[places.row[place]])
            until = places.ends[place]
            if worth <= 0 or until <= ahead.week or people.free[person] > until:
                continue
            both = max(begins, places.begins[place])
            first = max(both, ahead.week + 1)
            if first <= ends and first <= until:
                stays = ahead.stays[max(0, first - people.unsure[person])]
                otherwise = min(worth, usual[place])
                expected = otherwise + (worth - otherwise) * stays // CERTAIN
                value[person, place] = max(0, expected - ahead.price * (first - both))
    return value


@njit(cache=True, nogil=True)
def _who_fits(value: Ints) -> Ints:
    """The people (rows) who fit any place at all."""
    kept = np.empty(value.shape[0], np.int64)
    count = 0
    for person in range(value.shape[0]):
        if (value[person] > 0).any():
            kept[count] = person
            count += 1
    return kept[:count]


@njit(cache=True, nogil=True)
def _add_row(row: int, cost: Ints, row_price: Ints, column_price: Ints, row_at: Ints) -> None:
    """Gives one more row a column along the cheapest chain of moves."""
    columns = len(column_price) - 1
    before = np.zeros(columns + 1, np.int64)
    distance = np.full(columns + 1, FAR, np.int64)
    unseen = np.arange(1, columns + 1)
    path = np.zeros(columns + 1, np.int64)
    row_at[0] = row
    distance[0] = 0
    left, seen, column, total = columns, 0, 0, 0
    while True:
        at = row_at[column]
        base = total - row_price[at]
        step, nearest = FAR, 0
        for index in range(left):
            other = unseen[index]
            reduced = base + cost[at, other] - column_price[other]
            if reduced < distance[other]:
                distance[other] = reduced
                before[other] = column
            if distance[other] < step:
                step, nearest = distance[other], index
        column = unseen[nearest]
        total = step
        left -= 1
        unseen[nearest] = unseen[left]
        if row_at[column] == 0:
            break
        seen += 1
        path[seen] = column
    for index in range(seen + 1):
        other = path[index]
        row_price[row_at[other]] += total - distance[other]
        column_price[other] -= total - distance[other]
    while column != 0:
        row_at[column] = row_at[before[column]]
        column = before[column]


@njit(cache=True, nogil=True)
def _prices(value: Ints) -> tuple[Ints, Ints, Ints]:
    # The side that is shorter is given out one by one; the extremes are the same either way.
    everybody, places = value.shape
    kept = _who_fits(value)
    person = np.zeros(everybody, np.int64)
    most = np.zeros(everybody, np.int64)
    if len(kept) >= places:
        place, lowest, highest, _ = _supporting(value[kept].T)
        person[kept] = lowest
        most[kept] = highest
        return place, person, most
    highest, _, place, at = _supporting(value[kept])
    for index in range(len(kept)):
        most[kept[index]] = highest[index]
        if at[index] >= 0:
            # Of a pair that is chosen the prices add up to its value.
            person[kept[index]] = value[kept[index], at[index]] - place[at[index]]
    return place, person, most


@njit(cache=True, nogil=True)
def _supporting(value: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    # The Hungarian method, a shortest augmenting path for each row: what the optimum loses without
    # the row, what it gains by one more column like that one, what it loses without the column,
    # and the column of each row, -1 without one. Prices of columns start at 0 and rise only as far
    # as rows compete, which makes them the lowest there are. Where columns are fewer than rows,
    # some that bring nothing are added, and one more, so that no row can be worth less than that.
    rows, real = value.shape
    columns = max(real, rows + 1)
    cost = np.zeros((rows + 1, columns + 1), np.int64)
    cost[1:, 1 : real + 1] = -value
    row_price = np.zeros(rows + 1, np.int64)
    column_price = np.zeros(columns + 1, np.int64)
    row_at = np.zeros(columns + 1, np.int64)
    for row in range(1, rows + 1):
        _add_row(row, cost, row_price, column_price, row_at)
    slack = _slack(cost, row_price, column_price, row_at)
    lowest = -column_price[1 : real + 1]
    highest = np.zeros(real, np.int64)
    at = np.full(rows, -1, np.int64)
    for column in range(real):
        row = row_at[column + 1]
        if row:
            highest[column] = lowest[column] + slack[row]
            at[row - 1] = column
    return -row_price[1:], lowest, highest, at


@njit(cache=True, nogil=True)
def _slack(cost: Ints, row_price: Ints, column_price: Ints, row_at: Ints) -> Ints:
    # By row, how much it costs beyond its column's price when that column goes: the shortest chain
    # of moves that ends at a free column or at a row left without one.
    rows, columns = len(row_price) - 1, len(column_price) - 1
    column_of = np.zeros(rows + 1, np.int64)
    slack = np.zeros(rows + 1, np.int64)
    for column in range(1, columns + 1):
        column_of[row_at[column]] = column
    for row in range(1, rows + 1):
        slack[row] = -row_price[row]
        for column in range(1, columns + 1):
            if row_at[column] == 0:
                slack[row] = min(slack[row], cost[row, column] - row_price[row])
    done = np.zeros(rows + 1, np.bool_)
    for _ in range(rows):
        best = 0
        for row in range(1, rows + 1):
            if not done[row] and (best == 0 or slack[row] < slack[best]):
                best = row
        done[best] = True
        column = column_of[best]
        for row in range(1, rows + 1):
            reduced = cost[row, column] - row_price[row] - column_price[column]
            slack[row] = min(slack[row], slack[best] + reduced)
    return slack
