"""Positions in the pictures of how a prediction holds, in percent, so that a template only draws.

As in ``matcher.web.charts``: inline SVG whose places are percentages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from matcher.reference.artefact_terms import ArtefactTerms
from matcher.repositories.artefacts import MonthRecord
from matcher.services.artefact_watch import Held, held_of
from matcher.web.artefacts.words import feature_words, index_words, month, share, short_month
from matcher.web.charts import Meaning

_TOP, _BOTTOM = 8.0, 84.0
_WHOLE = 10_000
_LEFT, _RIGHT = 14.0, 96.0
SHOWN, FEW = 12, 6
"""Months in a picture, and so many that each has its name under it."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A month in a picture: where it stands, its meaning, and the same in words for the table."""

    x: float
    y: float
    kind: Meaning
    label: str
    month: str
    words: str
    detail: str


@dataclass(frozen=True, slots=True)
class Step:
    """The line from one month to the next."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class DriftPlot:
    """The feature that moved most, month by month, with the two borders."""

    dots: tuple[Dot, ...]
    steps: tuple[Step, ...]
    look_y: float
    shift_y: float
    look: str
    shift: str


@dataclass(frozen=True, slots=True)
class HeldMonth:
    """One month of what was said beside what happened; nothing is drawn while `held` is unknown."""

    x: float
    low_y: float | None
    high_y: float | None
    happened_y: float | None
    said_y: float | None
    kind: Meaning
    label: str
    month: str
    said: str
    happened: str
    interval: str
    known: int
    unknown: int


def _height(part: float) -> float:
    """From the bottom (0) to the top (1)."""
    return round(_BOTTOM - min(max(part, 0.0), 1.0) * (_BOTTOM - _TOP), 2)


def _across(position: int, count: int) -> float:
    if count == 1:
        return (_LEFT + _RIGHT) / 2
    return round(_LEFT + position * (_RIGHT - _LEFT) / (count - 1), 2)


def meaning_of(index: int, terms: ArtefactTerms) -> Meaning:
    """Whether an index is nothing to speak of, to be looked into, or a shift."""
    if index >= terms.shift:
        return "no"
    return "near" if index >= terms.look else "ok"


def most_moved(drift: Mapping[str, int | None]) -> tuple[str, int] | None:
    """The feature that moved most; None where too few people were predicted for."""
    known = [(index, name) for name, index in drift.items() if index is not None]
    if not known:
        return None
    index, name = max(known)
    return name, index


def drift_plot(months: Sequence[MonthRecord], terms: ArtefactTerms) -> DriftPlot | None:
    """The picture of months in which enough people were predicted for; None without one."""
    judged: list[tuple[date, str, int]] = []
    for one in months:
        found = most_moved(one.drift)
        if found is not None:
            judged.append((one.month, *found))
    judged = judged[-SHOWN:]
    if not judged:
        return None
    top = max(terms.shift + terms.look, *(index for _day, _name, index in judged))
    dots = tuple(
        Dot(
            x=_across(position, len(judged)),
            y=_height(index / top),
            kind=meaning_of(index, terms),
            label=_label(day, position, len(judged)),
            month=month(day),
            words=index_words(index),
            detail=feature_words(name),
        )
        for position, (day, name, index) in enumerate(judged)
    )
    steps = tuple(Step(one.x, one.y, other.x, other.y) for one, other in pairwise(dots))
    return DriftPlot(
        dots=dots,
        steps=steps,
        look_y=_height(terms.look / top),
        shift_y=_height(terms.shift / top),
        look=index_words(terms.look),
        shift=index_words(terms.shift),
    )


def held_plot(months: Sequence[MonthRecord], terms: ArtefactTerms) -> tuple[HeldMonth, ...]:
    """What was said beside what happened, for months with an outcome of this service."""
    found = [(one, held) for one in months if (held := held_of(one, terms)) is not None]
    judged = [pair for pair in found if pair[1].said is not None]
    # Outcomes come in long after a prediction: the latest months of which they are known.
    shown = judged[-SHOWN:] or found[-SHOWN:]
    return tuple(
        _held_month(one, held, _across(at, len(shown)), _label(one.month, at, len(shown)))
        for at, (one, held) in enumerate(shown)
    )


def _label(day: date, position: int, count: int) -> str:
    """The month under a picture; with many, each second one, so that they fit on a phone."""
    return short_month(day) if count <= FEW or (count - 1 - position) % 2 == 0 else ""


def _held_month(one: MonthRecord, held: Held, x: float, label: str) -> HeldMonth:
    def height(value: int | None) -> float | None:
        return None if value is None else _height(value / _WHOLE)

    def words(value: int | None) -> str:
        return share(None if value is None else value / _WHOLE)

    kind: Meaning = "ask" if held.said is None else ("no" if held.misses else "ok")
    interval = "–" if held.low is None else f"{words(held.low)} – {words(held.high)}"
    return HeldMonth(
        x=x,
        low_y=height(held.low),
        high_y=height(held.high),
        happened_y=height(held.happened),
        said_y=height(held.said),
        kind=kind,
        label=label,
        month=month(one.month),
        said=words(held.said),
        happened=words(held.happened),
        interval=interval,
        known=held.known,
        unknown=held.unknown,
    )
