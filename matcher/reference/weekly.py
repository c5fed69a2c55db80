"""The terms of the weekly allocation: scenarios side by side, floors, and what would help."""

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
class WeeklyTerms:
    """What holds on one day; `floors` are percentages, `tried` the places and seats that are
    allocated again with one more, `shown` how many of them a list holds."""

    side_by_side: int
    floors: tuple[int, ...]
    tried: int
    shown: int


def load_weekly_terms(on: date) -> WeeklyTerms:
    """The terms that hold on `on`; ValueError when some do not."""
    content = _content(data_dir() / "parameters" / "weekly.yaml")
    row = {name: _first(content, name, on) for name in _NAMES}
    return WeeklyTerms(
        side_by_side=row["scenarios"]["side_by_side"],
        floors=tuple(row["floors"]["percent"]),
        tried=row["helps"]["tried"],
        shown=row["helps"]["shown"],
    )


_NAMES = ("scenarios", "floors", "helps")


def _first(content: Mapping[str, Any], name: str, on: date) -> Mapping[str, Any]:
    for row in content[name]:
        if row["valid_from"] <= on and (row["valid_until"] is None or on <= row["valid_until"]):
            found: Mapping[str, Any] = row
            return found
    raise ValueError(f"parameters/weekly.yaml holds no {name} on {on}")


@lru_cache(maxsize=8)
def _content(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(path)
    for name in _NAMES:
        for row in content[name]:
            if row["source"] not in content["sources"]:
                raise ValueError(f"parameters/weekly.yaml: {row['source']} is not one of sources")
    return content
