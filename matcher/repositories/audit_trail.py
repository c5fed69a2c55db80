"""The chain of the log: adding to it, walking it, and letting its oldest part go.

Each entry carries a keyed hash over all its columns and over the hash of the one before. The head
says where the chain begins and ends, each under a seal of its own. So whoever owns the database
but not the key can change, swap, insert or cut off nothing that `walk` does not find. A whole log
put back to an earlier moment, head included, is seen by comparing with a head noted elsewhere. The
key is derived from the oldest one on the ring of ``matcher.models.keyring``.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple, cast

from sqlalchemy import Row, Table, delete, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matcher.models import Account, AuditEntry, AuditHead
from matcher.models.keyring import keyring_of
from matcher.models.types import canonical_json
from matcher.models.wall import whole_database

ENTRIES = cast("Table", AuditEntry.__table__)
HEAD = cast("Table", AuditHead.__table__)
GENESIS = "0" * 64
"""What the first entry of all follows on."""

_USE = "audit"
_WHY = "the log is one chain over all regions"
_HEAD_ID = 1
_SEAL_LENGTH = 32
_ROWS_AT_ONCE = 1000
_INSERT: Mapping[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
_COLUMNS = tuple(column.name for column in ENTRIES.columns)


class LogRefused(RuntimeError):
    """The head of the log is not as it was left: nothing more may be added until somebody looks.

    Adding on would seal the damage in, and nobody could find it any more.
    """


class Head(NamedTuple):
    """Where the chain begins and ends."""

    first_position: int
    before_first_hash: str
    last_position: int
    last_hash: str


class Fault(StrEnum):
    """What can be wrong with an entry."""

    MISSING = "missing"
    CHANGED = "changed"
    OUT_OF_ORDER = "out of order"
    EXTRA = "added without the key"
    START_CUT_OFF = "start cut off"
    END_CUT_OFF = "end cut off"
    OTHER_KEY = "both ends of the log are sealed with a key that is not here"
    NO_HEAD = "the whole log is gone"
    NOT_AS_EXPECTED = "not the entry that was noted"


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry that is not as it was written; one that is gone has no `entry_id`."""

    position: int
    fault: Fault
    entry_id: int | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """What a walk along the chain found; `broken` is None when all of it stands."""

    entries: int
    first_position: int
    last_position: int
    last_hash: str
    broken: Broken | None = None

    @property
    def head(self) -> str:
        """The end of the chain as text, to be noted elsewhere: ``position:hash``."""
        return f"{self.last_position}:{self.last_hash}"


def append(session: Session, entries: Sequence[Mapping[str, Any]]) -> None:
    """Adds `entries` (columns without position and hashes) within the caller's transaction.

    Writers queue for the head: SQLite has one writer at a time, PostgreSQL locks the row until the
    transaction ends. LogRefused when the head is not as the last writer left it.
    """
    if entries:
        with whole_database(session, _WHY, AuditEntry):
            _append(session, entries)


def _append(session: Session, entries: Sequence[Mapping[str, Any]]) -> None:
    key, head = _locked_head(session)
    position, previous = head.last_position, head.last_hash
    rows = []
    for entry in entries:
        position += 1
        row = {**entry, "id": position, "position": position, "previous_hash": previous}
        previous = _entry_hash(key, row)
        rows.append({**row, "entry_hash": previous})
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        session.execute(insert(ENTRIES), rows[start : start + _ROWS_AT_ONCE])
    _keep_head(session, key, head._replace(last_position=position, last_hash=previous))


def forget_before(session: Session, moment: datetime) -> int:
    """Takes the oldest entries out, up to the first that is of `moment` or later; how many.

    The head moves first; only then does the database let them go.
    """
    with whole_database(session, _WHY, AuditEntry):
        return _forget_before(session, moment)


def _forget_before(session: Session, moment: datetime) -> int:
    key, head = _locked_head(session)
    staying = session.scalar(
        select(func.min(ENTRIES.c.position)).where(
            ENTRIES.c.at >= literal(moment, ENTRIES.c.at.type)
        )
    )
    first = head.last_position + 1 if staying is None else staying
    if first <= head.first_position:
        return 0
    before = session.scalar(select(ENTRIES.c.entry_hash).where(ENTRIES.c.position == first - 1))
    if before is None:
        raise LogRefused("the log is broken, so nothing of it is let go")
    _keep_head(session, key, head._replace(first_position=first, before_first_hash=before))
    session.execute(delete(ENTRIES).where(ENTRIES.c.position < first))
    return first - head.first_position


