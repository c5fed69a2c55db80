"""Reading what a right sees only for a purpose: asked for, named, logged, told to the candidate."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden, InvalidInput, Problem
from matcher.reference.codes import Code, load_codes
from matcher.repositories import candidates
from matcher.repositories.acting import Actor, act_as, actor_of
from matcher.services.visibility import Kind, Stage, show, visible_fields

LIST = "purposes"


def purposes_of(viewer: Viewer) -> list[Code]:
    """The purposes that one of the viewer's rights can have."""
    codes = load_codes().list(LIST).codes.values()
    return [code for code in codes if viewer.rights & _rights_of(code)]


def _rights_of(code: Code) -> frozenset[Right]:
    return frozenset(Right(right) for right in code.attributes["rights"])


def may_ask(viewer: Viewer) -> bool:
    """Whether a purpose would show the viewer more of a candidate than is seen without one."""
    plain = visible_fields(Kind.CANDIDATE, viewer.rights)
    return not visible_fields(Kind.CANDIDATE, viewer.rights, Stage.WITH_PURPOSE) <= plain


def read_for_purpose(
    session: Session, viewer: Viewer, candidate_id: int, purpose: str, *, now: datetime
) -> dict[str, Any]:
    """What of a candidate in reach is seen for `purpose`, by field name.

    From here on the work on `session` is done for that purpose, so that the log says it.
    InvalidInput for a purpose that none of the rights has; Forbidden when none would help.
    """
    chosen = next((code for code in purposes_of(viewer) if code.code == purpose), None)
    if not may_ask(viewer):
        raise Forbidden("none of your rights sees more for a purpose")
    if chosen is None:
        raise InvalidInput([Problem("purpose", "is required; choose one of your purposes")])
    # Found before the purpose is noted: a request for nobody has no purpose.
    record = candidates.to_record(candidates.get_row(session, viewer, candidate_id))
    # The purpose belongs to one right, whatever other right opened the door.
    right = next(right for right in Right if right in viewer.rights & _rights_of(chosen))
    actor = actor_of(session) or Actor(viewer, now)
    act_as(session, replace(actor, right=right, purpose=purpose))
    return show(Kind.CANDIDATE, record.as_mapping(), [right], Stage.WITH_PURPOSE)
