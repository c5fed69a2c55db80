"""What firms ask for, in one list: to be called, and whole places, each with how far it is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models import CallRequest, DisplacementCheck, Vacancy
from matcher.models.request_states import RequestKind, WorkRequestState
from matcher.models.states import (
    CallOutcome,
    CallStatus,
    CheckMoment,
    CheckState,
    VacancyStatus,
)
from matcher.repositories.scope import numbered, scoped

_CHECK: Any = DisplacementCheck.__table__
# The table and not the class: that somebody looks is shown with the place itself.


def _looked_at() -> ColumnElement[bool]:
    """Somebody looks at the displacement answers of the place, or held them."""
    return exists().where(
        _CHECK.c.vacancy_id == Vacancy.id,
        _CHECK.c.moment == CheckMoment.BEFORE.value,
        _CHECK.c.state.in_([CheckState.WAITING.value, CheckState.HELD.value]),
    )


def _place_state() -> Any:
    draft = Vacancy.status == VacancyStatus.DRAFT
    return case(
        (and_(draft, _looked_at()), WorkRequestState.CHECK.value),
        (draft, WorkRequestState.DRAFT.value),
        (Vacancy.status == VacancyStatus.OPEN, WorkRequestState.OPEN.value),
        (Vacancy.status == VacancyStatus.FILLED, WorkRequestState.FILLED.value),
        else_=WorkRequestState.WITHDRAWN.value,
    )


def _call_state() -> Any:
    done = CallRequest.status == CallStatus.DONE
    return case(
        (
            and_(done, CallRequest.outcome == CallOutcome.VACANCY_FILED),
            WorkRequestState.FILLED.value,
        ),
        (done, WorkRequestState.WITHDRAWN.value),
        else_=WorkRequestState.DRAFT.value,
    )


def rows(
    session: Session,
    viewer: Viewer,
    kind: RequestKind,
    *,
    state: WorkRequestState | None = None,
    number: int | None = None,
    after: int = 0,
    limit: int,
) -> list[tuple[Any, WorkRequestState]]:
    """Calls or places in reach with their state, by number, from the one after `after` on."""
    model: Any = CallRequest if kind is RequestKind.CALL else Vacancy
    stands = _call_state() if kind is RequestKind.CALL else _place_state()
    statement: Select[Any] = select(model, stands).where(model.id > after)
    if kind is RequestKind.CALL:
        # A call that the centre makes about a place is no request of the firm.
        statement = statement.where(CallRequest.vacancy_id.is_(None))
    if state is not None:
        statement = statement.where(stands == state.value)
    if number is not None:
        statement = statement.where(numbered(model, number))
    found = session.execute(scoped(statement.order_by(model.id).limit(limit), viewer, model))
    return [(row[0], WorkRequestState(row[1])) for row in found]
