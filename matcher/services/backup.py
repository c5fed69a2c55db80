"""Backup and restore of both databases, also from one kind into the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from matcher.models.states import *  # noqa: F403
from matcher.repositories.records import *  # noqa: F403


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds: rows by table, the schema revision, and the SHA-256 of the file."""

    path: Path
    revision: str
    rows: Mapping[str, int]
    sha256: str


def backup(engine: Engine, target: Path, *, now: datetime) -> BackupReport:
    raise NotImplementedError


def restore(engine: Engine, source: Path, *, force: bool = False) -> BackupReport:
    raise NotImplementedError
