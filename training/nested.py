"""Out-of-fold predictions: settings and calibration chosen inside, judged outside.

For each outer fold the inner folds choose a learner's settings by logarithmic loss and then whether
to calibrate: not at all, or by a line through the log-odds. (Steps, as in isotonic calibration, are
no option: the parts of a prediction would no longer add up.)
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from scipy.special import expit
from threadpoolctl import threadpool_limits

from training.cells import Floats
from training.cohort import TEMPORAL
from training.dataset import Dataset, Ints
from training.learners import LEARNERS, Fitted, Settings, fit_rows, log_odds_by_settings
from training.metrics import calibration_line, log_loss
from training.rule_score import RuleScore
from training.splits import Fold, folds_of, inner_folds, split_of

BASE_RATE = "base_rate"
RULE_SCORE = "rule_score"

SMALL = 100_000
"""Cells below which one process does."""

FLAT_SLOPE = 0.05
"""A calibration line flatter than this turns a prediction into the base rate."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """`slope` x log-odds + `shift`; 1 and 0 leave a prediction as it is."""

    slope: float = 1.0
    shift: float = 0.0

    @property
    def is_none(self) -> bool:
        """Whether it changes nothing."""
        return self.slope == 1.0 and self.shift == 0.0

    def __call__(self, raw: Floats) -> Floats:
        return self.slope * raw + self.shift


@dataclass(frozen=True, slots=True)
class Choice:
    """What the inner folds chose for one learner, and the loss it had there."""

    learner: str
    settings: Settings
    calibration: Calibration
    loss: float


@dataclass(slots=True)
class OutOfFold:
    """Predictions of rows by what had not seen them.

    `p[name]` has a row a repeat and a column a data row, NaN where never judged (the first window
    of a temporal split). `judged` are the positions with predictions; `late` those of the last
    window, where dates exist.
    """

    p: dict[str, Floats]
    judged: Ints
    late: Ints | None
    choices: list[dict[str, Any]]


def choose(learner: str, data: Dataset, learn: Ints, seed: int) -> Choice:
    """Settings and calibration of `learner`, by inner folds of the rows to learn from."""
    folds = inner_folds(data, learn, seed)
    order = np.concatenate([judge for _, judge in folds])
    which = np.concatenate([np.full(len(judge), i) for i, (_, judge) in enumerate(folds)])
    y = data.y[order]
    paths = [log_odds_by_settings(learner, data, inner, judge, seed) for inner, judge in folds]
    best: Choice | None = None
    best_raw = np.zeros(0)
    for settings in paths[0]:
        raw = np.concatenate([path[settings] for path in paths])
        loss = log_loss(y, raw)
        if best is None or loss < best.loss - 1e-9:
            best, best_raw = Choice(learner, settings, Calibration(), loss), raw
    if best is None:  # pragma: no cover - every learner has settings
        raise RuntimeError(learner)
    return _calibrated(best, y, best_raw, which)


def _calibrated(choice: Choice, y: Ints, raw: Floats, which: Ints) -> Choice:
    """Takes a calibration line where, learned on the other folds, it lowers the loss on each."""
    crossed = np.empty_like(raw)
    for fold in np.unique(which):
        inside = which == fold
        crossed[inside] = _line(y[~inside], raw[~inside])(raw[inside])
    loss = log_loss(y, crossed)
    if loss >= choice.loss:
        return choice
    return Choice(choice.learner, choice.settings, _line(y, raw), loss)


def _line(y: Ints, raw: Floats) -> Calibration:
    slope, shift, _ = calibration_line(y, raw)
    # A negative slope would turn every declared direction round; none at all is the base rate.
    if slope <= FLAT_SLOPE:
        mean = float(np.clip(y.mean(), 1e-6, 1 - 1e-6))
        return Calibration(FLAT_SLOPE, float(np.log(mean / (1 - mean)) - FLAT_SLOPE * raw.mean()))
    return Calibration(slope, shift)


def fit_chosen(choice: Choice, data: Dataset, rows: Ints, seed: int) -> Fitted:
    """The chosen learner on all the rows at hand."""
    return fit_rows(choice.learner, choice.settings, data, rows, seed)


def _one(
    fold: Fold, name: str, data: Dataset, seed: int
) -> tuple[Fold, str, Floats, dict[str, Any]]:
    """One learner on one outer fold."""
    y = data.y[fold.learn]
    if name == BASE_RATE:
        return fold, name, np.full(len(fold.judge), float(y.mean())), {}
    with threadpool_limits(limits=1):
        if name == RULE_SCORE:
            rule = RuleScore(data, fold.learn)
            return fold, name, rule.probability(fold.judge), {}
        choice = choose(name, data, fold.learn, seed)
        fitted = fit_chosen(choice, data, fold.learn, seed)
        p = expit(choice.calibration(fitted.log_odds(data.x[fold.judge])))
    told = {
        "learner": name,
        "repeat": fold.repeat,
        "fold": fold.number,
        "settings": dict(choice.settings),
        "slope": round(choice.calibration.slope, 6),
        "shift": round(choice.calibration.shift, 6),
    }
    return fold, name, p, told


def out_of_fold(
    data: Dataset,
    learners: tuple[str, ...] = LEARNERS,
    jobs: int | None = None,
    is_distributed: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> OutOfFold:
    """Every learner, the base rate and the rule score on every outer fold.

    One process a core, each with one thread: the result does not depend on how many there are.
    `is_distributed` leaves the spreading to whichever backend joblib was given (`backends.py`).
    """
    folds = folds_of(data)
    seed = data.cohort.seed
    names = (BASE_RATE, RULE_SCORE, *learners)
    work = [(fold, name) for fold in folds for name in names]
    repeats = 1 + max(fold.repeat for fold in folds)
    p = {name: np.full((repeats, data.rows), np.nan) for name in names}
    told: list[dict[str, Any]] = []
    parallel = Parallel(n_jobs=_workers(data, jobs, is_distributed), return_as="generator")
    results = parallel(delayed(_one)(fold, name, data, seed) for fold, name in work)
    for done, (fold, name, found, choice) in enumerate(results, 1):
        p[name][fold.repeat, fold.judge] = found
        if choice:
            told.append(choice)
        progress(done, len(work))
    judged = np.flatnonzero(~np.isnan(p[BASE_RATE]).any(axis=0))
    late = folds[-1].judge if split_of(data).kind == TEMPORAL else None
    return OutOfFold(p, judged, late, told)


def _workers(data: Dataset, jobs: int | None, is_distributed: bool) -> int:
    """Processes; small data are done before a second one has begun."""
    if is_distributed:
        return -1
    if jobs is None and data.rows * data.x.shape[1] < SMALL:
        return 1
    return jobs or min(2, os.cpu_count() or 1)
