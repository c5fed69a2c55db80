"""The weekly allocation of a region: asking for a scenario, reading it, deciding about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request, url_for

from matcher.api.blueprint import KEY, Resource, creates
from matcher.api.jobs import shown as shown_job
from matcher.api.schemas.jobs import Job
from matcher.api.schemas.paging import PageQuery
from matcher.api.schemas.weekly import (
    Pair,
    PairCreate,
    PairList,
    Proposal,
    ProposalDecide,
    ProposalPage,
    ProposalQuery,
    Scenario,
    ScenarioCreate,
    ScenarioPage,
)
from matcher.domain.access import Viewer
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.etag import etag_of
from matcher.http.idempotency import HEADER
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.models.states import ProposalState
from matcher.repositories.weekly import AllocationRecord, Sort
from matcher.repositories.weekly_choices import PairRecord
from matcher.repositories.weekly_lines import LineRecord
from matcher.services import jobs, weekly_choices, weekly_decisions, weekly_views
from matcher.services.visibility import Kind, Stage, show
from matcher.services.weekly import ALLOCATE_REGION, CENTRE
from matcher.services.weekly_decisions import ACCEPT
from matcher.services.weekly_views import PROPOSALS, READERS

blp = Resource(
    "allocations",
    __name__,
    description="Who could start where, as proposals; a person decides and the candidate says yes.",
)
pairs = Resource(
    "pair-choices",
    __name__,
    description="Pairs that people keep together or apart before the next allocation.",
)
RESOURCES = (blp, pairs)

_ONE = f"/<{KEY}:allocation_id>"


@blp.get("")
@requires(*READERS)
@blp.arguments(PageQuery, location="query")
@blp.response(200, ScenarioPage)
def list_allocations(query: Mapping[str, Any]) -> dict[str, Any]:
    """Allocations of your region, the newest first

    The last few stand side by side; older ones stay only as long as somebody decided in them.
    """
    viewer = the_viewer()
    page = weekly_views.list_allocations(
        current_session(), viewer, cursor=query["cursor"], limit=query["limit"]
    )
    return {
        "items": [_scenario(record, viewer) for record in page.items],
        "next_cursor": page.next_cursor,
    }


@blp.post("")
@requires(*CENTRE)
@creates
@blp.arguments(ScenarioCreate)
@blp.response(201, Job)
def make_allocation(body: Mapping[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Ask for another allocation

    The answer is the job that makes it: follow it at `Location`. One at a time in a region; 409
    while another is under way.
    """
    viewer = the_viewer()
    record = jobs.submit(
        current_session(),
        viewer,
        ALLOCATE_REGION,
        {"floor": body["floor"]},
        now=now(),
        idempotency_key=request.headers.get(HEADER),
    )
    address = url_for("api-jobs.get_job", job_id=record.id)
    headers = {"ETag": etag_of(record.version), "Location": address}
    return shown_job(record, viewer), 201, headers


@blp.get(_ONE)
@requires(*READERS)
@blp.response(200, Scenario)
def get_allocation(allocation_id: int) -> dict[str, Any]:
    """One allocation with its figures"""
    viewer = the_viewer()
    record = weekly_views.get_allocation(current_session(), viewer, allocation_id)
    return _scenario(record, viewer)


@blp.get(f"{_ONE}/proposals")
@requires(*CENTRE)
@blp.arguments(ProposalQuery, location="query")
@blp.response(200, ProposalPage)
def list_proposals(query: Mapping[str, Any], allocation_id: int) -> dict[str, Any]:
    """The lines of an allocation

    In the order in which people came, never in one of who is furthest.
    """
    viewer = the_viewer()
    page = weekly_views.list_lines(
        current_session(),
        viewer,
        allocation_id,
        sorts=PROPOSALS if query["sort"] is None else (Sort(query["sort"]),),
        state=None if query["state"] is None else ProposalState(query["state"]),
        cursor=query["cursor"],
        limit=query["limit"],
    )
    return {
        "items": [_proposal(line, viewer) for line in page.items],
        "next_cursor": page.next_cursor,
    }


@blp.post(f"{_ONE}/decisions")
@requires(*CENTRE)
@creates
@blp.arguments(ProposalDecide)
@blp.response(201, Proposal)
def decide_proposal(body: Mapping[str, Any], allocation_id: int) -> dict[str, Any]:
    """Accept a proposal or decide otherwise

    Accepting invites the candidate, or offers the seat: nobody is placed by it. 409 when the state
    forbids it by now, or somebody decided before.
    """
    viewer, session = the_viewer(), current_session()
    line = body["proposal_id"]
    if body["decision"] == ACCEPT:
        made = weekly_decisions.accept(session, viewer, allocation_id, line, now=now())
    else:
        made = weekly_decisions.depart(
            session, viewer, allocation_id, line, body["decision"], now=now()
        )
    return _proposal(made, viewer)


@pairs.get("")
@requires(*CENTRE)
@pairs.response(200, PairList)
def list_pair_choices() -> dict[str, Any]:
    """The pairs that count in the next allocation"""
    viewer = the_viewer()
    found = weekly_choices.list_pairs(current_session(), viewer)
    return {"items": [_pair(record, viewer) for record in found]}


@pairs.post("")
@requires(*CENTRE)
@creates
@pairs.arguments(PairCreate)
@pairs.response(201, Pair)
def choose_pair(body: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a candidate and a vacancy together, or apart

    What stood about the pair before ends. A lock that cannot be kept is told, not forced.
    """
    viewer = the_viewer()
    record = weekly_choices.decide_pair(current_session(), viewer, **body, now=now())
    return _pair(record, viewer)


def _scenario(record: AllocationRecord, viewer: Viewer) -> dict[str, Any]:
    found = show(Kind.SCENARIO, record.as_mapping(), viewer.rights, Stage.OWN)
    return {**found, **found["choice"]}


def _proposal(line: LineRecord, viewer: Viewer) -> dict[str, Any]:
    return show(Kind.PROPOSAL, line.as_mapping(), viewer.rights, Stage.OWN)


def _pair(record: PairRecord, viewer: Viewer) -> dict[str, Any]:
    return show(Kind.PAIR_CHOICE, record.as_mapping(), viewer.rights, Stage.OWN)
