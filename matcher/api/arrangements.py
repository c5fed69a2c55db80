"""Arrangements of a region: “50 people in two years”."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from matcher.api.blueprint import KEY, Resource, creates, versioned
from matcher.api.schemas.arrangements import (
    Arrangement,
    ArrangementChange,
    ArrangementCreate,
    ArrangementPage,
    ArrangementQuery,
)
from matcher.domain.access import STAFF, Right, Viewer
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.etag import etag_of, expected_version
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.services import arrangements
from matcher.services.arrangements import PLANNERS, ArrangementView
from matcher.services.visibility import Kind, Stage, show

blp = Resource(
    "arrangements",
    __name__,
    description="Firms, a school and the region with one target between two dates.",
)

READERS = (*STAFF, Right.OFFICER, Right.ANALYST)
_ONE = f"/<{KEY}:arrangement_id>"

Answer = tuple[dict[str, Any], int, dict[str, str]]


@blp.get("")
@requires(*READERS)
@blp.arguments(ArrangementQuery, location="query")
@blp.response(200, ArrangementPage)
def list_arrangements(query: Mapping[str, Any]) -> dict[str, Any]:
    """Arrangements of the region, by name"""
    viewer = the_viewer()
    page = arrangements.page_of_arrangements(
        current_session(), viewer, cursor=query["cursor"], limit=query["limit"]
    )
    return {
        "items": [_shown(one, viewer) for one in page.items],
        "next_cursor": page.next_cursor,
    }


@blp.post("")
@requires(*PLANNERS)
@creates
@versioned
@blp.arguments(ArrangementCreate)
@blp.response(201, Arrangement)
def create_arrangement(values: Mapping[str, Any]) -> Answer:
    """Add an arrangement to the region"""
    viewer = the_viewer()
    one = arrangements.create_arrangement(current_session(), viewer, values, now=now())
    address = url_for("api-arrangements.get_arrangement", arrangement_id=one.record.id)
    headers = {"ETag": etag_of(one.record.version), "Location": address}
    return _shown(one, viewer), 201, headers


@blp.get(_ONE)
@requires(*READERS)
@versioned
@blp.response(200, Arrangement)
def get_arrangement(arrangement_id: int) -> Answer:
    """One arrangement, with what is in it"""
    viewer = the_viewer()
    one = arrangements.get_arrangement(current_session(), viewer, arrangement_id)
    return _shown(one, viewer), 200, {"ETag": etag_of(one.record.version)}


@blp.patch(_ONE)
@requires(*PLANNERS)
@versioned
@blp.arguments(ArrangementChange)
@blp.response(200, Arrangement)
def change_arrangement(values: Mapping[str, Any], arrangement_id: int) -> Answer:
    """Change an arrangement

    Only what is sent changes; the name stays, as vacancies and programmes call it by that.
    """
    viewer = the_viewer()
    one = arrangements.update_arrangement(
        current_session(),
        viewer,
        arrangement_id,
        values,
        expected_version=expected_version(),
        now=now(),
    )
    return _shown(one, viewer), 200, {"ETag": etag_of(one.record.version)}


def _shown(one: ArrangementView, viewer: Viewer) -> dict[str, Any]:
    shown = show(Kind.ARRANGEMENT, one.as_mapping(), viewer.rights, Stage.OWN)
    # The word of bodies is no name for a field of a schema.
    return {**shown, "starts_on": shown.get("from")}
