"""Candidates: the list, one of them, and changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from matcher.api.blueprint import KEY, Resource, creates, versioned
from matcher.api.schemas.candidates import (
    Candidate,
    CandidateChange,
    CandidateCreate,
    CandidatePage,
    CandidateQuery,
)
from matcher.domain.access import Right, Viewer
from matcher.domain.errors import InvalidInput, Problem
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.etag import etag_of, expected_version
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.models.states import CandidateStatus
from matcher.repositories.records import CandidateRecord
from matcher.services import candidates
from matcher.services.visibility import Kind, Stage, show

blp = Resource(
    "candidates",
    __name__,
    description="People who look for a place, and the advice on what to do first.",
)

STAFF = (Right.COACH, Right.LEAD, Right.TRIAGER, Right.SERVICE_POINT)
ADVISERS = (Right.COACH, Right.LEAD, Right.TRIAGER)
"""Who may read and ask for advice on a person."""
FILERS = (Right.COACH, Right.LEAD)
"""Who may enter, close and take up again."""

Answer = tuple[dict[str, Any], int, dict[str, str]]


@blp.get("")
@requires(*STAFF)
@blp.arguments(CandidateQuery, location="query")
@blp.response(200, CandidatePage)
def list_candidates(query: Mapping[str, Any]) -> dict[str, Any]:
    """Candidates in reach, longest waiting first

    There is no order and no filter by readiness.
    """
    viewer = the_viewer()
    if query["reference"] is not None:
        found = candidates.find_candidate(current_session(), viewer, query["reference"])
        return {
            "items": [] if found is None else [shown(found, viewer)],
            "next_cursor": None,
        }
    page = candidates.list_candidates(
        current_session(),
        viewer,
        caseload=query["caseload"],
        status=None if query["status"] == "any" else query["status"],
        lane=query["lane"],
        cursor=query["cursor"],
        limit=query["limit"],
    )
    return {
        "items": [shown(record, viewer) for record in page.items],
        "next_cursor": page.next_cursor,
    }


@blp.post("")
@requires(*FILERS)
@creates
@versioned
@blp.arguments(CandidateCreate)
@blp.response(201, Candidate)
def create_candidate(values: Mapping[str, Any]) -> Answer:
    """File a candidate in the region of the account

    Everything may be left out; what is left out is unknown. The maker becomes owner if a coach.
    """
    viewer = the_viewer()
    record = candidates.create_candidate(current_session(), viewer, values, now=now())
    headers = {
        "ETag": etag_of(record.version),
        "Location": url_for("api-candidates.get_candidate", candidate_id=record.id),
    }
    return shown(record, viewer), 201, headers


@blp.get(f"/<{KEY}:candidate_id>")
@requires(*STAFF)
@versioned
@blp.response(200, Candidate)
def get_candidate(candidate_id: int) -> Answer:
    """One candidate"""
    viewer = the_viewer()
    record = candidates.get_candidate(current_session(), viewer, candidate_id)
    return shown(record, viewer), 200, {"ETag": etag_of(record.version)}


@blp.patch(f"/<{KEY}:candidate_id>")
@requires(*ADVISERS)
@versioned
@blp.arguments(CandidateChange)
@blp.response(200, Candidate)
def change_candidate(values: dict[str, Any], candidate_id: int) -> Answer:
    """Change a candidate

    Only what is sent changes; null makes unknown again. A status is sent on its own.
    """
    viewer = the_viewer()
    version = expected_version()
    if "status" in values or "closed_code" in values:
        record = _change_status(viewer, candidate_id, values, version)
    else:
        record = candidates.update_candidate(
            current_session(),
            viewer,
            candidate_id,
            values,
            expected_version=version,
            now=now(),
        )
    return shown(record, viewer), 200, {"ETag": etag_of(record.version)}


def _change_status(
    viewer: Viewer, candidate_id: int, values: Mapping[str, Any], version: int
) -> CandidateRecord:
    status, code = values.get("status"), values.get("closed_code")
    problems = [
        Problem(name, "goes with no status; send a change of status on its own")
        for name in values
        if name not in ("status", "closed_code")
    ]
    if status == CandidateStatus.CLOSED and code is None:
        problems.append(Problem("closed_code", "is required to close"))
    if status != CandidateStatus.CLOSED and code is not None:
        problems.append(Problem("closed_code", "goes with status closed only"))
    if problems:
        raise InvalidInput(problems)
    session = current_session()
    if status == CandidateStatus.CLOSED:
        return candidates.close_candidate(
            session, viewer, candidate_id, str(code), expected_version=version, now=now()
        )
    return candidates.reopen_candidate(
        session, viewer, candidate_id, expected_version=version, now=now()
    )


def shown(record: CandidateRecord, viewer: Viewer) -> dict[str, Any]:
    """What `viewer` may see of a candidate."""
    return show(Kind.CANDIDATE, record.as_mapping(), viewer.rights, Stage.OWN)
