"""P-10: the command line and the API give the same rows for the same input."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from matcher.cli import main
from tests.api.conftest import Caller
from tests.api.rows import world_rows

ON = "2026-11-23"
SEED = 20261123


def run(command: str, body: dict[str, Any], folder: Path, *extra: str) -> list[dict[str, Any]]:
    """The rows that the command line writes for the parts of `body` as files."""
    arguments = [command, "--on", ON, "--lang", "en", *extra]
    for part in ("candidates", "vacancies", "programmes"):
        if part in body:
            file = folder / f"{part}.json"
            file.write_text(json.dumps(body[part]), encoding="utf-8")
            arguments += [f"--{part}", str(file)]
    out = folder / "out.json"
    result = CliRunner().invoke(main, [*arguments, "--out", str(out)])
    assert result.exit_code == 0, result.output
    rows: list[dict[str, Any]] = json.loads(out.read_text(encoding="utf-8"), parse_float=Decimal)
    return rows


def ask(coach: Caller, path: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    answer = coach.post(path, {**body, "on": ON})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    rows: list[dict[str, Any]] = json.loads(answer.get_data(as_text=True), parse_float=Decimal)[
        "items"
    ]
    return rows


def test_200_assessments_are_the_same(coach: Caller, tmp_path: Path) -> None:
    body = world_rows(SEED, 200, 30, 8)

    rows = ask(coach, "/previews/assessments", body)

    assert len(rows) == 200
    assert rows == run("assess", body, tmp_path)


def test_assessments_with_the_shipped_catalogue_are_the_same(coach: Caller, tmp_path: Path) -> None:
    body = world_rows(SEED + 1, 40, 0, 0)
    del body["vacancies"], body["programmes"]

    assert ask(coach, "/previews/assessments", body) == run("assess", body, tmp_path)


@pytest.mark.parametrize("blocked", [False, True])
def test_the_matches_of_200_candidates_are_the_same(
    coach: Caller, tmp_path: Path, blocked: bool
) -> None:
    body = world_rows(SEED + 2, 200, 25, 0)
    del body["programmes"]

    rows = ask(coach, "/previews/matches", {**body, "all": blocked})

    assert rows
    assert rows == run("match", body, tmp_path, *(["--all"] if blocked else []))


def test_the_cut_at_the_top_is_the_same(coach: Caller, tmp_path: Path) -> None:
    body = world_rows(SEED + 3, 40, 40, 0)
    del body["programmes"]

    rows = ask(coach, "/previews/matches", {**body, "top": 2})

    assert rows == run("match", body, tmp_path, "--top", "2")


def test_200_plans_are_the_same(coach: Caller, tmp_path: Path) -> None:
    body = world_rows(SEED + 4, 200, 15, 6)

    rows = ask(coach, "/previews/plans", body)

    assert len(rows) == 200
    assert rows == run("plan", body, tmp_path)


def test_an_allocation_is_the_same_with_its_figures_and_reasons(
    coach: Caller, tmp_path: Path
) -> None:
    body = world_rows(SEED + 6, 60, 20, 6)
    lanes = ["ready_now", "ready_with_support", "pre_placement"]
    asked = {**body, "on": ON, "lanes": lanes, "floor": 0.1, "seed": 3, "seats": "value"}

    answer = coach.post("/previews/allocations", asked)

    assert answer.status_code == 200, answer.get_data(as_text=True)
    told = answer.get_json()
    options = ["--lanes", "|".join(lanes), "--floor", "0.1", "--seed", "3", "--seats", "value"]
    rows = run("allocate", body, tmp_path, *options)
    assert told["items"] == rows
    assert any(row["vacancy"] for row in rows)
    for part in ("summary", "explained"):
        kept = json.loads((tmp_path / f"out.json.{part}.json").read_text(encoding="utf-8"))
        assert told["explanation" if part == "explained" else part] == kept


def test_kept_candidates_get_the_numbers_of_the_same_rows(coach: Caller) -> None:
    people = world_rows(SEED + 5, 12, 0, 0)["candidates"]
    for person in people:
        own = {k: v for k, v in person.items() if k not in ("region", "wants_start")}
        made = coach.post("/candidates", own)
        assert made.status_code == 201, made.get_data(as_text=True)
        path = f"/candidates/{made.get_json()['id']}/assessments"
        kept = json.loads(coach.post(path, {"on": ON}).get_data(as_text=True), parse_float=Decimal)

        # A region without programmes of its own uses the shipped catalogue, as rows do.
        body = {"candidates": [person], "vacancies": []}
        (row,) = ask(coach, "/previews/assessments", body)
        assert {name: kept[name] for name in row} == row
