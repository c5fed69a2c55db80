"""The chain of the log, and whatever the owner of the database may do to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, literal_column, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from matcher.models import Account, AuditEntry
from matcher.models.database import make_engine, session_factory
from matcher.models.states import AuditAction
from matcher.repositories import audit_trail
from matcher.repositories.audit_trail import Fault, LogRefused, append, forget_before, walk
from matcher.repositories.scope import unscoped
from matcher.services.transactions import unit_of_work

START = datetime(2027, 3, 1, 8, tzinfo=UTC)
LENGTH = 12


def entry(number: int) -> dict[str, object]:
    """The columns of an entry, each unlike those of every other."""
    return {
        "at": START + timedelta(hours=number, microseconds=number),
        "account_id": number % 3 or None,
        "right_used": "coach",
        "purpose": "guidance",
        "action": AuditAction.READ if number % 2 else AuditAction.CHANGE,
        "kind": "candidate",
        "object_id": number,
        "candidate_id": number,
        "region": "demo",
        "fields": ("rhythm", "hours_max") if number % 2 == 0 else (),
        "query": None,
        "count": None,
        "versions": None,
        "request_id": f"request-{number:04d}",
    }


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def logged(request: pytest.FixtureRequest, new_database: Callable[[str], str]) -> Iterator[Engine]:
    """A database with a log of `LENGTH` entries, which the tests leave as they found it."""
    engine = make_engine(new_database(request.param))
    with session_factory(engine)() as session:
        for number in range(1, LENGTH + 1):
            with unit_of_work(session):
                append(session, [entry(number)])
    yield engine
    engine.dispose()


@contextmanager
def owner(engine: Engine) -> Iterator[Session]:
    """The owner of the database at work: no trigger in the way, and all undone afterwards."""
    with engine.connect() as connection:
        transaction = connection.begin()
        for name in triggers(engine):
            table = "audit_head" if "head" in name else "audit_entry"
            on = f" ON {table}" if engine.dialect.name == "postgresql" else ""
            connection.execute(text(f"DROP TRIGGER {name}{on}"))
        with session_factory(engine)(bind=connection) as session:
            yield session
        transaction.rollback()


def triggers(engine: Engine) -> list[str]:
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'audit_%'"
        if engine.dialect.name == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit_%'"
    )
    with engine.connect() as connection:
        return list(connection.scalars(text(query)))


def fault(session: Session) -> tuple[int, Fault] | None:
    found = walk(session).broken
    return None if found is None else (found.position, found.fault)


def test_the_log_stands_from_its_first_to_its_last_entry(logged: Engine) -> None:
    with session_factory(logged)() as session:
        found = walk(session)

    assert (found.entries, found.first_position, found.last_position) == (LENGTH, 1, LENGTH)
    assert found.broken is None
    assert found.head == f"{LENGTH}:{found.last_hash}"


def test_an_entry_can_be_read_as_it_was_written(logged: Engine) -> None:
    with session_factory(logged)() as session:
        row = session.scalars(
            unscoped(select(AuditEntry).where(AuditEntry.position == 4), AuditEntry)
        ).one()

    assert {name: getattr(row, name) for name in entry(4)} == entry(4)


TAMPERING = {
    "the first is deleted": ("DELETE FROM audit_entry WHERE position = 1", 1, Fault.START_CUT_OFF),
    "one in the middle is deleted": (
        "DELETE FROM audit_entry WHERE position = 7",
        7,
        Fault.MISSING,
    ),
    "the last is deleted": (
        "DELETE FROM audit_entry WHERE position = 12",
        LENGTH,
        Fault.END_CUT_OFF,
    ),
    "the last five are deleted": (
        "DELETE FROM audit_entry WHERE position > 7",
        LENGTH - 4,
        Fault.END_CUT_OFF,
    ),
    "all are deleted": ("DELETE FROM audit_entry", 1, Fault.START_CUT_OFF),
    "an account is put on somebody else": (
        "UPDATE audit_entry SET account_id = 9 WHERE position = 5",
        5,
        Fault.CHANGED,
    ),
    "a time is moved": (
        "UPDATE audit_entry SET at = '2027-01-01 00:00:00' WHERE position = 5",
        5,
        Fault.CHANGED,
    ),
    "a hash is replaced": (
        "UPDATE audit_entry SET entry_hash = previous_hash WHERE position = 5",
        5,
        Fault.CHANGED,
    ),
    "two change places": (
        (
            "UPDATE audit_entry SET position = 1003 WHERE position = 3;"
            "UPDATE audit_entry SET position = 3 WHERE position = 8;"
            "UPDATE audit_entry SET position = 8 WHERE position = 1003"
        ),
        3,
        Fault.OUT_OF_ORDER,
    ),
    "one is copied to the end": (
        (
            "INSERT INTO audit_entry SELECT 99, 13, at, account_id, right_used, purpose, action,"
            " kind,"
            " object_id, candidate_id, region, fields, query, count, versions, request_id,"
            " previous_hash, entry_hash FROM audit_entry WHERE position = 2"
        ),
        13,
        Fault.CHANGED,
    ),
    "the end is cut off and the head moved": (
        (
            "DELETE FROM audit_entry WHERE position > 9;"
            "UPDATE audit_head SET last_position = 9, last_hash ="
            " (SELECT entry_hash FROM audit_entry WHERE position = 9)"
        ),
        10,
        Fault.END_CUT_OFF,
    ),
    "the start is cut off and the head moved": (
        (
            "DELETE FROM audit_entry WHERE position < 4;"
            "UPDATE audit_head SET first_position = 4, before_first_hash ="
            " (SELECT previous_hash FROM audit_entry WHERE position = 4)"
        ),
        3,
        Fault.START_CUT_OFF,
    ),
    "everything is deleted and the head with it": (
        "DELETE FROM audit_entry; DELETE FROM audit_head",
        1,
        Fault.NO_HEAD,
    ),
    "both ends of the head are rewritten": (
        "UPDATE audit_head SET seal = last_hash",
        1,
        Fault.OTHER_KEY,
    ),
}


@pytest.mark.parametrize("name", TAMPERING)
def test_what_the_owner_of_the_database_does_is_found_with_its_position(
    logged: Engine, name: str
) -> None:
    statements, position, what = TAMPERING[name]
    with owner(logged) as session:
        session.add(account())
        session.flush()
        for statement in statements.split(";"):
            session.execute(text(statement))

        assert fault(session) == (position, what)


def account() -> Account:
    return Account(
        name="somebody",
        rights=frozenset({"admin"}),
        language="nl",
        is_active=True,
        failed_sign_ins=0,
        created_at=START,
        updated_at=START,
    )


def test_a_broken_entry_is_named_with_its_row_and_its_time(logged: Engine) -> None:
    with owner(logged) as session:
        session.execute(text("UPDATE audit_entry SET kind = 'plan' WHERE position = 6"))

        broken = walk(session).broken

    assert broken is not None
    assert (broken.position, broken.entry_id, broken.at) == (6, 6, entry(6)["at"])


def test_a_chain_made_anew_without_the_key_is_found_at_its_first_entry(logged: Engine) -> None:
    forged = "ab" * 32
    with owner(logged) as session:
        session.execute(
            text("UPDATE audit_entry SET previous_hash = :hash, entry_hash = :hash"),
            {"hash": forged},
        )
        session.execute(
            text("UPDATE audit_head SET last_hash = :hash, seal = :hash"), {"hash": forged}
        )

        assert fault(session) == (1, Fault.OTHER_KEY)


COLUMNS = ("account_id", "purpose", "kind", "object_id", "candidate_id", "fields", "request_id")


@given(data=st.data())
@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_whatever_single_thing_is_done_the_first_wrong_entry_is_named(
    logged: Engine, data: st.DataObject
) -> None:
    position = data.draw(st.integers(1, LENGTH), "position")
    deed = data.draw(st.sampled_from(["delete", "edit", "swap", "keep"]), "deed")
    with owner(logged) as session:
        if deed == "delete":
            last = data.draw(st.integers(position, LENGTH), "last")
            session.execute(
                text("DELETE FROM audit_entry WHERE position BETWEEN :a AND :b"),
                {"a": position, "b": last},
            )
            expected: int | None = position
        elif deed == "edit":
            column = data.draw(st.sampled_from(COLUMNS), "column")
            value = 4321 if column.endswith("_id") and column != "request_id" else "forged"
            session.execute(
                AuditEntry.__table__.update()
                .where(AuditEntry.__table__.c.position == position)
                .values({column: literal_column(repr(value))})
            )
            expected = position
        elif deed == "swap":
            other = data.draw(st.integers(1, LENGTH), "other")
            for old, new in ((position, 900), (other, position), (900, other)):
                session.execute(
                    text("UPDATE audit_entry SET position = :new WHERE position = :old"),
                    {"old": old, "new": new},
                )
            expected = min(position, other) if position != other else None
        else:
            expected = None

        found = fault(session)

        assert (None if found is None else found[0]) == expected


def test_the_database_itself_refuses_change_and_deletion(logged: Engine) -> None:
    for statement in (
        "UPDATE audit_entry SET account_id = 1 WHERE position = 2",
        "DELETE FROM audit_entry WHERE position = 2",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_head",
        *(["TRUNCATE audit_entry"] if logged.dialect.name == "postgresql" else []),
    ):
        with logged.connect() as connection, pytest.raises(DBAPIError):
            connection.execute(text(statement))
    with session_factory(logged)() as session:
        assert walk(session).broken is None


def test_what_ends_in_an_error_leaves_no_entry(logged: Engine) -> None:
    with session_factory(logged)() as session:
        with pytest.raises(ZeroDivisionError):
            fail_after_adding(session)
        assert walk(session).entries == LENGTH


def fail_after_adding(session: Session) -> None:
    with unit_of_work(session):
        append(session, [entry(50)])
        raise ZeroDivisionError


def test_retention_takes_the_oldest_away_and_the_rest_still_stands(logged: Engine) -> None:
    with owner_with_triggers(logged) as session:
        gone = forget_before(session, START + timedelta(hours=5))

        found = walk(session)
        assert gone == 4
        assert (found.broken, found.entries, found.first_position) == (None, LENGTH - 4, 5)
        assert session.scalar(select(func.min(AuditEntry.__table__.c.position))) == 5
        append(session, [entry(60)])
        assert walk(session).entries == LENGTH - 3
        assert forget_before(session, START) == 0

        assert forget_before(session, START + timedelta(days=90)) == LENGTH - 3
        assert (walk(session).broken, walk(session).entries) == (None, 0)
        append(session, [entry(61)])
        assert (walk(session).broken, walk(session).last_position) == (None, LENGTH + 2)


@contextmanager
def owner_with_triggers(engine: Engine) -> Iterator[Session]:
    with engine.connect() as connection:
        transaction = connection.begin()
        with session_factory(engine)(bind=connection) as session:
            yield session
        transaction.rollback()


def test_nothing_is_added_to_a_log_whose_head_was_changed(logged: Engine) -> None:
    with owner(logged) as session:
        session.execute(text("UPDATE audit_head SET last_position = 9"))
        with pytest.raises(LogRefused):
            append(session, [entry(70)])
    with owner(logged) as session:
        session.execute(text("DELETE FROM audit_head"))
        with pytest.raises(LogRefused):
            append(session, [entry(70)])


def test_a_head_that_was_noted_is_found_again_and_a_log_put_back_is_not(logged: Engine) -> None:
    with owner(logged) as session:
        noted = audit_trail.read_head(walk(session).head)
        append(session, [entry(80), entry(81)])
        later = audit_trail.read_head(walk(session).head)
        assert walk(session, noted).broken is None
        assert walk(session, later).broken is None

    with owner(logged) as session:
        assert walk(session, later).broken == audit_trail.Broken(LENGTH + 1, Fault.END_CUT_OFF)
        other = noted._replace(last_hash="0" * 64)
        broken = walk(session, other).broken
        assert broken is not None
        assert (broken.position, broken.fault) == (LENGTH, Fault.NOT_AS_EXPECTED)
        other = noted._replace(last_position=3)
        broken = walk(session, other).broken
        assert broken is not None
        assert (broken.position, broken.fault) == (3, Fault.NOT_AS_EXPECTED)


@pytest.mark.parametrize("head", ["", "12", "x:" + "0" * 64, "12:" + "0" * 63])
def test_what_is_no_head_is_refused(head: str) -> None:
    with pytest.raises(ValueError, match="position:hash"):
        audit_trail.read_head(head)


def test_a_database_that_nobody_used_has_an_empty_log_that_stands(database_url: str) -> None:
    engine = make_engine(database_url)
    with session_factory(engine)() as session:
        found = walk(session)
    engine.dispose()

    assert (found.entries, found.broken) == (0, None)


def test_writers_side_by_side_leave_no_gap(database_url: str) -> None:
    engine = make_engine(database_url)
    begin = Barrier(4)

    def write(first: int) -> None:
        begin.wait()
        with session_factory(engine)() as session:
            for number in range(5):
                with unit_of_work(session):
                    append(session, [entry(first + number), entry(first + number)])

    threads = [Thread(target=write, args=(10 * number,)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with session_factory(engine)() as session:
        found = walk(session)
    engine.dispose()

    assert (found.entries, found.broken) == (40, None)
