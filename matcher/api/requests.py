"""Requests: what firms ask for, from a call in five fields to a place that is filled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from matcher.api.blueprint import Resource, creates, versioned
from matcher.api.schemas.requests import Request, RequestCreate, RequestPage, RequestQuery
from matcher.api.vacancies import Answer
from matcher.domain.access import Viewer
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.etag import etag_of
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.services import requests
from matcher.services.requests import READERS, RequestRecord
from matcher.services.visibility import Kind, show

blp = Resource(
    "requests",
    __name__,
    description="What contractors ask for: to be called, or a whole place, and how far it is.",
)


@blp.get("")
@requires(*READERS)
@blp.arguments(RequestQuery, location="query")
@blp.response(200, RequestPage)
def list_requests(query: Mapping[str, Any]) -> dict[str, Any]:
    """Requests in reach: calls first, then places

    A contractor reaches the own ones, staff who call contractors those of their region.
    """
    viewer = the_viewer()
    page = requests.list_requests(
        current_session(),
        viewer,
        kind=query["kind"],
        state=query["state"],
        cursor=query["cursor"],
        limit=query["limit"],
    )
    return {
        "items": [_shown(record, viewer) for record in page.items],
        "next_cursor": page.next_cursor,
    }


@blp.post("")
@requires(*READERS)
@creates
@versioned
@blp.arguments(RequestCreate)
@blp.response(201, Request)
def file_request(body: Mapping[str, Any]) -> Answer:
    """Ask to be called about work

    The service point calls before `due_at`. A whole place is filed as a vacancy.
    """
    viewer = the_viewer()
    record = requests.file_request(current_session(), viewer, **body, now=now())
    headers = {
        "ETag": etag_of(record.version),
        "Location": url_for("api-requests.get_request", request_key=record.key),
    }
    return _shown(record, viewer), 201, headers


@blp.get("/<string:request_key>")
@requires(*READERS)
@versioned
@blp.response(200, Request)
def get_request(request_key: str) -> Answer:
    """One request"""
    viewer = the_viewer()
    record = requests.get_request(current_session(), viewer, request_key)
    return _shown(record, viewer), 200, {"ETag": etag_of(record.version)}


def _shown(record: RequestRecord, viewer: Viewer) -> dict[str, Any]:
    return show(Kind.REQUEST, record.as_mapping(), viewer.rights)
