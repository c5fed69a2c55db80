"""Displacement checks, and how many unpaid places of a firm became work."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import NotFound
from matcher.models import DisplacementCheck, Placement, Vacancy
from matcher.models.states import CheckMoment, CheckState
from matcher.repositories.records import Record
from matcher.repositories.scope import numbered, scoped, unscoped


@dataclass(frozen=True, slots=True)
class CheckRecord(Record):
    """A check as kept, with what the place is called and whose it is."""

    id: int
    version: int
    organisation_id: int
    vacancy_id: int
    title: str | None
    contractor: str
    moment: CheckMoment
    state: CheckState
    due_on: date | None
    answers: dict[str, str]
    reasons: dict[str, Any]
    flags: tuple[str, ...]
    questions_dated: date
    answered_by: int | None
    answered_at: datetime | None
    decided_by: int | None
    decided_at: datetime | None
    why: str | None
    created_at: datetime
    updated_at: datetime


_OF_PLACE = ("title", "contractor")
_OWN = tuple(name for name in CheckRecord.__dataclass_fields__ if name not in _OF_PLACE)


def _record(row: DisplacementCheck, title: str | None, contractor: str) -> CheckRecord:
    return CheckRecord(
        **{name: getattr(row, name) for name in _OWN}, title=title, contractor=contractor
    )


def _with_place(viewer: Viewer) -> Select[DisplacementCheck, str | None, str]:
    columns = select(DisplacementCheck, Vacancy.title, Vacancy.contractor)
    joined = columns.join(Vacancy, Vacancy.id == DisplacementCheck.vacancy_id)
    return scoped(joined, viewer, DisplacementCheck, Vacancy)


def find(
    session: Session, viewer: Viewer, vacancy_id: int, moment: CheckMoment
) -> CheckRecord | None:
    """The check of a vacancy in reach; None where there is none."""
    statement = _with_place(viewer).where(
        DisplacementCheck.vacancy_id == vacancy_id, DisplacementCheck.moment == moment
    )
    found = session.execute(statement).one_or_none()
    return None if found is None else _record(*found)


def find_row(
    session: Session, viewer: Viewer, vacancy_id: int, moment: CheckMoment
) -> DisplacementCheck | None:
    """The row of a vacancy, locked for a change; None where there is none."""
    statement = select(DisplacementCheck).where(
        DisplacementCheck.vacancy_id == vacancy_id, DisplacementCheck.moment == moment
    )
    row: DisplacementCheck | None = session.scalar(
        _locked(scoped(statement, viewer, DisplacementCheck))
    )
    return row


def get_row(session: Session, viewer: Viewer, check_id: int) -> DisplacementCheck:
    """The row with that number, locked for a change; NotFound out of reach."""
    statement = select(DisplacementCheck).where(numbered(DisplacementCheck, check_id))
    found: DisplacementCheck | None = session.scalar(
        _locked(scoped(statement, viewer, DisplacementCheck))
    )
    if found is None:
        raise NotFound("displacement check")
    return found


def _locked(statement: Select[Any]) -> Select[Any]:
    return statement.with_for_update().execution_options(populate_existing=True)


def state_before(session: Session, vacancy_id: int) -> CheckState | None:
    """How far the check of a place before it opened is; None where nothing was answered."""
    # One word about the place, for whoever takes a step there; never what was answered.
    statement = select(DisplacementCheck.state).where(
        DisplacementCheck.vacancy_id == vacancy_id,
        DisplacementCheck.moment == CheckMoment.BEFORE,
    )
    return session.scalar(unscoped(statement, DisplacementCheck))


def in_state(
    session: Session, viewer: Viewer, state: CheckState, *, limit: int
) -> Sequence[CheckRecord]:
    """Checks in reach in a state, what is due first on top."""
    statement = _with_place(viewer).where(DisplacementCheck.state == state)
    order = (DisplacementCheck.due_on, DisplacementCheck.id)
    return [_record(*row) for row in session.execute(statement.order_by(*order).limit(limit))]


def trials_of(
    session: Session,
    organisation_id: int,
    since: date,
    contract_types: Collection[str],
    unpaid: Collection[str],
) -> tuple[int, int]:
    """How many people had an unpaid place at a firm since a day, and how many then got paid work.

    Counted by person over all placements there, whoever of the firm or the centre answers.
    """
    statement = (
        select(
            Placement.candidate_id,
            Placement.contract,
            Placement.trial_from,
            Vacancy.contract_type,
        )
        .outerjoin(Vacancy, Vacancy.id == Placement.vacancy_id)
        .where(
            Placement.organisation_id == organisation_id,
            or_(Placement.starts_on >= since, Placement.ended_on >= since),
        )
    )
    tried: set[int] = set()
    paid: set[int] = set()
    # Two numbers about the firm itself; of whom they are stays here.
    found = session.execute(unscoped(statement, Placement, Vacancy))
    for person, contract, trial_from, kind in found:
        is_unpaid = contract in unpaid or (contract is None and kind in contract_types)
        (tried if is_unpaid else paid).add(person)
        if trial_from is not None:
            tried.add(person)
    return len(tried), len(tried & paid)
