"""Who was erased: by keyed hashes, in the database and in a file beside the data keys.

The file is outside the database, so that a restore of an older backup finds there whom it must
not bring back. A hash names nobody without the key; see ``matcher.models.keyring``.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.models import Tombstone
from matcher.models.keyring import Keyring, keyring_of

USE: Final = "tombstone"
FILE_KIND: Final = "tombstones"
_CHUNK: Final = 400


def hash_of(key: bytes, region: str, reference: str) -> str:
    """What stands for somebody under one key."""
    return hmac.new(key, f"{region}\0{reference}".encode(), hashlib.sha256).hexdigest()


def hashes_of(ring: Keyring, region: str, reference: str) -> tuple[str, ...]:
    """What stands for somebody under every key that there is."""
    return tuple(hash_of(key, region, reference) for key in ring.derived_keys(USE))


def erased_among(session: Session, region: str, references: Iterable[str]) -> set[str]:
    """Those of `references` in `region` that were erased."""
    if session.scalar(select(Tombstone.id).limit(1)) is None:
        return set()
    keys = keyring_of(session).derived_keys(USE)
    by_hash = {
        hash_of(key, region, reference): reference for reference in references for key in keys
    }
    found: set[str] = set()
    wanted = list(by_hash)
    for start in range(0, len(wanted), _CHUNK):
        statement = select(Tombstone.subject_hash).where(
            Tombstone.subject_hash.in_(wanted[start : start + _CHUNK])
        )
        found |= {by_hash[kept] for kept in session.scalars(statement)}
    return found


def is_erased(session: Session, region: str, reference: str) -> bool:
    """Whether the candidate with that reference was erased."""
    return reference in erased_among(session, region, [reference])


def keep(session: Session, region: str, reference: str, *, now: datetime) -> Tombstone:
    """The tombstone of somebody, made when there is none; the file is `write_out`'s."""
    ring = keyring_of(session)
    statement = select(Tombstone).where(
        Tombstone.subject_hash.in_(hashes_of(ring, region, reference))
    )
    found = session.scalar(statement)
    if found is None:
        found = Tombstone(
            subject_hash=hash_of(ring.derived_key(USE), region, reference), erased_at=now
        )
        session.add(found)
        session.flush()
    return found


def write_out(session: Session) -> int:
    """Adds to the file what the database has and the file has not; returns how many."""
    path = keyring_of(session).beside(FILE_KIND)
    if path is None:
        return 0
    known = read_file(path)
    rows = session.execute(select(Tombstone.subject_hash, Tombstone.erased_at)).all()
    missing = {row.subject_hash: row.erased_at for row in rows if row.subject_hash not in known}
    if missing:
        append(path, missing)
    return len(missing)


def append(path: Path, tombstones: Mapping[str, datetime]) -> None:
    """Writes tombstones at the end of a file that its owner alone can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.writelines(f"{kept} {at.isoformat()}\n" for kept, at in tombstones.items())
        stream.flush()
        os.fsync(stream.fileno())


def read_file(path: Path) -> dict[str, datetime]:
    """The tombstones of a file; a line that was cut off by a crash is left out."""
    found: dict[str, datetime] = {}
    if not path.exists():
        return found
    for line in path.read_text(encoding="ascii").splitlines():
        kept, _, at = line.partition(" ")
        if len(kept) == hashlib.sha256().digest_size * 2:
            try:
                found[kept] = datetime.fromisoformat(at)
            except ValueError:
                continue
    return found
