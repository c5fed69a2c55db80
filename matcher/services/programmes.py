"""Programmes and arrangements of a region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models.states import *  # noqa: F403
from matcher.repositories.records import *  # noqa: F403


def list_programmes(
    session: Session,
    viewer: Viewer,
    *,
    active_only: bool = True,
    cursor: str | None = None,
    limit: int = 100,
) -> Page[ProgrammeRecord]:
    raise NotImplementedError


def get_programme(session: Session, viewer: Viewer, programme_id: int) -> ProgrammeRecord:
    raise NotImplementedError


def create_programme(
    session: Session, viewer: Viewer, values: Mapping[str, Any], *, now: datetime
) -> ProgrammeRecord:
    raise NotImplementedError


def update_programme(
    session: Session,
    viewer: Viewer,
    programme_id: int,
    values: Mapping[str, Any],
    *,
    expected_version: int,
    now: datetime,
) -> ProgrammeRecord:
    raise NotImplementedError


def list_arrangements(session: Session, viewer: Viewer) -> list[ArrangementRecord]:
    raise NotImplementedError


def create_arrangement(
    session: Session,
    viewer: Viewer,
    *,
    name: str,
    sectors: Sequence[str],
    target: int | None,
    starts_on: date | None,
    until: date | None,
    now: datetime,
) -> ArrangementRecord:
    raise NotImplementedError
