"""How far what comes in has moved from what was learned on: the population stability index.

Source: N. Siddiqi, Credit Risk Scorecards (Wiley, 2006). Values fall into the bands of what was
learned on (tenths of a number, levels of a word), and *unknown* is a band of its own.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

WHOLE: Final = 10_000
"""Shares and indices are kept in ten-thousandths."""
BANDS: Final = 10
_HALF: Final = 0.5
"""Added to each count, so that an empty band says something and not everything."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The bands of one feature and the share of each; the last band is *unknown*.

    A number falls in the first band whose upper edge is not below it. A word falls under its level,
    or in the band before the last when it is none of them.
    """

    edges: tuple[float, ...]
    levels: tuple[str, ...]
    shares: tuple[int, ...]

    @property
    def bands(self) -> int:
        """How many there are."""
        return len(self.shares)

    def band(self, value: float | str | None) -> int:
        """The band of a value; None is unknown."""
        if value is None:
            return self.bands - 1
        if isinstance(value, str):
            return self.levels.index(value) if value in self.levels else len(self.levels)
        return bisect_left(self.edges, float(value))

    def counts(self, values: Iterable[float | str | None]) -> list[int]:
        """How many of `values` fall in each band."""
        found = [0] * self.bands
        for value in values:
            found[self.band(value)] += 1
        return found

    def to_plain(self) -> dict[str, Any]:
        """As it stands in a manifest."""
        return {
            "edges": list(self.edges),
            "levels": list(self.levels),
            "shares": list(self.shares),
        }


def spread_of(values: Sequence[float | str | None]) -> Spread:
    """The bands of the values that were learned on."""
    known = [value for value in values if value is not None]
    levels: tuple[str, ...] = ()
    edges: tuple[float, ...] = ()
    if known and all(isinstance(value, str) for value in known):
        levels = tuple(sorted({str(value) for value in known}))
    else:
        numbers = sorted(float(value) for value in known)
        at = (numbers[len(numbers) * part // BANDS] for part in range(1, BANDS) if numbers)
        edges = tuple(sorted({edge for edge in at if edge < numbers[-1]}))
    empty = Spread(edges, levels, (0,) * (len(edges) + len(levels) + 2))
    return Spread(edges, levels, _shares(empty.counts(values)))


def _shares(counts: Sequence[int]) -> tuple[int, ...]:
    total = max(sum(counts), 1)
    return tuple(round(WHOLE * count / total) for count in counts)


def spread_from_plain(plain: Mapping[str, Any]) -> Spread:
    """The inverse of `Spread.to_plain`; ValueError when it does not hold together."""
    spread = Spread(
        tuple(float(edge) for edge in plain["edges"]),
        tuple(str(level) for level in plain["levels"]),
        tuple(int(share) for share in plain["shares"]),
    )
    if spread.bands != len(spread.edges) + len(spread.levels) + 2:
        raise ValueError("as many shares as bands are needed")
    return spread


def stability_index(spread: Spread, counts: Sequence[int]) -> int | None:
    """The index of `counts` against the spread, in ten-thousandths; None without anybody.

    The sum over the bands of (share now - share then) x ln(share now / share then): 0 when nothing
    moved, and the same whichever of the two came first.
    """
    total = sum(counts)
    if total == 0:
        return None
    bands = spread.bands
    then = [(share + _HALF) / (sum(spread.shares) + _HALF * bands) for share in spread.shares]
    now = [(count + _HALF) / (total + _HALF * bands) for count in counts]
    # An empty band weighs the same in both: what nobody ever had has not moved.
    index = sum(
        (b - a) * math.log(b / a)
        for a, b, share, count in zip(then, now, spread.shares, counts, strict=True)
        if share or count
    )
    return round(WHOLE * max(index, 0.0))
