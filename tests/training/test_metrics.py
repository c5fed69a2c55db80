"""Metrics against slow and plain definitions, and against what is known of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, roc_auc_score

from training.metrics import Ranked, calibration_line, log_odds, net_benefit, noise_floor

outcomes = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from([0.1, 0.2, 0.3, 0.5, 0.7, 0.9])),
    min_size=12,
    max_size=80,
)


@given(rows=outcomes, seed=st.integers(0, 99))
def test_auc_and_brier_are_those_of_the_library_also_when_drawn_again(rows, seed):
    y, p = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    weights = np.random.default_rng(seed).integers(0, 4, len(y)).astype(float)
    ranked = Ranked(y, p)
    for w in (None, weights):
        if (w is not None and len(set(y[w > 0])) < 2) or len(set(y)) < 2:
            continue
        assert ranked.auc(w) == pytest.approx(roc_auc_score(y, p, sample_weight=w))
        assert ranked.brier(w) == pytest.approx(brier_score_loss(y, p, sample_weight=w))


@given(rows=outcomes, seed=st.integers(0, 99))
def test_the_order_of_the_rows_changes_no_metric(rows, seed):
    y, p = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    mixed = np.random.default_rng(seed).permutation(len(y))
    one, other = Ranked(y, p), Ranked(y[mixed], p[mixed])
    for metric in ("auc", "brier", "ece"):
        assert getattr(one, metric)() == pytest.approx(getattr(other, metric)())


def test_calibration_error_is_the_mean_gap_over_ten_equal_bins():
    draw = np.random.default_rng(3)
    p = draw.random(1000)
    y = (draw.random(1000) < p**2).astype(int)
    order = np.argsort(p)
    slow = np.mean([abs(p[part].mean() - y[part].mean()) for part in np.array_split(order, 10)])
    assert Ranked(y, p).ece() == pytest.approx(slow)


def test_a_perfect_prediction_has_slope_one_and_an_error_within_the_noise_floor():
    draw = np.random.default_rng(5)
    p = draw.beta(4, 3, 4000)
    y = (draw.random(4000) < p).astype(int)
    slope, intercept, error = calibration_line(y, log_odds(p))
    assert abs(slope - 1) < 3 * error
    assert abs(intercept) < 0.2
    mean, high = noise_floor(p, 100, draw)
    assert mean < high
    assert Ranked(y, p).ece() < 1.5 * high


def test_the_noise_floor_of_ten_thousand_rows_is_about_an_hundredth():
    """evidence.md measured .012 at 9,240 rows and .040 at 722."""
    draw = np.random.default_rng(7)
    assert noise_floor(draw.beta(6, 4, 9240), 60, draw)[0] == pytest.approx(0.012, abs=0.003)
    assert noise_floor(draw.beta(6, 3, 722), 60, draw)[0] == pytest.approx(0.042, abs=0.008)


def test_acting_on_everyone_at_the_base_rate_brings_nothing():
    y = np.array([1, 0, 0, 0])
    assert net_benefit(y, np.ones(4), 0.25) == pytest.approx(0)
    assert net_benefit(y, np.array([0.9, 0.1, 0.1, 0.1]), 0.25) == 0.25
