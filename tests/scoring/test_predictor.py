"""One row predicted: parts that add up, the same bytes each time, never NaN."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.scoring.encoding import EncodedFeature, level_text
from matcher.scoring.predictor import Prediction, Predictor
from matcher.scoring.refusals import NotPredicted
from tests.scoring.made import FEATURES, LINEAR, TREES, manifest

PREDICTORS = [Predictor(manifest(), FEATURES, reading) for reading in (LINEAR, TREES)]
answers = st.fixed_dictionaries(
    {
        "rhythm": st.none() | st.integers(-3, 9) | st.floats(-1e6, 1e6),
        "has_vca": st.none() | st.booleans() | st.sampled_from(["ja", "nee", "yes", "no"]),
        "sector": st.none() | st.sampled_from(["F42", "N81", "Q87", " F42 ", ""]),
    }
)


@pytest.mark.parametrize("predictor", PREDICTORS, ids=["linear", "trees"])
@given(row=answers)
def test_base_and_parts_add_up_to_the_last_digit_and_replay(predictor, row):
    found = predictor.predict(row)
    assert found.base + sum(part for _, part in found.parts) == found.log_odds
    assert [name for name, _ in found.parts] == list(predictor.names)
    assert predictor.predict(row) == found
    assert 0.0 <= found.probability <= 1.0
    assert sum(found.by_dimension(predictor.manifest).values()) == found.log_odds - found.base


@pytest.mark.parametrize("predictor", PREDICTORS, ids=["linear", "trees"])
@given(row=answers, step=st.floats(0.01, 3))
def test_one_step_up_on_a_monotone_feature_never_lowers_a_prediction(predictor, row, step):
    if row["rhythm"] is None:
        return
    higher = {**row, "rhythm": row["rhythm"] + step}
    assert predictor.predict(higher).log_odds >= predictor.predict(row).log_odds


@pytest.mark.parametrize("predictor", PREDICTORS, ids=["linear", "trees"])
def test_a_feature_that_is_not_given_is_unknown(predictor):
    assert predictor.predict({}) == predictor.predict(
        {"rhythm": None, "has_vca": None, "sector": None}
    )


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, "much"])
def test_an_answer_that_is_no_number_gives_no_prediction(bad):
    with pytest.raises(NotPredicted, match="rhythm"):
        PREDICTORS[0].predict({"rhythm": bad})


def test_a_prediction_far_out_is_a_probability_still():
    assert Prediction(10**12, ()).probability == 1.0
    assert Prediction(-(10**12), ()).probability == 0.0


def test_a_date_counts_in_days_before_the_intake():
    since = EncodedFeature("left_work_on", "date", fill=90.0, low=0.0, high=1000.0)
    intake = date(2026, 3, 11)
    assert since.columns(date(2026, 3, 1), intake) == [10.0]
    assert since.columns(None, intake) == [90.0]
    with pytest.raises(NotPredicted, match="left_work_on"):
        since.columns(date(2026, 3, 1), None)
    with pytest.raises(NotPredicted, match="left_work_on"):
        since.columns(3.0, intake)


def test_a_level_has_one_spelling():
    assert level_text(1.0) == level_text(1) == level_text(" 1 ") == level_text(True) == "1"
