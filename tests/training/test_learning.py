"""Learners keep their directions, folds keep people apart, artefacts say what was learned."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from matcher.domain.errors import InvalidInput
from matcher.scoring.artefact import load, write_artefact
from tests.scoring.made import manifest
from tests.training.made import SIGNAL_FEATURES, dataset, signal
from training.export import all_rows, answers_of, feature_entries, reading_of
from training.learners import LEARNERS, SignedLogistic, fit_rows, settings_of
from training.nested import Calibration, choose, fit_chosen, out_of_fold
from training.splits import folds_of


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return dataset(
        tmp_path_factory.mktemp("signal"),
        signal(600),
        outcome="good",
        features=SIGNAL_FEATURES,
        split={"kind": "repeated", "folds": 3, "repeats": 2},
    )


def test_without_signs_it_is_the_logistic_regression_of_the_library():
    draw = np.random.default_rng(1)
    x = draw.normal(size=(400, 4)) * [1, 10, 0.1, 1]
    y = (draw.random(400) < expit(x[:, 0] - 0.1 * x[:, 1])).astype(int)
    ours = SignedLogistic(2.0).fit(x, y)
    z = StandardScaler().fit_transform(x)
    theirs = LogisticRegression(C=0.5, tol=1e-10, max_iter=1000).fit(z, y)
    np.testing.assert_allclose(ours.decision_function(x), theirs.decision_function(z), atol=1e-4)


def test_a_weight_keeps_the_sign_it_was_given():
    draw = np.random.default_rng(2)
    x = draw.normal(size=(300, 2))
    y = (draw.random(300) < expit(x[:, 0])).astype(int)
    assert SignedLogistic(1.0, (-1, 0)).fit(x, y).weights_[0] == 0.0
    assert SignedLogistic(1.0, (1, 0)).fit(x, y).weights_[0] > 0.0


@pytest.mark.parametrize("learner", LEARNERS)
def test_a_learner_is_monotone_where_the_cohort_says_so(learner, data):
    fitted = fit_rows(learner, settings_of(learner, data.rows)[-1], data, all_rows(data), 1)
    x = data.x[:50].copy()
    for column, sign in ((0, 1), (1, -1)):
        before = None
        for value in np.linspace(-3, 3, 25):
            x[:, column] = value
            now = fitted.log_odds(x)
            if before is not None:
                assert (sign * (now - before) >= -1e-12).all()
            before = now
        x = data.x[:50].copy()


@pytest.mark.parametrize("learner", LEARNERS)
@pytest.mark.parametrize(
    "calibration", [Calibration(), Calibration(0.7, 0.2)], ids=["as is", "line"]
)
def test_an_artefact_predicts_what_its_pipeline_predicts(learner, calibration, data, tmp_path):
    choice = choose(learner, data, all_rows(data), 1)
    fitted = fit_chosen(choice, data, all_rows(data), 1)
    entries = feature_entries(data, fitted)
    path = write_artefact(
        tmp_path,
        manifest(features=entries),
        fitted.preparation.encoded_,
        reading_of(fitted, calibration, data),
    )
    predictor = load(path)
    ours = [predictor.predict(answers_of(data, row)).probability for row in range(100)]
    theirs = expit(calibration(fitted.log_odds(data.x[:100])))
    np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_the_same_seed_gives_the_same_predictions_on_one_core_and_on_two(tmp_path):
    split = {"kind": "repeated", "folds": 2, "repeats": 1}
    data = dataset(tmp_path, signal(200), outcome="good", features=SIGNAL_FEATURES, split=split)
    one, two = out_of_fold(data, jobs=1), out_of_fold(data, jobs=2)
    for name in one.p:
        np.testing.assert_array_equal(one.p[name], two.p[name])
    assert one.choices == two.choices


def test_every_row_is_judged_once_a_repeat_by_what_had_not_seen_it(data):
    folds = folds_of(data)
    for repeat in {fold.repeat for fold in folds}:
        judged = np.concatenate([fold.judge for fold in folds if fold.repeat == repeat])
        assert sorted(judged.tolist()) == list(range(data.rows))
    assert all(not set(fold.learn) & set(fold.judge) for fold in folds)


def test_nobody_is_learned_from_and_judged_on(tmp_path):
    columns = signal(200)
    columns["id"] = [str(i % 80) for i in range(200)]
    columns["office"] = [str(i % 9) for i in range(200)]
    for keys in ({"unit": "id"}, {"split": {"kind": "grouped", "column": "office"}}):
        found = dataset(tmp_path, columns, outcome="good", features=["a", "b"], **keys)
        groups = found.clusters if "unit" in keys else found.split_groups
        for fold in folds_of(found):
            assert not set(groups[fold.learn]) & set(groups[fold.judge])


def test_by_dates_only_outcomes_that_were_known_are_learned_from(tmp_path):
    columns = signal(400)
    first = date(2023, 1, 2)
    columns["intake"] = [(first + timedelta(days=2 * i)).isoformat() for i in range(400)]
    found = dataset(
        tmp_path, columns, as_of="intake", features=["a", "b"],
        outcome={"name": "good", "horizon": "26 weeks"},
    )  # fmt: skip
    folds = folds_of(found)
    assert len(folds) >= 2
    for fold in folds:
        opens = found.days[fold.judge].min()
        assert (found.days[fold.learn] + 182 < opens).all()
    late = out_of_fold(found).late
    assert found.days[late].max() == found.days.max()


def test_a_horizon_longer_than_the_data_is_refused_with_a_way_out(tmp_path):
    columns = signal(200)
    columns["intake"] = [(date(2025, 1, 1) + timedelta(days=i)).isoformat() for i in range(200)]
    found = dataset(
        tmp_path, columns, as_of="intake", features=["a"], split="temporal",
        outcome={"name": "good", "horizon": "3 years"},
    )  # fmt: skip
    with pytest.raises(InvalidInput, match="bring more months"):
        folds_of(found)


def test_what_came_after_changes_nothing_in_what_was_learned_before(tmp_path):
    columns = signal(400)
    columns["intake"] = [(date(2023, 1, 2) + timedelta(days=2 * i)).isoformat() for i in range(400)]
    keys = {"as_of": "intake", "features": ["a", "b"], "outcome": {"name": "good", "horizon": 30}}
    before = dataset(tmp_path, columns, **keys)
    p_before = out_of_fold(before).p["logistic"][0]
    columns["good"][-40:] = ["yes" if v == "no" else "no" for v in columns["good"][-40:]]
    after = dataset(tmp_path, columns, **keys)
    np.testing.assert_array_equal(p_before, out_of_fold(after).p["logistic"][0])
