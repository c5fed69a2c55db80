"""Probable doubles: files that may be of one person, merged or kept apart by a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from matcher.api.blueprint import KEY, Resource, versioned
from matcher.api.schemas.doubles import (
    DoubleChange,
    DoubleQuery,
    ProbableDouble,
    ProbableDoublePage,
)
from matcher.domain.access import Right, Viewer
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.etag import etag_of, expected_version
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.models.states import DoubleState
from matcher.repositories.doubles import DoubleRecord
from matcher.services import doubles
from matcher.services.visibility import Kind, show

blp = Resource(
    "probable-doubles", __name__, description="Files that may be of one and the same person."
)
DECIDERS = (Right.TRIAGER, Right.LEAD)
_DECIDE: Mapping[DoubleState, Callable[..., DoubleRecord]] = {
    DoubleState.MERGED: doubles.merge,
    DoubleState.APART: doubles.keep_apart,
    DoubleState.OPEN: doubles.undo,
}

Answer = tuple[dict[str, Any], int, dict[str, str]]


@blp.get("")
@requires(*DECIDERS)
@blp.arguments(DoubleQuery, location="query")
@blp.response(200, ProbableDoublePage)
def list_doubles(query: Mapping[str, Any]) -> dict[str, Any]:
    """Pairs to look at, or those that somebody looked at"""
    viewer = the_viewer()
    page = doubles.list_doubles(
        current_session(),
        viewer,
        decided=query["decided"],
        cursor=query["cursor"],
        limit=query["limit"],
    )
    return {
        "items": [_shown(line.double, viewer) for line in page.items],
        "next_cursor": page.next_cursor,
    }


@blp.get(f"/<{KEY}:double_id>")
@requires(*DECIDERS)
@versioned
@blp.response(200, ProbableDouble)
def get_double(double_id: int) -> Answer:
    """One pair"""
    viewer = the_viewer()
    record = doubles.get_double(current_session(), viewer, double_id)
    return _shown(record, viewer), 200, {"ETag": etag_of(record.version)}


@blp.patch(f"/<{KEY}:double_id>")
@requires(*DECIDERS)
@versioned
@blp.arguments(DoubleChange)
@blp.response(200, ProbableDouble)
def decide_double(values: Mapping[str, Any], double_id: int) -> Answer:
    """Merge two files, keep them apart, or take the last decision back

    A merge puts the later file into the earlier one and closes it; nothing that stood in the
    earlier one is lost, and taking it back gives both as before.
    """
    viewer = the_viewer()
    record = _DECIDE[values["state"]](
        current_session(), viewer, double_id, expected_version=expected_version(), now=now()
    )
    return _shown(record, viewer), 200, {"ETag": etag_of(record.version)}


def _shown(record: DoubleRecord, viewer: Viewer) -> dict[str, Any]:
    return show(Kind.PROBABLE_DOUBLE, record.as_mapping(), viewer.rights)
