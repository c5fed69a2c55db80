from __future__ import annotations

import hashlib
import itertools
import json
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from matcher.domain.access import operator
from matcher.domain.errors import Conflict, InvalidInput
from matcher.models import Base, Place, migrate
from matcher.models.database import make_engine, session_factory
from matcher.models.states import AdviceKind
from matcher.models.types import result_text
from matcher.services.accounts import add_account, create_token, find_viewer_by_token, sign_in
from matcher.services.assessments import assess_candidate, plan_candidate, replay
from matcher.services.backup import backup, restore
from matcher.services.candidates import (
    add_commitment,
    create_candidate,
    get_candidate,
)
from matcher.services.decisions import list_decisions, record_decision
from matcher.services.intake import save_draft
from matcher.services.programmes import create_programme
from matcher.services.vacancies import create_vacancy
from tests.services.opening import open_vacancy

NOW = datetime(2027, 3, 1, 8, 30, 15, 123456, tzinfo=UTC)
ON = date(2027, 3, 1)
OPERATOR = operator("demo")
PAIRS = [
    pytest.param(*pair, marks=[pytest.mark.postgres] if "postgres" in pair else [])
    for pair in itertools.product(("sqlite", "postgres"), repeat=2)
]


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def everything(engine: Engine) -> dict[str, list[Any]]:
    """Every row of every table, as the models read them."""
    with engine.connect() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in Base.metadata.sorted_tables
        }


def fill(engine: Engine) -> dict[str, Any]:
    """Something in nearly every table; what is needed to look it up again."""
    with session_factory(engine)() as session:
        account = add_account(
            session,
            name="Coach",
            password="a long enough one",
            rights=["coach"],
            region="demo",
            now=NOW,
        )
        _, secret = create_token(
            session, account.id, title="t", scopes=["coach"], lifetime=timedelta(days=9), now=NOW
        )
        person = create_candidate(
            session,
            OPERATOR,
            {
                "reference": "K-1",
                "first_name": "Zoë | 'x' \\ \n\u2028",
                "hours_max": 32.5,
                "blocked": frozenset({"mon_night"}),
                "occupations": (("8342", 2.5), ("9312", None)),
                "adult": True,
                "rhythm": 3,
                "work_skills": 2,
            },
            now=NOW,
        )
        add_commitment(
            session, OPERATOR, person.id, hours_a_week=4, until=date(2027, 9, 1), now=NOW
        )
        vacancy = create_vacancy(
            session,
            OPERATOR,
            {
                "contractor": "Firm",
                "sector": "F42",
                "places": 2,
                "day_starts_at": time(6, 30),
                "start_on": date(2027, 4, 5),
                "wage_hour_cents": 1512,
            },
            now=NOW,
        )
        open_vacancy(session, OPERATOR, vacancy.id, expected_version=1, now=NOW)
        create_programme(
            session,
            OPERATOR,
            {
                "kind": "werkfit",
                "weeks": 4.5,
                "starts_on": (date(2027, 3, 8),),
                "needs": (("lift", 1.0),),
            },
            now=NOW,
        )
        assessed = assess_candidate(session, OPERATOR, person.id, on=ON, now=NOW)
        planned = plan_candidate(session, OPERATOR, person.id, on=ON, now=NOW)
        record_decision(
            session,
            OPERATOR,
            person.id,
            subject="lane",
            chosen=str(assessed.lane),
            reason="agrees",
            assessment_id=assessed.id,
            now=NOW,
        )
        save_draft(
            session,
            OPERATOR,
            card="work",
            answers={"a": [1, None]},
            candidate_id=person.id,
            now=NOW,
        )
        return {"person": person, "secret": secret, "assessed": assessed, "planned": planned}


