"""The picture of the board: places and people over the weeks, as positions from 0 to 100."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.domain.inflow import Forecast

_STEPS = (1, 2, 5)
_LINES_MAXIMUM = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on an axis with its number."""

    number: int
    percent: float


@dataclass(frozen=True, slots=True)
class Picture:
    """Areas and lines as paths in a square of 100 by 100; `short` is where the told week is short.

    `due` is None where no place has a last day to start.
    """

    ready: str
    likely: str
    open: str
    due: str | None
    short: tuple[float, float, float] | None
    rows: tuple[Mark, ...]
    weeks: tuple[Mark, ...]


def picture_of(found: Forecast, ahead: tuple[int, ...], told: int) -> Picture:
    """The forecast as a picture; `ahead` are the weeks with a mark, `told` the one of the sentence.

    `short` holds where across, and from which to which height.
    """
    sure = [found.ready + come for come in found.coming]
    maybe = [both + more for both, more in zip(sure, found.likely, strict=True)]
    last = len(sure) - 1
    rows = _rows(max(found.open, *maybe))
    top = rows[-1]

    def x(week: int) -> float:
        return round(100 * week / last, 2)

    def y(number: int) -> float:
        return round(100 - 100 * number / top, 2)

    def line(numbers: list[int]) -> str:
        return " L".join(f"{x(week)} {y(number)}" for week, number in enumerate(numbers))

    def steps(numbers: list[int]) -> str:
        points = [f"M{x(0)} {y(numbers[0])}"]
        for week, number in enumerate(numbers[1:], start=1):
            points.append(f"H{x(week)} V{y(number)}")
        return " ".join(points)

    back = " L".join(f"{x(week)} {y(sure[week])}" for week in range(last, -1, -1))
    is_short = found.short[told] > 0
    return Picture(
        ready=f"M0 100 L{line(sure)} L100 100 Z",
        likely=f"M{line(maybe)} L{back} Z",
        open=f"M0 {y(found.open)} H100",
        due=steps(list(found.due)) if found.due[-1] else None,
        short=(x(told), y(found.open), y(sure[told])) if is_short else None,
        rows=tuple(Mark(number, y(number)) for number in rows),
        weeks=tuple(Mark(week, x(week)) for week in (0, *ahead)),
    )


def _rows(highest: int) -> list[int]:
    """Whole numbers for the lines across, from nought to one that is high enough."""
    size = 1
    while True:
        for step in _STEPS:
            count = -(-max(highest, 1) // (step * size))
            if count <= _LINES_MAXIMUM:
                return [number * step * size for number in range(count + 1)]
        size *= 10
