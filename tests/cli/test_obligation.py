"""obligation on files: what is refused and how, what is left out, and the same bytes each time."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result

from matcher.files.source import FORMATS
from tests.domain.arithmetic import recomputed

Run = Callable[..., Result]
INVENTED = Path(__file__).parent.parent / "data" / "obligation" / "zonland.yaml"
ON = "2026-06-30"
FIELDS = [
    "contract",
    "contractor",
    "region",
    "steps",
    "obligation_cents",
    "credited_cents",
    "realised_cents",
    "balance_cents",
    "settlement",
    "forecast",
    "fills",
    "on",
    "rules_version",
]
CONTRACTS = """\
reference;contractor;region;kind;value_cents;tendered_on;awarded_on;start_on;end_on;pso_level
O1;A;haaglanden;works;30000000;2024-01-10;2024-02-10;2024-04-01;2026-03-31;none
O2;B;holland-rijnland;services;50000000;2024-01-10;2024-02-10;2024-04-01;2026-03-31;
"""
CONTRIBUTIONS = """\
reference;contract;kind;person;group;age;permanent;start_on;end_on;hours_week;activity_hours;\
invoice_cents
I1;O1;placement;P1;p_wet_over_2;56;no;2024-05-01;2024-10-31;20;;
I2;O2;placement;P2;WIA;40;;2024-05-01;2025-04-30;32,5;;
I3;O1;training;;;;;2024-06-01;;;;250000
"""


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    paths = {}
    for name, text in (("contract", CONTRACTS), ("contributions", CONTRIBUTIONS)):
        paths[name] = tmp_path / f"{name}.csv"
        paths[name].write_text(text, encoding="utf-8")
    return paths


def obligation(run: Run, files: dict[str, Path], *extra: object, out: object = "-") -> Result:
    given = [part for name, path in files.items() for part in (f"--{name}", path)]
    return run("obligation", *given, "--on", ON, "--out", out, *extra)


def rows_of(run: Run, files: dict[str, Path], out: Path, *extra: object) -> list[dict[str, Any]]:
    result = obligation(run, files, *extra, out=out)
    assert result.exit_code == 0, result.output
    return json.loads(out.read_text("utf-8"))


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_each_contract_gets_one_row_by_the_rules_of_its_region(
    run: Run, files: dict[str, Path], tmp_path: Path
) -> None:
    rows = rows_of(run, files, tmp_path / "out.json")

    assert [list(row) for row in rows] == [FIELDS, FIELDS]
    first, second = rows
    # 300,000 × 5 %; 40,000 × 20/36 × 6/12 + 10,000 + 2,500
    assert (first["region"], first["obligation_cents"]) == ("haaglanden", 1_500_000)
    assert first["credited_cents"] == 1_111_111 + 1_000_000 + 250_000
    assert first["balance_cents"] == 1_500_000 - 2_361_111
    # 500,000 × 5 %; 40,000 × 32.5/36 × 12/12 = 36,111.11
    assert (second["region"], second["obligation_cents"]) == ("holland-rijnland", 2_500_000)
    assert second["credited_cents"] == 3_611_111
    assert second["on"] == ON


def test_a_rule_set_named_on_the_command_line_holds_for_all(
    run: Run, files: dict[str, Path], tmp_path: Path
) -> None:
    rewrite(files["contributions"], "WIA", "wia")
    rows = rows_of(run, files, tmp_path / "out.json", "--rules", "haaglanden")

    assert {row["region"] for row in rows} == {"haaglanden"}
    # 30,000 × 32.5/36 × 12/12 = 27,083.33
    assert rows[1]["credited_cents"] == 2_708_333


@pytest.mark.parametrize("name", ["contract", "contributions"])
def test_input_comes_from_standard_input_too(
    name: str, run: Run, files: dict[str, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out.json"
    whole = rows_of(run, files, out)
    text = files[name].read_bytes()
    given = {**files, name: "-"}
    options = [part for key, path in given.items() for part in (f"--{key}", path)]

    result = run("obligation", *options, "--on", ON, "--out", out, stdin=text)

    assert result.exit_code == 0
    assert json.loads(out.read_text("utf-8")) == whole


def test_one_contract_alone_is_read_as_an_object_too(
    run: Run, files: dict[str, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out.json"
    (whole, _) = rows_of(run, files, out)
    names, values = (line.split(";") for line in CONTRACTS.splitlines()[:2])
    alone = tmp_path / "contract.json"
    alone.write_text(json.dumps(dict(zip(names, values, strict=True))), encoding="utf-8")
    rewrite(files["contributions"], "I2;O2", "I2;O1")
    rewrite(files["contributions"], "WIA", "wia")

    (row,) = rows_of(run, {**files, "contract": alone}, out)

    assert row["obligation_cents"] == whole["obligation_cents"]
    assert {step["subject"] for step in row["steps"]} == {None, "I1", "I2", "I3"}


@pytest.mark.parametrize("ending", FORMATS)
def test_the_same_input_gives_the_same_bytes_in_any_order(
    ending: str, run: Run, files: dict[str, Path], tmp_path: Path
) -> None:
    first, second = tmp_path / f"a.{ending}", tmp_path / f"b.{ending}"
    assert obligation(run, files, out=first).exit_code == 0
    head, *lines = CONTRIBUTIONS.splitlines()
    files["contributions"].write_text("\n".join([head, *reversed(lines)]), encoding="utf-8")
    assert obligation(run, files, out=second).exit_code == 0

    assert first.read_bytes() == second.read_bytes()


def test_flat_columns_stand_in_a_table(run: Run, files: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert obligation(run, files, out=out).exit_code == 0

    with out.open(encoding="utf-8", newline="") as stream:
        row = next(csv.DictReader(stream))
    assert row["obligation_cents"] == "1500000"
    assert row["settlement"] == "0"
    assert "EUR 40000.00 × 20/36 × 6/12 = EUR 11111.11 [1111111]" in row["steps"]


@pytest.mark.parametrize(
    ("name", "old", "new", "complaint"),
    [
        ("contributions", "p_wet_over_2", "p_wet_ovr_2", "row 2, column group: 'p_wet_ovr_2' is"),
        ("contributions", ";20;", ";;", "row 2, column hours_week: is needed for placement"),
        ("contributions", "I3;O1", "I3;O9", "row 4, column contract: 'O9' is not one of"),
        ("contributions", ";;250000", ";;", "row 4, column invoice_cents: is needed for training"),
        ("contributions", "2024-10-31", "2024-04-30", "row 2, column end_on: lies before start_on"),
        ("contributions", "I3;O1;training", "I3;O1;trainng", "nearest: training"),
        ("contract", "30000000", "300000,50", "row 2, column value_cents: must be a whole number"),
        ("contract", "haaglanden", "haglanden", "nearest: haaglanden"),
        ("contract", "2024-02-10", "2023-06-30", "it holds 2023-07-01 to ..."),
        ("contract", "haaglanden", "drechtsteden", "drechtsteden: has no rule set of its own"),
    ],
)
def test_a_bad_row_is_named_and_the_rest_goes_on(
    name: str,
    old: str,
    new: str,
    complaint: str,
    run: Run,
    files: dict[str, Path],
    tmp_path: Path,
) -> None:
    rewrite(files[name], old, new)

    result = obligation(run, files, out=tmp_path / "out.json")

    assert result.exit_code == 0
    assert complaint in result.stderr
    assert obligation(run, files, "--strict", out=tmp_path / "x.json").exit_code == 2
    assert not (tmp_path / "x.json").exists()


@pytest.mark.parametrize(
    ("rules", "complaint"),
    [
        ("drechtsteden", "no rule set called drechtsteden"),
        ("national", "national: has no money rules (obligation, building_blocks, full_time)"),
        ("nowhere.yaml", "nowhere.yaml: does not exist"),
    ],
)
def test_without_money_rules_it_refuses_by_name(
    rules: str, complaint: str, run: Run, files: dict[str, Path]
) -> None:
    result = obligation(run, files, "--rules", rules)

    assert result.exit_code == 2
    assert complaint in result.stderr
    assert not result.stdout


def test_a_region_without_a_file_is_refused_by_name(run: Run, files: dict[str, Path]) -> None:
    for slug in ("haaglanden", "holland-rijnland"):
        rewrite(files["contract"], f";{slug};", ";drechtsteden;")

    result = obligation(run, files)

    assert result.exit_code == 2
    assert "drechtsteden: has no rule set of its own" in result.stderr


def test_what_does_not_count_is_told_with_its_reason(
    run: Run, files: dict[str, Path], tmp_path: Path
) -> None:
    rewrite(files["contributions"], "I3;O1;training", "I3;O1;purchase")
    (first, _) = rows_of(run, files, tmp_path / "out.json")

    (step,) = (step for step in first["steps"] if step["subject"] == "I3")
    assert (step["reason"], step["cents"]) == ("no_rule", 0)
    assert "I3: counts nothing (no_rule)" in obligation(run, files).stderr


def test_a_region_written_from_the_readme_alone_works_without_code(
    run: Run, tmp_path: Path
) -> None:
    contract = {
        "reference": "Z1",
        "region": "zonland",
        "kind": "works",
        "value_cents": 200_000_000,
        "wage_cents": 60_000_000,
        "start_on": "2027-02-01",
        "end_on": "2029-01-31",
        "pso_level": "1",
        "pso_holder": "sub",
        "pso_valid_until": "2030-01-01",
        "existing_staff_fte": 1.5,
    }
    done = [
        {"kind": "placement", "group": "long", "hours_week": 40, "start_on": "2027-03-01",
         "end_on": "2029-01-31", "age": 57, "permanent": "yes"},
        {"kind": "placement", "group": "short", "hours_week": 19, "start_on": "2027-03-01",
         "end_on": "2028-02-29", "age": 57},
        {"kind": "placement", "group": "firm", "start_on": "2027-03-01", "invoice_cents": 99_999},
        {"kind": "purchase", "invoice_cents": 100_001},
        {"kind": "activity", "activity_hours": 2.5},
        {"kind": "training", "invoice_cents": 50_000},
    ]  # fmt: skip
    done = [{"reference": f"I{n}", "contract": "Z1", **row} for n, row in enumerate(done, 1)]
    paths = {"contract": tmp_path / "c.json", "contributions": tmp_path / "k.json"}
    paths["contract"].write_text(json.dumps([contract]), encoding="utf-8")
    paths["contributions"].write_text(json.dumps(done), encoding="utf-8")

    (row,) = rows_of(run, paths, tmp_path / "out.json", "--rules", INVENTED, "--on", "2029-06-30")

    assert [(s["subject"], s["rule"], s["cents"]) for s in row["steps"]] == [
        # 600,000 × 7.5 % = 45,000, at most 40,000; 33.3 % off leaves 26,680; staff 1.5 × 1,500
        (None, "obligation", 4_500_000),
        (None, "thresholds", 0),
        (None, "obligation.cap", -500_000),
        (None, "pso_effect", -1_332_000),
        (None, "existing_staff", -225_000),
        # 2.5 × 75; half of a cent to the even one: 1,000.01 × 62.5 % = 625.00625
        ("I4", "alternatives.purchase", 62_501),
        ("I5", "alternatives.activity", 18_750),
        ("I6", "alternatives.training", 0),
        # 45,000 × 38/38 × 18/12: more than 38 hours is no more, eighteen months at most
        ("I1", "building_blocks", 6_750_000),
        ("I1", "bonuses.both", 700_000),
        # 12,000 × 19/38 × 6/12
        ("I2", "building_blocks", 300_000),
        ("I3", "building_blocks", 99_999),
    ]
    assert row["obligation_cents"] == 2_443_000
    assert row["credited_cents"] == 7_931_250
    assert row["region"] == "zonland"
    assert row["settlement"]["state"] == "met"
    for step in row["steps"]:
        assert step["source"] == "Decision of the board of Sunland, 1 December 2026"
        if step["cents"] > 0:
            assert recomputed(step["arithmetic"]) == (step["cents"], step["cents"])


def test_a_region_that_uses_fewer_rules_shows_fewer_steps(run: Run, tmp_path: Path) -> None:
    document = yaml.safe_load(INVENTED.read_text("utf-8"))
    for name in ("thresholds", "pso_effect", "existing_staff", "settlement", "bonuses"):
        del document["entries"][name]
    document["entries"]["obligation"]["value"]["cap_cents"] = None
    path = tmp_path / "zonland.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    contract = CONTRACTS.splitlines()
    files = {"contract": tmp_path / "c.csv", "contributions": tmp_path / "k.csv"}
    files["contract"].write_text(
        f"{contract[0]};wage_cents\nO1;A;zonland;works;30000000;;;2027-04-01;2028-03-31;3;1000001",
        encoding="utf-8",
    )
    files["contributions"].write_text("reference;contract;kind\n", encoding="utf-8")

    (row,) = rows_of(run, files, tmp_path / "out.json", "--rules", path)

    # 10,000.01 × 7.5 % = 750.00075
    assert [(s["rule"], s["cents"]) for s in row["steps"]] == [("obligation", 75_000)]
    assert row["settlement"]["cents"] is None
