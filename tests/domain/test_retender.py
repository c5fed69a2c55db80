"""Contracts that end: each term is told of once, and what counts as a plan."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.retender import TRANSFER, alert_of, has_plan

DAYS = (180, 90, 30)
END = date(2027, 9, 30)


@given(st.integers(-400, 400))
def test_the_nearest_term_that_has_come_and_none_after_the_end(left: int) -> None:
    found = alert_of(END, END - timedelta(days=left), DAYS)
    passed = [each for each in DAYS if 0 <= left <= each]
    assert found == (min(passed) if passed else None)
    assert (found is None) == (left < 0 or left > 180)


def test_each_term_comes_once_in_order_over_the_days() -> None:
    told = [alert_of(END, END - timedelta(days=left), DAYS) for left in range(200, -3, -1)]
    kept = [one for one in dict.fromkeys(told) if one is not None]
    assert kept == [180, 90, 30]


@given(
    st.none() | st.sampled_from(("continue", TRANSFER, "other_job", "ends_as_agreed")),
    st.booleans(),
    st.none() | st.integers(-5, 5),
)
def test_a_transfer_without_a_yes_holds_until_its_day_alone(
    plan: str | None, consented: bool, ahead: int | None
) -> None:
    due = None if ahead is None else END + timedelta(days=ahead)
    found = has_plan(plan, consented, due, END)
    if plan is None:
        assert not found
    elif plan != TRANSFER or consented:
        assert found
    else:
        assert found == (ahead is not None and ahead >= 0)
