"""Intake drafts: a card saved half-way, resumed on any device, applied to the profile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models.states import *  # noqa: F403
from matcher.repositories.records import *  # noqa: F403


def save_draft(
    session: Session,
    viewer: Viewer,
    *,
    card: str,
    answers: Mapping[str, Any],
    candidate_id: int | None = None,
    draft_id: int | None = None,
    now: datetime,
) -> DraftRecord:
    """One draft a candidate and card; without candidate (a quick start of somebody new) one per `draft_id`."""
    raise NotImplementedError


def get_draft(session: Session, viewer: Viewer, draft_id: int) -> DraftRecord:
    raise NotImplementedError


def find_draft(
    session: Session, viewer: Viewer, candidate_id: int, card: str
) -> DraftRecord | None:
    raise NotImplementedError


def list_drafts(
    session: Session, viewer: Viewer, *, candidate_id: int | None = None
) -> list[DraftRecord]:
    """Drafts of one candidate, or all of one's own caseload."""
    raise NotImplementedError


def finish_draft(
    session: Session,
    viewer: Viewer,
    draft_id: int,
    values: Mapping[str, Any],
    *,
    expected_version: int | None = None,
    now: datetime,
) -> CandidateRecord:
    """Applies typed `values` to the candidate (creates one if the draft has none) and removes the draft, in one transaction."""
    raise NotImplementedError


def discard_draft(session: Session, viewer: Viewer, draft_id: int) -> None:
    raise NotImplementedError
