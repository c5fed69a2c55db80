"""Intervals over seeds: around the figure, the same each time, right about as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from matcher.domain.intervals import Interval, mean_over_seeds, ratio_over_seeds

Values = np.ndarray[tuple[int], np.dtype[np.float64]]
VALUES = arrays(np.float64, st.integers(2, 30), elements=st.floats(-100, 100, width=32))


@given(VALUES)
def test_the_mean_lies_within_its_interval_and_that_within_the_values(values: Values) -> None:
    found = mean_over_seeds(values)

    assert found.low is not None
    assert found.high is not None
    slack = 1e-6
    assert values.min() - slack <= found.low <= found.high <= values.max() + slack
    assert found.value == pytest.approx(values.mean(), abs=1e-6)
    assert found == mean_over_seeds(values)


@given(VALUES, st.floats(0.5, 20))
def test_a_ratio_of_equal_wholes_is_the_mean_in_another_unit(values: Values, whole: float) -> None:
    found = ratio_over_seeds(values, np.full(len(values), whole))
    mean = mean_over_seeds(values)

    assert found is not None
    assert [found.value, found.low, found.high] == pytest.approx(
        [mean.times(1 / whole).value, mean.times(1 / whole).low, mean.times(1 / whole).high],
        abs=1e-6,
    )


def test_what_seeds_have_in_common_cancels_out() -> None:
    wholes = np.array([1.0, 10.0, 100.0])

    found = ratio_over_seeds(wholes / 2, wholes)

    assert found is not None
    assert [found.value, found.low, found.high] == pytest.approx([0.5, 0.5, 0.5])


def test_one_seed_gives_no_interval_and_nothing_to_divide_gives_no_ratio() -> None:
    one = np.array([3.0])

    assert mean_over_seeds(one) == Interval(3.0, None, None)
    assert ratio_over_seeds(one, one - 3) is None
    assert Interval(3.0, None, None).times(2) == Interval(6.0, None, None)


def test_an_interval_over_twenty_seeds_holds_the_truth_about_as_often_as_it_says() -> None:
    draw = np.random.default_rng(8)
    held = 0
    for _ in range(300):
        found = mean_over_seeds(draw.normal(5.0, 2.0, 20))
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 5.0 <= found.high

    assert 0.87 <= held / 300 <= 0.98
