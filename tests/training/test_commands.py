"""``python -m training`` as outsiders use it: a cohort in, a run folder out, the same twice."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pytest
from click.testing import CliRunner
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tests.training.made import SIGNAL_FEATURES, cohort, run, signal, table
from training.backends import backend
from training.cli import main
from training.cohort_file import read_cohort
from training.dataset import load_dataset
from training.nested import out_of_fold

pytestmark = pytest.mark.xdist_group("training-commands")


def command(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A cohort file over a table of signal, with a group and a lot, and its fitted run."""
    folder = tmp_path_factory.mktemp("made")
    columns = signal(700)
    draw = np.random.default_rng(8)
    columns["office"] = draw.choice(["north", "south", "tiny"], 700, p=[0.5, 0.45, 0.05]).tolist()
    columns["lot"] = draw.integers(0, 2, 700).tolist()
    table(folder, columns)
    path = cohort(
        folder,
        outcome={"name": "good", "horizon": "6 months"},
        features=SIGNAL_FEATURES,
        audit_groups=["office"],
        treatment="lot",
        split={"kind": "repeated", "folds": 3, "repeats": 1},
    )
    done = command("fit", path, "--out", folder / "run")
    assert done.exit_code == 0, done.output
    return path


def test_every_command_has_help_with_an_example():
    for name in main.commands:
        told = command(name, "--help")
        assert told.exit_code == 0
        assert "Example:" in told.output


