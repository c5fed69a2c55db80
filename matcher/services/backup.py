"""Backup and restore: the whole database in one file, the same for both kinds of database.

The file is a zip with one text file a table (a row a line, as JSON) and a manifest with the schema
revision, the number of rows and the SHA-256 of each table. It is a moment's picture: what is
written meanwhile is not in it. It holds personal data and is readable by its owner only.

Sealed columns stay sealed in it. Where the data keys stand in a file, the manifest carries them, so
that the backup can be read when all else is lost; keys from the environment never get into it.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import (
    Connection,
    Date,
    DateTime,
    Engine,
    Integer,
    MetaData,
    Table,
    Time,
    func,
    insert,
    select,
    text,
)

from matcher.domain.errors import Conflict, InvalidInput, Problem
from matcher.models import migrate
from matcher.models.keyring import DataKey, Keyring, keyring_of, number_in
from matcher.models.wall import open_connection
from matcher.repositories import tombstones as tombstone_rows
from matcher.services.data_keys import sealed_uses
from matcher.services.erased_rows import LONG_AGO, TOMBSTONES, Erased

FORMAT = "matcher-backup-1"
MANIFEST = "manifest.json"
_VERSION_TABLE = "alembic_version"
_PEOPLE = ("candidate", "candidate_account")
_ROWS_AT_ONCE = 500
_BYTES_AT_ONCE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds: rows by table, the schema revision, and the SHA-256 of the file."""

    path: Path
    revision: str
    rows: Mapping[str, int]
    sha256: str
    keys_needed: tuple[str, ...]
    """Numbers of the data keys that its rows are sealed with."""
    carries_keys: bool
    """Whether it brings them along."""
    erased: int = 0
    """People whom a restore left out because they were erased since."""


def backup(engine: Engine, target: Path, *, now: datetime) -> BackupReport:
    """Writes the whole database to `target`, which appears when it is complete.

    Conflict when the database has no tables yet.
    """
    unfinished = target.with_name(f"{target.name}.part")
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        open_connection(connection, "backup")
        revision = migrate.revision_on(connection)
        if revision is None:
            raise Conflict("the database is empty; there is nothing to back up")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                manifest = _write(connection, file, revision, now)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(target)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
    return _report(target, manifest)


def _report(path: Path, manifest: Mapping[str, Any]) -> BackupReport:
    return BackupReport(
        path=path,
        revision=manifest["revision"],
        rows={name: entry["rows"] for name, entry in manifest["tables"].items()},
        sha256=_file_hash(path),
        keys_needed=tuple(manifest.get("sealed_with", ())),
        carries_keys=bool(manifest.get("data_keys")),
    )


def _write(connection: Connection, file: BinaryIO, revision: str, now: datetime) -> dict[str, Any]:
    tables: dict[str, dict[str, Any]] = {}
    uses = sealed_uses()
    numbers: set[str] = set()
    ring = keyring_of(connection)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        for table in _tables(connection):
            count, digest = 0, hashlib.sha256()
            with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as lines:
                for row in _rows(connection, table):
                    numbers.update(_key_numbers(row, uses.get(table.name, ())))
                    line = json.dumps(row, ensure_ascii=False, default=_plain).encode() + b"\n"
                    digest.update(line)
                    lines.write(line)
                    count += 1
            tables[table.name] = {"rows": count, "sha256": digest.hexdigest()}
        manifest = {
            "format": FORMAT,
            "created_at": now.astimezone(UTC).isoformat(),
            "revision": revision,
            "sealed_with": sorted(numbers),
            "data_keys": [] if ring.is_given else [key.text for key in ring.keys],
            "tables": tables,
        }
        archive.writestr(MANIFEST, json.dumps(manifest, indent=2))
    return manifest


def _key_numbers(row: Mapping[str, Any], sealed: Iterable[str]) -> Iterator[str]:
    for name in sealed:
        number = number_in(row[name]) if isinstance(row.get(name), str) else None
        if number is not None:
            yield number


