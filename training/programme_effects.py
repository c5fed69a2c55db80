"""The effect of each programme by name, drawn to what is known of its kind.

Each programme's people beside the untreated, weighted to look alike; where the effective sample is
too small, or the outcomes too few, only the prior speaks.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import numpy as np

from matcher.domain.programme_effects import shrink
from matcher.reference.effect_priors import load_effect_priors
from training.cohort import Treatment
from training.dataset import Dataset
from training.effects import SMALLEST_SAMPLE, TRIM, aipw, comparison_weights, effective_sample
from training.treatment_model import Nuisances, nuisances, treatment_columns

PRIOR_ON: Final = date(2026, 11, 1)
"""The priors of this method; a run depends on no clock."""
UNGRADED: Final = "weak"


def programme_effects(data: Dataset, treatment: Treatment) -> list[dict[str, Any]]:
    """A row for each programme: its own estimate, its prior, and both together."""
    if data.programmes is None or data.treated is None or not data.is_binary:
        return []
    priors = load_effect_priors(PRIOR_ON)
    grades = dict(data.cohort.programme_evidence)
    x = treatment_columns(data, treatment)
    told = []
    for index, name in enumerate(data.programmes.levels):
        inside = (data.programmes.values == index) & (data.treated == 1)
        outcomes = int(inside.sum())
        measured = error = None
        sample = 0.0
        if outcomes >= priors.fewest_outcomes:
            measured, error, sample = _own(data, x, inside)
        grade = grades.get(name, UNGRADED)
        prior = priors.by_grade[grade]
        shrunk = shrink(prior, measured, error, outcomes)
        told.append(
            {
                "programme": name,
                "outcomes": outcomes,
                "effective_sample_size": round(sample, 2),
                "evidence": grade,
                "prior": {"mean": prior.mean, "spread": prior.spread},
                "measured": None if measured is None else round(measured, 6),
                "effect": {
                    "value": round(shrunk.value, 6),
                    "low": round(shrunk.low, 6),
                    "high": round(shrunk.high, 6),
                },
                "own_weight": round(shrunk.own_weight, 6),
            }
        )
    return told


def _own(data: Dataset, x: Any, inside: Any) -> tuple[float | None, float | None, float]:
    """The programme's own estimate among those who had it, or None where too few are alike."""
    rows = np.flatnonzero(inside | (data.treated == 0))
    treated = inside[rows].astype(np.int64)
    y = data.y[rows].astype(np.float64)
    found = nuisances(x[rows], y, treated, data.clusters[rows], data.cohort.seed, None)
    keep = found.chance <= 1 - TRIM
    weights = comparison_weights(treated, found.chance, "treated")
    sample = effective_sample(weights[keep & (treated == 0)])
    if sample < SMALLEST_SAMPLE:
        return None, None, sample
    held = Nuisances(found.chance[keep], found.untreated[keep], found.treated[keep])
    estimate = aipw(y[keep], treated[keep], held, "treated")
    return estimate.value, estimate.error, sample
