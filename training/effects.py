"""What a programme changes, which is another question than who succeeds.

By lot: the difference, and the same sharpened by what was known at intake. Not by lot: weighting by
the odds of treatment (IPW) and its doubly robust form (AIPW), each on outcomes and propensities
that had not seen the row. Where the effective sample of those compared with is under 50 nothing is
said: a handful of people would speak for all (evidence.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.cells import Floats
from training.cohort import Treatment
from training.dataset import Dataset, Ints
from training.policy import policies, policy_columns
from training.treatment_model import (
    Nuisances,
    doubly_robust,
    nuisances,
    treatment_columns,
)

SMALLEST_SAMPLE: Final = 50
TRIM: Final = 0.01
"""People whose chance of treatment is nearer to 0 or 1 have nobody to be compared with."""
FEWEST: Final = 20
_Z: Final = 1.959964


@dataclass(frozen=True, slots=True)
class Estimate:
    """An effect with its standard error; `influence` is each row's say in it, nought on average."""

    value: float
    error: float
    influence: Floats

    def told(self) -> dict[str, float]:
        """With its 95 % interval."""
        return {
            "value": round(self.value, 6),
            "low": round(self.value - _Z * self.error, 6),
            "high": round(self.value + _Z * self.error, 6),
            "standard_error": round(self.error, 6),
        }


def effective_sample(weights: Floats) -> float:
    """How many equally weighted people say as much (Kish, 1965)."""
    squares = float((weights**2).sum())
    return float(weights.sum() ** 2 / squares) if squares > 0 else 0.0


def difference(y: Floats, treated: Ints) -> Estimate:
    """Mean of the treated less mean of the others: the effect where it was by lot."""
    t = treated == 1
    share = t.mean()
    high, low = y[t].mean(), y[~t].mean()
    influence = np.where(t, (y - high) / share, -(y - low) / (1 - share))
    return _estimate(float(high - low), influence)


def _estimate(value: float, influence: Floats) -> Estimate:
    return Estimate(value, float(influence.std(ddof=1) / np.sqrt(len(influence))), influence)


def comparison_weights(treated: Ints, chance: Floats, whom: str) -> Floats:
    """How much each row counts so that both sides look like those the effect is about."""
    t = treated == 1
    if whom == "treated":
        return np.where(t, 1.0, chance / (1 - chance))
    return np.where(t, 1 / chance, 1 / (1 - chance))


def ipw(y: Floats, treated: Ints, chance: Floats, whom: str) -> Estimate:
    """Weighted means compared, the weights made to sum to one on each side (Hajek)."""
    t = treated == 1
    w = comparison_weights(treated, chance, whom)
    high = float(np.average(y[t], weights=w[t]))
    low = float(np.average(y[~t], weights=w[~t]))
    rows = len(y)
    influence = np.where(t, rows * w * (y - high) / w[t].sum(), -rows * w * (y - low) / w[~t].sum())
    return _estimate(high - low, influence)


def aipw(y: Floats, treated: Ints, found: Nuisances, whom: str) -> Estimate:
    """IPW of what the outcome models leave unexplained, on top of what they say."""
    t = treated == 1
    if whom == "treated":
        odds = found.chance / (1 - found.chance)
        left = y - found.untreated
        scale = odds[~t].sum() / t.sum()
        scores = np.where(t, left, -odds * left / scale) / t.mean()
        value = float(scores.mean())
        return _estimate(value, scores - value * t / t.mean())
    scores = doubly_robust(y, treated, found)
    gained = scores[:, 1] - scores[:, 0]
    return _estimate(float(gained.mean()), gained - gained.mean())


