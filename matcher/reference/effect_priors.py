"""What to expect of a programme by the grade of its evidence, on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from matcher.domain.programme_effects import EffectPrior
from matcher.reference.paths import data_dir
from matcher.reference.yaml_files import read_yaml


@dataclass(frozen=True, slots=True)
class EffectPriors:
    """A prior for each grade, in shares at work; fewer outcomes than the fewest tell nothing."""

    by_grade: dict[str, EffectPrior]
    fewest_outcomes: int


def load_effect_priors(on: date) -> EffectPriors:
    """The priors that hold on `on`; ValueError when none do."""
    for row in _content(data_dir() / "programmes" / "effect-priors.yaml")["priors"]:
        if row["valid_from"] <= on and (row["valid_until"] is None or on <= row["valid_until"]):
            grades = {
                grade: EffectPrior(prior["mean"], prior["spread"])
                for grade, prior in row["grades"].items()
            }
            return EffectPriors(grades, row["fewest_outcomes"])
    raise ValueError(f"programmes/effect-priors.yaml holds no priors on {on}")


@lru_cache(maxsize=8)
def _content(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(path)
    return content
