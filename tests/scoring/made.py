"""Small artefacts made by hand, for tests of the file and of the predictor."""

from __future__ import annotations

from pathlib import Path

from matcher.scoring.artefact import write_artefact
from matcher.scoring.encoding import EncodedFeature
from matcher.scoring.manifest import FeatureEntry, Manifest
from matcher.scoring.predictor import LinearReading, TreesReading

FEATURES = (
    EncodedFeature("rhythm", "number", fill=2.0, low=0.0, high=4.0, has_flag=True),
    EncodedFeature("has_vca", "boolean", fill=0.0, low=0.0, high=1.0),
    EncodedFeature("sector", "category", levels=("F42", "N81"), has_flag=True),
)
LINEAR = LinearReading(
    base=-250_000,
    weights=(0.31, -0.12, 0.2, 0.05, -0.07, 0.01),
    centres=(2.1, 0.1, 0.4, 0.5, 0.4, 0.1),
)
TREES = TreesReading(
    base=100_000,
    roots=(0, 5),
    column=(0, 0, 2, 0, 0, 3, 0, 0),
    threshold=(1.5, 0.0, 0.5, 0.0, 0.0, 0.5, 0.0, 0.0),
    left=(1, 0, 3, 0, 0, 6, 0, 0),
    right=(2, 0, 4, 0, 0, 7, 0, 0),
    value=(0, -90_000, 45_000, 30_000, 70_000, 0, -5_000, 8_000),
    width=6,
)


def manifest(name: str = "made-1", **changes: object) -> Manifest:
    """A manifest for `FEATURES`; the file's own facts are filled in on writing."""
    facts: dict[str, object] = {
        "artefact_id": name,
        "cohort": "made",
        "learner": "logistic",
        "purpose": "rank",
        "is_synthetic": True,
        "features": tuple(
            FeatureEntry(
                feature.name,
                feature.kind,
                1 if feature.name == "rhythm" else 0,
                "flag",
                "rhythm" if feature.name == "rhythm" else None,
                feature.levels,
            )
            for feature in FEATURES
        ),
        "outcome": {"name": "at_work"},
        "seed": 1,
        "data_sha256": "0" * 64,
        "configuration_sha256": "1" * 64,
        "libraries": {"skops": "0"},
        "file_sha256": "",
        "file_bytes": 0,
        "types": (),
        "details": {},
    }
    return Manifest(**{**facts, **changes})  # type: ignore[arg-type]  # facts by name


def written(
    folder: Path, reading: LinearReading | TreesReading = LINEAR, **changes: object
) -> Path:
    """An artefact in `folder`."""
    return write_artefact(folder, manifest(**changes), FEATURES, reading)
