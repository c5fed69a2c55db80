from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.arrangements import progress_of
from matcher.domain.attendance import (
    AttendanceCount,
    Mark,
    count_days,
    missed_last,
    suggested_exit,
    suggested_rhythm,
)
from matcher.reference.seats import load_seat_terms

ON = date(2027, 3, 1)
TERMS = load_seat_terms(ON)
MARKS = st.lists(st.sampled_from(Mark), max_size=40)


def level(came: int, missed: int, agreed: int = 0) -> int | None:
    count = AttendanceCount(came, missed, agreed)
    return suggested_rhythm(count, TERMS.rhythm_steps, least_days=TERMS.least_days)


@pytest.mark.parametrize(
    ("came", "missed", "expected"),
    [
        (4, 16, 0), (5, 15, 1), (9, 11, 1), (10, 10, 2), (14, 6, 2), (15, 5, 3), (18, 2, 3),
        (19, 1, 4), (20, 0, 4), (5, 0, None), (0, 0, None),
    ],
)  # fmt: skip
def test_the_anchors_of_rhythm_are_counted_in_whole_days(
    came: int, missed: int, expected: int | None
) -> None:
    assert level(came, missed) == expected


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_agreed_absence_changes_nothing(came: int, missed: int, agreed: int) -> None:
    assert level(came, missed, agreed) == level(came, missed)


@given(st.integers(0, 30), st.integers(0, 30))
def test_coming_once_more_never_lowers_what_is_suggested(came: int, missed: int) -> None:
    before, after = level(came, missed), level(came + 1, missed)
    assert after is None or before is None or after >= before


@given(MARKS)
def test_every_day_in_the_window_is_counted_once(marks: list[Mark]) -> None:
    days = [(ON - timedelta(days=number), mark) for number, mark in enumerate(marks)]
    count = count_days(days, since=ON - timedelta(days=27), until=ON)
    assert count.expected + count.agreed == min(len(marks), 28)


def test_days_missed_in_a_row_are_counted_over_agreed_absence() -> None:
    marks = [Mark.MISSED, Mark.CAME, Mark.MISSED, Mark.AGREED, Mark.MISSED]
    days = [(ON + timedelta(days=number), mark) for number, mark in enumerate(marks)]
    assert missed_last(days) == 2
    assert missed_last([]) == 0


@pytest.mark.parametrize(
    ("kind", "weeks_in", "rhythm", "work_skills", "expected"),
    [
        ("werkfit", 5, 3, 2, "next_step"),
        ("werkfit", 3, 3, 2, None),
        ("werkfit", 5, 2, 2, None),
        ("werkfit", 5, 3, None, None),
        ("werkfit", 5, None, 4, None),
        ("language", 5, 4, 4, None),
    ],
)
def test_the_exit_rule_suggests_only_when_everything_is_known(
    kind: str, weeks_in: float, rhythm: int | None, work_skills: int | None, expected: str | None
) -> None:
    found = suggested_exit(
        TERMS.exits, kind=kind, days=[], weeks_in=weeks_in, rhythm=rhythm, work_skills=work_skills
    )
    assert found == expected


def test_three_days_missed_in_a_row_ask_for_a_talk_and_never_for_an_end() -> None:
    days = [(ON + timedelta(days=number), Mark.MISSED) for number in range(3)]
    more = {"kind": "language", "weeks_in": 1.0, "rhythm": None, "work_skills": None}
    assert suggested_exit(TERMS.exits, days=days, **more) == "talk"  # type: ignore[arg-type]  # as above
    assert suggested_exit(TERMS.exits, days=days[:2], **more) is None  # type: ignore[arg-type]  # as above


# --- arrangements --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "working", "until", "pace"),
    [
        (50, 20, date(2028, 3, 1), Decimal("2.5")),
        (50, 50, date(2028, 3, 1), Decimal("0.0")),
        (50, 60, date(2027, 1, 1), Decimal("0.0")),
        (50, 20, ON, None),
        (None, 20, date(2028, 3, 1), None),
        (50, 20, None, None),
    ],
)
def test_the_pace_that_is_needed_is_said_to_one_decimal(
    target: int | None, working: int, until: date | None, pace: Decimal | None
) -> None:
    found = progress_of(target, until, placed=30, still_working=working, on=ON)
    assert (found.pace_needed, found.placed, found.still_working) == (pace, 30, working)


@given(st.integers(1, 500), st.integers(0, 500), st.integers(1, 2000))
def test_at_that_pace_the_target_is_reached_to_half_a_tenth_a_month(
    target: int, working: int, days: int
) -> None:
    until = ON + timedelta(days=days)
    found = progress_of(target, until, placed=working, still_working=working, on=ON)
    months = days * 12 / 365
    assert found.pace_needed is not None
    assert found.pace_needed.as_tuple().exponent == -1
    assert abs(float(found.pace_needed) * months - max(target - working, 0)) <= 0.051 * months
