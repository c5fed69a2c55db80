"""The blueprint of the coach's pages, and who they are for."""

from __future__ import annotations

from flask import Blueprint

from matcher.domain.access import Right
from matcher.http.identity import current_viewer
from matcher.http.permissions import requires

blueprint = Blueprint("coach", __name__)

coaching = requires(Right.COACH, Right.LEAD)
"""Pages for who guides candidates; the services narrow them to their own people."""

advising = requires(Right.COACH, Right.LEAD, Right.TRIAGER)
"""The advice and its places are for the talent centre too, which decides on lanes; what changes a
file stays with who guides the person."""


@blueprint.app_context_processor
def _may_guide() -> dict[str, bool]:
    viewer = current_viewer()
    return {"may_guide": viewer is not None and viewer.has(Right.COACH, Right.LEAD)}
