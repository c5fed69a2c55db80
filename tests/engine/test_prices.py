"""Prices of people and places: against an independent solver, by solving again."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from matcher.engine.prices import prices

Values = NDArray[np.int64]


@st.composite
def tables(draw: st.DrawFn) -> Values:
    """(places, people), small enough for ties and empty sides to be common."""
    shape = (draw(st.integers(0, 7)), draw(st.integers(0, 7)))
    most = draw(st.sampled_from([1, 3, 10_000]))
    values = draw(arrays(np.int64, shape, elements=st.integers(0, most)))
    return np.where(draw(arrays(np.bool_, shape)), values, 0)


def optimum(value: Values) -> int:
    return int(value[linear_sum_assignment(value, maximize=True)].sum())


@given(tables())
def test_the_price_of_a_place_is_what_the_optimum_loses_without_it(value: Values) -> None:
    lost = [optimum(value) - optimum(np.delete(value, at, 0)) for at in range(len(value))]

    assert prices(value).place.tolist() == lost


@given(tables())
def test_the_most_for_a_person_is_what_the_optimum_loses_without_them(value: Values) -> None:
    people = range(value.shape[1])
    lost = [optimum(value) - optimum(np.delete(value, at, 1)) for at in people]

    assert prices(value).person_most.tolist() == lost


@given(tables())
def test_the_price_of_a_person_is_what_one_more_like_them_would_bring(value: Values) -> None:
    people = range(value.shape[1])
    gained = [optimum(np.column_stack([value, value[:, at]])) - optimum(value) for at in people]

    assert prices(value).person.tolist() == gained


@given(tables())
def test_no_pair_is_worth_more_than_its_prices_which_add_up_to_the_optimum(value: Values) -> None:
    found = prices(value)

    assert (found.place[:, None] + found.person[None, :] >= value).all()
    assert found.place.sum() + found.person.sum() == optimum(value)
