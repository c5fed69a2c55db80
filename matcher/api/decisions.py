"""Decisions of people about a candidate, after a suggestion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matcher.api.blueprint import KEY, creates
from matcher.api.candidates import ADVISERS, blp
from matcher.api.schemas.decisions import Decision, DecisionCreate, DecisionList
from matcher.domain.access import Viewer
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.repositories.records import DecisionRecord
from matcher.services import decisions
from matcher.services.visibility import Kind, Stage, show


@blp.get(f"/<{KEY}:candidate_id>/decisions")
@requires(*ADVISERS)
@blp.response(200, DecisionList)
def list_decisions(candidate_id: int) -> dict[str, Any]:
    """Decisions about a candidate"""
    viewer = the_viewer()
    found = decisions.list_decisions(current_session(), viewer, candidate_id)
    return {"items": [_shown(record, viewer) for record in found]}


@blp.post(f"/<{KEY}:candidate_id>/decisions")
@requires(*ADVISERS)
@creates
@blp.arguments(DecisionCreate)
@blp.response(201, Decision)
def record_decision(body: Mapping[str, Any], candidate_id: int) -> dict[str, Any]:
    """Accept a suggestion or depart from it

    Both ask for one reason. A decision never changes; a later one stands beside it. Another route
    also asks who receives the person, and when.
    """
    viewer = the_viewer()
    record = decisions.record_decision(
        current_session(),
        viewer,
        candidate_id,
        subject=body["subject"],
        suggested=body["suggested"],
        chosen=body["chosen"],
        reason=body["reason"],
        text=body["text"],
        facts_checked=body["facts_checked"] or (),
        assessment_id=body["assessment_id"],
        receiver=body["receiver"],
        appointment_on=body["appointment_on"],
        now=now(),
    )
    return _shown(record, viewer)


def _shown(record: DecisionRecord, viewer: Viewer) -> dict[str, Any]:
    return show(Kind.DECISION, record.as_mapping(), viewer.rights, Stage.OWN)
