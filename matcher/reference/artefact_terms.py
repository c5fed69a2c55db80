"""When a learned artefact is set aside, and from when its inputs and outcomes call for a look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from matcher.reference.paths import data_dir
from matcher.reference.yaml_files import read_yaml


@dataclass(frozen=True, slots=True)
class ArtefactTerms:
    """`give_up_ms` after which the rules go on alone; `slow_in_a_row` of `slow_ms` trip too.

    `look` and `shift` are stability indices in ten-thousandths, counted from `least_people`;
    calibration is judged from `least_known` outcomes. Whoever did not start within
    `started_within_months` of the intake is not at work for the outcomes that are learned from.
    """

    give_up_ms: int
    slow_ms: int
    slow_in_a_row: int
    look: int
    shift: int
    least_people: int
    least_known: int
    started_within_months: int


def load_artefact_terms(on: date) -> ArtefactTerms:
    """The terms that hold on `on`; ValueError when none do."""
    content = _content(data_dir() / "parameters" / "artefacts.yaml")
    breaker, slow, drift, calibration = (
        _row_on(content, name, on) for name in ("breaker", "slowness", "drift", "calibration")
    )
    return ArtefactTerms(
        give_up_ms=breaker["give_up_ms"],
        slow_ms=slow["slow_ms"],
        slow_in_a_row=slow["slow_in_a_row"],
        look=drift["look"],
        shift=drift["shift"],
        least_people=drift["least_people"],
        least_known=calibration["least_known"],
        started_within_months=_row_on(content, "outcomes", on)["started_within_months"],
    )


def _row_on(content: Mapping[str, Any], name: str, on: date) -> Mapping[str, Any]:
    for row in content[name]:
        if row["valid_from"] <= on and (row["valid_until"] is None or on <= row["valid_until"]):
            found: Mapping[str, Any] = row
            return found
    raise ValueError(f"parameters/artefacts.yaml holds no {name} on {on}")


@lru_cache(maxsize=8)
def _content(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(path)
    return content