def _tables(connection: Connection) -> list[Table]:
    """The tables as they are, parents before children; not as this program would have them."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != _VERSION_TABLE]


def _rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    ordered = select(table).order_by(*table.primary_key.columns)
    # On the statement: on the connection the option would stay for all that comes after.
    found = connection.execute(ordered.execution_options(yield_per=_ROWS_AT_ONCE))
    for row in found.mappings():
        yield dict(row)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        # SQLite keeps moments without a time zone, and always in UTC.
        moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return moment.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be backed up")


def restore(
    engine: Engine, source: Path, *, force: bool = False, tombstones: Path | None = None
) -> BackupReport:
    """Puts a backup back, from either kind of database into either, all of it or nothing.

    The schema is brought to that of the backup first and to the newest afterwards. InvalidInput
    for a file that is damaged or of a newer program; Conflict for a database that holds rows,
    unless `force`: then they are gone. Whoever was erased does not come back: tombstones are
    taken from the backup, from the database that is given up, from the file beside the keys, and
    from the file `tombstones` of another installation.
    """
    with _opened(source) as archive:
        manifest = _checked(archive, source)
        _take_keys(keyring_of(engine), manifest, source)
        revision = manifest["revision"]
        if not migrate.is_known(revision):
            raise _bad(source, "comes from a newer version of the program; update this one first")
        with migrate.migrating(engine) as connection:
            if not force and _holds_rows(connection):
                raise Conflict("the database holds rows; --force gives them up for the backup")
            gone = Erased(keyring_of(engine))
            gone.learn(_known_tombstones(connection, archive, manifest, tombstones))
            if migrate.revision_on(connection) is not None:
                migrate.downgrade_on(connection, "base")
            migrate.upgrade_on(connection, revision)
            gone.find(*(_all_lines(archive, manifest, name) for name in _PEOPLE))
            _read(connection, archive, manifest, gone)
            migrate.upgrade_on(connection)
            gone.write_down(connection)
    return replace(_report(source, manifest), erased=gone.people)


def _take_keys(ring: Keyring, manifest: Mapping[str, Any], source: Path) -> None:
    """Puts the keys of a backup behind those that are here; refuses what nobody could read."""
    if not ring.is_given:
        ring.add(*map(DataKey.from_text, manifest.get("data_keys", ())), seals=False)
    missing = set(manifest.get("sealed_with", ())) - {key.number for key in ring.keys}
    if missing:
        numbers = ", ".join(sorted(missing))
        why = (
            f"is sealed with data key {numbers}, which is not here; put that key behind the others "
            "in MATCHER_DATA_KEY"
            if ring.is_given
            else f"is sealed with data key {numbers}, which it does not bring along; give it in "
            "MATCHER_DATA_KEY"
        )
        raise _bad(source, why)


_UNREADABLE = (OSError, EOFError, zipfile.BadZipFile, zlib.error)


def _opened(source: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source)
    except FileNotFoundError:
        raise _bad(source, "does not exist; check the path") from None
    except (OSError, zipfile.BadZipFile):
        raise _bad(source, "is no backup, or a damaged one") from None


def _bad(source: Path, why: str) -> InvalidInput:
    return InvalidInput([Problem(source.name, why)])


def _checked(archive: zipfile.ZipFile, source: Path) -> dict[str, Any]:
    """The manifest, after every table was found whole; nothing is touched before that."""
    try:
        manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
        if manifest["format"] != FORMAT:
            raise _bad(source, f"is not in the format {FORMAT}")
        names = {f"{name}.jsonl" for name in manifest["tables"]} | {MANIFEST}
        if names != set(archive.namelist()):
            raise _bad(source, "does not hold the tables that its manifest names")
        for name, entry in manifest["tables"].items():
            with archive.open(f"{name}.jsonl") as lines:
                digest = hashlib.sha256()
                while part := lines.read(_BYTES_AT_ONCE):
                    digest.update(part)
            if digest.hexdigest() != entry["sha256"]:
                raise _bad(source, f"is damaged: the checksum of {name} is wrong")
    except (*_UNREADABLE, KeyError, ValueError, TypeError, AttributeError) as error:
        raise _bad(source, "is no backup, or a damaged one") from error
    return manifest


def _holds_rows(connection: Connection) -> bool:
    return any(
        connection.execute(select(table).limit(1)).first() is not None
        for table in _tables(connection)
    )


def _all_lines(
    archive: zipfile.ZipFile, manifest: Mapping[str, Any], name: str
) -> Iterator[dict[str, Any]]:
    if name in manifest["tables"]:
        for chunk in _lines(archive, name):
            yield from chunk


def _known_tombstones(
    connection: Connection,
    archive: zipfile.ZipFile,
    manifest: Mapping[str, Any],
    file: Path | None,
) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for table in _tables(connection):
        if table.name == TOMBSTONES:
            for row in _rows(connection, table):
                found[row["subject_hash"]] = _moment(_plain(row["erased_at"])) or LONG_AGO
    for row in _all_lines(archive, manifest, TOMBSTONES):
        found[row["subject_hash"]] = _moment(row["erased_at"]) or LONG_AGO
    for path in (keyring_of(connection).beside(tombstone_rows.FILE_KIND), file):
        if path is not None:
            found |= tombstone_rows.read_file(path)
    return found


def _read(
    connection: Connection, archive: zipfile.ZipFile, manifest: Mapping[str, Any], gone: Erased
) -> None:
    for table in _tables(connection):
        if table.name not in manifest["tables"]:
            continue
        readers = _readers(table, connection.dialect.name)
        for chunk in _lines(archive, table.name):
            values = [
                {name: readers.get(name, _same)(value) for name, value in row.items()}
                for row in gone.without(table, chunk)
            ]
            if values:
                connection.execute(insert(table), values)
        _count_on(connection, table)


def _lines(archive: zipfile.ZipFile, name: str) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    with archive.open(f"{name}.jsonl") as lines:
        for line in lines:
            chunk.append(json.loads(line))
            if len(chunk) == _ROWS_AT_ONCE:
                yield chunk
                chunk = []
    if chunk:
        yield chunk


def _same(value: Any) -> Any:
    return value


def _readers(table: Table, dialect: str) -> dict[str, Callable[[Any], Any]]:
    """How the text of each column becomes a value again; other columns are JSON's own."""
    found: dict[str, Callable[[Any], Any]] = {}
    for column in table.columns:
        if isinstance(column.type, DateTime):
            found[column.name] = _naive_moment if dialect == "sqlite" else _moment
        elif isinstance(column.type, Date):
            found[column.name] = _maybe(date.fromisoformat)
        elif isinstance(column.type, Time):
            found[column.name] = _maybe(time.fromisoformat)
    return found


def _maybe(read: Callable[[str], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value)


def _moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _naive_moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=None)


def _count_on(connection: Connection, table: Table) -> None:
    """On PostgreSQL, lets the next row get a number after those that came with the backup."""
    if connection.dialect.name != "postgresql" or "id" not in table.c:
        return
    if not isinstance(table.c.id.type, Integer):
        return
    highest = connection.scalar(select(func.max(table.c.id)))
    if highest is not None:
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :highest)"),
            {"name": table.name, "highest": highest},
        )


def _file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
