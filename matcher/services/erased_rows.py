"""What a restore leaves out: every row of somebody who was erased since the backup was made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Table, insert, select

from matcher.models import Tombstone
from matcher.models.keyring import Keyring
from matcher.repositories.tombstones import USE, hash_of

Row = dict[str, Any]
TOMBSTONES: Final = Tombstone.__tablename__
LONG_AGO: Final = datetime(2017, 6, 2, tzinfo=UTC)
"""For a tombstone whose day is not known any more."""
_PEOPLE: Final = "candidate"
_BY_REFERENCE: Final = (_PEOPLE, "candidate_audit")
_ANSWERS: Final = "idempotency_record"


class Erased:
    """The tombstones that are known, and the rows that were left out so far."""

    def __init__(self, ring: Keyring) -> None:
        self._keys = ring.derived_keys(USE)
        self._tombstones: dict[str, datetime] = {}
        self._left_out: defaultdict[str, set[Any]] = defaultdict(set)

    @property
    def people(self) -> int:
        """How many people were left out."""
        return len(self._left_out[_PEOPLE])

    def learn(self, tombstones: Mapping[str, datetime]) -> None:
        """Adds tombstones by their hash."""
        self._tombstones |= tombstones

    def find(self, people: Iterable[Row], accounts: Iterable[Row]) -> None:
        """Notes who is left out, and their own accounts: accounts are restored before people."""
        if not self._tombstones:
            return
        self._left_out[_PEOPLE].update(row["id"] for row in people if self._is_erased(row))
        self._left_out["account"].update(
            row["account_id"] for row in accounts if row["candidate_id"] in self._left_out[_PEOPLE]
        )

    def _is_erased(self, row: Row) -> bool:
        return any(
            hash_of(key, row["region"], row["reference"]) in self._tombstones for key in self._keys
        )

    def without(self, table: Table, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows of `table` that come back; parents have to be asked before their children."""
        if not self._tombstones:
            yield from rows
            return
        for row in rows:
            if self._stays_out(table, row):
                if "id" in row:
                    self._left_out[table.name].add(row["id"])
            else:
                yield row

    def _stays_out(self, table: Table, row: Row) -> bool:
        if table.name in _BY_REFERENCE and self._is_erased(row):
            return True
        if table.name == _ANSWERS:
            # Kept answers hold whatever their caller saw; a repeated request is carried out again.
            return self.people > 0
        if row.get("id") in self._left_out[table.name]:
            return True
        for key in table.foreign_keys:
            parent, name = key.column.table.name, key.parent.name
            if row.get(name) not in self._left_out[parent]:
                continue
            if parent != _PEOPLE and key.ondelete == "SET NULL":
                row[name] = None
            else:
                return True
        return False

    def write_down(self, connection: Connection) -> None:
        """Puts every tombstone that is known into the restored database."""
        kept = set(connection.scalars(select(Tombstone.subject_hash)))
        missing = [
            {"subject_hash": subject, "erased_at": at}
            for subject, at in self._tombstones.items()
            if subject not in kept
        ]
        if missing:
            connection.execute(insert(Tombstone), missing)
