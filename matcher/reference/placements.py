"""The terms of trials and of what is agreed about a start, on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from matcher.reference.paths import data_dir
from matcher.reference.yaml_files import read_yaml


@dataclass(frozen=True, slots=True)
class PlacementTerms:
    """How long a trial is, at most with a reason, and which contract is meant after it."""

    trial_months: int
    trial_months_most: int
    intended_months: int
    trial_asked_ahead: timedelta
    """How long before the last day of a trial it is asked what comes after it."""
    commitments_most: int
    """How many codes a side commits to at most."""
    commitment_text: int
    retender_days: tuple[int, ...]
    """How long before the end of a contract it is told, the longest first."""


def load_placement_terms(on: date) -> PlacementTerms:
    """The terms that hold on `on`; ValueError when none do."""
    content = _content(data_dir() / "parameters" / "placements.yaml")
    row, agreed = (_row_on(content, name, on) for name in ("trials", "agreements"))
    ending = _row_on(content, "retender", on)
    return PlacementTerms(
        trial_months=row["usual_months"],
        trial_months_most=row["most_months"],
        intended_months=row["intended_contract_months"],
        trial_asked_ahead=timedelta(days=row["asked_ahead_days"]),
        commitments_most=agreed["most_a_side"],
        commitment_text=agreed["text_characters"],
        retender_days=tuple(ending["days"]),
    )


def _row_on(content: Mapping[str, Any], name: str, on: date) -> Mapping[str, Any]:
    for row in content[name]:
        if row["valid_from"] <= on and (row["valid_until"] is None or on <= row["valid_until"]):
            found: Mapping[str, Any] = row
            return found
    raise ValueError(f"parameters/placements.yaml holds no {name} on {on}")


@lru_cache(maxsize=8)
def _content(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(path)
    return content
