"""A new data key: what was sealed under an older one is sealed again under the newest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import (
    Connection,
    Engine,
    TableClause,
    and_,
    column,
    not_,
    or_,
    select,
    table,
    update,
)

from matcher.models.database import WRITES
from matcher.models.keyring import DataKey, Keyring, keyring_of
from matcher.models.sealing import sealed_columns
from matcher.models.wall import open_connection

_ROWS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class RotationReport:
    """The number of the key that seals now, and how many rows of each table were sealed anew."""

    key: str
    rows: Mapping[str, int]


def rotate_key(engine: Engine) -> RotationReport:
    """Makes a key in the file of keys and seals every row with it.

    Where the keys come from the environment, the first of them is taken: put the new one in front
    and restart every process before. Older keys stay, for backups and what is derived from them.
    A block of rows is one transaction: stopped half-way it goes on where it was.
    """
    ring = keyring_of(engine)
    if not ring.is_given:
        ring.add(DataKey.new(), seals=True)
    rows = {}
    for name, uses in sealed_uses().items():
        rows[name] = sum(_resealed(engine, ring, name, uses))
    return RotationReport(ring.keys[0].number, rows)


def sealed_uses() -> dict[str, dict[str, str]]:
    """What each sealed column is sealed for, by table and column."""
    found: dict[str, dict[str, str]] = {}
    for name, sealed, use in sealed_columns():
        found.setdefault(name, {})[sealed] = use
    return found


def _resealed(engine: Engine, ring: Keyring, name: str, uses: Mapping[str, str]) -> Iterator[int]:
    # As plain text: through the models the value would be opened and sealed on the way.
    rows = table(name, column("id"), *(column(sealed) for sealed in uses))
    last: int | None = 0
    while last is not None:
        writing = engine.connect().execution_options(**{WRITES: True})
        with writing as connection, connection.begin():
            open_connection(connection, "a new data key")
            last, count = _block(connection, ring, rows, uses, last)
        yield count


def _block(
    connection: Connection, ring: Keyring, rows: TableClause, uses: Mapping[str, str], last: int
) -> tuple[int | None, int]:
    newest = ring.sealed_under(ring.keys[0])
    old = or_(*(not_(rows.c[sealed].startswith(newest)) for sealed in uses))
    statement = select(rows).where(rows.c.id > last, old).order_by(rows.c.id).limit(_ROWS_AT_ONCE)
    found = connection.execute(statement).mappings().all()
    for row in found:
        held = {sealed: row[sealed] for sealed in uses if row[sealed] is not None}
        anew = {
            sealed: ring.seal(ring.open(text, uses[sealed]), uses[sealed])
            for sealed, text in held.items()
        }
        # Somebody may have saved the row meanwhile: theirs stands, under whichever key.
        unchanged = (rows.c[sealed] == text for sealed, text in held.items())
        same = and_(rows.c.id == row["id"], *unchanged)
        connection.execute(update(rows).where(same).values(anew))
    return (found[-1]["id"] if found else None), len(found)
