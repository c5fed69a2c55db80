"""How many hints a firm gets about a place, from how many more people on, and what each offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from pathlib import Path
from typing import Any

from matcher.reference.paths import data_dir
from matcher.reference.yaml_files import read_yaml


@dataclass(frozen=True, slots=True)
class HintTerms:
    """`least_more` people more have to fit before a hint is given at all."""

    most: int
    least_more: int
    day_starts_at: time
    hours_min: float
    flex_weeks: int


def load_hint_terms(on: date) -> HintTerms:
    """The terms that hold on `on`; ValueError when none do."""
    content = _content(data_dir() / "parameters" / "feasible.yaml")
    hints, offers = (_row_on(content, name, on) for name in ("hints", "offers"))
    return HintTerms(
        most=hints["most"],
        least_more=hints["least_more"],
        day_starts_at=time.fromisoformat(offers["day_starts_at"]),
        hours_min=offers["hours_min"],
        flex_weeks=offers["flex_weeks"],
    )


def _row_on(content: Mapping[str, Any], name: str, on: date) -> Mapping[str, Any]:
    for row in content[name]:
        if row["valid_from"] <= on and (row["valid_until"] is None or on <= row["valid_until"]):
            found: Mapping[str, Any] = row
            return found
    raise ValueError(f"parameters/feasible.yaml holds no {name} on {on}")


@lru_cache(maxsize=8)
def _content(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(path)
    return content
