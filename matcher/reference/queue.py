"""The terms of the queue: attempts, bulk decisions, undoing, reviews, arriving elsewhere."""

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
class QueueTerms:
    """What holds on one day; `visit_ends_after` is how long nothing was looked at."""

    attempts_until_letter: int
    people_together: int
    undo_within: timedelta
    review_within: timedelta
    confirmed_within: timedelta
    long_wait: timedelta
    visit_ends_after: timedelta
    first_visit: timedelta


def load_queue_terms(on: date) -> QueueTerms:
    """The terms that hold on `on`; ValueError when some do not."""
    content = _content(data_dir() / "parameters" / "queue.yaml")
    row = {name: _first(content, name, on) for name in _NAMES}
    return QueueTerms(
        attempts_until_letter=row["attempts"]["until_letter"],
        people_together=row["together"]["people"],
        undo_within=timedelta(minutes=row["undo"]["minutes"]),
        review_within=timedelta(days=row["reviews"]["within_days"]),
        confirmed_within=timedelta(days=row["elsewhere"]["confirmed_within_days"]),
        long_wait=timedelta(days=row["long_wait"]["over_days"]),
        visit_ends_after=timedelta(minutes=row["visits"]["ends_after_minutes"]),
        first_visit=timedelta(days=row["visits"]["first_days"]),
    )


_NAMES = ("attempts", "together", "undo", "reviews", "elsewhere", "long_wait", "visits")


def _first(content: Mapping[str, Any], name: str, on: date) -> Mapping[str, Any]:
    for row in content[name]:
        if row["valid_from"] <= on and (row["valid_until"] is None or on <= row["valid_until"]):
            found: Mapping[str, Any] = row
            return found
    raise ValueError(f"parameters/queue.yaml holds no {name} on {on}")


@lru_cache(maxsize=8)
def _content(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(path)
    for name in _NAMES:
        for row in content[name]:
            if row["source"] not in content["sources"]:
                raise ValueError(f"parameters/queue.yaml: {row['source']} is not one of sources")
    return content
