"""One prediction as the service makes it: answers gathered, timed, checked; and a file read."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.tables import Measured, measure
from matcher.demo.region import generate
from matcher.reference.paths import data_dir
from matcher.scoring.artefact import load, write_artefact
from matcher.scoring.predictor import Predictor, TreesReading
from matcher.services.predicting import InService, serve

TITLE = "One prediction in the service"
ON = date(2026, 11, 23)
TREES = 200
DEPTH = 3
TIMES = 2_000


def rows() -> list[Measured]:
    """Linear and boosted, through the breaker and without it, and what reading a file costs."""
    profile = generate(seed=7, on=ON, candidates=20, vacancies=10).candidates[0]
    path = next((data_dir() / "artefacts").glob("*.skops"))
    linear = load(path)
    with TemporaryDirectory() as folder:
        boosted = _boosted(linear, Path(folder))
        measured = []
        for name, predictor in (("linear", linear), (f"boosted, {TREES} trees", boosted)):
            served = [InService(1, name, True, predictor)]
            answers = dict.fromkeys(predictor.names)
            took, worst = measure(lambda s=served: serve(s, profile, ON), TIMES)  # type: ignore[misc]  # bound here
            alone, alone_worst = measure(
                lambda p=predictor, a=answers: p.predict(a, ON),  # type: ignore[misc]  # bound here
                TIMES,
            )
            measured += [
                Measured(f"{name}, in the service", took, worst),
                Measured(
                    f"{name}, the predictor alone",
                    alone,
                    alone_worst,
                    "in the service",
                    took / alone,
                ),
            ]
    read, read_worst = measure(lambda: load(path), 50)
    return [*measured, Measured("a file read and checked whole", read, read_worst)]


def _boosted(like: Predictor, folder: Path) -> Predictor:
    """Trees of a usual size over the same features."""
    draw = random.Random(5)  # noqa: S311  a measurement, no secret
    width = sum(feature.width for feature in like.features)
    arrays: dict[str, list[float]] = {
        name: [] for name in ("roots", "column", "threshold", "left", "right", "value")
    }
    nodes = 2 ** (DEPTH + 1) - 1
    for tree in range(TREES):
        start = tree * nodes
        arrays["roots"].append(start)
        for node in range(nodes):
            is_inner = node < 2**DEPTH - 1
            arrays["column"].append(draw.randrange(width) if is_inner else 0)
            arrays["threshold"].append(draw.uniform(0, 4) if is_inner else 0.0)
            arrays["left"].append(start + 2 * node + 1 if is_inner else 0)
            arrays["right"].append(start + 2 * node + 2 if is_inner else 0)
            arrays["value"].append(draw.randint(-9_000, 9_000))
    reading = TreesReading(
        base=0,
        width=width,
        **{name: tuple(values) for name, values in arrays.items()},  # type: ignore[arg-type]  # whole where whole
    )
    manifest = replace(like.manifest, artefact_id="boosted", learner="boosting")
    return load(write_artefact(folder, manifest, like.features, reading))
