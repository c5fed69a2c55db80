"""A made-up world whose truth is known: to check estimators against, and to show the machinery.

Nothing in it is about anybody. Every file says so (`synthetic: true`), and what is learned from it
never passes for production.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.special import expit

from training.cells import Floats

FIRST_DAY: Final = date(2024, 1, 8)
DAYS: Final = 900
HORIZON_DAYS: Final = 365
SECTORS: Final = ("F42", "N81", "H49", "Q87")
TRUTH_PEOPLE: Final = 400_000

_WEIGHTS: Final = {
    "rhythm": 0.28,
    "work_skills": 0.22,
    "language_speak": 0.16,
    "hours_max": 0.02,
    "lift": 0.18,
    "travel_max_minutes": 0.004,
}
_CENTRES: Final = {
    "rhythm": 2.2, "work_skills": 2.0, "language_speak": 2.6, "hours_max": 29.0, "lift": 1.5,
    "travel_max_minutes": 47.0,
}  # fmt: skip
_HOURS: Final = (16.0, 20.0, 24.0, 32.0, 36.0, 40.0)
_HOURS_SHARES: Final = (0.1, 0.15, 0.2, 0.2, 0.2, 0.15)
_SECTOR_PULL: Final = (0.15, -0.05, 0.1, -0.2)
HANDICAP: Final = 2.0
"""Steps of rhythm and of work skills that the handicapped group is given too few."""
_UNKNOWN: Final = 0.08


@dataclass(slots=True)
class World:
    """People with their features, who was helped, what came of it, and what would have.

    `features` are as recorded (NaN unknown); `chance` of treatment; `p0` and `p1` the true chances
    of work without and with help. `group` is 1 for a third of the people.
    """

    features: dict[str, Floats]
    sector: NDArray[np.int64]
    day: NDArray[np.int64]
    group: NDArray[np.int64]
    treated: NDArray[np.int64]
    chance: Floats
    p0: Floats
    p1: Floats
    outcome: NDArray[np.int64]

    @property
    def effect(self) -> float:
        """The true average effect among these people."""
        return float((self.p1 - self.p0).mean())


def draw(people: int, seed: int, *, by_lot: bool = False, handicap: bool = False) -> World:
    """`people` from the world. Not by lot, those who stand nearer to work are helped less."""
    rng = np.random.default_rng([seed, 41])
    ability = rng.normal(size=people)
    levels = {
        name: np.clip(np.rint(centre + 0.8 * ability + rng.normal(size=people)), 0, 4)
        for name, centre in (("rhythm", 2.2), ("work_skills", 2.0), ("language_speak", 2.6))
    }
    true = {
        **levels,
        "hours_max": rng.choice(_HOURS, people, p=_HOURS_SHARES),
        "lift": rng.choice([0.0, 1, 2], people, p=[0.12, 0.24, 0.64]),
        "travel_max_minutes": rng.choice([30.0, 45, 60, 90], people, p=[0.25, 0.4, 0.25, 0.1]),
    }  # fmt: skip
    sector = rng.integers(0, len(SECTORS), people)
    group = (rng.random(people) < 1 / 3).astype(np.int64)
    raw = -0.1 + np.array(_SECTOR_PULL)[sector]
    for name, weight in _WEIGHTS.items():
        raw = raw + weight * (true[name] - _CENTRES[name])
    # Help does more for those who have less of a rhythm.
    p0, p1 = expit(raw), expit(raw + 0.35 + 0.15 * (2.2 - true["rhythm"]))
    need = -0.2 - 0.45 * (true["rhythm"] - 2.2) - 0.25 * (true["work_skills"] - 2.0)
    chance = np.full(people, 0.5) if by_lot else expit(need)
    treated = (rng.random(people) < chance).astype(np.int64)
    outcome = (rng.random(people) < np.where(treated == 1, p1, p0)).astype(np.int64)
    recorded = dict(true)
    if handicap:
        for name in ("rhythm", "work_skills"):
            low = np.maximum(true[name] - HANDICAP, 0)
            recorded[name] = np.where(group == 1, low, true[name])
    return World(
        features=recorded,
        sector=sector,
        day=rng.integers(0, DAYS, people),
        group=group,
        treated=treated,
        chance=chance,
        p0=p0,
        p1=p1,
        outcome=outcome,
    )


@lru_cache(maxsize=4)
def true_effect(*, on_treated: bool = False) -> float:
    """The average effect in the world at large, or on those who are helped when not by lot."""
    world = draw(TRUTH_PEOPLE, 0)
    weights = world.chance if on_treated else None
    return float(np.average(world.p1 - world.p0, weights=weights))


def write_world(
    folder: Path, *, people: int, seed: int, leak: bool = False, handicap: bool = False
) -> Path:
    """The world as ``people.csv``, ``truth.json`` and ``cohort.yaml``; the path of the last.

    `leak` adds ``called_back``, which is written down after work was found.
    """
    world = draw(people, seed, handicap=handicap)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "people.csv").write_bytes(_table(world, seed, leak=leak))
    truth = {
        "synthetic": True,
        "effect_at_large": round(true_effect(), 6),
        "effect_on_the_treated": round(true_effect(on_treated=True), 6),
        "effect_here": round(world.effect, 6),
        "leak": "called_back" if leak else None,
        "handicap": "rhythm and work_skills of group b" if handicap else None,
    }
    (folder / "truth.json").write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")
    path = folder / "cohort.yaml"
    text = yaml.safe_dump(_cohort(seed, leak=leak), sort_keys=False, allow_unicode=True)
    path.write_text("# Made-up people: for demonstration only.\n" + text, encoding="utf-8")
    return path


def _table(world: World, seed: int, *, leak: bool) -> bytes:
    """CSV, with some answers unknown."""
    rng = np.random.default_rng([seed, 43])
    people = len(world.outcome)
    names = list(world.features)
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    header = ["person", "intake_on", *names, "sector", "group", "helped", "at_work_12m"]
    writer.writerow([*header, *(["called_back"] if leak else [])])
    unknown = {name: rng.random(people) < _UNKNOWN for name in names}
    wrong = rng.random(people) < 0.05
    for i in range(people):
        row: list[Any] = [f"s{i:06d}", (FIRST_DAY + timedelta(days=int(world.day[i]))).isoformat()]
        row += ["" if unknown[name][i] else f"{world.features[name][i]:g}" for name in names]
        row += [SECTORS[world.sector[i]], "ab"[world.group[i]], world.treated[i], world.outcome[i]]
        if leak:
            row.append("yes" if (world.outcome[i] == 1) != wrong[i] else "no")
        writer.writerow(row)
    return written.getvalue().encode()


def _cohort(seed: int, *, leak: bool) -> dict[str, Any]:
    dimensions = {
        "rhythm": "rhythm", "work_skills": "work_skills", "language_speak": "speaking",
        "hours_max": "hours", "lift": "body", "travel_max_minutes": "travel",
    }  # fmt: skip
    features: list[dict[str, Any]] = [
        {"name": name, "kind": "number", "monotone": "+", "imputation": "flag",
         "dimension": dimension}
        for name, dimension in dimensions.items()
    ]  # fmt: skip
    features.append({"name": "sector", "kind": "category", "imputation": "level"})
    if leak:
        features.append({"name": "called_back", "kind": "boolean", "imputation": "none"})
    return {
        "name": "made-up-world",
        "synthetic": True,
        "about": {
            "en": "Made-up people with a known truth; for demonstration only.",
            "nl": "Verzonnen mensen met een bekende waarheid; alleen om te laten zien.",
        },
        "table": "people.csv",
        "unit": "person",
        "as_of": "intake_on",
        "outcome": {"name": "at_work_12m", "horizon": HORIZON_DAYS},
        "features": features,
        "audit_groups": ["group"],
        "treatment_model": {
            "treatment": "helped",
            "features": [*dimensions, "sector"],
            "whom": "all",
        },
        "split": {"kind": "temporal", "folds": 3},
        "seed": seed,
    }
