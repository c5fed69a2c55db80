"""From when figures about following the advice are shown and warn, on a day."""

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
class OversightTerms:
    """`alarm_percent` warns once there are `last_decisions`; fewer than the least show nothing.

    One assessment in `one_in` asks for an own choice first.
    """

    last_decisions: int
    alarm_percent: int
    least_decisions: int
    least_staff: int
    one_in: int
    least_choices: int


def load_oversight_terms(on: date) -> OversightTerms:
    """The terms that hold on `on`; ValueError when none do."""
    content = _content(data_dir() / "parameters" / "oversight.yaml")
    following, choice = (_row_on(content, name, on) for name in ("following", "own_choice_first"))
    return OversightTerms(
        last_decisions=following["last_decisions"],
        alarm_percent=following["alarm_percent"],
        least_decisions=following["least_decisions"],
        least_staff=following["least_staff"],
        one_in=choice["one_in"],
        least_choices=choice["least_choices"],
    )


def _row_on(content: Mapping[str, Any], name: str, on: date) -> Mapping[str, Any]:
    for row in content[name]:
        if row["valid_from"] <= on and (row["valid_until"] is None or on <= row["valid_until"]):
            found: Mapping[str, Any] = row
            return found
    raise ValueError(f"parameters/oversight.yaml holds no {name} on {on}")


@lru_cache(maxsize=8)
def _content(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(path)
    return content
