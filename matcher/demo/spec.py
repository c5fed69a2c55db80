"""The figures of the demo region, read from ``data/demo``, and the draws that they ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.reference.paths import data_dir
from matcher.reference.yaml_files import read_yaml

Spec = Mapping[str, Any]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def load_population() -> Spec:
    """Who lives in the demo region, in percentages."""
    return _read(data_dir() / "demo" / "population.yaml")


def load_work() -> Spec:
    """Which employers, vacancies and public contracts there are."""
    return _read(data_dir() / "demo" / "work.yaml")


def load_lessons() -> Spec:
    """The hand-made cases."""
    return _read(data_dir() / "demo" / "lessons.yaml")


def load_demanding() -> Spec:
    """How work is made more or less demanding for data at scale."""
    return _read(data_dir() / "demo" / "demanding.yaml")


@lru_cache(maxsize=8)
def _read(path: Path) -> Spec:
    content: dict[str, Any] = read_yaml(path)
    return content


def pick(uniform: Floats, shares: Sequence[float]) -> Ints:
    """The index of the share that each number from 0 to 1 falls in; shares need not sum to 100."""
    bounds = np.cumsum(np.asarray(shares, np.float64))
    found = np.searchsorted(bounds / bounds[-1], uniform, side="right")
    return np.asarray(np.minimum(found, len(bounds) - 1), np.int64)


def pick_rows(uniform: Floats, shares: Floats) -> Ints:
    """As `pick`, with a row of shares for each number."""
    bounds = np.cumsum(shares, axis=1)
    bounds /= bounds[:, -1:]
    found = (uniform[:, None] >= bounds).sum(axis=1)
    return np.asarray(np.minimum(found, shares.shape[1] - 1), np.int64)


def quota(total: int, percent: float) -> int:
    """How many of `total` are `percent`, rounded half up: exact shares instead of luck."""
    return int(total * percent / 100 + 0.5)
