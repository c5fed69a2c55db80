"""Rows out of the database, through the visibility table."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models.states import *  # noqa: F403
from matcher.repositories.records import *  # noqa: F403


def export_candidates(session: Session, viewer: Viewer) -> list[dict[str, Any]]:
    """Profiles as mappings with only the fields that `viewer` may see."""
    raise NotImplementedError


def export_vacancies(session: Session, viewer: Viewer) -> list[dict[str, Any]]:
    raise NotImplementedError
