"""How good predictions are, each metric one function of outcome, prediction and weights.

`y` is 0 or 1, `p` a probability from 0 to 1, `weights` a nonnegative count a row (a bootstrap draws
rows by counting them). Rows with equal predictions count alike in whatever order they stand.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from training.cells import Floats

BINS: Final = 10
"""Equal-count bins of the calibration error."""
_EDGE: Final = 1e-6


def log_odds(p: Floats) -> Floats:
    """Of a probability, which is kept a millionth away from 0 and 1."""
    return logit(np.clip(p, _EDGE, 1 - _EDGE))


class Ranked:
    """Predictions sorted once, so that a thousand weightings cost a thousand sums."""

    def __init__(self, y: NDArray[np.int64], p: Floats) -> None:
        order = np.argsort(p, kind="stable")
        self.order = order
        self.y = y[order].astype(float)
        self.p = p[order]
        self.starts = np.flatnonzero(np.r_[True, np.diff(self.p) > 0])

    def auc(self, weights: Floats | None = None) -> float:
        """The chance that one who succeeded has the higher prediction; ties count half."""
        w = np.ones(len(self.y)) if weights is None else weights[self.order]
        good = np.add.reduceat(w * self.y, self.starts)
        bad = np.add.reduceat(w * (1 - self.y), self.starts)
        total = good.sum() * bad.sum()
        if total == 0:
            return 0.5
        below = np.cumsum(bad) - bad
        return float((good * (below + 0.5 * bad)).sum() / total)

    def brier(self, weights: Floats | None = None) -> float:
        """Mean squared distance between prediction and outcome."""
        wrong = (self.p - self.y) ** 2
        return float(np.average(wrong, weights=None if weights is None else weights[self.order]))

    def ece(self, weights: Floats | None = None, bins: int = BINS) -> float:
        """Mean distance between prediction and outcome over equal-count bins."""
        return float(self.bins(weights, bins)[3])

    def bins(
        self, weights: Floats | None = None, bins: int = BINS
    ) -> tuple[Floats, Floats, Floats, float]:
        """Mean prediction, share of success and rows of each bin, and the calibration error."""
        w = np.ones(len(self.y)) if weights is None else weights[self.order]
        # Equal predictions share their outcomes, so the order of rows inside a tie means nothing.
        tied = np.repeat(
            np.add.reduceat(w * self.y, self.starts)
            / np.maximum(np.add.reduceat(w, self.starts), _EDGE),
            np.diff(np.r_[self.starts, len(self.y)]),
        )
        edges = np.unique(np.linspace(0, len(self.y), bins + 1).round().astype(int))[:-1]
        size = np.add.reduceat(w, edges)
        held = np.maximum(size, _EDGE)
        predicted = np.add.reduceat(w * self.p, edges) / held
        happened = np.add.reduceat(w * tied, edges) / held
        error = float((np.abs(predicted - happened) * size).sum() / max(size.sum(), _EDGE))
        return predicted, happened, size, error


def log_loss(y: NDArray[np.int64], raw: Floats) -> float:
    """Mean logarithmic loss of log-odds."""
    return float((np.logaddexp(0.0, raw) - y * raw).mean())


def calibration_line(y: NDArray[np.int64], raw: Floats) -> tuple[float, float, float]:
    """Slope and intercept of the outcome on the log-odds, and the standard error of the slope.

    A slope of 1 is calibrated, below 1 too sure. Newton's method with a touch of ridge, so that a
    constant prediction has slope 0 and not none.
    """
    x = np.column_stack([np.ones(len(raw)), raw])
    beta = np.zeros(2)
    ridge = np.diag([1e-9, 1e-6])
    hessian = np.eye(2)
    for _ in range(50):
        p = expit(x @ beta)
        hessian = x.T @ (x * (p * (1 - p))[:, None]) + ridge
        step = np.linalg.solve(hessian, x.T @ (y - p) - ridge @ beta)
        beta += np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-10:
            break
    error = float(np.sqrt(np.linalg.inv(hessian)[1, 1]))
    return float(beta[1]), float(beta[0]), error


def noise_floor(p: Floats, draws: int, rng: np.random.Generator) -> tuple[float, float]:
    """The calibration error of a perfect prediction: its mean and its 95th percentile.

    Outcomes are drawn from the predictions themselves, so all that is left is chance.
    """
    errors = [Ranked((rng.random(len(p)) < p).astype(np.int64), p).ece() for _ in range(draws)]
    return float(np.mean(errors)), float(np.quantile(errors, 0.95))


def net_benefit(y: NDArray[np.int64], p: Floats, threshold: float) -> float:
    """Of acting on everyone with `p` at or above `threshold` (Vickers and Elkin, 2006)."""
    acted = p >= threshold
    odds = threshold / (1 - threshold)
    return float((acted & (y == 1)).mean() - odds * (acted & (y == 0)).mean())