def current_head(session: Session) -> Head | None:
    """The head as it stands, unchecked; None before the first entry."""
    row = session.execute(_head_statement()).first()
    return None if row is None else Head(*row[:4])


def walk(session: Session, expected: Head | None = None) -> Walk:
    """Goes along the whole chain, in constant memory, to the first entry that is not right.

    `expected` is a head that was noted earlier: its entry must still stand there.
    """
    with whole_database(session, _WHY, AuditEntry):
        return _walk(session, expected)


def _walk(session: Session, expected: Head | None) -> Walk:
    # One statement, so that one moment is seen whatever is added meanwhile.
    joined = select(*HEAD.columns, *ENTRIES.columns).select_from(
        HEAD.outerjoin(ENTRIES, literal(True))
    )
    found = session.execute(
        joined.where(HEAD.c.id == _HEAD_ID).order_by(ENTRIES.c.position),
        execution_options={"yield_per": _ROWS_AT_ONCE},
    )
    check: _Check | None = None
    keys = keyring_of(session).derived_keys(_USE)
    for row in found:
        if check is None:
            check = _Check(keys, row, expected)
        if row._mapping[ENTRIES.c.id] is not None and check.finds_fault(row):
            found.close()
            break
    if check is None:
        return _without_head(session)
    return check.result()


def read_head(text: str) -> Head:
    """A head as `Walk.head` writes it; ValueError for any other text."""
    position, _, last_hash = text.strip().partition(":")
    if not position.isdigit() or len(last_hash) != len(GENESIS):
        raise ValueError("a head is written as position:hash")
    return Head(0, "", int(position), last_hash.lower())


class _Check:
    """One walk: what the next entry must be."""

    def __init__(self, keys: Sequence[bytes], row: Row[Any], expected: Head | None) -> None:
        values = row._mapping
        self._head = Head(*(values[HEAD.c[name]] for name in Head._fields))
        seal = values[HEAD.c.seal]
        start, end = seal[:_SEAL_LENGTH], seal[_SEAL_LENGTH:]
        # Of several keys, the one that sealed at least one end.
        known = [
            (key, start == _start_seal(key, self._head), end == _end_seal(key, self._head))
            for key in keys
        ]
        self._key, self._start_holds, self._end_holds = max(known, key=lambda each: each[1:])
        self._expected = expected
        self._next = self._head.first_position
        self._previous = self._head.before_first_hash
        self._broken: Broken | None = None
        self._begin()

    def _begin(self) -> None:
        if not (self._start_holds or self._end_holds):
            self._broken = Broken(self._next, Fault.OTHER_KEY)
        elif not self._start_holds:
            position = max(1, self._head.first_position - 1)
            self._broken = Broken(position, Fault.START_CUT_OFF)
        elif self._is_elsewhere(self._next - 1, self._previous):
            self._broken = Broken(self._next - 1, Fault.NOT_AS_EXPECTED)

    def _is_elsewhere(self, position: int, entry_hash: str) -> bool:
        noted = self._expected
        return (
            noted is not None and noted.last_position == position and noted.last_hash != entry_hash
        )

    def finds_fault(self, row: Row[Any]) -> bool:
        """Whether this entry, or one that should have come before it, is wrong."""
        if self._broken is not None:
            return True
        entry = {name: row._mapping[ENTRIES.c[name]] for name in _COLUMNS}
        self._broken = self._fault_of(entry)
        self._next += 1
        self._previous = entry["entry_hash"]
        return self._broken is not None

    def _fault_of(self, entry: Mapping[str, Any]) -> Broken | None:
        position = entry["position"]

        def broken(fault: Fault) -> Broken:
            return Broken(position, fault, entry["id"], entry["at"])

        if position > self._next:
            at_start = self._next == self._head.first_position
            return Broken(self._next, Fault.START_CUT_OFF if at_start else Fault.MISSING)
        if entry["entry_hash"] != _entry_hash(self._key, entry):
            moved = {**entry, "position": entry["id"]}
            was_elsewhere = entry["entry_hash"] == _entry_hash(self._key, moved)
            return broken(Fault.OUT_OF_ORDER if was_elsewhere else Fault.CHANGED)
        if position < self._next or (position > self._head.last_position and self._end_holds):
            return broken(Fault.EXTRA)
        if entry["previous_hash"] != self._previous:
            return broken(Fault.OUT_OF_ORDER)
        if self._is_elsewhere(position, entry["entry_hash"]):
            return broken(Fault.NOT_AS_EXPECTED)
        return None

    def result(self) -> Walk:
        """What the walk found, after its last entry."""
        head = self._head
        if self._broken is None:
            self._broken = self._fault_at_end()
        return Walk(
            entries=self._next - head.first_position,
            first_position=head.first_position,
            last_position=head.last_position,
            last_hash=head.last_hash,
            broken=self._broken,
        )

    def _fault_at_end(self) -> Broken | None:
        head, noted = self._head, self._expected
        if self._next <= head.last_position:
            is_empty = self._next == head.first_position
            return Broken(self._next, Fault.START_CUT_OFF if is_empty else Fault.END_CUT_OFF)
        if not self._end_holds or self._previous != head.last_hash:
            return Broken(self._next, Fault.END_CUT_OFF)
        if noted is not None and noted.last_position > head.last_position:
            return Broken(head.last_position + 1, Fault.END_CUT_OFF)
        return None


