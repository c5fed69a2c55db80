"""Features as the columns that are learned from: the encoding of the service, column by column.

What an unknown becomes, the range that was seen and which levels get a column are learned from the
rows at hand only, so each fold prepares for itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from matcher.domain.errors import InvalidInput, Problem
from matcher.scoring.encoding import EncodedFeature
from training.cells import Column, Floats
from training.cohort import CATEGORY, Feature

RARE_ROWS: Final = 20
RARE_SHARE: Final = 0.005
"""A level of fewer rows gets no column of its own: nothing could be learned about it."""


def check_imputation(features: Sequence[Feature], columns: Sequence[Column]) -> None:
    """Unknown cells need a declared imputation; refused by name otherwise."""
    problems = []
    for feature, column in zip(features, columns, strict=True):
        unknown = int(np.isnan(column.values).sum())
        if unknown and feature.imputation == "none":
            why = (
                f"has {unknown} unknown cells and no imputation; declare one: median, mean, zero, "
                "a number, mode, flag or level"
            )
            problems.append(Problem(f"features.{feature.name}", why))
    if problems:
        raise InvalidInput(problems)


def encoded(feature: Feature, column: Column, values: Floats) -> EncodedFeature:
    """How `feature` becomes columns, learned from `values` (a part of its column)."""
    known = values[~np.isnan(values)]
    if column.kind == CATEGORY:
        return _encoded_category(feature, column, values, known)
    imputation = feature.imputation
    fill = 0.0
    if imputation in ("median", "flag", "level") and known.size:
        fill = float(np.median(known))
    elif imputation == "mean" and known.size:
        fill = float(known.mean())
    elif imputation == "mode" and known.size:
        found, counts = np.unique(known, return_counts=True)
        fill = float(found[counts.argmax()])
    elif imputation == "constant":
        fill = _constant(feature)
    low = float(known.min()) if known.size else 0.0
    high = float(known.max()) if known.size else 0.0
    return EncodedFeature(
        name=feature.name,
        kind=column.kind,
        fill=fill,
        low=min(low, fill),
        high=max(high, fill),
        has_flag=imputation in ("flag", "level"),
    )


def _encoded_category(
    feature: Feature, column: Column, values: Floats, known: Floats
) -> EncodedFeature:
    counts = np.bincount(known.astype(np.int64), minlength=len(column.levels))
    enough = max(RARE_ROWS, RARE_SHARE * len(values))
    kept = tuple(
        level for level, count in zip(column.levels, counts, strict=True) if count >= enough
    )
    fill_level = None
    if feature.imputation in ("mode", "median", "mean") and known.size:
        fill_level = column.levels[int(counts.argmax())]
    elif feature.imputation == "constant":
        fill_level = str(feature.constant)
    has_flag = feature.imputation in ("flag", "level")
    return EncodedFeature(
        name=feature.name, kind=CATEGORY, levels=kept, fill_level=fill_level, has_flag=has_flag
    )


def _constant(feature: Feature) -> float:
    try:
        return float(feature.constant)  # type: ignore[arg-type]  # None is refused here as well
    except (TypeError, ValueError):
        where = f"features.{feature.name}"
        raise InvalidInput([Problem(where, "needs a number as its constant")]) from None


class Preparation(TransformerMixin, BaseEstimator):
    """The first step of every pipeline: the matrix of features in, the matrix of columns out."""

    def __init__(self, features: tuple[Feature, ...], columns: tuple[Column, ...]) -> None:
        self.features = features
        self.columns = columns

    def fit(self, x: Floats, y: Any = None) -> Self:
        """Learns the encoding of each feature from the rows `x`."""
        self.encoded_ = tuple(
            encoded(feature, column, x[:, index])
            for index, (feature, column) in enumerate(zip(self.features, self.columns, strict=True))
        )
        return self

    def transform(self, x: Floats) -> Floats:
        """The columns, in the order of the features."""
        parts: list[Floats] = []
        for index, (encoding, column) in enumerate(zip(self.encoded_, self.columns, strict=True)):
            values = x[:, index]
            unknown = np.isnan(values)
            if encoding.kind == CATEGORY:
                place = {level: float(i) for i, level in enumerate(column.levels)}
                fill = place.get(encoding.fill_level or "", np.nan)
                values = np.where(unknown, fill, values)
                parts.extend((values == place[level]).astype(float) for level in encoding.levels)
            else:
                bounded = np.clip(values, encoding.low, encoding.high)
                parts.append(np.where(unknown, encoding.fill, bounded))
            if encoding.has_flag:
                parts.append(unknown.astype(float))
        return np.column_stack(parts) if parts else np.zeros((len(x), 0))

    def signs(self) -> list[int]:
        """The direction that each column must keep: 1, -1, or 0 for free."""
        signs: list[int] = []
        for feature, encoding in zip(self.features, self.encoded_, strict=True):
            first = feature.monotone if encoding.kind != CATEGORY else 0
            signs.extend([first, *([0] * (encoding.width - 1))][: encoding.width])
        return signs
