"""Programmes of a region and the seats of their starts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import url_for

from matcher.api.blueprint import KEY, Resource, creates, versioned
from matcher.api.schemas.programmes import (
    Programme,
    ProgrammeChange,
    ProgrammeCreate,
    ProgrammePage,
    ProgrammeQuery,
    Seats,
)
from matcher.domain.access import STAFF, Right, Viewer
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.etag import etag_of, expected_version
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.repositories.records import ProgrammeRecord
from matcher.services import programmes
from matcher.services.visibility import Kind, Stage, show

blp = Resource(
    "programmes", __name__, description="What people can follow before or beside a place."
)

READERS = (*STAFF, Right.OFFICER, Right.ANALYST)
WRITERS = (Right.TRIAGER, Right.LEAD, Right.OFFICER)

Answer = tuple[dict[str, Any], int, dict[str, str]]


@blp.get("")
@requires(*READERS)
@blp.arguments(ProgrammeQuery, location="query")
@blp.response(200, ProgrammePage)
def list_programmes(query: Mapping[str, Any]) -> dict[str, Any]:
    """Programmes of the region"""
    viewer = the_viewer()
    page = programmes.list_programmes(
        current_session(),
        viewer,
        active_only=query["active_only"],
        cursor=query["cursor"],
        limit=query["limit"],
    )
    return {
        "items": [shown(record, viewer) for record in page.items],
        "next_cursor": page.next_cursor,
    }


@blp.post("")
@requires(*WRITERS)
@creates
@versioned
@blp.arguments(ProgrammeCreate)
@blp.response(201, Programme)
def create_programme(values: Mapping[str, Any]) -> Answer:
    """Add a programme to the region's catalogue"""
    viewer = the_viewer()
    record = programmes.create_programme(current_session(), viewer, values, now=now())
    headers = {
        "ETag": etag_of(record.version),
        "Location": url_for("api-programmes.get_programme", programme_id=record.id),
    }
    return shown(record, viewer), 201, headers


@blp.get(f"/<{KEY}:programme_id>")
@requires(*READERS)
@versioned
@blp.response(200, Programme)
def get_programme(programme_id: int) -> Answer:
    """One programme"""
    viewer = the_viewer()
    record = programmes.get_programme(current_session(), viewer, programme_id)
    return shown(record, viewer), 200, {"ETag": etag_of(record.version)}


@blp.patch(f"/<{KEY}:programme_id>")
@requires(*WRITERS)
@versioned
@blp.arguments(ProgrammeChange)
@blp.response(200, Programme)
def change_programme(values: Mapping[str, Any], programme_id: int) -> Answer:
    """Change a programme

    Only what is sent changes.
    """
    viewer = the_viewer()
    record = programmes.update_programme(
        current_session(),
        viewer,
        programme_id,
        values,
        expected_version=expected_version(),
        now=now(),
    )
    return shown(record, viewer), 200, {"ETag": etag_of(record.version)}


@blp.get(f"/<{KEY}:programme_id>/seats")
@requires(*READERS)
@blp.response(200, Seats)
def list_seats(programme_id: int) -> dict[str, Any]:
    """Coming starts of a programme and their seats"""
    viewer = the_viewer()
    record = programmes.get_programme(current_session(), viewer, programme_id)
    programme, on = record.programme, today()
    last_day = programme.duration - timedelta(days=1)
    starts = [
        {
            "starts_on": day,
            "ends_on": max(day, day + last_day),
            "seats": programme.seats,
        }
        for day in sorted(programme.starts_on)
        if day >= on
    ]
    return {
        "programme_id": record.id,
        "any_monday": not programme.starts_on,
        "seats": programme.seats,
        "items": starts,
    }


def shown(record: ProgrammeRecord, viewer: Viewer) -> dict[str, Any]:
    """What `viewer` may see of a programme."""
    return show(Kind.PROGRAMME, record.as_mapping(), viewer.rights, Stage.OWN)
