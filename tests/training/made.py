"""Small tables and cohorts for tests of training."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from training.cohort_file import read_cohort
from training.dataset import Dataset, load_dataset

ROOT = Path(__file__).resolve().parents[2]


def table(folder: Path, columns: Mapping[str, Sequence[Any]], name: str = "people.csv") -> Path:
    """Columns as a CSV file."""
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


def cohort(folder: Path, **keys: Any) -> Path:
    """A cohort file over ``people.csv``."""
    path = folder / "cohort.yaml"
    path.write_text(yaml.safe_dump({"table": "people.csv", "seed": 3, **keys}), encoding="utf-8")
    return path


def dataset(folder: Path, columns: Mapping[str, Sequence[Any]], **keys: Any) -> Dataset:
    """The two above, read."""
    table(folder, columns)
    return load_dataset(read_cohort(cohort(folder, **keys)))


def signal(rows: int, seed: int = 1) -> dict[str, list[Any]]:
    """Two features that tell a little, one that tells nothing, a word, and an outcome."""
    draw = np.random.default_rng(seed)
    a, b, noise = draw.normal(size=(3, rows))
    word = draw.choice(["x", "y", "z"], rows)
    raw = 0.2 + 0.6 * a - 0.4 * b + 0.3 * (word == "x")
    good = draw.random(rows) < 1 / (1 + np.exp(-raw))
    return {
        "a": [f"{v:.4f}".replace(".", ",") for v in a],
        "b": [f"{v:.4f}" for v in b],
        "noise": [f"{v:.4f}" for v in noise],
        "word": word.tolist(),
        "good": ["yes" if g else "no" for g in good],
    }


SIGNAL_FEATURES: list[dict[str, Any]] = [
    {"name": "a", "kind": "number", "monotone": "+", "imputation": "median"},
    {"name": "b", "kind": "number", "monotone": "-", "imputation": "median"},
    {"name": "noise", "kind": "number", "imputation": "median"},
    {"name": "word", "kind": "category", "imputation": "mode"},
]


def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """``python -m training`` as a person runs it."""
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "training", *arguments],
        cwd=cwd or ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=None if cwd is None else {**__import__("os").environ, "PYTHONPATH": str(ROOT)},
    )
