"""The terms of the public page about the people of a region, and of the pool of a sector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from matcher.domain.public_counts import PublicTerms
from matcher.reference.paths import data_dir
from matcher.reference.yaml_files import read_yaml


@dataclass(frozen=True, slots=True)
class TalentTerms:
    """What holds on one day: how small and how round, how many months ahead, and how long.

    `least_at_work` is the smallest total of people at work that an employer's home page shows,
    `own_rounding_cents` what amounts of the municipality's own account are rounded to.
    """

    counts: PublicTerms
    months: int
    stands: timedelta
    least_at_work: int
    own_rounding_cents: int


def load_talent_terms(on: date) -> TalentTerms:
    """The terms that hold on `on`; ValueError when some do not."""
    content = _content(data_dir() / "parameters" / "talent.yaml")
    row = {name: _first(content, name, on) for name in _NAMES}
    return TalentTerms(
        counts=PublicTerms(row["counts"]["least"], row["counts"]["rounding"]),
        months=row["ahead"]["months"],
        stands=timedelta(days=row["counting"]["stands_days"]),
        least_at_work=row["at_work"]["least"],
        own_rounding_cents=row["own_account"]["rounding_cents"],
    )


_NAMES = ("counts", "ahead", "counting", "at_work", "own_account")


def _first(content: Mapping[str, Any], name: str, on: date) -> Mapping[str, Any]:
    for row in content[name]:
        if row["valid_from"] <= on and (row["valid_until"] is None or on <= row["valid_until"]):
            found: Mapping[str, Any] = row
            return found
    raise ValueError(f"parameters/talent.yaml holds no {name} on {on}")


@lru_cache(maxsize=8)
def _content(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(path)
    for name in _NAMES:
        for row in content[name]:
            if row["source"] not in content["sources"]:
                raise ValueError(f"parameters/talent.yaml: {row['source']} is not one of sources")
    return content
