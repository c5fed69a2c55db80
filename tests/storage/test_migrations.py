from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from matcher.models import Base, migrate
from matcher.models.database import make_engine

REVISIONS = sorted(path.name[:4] for path in (migrate.MIGRATIONS / "versions").glob("[0-9]*.py"))


@pytest.fixture
def empty(database_url: str) -> Iterator[Engine]:
    """A database without a single table."""
    engine = make_engine(database_url)
    migrate.downgrade(engine, "base")
    yield engine
    engine.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_a_new_database_comes_up_to_the_newest_revision_and_equals_the_models(
    empty: Engine,
) -> None:
    assert migrate.check(empty).current is None

    reached = migrate.upgrade(empty)

    state = migrate.check(empty)
    assert reached == state.current == state.head == REVISIONS[-1]
    assert state.differences == ()
    assert state.is_current
    assert tables(empty) == set(Base.metadata.tables)


def test_every_step_goes_up_and_down_again(empty: Engine) -> None:
    seen = [tables(empty)]
    for revision in REVISIONS:
        assert migrate.upgrade(empty, revision) == revision
        seen.append(tables(empty))
    assert seen[0] == set()
    # A step may also change a table that is there.
    assert all(before <= after for before, after in pairwise(seen))

    for number in range(len(REVISIONS) - 1, -1, -1):
        target = REVISIONS[number - 1] if number else "base"
        reached = migrate.downgrade(empty, target)
        assert reached == (target if number else None)
        assert tables(empty) == seen[number]

    assert migrate.upgrade(empty) == REVISIONS[-1]


def test_going_down_leaves_no_trigger_or_function_behind(empty: Engine) -> None:
    migrate.upgrade(empty)
    migrate.downgrade(empty, "base")

    query = (
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        if empty.dialect.name == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with empty.connect() as connection:
        assert connection.execute(text(query)).all() == []


def test_a_database_that_was_changed_by_hand_is_noticed(empty: Engine) -> None:
    migrate.upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("ALTER TABLE place ADD COLUMN population INTEGER"))
        connection.execute(text("DROP INDEX ix_vacancy_region_status"))

    state = migrate.check(empty)

    assert not state.is_current
    assert len(state.differences) == 2
    assert any("population" in difference for difference in state.differences)


def test_an_older_database_is_not_current(empty: Engine) -> None:
    migrate.upgrade(empty, REVISIONS[-2])

    state = migrate.check(empty)

    assert (state.current, state.is_current) == (REVISIONS[-2], False)


def constraint_names(engine: Engine) -> dict[str, set[Any]]:
    found: dict[str, set[Any]] = {}
    inspector = inspect(engine)
    for name in sorted(tables(engine)):
        found[name] = {
            *(item["name"] for item in inspector.get_check_constraints(name)),
            *(item["name"] for item in inspector.get_unique_constraints(name)),
            *((item["name"], str(item["options"])) for item in inspector.get_foreign_keys(name)),
            *(item["name"] for item in inspector.get_indexes(name)),
            inspector.get_pk_constraint(name)["name"],
        }
    return found


def test_migrations_and_models_make_the_same_constraints_under_the_same_names(
    empty: Engine, tmp_path: Path
) -> None:
    migrate.upgrade(empty)
    migrated = constraint_names(empty)
    migrate.downgrade(empty, "base")
    Base.metadata.create_all(empty)

    assert constraint_names(empty) == migrated
    assert all(None not in names for names in migrated.values())


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    empty: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from matcher.migrations.versions import __file__ as _package

    assert Path(_package).parent.is_dir()
    migrate.upgrade(empty, REVISIONS[1])
    before = tables(empty)
    with empty.begin() as connection:
        # The next step makes this table and finds it there.
        connection.execute(text("CREATE TABLE arrangement (id INTEGER PRIMARY KEY)"))

    with pytest.raises(DBAPIError):
        migrate.upgrade(empty)

    assert migrate.current_revision(empty) == REVISIONS[1]
    assert tables(empty) == before | {"arrangement"}


def test_migrations_use_nothing_of_the_program_that_may_change_later() -> None:
    for path in (migrate.MIGRATIONS / "versions").glob("[0-9]*.py"):
        found = re.search(r"^\s*(from|import) matcher", path.read_text("utf-8"), re.MULTILINE)
        assert found is None, path.name


def test_migrations_are_numbered_without_a_gap() -> None:
    assert [int(revision) for revision in REVISIONS] == list(range(1, len(REVISIONS) + 1))
    assert migrate.head_revision() == REVISIONS[-1]
    assert migrate.is_known(REVISIONS[0])
    assert not migrate.is_known("9999")


def test_a_migration_that_would_orphan_rows_is_refused_on_sqlite(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    with pytest.raises(RuntimeError, match="parent"), migrate.migrating(engine) as connection:
        connection.execute(
            text(
                "INSERT INTO api_token (id, account_id, prefix, secret_hash, title, scopes, "
                "expires_at, created_at) VALUES (1, 99, 'p', 'h', 't', '', '2027-01-01', "
                "'2027-01-01')"
            )
        )

    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM api_token")) == 0
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    engine.dispose()


def test_a_plain_engine_sees_what_was_migrated(sqlite_url: str) -> None:
    engine = create_engine(sqlite_url)
    assert tables(engine) == set(Base.metadata.tables)
    engine.dispose()
