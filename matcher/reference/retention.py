"""How long each class of data is kept, on a day: ``data/accountability/retention.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from matcher.reference.paths import data_dir
from matcher.reference.yaml_files import read_yaml


class Ending(StrEnum):
    """What happens with rows whose time is over."""

    ERASE = "erase"
    COUNT_AND_ERASE = "count_and_erase"
    """Counted by month, where there are enough to name nobody, and then erased."""
    EMPTY = "empty"
    """The row stays without what it says about anybody."""
    WITH_THE_FILE = "with_the_file"
    """Rows of a candidate, erased when the file is."""
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """One rule: rows of `kind` end so many `days` after `counted_from`; None is never."""

    name: str
    kind: str
    title: str
    days: int | None
    counted_from: str
    ending: Ending
    source: str
    to_confirm: bool
    smallest_count: int | None = None


def load_retention(on: date) -> tuple[RetentionRule, ...]:
    """The rules that hold on `on`, in the order of their file; ValueError for a bad file."""
    content = _content(data_dir() / "accountability" / "retention.yaml")
    sources: Mapping[str, str] = content["sources"]
    found = [
        _rule(kind, entry["nl"], row, sources)
        for kind, entry in content["classes"].items()
        for row in entry["rules"]
        if row["valid_from"] <= on and (row.get("valid_until") is None or on <= row["valid_until"])
    ]
    names = [rule.name for rule in found]
    if len(set(names)) != len(names):
        raise ValueError(f"accountability/retention.yaml holds two rules of one name on {on}")
    return tuple(found)


def _rule(
    kind: str, title: str, row: Mapping[str, Any], sources: Mapping[str, str]
) -> RetentionRule:
    rule = RetentionRule(
        name=row["name"],
        kind=kind,
        title=title,
        days=row["days"],
        counted_from=row["from"],
        ending=Ending(row["action"]),
        source=sources[row["source"]],
        to_confirm=row["to_confirm"],
        smallest_count=row.get("smallest_count"),
    )
    if (rule.days is None) != (rule.ending is Ending.KEEP):
        raise ValueError(f"{rule.name}: days and keep exclude each other")
    return rule


@lru_cache(maxsize=8)
def _content(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(path)
    return content
