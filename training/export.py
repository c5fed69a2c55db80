"""A fitted pipeline as an artefact: the same predictions, without the library that learned them.

Calibration is folded in, so that base and parts add up to the calibrated log-odds.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from matcher.domain.drift import spread_of
from matcher.scoring.manifest import FeatureEntry
from matcher.scoring.predictor import MICRO, LinearReading, TreesReading
from training.cells import Floats
from training.dataset import Dataset, Ints
from training.learners import Fitted, SignedLogistic
from training.nested import Calibration


def feature_entries(data: Dataset, fitted: Fitted) -> tuple[FeatureEntry, ...]:
    """The manifest's account of each feature."""
    entries = []
    for feature, encoding in zip(data.features, fitted.preparation.encoded_, strict=True):
        imputation = feature.imputation
        if feature.constant is not None:
            imputation = f"{imputation} {feature.constant}"
        entries.append(
            FeatureEntry(
                name=feature.name,
                kind=encoding.kind,
                monotone=feature.monotone,
                imputation=imputation,
                dimension=feature.dimension,
                levels=encoding.levels or feature.levels,
            )
        )
    return tuple(entries)


def reading_of(
    fitted: Fitted, calibration: Calibration, data: Dataset
) -> LinearReading | TreesReading:
    """What a predictor reads; parts are measured from the mean of the rows learned from."""
    learned = fitted.learned
    prepared = fitted.preparation.transform(data.x)
    if isinstance(learned, SignedLogistic):
        weights = learned.weights_ * calibration.slope
        raw = learned.intercept_ * calibration.slope + calibration.shift
        return LinearReading(
            round(raw * MICRO), tuple(weights.tolist()), tuple(learned.centre_.tolist())
        )
    return _trees(learned, calibration, prepared)


def _trees(
    learned: HistGradientBoostingClassifier, calibration: Calibration, prepared: Floats
) -> TreesReading:
    """Every tree, its leaves scaled by the calibration, its inner nodes at what they expect."""
    arrays: dict[str, list[Any]] = {
        name: [] for name in ("roots", "column", "threshold", "left", "right", "value")
    }
    for (tree,) in learned._predictors:
        start = len(arrays["column"])
        nodes = tree.nodes
        values = _expected(nodes) * calibration.slope * MICRO
        leaf = nodes["is_leaf"].astype(bool)
        arrays["roots"].append(start)
        arrays["column"].extend(np.where(leaf, 0, nodes["feature_idx"]).tolist())
        # Infinity stands for "everything that is known"; what is unknown never comes this far.
        limit = np.nan_to_num(nodes["num_threshold"], posinf=1e300, neginf=-1e300)
        arrays["threshold"].extend(np.where(leaf, 0.0, limit).tolist())
        arrays["left"].extend(np.where(leaf, 0, nodes["left"].astype(np.int64) + start).tolist())
        arrays["right"].extend(np.where(leaf, 0, nodes["right"].astype(np.int64) + start).tolist())
        arrays["value"].extend(int(value) for value in np.rint(values))
    base = float(np.ravel(learned._baseline_prediction)[0])
    base = base * calibration.slope + calibration.shift
    held = {name: tuple(values) for name, values in arrays.items()}
    return TreesReading(base=round(base * MICRO), width=prepared.shape[1], **held)


def _expected(nodes: Any) -> Floats:
    """The mean of the leaves below each node, by the rows that came through it."""
    expected = np.where(nodes["is_leaf"].astype(bool), nodes["value"], 0.0).astype(np.float64)
    count = nodes["count"].astype(np.float64)
    for index in range(len(nodes) - 1, -1, -1):
        if not nodes["is_leaf"][index]:
            left, right = int(nodes["left"][index]), int(nodes["right"][index])
            total = count[left] + count[right]
            expected[index] = (
                expected[left] * count[left] + expected[right] * count[right]
            ) / total
    return expected


def answers_of(data: Dataset, row: int) -> dict[str, float | str | None]:
    """The features of one row as a service would hand them over (a date as its days)."""
    answers: dict[str, float | str | None] = {}
    for index, (feature, column) in enumerate(zip(data.features, data.columns, strict=True)):
        value = float(data.x[row, index])
        if np.isnan(value):
            answers[feature.name] = None
        elif column.levels:
            answers[feature.name] = column.levels[int(value)]
        else:
            answers[feature.name] = value
    return answers


def spreads(data: Dataset) -> dict[str, dict[str, Any]]:
    """The bands of each feature and their shares, by which a service sees that people changed."""
    found = {}
    for index, (feature, column) in enumerate(zip(data.features, data.columns, strict=True)):
        values = data.x[:, index]
        told: list[float | str | None] = [
            None if np.isnan(value) else column.levels[int(value)] if column.levels else value
            for value in values.tolist()
        ]
        found[feature.name] = spread_of(told).to_plain()
    return found


def all_rows(data: Dataset) -> Ints:
    """The positions of every row."""
    return np.arange(data.rows, dtype=np.int64)
