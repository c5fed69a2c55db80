"""Candidates: create, change, find, pause, close."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models.states import *  # noqa: F403
from matcher.repositories.records import *  # noqa: F403


def create_candidate(
    session: Session, viewer: Viewer, values: Mapping[str, Any], *, now: datetime
) -> CandidateRecord:
    """`values` by field name of CandidateProfile plus first_name, contact_kind, contact_value; without `reference` one is drawn. The maker becomes owner when a coach."""
    raise NotImplementedError


def update_candidate(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    values: Mapping[str, Any],
    *,
    expected_version: int,
    now: datetime,
) -> CandidateRecord:
    """Changes the fields named in `values` (None = unknown). Raises Stale, NotFound, InvalidInput, Forbidden."""
    raise NotImplementedError


def get_candidate(session: Session, viewer: Viewer, candidate_id: int) -> CandidateRecord:
    raise NotImplementedError


def find_candidate(session: Session, viewer: Viewer, reference: str) -> CandidateRecord | None:
    raise NotImplementedError


def list_candidates(
    session: Session,
    viewer: Viewer,
    *,
    caseload: str = "own",
    status: str | None = "active",
    lane: str | None = None,
    search: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[CandidateRecord]:
    """`caseload` own|region; own only narrows for coaches; in order of waiting time."""
    raise NotImplementedError


def pause_candidate(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    until: date | None,
    *,
    expected_version: int,
    now: datetime,
) -> CandidateRecord:
    raise NotImplementedError


def close_candidate(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    code: str,
    *,
    expected_version: int,
    now: datetime,
) -> CandidateRecord:
    raise NotImplementedError


def reopen_candidate(
    session: Session, viewer: Viewer, candidate_id: int, *, expected_version: int, now: datetime
) -> CandidateRecord:
    raise NotImplementedError


def mark_not_reached(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    *,
    reached: bool = False,
    expected_version: int,
    now: datetime,
) -> CandidateRecord:
    """One more attempt without contact (at most 3), or back to 0 when `reached`."""
    raise NotImplementedError


def add_commitment(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    *,
    hours_a_week: float,
    until: date | None,
    now: datetime,
) -> CommitmentRecord:
    raise NotImplementedError


def list_commitments(session: Session, viewer: Viewer, candidate_id: int) -> list[CommitmentRecord]:
    raise NotImplementedError


def remove_commitment(session: Session, viewer: Viewer, commitment_id: int) -> None:
    raise NotImplementedError