@pytest.mark.parametrize(("origin", "target"), PAIRS)
def test_a_backup_of_either_database_comes_back_whole_in_either(
    new_database: Callable[[str], str], tmp_path: Path, origin: str, target: str
) -> None:
    path = tmp_path / "matcher.backup"
    with opened(new_database(origin)) as engine:
        known = fill(engine)
        before = everything(engine)
        report = backup(engine, path, now=NOW)
    with opened(new_database(target)) as engine:
        restored = restore(engine, path)
        after = everything(engine)
        state = migrate.check(engine)
        with session_factory(engine)() as session:
            assert get_candidate(session, OPERATOR, known["person"].id) == known["person"]
            [decision] = list_decisions(session, OPERATOR, known["person"].id)
            for kind, record in (
                (AdviceKind.ASSESSMENT, known["assessed"]),
                (AdviceKind.PLAN, known["planned"]),
            ):
                again = replay(session, OPERATOR, record.id, kind=kind)
                assert result_text(again) == result_text(record.result)
            assert sign_in(session, "coach", "a long enough one", now=NOW) is not None
            assert find_viewer_by_token(session, known["secret"], NOW) is not None
            next_one = create_candidate(session, OPERATOR, {}, now=NOW)

    assert after == before
    assert decision.accepted
    assert state.is_current
    assert next_one.id > known["person"].id, "numbers go on after those that came back"
    assert restored.rows == report.rows
    assert restored.sha256 == report.sha256
    assert report.rows["candidate"] == 1
    assert sum(report.rows.values()) == sum(len(rows) for rows in before.values())


def test_a_backup_is_readable_by_its_owner_only(sqlite_url: str, tmp_path: Path) -> None:
    path = tmp_path / "matcher.backup"
    with opened(sqlite_url) as engine:
        backup(engine, path, now=NOW)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["matcher.backup"]


