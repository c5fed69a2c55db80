"""Jobs: asking for work that takes long, following it, stopping it, and its result."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import request, url_for

from matcher.api.blueprint import KEY, Resource, creates, versioned
from matcher.api.schemas.jobs import (
    Job,
    JobChange,
    JobCreate,
    JobMatchPage,
    JobPage,
    JobPlacePage,
    JobQuery,
)
from matcher.api.schemas.paging import PageQuery
from matcher.domain.access import STAFF, Right, Viewer
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.etag import etag_of, expected_version
from matcher.http.idempotency import HEADER
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.repositories.jobs import JobRecord
from matcher.repositories.region_matches import Line
from matcher.services import jobs, region_matches
from matcher.services.job_kinds import ASKERS, KINDS
from matcher.services.visibility import Kind, Stage, show

blp = Resource("jobs", __name__, description="Work that takes longer than a request.")

READERS = (*STAFF, Right.OFFICER, Right.ANALYST)
MATCHERS = region_matches.MATCH_REGION.rights
_ONE = f"/<{KEY}:job_id>"

Answer = tuple[dict[str, Any], int, dict[str, str]]


@blp.get("")
@requires(*READERS)
@blp.arguments(JobQuery, location="query")
@blp.response(200, JobPage)
def list_jobs(query: Mapping[str, Any]) -> dict[str, Any]:
    """Jobs that you asked for, the newest first

    A team lead reaches those of the whole region.
    """
    viewer = the_viewer()
    page = jobs.list_jobs(
        current_session(), viewer, kind=query["kind"], cursor=query["cursor"], limit=query["limit"]
    )
    return {
        "items": [shown(record, viewer) for record in page.items],
        "next_cursor": page.next_cursor,
    }


@blp.post("")
@requires(*ASKERS)
@creates
@versioned
@blp.arguments(JobCreate)
@blp.response(201, Job)
def submit_job(body: Mapping[str, Any]) -> Answer:
    """Ask for a job

    It waits until a worker takes it up: follow it at `Location`. One of a kind at a time in a
    region; 409 while another is under way.
    """
    viewer = the_viewer()
    record = jobs.submit(
        current_session(),
        viewer,
        KINDS[body["kind"]],
        body["arguments"],
        now=now(),
        idempotency_key=request.headers.get(HEADER),
    )
    address = url_for("api-jobs.get_job", job_id=record.id)
    return shown(record, viewer), 201, {"ETag": etag_of(record.version), "Location": address}


@blp.get(_ONE)
@requires(*READERS)
@versioned
@blp.response(200, Job)
def get_job(job_id: int) -> Answer:
    """One job and how far it is

    Its `ETag` changes with every step, so asking with `If-None-Match` costs next to nothing.
    """
    viewer = the_viewer()
    record = jobs.get_job(current_session(), viewer, job_id)
    return shown(record, viewer), 200, {"ETag": etag_of(record.version)}


@blp.patch(_ONE)
@requires(*READERS)
@versioned
@blp.arguments(JobChange)
@blp.response(200, Job)
def stop_job(_body: Mapping[str, Any], job_id: int) -> Answer:
    """Stop a job

    At once when nobody works on it, else after the part at hand. What it wrote is taken back and
    the result of the job before it stays. That it got further meanwhile is no reason for a 412.
    """
    viewer = the_viewer()
    record = jobs.cancel(
        current_session(), viewer, job_id, KINDS, now=now(), expected_version=expected_version()
    )
    return shown(record, viewer), 200, {"ETag": etag_of(record.version)}


@blp.get(f"{_ONE}/matches")
@requires(*MATCHERS)
@blp.arguments(PageQuery, location="query")
@blp.response(200, JobMatchPage)
def list_job_matches(query: Mapping[str, Any], job_id: int) -> dict[str, Any]:
    """The best places of everybody, of a `match_region` that is done

    By candidate and rank. Empty once a later job took its place.
    """
    viewer = the_viewer()
    page = region_matches.list_matches(
        current_session(), viewer, job_id, cursor=query["cursor"], limit=query["limit"]
    )
    return {
        "items": [
            show(Kind.REGION_MATCH, _match(line), viewer.rights, Stage.OWN) for line in page.items
        ],
        "next_cursor": page.next_cursor,
    }


@blp.get(f"{_ONE}/places")
@requires(*MATCHERS)
@blp.arguments(PageQuery, location="query")
@blp.response(200, JobPlacePage)
def list_job_places(query: Mapping[str, Any], job_id: int) -> dict[str, Any]:
    """How many people fit each vacancy, of a `match_region` that is done

    Vacancies that nobody fits come first.
    """
    viewer = the_viewer()
    page = region_matches.list_places(
        current_session(), viewer, job_id, cursor=query["cursor"], limit=query["limit"]
    )
    return {
        "items": [
            show(Kind.REGION_PLACE, line.as_mapping(), viewer.rights, Stage.OWN)
            for line in page.items
        ],
        "next_cursor": page.next_cursor,
    }


def shown(record: JobRecord, viewer: Viewer) -> dict[str, Any]:
    """What `viewer` may see of a job; of its result the counts, the rest has addresses."""
    found = show(Kind.JOB, record.as_mapping(), viewer.rights, Stage.OWN)
    return {**found, "result": counts_of(record)} if "result" in found else found


def counts_of(record: JobRecord) -> dict[str, Any] | None:
    """The plain values of a result."""
    if record.result is None:
        return None
    return {
        name: value for name, value in record.result.items() if not isinstance(value, list | dict)
    }


def _match(line: Line) -> dict[str, Any]:
    return {
        "candidate_id": line.candidate_id,
        "candidate": line.candidate,
        "vacancy_id": line.vacancy_id,
        "vacancy": line.vacancy,
        "rank": line.rank,
        "fit": Decimal(line.fit) / 100,
    }
