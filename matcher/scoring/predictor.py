"""One row predicted: fast, in plain Python, with parts that add up to the last digit.

Whatever was learned is kept as whole millionths of log-odds. The parts of a prediction are
integers, their sum is exact, and the probability is a function of that sum alone: the same row
gives the same bytes wherever and whenever it is replayed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from matcher.scoring.encoding import Answer, EncodedFeature
from matcher.scoring.manifest import Manifest
from matcher.scoring.refusals import ArtefactRefused, NotPredicted

MICRO: Final = 1_000_000
"""Log-odds are kept in millionths."""
DIGITS: Final = 6
"""Of a probability as it is given, logged and replayed."""
_EXTREME: Final = 700 * MICRO


@dataclass(frozen=True, slots=True)
class Prediction:
    """What one row gives: `base` and the part of each feature, in millionths of log-odds."""

    base: int
    parts: tuple[tuple[str, int], ...]

    @property
    def log_odds(self) -> int:
        """Millionths; exactly the base and the parts together."""
        return self.base + sum(part for _, part in self.parts)

    @property
    def probability(self) -> float:
        """From 0 to 1, with six decimals."""
        bounded = max(-_EXTREME, min(_EXTREME, self.log_odds))
        return round(1.0 / (1.0 + math.exp(-bounded / MICRO)), DIGITS)

    def by_dimension(self, manifest: Manifest) -> dict[str, int]:
        """The parts gathered under the words of readiness; a feature without one keeps its name."""
        words = {feature.name: feature.dimension or feature.name for feature in manifest.features}
        gathered: dict[str, int] = {}
        for name, part in self.parts:
            gathered[words[name]] = gathered.get(words[name], 0) + part
        return gathered


class Reading(Protocol):
    """What was learned, read for one encoded row."""

    @property
    def base(self) -> int:
        """Millionths of log-odds that every row has."""

    def parts(self, columns: Sequence[float]) -> list[int]:
        """The part of each column, in millionths of log-odds."""


@dataclass(frozen=True, slots=True)
class LinearReading:
    """Part of a column = weight x (value - centre), rounded once."""

    base: int
    weights: tuple[float, ...]
    centres: tuple[float, ...]

    def parts(self, columns: Sequence[float]) -> list[int]:
        """As in the protocol."""
        return [
            round(weight * (value - centre) * MICRO)
            for weight, value, centre in zip(self.weights, columns, self.centres, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class TreesReading:
    """Trees whose every node holds what is expected below it.

    A step down changes that expectation, and the change is the part of the column that was asked;
    so the parts of a tree add up to its leaf. Node i asks whether ``column[i]`` is at most
    ``threshold[i]``; ``left[i]`` is 0 in a leaf.
    """

    base: int
    roots: tuple[int, ...]
    column: tuple[int, ...]
    threshold: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    value: tuple[int, ...]
    width: int

    def parts(self, columns: Sequence[float]) -> list[int]:
        """As in the protocol."""
        parts = [0] * self.width
        column, threshold, left, right, value = (
            self.column,
            self.threshold,
            self.left,
            self.right,
            self.value,
        )
        for root in self.roots:
            node = root
            while left[node]:
                asked = column[node]
                below = left[node] if columns[asked] <= threshold[node] else right[node]
                parts[asked] += value[below] - value[node]
                node = below
        return parts


class Predictor:
    """An artefact that was read and found whole; it keeps no state between rows."""

    def __init__(
        self, manifest: Manifest, features: Sequence[EncodedFeature], reading: Reading
    ) -> None:
        self.manifest = manifest
        self.features = tuple(features)
        self._reading = reading

    @property
    def names(self) -> tuple[str, ...]:
        """The features it asks for, in order."""
        return tuple(feature.name for feature in self.features)

    def require(self, offered: Mapping[str, str]) -> None:
        """Refuses to serve where a feature is not `offered` (name to kind) as it was learned."""
        wrong = [
            f"{feature.name} ({feature.kind})"
            for feature in self.features
            if offered.get(feature.name) != feature.kind
        ]
        if wrong:
            name = self.manifest.file_name
            raise ArtefactRefused("mismatched", name=name, found=", ".join(wrong))

    def predict(self, answers: Mapping[str, Answer], as_of: date | None = None) -> Prediction:
        """The prediction for one row; a feature that `answers` does not name is unknown.

        Raises `NotPredicted` when an answer cannot be read; it never gives NaN or infinity.
        """
        columns: list[float] = []
        for feature in self.features:
            columns.extend(feature.columns(answers.get(feature.name), as_of))
        if not all(map(math.isfinite, columns)):
            raise NotPredicted("an answer is not a finite number")
        parts = self._reading.parts(columns)
        gathered = []
        start = 0
        for feature in self.features:
            end = start + feature.width
            gathered.append((feature.name, sum(parts[start:end])))
            start = end
        return Prediction(self._reading.base, tuple(gathered))
