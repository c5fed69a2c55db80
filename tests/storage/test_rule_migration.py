"""The step that adds versions of rules leaves accounts and the triggers of their ledgers whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from matcher.models import migrate
from matcher.models.database import make_engine

BEFORE, AFTER = "0026", "0027"
FILLED = (
    (
        "INSERT INTO organisation (id, version, region, name, created_at, updated_at)"
        " VALUES (1, 1, 'demo', 'Firm', '2027-01-01', '2027-01-01')"
    ),
    (
        "INSERT INTO contract (id, version, region, reference, organisation_id, kind, value_cents,"
        " start_on, end_on, created_at, updated_at) VALUES (1, 1, 'demo', 'O-1', 1, 'works', 5,"
        " '2027-01-01', '2027-12-31', '2027-01-01', '2027-01-01')"
    ),
    (
        "INSERT INTO ledger_entry (id, region, contract_id, part, rule, cents, is_contra, source,"
        " is_example, arithmetic, given, \"on\", rules_version, posted_at) VALUES (1, 'demo', 1,"
        " 'obligation', 'obligation', 5, FALSE, 's', FALSE, 'a', '{}', '2027-01-01', 'v',"
        " '2027-01-01')"
    ),
)


@pytest.fixture
def older(database_url: str) -> Iterator[Engine]:
    """A database of the revision before, with one account in it."""
    engine = make_engine(database_url)
    migrate.downgrade(engine, "base")
    migrate.upgrade(engine, BEFORE)
    with engine.begin() as connection:
        open_everything(engine, connection)
        for statement in FILLED:
            connection.execute(text(statement))
    yield engine
    engine.dispose()


def open_everything(engine: Engine, connection: object) -> None:
    """Lets the owner of a database with row-level security reach everything."""
    if engine.dialect.name == "postgresql":
        connection.execute(text("SELECT set_config('matcher.open', '*', true)"))  # type: ignore[attr-defined]


def kept(engine: Engine) -> list[tuple[object, ...]]:
    with engine.begin() as connection:
        open_everything(engine, connection)
        found = connection.execute(
            text(
                "SELECT contract.reference, contract.value_cents, ledger_entry.cents FROM contract"
                " JOIN ledger_entry ON ledger_entry.contract_id = contract.id"
            )
        )
        return [tuple(row) for row in found]


def done(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        open_everything(engine, connection)
        connection.execute(text(statement))


@pytest.mark.parametrize("there_and_back", [False, True])
def test_accounts_and_their_triggers_survive_the_step_up_and_down(
    older: Engine, there_and_back: bool
) -> None:
    assert kept(older) == [("O-1", 5, 5)]
    migrate.upgrade(older, AFTER)
    if there_and_back:
        migrate.downgrade(older, BEFORE)

    assert kept(older) == [("O-1", 5, 5)]
    for statement in ("UPDATE ledger_entry SET cents = 6", "DELETE FROM ledger_entry"):
        with pytest.raises(DBAPIError):
            done(older, statement)
    assert kept(older) == [("O-1", 5, 5)]
