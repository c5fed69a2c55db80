"""The assumptions of the simulation: marked as such, with reasons, and refused by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from matcher.domain.errors import InvalidInput
from matcher.reference.paths import data_dir
from matcher.reference.simulation import load_assumptions

SHIPPED = data_dir() / "parameters" / "simulation.yaml"


def changed(tmp_path: Path, name: str, **fields: Any) -> Path:
    document = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    document["assumptions"][name].update(fields)
    path = tmp_path / "own.yaml"
    path.write_text(yaml.safe_dump(document, default_flow_style=False), encoding="utf-8")
    return path


def test_every_number_that_is_used_is_an_assumption_with_its_reason() -> None:
    document = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))

    assert set(document["assumptions"]) == set(load_assumptions().__dataclass_fields__)
    for row in document["assumptions"].values():
        assert row["assumption"] is True
        assert len(row["reason"]) >= 20


def test_another_file_of_the_same_shape_counts(tmp_path: Path) -> None:
    found = load_assumptions(changed(tmp_path, "price_of_a_week", value=1.5))

    assert found.price_of_a_week == 150


@pytest.mark.parametrize(
    ("name", "fields", "why"),
    [
        ("leaves_weekly", {"value": 0}, "leaves_weekly.value"),
        ("leaves_weekly", {"value": 1.2}, "leaves_weekly.value"),
        ("pause_weeks", {"value": [6, 2]}, "the shortest must not be over the longest"),
        ("futures", {"value": 0}, "futures.value"),
        ("futures", {"source": "somewhere"}, "source somewhere is not one of"),
        ("past_weeks", {"assumption": False}, "past_weeks.assumption"),
        ("past_weeks", {"reason": "so"}, "past_weeks.reason"),
    ],
)
def test_what_is_wrong_is_named(
    tmp_path: Path, name: str, fields: dict[str, Any], why: str
) -> None:
    with pytest.raises(InvalidInput, match=r"own\.yaml") as refused:
        load_assumptions(changed(tmp_path, name, **fields))

    assert why in str(refused.value)


def test_a_file_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"none\.yaml: does not exist"):
        load_assumptions(tmp_path / "none.yaml")
