"""How much each learner is worth beside the base rate and the rules, with intervals.

Everything is out of fold. Intervals are 95 %, from drawing people (not rows) again with
replacement; with repeated folds a metric is the mean over the repeats. The result is
`evaluation.json`, described in ``training/README.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

from training.cells import Floats
from training.dataset import Dataset, Ints
from training.metrics import Ranked, calibration_line, log_odds, net_benefit, noise_floor
from training.nested import BASE_RATE, RULE_SCORE, OutOfFold
from training.rule_score import rule_columns
from training.splits import split_of

DRAWS: Final = 400
FEW_DRAWS: Final = 200
"""For very many rows, where an interval is narrow anyway."""
VERY_MANY: Final = 50_000
FLOOR_DRAWS: Final = 200
DECIMALS: Final = 6
ALARM_AUC: Final = 0.85
"""An AUC over this on outcome history is a leak or made-up data (evidence.md)."""
_THRESHOLDS: Final = tuple(round(0.05 * step, 2) for step in range(1, 20))

Value = dict[str, float]
"""`value` with its interval `low` to `high`."""


def interval(value: float, draws: Floats, *, centred: bool = False, least: float = -1e9) -> Value:
    """`value` with the middle 95 % of `draws`.

    `centred` takes away how far the draws lie off on the whole: a drawn sample is never smoother
    than its source, so the calibration error of the draws is too high.
    """
    off = float(draws.mean()) - value if centred else 0.0
    low, high = np.quantile(draws, [0.025, 0.975]) - off
    return {
        "value": _round(value),
        "low": _round(max(min(float(low), value), least)),
        "high": _round(max(float(high), value)),
    }


def _round(value: float) -> float:
    return round(float(value), DECIMALS) + 0.0


def people_drawn(clusters: Ints, draws: int, seed: int) -> Iterator[Floats]:
    """Counts a row for each draw of people with replacement."""
    _, people = np.unique(clusters, return_inverse=True)
    count = int(people.max()) + 1
    rng = np.random.default_rng([seed, 20_260])
    for _ in range(draws):
        yield np.bincount(rng.integers(0, count, count), minlength=count)[people].astype(float)


class Judged:
    """Outcome and predictions of the judged rows, for all learners and repeats."""

    def __init__(self, data: Dataset, found: OutOfFold, rows: Ints | None = None) -> None:
        self.rows = found.judged if rows is None else rows
        self.y = data.y[self.rows]
        self.clusters = data.clusters[self.rows]
        self.p = {name: p[:, self.rows] for name, p in found.p.items()}
        self.ranked = {name: [Ranked(self.y, repeat) for repeat in p] for name, p in self.p.items()}

    def mean(self, name: str, metric: str, weights: Floats | None = None) -> float:
        """A metric of one learner, averaged over the repeats."""
        return float(np.mean([getattr(each, metric)(weights) for each in self.ranked[name]]))

    def table(self, weights: Floats | None = None) -> dict[str, dict[str, float]]:
        """AUC, Brier score and calibration error of all."""
        return {
            name: {metric: self.mean(name, metric, weights) for metric in ("auc", "brier", "ece")}
            for name in self.p
        }


def evaluate(
    data: Dataset,
    found: OutOfFold,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Any]:
    """The whole of `evaluation.json`."""
    judged = Judged(data, found)
    draws = FEW_DRAWS if data.rows >= VERY_MANY else DRAWS
    drawn = []
    for done, weights in enumerate(people_drawn(judged.clusters, draws, data.cohort.seed), 1):
        drawn.append(judged.table(weights))
        progress(done, draws)
    here = judged.table()
    learners = {name: _learner(name, judged, here, drawn, data.cohort.seed) for name in judged.p}
    for name in learners:
        if name not in (BASE_RATE, RULE_SCORE):
            learners[name]["against"] = _against(name, here, drawn)
    document = {
        "cohort": data.cohort.name,
        "rows": data.rows,
        "judged_rows": len(judged.rows),
        "people": len(np.unique(data.clusters)),
        "outcome": data.cohort.outcome.name,
        "base_rate": _round(judged.y.mean()),
        "split": split_of(data).kind,
        "seed": data.cohort.seed,
        "is_synthetic": data.cohort.is_synthetic,
        "draws": draws,
        "rule_score_from": data.cohort.rule_score or rule_columns(data),
        "learners": learners,
        "decision_curve": _decision_curve(judged),
    }
    if found.late is not None:
        late = Judged(data, found, found.late)
        document["later_window"] = {
            "rows": len(late.rows),
            "learners": {
                name: {metric: _round(value) for metric, value in metrics.items()}
                for name, metrics in late.table().items()
            },
        }
    return document


def _learner(
    name: str,
    judged: Judged,
    here: dict[str, dict[str, float]],
    drawn: list[dict[str, dict[str, float]]],
    seed: int,
) -> dict[str, Any]:
    p = judged.p[name]
    values = here[name]
    told: dict[str, Any] = {}
    for metric in ("auc", "brier", "ece"):
        found = np.array([each[name][metric] for each in drawn])
        told[metric] = interval(values[metric], found, centred=metric == "ece", least=0.0)
    skill = 1 - values["brier"] / here[BASE_RATE]["brier"]
    skills = np.array([1 - each[name]["brier"] / each[BASE_RATE]["brier"] for each in drawn])
    told["skill"] = interval(skill, skills)
    told["slope"] = None if name == BASE_RATE else _slope(judged, p)
    middle, high = noise_floor(p[0], FLOOR_DRAWS, np.random.default_rng([seed, 7]))
    told["ece_noise_floor"] = {"mean": _round(middle), "p95": _round(high)}
    predicted, happened, size, _ = judged.ranked[name][0].bins()
    told["bins"] = [
        {"predicted": _round(a), "happened": _round(b), "rows": int(c)}
        for a, b, c in zip(predicted, happened, size, strict=True)
    ]
    told["suspicious"] = values["auc"] > ALARM_AUC
    return told


def _slope(judged: Judged, p: Floats) -> Value:
    """Of the outcome on the log-odds, mean over the repeats; the base rate has none."""
    lines = [calibration_line(judged.y, log_odds(repeat)) for repeat in p]
    slope, error = float(np.mean([line[0] for line in lines])), max(line[2] for line in lines)
    return {
        "value": _round(slope),
        "low": _round(max(slope - 1.96 * error, -1e3)),
        "high": _round(min(slope + 1.96 * error, 1e3)),
    }


def _against(
    name: str,
    here: dict[str, dict[str, float]],
    drawn: list[dict[str, dict[str, float]]],
) -> dict[str, Any]:
    """What is gained on base rate and rules, in the same draws: above nought is better."""
    gains = {}
    for other in (BASE_RATE, RULE_SCORE):
        brier = here[other]["brier"] - here[name]["brier"]
        auc = here[name]["auc"] - here[other]["auc"]
        gains[other] = {
            "brier_gain": interval(
                brier, np.array([d[other]["brier"] - d[name]["brier"] for d in drawn])
            ),
            "auc_gain": interval(auc, np.array([d[name]["auc"] - d[other]["auc"] for d in drawn])),
        }
    return gains


def _decision_curve(judged: Judged) -> list[dict[str, float]]:
    """Net benefit by threshold, beside acting on everyone; acting on no one is nought."""
    curve = []
    for threshold in _THRESHOLDS:
        point = {"threshold": threshold}
        for name, p in judged.p.items():
            point[name] = _round(np.mean([net_benefit(judged.y, each, threshold) for each in p]))
        everyone = np.ones(len(judged.y))
        point["everyone"] = _round(net_benefit(judged.y, everyone, threshold))
        curve.append(point)
    return curve
