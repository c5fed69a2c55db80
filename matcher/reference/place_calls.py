"""The terms of calls about open places: by when, how far ahead, and how many hints."""

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
class PlaceCallTerms:
    """What holds on one day: a call is due in `working_days`, `ahead` are weeks from then."""

    working_days: int
    ahead: tuple[int, ...]
    hints: int


def load_place_call_terms(on: date) -> PlaceCallTerms:
    """The terms that hold on `on`; ValueError when some do not."""
    content = _content(data_dir() / "parameters" / "place-calls.yaml")
    row = {name: _first(content, name, on) for name in _NAMES}
    return PlaceCallTerms(
        working_days=row["calls"]["working_days"],
        ahead=tuple(row["ahead"]["weeks"]),
        hints=row["hints"]["most"],
    )


_NAMES = ("calls", "ahead", "hints")


def _first(content: Mapping[str, Any], name: str, on: date) -> Mapping[str, Any]:
    for row in content[name]:
        if row["valid_from"] <= on and (row["valid_until"] is None or on <= row["valid_until"]):
            found: Mapping[str, Any] = row
            return found
    raise ValueError(f"parameters/place-calls.yaml holds no {name} on {on}")


@lru_cache(maxsize=8)
def _content(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(path)
    for name in _NAMES:
        for row in content[name]:
            if row["source"] not in content["sources"]:
                raise ValueError(
                    f"parameters/place-calls.yaml: {row['source']} is not one of sources"
                )
    return content
