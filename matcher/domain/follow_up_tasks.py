"""What is to do about somebody at work, and when: moments of contact, questions, early signals.

A signal asks for a talk and for nothing else: no measure, no figure about anybody rests on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class TaskKind(StrEnum):
    """What is asked of who guides somebody, the most pressing first."""

    NO_SHOW = "no_show"
    SIGNAL = "signal"
    DIFFERS = "differs"
    FIRST_DAY = "first_day"
    FIRST_PAY = "first_pay"
    TRIAL_ENDS = "trial_ends"
    """A trial is almost over, and nothing was agreed yet."""
    CONTACT = "contact"
    OUTCOME = "outcome"


ORDER = tuple(TaskKind)


@dataclass(frozen=True, slots=True)
class Plan:
    """One moment of contact that was planned: on the list from `asked_on` to before `until`."""

    step: str
    kind: TaskKind
    asked_on: date
    due_on: date
    until: date | None

    def is_asked(self, on: date) -> bool:
        """Whether it is on the list on a day."""
        return self.asked_on <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class Noted:
    """A moment of contact that was: which one, on which day, and whether it signals."""

    step: str
    on: date
    signals: bool
    did_not_come: bool = False


def planned(
    starts_on: date,
    first_pay_on: date | None,
    *,
    first_week: timedelta,
    first_month: timedelta,
    ahead: timedelta,
    before_pay: timedelta,
    until: date,
) -> tuple[Plan, ...]:
    """The moments of contact after a start; `until` is when the first question takes over.

    The first pay day has one only once it is known: no day is guessed.
    """
    week, month = starts_on + first_week, starts_on + first_month
    found = [
        Plan("first_day", TaskKind.FIRST_DAY, starts_on - ahead, starts_on, until),
        Plan("first_week", TaskKind.CONTACT, week - ahead, week, until),
        Plan("first_month", TaskKind.CONTACT, month - ahead, month, until),
    ]
    if first_pay_on is not None:
        due = first_pay_on - before_pay
        after = first_pay_on + timedelta(days=1)
        found.append(Plan("first_pay", TaskKind.FIRST_PAY, due, due, after))
    return tuple(found)


def still_open(plans: Iterable[Plan], noted: Sequence[Noted]) -> list[Plan]:
    """The planned moments that were not: any later contact stands for an earlier planned one.

    Talking about the first pay day is a subject of its own, so nothing else stands for it.
    """
    steps = {one.step for one in noted}
    last = max((one.on for one in noted), default=date.min)
    return [
        plan
        for plan in plans
        if plan.step not in steps
        and (plan.kind in (TaskKind.FIRST_PAY, TaskKind.FIRST_DAY) or last < plan.due_on)
    ]


def signal_of(
    open_plans: Iterable[Plan], noted: Sequence[Noted], *, on: date, late_after: timedelta
) -> TaskKind | None:
    """What contacts signal on a day: the newest one, or one that is long overdue."""
    if noted and noted[-1].did_not_come:
        return TaskKind.NO_SHOW
    if noted and noted[-1].signals:
        return TaskKind.SIGNAL
    late = [one for one in open_plans if one.is_asked(on) and one.due_on + late_after < on]
    return TaskKind.SIGNAL if late else None


def signal_of_days(
    missed: Iterable[date],
    talked_on: date | None,
    *,
    on: date,
    most: int,
    within: timedelta,
    news: timedelta,
) -> tuple[TaskKind, date] | None:
    """What days in a programme signal: missed so often lately, or missed just now; and since when.

    Whoever talked with the person on or after the last missed day has dealt with it.
    """
    lately = sorted(day for day in set(missed) if on - within < day <= on)
    if not lately or (talked_on is not None and talked_on >= lately[-1]):
        return None
    if len(lately) >= most:
        return TaskKind.SIGNAL, lately[-1]
    return (TaskKind.NO_SHOW, lately[-1]) if on - news < lately[-1] else None
