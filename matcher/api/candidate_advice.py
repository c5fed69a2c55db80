"""Advice on a kept candidate: assessments, matches, trajectory and what-if."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from matcher.api.blueprint import KEY, creates
from matcher.api.candidates import ADVISERS, STAFF, Answer, blp
from matcher.api.schemas.assessments import AssessmentList, KeptAssessment
from matcher.api.schemas.candidate_advice import (
    AssessmentQuery,
    AssessmentRun,
    MatchQuery,
    OnQuery,
    WhatIfRequest,
)
from matcher.api.schemas.matches import MatchList
from matcher.api.schemas.plans import Trajectory, WhatIf
from matcher.domain.access import Viewer
from matcher.domain.errors import NotFound
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import current_language
from matcher.http.permissions import requires
from matcher.models.states import AdviceKind
from matcher.repositories.records import AdviceRecord
from matcher.services import assessments
from matcher.services.visibility import Kind, Stage, show


@blp.get(f"/<{KEY}:candidate_id>/assessments")
@requires(*STAFF)
@blp.arguments(AssessmentQuery, location="query")
@blp.response(200, AssessmentList)
def list_assessments(query: Mapping[str, Any], candidate_id: int) -> dict[str, Any]:
    """Assessments of a candidate, latest first

    `latestOnly` gives the latest alone; the list is empty before the first.
    """
    viewer = the_viewer()
    if query["latest_only"]:
        latest = assessments.latest_assessment(current_session(), viewer, candidate_id)
        found = [] if latest is None else [latest]
    else:
        found = assessments.list_assessments(current_session(), viewer, candidate_id)
    return {"items": [_assessment(record, viewer) for record in found]}


@blp.post(f"/<{KEY}:candidate_id>/assessments")
@requires(*ADVISERS)
@creates
@blp.arguments(AssessmentRun)
@blp.response(201, KeptAssessment)
def run_assessment(body: Mapping[str, Any], candidate_id: int) -> Answer:
    """Assess a candidate

    Kept with the version of the rules and a hash of what went in; while nothing changed the
    latest one is given again.
    """
    viewer = the_viewer()
    record = assessments.assess_candidate(
        current_session(),
        viewer,
        candidate_id,
        on=body["on"] or today(),
        now=now(),
        language=current_language(),
    )
    location = url_for(
        "api-candidates.get_assessment", candidate_id=candidate_id, assessment_id=record.id
    )
    return _assessment(record, viewer), 201, {"Location": location}


@blp.get(f"/<{KEY}:candidate_id>/assessments/<{KEY}:assessment_id>")
@requires(*STAFF)
@blp.response(200, KeptAssessment)
def get_assessment(candidate_id: int, assessment_id: int) -> dict[str, Any]:
    """One assessment, as it was given at the time"""
    viewer = the_viewer()
    record = assessments.get_advice(current_session(), viewer, assessment_id)
    if record.kind is not AdviceKind.ASSESSMENT or record.candidate_id != candidate_id:
        raise NotFound("assessment")
    return _assessment(record, viewer)


@blp.get(f"/<{KEY}:candidate_id>/matches")
@requires(*STAFF)
@blp.arguments(MatchQuery, location="query")
@blp.response(200, MatchList)
def list_matches(query: Mapping[str, Any], candidate_id: int) -> dict[str, Any]:
    """Open vacancies of the region for a candidate, best fit first

    Empty while the candidate is paused. The list is kept with what went in, so that it can be
    explained later.
    """
    viewer = the_viewer()
    record = assessments.match_candidate(
        current_session(),
        viewer,
        candidate_id,
        on=query["on"] or today(),
        now=now(),
        language=current_language(),
        top=query["top"],
        include_blocked=query["all"],
    )
    rows = [show(Kind.MATCH, row, viewer.rights, Stage.OWN) for row in record.result]
    head = show(Kind.MATCH, _head(record), viewer.rights, Stage.OWN)
    return {**head, "items": rows}


@blp.get(f"/<{KEY}:candidate_id>/trajectory")
@requires(*STAFF)
@blp.arguments(OnQuery, location="query")
@blp.response(200, Trajectory)
@blp.alt_response(409, "CONFLICT")
def get_trajectory(query: Mapping[str, Any], candidate_id: int) -> dict[str, Any]:
    """The plan that opens the best place soonest

    Never a dead end: without a place within the horizon it says so, with a day to look again.
    While somebody is paused there is no plan: that is a 409.
    """
    viewer = the_viewer()
    record = assessments.plan_candidate(
        current_session(),
        viewer,
        candidate_id,
        on=query["on"] or today(),
        now=now(),
        language=current_language(),
    )
    row = {**record.result, **_head(record), "candidate_id": record.candidate_id}
    return show(Kind.PLAN, row, viewer.rights, Stage.OWN)


@blp.post(f"/<{KEY}:candidate_id>/what-if")
@requires(*ADVISERS)
@blp.arguments(WhatIfRequest)
@blp.response(200, WhatIf)
def try_what_if(body: Mapping[str, Any], candidate_id: int) -> dict[str, Any]:
    """What changes and programmes would open

    Nothing of it is kept.
    """
    viewer = the_viewer()
    found = assessments.what_if_candidate(
        current_session(),
        viewer,
        candidate_id,
        body["changes"],
        body["programmes"],
        on=body["on"] or today(),
        language=current_language(),
    )
    shown = {
        name: show(Kind.ASSESSMENT, found[name], viewer.rights, Stage.OWN)
        for name in ("before", "after")
    }
    return {**found, **shown}


def _head(record: AdviceRecord) -> dict[str, Any]:
    return {
        "on": record.on,
        "rules_version": record.rules_version,
        "input_hash": record.input_hash,
    }


def _assessment(record: AdviceRecord, viewer: Viewer) -> dict[str, Any]:
    row = {
        **record.result,
        **_head(record),
        "id": record.id,
        "candidate_id": record.candidate_id,
        "candidate_version": record.candidate_version,
        "created_at": record.created_at,
    }
    return show(Kind.ASSESSMENT, row, viewer.rights, Stage.OWN)
