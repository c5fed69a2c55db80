"""Who gets treated and what to expect either way: the two models under an effect.

Columns are the features of the treatment model, with a flag where many stand at nought (no
earnings at all is another thing than low earnings) and squares of what has many values. Each row is
predicted by models that had not seen it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from training.cells import Floats
from training.cohort import Feature, Treatment
from training.dataset import Dataset, Ints
from training.learners import SignedLogistic
from training.preparation import Preparation

FOLDS: Final = 5
NOUGHTS: Final = (0.05, 0.95)
"""Between these shares of noughts a feature gets a flag for them."""
MANY_VALUES: Final = 10
EDGE: Final = 1e-4
RIDGE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Nuisances:
    """For each row the chance of treatment, and the outcome to expect untreated and treated."""

    chance: Floats
    untreated: Floats
    treated: Floats


def treatment_columns(data: Dataset, treatment: Treatment) -> Floats:
    """The columns of the treatment model; by lot, those of all features but the treatment."""
    names = treatment.model or tuple(feature.column for feature in data.features)
    features: list[Feature] = []
    columns = []
    for name in names:
        if name == treatment.column:
            continue
        known = {feature.column: i for i, feature in enumerate(data.features)}
        if name in known:
            feature, column = data.features[known[name]], data.columns[known[name]]
        else:
            column = data.extra[name]
            feature = Feature(name, name, column.kind, 0, "flag")
        # An unknown is told by a flag here, whatever stands in for it when predicting.
        has_gaps = bool(np.isnan(column.values).any())
        features.append(
            Feature(feature.name, feature.column, column.kind, 0, "flag" if has_gaps else "none")
        )
        columns.append(column)
    if not columns:
        return np.zeros((data.rows, 0))
    x = np.column_stack([column.values for column in columns])
    preparation = Preparation(tuple(features), tuple(columns)).fit(x)
    return _widened(preparation.transform(x))


def _widened(x: Floats) -> Floats:
    parts = [x]
    for column in x.T:
        if len(np.unique(column)) <= MANY_VALUES:
            continue
        share = float((column == 0).mean())
        if NOUGHTS[0] < share < NOUGHTS[1]:
            parts.append((column == 0).astype(float)[:, None])
        parts.append((column**2)[:, None])
    wide = np.hstack(parts)
    spread = wide.std(axis=0)
    wide = wide[:, spread > 0]
    return (wide - wide.mean(axis=0)) / wide.std(axis=0)


def nuisances(
    x: Floats, y: Floats, treated: Ints, clusters: Ints, seed: int, chance: float | None
) -> Nuisances:
    """By folds that keep people whole; `chance` is known where treatment was by lot."""
    rows = len(y)
    found = Nuisances(np.full(rows, np.nan), np.full(rows, np.nan), np.full(rows, np.nan))
    alone = len(np.unique(clusters)) == rows
    kind = StratifiedKFold if alone else StratifiedGroupKFold
    splitter = kind(FOLDS, shuffle=True, random_state=seed % 2**32)
    for learn, judge in splitter.split(x, treated, None if alone else clusters):
        if chance is None:
            model = SignedLogistic(RIDGE).fit(x[learn], treated[learn])
            found.chance[judge] = np.clip(model.predict_proba(x[judge])[:, 1], EDGE, 1 - EDGE)
        else:
            found.chance[judge] = chance
        for value, into in ((0, found.untreated), (1, found.treated)):
            rows_of = learn[treated[learn] == value]
            into[judge] = _regressed(x[rows_of], y[rows_of], x[judge])
    return found


def _regressed(x: Floats, y: Floats, unseen: Floats) -> Floats:
    """Ridge regression on standardised columns, the mean left free, kept inside what was seen."""
    middle = y.mean()
    centre = x.mean(axis=0)
    z = x - centre
    penalty = RIDGE * max(1.0, 0.02 * len(y)) * np.eye(x.shape[1])
    weights = np.linalg.solve(z.T @ z + penalty, z.T @ (y - middle)) if x.shape[1] else np.zeros(0)
    return np.clip(middle + (unseen - centre) @ weights, y.min(), y.max())


def doubly_robust(y: Floats, treated: Ints, found: Nuisances) -> NDArray[np.float64]:
    """For each row what to expect untreated and treated, right when either model is."""
    t = treated == 1
    none = found.untreated + np.where(~t, (y - found.untreated) / (1 - found.chance), 0.0)
    some = found.treated + np.where(t, (y - found.treated) / found.chance, 0.0)
    return np.column_stack([none, some])