def effects(data: Dataset, treatment: Treatment) -> dict[str, Any]:
    """`effect.json` without its policies; amounts in the unit of the outcome."""
    if data.treated is None:  # pragma: no cover - the caller asks only where there is a treatment
        raise ValueError("no treatment")
    columns = treatment_columns(data, treatment)
    chance = None if not treatment.is_randomised else float(data.treated.mean())
    document: dict[str, Any] = {
        "cohort": data.cohort.name,
        "treatment": treatment.column,
        "randomised": treatment.is_randomised,
        "whom": treatment.whom,
        "rows": data.rows,
        "treated": int(data.treated.sum()),
        "untreated": int((data.treated == 0).sum()),
        "seed": data.cohort.seed,
        "is_synthetic": data.cohort.is_synthetic,
    }
    if min(document["treated"], document["untreated"]) < FEWEST:
        return {**document, "refused": True, "why": f"fewer than {FEWEST} treated or untreated"}
    found = nuisances(columns, data.amount, data.treated, data.clusters, data.cohort.seed, chance)
    unit = "share" if set(np.unique(data.amount)) <= {0.0, 1.0} else "amount"
    document |= _estimated(unit, data.amount, data, treatment, found)
    if treatment.whom == "all" and not document["refused"]:
        x, names = policy_columns(data, treatment.column)
        document["policy"] = policies(data, x, names, data.amount, found)
    document["outcome"] = data.cohort.outcome.name
    if data.is_binary and unit == "amount":
        y = data.y.astype(np.float64)
        as_share = nuisances(columns, y, data.treated, data.clusters, data.cohort.seed, chance)
        document["as_share"] = _estimated("share", y, data, treatment, as_share)
    return document


def _estimated(
    unit: str, y: Floats, data: Dataset, treatment: Treatment, found: Nuisances
) -> dict[str, Any]:
    treated = data.treated
    if treated is None:  # pragma: no cover
        raise ValueError("no treatment")
    keep = _overlapping(treated, found.chance, treatment)
    w = comparison_weights(treated, found.chance, treatment.whom)
    told: dict[str, Any] = {
        "unit": unit,
        "difference": difference(y, treated).told(),
        "overlap": _overlap(treated, found.chance, keep),
    }
    sample = effective_sample(w[keep & (treated == 0)])
    other = effective_sample(w[keep & (treated == 1)])
    told["effective_sample_size"] = round(min(sample, other), 2)
    told["effective_sample_sizes"] = {"untreated": round(sample, 2), "treated": round(other, 2)}
    told["refused"] = min(sample, other) < SMALLEST_SAMPLE
    some = keep
    held = Nuisances(found.chance[some], found.untreated[some], found.treated[some])
    estimates = {
        "ipw": ipw(y[some], treated[some], held.chance, treatment.whom).told(),
        "aipw": aipw(y[some], treated[some], held, treatment.whom).told(),
    }
    if told["refused"]:
        told["why"] = (
            f"refused: the effective sample is {min(sample, other):.0f}, under {SMALLEST_SAMPLE}; "
            "too few of those compared with resemble the others"
        )
        # What it would have said stands apart, so that nobody takes it for an answer.
        told |= {"ipw": None, "aipw": None, "not_to_be_used": estimates}
        return told
    told["why"] = _in_words(estimates["aipw"], treatment.is_randomised)
    return told | estimates


def _in_words(estimate: dict[str, float], is_randomised: bool) -> str:
    if estimate["low"] <= 0 <= estimate["high"]:
        return "no evidence: the interval holds nought"
    way = "raises" if estimate["value"] > 0 else "lowers"
    ground = "by lot" if is_randomised else "if all that drove treatment is in the model"
    return f"it {way} the outcome, {ground}"


def _overlapping(treated: Ints, chance: Floats, treatment: Treatment) -> NDArray[np.bool_]:
    if treatment.is_randomised:
        return np.ones(len(treated), dtype=bool)
    keep = chance <= 1 - TRIM
    if treatment.whom == "all":
        keep &= chance >= TRIM
    # Among those compared with, a chance near nought weighs near nothing and may stay.
    return keep


def _overlap(treated: Ints, chance: Floats, keep: NDArray[np.bool_]) -> dict[str, Any]:
    """Chances of treatment on both sides, in tenths, and who falls outside."""
    edges = np.linspace(0, 1, 11)
    t = treated == 1
    return {
        "left_out": int((~keep).sum()),
        "treated": _range(chance[t]),
        "untreated": _range(chance[~t]),
        "treated_by_tenth": np.histogram(chance[t], edges)[0].tolist(),
        "untreated_by_tenth": np.histogram(chance[~t], edges)[0].tolist(),
    }


def _range(chance: Floats) -> dict[str, float]:
    return {"low": round(float(chance.min()), 6), "high": round(float(chance.max()), 6)}
