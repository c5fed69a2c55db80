"""What the service exports can be learned from, and what was learned fits the service."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np

from matcher.files.writing import write_table
from matcher.services import artefact_files, own_outcomes
from matcher.services.offered import NEVER_OFFERED, OFFERED
from training.steps import fitted, open_work

ON = date(2027, 3, 1)
ROWS = 420


def test_the_exported_table_and_its_cohort_file_give_an_artefact_that_the_service_takes(
    tmp_path: Path,
) -> None:
    draw = np.random.default_rng(4)
    columns = own_outcomes.columns(ON)
    rows = []
    for number in range(ROWS):
        rhythm = int(draw.integers(0, 5))
        row = {name: None for name, _kind in columns}
        for name, kind in OFFERED.items():
            known = draw.random() > 0.1 or kind == "boolean"
            value = {
                "number": float(draw.integers(0, 5)),
                "boolean": bool(draw.random() < 0.4),
                "category": str(draw.choice(["F42", "N81"])),
            }[kind]
            row[name] = value if known else None
        works = draw.random() < 0.25 + 0.12 * rhythm
        told = {f"at_work_{months}m": bool(works) for months in (3, 6, 12)}
        intake_on = date(2020, 1, 6) + timedelta(days=int(draw.integers(0, 1_800)))
        who = {"person": f"p{number}", "intake_on": intake_on, "rhythm": float(rhythm)}
        rows.append({**row, **who, **told})
    write_table(tmp_path / "outcomes.csv", "csv", rows, columns, "outcomes")
    cohort = tmp_path / "cohort.yaml"
    cohort.write_text(own_outcomes.cohort_file("outcomes.csv"), encoding="utf-8")

    path = fitted(open_work(str(cohort), tmp_path / "run", jobs=1), "logistic")

    predictor = artefact_files.read(path, None)
    assert set(predictor.names) <= set(OFFERED)
    assert not set(predictor.names) & NEVER_OFFERED
    assert own_outcomes.months_of_outcome(predictor.manifest.outcome["name"]) == 12
    assert set(predictor.manifest.details["spreads"]) == set(predictor.names)
    low, high = (predictor.predict({"rhythm": level}, ON).log_odds for level in (0.0, 4.0))
    assert low <= high
