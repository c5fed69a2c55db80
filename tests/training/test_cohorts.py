"""A cohort file is read as people write it; what is wrong in it is told at once, with a way out."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
import yaml

from matcher.domain.errors import InvalidInput
from tests.training.made import SIGNAL_FEATURES, cohort, dataset, signal, table
from training.cells import number_of, read_column
from training.checks import check, stop_if_leaking
from training.cohort_file import cohort_folder, find_cohort, read_cohort
from training.dataset import load_dataset
from training.preparation import check_imputation


def problems(path):
    with pytest.raises(InvalidInput) as caught:
        read_cohort(path)
    return "\n".join(str(problem) for problem in caught.value.problems)


def test_everything_wrong_in_a_cohort_file_is_named_in_one_go(tmp_path):
    told = problems(
        cohort(
            tmp_path,
            outcomes="good",
            as_of="intake",
            outcome={"name": "good", "horizon": "soon"},
            features=[
                {"name": "a", "kind": "colour", "monotone": "sideways", "imputation": "luck"}
            ],
            split="never",
            seed=-1,
        )
    )
    for part in ("outcomes", "nearest: outcome", "horizon", "colour", "sideways", "luck", "seed"):
        assert part in told


@pytest.mark.parametrize(
    ("feature", "keys", "why"),
    [
        ("money", {}, "may never be a feature of an artefact that ranks"),
        ("benefit", {"purpose": "forecast"}, "may never be a feature"),
        ("birth_year", {}, "may never be a feature"),
        ("origin", {"audit_groups": ["origin"]}, "audit group, which is never a feature"),
        ("good", {}, "is the outcome itself"),
        ("id", {"unit": "id"}, "is the unit"),
    ],
)
def test_what_may_never_be_learned_from_is_refused(feature, keys, why, tmp_path):
    path = cohort(tmp_path, outcome="good", features=[{"name": feature}], **keys)
    assert why in problems(path)


def test_money_may_be_a_feature_of_a_forecast_that_ranks_nobody(tmp_path):
    path = cohort(tmp_path, outcome="good", features=["money"], purpose="forecast")
    assert read_cohort(path).features[0].name == "money"


def test_a_bare_minus_is_the_direction_down(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_text(
        "table: t.csv\noutcome: y\nfeatures:\n  - name: a\n    monotone: -\n  - name: b\n"
    )
    assert [feature.monotone for feature in read_cohort(path).features] == [-1, 0]


def test_words_that_mean_the_same_are_read_alike(tmp_path):
    path = cohort(
        tmp_path,
        colour="blue",
        outcome={"name": "good", "horizon": "the fourth year"},
        as_of="none",
        split="none",
        rule_score="absent",
        treatment={"name": "lot", "randomised": True},
        features=[
            {"name": "a", "kind": "integer", "imputation": "median + indicator"},
            {"name": "b", "kind": "factor", "imputation": "most frequent", "monotone": None},
            {"name": "c", "imputation": {"strategy": "constant", "value": 3}},
        ],
    )
    found = read_cohort(path)
    assert [f.imputation for f in found.features] == ["flag", "mode", "constant"]
    assert (found.split, found.rule_score, found.as_of) == (None, None, None)
    assert found.treatment.is_randomised
    assert found.outcome.horizon_days == 0
    assert found.warnings == ("cohort.yaml, colour: is not a known key and is left out",)


def test_every_cohort_that_ships_can_be_read():
    shipped = sorted(cohort_folder().glob("*.yaml"))
    assert len(shipped) >= 4
    for path in shipped:
        assert read_cohort(find_cohort(path.stem)).name == path.stem


@pytest.mark.parametrize(
    ("cell", "number"),
    [("12,5", 12.5), ("1.234,5", 1234.5), ("1,234.5", 1234.5), ("€ 3", 3.0), (" 7 ", 7.0),
     ("yes", 1.0), (True, 1.0), ("1e3", 1000.0), ("inf", None), ("twelve", None)],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(cell, number):
    assert number_of(cell) == number


def test_kinds_are_found_from_the_cells():
    assert read_column(["1,5", "2", ""], None).kind == "number"
    assert read_column(["yes", "no", None], None).kind == "boolean"
    assert read_column(["red", "blue"], None).kind == "category"
    assert read_column(["2026-01-02", "03-04-2026"], None).kind == "date"
    assert read_column(["male", "female"], "boolean").levels == ("female", "male")
    assert read_column(["low", "high", "mid"], None, ("low", "mid", "high")).values.tolist() == [
        0.0, 2.0, 1.0,
    ]  # fmt: skip


def test_a_table_with_gaps_words_constants_and_twins_is_learned_from(tmp_path):
    columns = signal(300)
    columns["a"][5] = "NA"
    columns["same"] = ["1"] * 300
    columns["again"] = columns["b"]
    columns["word"][7] = ""
    data = dataset(
        tmp_path,
        columns,
        outcome="good",
        features=[
            *SIGNAL_FEATURES,
            {"name": "same", "imputation": "none"},
            {"name": "again", "imputation": "none"},
        ],
    )
    check_imputation(data.features, data.columns)
    kinds = {(finding.kind, finding.column) for finding in check(data)}
    assert {("constant", "same"), ("duplicate", "again")} <= kinds


def test_unknown_cells_without_a_declared_imputation_are_refused(tmp_path):
    columns = signal(100)
    columns["b"][3] = ""
    data = dataset(tmp_path, columns, outcome="good", features=["a", "b"])
    with pytest.raises(InvalidInput, match="1 unknown cells and no imputation"):
        check_imputation(data.features, data.columns)


def test_a_few_cells_that_say_nothing_are_unknown_and_many_are_refused(tmp_path):
    columns = signal(100)
    columns["b"][3] = "about two"
    features = [{"name": "b", "kind": "number", "imputation": "median"}]
    data = dataset(tmp_path, columns, outcome="good", features=features)
    assert "row 5, column b: 'about two' is no number" in data.notes[0]
    columns["b"][:20] = ["about two"] * 20
    with pytest.raises(InvalidInput, match="is it a category"):
        dataset(tmp_path, columns, outcome="good", features=features)


def test_a_missing_column_is_named_with_those_that_are_there(tmp_path):
    table(tmp_path, signal(20))
    path = cohort(tmp_path, outcome="good", features=["height"])
    with pytest.raises(InvalidInput, match="lacks height; it has a, b, good"):
        load_dataset(read_cohort(path))


def test_the_same_row_of_the_same_person_counts_once_and_people_stay_whole(tmp_path):
    columns = signal(60)
    columns["id"] = [str(i // 2) for i in range(60)]
    for name in columns:
        columns[name][1] = columns[name][0]
    data = dataset(tmp_path, columns, unit="id", outcome="good", features=["a", "b"])
    assert data.left_out["stands twice"] == 1
    assert data.has_repeats
    assert len(np.unique(data.clusters)) == 30


def test_what_was_dated_after_the_intake_stops_the_run(tmp_path):
    columns = signal(80)
    intake = date(2025, 3, 1)
    columns["intake"] = [(intake + timedelta(days=i)).isoformat() for i in range(80)]
    columns["seen"] = list(columns["intake"])
    columns["seen"][10] = (intake + timedelta(days=40)).isoformat()
    data = dataset(
        tmp_path,
        columns,
        as_of="intake",
        outcome={"name": "good", "horizon": "12 months"},
        features=[{"name": "a", "dated": "seen"}, "b"],
    )
    with pytest.raises(InvalidInput, match=r"row 12 was dated 2025-04-10.*after the intake"):
        stop_if_leaking(check(data))


def test_a_date_as_feature_counts_back_from_the_intake_and_may_not_lie_after_it(tmp_path):
    columns = signal(80)
    columns["intake"] = ["2025-03-01"] * 80
    columns["left"] = ["2025-02-01"] * 79 + ["2025-04-01"]
    data = dataset(
        tmp_path, columns, as_of="intake", outcome="good",
        features=[{"name": "left", "kind": "date"}, "a"],
    )  # fmt: skip
    assert data.x[0, 0] == 28.0
    with pytest.raises(InvalidInput, match="1 rows in all"):
        stop_if_leaking(check(data))


def test_a_feature_that_nearly_is_the_outcome_raises_an_alarm(tmp_path):
    columns = signal(200)
    columns["called"] = [("1" if i % 20 else "0") if good == "yes" else "0"
                         for i, good in enumerate(columns["good"])]  # fmt: skip
    columns["reason"] = ["" if good == "no" else "left" for good in columns["good"]]
    data = dataset(
        tmp_path,
        columns,
        outcome="good",
        features=["a", "called", {"name": "reason", "imputation": "level"}],
    )
    leaks = {finding.column for finding in check(data) if finding.gravity == "alarm"}
    assert leaks == {"called", "reason"}


def test_a_feature_that_moved_over_time_is_told(tmp_path):
    columns = signal(600)
    columns["intake"] = [(date(2024, 1, 1) + timedelta(days=i)).isoformat() for i in range(600)]
    columns["noise"] = [str(i % 7 + (20 if i > 450 else 0)) for i in range(600)]
    data = dataset(tmp_path, columns, as_of="intake", outcome="good", features=["a", "noise"])
    assert ("drift", "noise") in {(finding.kind, finding.column) for finding in check(data)}


def test_a_cohort_file_that_is_no_yaml_says_so(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_text("table: [")
    assert "is no YAML" in problems(path)
    path.write_text(yaml.safe_dump([1, 2]))
    assert "must hold keys" in problems(path)
