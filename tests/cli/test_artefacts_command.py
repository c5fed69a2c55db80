"""Artefacts taken in, watched and taken back, and own outcomes exported, from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import Result

from tests.services.learned import file_in

Run = Callable[..., Result]


@pytest.fixture
def url(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database in a folder of its own, beside which the artefacts come to stand."""
    monkeypatch.setenv("MATCHER_DATABASE_URL", f"sqlite:///{tmp_path / 'm.sqlite3'}")
    assert run("db", "upgrade").exit_code == 0
    return tmp_path


def test_an_artefact_comes_in_whole_and_is_listed(run: Run, url: Path) -> None:
    path = file_in(url / "runs")
    added = run("artefacts", "add", path, "--region", "demo")
    assert added.exit_code == 0, added.stderr
    assert "learned-1 is registered as number 1" in added.stderr
    assert list(url.glob("*artefacts/demo/learned-1.skops"))
    line = run("artefacts", "list", "--region", "demo").stdout.rstrip("\n").split("\t")
    assert line == ["1", "learned-1", "registered", "-", "whole"]
    assert run("artefacts", "watch", "--region", "demo").exit_code == 0
    back = run("artefacts", "roll-back", "--region", "demo", "--why", "wrong")
    assert (back.exit_code, "the rules speak alone" in back.stderr) == (2, True)


def test_one_that_is_not_whole_is_refused_in_one_line(run: Run, url: Path) -> None:
    path = file_in(url / "runs")
    path.write_bytes(path.read_bytes()[:-7])
    refused = run("artefacts", "add", path, "--region", "demo")
    assert refused.exit_code == 2
    assert refused.stderr.startswith("learned-1.skops breaks off: ")
    assert len(refused.stderr.splitlines()) == 1
    missing = run("artefacts", "add", url / "none.skops", "--region", "demo")
    assert (missing.exit_code, "none.skops is not there" in missing.stderr) == (2, True)
    assert run("artefacts", "list", "--region", "demo").stdout == ""


def test_outcomes_leave_with_a_cohort_file_that_names_their_table(run: Run, url: Path) -> None:
    table, cohort = url / "mine.csv", url / "cohort.yaml"
    done = run(
        "export", "outcomes", "--format", "csv", "--region", "demo", "--out", table,
        "--cohort", cohort,
    )  # fmt: skip
    assert (done.exit_code, done.stderr) == (0, "outcomes: 0 exported\n")
    header = table.read_text(encoding="utf-8-sig").splitlines()[0]
    assert "at_work_12m" in header
    assert not [name for name in ("money", "home_base", "benefit", "pc4") if name in header]
    assert yaml.safe_load(cohort.read_text(encoding="utf-8"))["table"] == "mine.csv"
