"""The rule that needs no learning: every feature that has a direction counts one (Dawes, 1979).

Either the cohort's own column, or the signed sum of the monotone features, each measured in its
own spread so that euros do not drown levels. A line on the log-odds turns it into a probability.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from training.cells import Floats
from training.cohort import CATEGORY
from training.dataset import Dataset, Ints
from training.metrics import calibration_line


def rule_columns(data: Dataset) -> list[str]:
    """The features whose signed sum is the rule score; empty when a column gives it."""
    if data.rule is not None:
        return []
    return [
        feature.name
        for feature, column in zip(data.features, data.columns, strict=True)
        if feature.monotone and column.kind != CATEGORY
    ]


class RuleScore:
    """The rule score as a probability, its two numbers learned from `learn`."""

    def __init__(self, data: Dataset, learn: Ints) -> None:
        self.score = _score(data, learn)
        self.mean = float(data.y[learn].mean())
        slope, shift, _ = calibration_line(data.y[learn], self.score[learn])
        # The rule says which way is up; a sample that says otherwise only says it is worthless.
        self.slope, self.shift = (slope, shift) if slope > 0 else (0.0, float("nan"))

    def probability(self, rows: Ints) -> Floats:
        """For the rows at these positions."""
        if self.slope == 0.0:
            return np.full(len(rows), self.mean)
        return np.asarray(expit(self.slope * self.score[rows] + self.shift), dtype=np.float64)


def _score(data: Dataset, learn: Ints) -> Floats:
    """Measured by the rows to learn from; an unknown stands in the middle."""
    if data.rule is not None:
        known = data.rule[learn]
        middle = float(np.nanmean(known)) if np.isfinite(known).any() else 0.0
        spread = float(np.nanstd(known)) if np.isfinite(known).any() else 0.0
        return np.nan_to_num((data.rule - middle) / (spread or 1.0))
    names = set(rule_columns(data))
    total = np.zeros(data.rows)
    for index, feature in enumerate(data.features):
        if feature.name not in names:
            continue
        values = data.x[:, index]
        known = values[learn]
        if not np.isfinite(known).any():
            continue
        middle, spread = float(np.nanmean(known)), float(np.nanstd(known))
        if spread > 0:
            total += feature.monotone * np.nan_to_num((values - middle) / spread)
    return total
