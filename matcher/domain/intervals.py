"""Intervals over seeds: how sure a mean, or a ratio of two sums, is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 4_000
TAILS = (2.5, 97.5)
_STREAM = 4


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % interval; `low` and `high` are None where one seed gives none."""

    value: float
    low: float | None
    high: float | None

    def times(self, factor: float) -> Interval:
        """The same in another unit."""
        ends = (None if end is None else end * factor for end in (self.low, self.high))
        return Interval(self.value * factor, *ends)


def mean_over_seeds(values: NDArray[np.float64]) -> Interval:
    """The mean with its interval by resampling seeds; the same values give the same interval."""
    return ratio_over_seeds(values, np.ones(len(values))) or Interval(0.0, None, None)


def ratio_over_seeds(parts: NDArray[np.float64], wholes: NDArray[np.float64]) -> Interval | None:
    """Sum of parts over sum of wholes; None where the wholes sum to nothing.

    Both are by seed and are resampled together, so what seeds have in common cancels out.
    """
    total = float(wholes.sum())
    if total <= 0:
        return None
    value = float(parts.sum()) / total
    if len(parts) < 2:
        return Interval(value, None, None)
    drawn = np.random.default_rng(_STREAM).integers(0, len(parts), (RESAMPLES, len(parts)))
    below = wholes[drawn].sum(axis=1)
    ratios = parts[drawn].sum(axis=1)[below > 0] / below[below > 0]
    low, high = np.percentile(ratios, TAILS)
    return Interval(value, float(low), float(high))
