"""What a programme changes, learned from few outcomes: drawn to what is known of its kind.

Normal prior and normal estimate (empirical Bayes): the mean of both, each weighted by how sure it
is. With no outcomes the prior stands; with many the measurement does. Steps on a level, or shares.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EffectPrior:
    """What to expect of a kind of programme before its own outcomes: mean and spread."""

    mean: float
    spread: float


@dataclass(frozen=True, slots=True)
class ShrunkEffect:
    """An effect with its standard error, and the weight that the own outcomes had, 0 to 1."""

    value: float
    error: float
    own_weight: float
    outcomes: int

    @property
    def low(self) -> float:
        """Lower end of the 95 % interval."""
        return self.value - 1.96 * self.error

    @property
    def high(self) -> float:
        """Upper end of the 95 % interval."""
        return self.value + 1.96 * self.error


def shrink(
    prior: EffectPrior, measured: float | None, error: float | None, outcomes: int
) -> ShrunkEffect:
    """The effect of one programme from its prior and its own estimate.

    `measured` and its standard `error` come from people; None is nothing measured. ValueError for
    a spread or an error that is not above nought.
    """
    if prior.spread <= 0 or (error is not None and error <= 0):
        raise ValueError("spread and error must lie above nought")
    if measured is None or error is None or outcomes == 0:
        return ShrunkEffect(prior.mean, prior.spread, 0.0, 0)
    sure_before, sure_now = prior.spread**-2, error**-2
    weight = sure_now / (sure_before + sure_now)
    value = prior.mean + weight * (measured - prior.mean)
    return ShrunkEffect(value, math.sqrt(1 / (sure_before + sure_now)), weight, outcomes)
