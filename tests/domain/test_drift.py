"""The stability index: nought where nothing moved, never below, and the same by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.drift import WHOLE, Spread, spread_from_plain, spread_of, stability_index

VALUES = st.lists(st.none() | st.integers(0, 4).map(float), min_size=1, max_size=80)
WORDS = st.lists(st.none() | st.sampled_from(["F42", "N81", "H49"]), min_size=1, max_size=80)


@given(st.one_of(VALUES, WORDS))
def test_every_value_falls_in_one_band_and_unknown_in_the_last(values: list[object]) -> None:
    spread = spread_of(values)  # type: ignore[arg-type]
    counts = spread.counts(values)  # type: ignore[arg-type]
    assert sum(counts) == len(values)
    assert counts[-1] == sum(value is None for value in values)
    assert spread_from_plain(spread.to_plain()) == spread
    assert abs(sum(spread.shares) - WHOLE) <= spread.bands


@given(VALUES, VALUES)
def test_the_index_is_never_below_nought_and_the_order_of_people_does_not_matter(
    then: list[float | None], now: list[float | None]
) -> None:
    spread = spread_of(then)
    index = stability_index(spread, spread.counts(now))
    assert index is not None
    assert index >= 0
    assert index == stability_index(spread, spread.counts(now[::-1]))


@given(st.one_of(VALUES, WORDS), st.integers(20, 60))
def test_the_same_people_many_times_over_have_not_moved(values: list[object], times: int) -> None:
    spread = spread_of(values)  # type: ignore[arg-type]
    index = stability_index(spread, spread.counts(values * times))  # type: ignore[arg-type]
    assert index is not None
    assert index < 100, "under .01: only the half that stands in for an empty band"


def test_the_index_by_hand() -> None:
    spread = Spread((1.0,), (), (5000, 4000, 1000))
    counts = [20, 70, 10]
    then = [(share + 0.5) / (WHOLE + 1.5) for share in (5000, 4000, 1000)]
    now = [(count + 0.5) / 101.5 for count in counts]
    by_hand = sum((b - a) * math.log(b / a) for a, b in zip(then, now, strict=True))
    assert stability_index(spread, counts) == round(WHOLE * by_hand)
    assert 4000 < round(WHOLE * by_hand) < 5000


def test_nobody_gives_no_index_and_a_spread_that_does_not_hold_together_is_refused() -> None:
    assert stability_index(Spread((1.0,), (), (1, 1, 1)), [0, 0, 0]) is None
    with pytest.raises(ValueError, match="as many shares as bands"):
        spread_from_plain({"edges": [1.0], "levels": [], "shares": [1]})
