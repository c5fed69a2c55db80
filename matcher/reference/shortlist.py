"""The terms of the list of who fits a place, and of the half-day on which a firm meets them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from matcher.domain.shortlists import ListTerms
from matcher.reference.paths import data_dir
from matcher.reference.yaml_files import read_yaml


@dataclass(frozen=True, slots=True)
class ShortlistTerms:
    """What holds on one day.

    `copy_waits` is from asking for a copy's list until it opens, `like_within` how long ago a list
    may have been shown that makes a place like it a copy, `stands` how long a list stays as drawn.
    A half-day lies between `first_day` and `last_day` from today.
    """

    lists: ListTerms
    copy_waits: timedelta
    like_within: timedelta
    stands: timedelta
    first_day: timedelta
    last_day: timedelta


def load_shortlist_terms(on: date) -> ShortlistTerms:
    """The terms that hold on `on`; ValueError when some do not."""
    content = _content(data_dir() / "parameters" / "shortlist.yaml")
    row = {name: _first(content, name, on) for name in _NAMES}
    return ShortlistTerms(
        lists=ListTerms(
            sizes=tuple(sorted(row["sizes"]["lines"])),
            together=row["held"]["together"],
            period=row["held"]["period"],
            least_of_copy=row["copies"]["least"],
            differ=row["likeness"]["differ"],
        ),
        copy_waits=timedelta(hours=row["copies"]["wait_hours"]),
        like_within=timedelta(days=row["likeness"]["days"]),
        stands=timedelta(days=row["standing"]["days"]),
        first_day=timedelta(days=row["half_days"]["first"]),
        last_day=timedelta(days=row["half_days"]["last"]),
    )


_NAMES = ("sizes", "held", "copies", "likeness", "standing", "half_days")


def _first(content: Mapping[str, Any], name: str, on: date) -> Mapping[str, Any]:
    for row in content[name]:
        if row["valid_from"] <= on and (row["valid_until"] is None or on <= row["valid_until"]):
            found: Mapping[str, Any] = row
            return found
    raise ValueError(f"parameters/shortlist.yaml holds no {name} on {on}")


@lru_cache(maxsize=8)
def _content(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(path)
    for name in _NAMES:
        for row in content[name]:
            if row["source"] not in content["sources"]:
                raise ValueError(
                    f"parameters/shortlist.yaml: {row['source']} is not one of sources"
                )
    return content
