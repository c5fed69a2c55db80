"""What is to do about somebody at work: planned once, done once, and a signal asks for a talk."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.follow_up_tasks import (
    Noted,
    TaskKind,
    planned,
    signal_of,
    signal_of_days,
    still_open,
)

DAY = timedelta(days=1)
START = date(2027, 3, 1)
UNTIL = date(2027, 5, 18)
TERMS = {"first_week": 7 * DAY, "first_month": 30 * DAY, "ahead": DAY, "before_pay": 7 * DAY}
DAYS = st.integers(-20, 120).map(lambda number: START + number * DAY)
STEPS = st.sampled_from(["first_day", "first_week", "first_pay", "first_month", "between"])
NOTED = st.lists(st.builds(Noted, STEPS, DAYS, st.booleans()), max_size=6).map(
    lambda found: sorted(found, key=lambda one: one.on)
)


def plans(first_pay_on: date | None = None):  # type: ignore[no-untyped-def]
    return planned(START, first_pay_on, **TERMS, until=UNTIL)


def test_a_start_has_three_moments_and_a_fourth_once_the_first_pay_day_is_known() -> None:
    assert [(one.step, one.due_on) for one in plans()] == [
        ("first_day", START), ("first_week", START + 7 * DAY), ("first_month", START + 30 * DAY),
    ]  # fmt: skip
    pay = plans(date(2027, 4, 25))[-1]
    assert (pay.kind, pay.asked_on, pay.due_on) == (
        TaskKind.FIRST_PAY, date(2027, 4, 18), date(2027, 4, 18),
    )  # fmt: skip
    assert pay.is_asked(date(2027, 4, 25))
    assert not pay.is_asked(date(2027, 4, 26))


@given(NOTED, DAYS)
def test_what_was_done_is_never_asked_again(noted: list[Noted], on: date) -> None:
    found = still_open(plans(date(2027, 4, 25)), noted)
    assert not {one.step for one in found} & {one.step for one in noted}
    last = max((one.on for one in noted), default=date.min)
    for plan in found:
        if plan.kind is TaskKind.CONTACT:
            assert plan.due_on > last
        if plan.is_asked(on):
            assert plan.asked_on <= on


@given(NOTED)
def test_no_contact_leaves_everything_open_and_a_later_one_stands_for_an_earlier(
    noted: list[Noted],
) -> None:
    assert len(still_open(plans(), [])) == 3
    later = [Noted("between", START + 40 * DAY, signals=False)]
    assert [one.step for one in still_open(plans(), later)] == ["first_day"]
    assert len(still_open(plans(), noted)) <= 3


@given(NOTED, DAYS)
def test_only_the_newest_contact_signals(noted: list[Noted], on: date) -> None:
    found = signal_of([], noted, on=on, late_after=7 * DAY)
    assert (found is TaskKind.SIGNAL) is bool(noted and noted[-1].signals)


def test_a_moment_that_is_long_overdue_is_a_signal() -> None:
    late = START + 15 * DAY
    assert signal_of(plans(), [], on=late, late_after=7 * DAY) is TaskKind.SIGNAL
    reached = [Noted("between", START + 14 * DAY, signals=False)]
    open_now = [one for one in still_open(plans(), reached) if one.step != "first_day"]
    assert signal_of(open_now, reached, on=late, late_after=7 * DAY) is None
    missed = [Noted("first_day", START, signals=True, did_not_come=True)]
    assert signal_of([], missed, on=late, late_after=7 * DAY) is TaskKind.NO_SHOW


@given(st.lists(DAYS, max_size=8), st.none() | DAYS, DAYS)
def test_missed_days_signal_by_the_rule_and_not_after_a_talk(
    missed: list[date], talked_on: date | None, on: date
) -> None:
    found = signal_of_days(missed, talked_on, on=on, most=2, within=10 * DAY, news=2 * DAY)
    lately = {day for day in missed if on - 10 * DAY < day <= on}
    if not lately or (talked_on is not None and talked_on >= max(lately)):
        assert found is None
    elif len(lately) >= 2:
        assert found == (TaskKind.SIGNAL, max(lately))
    elif on - 2 * DAY < max(lately):
        assert found == (TaskKind.NO_SHOW, max(lately))
    else:
        assert found is None
