"""Postcode centroids that were imported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.models import ImportRun, Place
from matcher.models.states import ImportKind
from matcher.repositories.content import hash_of
from matcher.repositories.scope import unscoped


def points(session: Session) -> dict[int, tuple[float, float]]:
    """Latitude and longitude by postcode."""
    rows = session.execute(select(Place.pc4, Place.latitude, Place.longitude))
    return {row.pc4: (row.latitude, row.longitude) for row in rows}


def by_pc4(session: Session) -> dict[int, Place]:
    """Every imported place."""
    return {row.pc4: row for row in session.scalars(select(Place))}


def version(session: Session) -> str:
    """Stands for the content of the table: it changes with every file that was imported."""
    # Places belong to no region; which files they came from is nobody's secret.
    statement = (
        select(ImportRun.file_hash)
        .where(ImportRun.kind == ImportKind.PLACES)
        .order_by(ImportRun.id)
    )
    return hash_of(list(session.scalars(unscoped(statement, ImportRun))))


def fill(row: Place, values: Mapping[str, Any]) -> bool:
    """Sets `values` on `row`; whether anything is different now."""
    changed = False
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    return changed
