"""Files into the database: good rows in, bad rows reported, twice changes nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models.states import *  # noqa: F403
from matcher.repositories.records import *  # noqa: F403


def import_candidates(
    session: Session,
    viewer: Viewer,
    path: Path,
    *,
    file_format: str = "auto",
    dry_run: bool = False,
    now: datetime,
) -> ImportReport:
    raise NotImplementedError


def import_vacancies(
    session: Session,
    viewer: Viewer,
    path: Path,
    *,
    file_format: str = "auto",
    dry_run: bool = False,
    now: datetime,
) -> ImportReport:
    raise NotImplementedError


def import_programmes(
    session: Session,
    viewer: Viewer,
    path: Path,
    *,
    file_format: str = "auto",
    dry_run: bool = False,
    now: datetime,
) -> ImportReport:
    raise NotImplementedError


def import_places(
    session: Session, path: Path, *, dry_run: bool = False, now: datetime
) -> ImportReport:
    raise NotImplementedError
