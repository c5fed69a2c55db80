"""Kept advice and the snapshots of what it was computed on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models import Assessment, InputSnapshot, MatchList, Plan
from matcher.models.advice import Advice
from matcher.models.states import AdviceKind
from matcher.repositories.recording import note_read_of
from matcher.repositories.records import AdviceRecord
from matcher.repositories.scope import numbered, scoped

A = TypeVar("A", bound=Advice)

TABLES: Mapping[AdviceKind, type[Any]] = {
    AdviceKind.ASSESSMENT: Assessment,
    AdviceKind.MATCHES: MatchList,
    AdviceKind.PLAN: Plan,
}
_INSERT: Mapping[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
_CHUNK = 500
"""Fewer parameters than either database allows in one statement."""


def to_record(kind: AdviceKind, row: Advice) -> AdviceRecord:
    """The row as a frozen value."""
    return AdviceRecord(
        id=row.id,
        kind=kind,
        candidate_id=row.candidate_id,
        candidate_version=row.candidate_version,
        region=row.region,
        on=row.on,
        language=row.language,
        lane=row.lane if isinstance(row, Assessment) else None,
        rules_slug=row.rules_slug,
        rules_version=row.rules_version,
        input_hash=row.input_hash,
        result=row.result,
        created_at=row.created_at,
    )


def find(session: Session, viewer: Viewer, kind: AdviceKind, advice_id: int) -> Any | None:
    """One kept advice in reach; reading it is reading the person."""
    table = TABLES[kind]
    statement = scoped(select(table).where(numbered(table, advice_id)), viewer, table)
    return _noted(session, viewer, session.scalar(statement))


def find_assessment(session: Session, viewer: Viewer, assessment_id: int) -> Assessment | None:
    """One kept assessment in reach; reading it is reading the person."""
    statement = select(Assessment).where(numbered(Assessment, assessment_id))
    return _noted(session, viewer, session.scalar(scoped(statement, viewer, Assessment)))


def _noted(session: Session, viewer: Viewer, row: A | None) -> A | None:
    if row is not None:
        note_read_of(session, viewer, row.candidate_id, row.region)
    return row


def find_same(
    session: Session, viewer: Viewer, kind: AdviceKind, candidate_id: int, input_hash: str
) -> Any | None:
    """The newest advice on exactly the same input."""
    table = TABLES[kind]
    statement = (
        select(table)
        .where(table.candidate_id == candidate_id, table.input_hash == input_hash)
        .order_by(table.id.desc())
        .limit(1)
    )
    return session.scalar(scoped(statement, viewer, table))


def list_rows(
    session: Session, viewer: Viewer, kind: AdviceKind, candidate_id: int, limit: int
) -> list[Any]:
    """Kept advice of one candidate, newest first."""
    table = TABLES[kind]
    statement = select(table).where(table.candidate_id == candidate_id)
    return list(
        session.scalars(scoped(statement, viewer, table).order_by(table.id.desc()).limit(limit))
    )


def latest_assessments(
    session: Session, viewer: Viewer, candidate_ids: Iterable[int]
) -> dict[int, Assessment]:
    """The newest assessment of each candidate that has one, by candidate."""
    found: dict[int, Assessment] = {}
    wanted = list(candidate_ids)
    for start in range(0, len(wanted), _CHUNK):
        newest = scoped(
            select(func.max(Assessment.id))
            .where(Assessment.candidate_id.in_(wanted[start : start + _CHUNK]))
            .group_by(Assessment.candidate_id),
            viewer,
            Assessment,
        )
        statement = scoped(select(Assessment).where(Assessment.id.in_(newest)), viewer, Assessment)
        found |= {row.candidate_id: row for row in session.scalars(statement)}
    return found


def missing_hashes(session: Session, hashes: Iterable[str]) -> set[str]:
    """Those of `hashes` of which no snapshot is kept yet."""
    wanted = list(dict.fromkeys(hashes))
    missing = set(wanted)
    for start in range(0, len(wanted), _CHUNK):
        statement = select(InputSnapshot.hash).where(
            InputSnapshot.hash.in_(wanted[start : start + _CHUNK])
        )
        missing -= set(session.scalars(statement))
    return missing


def keep(session: Session, kind: str, contents: Mapping[str, Any], *, now: datetime) -> None:
    """Keeps each content under its hash, once, also when somebody else does so meanwhile."""
    insert = _INSERT[session.get_bind().dialect.name]
    rows = [
        {"hash": key, "kind": kind, "content": contents[key], "created_at": now}
        for key in sorted(missing_hashes(session, contents))
    ]
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        session.execute(insert(InputSnapshot).values(chunk).on_conflict_do_nothing())


def content(session: Session, key: str) -> Any:
    """The content under a hash; KeyError when it is not kept."""
    row = session.get(InputSnapshot, key)
    if row is None:
        raise KeyError(key)
    return row.content


def contents(session: Session, keys: Sequence[str]) -> list[Any]:
    """The contents under many hashes, in their order."""
    found: dict[str, Any] = {}
    for start in range(0, len(keys), _CHUNK):
        statement = select(InputSnapshot.hash, InputSnapshot.content).where(
            InputSnapshot.hash.in_(keys[start : start + _CHUNK])
        )
        found |= {row.hash: row.content for row in session.execute(statement)}
    return [found[key] for key in keys]
