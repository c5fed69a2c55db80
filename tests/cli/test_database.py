"""Commands on the database: import and export, schema, accounts, backup and restore."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from openpyxl import load_workbook

from matcher.models import migrate
from matcher.models.database import make_engine
from tests.conftest import require

Run = Callable[..., Result]
PUBLIC = Path(__file__).parents[2] / ".." / "shared" / "vum" / "example-profiles.json"
OWN = Path(__file__).parents[1] / "data"


@pytest.fixture
def url(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """An own migrated database that the commands find in their environment."""
    monkeypatch.setenv("MATCHER_DATABASE_URL", sqlite_url)
    return sqlite_url


def counts(result: Result) -> str:
    """The last line of an import."""
    return result.stderr.splitlines()[-1]


def exported(run: Run, kind: str = "candidates") -> list[dict[str, str]]:
    result = run("export", kind, "--format", "csv", "--out", "-")
    assert result.exit_code == 0, result.stderr
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_importing_the_public_vum_sample_gives_23_in_and_1_refused(run: Run, url: str) -> None:
    if not PUBLIC.is_file():
        require("the public VUM sample is not beside the project")
    command = ["import", "candidates", PUBLIC, "--format", "vum", "--region", "demo"]
    first = run(*command)
    assert first.exit_code == 0, first.stderr
    assert counts(first) == "candidates: 23 new, 0 changed, 0 unchanged, 1 refused"
    lines = first.stderr.splitlines()
    refused = [line for line in lines if line.startswith("row ")]
    twice = "stands in row 1 already; the first one stays, this one is left out"
    assert refused == [f"row 23, column reference: {twice}"]
    assert any("read as 180" in line for line in lines)
    again = run(*command)
    assert counts(again) == "candidates: 0 new, 0 changed, 23 unchanged, 1 refused"
    assert len(exported(run)) == 23


def test_after_the_import_assess_asks_useful_questions(run: Run, url: str, tmp_path: Path) -> None:
    run("import", "candidates", OWN / "vum-profiles.json", "--region", "demo")
    path = tmp_path / "candidates.csv"
    assert run("export", "candidates", "--format", "csv", "--out", path).exit_code == 0
    out = tmp_path / "advice.json"
    assert run("assess", "--candidates", path, "--out", out).exit_code == 0
    rows = json.loads(out.read_text(encoding="utf-8"))
    assert len(rows) == 3
    for row in rows:
        assert row["lane"] == "not_enough_known"
        assert 1 <= len(row["ask_next"]) <= 2


@pytest.mark.parametrize("kind", ["candidates", "vacancies", "programmes"])
def test_importing_twice_changes_nothing_and_a_change_changes_one_row(
    run: Run, url: str, files: dict[str, str], kind: str
) -> None:
    path = Path(files[kind])
    rows = len(path.read_text(encoding="utf-8").splitlines()) - 1
    command = ["import", kind, path, "--region", "demo"]
    dry = run(*command, "--dry-run")
    assert counts(dry) == f"{kind}: {rows} would be new, 0 would be changed, 0 unchanged, 0 refused"
    assert counts(run(*command)) == f"{kind}: {rows} new, 0 changed, 0 unchanged, 0 refused"
    assert counts(run(*command)) == f"{kind}: 0 new, 0 changed, {rows} unchanged, 0 refused"
    changed = {
        "candidates": ("K2;demo;3351;45", "K2;demo;3351;50"),
        "vacancies": ("V2,B,demo,N81,1", "V2,B,demo,N81,2"),
        "programmes": ("P1,werkfit,rhythm:+1", "P1,werkfit,rhythm:+2"),
    }[kind]
    path.write_text(path.read_text(encoding="utf-8").replace(*changed), encoding="utf-8")
    assert counts(run(*command)) == f"{kind}: 0 new, 1 changed, {rows - 1} unchanged, 0 refused"


def test_a_bad_row_is_named_and_the_good_rows_are_in_unless_strict(
    run: Run, url: str, tmp_path: Path
) -> None:
    path = tmp_path / "k.csv"
    path.write_text(
        "reference,region,hours_min,hours_max,title\nK1,demo,20,32,x\nK2,demo,50,10,x\n"
        "K1,demo,20,32,x\nK3,nowhere,,,\n",
        encoding="utf-8",
    )
    strict = run("import", "candidates", path, "--strict")
    assert strict.exit_code == 2
    assert exported(run) == []
    result = run("import", "candidates", path)
    assert result.exit_code == 0
    lines = result.stderr.splitlines()
    assert "warning: title: is not a known column and is left out" in lines
    assert [line.split(":")[0] for line in lines if line.startswith("row ")] == [
        "row 3, column hours_min",
        "row 4, column reference",
        "row 5, column region",
    ]
    assert counts(result) == "candidates: 1 new, 0 changed, 0 unchanged, 3 refused"
    assert [row["reference"] for row in exported(run)] == ["K1"]


def test_candidates_go_out_without_what_only_the_audit_may_read(
    run: Run, url: str, tmp_path: Path
) -> None:
    path = tmp_path / "k.csv"
    path.write_text("reference,region,benefit,birth_year\nK1,demo,ww,1990\n", encoding="utf-8")
    run("import", "candidates", path)
    (row,) = exported(run)
    assert {"benefit", "birth_year"}.isdisjoint(row)


def test_every_export_format_holds_the_same_rows(
    run: Run, url: str, files: dict[str, str], tmp_path: Path
) -> None:
    run("import", "vacancies", files["vacancies"])
    rows = exported(run, "vacancies")
    assert [row["reference"] for row in rows] == ["V1", "V2", "V3"]
    book, vum = tmp_path / "v.xlsx", tmp_path / "v.json"
    assert run("export", "vacancies", "--format", "xlsx", "--out", book).exit_code == 0
    sheet = load_workbook(book).active
    assert [cell.value for cell in sheet["A"]] == ["reference", "V1", "V2", "V3"]
    assert run("export", "vacancies", "--format", "vum", "--out", vum).exit_code == 0
    assert [item["idVacature"] for item in json.loads(vum.read_text(encoding="utf-8"))] == [
        "V1",
        "V2",
        "V3",
    ]
    assert run("export", "vacancies", "--format", "csv", "--region", "twente", "--out", "-").stdout
    unknown = run("export", "vacancies", "--format", "csv", "--region", "twnte", "--out", "-")
    assert unknown.exit_code == 2
    assert "--region: 'twnte' is not a known code of labour-market regions; nearest: twente" in (
        unknown.stderr
    )


def test_vum_without_a_region_is_bad_input(run: Run, url: str) -> None:
    result = run("import", "candidates", OWN / "vum-profiles.json")
    assert result.exit_code == 2
    assert "region: VUM names no region; give one with --region" in result.stderr.splitlines()


def test_places_are_imported_by_row(run: Run, url: str, tmp_path: Path) -> None:
    path = tmp_path / "NL.txt"
    path.write_text(
        "NL\t3311\tDordrecht\t\t\t\t\t\t\t51.81\t4.67\t\nNL\t3312\tDordrecht\t\t\t\t\t\t\t0\t0\t\n",
        encoding="utf-8",
    )
    result = run("import", "places", path)
    assert result.exit_code == 0, result.stderr
    assert counts(result) == "places: 1 new, 0 changed, 0 unchanged, 1 refused"
    assert any(line.startswith("row 2, column latitude: ") for line in result.stderr.splitlines())
    assert counts(run("import", "places", path)).startswith("places: 0 new, 0 changed, 1 unchanged")
    for wrong in ((), (path, "--download")):
        assert run("import", "places", *wrong).exit_code == 2


def test_the_schema_goes_up_and_down_and_is_checked(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATCHER_DATABASE_URL", f"sqlite:///{tmp_path / 'new.sqlite3'}")
    head = migrate.head_revision()
    empty = run("db", "check")
    assert empty.exit_code == 2
    assert empty.stderr.splitlines()[-1] == (
        f"the database is at nothing, the newest revision is {head}; run 'matcher db upgrade'"
    )
    for command in (["import", "candidates", "x.csv"], ["backup", "--out", "x"], ["serve"]):
        refused = run(*command)
        assert refused.exit_code == 2
        assert refused.stderr == "the database is empty; run 'matcher db upgrade'\n"
    assert run("db", "upgrade").stderr == f"the database is at revision {head}\n"
    assert run("db", "check").exit_code == 0
    wrong = run("db", "upgrade", "nowhere")
    assert wrong.exit_code == 2
    assert wrong.stderr.startswith("the schema cannot be changed: ")
    assert run("db", "downgrade", "base").stderr == "the database is empty\n"


def test_a_database_that_cannot_be_reached_is_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address, line in (
        (
            "postgresql://127.0.0.1:1/matcher",
            "the database cannot be used: check MATCHER_DATABASE_URL and run 'matcher db upgrade'",
        ),
        ("nonsense", "MATCHER_DATABASE_URL is no database address that is known"),
        ("firebird://x", "MATCHER_DATABASE_URL is no database address that is known"),
        (
            "oracle://x",
            "install oracledb first; for PostgreSQL: pip install 'matcher[postgres]'",
        ),
    ):
        monkeypatch.setenv("MATCHER_DATABASE_URL", address)
        result = run("db", "check")
        assert (result.exit_code, result.stderr) == (2, f"{line}\n")


def test_an_account_is_added_with_its_password_from_standard_input(run: Run, url: str) -> None:
    from matcher.cli.database import opened_session
    from matcher.cli.options import now
    from matcher.services.accounts import sign_in

    command = ["users", "add", "Coach@Example.org", "--right", "coach", "--region", "demo"]
    result = run(*command, "--password-stdin", stdin="een lange zin om te onthouden\n")
    assert (result.exit_code, result.stderr) == (0, "account coach@example.org added: coach\n")
    with opened_session() as session:
        record = sign_in(session, "coach@example.org", "een lange zin om te onthouden", now=now())
        assert record is not None
    twice = run(*command, "--no-password")
    assert (twice.exit_code, twice.stderr) == (
        2,
        "there is already an account with this name\n",
    )


def test_an_account_gets_a_token_and_another_password_and_is_closed(run: Run, url: str) -> None:
    from matcher.cli.database import opened_session
    from matcher.cli.options import now
    from matcher.services.accounts import find_viewer_by_token, sign_in

    run("users", "add", "koppeling", "--right", "coach", "--region", "demo", "--no-password")
    made = run("users", "token", "Koppeling", "--title", "client system", "--right", "coach")
    assert made.exit_code == 0, made.stderr
    secret = made.stdout.strip()
    assert secret not in made.stderr
    with opened_session() as session:
        viewer = find_viewer_by_token(session, secret, now())
        assert viewer is not None
        assert viewer.region == "demo"
    too_much = run("users", "token", "koppeling", "--title", "x", "--right", "officer")
    assert (too_much.exit_code, too_much.stderr) == (
        2,
        "scopes: must name rights that the account holds\n",
    )
    changed = run(
        "users", "password", "koppeling", "--password-stdin", stdin="een andere lange zin\n"
    )
    assert (changed.exit_code, changed.stderr) == (0, "account koppeling has another password\n")
    with opened_session() as session:
        assert sign_in(session, "koppeling", "een andere lange zin", now=now()) is not None
    assert run("users", "list").stdout == "koppeling\tcoach\tdemo\n"
    assert run("users", "close", "koppeling").stderr == "account koppeling is closed\n"
    assert run("users", "list").stdout == "koppeling\tcoach\tdemo\tclosed\n"
    with opened_session() as session:
        assert find_viewer_by_token(session, secret, now()) is None
    assert run("users", "reopen", "koppeling").exit_code == 0
    nobody = run("users", "close", "nobody")
    assert (nobody.exit_code, nobody.stderr) == (2, "no such account\n")


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (["--right", "coach"], "region: "),
        (["--right", "contractor", "--region", "demo"], "organisation: "),
        (["--right", "king"], "'king' is not one of"),
        (["--right", "coach", "--region", "nowhere"], "region: 'nowhere' is"),
        (
            ["--right", "coach", "--region", "demo", "--password-stdin"],
            "choose one of --password-stdin",
        ),
    ],
)
def test_an_account_that_cannot_be_is_refused(
    run: Run, url: str, given: list[str], line: str
) -> None:
    result = run("users", "add", "someone", *given, "--no-password")
    assert result.exit_code == 2
    assert line in result.stderr


def test_a_short_password_is_refused_without_repeating_it(run: Run, url: str) -> None:
    command = ["users", "add", "x", "--right", "coach", "--region", "demo", "--password-stdin"]
    result = run(*command, stdin="geheim\n")
    assert result.exit_code == 2
    assert result.stderr.startswith("password: must have 12 to 200 characters")
    assert "geheim" not in result.stderr


def test_a_backup_put_back_elsewhere_gives_the_same_export(
    run: Run,
    url: str,
    files: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run("import", "candidates", files["candidates"])
    before = exported(run)
    archive = tmp_path / "matcher.backup"
    result = run("backup", "--out", archive)
    assert result.exit_code == 0, result.stderr
    assert f"at revision {migrate.head_revision()}, SHA-256 " in result.stderr
    monkeypatch.setenv("MATCHER_DATABASE_URL", f"sqlite:///{tmp_path / 'other.sqlite3'}")
    restored = run("restore", archive)
    assert restored.exit_code == 0, restored.stderr
    assert exported(run) == before
    again = run("restore", archive)
    assert again.exit_code == 2
    assert run("restore", archive, "--force").exit_code == 0
    assert exported(run) == before
    assert run("restore", tmp_path / "nowhere.backup").exit_code == 2


def test_commands_leave_no_connection_open(run: Run, url: str) -> None:
    run("db", "check")
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE left_open (x INTEGER)")
        connection.exec_driver_sql("DROP TABLE left_open")
    engine.dispose()
