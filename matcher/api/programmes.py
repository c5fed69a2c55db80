"""Programmes of a region and the seats of their starts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from matcher.api.blueprint import KEY, Resource, creates, versioned
from matcher.api.schemas.programmes import (
    Programme,
    ProgrammeChange,
    ProgrammeCreate,
    ProgrammePage,
    ProgrammeQuery,
    Seat,
    SeatCreate,
    Seats,
)
from matcher.domain.access import STAFF, Right, Viewer
from matcher.domain.errors import InvalidInput, Problem
from matcher.http.clock import now, today
from matcher.http.db import current_session
from matcher.http.etag import etag_of, expected_version
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.models.states import SeatState
from matcher.repositories.records import ProgrammeRecord
from matcher.services import cohorts, programmes, seat_lists, seats
from matcher.services.seat_releases import BOOKERS
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
    """Coming groups of a programme and the seats in them"""
    session, viewer, on = current_session(), the_viewer(), today()
    record = programmes.get_programme(session, viewer, programme_id)
    groups = cohorts.coming_groups(session, viewer, programme_id, on=on)
    names = ("starts_on", "ends_on", "seats", "booked", "free")
    return {
        "programme_id": record.id,
        "any_monday": not record.programme.starts_on,
        "seats": record.programme.seats,
        "items": [{name: getattr(group, name) for name in names} for group in groups],
        "waiting": seat_lists.waiting_counts(session, viewer).get(record.id, 0),
    }


@blp.post(f"/<{KEY}:programme_id>/seats")
@requires(*BOOKERS)
@creates
@blp.arguments(SeatCreate)
@blp.response(201, Seat)
def give_seat(body: Mapping[str, Any], programme_id: int) -> dict[str, Any]:
    """Book or offer a seat, or put somebody in line

    Of many at the same moment only as many get a seat as there are; 409 says which is the next
    group with one, when the budget is too small, or when people who wait longer come first.
    """
    session, viewer = current_session(), the_viewer()
    candidate_id, starts_on = body["candidate_id"], body["starts_on"]
    if body["state"] == SeatState.WAITING:
        group = None
        if starts_on is not None:
            group = cohorts.open_group(session, viewer, programme_id, starts_on, now=now()).id
        seat = seats.wait(session, viewer, candidate_id, programme_id, standby_for=group, now=now())
    else:
        if starts_on is None:
            raise InvalidInput([Problem("starts_on", "is required for a seat; fill in the day")])
        give = seats.book if body["state"] == SeatState.BOOKED else seats.offer
        seat = give(session, viewer, candidate_id, programme_id, starts_on, now=now())
    return show(Kind.SEAT, seat.as_mapping(), viewer.rights, Stage.OWN)


def shown(record: ProgrammeRecord, viewer: Viewer) -> dict[str, Any]:
    """What `viewer` may see of a programme."""
    return show(Kind.PROGRAMME, record.as_mapping(), viewer.rights, Stage.OWN)
