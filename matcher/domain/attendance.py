"""Counting the days on which somebody came, and what they suggest; a person decides.

Agreed absence is outside the count, whatever it was for (practice specification 4 and 7, 10).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Mark(StrEnum):
    """What one day was like."""

    CAME = "came"
    AGREED = "agreed"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class AttendanceCount:
    """Days of one person; agreed absence beside the count."""

    came: int
    missed: int
    agreed: int

    @property
    def expected(self) -> int:
        """The days that count."""
        return self.came + self.missed


@dataclass(frozen=True, slots=True)
class RhythmStep:
    """A level of rhythm that is reached from a share of days on, or above one."""

    level: int
    from_percent: int | None = None
    over_percent: int | None = None

    def is_reached(self, count: AttendanceCount) -> bool:
        """Compared in whole days: no rounding decides a level."""
        share = 100 * count.came
        if self.over_percent is not None:
            return share > self.over_percent * count.expected
        return share >= (self.from_percent or 0) * count.expected


@dataclass(frozen=True, slots=True)
class ExitRule:
    """What suggests a next step: levels over so many weeks, or days missed in a row.

    `suggests` is ``next_step`` or ``talk``; `kinds` the kinds of programme, empty for all.
    """

    suggests: str
    kinds: frozenset[str] = frozenset()
    weeks: int = 0
    rhythm: int | None = None
    work_skills: int | None = None
    missed_in_a_row: int | None = None


Day = tuple[date, Mark]


def count_days(days: Iterable[Day], *, since: date, until: date) -> AttendanceCount:
    """The days from `since` to `until`, both included."""
    marks = [mark for on, mark in days if since <= on <= until]
    return AttendanceCount(*(marks.count(mark) for mark in (Mark.CAME, Mark.MISSED, Mark.AGREED)))


def suggested_rhythm(
    count: AttendanceCount, steps: Iterable[RhythmStep], *, least_days: int
) -> int | None:
    """The highest level of rhythm reached; None with too few days to say anything."""
    if count.expected < max(1, least_days):
        return None
    return max((step.level for step in steps if step.is_reached(count)), default=0)


def missed_last(days: Sequence[Day]) -> int:
    """How many counted days were missed in a row, up to the last one."""
    missed = 0
    for _on, mark in sorted(days, reverse=True):
        if mark is Mark.CAME:
            return missed
        missed += mark is Mark.MISSED
    return missed


def suggested_exit(
    rules: Iterable[ExitRule],
    *,
    kind: str,
    days: Sequence[Day],
    weeks_in: float,
    rhythm: int | None,
    work_skills: int | None,
) -> str | None:
    """The first rule that holds: ``next_step``, ``talk`` or None.

    `rhythm` is what the days suggest, `work_skills` what was last seen; unknown never suggests.
    """
    for rule in rules:
        if rule.kinds and kind not in rule.kinds:
            continue
        if rule.missed_in_a_row is not None:
            if missed_last(days) >= rule.missed_in_a_row:
                return rule.suggests
            continue
        enough = weeks_in >= rule.weeks
        levels = ((rhythm, rule.rhythm), (work_skills, rule.work_skills))
        if enough and all(
            asked is None or (known is not None and known >= asked) for known, asked in levels
        ):
            return rule.suggests
    return None
