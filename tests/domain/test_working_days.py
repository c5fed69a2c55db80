"""Which days are worked, and the day by which something is promised in working days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.working_days import (
    Holiday,
    due_on,
    easter_of,
    first_working_day,
    is_working_day,
)
from matcher.reference.holidays import load_holidays

DAYS = st.dates(date(2020, 1, 1), date(2060, 1, 1))
SATURDAY = 5
HOLIDAYS = load_holidays()
FREE = {
    2026: "01-01 04-03 04-06 04-27 05-05 05-14 05-25 12-25 12-26",
    2027: "01-01 03-26 03-29 04-27 05-05 05-06 05-17 12-25 12-26",
    2031: "01-01 04-11 04-14 04-26 05-05 05-22 06-02 12-25 12-26",
}
"""As calendars print them; in 2031 the 27th of April is a Sunday."""


@pytest.mark.parametrize("year", FREE)
def test_the_holidays_of_a_year_are_those_of_the_calendar(year: int) -> None:
    wanted = {date.fromisoformat(f"{year}-{day}") for day in FREE[year].split()}
    assert {each.in_year(year) for each in HOLIDAYS} == wanted
    assert not any(is_working_day(day, HOLIDAYS) for day in wanted)


@pytest.mark.parametrize(
    ("year", "day"),
    [
        *((1954, "04-18"), (1981, "04-19"), (2000, "04-23"), (2008, "03-23"), (2011, "04-24")),
        *((2024, "03-31"), (2025, "04-20"), (2038, "04-25"), (2049, "04-18"), (2076, "04-19")),
    ],
)
def test_easter_is_on_the_sunday_that_tables_give(year: int, day: str) -> None:
    assert easter_of(year) == date.fromisoformat(f"{year}-{day}")
    assert easter_of(year).weekday() == 6


@given(DAYS, st.integers(1, 60))
def test_as_many_working_days_lie_after_the_start_up_to_the_day_as_were_promised(
    start: date, count: int
) -> None:
    day = due_on(start, count, HOLIDAYS)
    between = [start + timedelta(days=n) for n in range(1, (day - start).days + 1)]

    worked = [
        each
        for each in between
        if each.weekday() < SATURDAY and not any(h.in_year(each.year) == each for h in HOLIDAYS)
    ]
    assert worked[-1] == day
    assert len(worked) == count


@given(DAYS, DAYS, st.integers(0, 60))
def test_who_asks_later_is_never_due_earlier(one: date, other: date, count: int) -> None:
    first, last = sorted((one, other))

    assert due_on(first, count, HOLIDAYS) <= due_on(last, count, HOLIDAYS)


@given(DAYS, st.integers(0, 60))
def test_a_holiday_never_brings_a_day_forward(start: date, count: int) -> None:
    assert due_on(start, count, ()) <= due_on(start, count, HOLIDAYS)


@given(DAYS)
def test_the_first_working_day_is_the_day_itself_where_it_is_worked(day: date) -> None:
    first = first_working_day(day, HOLIDAYS)
    assert (first == day) is is_working_day(day, HOLIDAYS)
    assert is_working_day(first, HOLIDAYS)
    assert not any(
        is_working_day(day + timedelta(days=n), HOLIDAYS) for n in range((first - day).days)
    )


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-11-24", "2026-11-26"),  # Tuesday
        ("2026-11-26", "2026-11-30"),  # Thursday, over the weekend
        ("2026-11-28", "2026-12-01"),  # Saturday
        ("2026-12-23", "2026-12-28"),  # Wednesday, over Christmas
        ("2026-12-31", "2027-01-05"),  # the turn of the year
        ("2027-03-25", "2027-03-31"),  # Maundy Thursday
        ("2027-05-04", "2027-05-10"),  # Liberation and Ascension Day beside each other
    ],
)
def test_two_working_days_pass_over_weekends_and_holidays(start: str, due: str) -> None:
    assert due_on(date.fromisoformat(start), 2, HOLIDAYS) == date.fromisoformat(due)


def test_a_holiday_holds_only_in_its_years() -> None:
    ended = Holiday(date(2014, 1, 1), date(2030, 12, 31), month=5, day=5)
    assert ended.is_on(date(2030, 5, 5))
    assert not ended.is_on(date(2031, 5, 5))
    assert not ended.is_on(date(2013, 5, 5))
