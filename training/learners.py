"""The two learners: regularised logistic regression and boosting, both kept monotone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import Pipeline

from training.cells import Column, Floats
from training.cohort import Feature
from training.dataset import Dataset, Ints
from training.preparation import Preparation

LOGISTIC: Final = "logistic"
BOOSTING: Final = "boosting"
LEARNERS: Final = (LOGISTIC, BOOSTING)

MANY: Final = 20_000
"""Rows from which fewer settings are tried: they matter less, and time more."""

Settings = tuple[tuple[str, float], ...]
"""A learner's settings by name, sorted: comparable, and the same in every run."""


class SignedLogistic(ClassifierMixin, BaseEstimator):
    """Logistic regression whose weights keep a given sign, with a penalty on standardised columns.

    `penalty` is the weight of half the squared weights against the mean loss times the rows, as
    ``1 / C`` is in scikit-learn. `signs` holds 1 (never below nought), -1 or 0 a column.
    """

    def __init__(self, penalty: float = 1.0, signs: Sequence[int] = ()) -> None:
        self.penalty = penalty
        self.signs = signs

    def fit(self, x: Floats, y: Ints) -> Self:
        """Bounded quasi-Newton; the loss is convex, so there is one answer."""
        self.classes_ = np.array([0, 1])
        self.centre_ = x.mean(axis=0)
        spread = x.std(axis=0)
        self.scale_ = np.where(spread > 1e-12, spread, np.inf)
        z = np.ascontiguousarray((x - self.centre_) / self.scale_)
        signs = np.asarray(self.signs if len(self.signs) else np.zeros(x.shape[1]), dtype=int)
        bounds = [(None, None), *((0.0 if s > 0 else None, 0.0 if s < 0 else None) for s in signs)]
        rows = len(y)
        mean = min(max(float(y.mean()), 1 / (rows + 2)), 1 - 1 / (rows + 2))
        target = y.astype(float)

        def loss(weights: Floats) -> tuple[float, Floats]:
            raw = z @ weights[1:] + weights[0]
            wrong = expit(raw) - target
            value = float(np.logaddexp(0.0, raw).sum() - target @ raw)
            slope = np.empty_like(weights)
            slope[0] = wrong.sum()
            slope[1:] = z.T @ wrong + self.penalty * weights[1:]
            value += 0.5 * self.penalty * float(weights[1:] @ weights[1:])
            return value / rows, slope / rows

        start = np.zeros(x.shape[1] + 1)
        start[0] = np.log(mean / (1 - mean))
        found = minimize(
            loss, start, jac=True, method="L-BFGS-B", bounds=bounds,
            options={"maxiter": 300, "ftol": 1e-11, "gtol": 1e-7},
        )  # fmt: skip
        self.intercept_ = float(found.x[0])
        self.weights_ = found.x[1:] / self.scale_
        return self

    def decision_function(self, x: Floats) -> Floats:
        """Log-odds."""
        return self.intercept_ + (x - self.centre_) @ self.weights_

    def predict_proba(self, x: Floats) -> Floats:
        """Probabilities of 0 and 1."""
        positive = expit(self.decision_function(x))
        return np.column_stack([1 - positive, positive])


def settings_of(learner: str, rows: int) -> list[Settings]:
    """What the inner folds choose from, the most careful first; fewer for many rows."""
    if learner == LOGISTIC:
        penalties = (300.0, 100.0, 30.0, 10.0, 3.0, 1.0) if rows <= MANY else (100.0, 10.0, 1.0)
        return [(("penalty", penalty),) for penalty in penalties]
    leaf = float(max(20, min(200, rows // 50)))
    shapes = [(2, (30, 60, 100)), (3, (60, 120))] if rows <= MANY else [(3, (100, 200))]
    return [
        (("depth", float(depth)), ("leaf", leaf), ("rounds", float(rounds)))
        for depth, choices in shapes
        for rounds in choices
    ]


def log_odds_by_settings(
    learner: str, data: Dataset, learn: Ints, judge: Ints, seed: int
) -> dict[Settings, Floats]:
    """The log-odds of the rows to judge under every setting, after learning once where it can be.

    Boosting with fewer rounds is the beginning of boosting with more.
    """
    rows = len(learn)
    if learner == LOGISTIC:
        preparation = Preparation(data.features, data.columns).fit(data.x[learn])
        known, unseen = preparation.transform(data.x[learn]), preparation.transform(data.x[judge])
        signs = tuple(preparation.signs())
        return {
            settings: SignedLogistic(settings[0][1], signs)
            .fit(known, data.y[learn])
            .decision_function(unseen)
            for settings in settings_of(learner, rows)
        }
    found: dict[Settings, Floats] = {}
    by_depth: dict[float, dict[int, Settings]] = {}
    for settings in settings_of(learner, rows):
        named = dict(settings)
        by_depth.setdefault(named["depth"], {})[int(named["rounds"])] = settings
    for stages in by_depth.values():
        fitted = fit_rows(learner, stages[max(stages)], data, learn, seed)
        unseen = fitted.preparation.transform(data.x[judge])
        for rounds, raw in enumerate(fitted.learned.staged_decision_function(unseen), 1):
            if rounds in stages:
                found[stages[rounds]] = np.asarray(raw, dtype=np.float64).ravel()
    return found


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted pipeline of two steps: the preparation, and what learned from its columns."""

    pipeline: Pipeline

    @property
    def preparation(self) -> Preparation:
        """Its first step."""
        return self.pipeline.named_steps["prepare"]

    @property
    def learned(self) -> Any:
        """Its second step."""
        return self.pipeline.named_steps["learn"]

    def log_odds(self, x: Floats) -> Floats:
        """For the matrix of features `x`, before calibration."""
        return np.asarray(self.pipeline.decision_function(x), dtype=np.float64)


def fit(
    learner: str,
    settings: Settings,
    features: tuple[Feature, ...],
    columns: tuple[Column, ...],
    x: Floats,
    y: Ints,
    seed: int,
) -> Fitted:
    """One learner on the rows at hand."""
    preparation = Preparation(features, columns).fit(x)
    prepared = preparation.transform(x)
    learned = _estimator(learner, dict(settings), preparation.signs(), seed)
    learned.fit(prepared, y)
    return Fitted(Pipeline([("prepare", preparation), ("learn", learned)]))


def fit_rows(learner: str, settings: Settings, data: Dataset, rows: Ints, seed: int) -> Fitted:
    """One learner on some rows of a data set."""
    return fit(learner, settings, data.features, data.columns, data.x[rows], data.y[rows], seed)


def _estimator(
    learner: str, settings: dict[str, float], signs: list[int], seed: int
) -> SignedLogistic | HistGradientBoostingClassifier:
    if learner == LOGISTIC:
        return SignedLogistic(settings["penalty"], tuple(signs))
    return HistGradientBoostingClassifier(
        learning_rate=0.06,
        max_iter=int(settings["rounds"]),
        max_depth=int(settings["depth"]),
        min_samples_leaf=int(settings["leaf"]),
        l2_regularization=10.0,
        max_bins=64,
        monotonic_cst=signs,
        early_stopping=False,
        random_state=seed,
    )
