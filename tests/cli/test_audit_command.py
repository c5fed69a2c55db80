"""`matcher audit verify`, and what commands leave in the log."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy.engine import make_url

Run = Callable[..., Result]


@pytest.fixture
def url(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """An own migrated database that the commands find in their environment."""
    monkeypatch.setenv("MATCHER_DATABASE_URL", sqlite_url)
    return sqlite_url


@pytest.fixture
def filled(run: Run, url: str, files: dict[str, str]) -> str:
    """The same, with four people in it."""
    result = run("import", "candidates", files["candidates"])
    assert result.exit_code == 0, result.stderr
    return url


def as_owner(url: str, *statements: str) -> None:
    """The owner of the database takes the triggers away and does as they like."""
    with sqlite3.connect(make_url(url).database or "") as connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit_%'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
    connection.close()


def entries(url: str) -> list[tuple[str, str, int | None]]:
    with sqlite3.connect(make_url(url).database or "") as connection:
        found = connection.execute(
            "SELECT action, kind, count FROM audit_entry ORDER BY position"
        ).fetchall()
    connection.close()
    return found


def test_a_log_that_is_whole_says_how_long_it_is_and_where_it_ends(run: Run, filled: str) -> None:
    result = run("audit", "verify")

    assert result.exit_code == 0
    found = re.fullmatch(r"(\d+) entries, unbroken, head (\d+):([0-9a-f]{64})\n", result.stdout)
    assert found is not None
    assert found[1] == found[2] == str(len(entries(filled)))


def test_a_database_without_a_single_entry_is_whole(run: Run, url: str) -> None:
    assert run("audit", "verify").stdout.startswith("0 entries, unbroken, head 0:")


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("DELETE FROM audit_entry WHERE position = 2", "at position 2 (no row): missing"),
        ("DELETE FROM audit_entry WHERE position = 1", "at position 1 (no row): start cut off"),
        ("DELETE FROM audit_entry WHERE position > 3", "at position 4 (no row): end cut off"),
        ("DELETE FROM audit_entry", "at position 1 (no row): start cut off"),
    ],
)
def test_an_entry_that_was_deleted_is_named(
    run: Run, filled: str, statement: str, what: str
) -> None:
    as_owner(filled, statement)

    result = run("audit", "verify")

    assert result.exit_code == 2
    assert result.stdout == ""
    assert what in result.stderr


def test_an_entry_that_was_changed_is_named_with_row_and_time(run: Run, filled: str) -> None:
    as_owner(filled, "UPDATE audit_entry SET candidate_id = 99 WHERE position = 3")

    result = run("audit", "verify")

    assert result.exit_code == 2
    pattern = r"broken at position 3 \(row 3, \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\): changed;"
    assert re.search(pattern, result.stderr)


def test_a_whole_database_put_back_is_found_by_the_head_that_was_noted(
    run: Run, filled: str, tmp_path: Path
) -> None:
    backup = tmp_path / "matcher.backup"
    assert run("backup", "--out", backup).exit_code == 0
    assert run("export", "candidates", "--format", "csv", "--out", "-").exit_code == 0
    assert run("export", "vacancies", "--format", "csv", "--out", "-").exit_code == 0
    head = run("audit", "verify").stdout.split()[-1]
    assert run("audit", "verify", "--expect", head).exit_code == 0
    assert run("restore", backup, "--force").exit_code == 0

    assert run("audit", "verify").exit_code == 0
    result = run("audit", "verify", "--expect", head)

    assert result.exit_code == 2
    assert "not the entry that was noted" in result.stderr or "end cut off" in result.stderr


def test_what_is_no_head_is_refused(run: Run, url: str) -> None:
    result = run("audit", "verify", "--expect", "yesterday")

    assert result.exit_code == 2
    assert "--expect: a head is written as position:hash" in result.stderr


def test_imports_exports_backups_and_restores_are_entries(
    run: Run, filled: str, tmp_path: Path
) -> None:
    run("export", "candidates", "--format", "csv", "--out", "-")
    backup = tmp_path / "matcher.backup"
    run("backup", "--out", backup)
    run("restore", backup, "--force")

    found = entries(filled)
    people = [("create", "candidate", None)] * 4
    assert found[:5] == [*people, ("operate", "import_run", 4)]
    assert found[5:] == [
        ("export", "candidate", 4),
        ("export", "backup", None),
        ("operate", "restore", None),
    ]
    assert run("audit", "verify").exit_code == 0
