"""A programme's effect is drawn to its prior, the more so the fewer its outcomes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.programme_effects import EffectPrior, shrink
from matcher.domain.vocabulary import EVIDENCE
from matcher.reference.effect_priors import load_effect_priors

priors = st.builds(EffectPrior, st.floats(-0.2, 0.2), st.floats(0.01, 0.2))


@given(
    prior=priors, measured=st.floats(-0.5, 0.5), error=st.floats(0.005, 1), n=st.integers(1, 999)
)
def test_the_effect_lies_between_prior_and_measurement_and_is_surer_than_both(
    prior, measured, error, n
):
    found = shrink(prior, measured, error, n)
    low, high = sorted([prior.mean, measured])
    assert low - 1e-12 <= found.value <= high + 1e-12
    assert found.error <= min(prior.spread, error) + 1e-12
    assert 0 < found.own_weight < 1


@given(prior=priors, measured=st.floats(-0.5, 0.5), error=st.floats(0.01, 0.5))
def test_more_outcomes_move_it_further_from_the_prior(prior, measured, error):
    few, many = shrink(prior, measured, error, 40), shrink(prior, measured, error / 2, 160)
    assert many.own_weight > few.own_weight
    assert abs(many.value - prior.mean) >= abs(few.value - prior.mean) - 1e-12


@given(prior=priors)
def test_without_outcomes_the_prior_stands(prior):
    found = shrink(prior, None, None, 0)
    assert (found.value, found.error, found.own_weight) == (prior.mean, prior.spread, 0.0)


def test_a_spread_of_nothing_is_refused():
    with pytest.raises(ValueError, match="above nought"):
        shrink(EffectPrior(0.0, 0.0), None, None, 0)


def test_every_grade_of_evidence_has_a_prior_and_stronger_ones_expect_no_less():
    found = load_effect_priors(date(2026, 11, 20))
    means = [found.by_grade[grade].mean for grade in EVIDENCE]
    assert means == sorted(means)
    with pytest.raises(ValueError, match="no priors"):
        load_effect_priors(date(2020, 1, 1))
