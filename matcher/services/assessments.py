"""Advice on stored data: computed, kept, reused while nothing changed, replayed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models.states import *  # noqa: F403
from matcher.repositories.records import *  # noqa: F403


def assess_candidate(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    *,
    on: date,
    now: datetime,
    language: str = "nl",
) -> AdviceRecord:
    raise NotImplementedError


def match_candidate(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    *,
    on: date,
    now: datetime,
    language: str = "nl",
    top: int | None = None,
    include_blocked: bool = True,
) -> AdviceRecord:
    """`result` is the list of match rows against the region's open vacancies."""
    raise NotImplementedError


def plan_candidate(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    *,
    on: date,
    now: datetime,
    language: str = "nl",
) -> AdviceRecord:
    raise NotImplementedError


def what_if_candidate(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    changes: Mapping[str, Any],
    programmes: Sequence[str] = (),
    *,
    on: date,
    language: str = "nl",
) -> dict[str, Any]:
    """Nothing is kept."""
    raise NotImplementedError


def latest_assessment(session: Session, viewer: Viewer, candidate_id: int) -> AdviceRecord | None:
    raise NotImplementedError


def list_assessments(session: Session, viewer: Viewer, candidate_id: int) -> list[AdviceRecord]:
    raise NotImplementedError


def get_advice(session: Session, viewer: Viewer, advice_id: int) -> AdviceRecord:
    raise NotImplementedError


def replay(session: Session, viewer: Viewer, advice_id: int) -> Any:
    """Computes the kept advice again from its kept inputs and rules; equals `result`."""
    raise NotImplementedError


def assess_stale(
    session: Session,
    viewer: Viewer,
    *,
    on: date,
    now: datetime,
    language: str = "nl",
    limit: int | None = None,
) -> int:
    """Assesses everybody in reach without a current assessment; returns how many."""
    raise NotImplementedError
