"""Transactions as the services use them, with two sessions at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.access import operator
from matcher.domain.errors import Stale
from matcher.models import Place
from matcher.models.database import default_url, make_engine, session_factory
from matcher.services.candidates import create_candidate, get_candidate, update_candidate
from matcher.services.transactions import unit_of_work

NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
OPERATOR = operator("demo")


@pytest.fixture
def factory(database_url: str) -> Iterator[sessionmaker[Session]]:
    """Sessions on a database of this test's own."""
    engine = make_engine(database_url)
    yield session_factory(engine)
    engine.dispose()


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Place)) or 0


def place(number: int) -> Place:
    return Place(pc4=number, latitude=52.0, longitude=5.0)


def fail_after(session: Session, number: int) -> None:
    """Adds a place in a unit of work that then fails."""
    with unit_of_work(session):
        session.add(place(number))
        session.flush()
        raise ZeroDivisionError


def test_a_unit_of_work_keeps_all_of_it_or_nothing(factory: sessionmaker[Session]) -> None:
    with factory() as session:
        with unit_of_work(session):
            session.add(place(1001))
        with pytest.raises(ZeroDivisionError):
            fail_after(session, 1002)

    with factory() as other:
        assert count(other) == 1


def test_an_inner_unit_ends_with_the_outer_one(factory: sessionmaker[Session]) -> None:
    def outer_fails(session: Session) -> None:
        with unit_of_work(session):
            with unit_of_work(session):
                session.add(place(1001))
            raise ZeroDivisionError

    with factory() as session:
        with pytest.raises(ZeroDivisionError):
            outer_fails(session)
        assert count(session) == 0

        with unit_of_work(session):
            session.add(place(1002))
            with pytest.raises(ZeroDivisionError):
                fail_after(session, 1003)
            with unit_of_work(session):
                session.add(place(1004))

    with factory() as other:
        assert set(other.scalars(select(Place.pc4))) == {1002, 1004}


def test_what_was_changed_outside_a_unit_is_a_mistake(factory: sessionmaker[Session]) -> None:
    with factory() as session:
        session.add(place(1001))
        with pytest.raises(RuntimeError, match="outside"), unit_of_work(session):
            pass


def test_two_people_who_change_the_same_record_do_not_overwrite_each_other(
    factory: sessionmaker[Session],
) -> None:
    with factory() as session:
        made = create_candidate(session, OPERATOR, {"rhythm": 0}, now=NOW)
    start = Barrier(2)
    outcomes: list[str] = []

    def change(level: int) -> None:
        with factory() as session:
            get_candidate(session, OPERATOR, made.id)
            start.wait(timeout=20)
            try:
                update_candidate(
                    session, OPERATOR, made.id, {"rhythm": level}, expected_version=1, now=NOW
                )
                outcomes.append("changed")
            except Stale:
                outcomes.append("stale")

    threads = [Thread(target=change, args=(level,)) for level in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(outcomes) == ["changed", "stale"]
    with factory() as session:
        assert get_candidate(session, OPERATOR, made.id).version == 2


def test_many_writers_wait_for_each_other_instead_of_failing(
    factory: sessionmaker[Session],
) -> None:
    errors: list[BaseException] = []

    def write(first: int) -> None:
        try:
            with factory() as session:
                for number in range(first, first + 10):
                    count(session)
                    with unit_of_work(session):
                        session.add(place(number))
        except BaseException as error:
            errors.append(error)

    threads = [Thread(target=write, args=(1000 + 10 * n,)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert errors == []
    with factory() as session:
        assert count(session) == 50


def test_sqlite_keeps_foreign_keys_and_a_log_that_readers_pass(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    with engine.connect() as connection:
        found = {
            name: connection.scalar(text(f"PRAGMA {name}"))
            for name in ("foreign_keys", "journal_mode", "busy_timeout", "synchronous")
        }
    engine.dispose()

    assert found == {
        "foreign_keys": 1,
        "journal_mode": "wal",
        "busy_timeout": 5000,
        "synchronous": 1,
    }


def test_the_address_comes_from_the_environment_and_else_lies_in_the_instance_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MATCHER_DATABASE_URL", raising=False)
    monkeypatch.delenv("MATCHER_INSTANCE_DIR", raising=False)
    monkeypatch.chdir(tmp_path)
    assert default_url() == f"sqlite:///{tmp_path}/instance/matcher.sqlite3"
    monkeypatch.setenv("MATCHER_INSTANCE_DIR", str(tmp_path / "elsewhere"))
    assert default_url() == f"sqlite:///{tmp_path}/elsewhere/matcher.sqlite3"
    monkeypatch.setenv("MATCHER_DATABASE_URL", "postgresql+psycopg://db/matcher")
    assert default_url() == "postgresql+psycopg://db/matcher"


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_gets_the_driver_we_ship(scheme: str) -> None:
    pytest.importorskip("psycopg")
    engine: Engine = make_engine(f"{scheme}://somebody@localhost/matcher")

    assert engine.url.drivername == "postgresql+psycopg"


def test_a_first_start_makes_the_folder_of_its_database(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/new/folder/matcher.sqlite3")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    engine.dispose()

    assert (tmp_path / "new" / "folder").is_dir()
