"""retention, candidates erase, and a new data key, from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]


@pytest.fixture
def url(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database in a folder of its own, so that keys and tombstones are its own too."""
    monkeypatch.setenv("MATCHER_DATABASE_URL", f"sqlite:///{tmp_path / 'm.sqlite3'}")
    assert run("db", "upgrade").exit_code == 0
    return tmp_path


def test_retention_says_what_would_end_and_ends_it(run: Run, url: Path) -> None:
    dry = run("retention", "run", "--dry-run", "--on", "2027-03-01")
    assert dry.exit_code == 0, dry.stderr
    lines = [line.split("\t") for line in dry.stdout.splitlines()]
    assert ["case", "closed_files", "until 2026-03-01", "count_and_erase", "0"] in lines
    assert ["reference", "reference_data", "kept", "keep", "0"] in lines
    assert dry.stderr.splitlines()[-1] == "0 rows would end"
    assert run("retention", "run").stderr.splitlines()[-1] == "0 rows ended"
    wrong = run("retention", "run", "--region", "nowhere")
    assert (wrong.exit_code, "--region" in wrong.stderr) == (2, True)


def test_somebody_is_erased_and_no_file_brings_them_back(
    run: Run, url: Path, files: dict[str, str]
) -> None:
    run("import", "candidates", files["candidates"])
    asked = run("candidates", "erase", "K2", "--region", "demo", stdin="n\n")
    assert asked.exit_code == 1
    done = run("candidates", "erase", "K2", "--region", "demo", "--yes")
    assert done.exit_code == 0, done.stderr
    again = run("import", "candidates", files["candidates"])
    assert "1 refused" in again.stderr.splitlines()[-1]
    assert any(
        line.startswith("row 3, column reference: is of") for line in again.stderr.splitlines()
    )
    gone = run("candidates", "erase", "K2", "--region", "demo", "--yes")
    assert (gone.exit_code, gone.stderr) == (2, "no such candidate\n")


def test_a_list_that_left_the_service_loses_whoever_was_erased_since(
    run: Run, url: Path, files: dict[str, str], tmp_path: Path
) -> None:
    run("import", "candidates", files["candidates"])
    listed = tmp_path / "training.csv"
    listed.write_text(
        'outcome;reference;note\n1;K1;"a; b"\n0;K2;c\n1;K3;\n0;K2;again\n', encoding="utf-8"
    )
    before = run("candidates", "leave-out", listed, "--out", "-", "--region", "demo")
    assert before.stdout == listed.read_text(encoding="utf-8")
    run("candidates", "erase", "K2", "--region", "demo", "--yes")

    done = run("candidates", "leave-out", listed, "--out", listed, "--region", "demo")

    assert done.stderr.splitlines()[-1] == "2 rows of people who were erased left out"
    kept = listed.read_text(encoding="utf-8")
    assert kept == 'outcome;reference;note\n1;K1;"a; b"\n1;K3;\n'
    elsewhere = run("candidates", "leave-out", listed, "--out", "-", "--region", "haaglanden")
    assert elsewhere.stdout == kept
    sift = ("candidates", "leave-out", listed, "--out", "-", "--region", "demo")
    wrong = run(*sift, "--column", "x")
    assert (wrong.exit_code, "has no column x" in wrong.stderr) == (2, True)


def test_a_restore_says_who_did_not_come_back(run: Run, url: Path, files: dict[str, str]) -> None:
    run("import", "candidates", files["candidates"])
    backup = run("backup", "--out", url / "old.backup")
    assert backup.stderr.splitlines()[-1].startswith("the data keys are in it")
    run("candidates", "erase", "K2", "--region", "demo", "--yes")
    restored = run("restore", url / "old.backup", "--force")
    assert restored.exit_code == 0, restored.stderr
    assert restored.stderr.splitlines()[-1] == "1 people were erased since and did not come back"
    left = run("export", "candidates", "--format", "csv", "--out", "-").stdout
    assert [line.split(",")[0] for line in left.splitlines()[1:]] == ["K1", "K3", "K4"]


def test_a_new_key_seals_everything_that_is_there(
    run: Run, url: Path, files: dict[str, str]
) -> None:
    run("import", "candidates", files["candidates"])
    before = (url / "data_keys").read_text().splitlines()
    rotated = run("db", "rotate-key")
    assert rotated.exit_code == 0, rotated.stderr
    after = (url / "data_keys").read_text().splitlines()
    assert after[1:] == before
    assert rotated.stderr.splitlines()[-1].startswith("4 rows sealed with key ")
    assert "can" in run("export", "candidates", "--format", "csv", "--out", "-").stdout


def test_keys_from_the_environment_stay_out_of_a_backup(
    run: Run, url: Path, files: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from matcher.models.keyring import DataKey

    key = DataKey.new()
    monkeypatch.setenv("MATCHER_DATA_KEY", key.text)
    run("import", "candidates", files["candidates"])
    said = run("backup", "--out", url / "b").stderr.splitlines()[-1]
    assert said == f"the data keys are not in it; keep {key.number} of MATCHER_DATA_KEY"
    monkeypatch.setenv("MATCHER_DATA_KEY", "no key")
    wrong = run("export", "candidates", "--format", "csv", "--out", "-")
    assert (wrong.exit_code, wrong.stderr) == (2, "a data key is 32 bytes in base64\n")
    monkeypatch.setenv("MATCHER_DATA_KEY", DataKey.new().text)
    other = run("export", "candidates", "--format", "csv", "--out", "-")
    assert other.exit_code == 2
    assert key.number in other.stderr