def test_what_is_written_during_a_backup_is_not_in_it(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from matcher.services import backup as module

    with opened(database_url) as engine, opened(database_url) as other:
        fill(engine)
        before = everything(engine)
        tables = module._tables

        def while_somebody_writes(connection: Any) -> Any:
            found = tables(connection)
            with session_factory(other)() as session:
                create_candidate(session, OPERATOR, {"reference": "K-late"}, now=NOW)
            return found

        monkeypatch.setattr(module, "_tables", while_somebody_writes)
        report = backup(engine, tmp_path / "matcher.backup", now=NOW)

        assert report.rows["candidate"] == len(before["candidate"])
        assert len(everything(engine)["candidate"]) == len(before["candidate"]) + 1


def test_a_database_with_rows_is_only_given_up_by_force(
    database_url: str, new_database: Callable[[str], str], tmp_path: Path
) -> None:
    path = tmp_path / "matcher.backup"
    with opened(new_database("sqlite")) as engine:
        fill(engine)
        expected = everything(engine)
        backup(engine, path, now=NOW)
    with opened(database_url) as engine:
        with session_factory(engine)() as session:
            create_candidate(session, OPERATOR, {"reference": "K-other"}, now=NOW)
        before = everything(engine)

        with pytest.raises(Conflict):
            restore(engine, path)
        assert everything(engine) == before
        restore(engine, path, force=True)

        assert everything(engine) == expected


def test_a_backup_fills_a_database_without_any_table(
    database_url: str, new_database: Callable[[str], str], tmp_path: Path
) -> None:
    path = tmp_path / "matcher.backup"
    with opened(new_database("sqlite")) as engine:
        fill(engine)
        expected = everything(engine)
        backup(engine, path, now=NOW)
    with opened(database_url) as engine:
        migrate.downgrade(engine, "base")

        restore(engine, path)

        assert everything(engine) == expected


def test_an_empty_database_has_nothing_to_back_up(database_url: str, tmp_path: Path) -> None:
    with opened(database_url) as engine:
        migrate.downgrade(engine, "base")

        with pytest.raises(Conflict):
            backup(engine, tmp_path / "matcher.backup", now=NOW)

    assert list(tmp_path.iterdir()) == []


def rewritten(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy of a backup with some of its parts changed, or left out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
    return target


def newer(name: str, part: bytes) -> bytes:
    if name != "manifest.json":
        return part
    return json.dumps({**json.loads(part), "revision": "9999"}).encode()


def other_format(name: str, part: bytes) -> bytes:
    if name != "manifest.json":
        return part
    return json.dumps({**json.loads(part), "format": "other"}).encode()


DAMAGE: dict[str, Callable[[str, bytes], bytes | None]] = {
    "a changed row": lambda n, p: p.replace(b"K-1", b"K-2") if n == "candidate.jsonl" else p,
    "a table that is gone": lambda n, p: None if n == "decision.jsonl" else p,
    "a newer program": newer,
    "another format": other_format,
    "no manifest": lambda n, p: None if n == "manifest.json" else p,
    "a broken manifest": lambda n, p: b"[1" if n == "manifest.json" else p,
    "a manifest of another shape": lambda n, p: b"[1]" if n == "manifest.json" else p,
}


@pytest.fixture(scope="module")
def whole(new_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a database with something in it."""
    path = tmp_path_factory.mktemp("backup") / "whole.backup"
    with opened(new_database("sqlite")) as engine:
        fill(engine)
        backup(engine, path, now=NOW)
    return path


@pytest.mark.parametrize("damage", list(DAMAGE))
def test_a_damaged_backup_changes_nothing(
    database_url: str, whole: Path, tmp_path: Path, damage: str
) -> None:
    broken = rewritten(whole, tmp_path / "broken.backup", DAMAGE[damage])
    with opened(database_url) as engine:
        with session_factory(engine)() as session:
            create_candidate(session, OPERATOR, {"reference": "K-here"}, now=NOW)
        before = everything(engine)

        with pytest.raises(InvalidInput):
            restore(engine, broken, force=True)

        assert everything(engine) == before


def test_a_restore_that_fails_half_way_leaves_everything_as_it_was(
    database_url: str, whole: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(whole) as archive:
        line = json.loads(archive.read("decision.jsonl"))
        manifest = json.loads(archive.read("manifest.json"))
    orphan = json.dumps({**line, "candidate_id": 999}).encode() + b"\n"
    manifest["tables"]["decision"]["sha256"] = hashlib.sha256(orphan).hexdigest()
    parts = {"decision.jsonl": orphan, "manifest.json": json.dumps(manifest).encode()}
    broken = rewritten(whole, tmp_path / "broken.backup", lambda n, p: parts.get(n, p))
    with opened(database_url) as engine:
        with session_factory(engine)() as session:
            create_candidate(session, OPERATOR, {"reference": "K-here"}, now=NOW)
        before = everything(engine)

        with pytest.raises(Exception, match=r"parent|foreign key"):
            restore(engine, broken, force=True)

        assert everything(engine) == before
        assert migrate.check(engine).is_current


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 cut off"])
def test_a_file_that_is_no_backup_is_refused(
    sqlite_url: str, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "matcher.backup"
    path.write_bytes(content)
    with opened(sqlite_url) as engine:
        with pytest.raises(InvalidInput):
            restore(engine, path)
        with pytest.raises(InvalidInput):
            restore(engine, tmp_path / "not there")


def test_many_rows_come_back_in_portions(
    sqlite_url: str, tmp_path: Path, database_url: str
) -> None:
    with opened(sqlite_url) as engine:
        with session_factory(engine)() as session:
            session.add_all(Place(pc4=n, latitude=51.5, longitude=4.5) for n in range(1000, 2203))
            session.commit()
        backup(engine, tmp_path / "b", now=NOW)
    with opened(database_url) as engine:
        report = restore(engine, tmp_path / "b")

        with engine.connect() as connection:
            count = connection.scalar(
                select(func.count()).select_from(Base.metadata.tables["place"])
            )
        assert report.rows["place"] == count == 1203
