"""A declaration as each viewer may see it, with its check where it was drawn."""

from __future__ import annotations

from typing import Any

from matcher.domain.access import Right, Viewer
from matcher.domain.drawing import SampleState
from matcher.repositories.declarations import DeclarationRecord, DrawnRecord
from matcher.services.visibility import Kind, Stage, show

_UNTIL_IT_STANDS = ("verdict", "why", "corrected")


def declaration_shown(one: DeclarationRecord, viewer: Viewer) -> dict[str, Any]:
    """The declaration with the fields that `viewer` may see."""
    row = {**one.as_mapping(), "check": _check(one.check, viewer)}
    return show(Kind.CONTRIBUTION, row, viewer.rights, Stage.OWN)


def is_running(check: DrawnRecord) -> bool:
    """Whether it is not known yet what a check comes to."""
    return check.state in (SampleState.ASKED, SampleState.PROPOSED)


def _check(check: DrawnRecord | None, viewer: Viewer) -> dict[str, Any] | None:
    if check is None:
        return None
    row = {**check.as_mapping(), "decided_at": check.second_at or check.first_at}
    if not viewer.has(Right.OFFICER):
        if check.number >= check.rate:
            return None
        if is_running(check):
            # What one officer proposed is nothing yet.
            row |= {"state": SampleState.ASKED, "decided_at": None}
            row |= dict.fromkeys(_UNTIL_IT_STANDS)
    return show(Kind.CONTRIBUTION_CHECK, row, viewer.rights, Stage.OWN)
