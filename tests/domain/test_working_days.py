"""The day by which something is promised in working days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.working_days import due_on

DAYS = st.dates(date(2020, 1, 1), date(2060, 1, 1))
SATURDAY = 5


@given(DAYS, st.integers(1, 60))
def test_as_many_working_days_lie_after_the_start_up_to_the_day_as_were_promised(
    start: date, count: int
) -> None:
    day = due_on(start, count)
    between = [start + timedelta(days=n) for n in range(1, (day - start).days + 1)]

    assert day.weekday() < SATURDAY
    assert sum(each.weekday() < SATURDAY for each in between) == count


@given(DAYS, DAYS, st.integers(0, 60))
def test_who_asks_later_is_never_due_earlier(one: date, other: date, count: int) -> None:
    first, last = sorted((one, other))

    assert due_on(first, count) <= due_on(last, count)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-11-24", "2026-11-26"),  # Tuesday
        ("2026-11-26", "2026-11-30"),  # Thursday, over the weekend
        ("2026-11-28", "2026-12-01"),  # Saturday
        ("2026-12-31", "2027-01-04"),  # the turn of the year
    ],
)
def test_two_working_days_pass_over_the_weekend(start: str, due: str) -> None:
    assert due_on(date.fromisoformat(start), 2) == date.fromisoformat(due)
