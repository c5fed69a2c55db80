"""The schema of a database: bring it up or down, and say whether it is what the models expect."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.sql.schema import SchemaItem
from sqlalchemy.types import TypeEngine

from matcher.models.keyring import keyring_of
from matcher.models.wall import open_connection

MIGRATIONS = Path(__file__).parent.parent / "migrations"


@dataclass(frozen=True, slots=True)
class SchemaState:
    """What `check` found: the revision of the database, the newest one, and what differs."""

    current: str | None
    head: str
    differences: tuple[str, ...]

    @property
    def is_current(self) -> bool:
        """Whether the database is at the newest revision and equals the models."""
        return self.current == self.head and not self.differences


def upgrade(engine: Engine, revision: str = "head") -> str | None:
    """Brings the schema up to `revision`, all of it or nothing; returns where it now stands."""
    with migrating(engine) as connection:
        upgrade_on(connection, revision)
    return current_revision(engine)


def downgrade(engine: Engine, revision: str) -> str | None:
    """Brings the schema down to `revision` (``base`` is an empty database)."""
    with migrating(engine) as connection:
        downgrade_on(connection, revision)
    return current_revision(engine)


def upgrade_on(connection: Connection, revision: str = "head") -> None:
    """Likewise within the transaction of `connection`, which `migrating` gave."""
    command.upgrade(_config(connection), revision)


def downgrade_on(connection: Connection, revision: str) -> None:
    """Likewise within the transaction of `connection`, which `migrating` gave."""
    command.downgrade(_config(connection), revision)


def revision_on(connection: Connection) -> str | None:
    """The revision as `connection` sees it; None for an empty database."""
    return MigrationContext.configure(connection).get_current_revision()


def is_known(revision: str) -> bool:
    """Whether this version of the program has a migration of that name."""
    found = ScriptDirectory.from_config(_config()).walk_revisions()
    return any(script.revision == revision for script in found)


def current_revision(engine: Engine) -> str | None:
    """The revision that the database stands at; None for an empty one."""
    with engine.connect() as connection:
        return revision_on(connection)


def head_revision() -> str:
    """The newest revision that this version of the program knows."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise RuntimeError("the package holds no migrations")
    return head


def check(engine: Engine) -> SchemaState:
    """Compares the database with the newest revision and with the models."""
    # Imported late: the models use nothing of this module, but their package does.
    from matcher.models import Base

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=comparison_options())
        current = context.get_current_revision()
        differences = tuple(str(found) for found in compare_metadata(context, Base.metadata))
    return SchemaState(current, head_revision(), differences)


def comparison_options() -> dict[str, Any]:
    """How models and database are compared, by `check` and when a new migration is drafted."""
    return {"compare_type": _differs, "include_object": _is_ours}


def _is_ours(
    _item: SchemaItem, name: str | None, kind: str, _reflected: bool, _other: object
) -> bool:
    return not (kind == "table" and name == "alembic_version")


def _differs(
    _context: MigrationContext,
    _inspected: object,
    _column: object,
    found: TypeEngine[Any],
    wanted: TypeEngine[Any],
) -> bool | None:
    # A set of codes is TEXT to the database; only the storage underneath can be compared.
    storage = getattr(wanted, "impl_instance", wanted)
    if storage is wanted:
        return None
    return found._type_affinity is not storage._type_affinity


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    # A step that seals what was plain needs the keys; it gets them from here, because a migration
    # uses nothing of a program that may change later.
    config.attributes["keyring"] = None if connection is None else keyring_of(connection)
    return config


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """One transaction around all steps; SQLite's foreign keys rest and are checked at the end.

    SQLite changes a table by building a new one and dropping the old, which with foreign keys on
    would delete the rows that refer to it. The setting only works outside a transaction, hence
    on the driver's connection before the first statement.
    """
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        is_sqlite = engine.dialect.name == "sqlite"
        if is_sqlite:
            driver.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                # A step that changes rows reaches all of them, whoever owns the tables.
                open_connection(connection, "migration")
                yield connection
                if is_sqlite:
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                    if broken is not None:
                        raise RuntimeError(f"the migration left {broken[0]} without its parent")
        finally:
            if is_sqlite:
                driver.execute("PRAGMA foreign_keys = ON")
                # What a step sealed must not stay plain in the log of writes.
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
