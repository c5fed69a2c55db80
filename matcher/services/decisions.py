"""What a person decided after a suggestion."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models.states import *  # noqa: F403
from matcher.repositories.records import *  # noqa: F403


def record_decision(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    *,
    subject: str,
    suggested: str | None,
    chosen: str,
    reason: str,
    text: str | None = None,
    facts_checked: Sequence[str] = (),
    assessment_id: int | None = None,
    now: datetime,
) -> DecisionRecord:
    """`accepted` is chosen == suggested. Text (20 characters) is needed for lane other_route and for undoing a colleague's decision only."""
    raise NotImplementedError


def list_decisions(session: Session, viewer: Viewer, candidate_id: int) -> list[DecisionRecord]:
    raise NotImplementedError


def latest_decision(
    session: Session, viewer: Viewer, candidate_id: int, subject: str
) -> DecisionRecord | None:
    raise NotImplementedError
