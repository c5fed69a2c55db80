"""Learning from 100,000 people with 40 features, and one prediction from what was learned."""

from __future__ import annotations

import csv
import tempfile
import time
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from benchmarks.tables import Measured, measure
from matcher.scoring.artefact import load
from matcher.scoring.predictor import Predictor
from training.dataset import Dataset
from training.export import all_rows, answers_of
from training.learners import BOOSTING, LOGISTIC, fit_rows
from training.steps import fitted, open_work

TITLE = "Learning from 100,000 people with 40 features; one person predicted"
PEOPLE = 100_000
FEATURES = 40
WORDS = 4
PREDICTIONS = 1_000


def rows() -> list[Measured]:
    """The whole of ``fit`` from file to artefact, then single rows beside the library's own."""
    # As the command line does: one thread for linear algebra, a process a core.
    with tempfile.TemporaryDirectory() as name, threadpool_limits(limits=1):
        folder = Path(name)
        cohort = _cohort(folder)
        start = time.perf_counter()
        work = open_work(str(cohort), folder / "run")
        linear = load(fitted(work, LOGISTIC))
        whole = (time.perf_counter() - start) * 1000
        trees = load(fitted(work, BOOSTING))
        plain = _plain(work.data)
        linear_ms, linear_worst = _one(linear, work.data)
        trees_ms, trees_worst = _one(trees, work.data)
        library_ms, library_worst = _library(trees, work.data)
    each = f"{PREDICTIONS} people one by one"
    return [
        Measured("fit, nested, with artefact", whole, whole, "one plain fit", whole / plain),
        Measured("one plain logistic regression", plain, plain),
        Measured(f"{each}, linear", linear_ms, linear_worst, "library", library_ms / linear_ms),
        Measured(f"{each}, boosting", trees_ms, trees_worst, "library", library_ms / trees_ms),
        Measured(f"{each}, pipeline of the library", library_ms, library_worst),
    ]


def _cohort(folder: Path) -> Path:
    """A table with words and gaps, and its cohort file."""
    draw = np.random.default_rng(1)
    numbers = draw.normal(size=(PEOPLE, FEATURES - WORDS))
    words = draw.integers(0, 5, size=(PEOPLE, WORDS))
    raw = numbers[:, :6] @ [0.4, -0.3, 0.25, 0.2, -0.15, 0.1] + 0.2 * (words[:, 0] == 1)
    good = draw.random(PEOPLE) < expit(raw)
    gaps = draw.random(numbers.shape) < 0.02
    names = [f"n{i}" for i in range(FEATURES - WORDS)] + [f"w{i}" for i in range(WORDS)]
    with (folder / "people.csv").open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*names, "good"])
        for i in range(PEOPLE):
            cells = ["" if gap else f"{v:.4f}" for v, gap in zip(numbers[i], gaps[i], strict=True)]
            writer.writerow([*cells, *("abcde"[w] for w in words[i]), int(good[i])])
    features = [
        {"name": name, "kind": "number" if name[0] == "n" else "category",
         "imputation": "median" if name[0] == "n" else "level"}
        for name in names
    ]  # fmt: skip
    path = folder / "cohort.yaml"
    document = {"table": "people.csv", "outcome": "good", "features": features, "seed": 1}
    path.write_text(yaml.safe_dump(document))
    return path


def _plain(data: Dataset) -> float:
    x = StandardScaler().fit_transform(np.nan_to_num(data.x))
    start = time.perf_counter()
    LogisticRegression().fit(x, data.y)
    return (time.perf_counter() - start) * 1000


def _one(predictor: Predictor, data: Dataset) -> tuple[float, float]:
    people = [answers_of(data, row) for row in range(PREDICTIONS)]
    return measure(lambda: [predictor.predict(person) for person in people], 5)


def _library(predictor: Predictor, data: Dataset) -> tuple[float, float]:
    """The same features through a pipeline of the library, a row at a time."""
    settings = tuple(sorted(predictor.manifest.details["settings"].items()))
    fitted_again = fit_rows(BOOSTING, settings, data, all_rows(data)[:20_000], 1)
    one: NDArray[np.float64] = data.x[:1]
    median, worst = measure(lambda: fitted_again.pipeline.predict_proba(one), 50)
    return median * PREDICTIONS, worst * PREDICTIONS
