"""The terms of seats in programmes: offers, standby, counting days, and what suggests an exit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from matcher.domain.attendance import ExitRule, RhythmStep
from matcher.reference.paths import data_dir
from matcher.reference.yaml_files import read_yaml


@dataclass(frozen=True, slots=True)
class SeatTerms:
    """What holds on one day; `counted` is how far back days count for rhythm."""

    answer_within_working_days: int
    released_from: time
    counted: timedelta
    least_days: int
    rhythm_steps: tuple[RhythmStep, ...]
    days_back: int
    exits: tuple[ExitRule, ...]


def load_seat_terms(on: date) -> SeatTerms:
    """The terms that hold on `on`; ValueError when some do not."""
    content = _content(data_dir() / "parameters" / "seats.yaml")
    first = {name: _first(content, name, on) for name in _SINGLE}
    attendance = first["attendance"]
    return SeatTerms(
        answer_within_working_days=first["offers"]["answer_within_working_days"],
        released_from=time.fromisoformat(first["standby"]["released_from"]),
        counted=timedelta(weeks=attendance["weeks"]),
        least_days=attendance["least_days"],
        rhythm_steps=tuple(RhythmStep(**row) for row in attendance["rhythm_levels"]),
        days_back=first["marking"]["days_back"],
        exits=tuple(_exit_rule(row) for row in _rows_on(content, "exits", on)),
    )


_SINGLE = ("offers", "standby", "attendance", "marking")
_DATED = ("valid_from", "valid_until", "source")


def _exit_rule(row: Mapping[str, Any]) -> ExitRule:
    values = {name: value for name, value in row.items() if name not in _DATED}
    return ExitRule(**{**values, "kinds": frozenset(values.get("kinds", ()))})


def _first(content: Mapping[str, Any], name: str, on: date) -> Mapping[str, Any]:
    for row in _rows_on(content, name, on):
        return row
    raise ValueError(f"parameters/seats.yaml holds no {name} on {on}")


def _rows_on(content: Mapping[str, Any], name: str, on: date) -> Iterator[Mapping[str, Any]]:
    for row in content[name]:
        if row["valid_from"] <= on and (row["valid_until"] is None or on <= row["valid_until"]):
            yield row


@lru_cache(maxsize=8)
def _content(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(path)
    for name in (*_SINGLE, "exits"):
        for row in content[name]:
            if row["source"] not in content["sources"]:
                raise ValueError(f"parameters/seats.yaml: {row['source']} is not one of sources")
    return content