def _without_head(session: Session) -> Walk:
    """A log without a head is whole only in a database that nobody ever used."""
    entry = session.execute(select(ENTRIES.c.position).order_by(ENTRIES.c.position)).first()
    in_use = entry is not None or session.scalar(select(Account.id).limit(1)) is not None
    broken = Broken(1, Fault.NO_HEAD) if in_use else None
    return Walk(0, 1, 0, GENESIS, broken)


def _mac(key: bytes, kind: str, value: Any) -> str:
    text = f"{kind}:{canonical_json(value)}"
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _entry_hash(key: bytes, row: Mapping[str, Any]) -> str:
    return _mac(
        key, "entry", {name: _plain(row[name]) for name in _COLUMNS if name != "entry_hash"}
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, tuple):
        return list(value)
    return value


def _start_seal(key: bytes, head: Head) -> str:
    return _mac(key, "start", [head.first_position, head.before_first_hash])[:_SEAL_LENGTH]


def _end_seal(key: bytes, head: Head) -> str:
    return _mac(key, "end", [head.last_position, head.last_hash])[:_SEAL_LENGTH]


def _seal(key: bytes, head: Head) -> str:
    return _start_seal(key, head) + _end_seal(key, head)


def _head_statement() -> Any:
    columns: Iterable[Any] = (HEAD.c[name] for name in (*Head._fields, "seal"))
    return select(*columns).where(HEAD.c.id == _HEAD_ID)


def _locked_head(session: Session) -> tuple[bytes, Head]:
    """The key and the head, held until the transaction ends; made for the first entry of all."""
    row = session.execute(_head_statement().with_for_update()).first()
    if row is None:
        row = _opened_head(session)
    head = Head(*row[:4])
    for key in keyring_of(session).derived_keys(_USE):
        if hmac.compare_digest(row.seal, _seal(key, head)):
            return key, head
    raise LogRefused("the head of the log was changed, or its key is not here")


def _opened_head(session: Session) -> Row[Any]:
    if session.execute(select(ENTRIES.c.id).limit(1)).first() is not None:
        raise LogRefused("the log has entries and no head")
    head = Head(1, GENESIS, 0, GENESIS)
    new = _INSERT[session.get_bind().dialect.name](HEAD)
    seal = _seal(keyring_of(session).derived_key(_USE), head)
    # Somebody else may open it at this moment; whoever is second waits here and finds it.
    session.execute(
        new.values({"id": _HEAD_ID, **head._asdict(), "seal": seal}).on_conflict_do_nothing()
    )
    found: Row[Any] = session.execute(_head_statement().with_for_update()).one()
    return found


def _keep_head(session: Session, key: bytes, head: Head) -> None:
    session.execute(
        update(HEAD).where(HEAD.c.id == _HEAD_ID).values(**head._asdict(), seal=_seal(key, head))
    )
