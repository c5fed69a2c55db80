"""The terms of introductions and the bands in which a contractor reads hours, on a day."""

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
class IntroductionTerms:
    """`answer_within` counts from the day of the invitation, `erased_after` from the closing."""

    answer_within: timedelta
    open_invitations_a_place: int
    erased_after: timedelta
    hours_up_to: tuple[int, ...]
    """The highest hours a week of each band, in rising order."""

    def hours_band(self, hours: float | None) -> tuple[int, int] | None:
        """Lowest and highest hours a week of the band that `hours` falls in; None if unknown."""
        if hours is None:
            return None
        low = 1
        for high in self.hours_up_to:
            if hours <= high:
                return low, high
            low = high + 1
        return low, low


def load_introduction_terms(on: date) -> IntroductionTerms:
    """The terms that hold on `on`; ValueError when none do."""
    content = _content(data_dir() / "parameters" / "introductions.yaml")
    terms, erasing, bands = (
        _row_on(content, name, on) for name in ("terms", "erasing", "hours_bands")
    )
    return IntroductionTerms(
        answer_within=timedelta(days=terms["answer_within_days"]),
        open_invitations_a_place=terms["open_invitations_a_place"],
        erased_after=timedelta(days=erasing["erased_after_days"]),
        hours_up_to=tuple(bands["up_to"]),
    )


def _row_on(content: Mapping[str, Any], name: str, on: date) -> Mapping[str, Any]:
    for row in content[name]:
        if row["valid_from"] <= on and (row["valid_until"] is None or on <= row["valid_until"]):
            found: Mapping[str, Any] = row
            return found
    raise ValueError(f"parameters/introductions.yaml holds no {name} on {on}")


@lru_cache(maxsize=8)
def _content(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(path)
    return content