def test_a_run_is_a_function_of_configuration_data_and_seed(made, tmp_path):
    first = made.parent / "run"
    assert command("fit", made, "--out", tmp_path / "again").exit_code == 0
    names = sorted(
        path.name for path in first.iterdir() if path.suffix in (".json", ".skops", ".csv")
    )
    assert {"evaluation.json", "audit.json", "checks.json", "run.json"} <= set(names)
    for name in names:
        if (tmp_path / "again" / name).exists():
            assert (first / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name
    other = command("evaluate", "--cohort", made, "--seed", "99", "--out", tmp_path / "other")
    assert other.exit_code == 0
    named = {json.loads((f / "run.json").read_text())["run"] for f in (first, tmp_path / "other")}
    assert len(named) == 2


def test_evaluation_holds_every_learner_with_its_interval(made):
    told = json.loads((made.parent / "run" / "evaluation.json").read_text())
    assert set(told["learners"]) == {"base_rate", "rule_score", "logistic", "boosting"}
    for learner in told["learners"].values():
        for metric in ("auc", "brier", "ece"):
            value = learner[metric]
            assert value["low"] <= value["value"] <= value["high"]
    assert told["rule_score_from"] == ["a", "b"]


def test_a_small_group_is_withheld_from_the_audit(made):
    told = json.loads((made.parent / "run" / "audit.json").read_text())
    members = told["options"]["all_features"]["groups"]["office"]["members"]
    assert set(members) == {"north", "south"}
    assert told["withheld"]["office"] > 0
    assert "equal_place_rates" in told["options"]


def test_an_effect_by_lot_is_near_nought_where_nothing_was_changed(made):
    done = command("effect", made, "--out", made.parent / "run")
    assert done.exit_code == 0, done.output
    told = json.loads((made.parent / "run" / "effect.json").read_text())
    assert told["randomised"] is True
    assert told["unit"] == "share"
    assert told["aipw"]["low"] <= 0 <= told["aipw"]["high"]
    assert told["why"].startswith("no evidence")


def test_cards_are_whole_in_both_languages_and_the_same_twice(made):
    folder = made.parent / "run"
    assert command("card", folder).exit_code == 0
    files = [f"{s}.{lang}.{e}" for s in ("card", "data-sheet") for lang in ("nl", "en")
             for e in ("md", "html")]  # fmt: skip
    before = {name: (folder / name).read_bytes() for name in files}
    assert command("card", folder).exit_code == 0
    assert before == {name: (folder / name).read_bytes() for name in files}
    card = before["card.nl.html"].decode()
    assert "<svg" in card
    assert "Wie ten onrechte opvalt" in card
    assert "http" not in card.replace("http://www.w3.org", "").replace(
        "http://purl.org", ""
    ).replace("http://creativecommons.org", "")
    markdown = before["card.en.md"].decode()
    for plot in ("comparison", "calibration", "decision-curve", "flags"):
        assert f"({plot}.en.svg)" in markdown
        assert (folder / f"{plot}.en.svg").is_file()
    assert "| a | number | + | median |" in before["data-sheet.en.md"].decode()


def test_promote_names_each_gate_and_refuses_a_file_that_is_not_whole(made, tmp_path):
    folder = made.parent / "run"
    told = command("promote", folder)
    assert told.exit_code in (0, 2)
    assert "better_than_rule_score" in told.output
    artefact = next(folder.glob("*.skops"))
    kept = artefact.read_bytes()
    artefact.write_bytes(kept[:-10])
    try:
        refused = command("promote", folder)
        assert refused.exit_code == 2
        assert "breaks off" in refused.output
    finally:
        artefact.write_bytes(kept)


def test_what_is_clearly_better_than_base_rate_and_rules_is_promoted(tmp_path):
    draw = np.random.default_rng(4)
    a, b = draw.normal(size=(2, 1500))
    good = draw.random(1500) < expit(1.2 * a - 0.1 * b + 0.2)
    table(tmp_path, {"a": a.round(4), "b": b.round(4), "good": good.astype(int)})
    features = [{"name": "a", "monotone": "+"}, {"name": "b", "monotone": "-"}]
    path = cohort(
        tmp_path, outcome="good", features=features, split={"kind": "repeated", "repeats": 1}
    )
    assert command("fit", path, "--learner", "logistic", "--out", tmp_path / "run").exit_code == 0
    told = command("promote", tmp_path / "run", "--production")
    assert told.exit_code == 0, told.output
    assert told.output.startswith("promoted")


def test_bad_usage_and_bad_input_end_with_2_and_a_line(tmp_path):
    assert command("fit").exit_code == 2
    missing = command("fit", "nowhere.yaml")
    assert missing.exit_code == 2
    assert "is no cohort file; shipped are" in missing.output
    table(tmp_path, {"a": [1, 2, 3], "pay": [10, 20, 30]})
    amount = command(
        "fit", cohort(tmp_path, outcome="pay", features=["a"]), "--out", tmp_path / "r"
    )
    assert amount.exit_code == 2
    assert "outcome.above" in amount.output
    assert command("card", tmp_path / "empty").exit_code == 2


def test_it_runs_as_a_module(tmp_path):
    done = run("world", "--people", "200", "--out", str(tmp_path / "world"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "world" / "cohort.yaml").is_file()


def test_on_a_table_never_seen_it_is_as_good_as_a_plain_logistic_regression(tmp_path):
    """A stand-in of the size and signal of a randomised job-training study (evidence.md)."""
    rows = 4000
    draw = np.random.default_rng(9240)
    numbers = draw.normal(size=(8, rows))
    word = draw.choice(["black", "white", "other"], rows, p=[0.5, 0.3, 0.2])
    raw = 0.5 + 0.32 * numbers[0] - 0.25 * numbers[1] + 0.3 * (word == "white") + 0.1 * numbers[2]
    good = (draw.random(rows) < expit(raw)).astype(int)
    gaps = draw.random((8, rows)) < 0.03
    cells = {
        f"n{i}": [("NA" if gaps[i, j] else f"{v:.3f}".replace(".", ",")) for j, v in enumerate(row)]
        for i, row in enumerate(numbers)
    }
    table(tmp_path, {**cells, "word": word, "weeks": 100 * good * 0.8 + 10})
    features = [{"name": f"n{i}", "kind": "numeric", "imputation": "median"} for i in range(8)]
    features.append({"name": "word", "kind": "categorical", "imputation": "most_frequent"})
    path = cohort(
        tmp_path, outcome={"name": "weeks", "at_least": 50}, features=features, as_of="none",
        split={"kind": "repeated_stratified", "repeats": 1},
    )  # fmt: skip
    done = command("evaluate", path, "--out", tmp_path / "run")
    assert done.exit_code == 0, done.output
    told = json.loads((tmp_path / "run" / "evaluation.json").read_text())["learners"]
    x = np.column_stack([*np.where(gaps, 0, numbers), word == "white", word == "black"])
    folds = StratifiedKFold(5, shuffle=True, random_state=1)
    plain = cross_val_predict(
        make_pipeline(StandardScaler(), LogisticRegression()), x, good, cv=folds,
        method="predict_proba",
    )[:, 1]  # fmt: skip
    best = max(told[name]["auc"]["value"] for name in ("logistic", "boosting"))
    assert best >= roc_auc_score(good, plain) - 0.010
    for name in ("logistic", "boosting"):
        assert told[name]["ece"]["value"] <= 0.025
        assert told[name]["brier"]["value"] < told["base_rate"]["brier"]["value"]


def test_a_cluster_gives_the_very_same_predictions(tmp_path):
    table(tmp_path, signal(200))
    split = {"kind": "repeated", "folds": 2, "repeats": 1}
    path = cohort(tmp_path, outcome="good", features=SIGNAL_FEATURES, split=split)
    data = load_dataset(read_cohort(path))
    here = out_of_fold(data, ("logistic",))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the cluster's own start and end
        with backend("dask") as is_distributed:
            there = out_of_fold(data, ("logistic",), is_distributed=is_distributed)
    for name in here.p:
        np.testing.assert_array_equal(here.p[name], there.p[name])
