"""Positions in the pictures, in percent, so that a template only draws them.

Pictures are inline SVG whose places are percentages: sharp at every width, printable, and within
a policy that allows no inline style.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from matcher.http.language import day

Meaning = Literal["ok", "near", "ask", "no"]


@dataclass(frozen=True, slots=True)
class Bar:
    """One level against what is asked, in percent of the scale.

    `kind` is the meaning; `now` and `asked` are the same in words, for the table, and `words` is
    the whole for people who listen. A `percent` of an unknown level (kind ask) is not drawn.
    """

    label: str
    kind: Meaning
    percent: float
    need_percent: float | None
    now: str | None
    asked: str | None
    words: str


@dataclass(frozen=True, slots=True)
class SpanInput:
    """One thing on a time line; without `ends_on` it lasts."""

    label: str
    starts_on: date
    ends_on: date | None
    kind: Literal["ok", "near", "ask", "maybe", "place"] = "ok"
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A thing with its place on the line."""

    label: str
    starts_on: date
    ends_on: date | None
    kind: str
    note: str | None
    percent: float
    width_percent: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the axis."""

    label: str
    percent: float


@dataclass(frozen=True, slots=True)
class TimeLine:
    """Things over time, with the marks of the axis."""

    spans: tuple[Span, ...]
    ticks: tuple[Tick, ...]


# A place that has begun is drawn for this long after its first day.
_TAIL = timedelta(weeks=4)
# A course of one day must still be seen.
_NARROWEST_PERCENT = 2.0
_MOST_TICKS = 4


def time_line(items: Sequence[SpanInput], begins_on: date) -> TimeLine:
    """The line from `begins_on` to a little after the last thing; ValueError without things."""
    if not items:
        raise ValueError("a time line needs at least one thing")
    last = max(item.ends_on or item.starts_on + _TAIL for item in items)
    total = max((last - begins_on).days, 7)

    def percent(moment: date) -> float:
        return round(min(max((moment - begins_on).days / total, 0), 1) * 100, 2)

    spans = []
    for item in items:
        left = percent(item.starts_on)
        right = 100.0 if item.ends_on is None else percent(item.ends_on)
        width = max(right - left, _NARROWEST_PERCENT)
        spans.append(
            Span(
                item.label,
                item.starts_on,
                item.ends_on,
                item.kind,
                item.note,
                min(left, 100 - width),
                round(width, 2),
            )
        )
    every = max(1, -(-total // (7 * _MOST_TICKS))) * 7
    ticks = [
        Tick(day(begins_on + timedelta(days=days)), round(100 * days / total, 2))
        for days in range(0, total, every)
        if days == 0 or 100 * days / total < 92
    ]
    return TimeLine(tuple(spans), tuple(ticks))
