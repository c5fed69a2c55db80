"""Small artefacts that ask for what the service offers, registered and serving in a test region."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.drift import Spread
from matcher.repositories.artefacts import ArtefactRecord
from matcher.scoring.artefact import write_artefact
from matcher.scoring.encoding import EncodedFeature
from matcher.scoring.manifest import FeatureEntry
from matcher.scoring.predictor import LinearReading, TreesReading
from matcher.services import artefact_steps, artefacts
from tests.scoring.made import manifest
from tests.services.conftest import account_of

FEATURES = (
    EncodedFeature("rhythm", "number", fill=2.0, low=0.0, high=4.0, has_flag=True),
    EncodedFeature("has_vca_basic", "boolean", fill=0.0, low=0.0, high=1.0),
    EncodedFeature("sector", "category", levels=("F42", "N81"), has_flag=True),
)
LINEAR = LinearReading(
    base=-250_000,
    weights=(0.31, -0.12, 0.2, 0.05, -0.07, 0.01),
    centres=(2.1, 0.1, 0.4, 0.5, 0.4, 0.1),
)
SPREADS = {
    "rhythm": Spread((0.0, 1.0, 2.0, 3.0), (), (800, 1400, 2600, 3000, 1400, 800)),
    "has_vca_basic": Spread((0.0,), (), (8000, 2000, 0)),
    "sector": Spread((), ("F42", "N81"), (4000, 3000, 2000, 1000)),
}
PROVEN: dict[str, Any] = {
    "rows": 900,
    "base_rate": 0.44,
    "failed_gates": [],
    "spreads": {name: spread.to_plain() for name, spread in SPREADS.items()},
    "metrics": {
        "auc": {"value": 0.62, "low": 0.58, "high": 0.66},
        "brier": {"value": 0.231, "low": 0.226, "high": 0.236},
        "ece": {"value": 0.021, "low": 0.011, "high": 0.034},
        "slope": {"value": 0.98, "low": 0.84, "high": 1.12},
    },
}
OUTCOME = {"name": "at_work_12m", "horizon_days": 365}


def file_in(
    folder: Path,
    name: str = "learned-1",
    reading: LinearReading | TreesReading = LINEAR,
    features: tuple[EncodedFeature, ...] = FEATURES,
    **changes: Any,
) -> Path:
    """An artefact as `training fit` would leave it; of real people unless the test says not."""
    facts: dict[str, Any] = {"is_synthetic": False, "details": PROVEN, "outcome": OUTCOME}
    entries = tuple(
        FeatureEntry(
            feature.name,
            feature.kind,
            1 if feature.name == "rhythm" else 0,
            "flag",
            "rhythm" if feature.name == "rhythm" else None,
            feature.levels,
        )
        for feature in features
    )
    told = replace(manifest(name, **{**facts, **changes}), features=entries)
    return write_artefact(folder, told, features, reading)


def registered(
    session: Session, folder: Path, now: datetime, name: str = "learned-1", **changes: Any
) -> ArtefactRecord:
    """One in the registry of the demo region."""
    return artefacts.register(session, "demo", file_in(folder, name, **changes), now=now)


def in_shadow(
    session: Session, folder: Path, now: datetime, name: str = "learned-1", **changes: Any
) -> ArtefactRecord:
    """One that predicts for nobody to see."""
    made = registered(session, folder, now, name, **changes)
    viewer = Viewer(None, frozenset({Right.ANALYST}), "demo")
    return artefact_steps.begin_shadow(session, viewer, made.id, "looks right", now=now)


def serving(
    session: Session, folder: Path, now: datetime, name: str = "learned-1", **changes: Any
) -> ArtefactRecord:
    """One that two people promoted."""
    made = in_shadow(session, folder, now, name, **changes)
    one = account_of(session, f"analyst-{name}", Right.ANALYST)
    two = account_of(session, f"officer-{name}", Right.OFFICER)
    asked = artefact_steps.ask_promotion(session, one, made.id, "better than the rules", now=now)
    artefact_steps.confirm_promotion(session, two, made.id, asked.id, now=now)
    return artefacts.get_artefact(session, two, made.id)
