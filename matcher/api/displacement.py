"""The displacement check of a vacancy: what was answered, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matcher.api.blueprint import KEY, creates
from matcher.api.schemas.displacement import DisplacementAnswers, DisplacementCheck
from matcher.api.vacancies import blp
from matcher.domain.access import Right
from matcher.domain.errors import NotFound
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.permissions import requires
from matcher.services import displacement
from matcher.services.displacement import ANSWERERS
from matcher.services.visibility import Kind, show


@blp.get(f"/<{KEY}:vacancy_id>/displacement-check")
@requires(*ANSWERERS, Right.OFFICER)
@blp.response(200, DisplacementCheck)
def get_check(vacancy_id: int) -> dict[str, Any]:
    """What came of the displacement questions of a vacancy

    The firm and an officer see the answers, other staff the result.
    """
    viewer = the_viewer()
    found = displacement.check_of(current_session(), viewer, vacancy_id)
    if found is None:
        raise NotFound("displacement check")
    return show(Kind.DISPLACEMENT_CHECK, found.as_mapping(), viewer.rights)


@blp.post(f"/<{KEY}:vacancy_id>/displacement-check")
@requires(*ANSWERERS)
@creates
@blp.arguments(DisplacementAnswers)
@blp.response(201, DisplacementCheck)
def answer_check(values: Mapping[str, Any], vacancy_id: int) -> tuple[dict[str, Any], int]:
    """Answer the displacement questions of a vacancy

    Every question that is asked of a firm of this size and kind takes an answer, a flagged one a
    reason too. Flagged answers wait for an officer; nothing is refused by itself.
    """
    viewer = the_viewer()
    found = displacement.answer_check(
        current_session(), viewer, vacancy_id, values["answers"], values["reasons"], now=now()
    )
    return show(Kind.DISPLACEMENT_CHECK, found.as_mapping(), viewer.rights), 201
