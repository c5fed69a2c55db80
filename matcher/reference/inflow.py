"""The terms of the inflow board and the monitors: how far ahead, and from when a figure warns."""

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
class InflowTerms:
    """What holds on one day; `ahead` are the weeks that the board names, the last one its end.

    `told` is the week of the sentence; `near_people` are named for a place that nobody fits;
    `counted_from` is the hour from which a day is counted by itself.
    """

    ahead: tuple[int, ...]
    told: int
    near_people: int
    start_level_percent: int
    least_placed: int
    departures_low: int
    departures_high: int
    least_count: int
    counted_from: int

    @property
    def weeks(self) -> int:
        """How far the board looks ahead."""
        return self.ahead[-1]


def load_inflow_terms(on: date) -> InflowTerms:
    """The terms that hold on `on`; ValueError when some do not."""
    content = _content(data_dir() / "parameters" / "inflow.yaml")
    row = {name: _first(content, name, on) for name in _NAMES}
    return InflowTerms(
        ahead=tuple(row["ahead"]["weeks"]),
        told=row["told"]["week"],
        near_people=row["near"]["people"],
        start_level_percent=row["start_level"]["alarm_percent"],
        least_placed=row["start_level"]["least_placed"],
        departures_low=row["departures"]["low_percent"],
        departures_high=row["departures"]["high_percent"],
        least_count=row["small_counts"]["least"],
        counted_from=row["nightly"]["from_hour"],
    )


_NAMES = ("ahead", "told", "near", "start_level", "departures", "small_counts", "nightly")


def _first(content: Mapping[str, Any], name: str, on: date) -> Mapping[str, Any]:
    for row in content[name]:
        if row["valid_from"] <= on and (row["valid_until"] is None or on <= row["valid_until"]):
            found: Mapping[str, Any] = row
            return found
    raise ValueError(f"parameters/inflow.yaml holds no {name} on {on}")


@lru_cache(maxsize=8)
def _content(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(path)
    for name in _NAMES:
        for row in content[name]:
            if row["source"] not in content["sources"]:
                raise ValueError(f"parameters/inflow.yaml: {row['source']} is not one of sources")
    return content
