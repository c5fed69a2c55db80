"""Shares of an obligation: always all of it, to the cent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.shares import (
    OWN,
    WHOLE,
    Turn,
    may_pass,
    movements,
    own_part,
    split,
)


@st.composite
def parts(draw: st.DrawFn) -> dict[int, int]:
    """What a firm keeps (0) and what up to six others took."""
    left, found = WHOLE, {}
    for number in range(1, draw(st.integers(0, 6)) + 1):
        if left:
            found[number] = draw(st.integers(1, left))
            left -= found[number]
    return {0: own_part(list(found.values())), **found}


@given(st.integers(0, 10**12), parts())
def test_passed_and_own_are_always_all_of_it_without_a_lost_cent(
    owed: int, given_parts: dict[int, int]
) -> None:
    cents = split(owed, given_parts)

    assert sum(given_parts.values()) == WHOLE
    assert sum(cents.values()) == owed
    for who, part in given_parts.items():
        assert type(cents[who]) is int
        assert abs(cents[who] - Fraction(owed * part, WHOLE)) < 1


@given(st.integers(0, 10**12), parts(), st.data())
def test_what_one_ends_comes_back_to_who_passed_it(
    owed: int, given_parts: dict[int, int], data: st.DataObject
) -> None:
    others = [who for who in given_parts if who]
    if not others:
        return
    ended = data.draw(st.sampled_from(others))
    left = {who: part for who, part in given_parts.items() if who not in (0, ended)}
    after = {0: own_part(list(left.values())), **left}

    assert after[0] == given_parts[0] + given_parts[ended]
    assert sum(split(owed, after).values()) == owed


def test_a_hand_computed_case() -> None:
    # 100 cents over a third, a third and the rest: 33.33, 33.33 and 33.34.
    assert split(100, {0: 3_334, 1: 3_333, 2: 3_333}) == {0: 34, 1: 33, 2: 33}
    assert split(1, {0: 5_000, 1: 5_000}) == {0: 1, 1: 0}


@given(st.lists(st.integers(1, 4_000), max_size=4), st.integers(-5, 12_000), st.integers(0, 100))
def test_no_more_is_passed_than_the_region_allows(
    passed: list[int], more: int, percent: int
) -> None:
    allowed = may_pass(passed, more, Fraction(percent))

    assert allowed == (more > 0 and sum(passed) + more <= percent * 100)


@pytest.mark.parametrize("passed", [[10_001], [5_000, 5_001], [0], [-1]])
def test_more_than_all_of_it_or_nothing_cannot_be_passed(passed: list[int]) -> None:
    with pytest.raises(ValueError, match="more than all"):
        own_part(passed)


@given(
    st.integers(0, 10**12),
    st.lists(
        st.tuples(st.integers(1, 1_000), st.integers(0, 9), st.integers(0, 9) | st.none()),
        max_size=8,
    ),
)
def test_every_movement_sums_to_nothing_and_the_last_state_is_the_split(
    owed: int, given_turns: list[tuple[int, int, int | None]]
) -> None:
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    turns = [
        Turn(
            number, part, begin + timedelta(days=since),
            None if lasts is None else begin + timedelta(days=since + lasts),
        )
        for number, (part, since, lasts) in enumerate(given_turns, start=1)
    ]  # fmt: skip
    left = {OWN: owed}
    for one in movements(owed, turns):
        assert sum(one.cents.values()) == 0
        for holder, cents in one.cents.items():
            left[holder] = left.get(holder, 0) + cents

    now = {turn.share: turn.part for turn in turns if turn.until is None}
    expected = split(owed, {OWN: WHOLE - sum(now.values()), **now})
    assert {k: v for k, v in left.items() if v} == {k: v for k, v in expected.items() if v}
