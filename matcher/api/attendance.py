"""Attendance of a seat: the days that were marked, and marking one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matcher.api.blueprint import KEY, creates
from matcher.api.programmes import blp
from matcher.api.schemas.attendance import DayMarked, Days
from matcher.domain.access import Viewer
from matcher.domain.errors import NotFound
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.services import attendance, seat_lists
from matcher.services.seat_releases import BOOKERS

_ADDRESS = f"/<{KEY}:programme_id>/seats/<{KEY}:seat_id>/attendance"


@blp.get(_ADDRESS)
@requires(*BOOKERS)
@blp.response(200, Days)
def list_days(programme_id: int, seat_id: int) -> dict[str, Any]:
    """The days of a seat that were marked"""
    viewer = the_viewer()
    _check_seat(viewer, programme_id, seat_id)
    return _days(viewer, seat_id)


@blp.post(_ADDRESS)
@requires(*BOOKERS)
@creates
@blp.arguments(DayMarked)
@blp.response(201, Days)
def mark_day(values: Mapping[str, Any], programme_id: int, seat_id: int) -> dict[str, Any]:
    """Mark one day of a seat

    Today or one of the days before it, while the seat runs. Marking again changes the mark.
    """
    session, viewer = current_session(), the_viewer()
    _check_seat(viewer, programme_id, seat_id)
    attendance.mark_day(session, viewer, seat_id, values["on"], values["mark"], now=now())
    return _days(viewer, seat_id)


def _check_seat(viewer: Viewer, programme_id: int, seat_id: int) -> None:
    """NotFound for a seat out of reach, or of another programme."""
    if seat_lists.get_seat(current_session(), viewer, seat_id).programme_id != programme_id:
        raise NotFound("seat")


def _days(viewer: Viewer, seat_id: int) -> dict[str, Any]:
    found = attendance.days_of_seats(current_session(), viewer, [seat_id]).get(seat_id, {})
    return {
        "seat_id": seat_id,
        "items": [{"on": on, "mark": mark} for on, mark in sorted(found.items())],
    }
