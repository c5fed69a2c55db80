"""P-10 over the whole way: files, database, API and pages show the same numbers for 200 people."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from matcher.cli import main
from matcher.domain.access import Right
from tests.api.rows import world_rows

PEOPLE = 200
SEED = 41


def run(*arguments: str) -> None:
    """One command, which must succeed."""
    result = CliRunner().invoke(main, list(arguments))
    assert result.exit_code == 0, result.output


def read(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(path.read_text("utf-8"), parse_float=Decimal)
    return rows


def numbers_of_everybody(coach: Any) -> dict[str, int]:
    """The id of each candidate by reference, page after page."""
    ids: dict[str, int] = {}
    cursor = ""
    while True:
        page = coach.get(f"/api/v1/candidates?limit=100{cursor}").get_json()
        ids |= {row["reference"]: row["id"] for row in page["items"]}
        if not page.get("next_cursor"):
            return ids
        cursor = f"&cursor={page['next_cursor']}"


@pytest.fixture
def files(tmp_path: Path, at: Any) -> dict[str, Path]:
    """200 random people, 30 vacancies and 8 programmes of the demo region as files."""
    written = {}
    for kind, rows in world_rows(SEED, PEOPLE, 30, 8).items():
        for row in rows:
            row["region"] = "demo"
        written[kind] = tmp_path / f"{kind}.json"
        written[kind].write_text(json.dumps(rows), encoding="utf-8")
    return written


def test_command_line_api_and_pages_give_the_same_numbers_for_200_people(
    app: Any, sign_in_as: Any, at: Any, files: Any, tmp_path: Any, sqlite_url: Any, monkeypatch: Any
) -> None:
    monkeypatch.setenv("MATCHER_DATABASE_URL", sqlite_url)
    for kind, path in files.items():
        run("import", kind, str(path), "--region", "demo")
    given = [part for kind, path in files.items() for part in (f"--{kind}", str(path))]
    common = ["--on", at.date().isoformat(), "--rules", "demo", "--lang", "nl"]
    run("assess", *given, *common, "--out", str(tmp_path / "assess.json"))
    run("match", *given[:4], *common, "--top", "3", "--out", str(tmp_path / "match.json"))
    assessed = {row["reference"]: row for row in read(tmp_path / "assess.json")}
    best: dict[str, list[tuple[str, int, Decimal]]] = {}
    for row in read(tmp_path / "match.json"):
        best.setdefault(row["candidate"], []).append((row["vacancy"], row["rank"], row["fit"]))

    coach = sign_in_as(Right.LEAD)
    ids = numbers_of_everybody(coach)
    assert len(ids) == PEOPLE == len(assessed)
    for reference, number in ids.items():
        expected = assessed[reference]
        page = coach.get(f"/kandidaten/{number}")
        assert page.status_code == 200
        assert f"{expected['readiness']:.2f}".replace(".", ",") in page.text, reference
        kept = coach.get(f"/api/v1/candidates/{number}/assessments").get_data(as_text=True)
        latest = json.loads(kept, parse_float=Decimal)["items"][0]
        for field in ("lane", "rule", "readiness", "readiness_low", "readiness_high", "places_now"):
            assert latest[field] == expected[field], (reference, field)
        answer = coach.get(f"/api/v1/candidates/{number}/matches?top=3")
        matches = json.loads(answer.get_data(as_text=True), parse_float=Decimal)["items"]
        found = [(row["vacancy"], row["rank"], row["fit"]) for row in matches if row["eligible"]]
        assert found == best.get(reference, []), reference
