"""Who reaches lists of who fits: the firm whose place it is, and who calls it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, false

from matcher.domain.access import Right, Viewer
from matcher.models import Shortlist, ShortlistLine
from matcher.models.base import Scoped
from matcher.repositories.contract_reach import of_firm, of_region

Reach = Callable[[Any, Viewer], ColumnElement[bool]]


def of_oneself(model: Any, viewer: Viewer) -> ColumnElement[bool]:
    """A line behind which the viewer, a candidate, stands."""
    if viewer.candidate_id is None:
        return false()
    matches: ColumnElement[bool] = model.candidate_id == viewer.candidate_id
    return matches


_CALLERS = (Right.TRIAGER, Right.SERVICE_POINT, Right.LEAD)
_LISTS: Mapping[Right, Reach] = {
    **dict.fromkeys(_CALLERS, of_region),
    Right.CONTRACTOR: of_firm,
}
LIST_REACH: Mapping[type[Scoped], Mapping[Right, Reach]] = {
    Shortlist: _LISTS,
    # Who is behind a line is shown to nobody but whoever it is; a firm reaches its own lines.
    ShortlistLine: {**_LISTS, Right.CANDIDATE: of_oneself},
}
