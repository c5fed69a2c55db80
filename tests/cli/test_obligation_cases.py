"""The published tables, worked by hand: every step to the cent, from files to files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result

from tests.domain.arithmetic import recomputed

Run = Callable[..., Result]
FOLDER = Path(__file__).parent.parent / "data" / "obligation"
REGIONS = ("midden-utrecht", "haaglanden", "holland-rijnland")
WORKED = {name: yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8")) for name in REGIONS}
CASES = [
    pytest.param(region, case, id=f"{region}: {case['name']}")
    for region in REGIONS
    for case in WORKED[region]["cases"]
]


def as_file(path: Path, rows: list[dict[str, Any]]) -> str:
    path.write_text(json.dumps(rows, default=str), encoding="utf-8")
    return str(path)


def account(run: Run, folder: Path, region: str, case: dict[str, Any]) -> dict[str, Any]:
    """The account that the command makes of one case."""
    worked = WORKED[region]
    contract = {**worked["contract"], **case.get("contract", {}), "reference": "O1"}
    rows = [
        {"reference": f"I{number}", "contract": "O1", **row}
        for number, row in enumerate(case["contributions"], 1)
    ]
    out = folder / "account.json"
    contributions = as_file(folder / "contributions.json", rows)
    if not rows:
        contributions = str(folder / "contributions.csv")
        Path(contributions).write_text("reference,contract,kind\n", encoding="utf-8")
    result = run(
        "obligation",
        "--contract",
        as_file(folder / "contract.json", [contract]),
        "--contributions",
        contributions,
        "--rules",
        region,
        "--on",
        worked["day"],
        "--out",
        out,
    )
    assert result.exit_code == 0, result.output
    (row,) = json.loads(out.read_text("utf-8"))
    return row


@pytest.mark.parametrize("region", REGIONS)
def test_each_region_has_at_least_ten_worked_cases(region: str) -> None:
    assert len(WORKED[region]["cases"]) >= 10


@pytest.mark.parametrize(("region", "case"), CASES)
def test_a_worked_case_comes_out_to_the_cent(
    region: str, case: dict[str, Any], run: Run, tmp_path: Path
) -> None:
    row = account(run, tmp_path, region, case)

    assert row["obligation_cents"] == case["owed"]
    assert row["credited_cents"] == case["credited"]
    assert row["balance_cents"] == case["balance"]
    found = {(s["subject"] or s["part"], s["rule"]): s for s in row["steps"]}
    for where, (rule, arithmetic, cents) in case["steps"].items():
        subject = where.split()[0] if where.startswith("I") else "obligation"
        step = found[subject, rule]
        assert step["cents"] == cents, where
        assert arithmetic in (step["arithmetic"], step["reason"]), where
    credited = [where for where in case["steps"] if where.startswith("I")]
    assert len(credited) == sum(s["part"] == "credit" for s in row["steps"])


@pytest.mark.parametrize(("region", "case"), CASES)
def test_every_step_opens_to_a_source_and_arithmetic_that_gives_its_cents(
    region: str, case: dict[str, Any], run: Run, tmp_path: Path
) -> None:
    row = account(run, tmp_path, region, case)

    sources = set(_document(region)["sources"].values())
    for step in row["steps"]:
        assert step["source"] in sources
        if step["cents"] > 0:
            assert recomputed(step["arithmetic"]) == (step["cents"], step["cents"])
    for part, total in (("obligation", "obligation_cents"), ("credit", "credited_cents")):
        assert sum(s["cents"] for s in row["steps"] if s["part"] == part) == row[total]


def _document(region: str) -> dict[str, Any]:
    path = Path(__file__).parents[2] / "data" / "rules" / f"{region}.yaml"
    return yaml.safe_load(path.read_text("utf-8"))
