"""What each person and each place is worth in one assignment: prices that support its optimum."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matcher.engine.problem import Ints

FAR = np.iinfo(np.int64).max // 4


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
    """

    row: Ints
    begins: Ints
    ends: Ints
    free: Ints


def prices(value: Ints) -> Prices:
    """The prices of places and people; `value` is (places, people), 0 where a pair cannot be.

    Of all prices that support the optimum, `place` and `person` are the highest for places, which
    are the lowest for people.
    """
    return Prices(*_prices(np.ascontiguousarray(value.T, np.int64)))


def later_prices(
    fit: NDArray[np.int16], people: Waiting, places: Waiting, week: int, last: int, price: int
) -> Prices:
    """The prices of one future that begins after `week` and ends with `last`, known in full.

    `fit` is (people, vacancies), negative where a pair cannot be; `price` is taken off for each
    week that a pair comes after both were there.
    """
    return Prices(*_prices(_later_values(fit, people, places, week, last, price)))


@njit(cache=True, nogil=True)
def _later_values(
    fit: NDArray[np.int16], people: Waiting, places: Waiting, week: int, last: int, price: int
) -> Ints:
    value = np.zeros((len(people.row), len(places.row)), np.int64)
    for person in range(len(people.row)):
        fits = fit[people.row[person]]
        begins, ends = people.begins[person], min(people.ends[person], last)
        if ends <= week:
            continue
        for place in range(len(places.row)):
            worth = np.int64(fits[places.row[place]])
            until = places.ends[place]
            if worth <= 0 or until <= week or people.free[person] > until:
                continue
            both = max(begins, places.begins[place])
            first = max(both, week + 1)
            if first <= ends and first <= until:
                value[person, place] = max(0, worth - price * (first - both))
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
    """Gives one more place (row) a person (column) along the cheapest chain of moves."""
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
        for place in range(left):
            other = unseen[place]
            reduced = base + cost[at, other] - column_price[other]
            if reduced < distance[other]:
                distance[other] = reduced
                before[other] = column
            if distance[other] < step:
                step, nearest = distance[other], place
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
    # The Hungarian method, a shortest augmenting path for each place (row). Prices of people start
    # at 0 and rise only as far as places compete, which makes them the lowest there are. Who fits
    # no place is left out; where people are fewer than places, some who bring nothing are added,
    # and one more, so that no place can be worth less than nothing.
    everybody, rows = value.shape
    kept = _who_fits(value)
    columns = max(len(kept), rows + 1)
    cost = np.zeros((rows + 1, columns + 1), np.int64)
    for column in range(len(kept)):
        for row in range(rows):
            cost[row + 1, column + 1] = -value[kept[column], row]
    row_price = np.zeros(rows + 1, np.int64)
    column_price = np.zeros(columns + 1, np.int64)
    row_at = np.zeros(columns + 1, np.int64)
    for row in range(1, rows + 1):
        _add_row(row, cost, row_price, column_price, row_at)
    slack = _slack(cost, row_price, column_price, row_at)
    person_price = np.zeros(everybody, np.int64)
    most = np.zeros(everybody, np.int64)
    for column in range(len(kept)):
        person = kept[column]
        person_price[person] = -column_price[column + 1]
        if row_at[column + 1]:
            most[person] = -column_price[column + 1] + slack[row_at[column + 1]]
    return -row_price[1:], person_price, most


@njit(cache=True, nogil=True)
def _slack(cost: Ints, row_price: Ints, column_price: Ints, row_at: Ints) -> Ints:
    # By row, how much it costs beyond its person's price when that person goes: the shortest chain
    # of moves that ends at somebody free or at a place left empty.
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
