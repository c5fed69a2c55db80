"""Placements, their steps and moments of contact, and what was answered months later."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import NotFound
from matcher.domain.follow_up import OutcomeSource
from matcher.models import (
    Candidate,
    Organisation,
    Placement,
    PlacementEvent,
    PlacementOutcome,
    Vacancy,
)
from matcher.models.states import PlacementState
from matcher.repositories.paging import after, decode_cursor, read_page
from matcher.repositories.records import Page, Record
from matcher.repositories.scope import caseload_owners, numbered, scoped, unscoped

OPEN = (PlacementState.TRIAL, PlacementState.AGREED, PlacementState.ACTIVE)
"""Not over; of one person there is one at a time."""
NOT_STARTED = "not_started"
"""The ending of work that never began."""


@dataclass(frozen=True, slots=True)
class PlacementRecord(Record):
    """A placement as kept, with the place and the person; `vacancy` None for work found otherwise.

    `reference`, `first_name` and `owner_account_id` are the person's; whoever shows one decides
    through the visibility table what of it.
    """

    id: int
    version: int
    region: str
    candidate_id: int
    reference: str
    first_name: str | None
    owner_account_id: int | None
    introduction_id: int | None
    vacancy_id: int | None
    vacancy: str | None
    title: str | None
    organisation_id: int | None
    contractor: str | None
    sector: str | None
    arrangement: str | None
    state: PlacementState
    starts_on: date
    hours_a_week: float | None
    contract: str | None
    contract_until: date | None
    first_pay_on: date | None
    without_introduction: str | None
    trial_from: date | None
    trial_until: date | None
    trial_reason: str | None
    intends_contract: bool | None
    contract_id: int | None
    pseudonym: str | None
    plan: str | None
    plan_due_on: date | None
    plan_owner_id: int | None
    plan_consented_at: datetime | None
    ended_on: date | None
    ended_code: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class EventRecord(Record):
    """One step or moment of contact; `result` None for a step."""

    placement_id: int
    step: str
    result: str | None
    on: date
    by_right: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OutcomeRecord(Record):
    """What one source said about one moment."""

    id: int
    placement_id: int
    months: int
    source: OutcomeSource
    status: str
    hours_a_week: float | None
    contract: str | None
    reason: str | None
    at: datetime


_OUTCOME_FIELDS = tuple(OutcomeRecord.__dataclass_fields__)
_EVENT_FIELDS = tuple(EventRecord.__dataclass_fields__)


def _to_record(found: Any) -> PlacementRecord:
    row: Placement = found.Placement
    return PlacementRecord(
        id=row.id,
        version=row.version,
        region=row.region,
        candidate_id=row.candidate_id,
        reference=found.person,
        first_name=found.first_name,
        owner_account_id=found.owner_account_id,
        introduction_id=row.introduction_id,
        vacancy_id=row.vacancy_id,
        vacancy=found.vacancy,
        title=found.title,
        organisation_id=row.organisation_id,
        contractor=found.contractor,
        sector=row.sector,
        arrangement=row.arrangement,
        state=row.state,
        starts_on=row.starts_on,
        hours_a_week=row.hours_a_week,
        contract=row.contract,
        contract_until=row.contract_until,
        first_pay_on=row.first_pay_on,
        without_introduction=row.without_introduction,
        trial_from=row.trial_from,
        trial_until=row.trial_until,
        trial_reason=row.trial_reason,
        intends_contract=row.intends_contract,
        contract_id=row.contract_id,
        pseudonym=row.pseudonym,
        plan=row.plan,
        plan_due_on=row.plan_due_on,
        plan_owner_id=row.plan_owner_id,
        plan_consented_at=row.plan_consented_at,
        ended_on=row.ended_on,
        ended_code=row.ended_code,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _with_place(viewer: Viewer) -> Select[Any]:
    # Only what is shown: a whole file would be unsealed for nothing.
    columns: tuple[Any, ...] = (
        Placement,
        Candidate.reference.label("person"),
        Candidate.first_name,
        Candidate.owner_account_id,
        Vacancy.reference.label("vacancy"),
        Vacancy.title,
        Organisation.name.label("contractor"),
    )
    statement = (
        select(*columns)
        .join(Candidate, Candidate.id == Placement.candidate_id)
        .outerjoin(Vacancy, Vacancy.id == Placement.vacancy_id)
        .outerjoin(Organisation, Organisation.id == Placement.organisation_id)
    )
    # Of a placement in reach one may know the place, and the person as far as may be shown.
    return unscoped(scoped(statement, viewer, Placement), Candidate, Vacancy, Organisation)


def _records(session: Session, statement: Select[Any]) -> list[PlacementRecord]:
    found = session.execute(statement.execution_options(populate_existing=True))
    return [_to_record(row) for row in found]


def get_record(session: Session, viewer: Viewer, placement_id: int) -> PlacementRecord:
    """One placement in reach; NotFound for any other."""
    found = _records(session, _with_place(viewer).where(numbered(Placement, placement_id)))
    if not found:
        raise NotFound("placement")
    return found[0]


def locked(session: Session, viewer: Viewer, placement_id: int) -> Placement:
    """The row in reach, locked for a change; NotFound for any other."""
    statement = select(Placement).where(numbered(Placement, placement_id))
    found = session.scalar(
        scoped(statement, viewer, Placement)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("placement")
    return found


def of_candidate(session: Session, viewer: Viewer, candidate_id: int) -> list[PlacementRecord]:
    """The placements in reach of one person, newest first."""
    statement = _with_place(viewer).where(Placement.candidate_id == candidate_id)
    return _records(session, statement.order_by(Placement.id.desc()))


def in_reach(session: Session, viewer: Viewer, *, since: date | None = None) -> Any:
    """The placements in reach, the newest start first; `since` leaves out starts before it."""
    statement = _with_place(viewer)
    if since is not None:
        statement = statement.where(or_(Placement.starts_on >= since, Placement.state.in_(OPEN)))
    return _records(session, statement.order_by(Placement.starts_on.desc(), Placement.id))


def followed(
    session: Session, viewer: Viewer, *, since: date, own: bool, limit: int | None = None
) -> list[PlacementRecord]:
    """Those of whom something may be asked: started since then; `own` on the own caseload."""
    statement = _with_place(viewer).where(Placement.starts_on >= since)
    if own:
        statement = statement.where(on_own_caseload(viewer))
    return _records(session, statement.order_by(Placement.starts_on, Placement.id).limit(limit))


def on_own_caseload(viewer: Viewer) -> Any:
    """The condition that a person is the viewer's own today, or stood in for."""
    owned = Candidate.owner_account_id.in_(caseload_owners(viewer))
    return or_(owned, Candidate.id.in_(sorted(viewer.covers_candidates)))


def page(
    session: Session,
    viewer: Viewer,
    *,
    candidate_id: int | None,
    vacancy_id: int | None,
    state: PlacementState | None,
    cursor: str | None,
    limit: int,
) -> Page[PlacementRecord]:
    """One page of the placements in reach, in the order of recording."""
    statement = _with_place(viewer)
    wanted = (
        (Placement.candidate_id, candidate_id),
        (Placement.vacancy_id, vacancy_id),
        (Placement.state, state),
    )
    for column, value in wanted:
        if value is not None:
            statement = statement.where(column == value)
    if cursor is not None:
        statement = statement.where(after([Placement.id], decode_cursor(cursor, (int,))))
    return read_page(
        session,
        statement.order_by(Placement.id),
        limit=limit,
        key_of=lambda row: (row[0].id,),
        make=_to_record,
    )


def starts_at_work(session: Session, viewer: Viewer, on: date) -> list[date]:
    """The first day of everybody who works at the viewer's firm, for totals that name nobody."""
    statement = select(Placement.starts_on).where(
        Placement.organisation_id == viewer.organisation_id,
        Placement.state.in_((PlacementState.TRIAL, PlacementState.ACTIVE)),
        Placement.starts_on <= on,
    )
    return list(session.scalars(scoped(statement, viewer, Placement)))


# --- steps, contacts, answers ---------------------------------------------------------------------


def add_event(
    session: Session,
    row: Placement,
    step: str,
    right: Right,
    viewer: Viewer,
    *,
    on: date,
    result: str | None = None,
    key: str | None = None,
    now: datetime,
) -> None:
    """Notes a step or a moment of contact."""
    session.add(
        PlacementEvent(
            region=row.region,
            candidate_id=row.candidate_id,
            placement_id=row.id,
            step=step,
            result=result,
            on=on,
            by_right=right.value,
            account_id=viewer.account_id,
            at=now,
            key=key,
        )
    )


def is_noted(session: Session, placement_id: int, result: str, right: Right, on: date) -> bool:
    """Whether somebody with that right noted that result of a placement on a day."""
    statement = select(PlacementEvent.id).where(
        PlacementEvent.placement_id == placement_id,
        PlacementEvent.result == result,
        PlacementEvent.by_right == right.value,
        PlacementEvent.on == on,
    )
    # The placement was found in reach; whether the same was said already tells nothing new.
    return session.scalar(unscoped(statement.limit(1), PlacementEvent)) is not None


def events_of(
    session: Session, viewer: Viewer, placement_ids: Iterable[int]
) -> dict[int, list[EventRecord]]:
    """Steps and contacts in reach, in their order, by placement."""
    statement = select(PlacementEvent).where(PlacementEvent.placement_id.in_(list(placement_ids)))
    found: dict[int, list[EventRecord]] = {}
    ordered = scoped(statement, viewer, PlacementEvent).order_by(PlacementEvent.id)
    for row in session.scalars(ordered):
        record = EventRecord(**{name: getattr(row, name) for name in _EVENT_FIELDS})
        found.setdefault(row.placement_id, []).append(record)
    return found


def outcomes_of(
    session: Session, viewer: Viewer, placement_ids: Iterable[int]
) -> dict[int, list[OutcomeRecord]]:
    """What was answered, as far as in reach, by placement."""
    statement = select(PlacementOutcome).where(
        PlacementOutcome.placement_id.in_(list(placement_ids))
    )
    found: dict[int, list[OutcomeRecord]] = {}
    ordered = scoped(statement, viewer, PlacementOutcome).order_by(
        PlacementOutcome.months, PlacementOutcome.id
    )
    for row in session.scalars(ordered.execution_options(populate_existing=True)):
        record = OutcomeRecord(**{name: getattr(row, name) for name in _OUTCOME_FIELDS})
        found.setdefault(row.placement_id, []).append(record)
    return found


def find_outcome(
    session: Session, viewer: Viewer, placement_id: int, months: int, source: OutcomeSource
) -> PlacementOutcome | None:
    """What a source said earlier about a moment, in reach."""
    statement = select(PlacementOutcome).where(
        PlacementOutcome.placement_id == placement_id,
        PlacementOutcome.months == months,
        PlacementOutcome.source == source,
    )
    found = scoped(statement, viewer, PlacementOutcome)
    return session.scalar(found.execution_options(populate_existing=True))


# --- for other parts of the service --------------------------------------------------------------


def count_taken(session: Session, vacancy_id: int) -> int:
    """Places of a vacancy at which somebody works, or will."""
    # Places are counted over everybody, whoever of them the viewer may reach.
    statement = (
        select(func.count())
        .select_from(Placement)
        .where(Placement.vacancy_id == vacancy_id, Placement.state.in_(OPEN))
    )
    return session.scalar(unscoped(statement, Placement)) or 0


def guidance_taken(session: Session, vacancy_id: int, *, besides: int) -> float:
    """Hours of guidance a week that people at work at a site need; unknown ones count none."""
    # Hours are counted over everybody, as places are.
    statement = (
        select(func.sum(Candidate.guidance_need))
        .join(Placement, Placement.candidate_id == Candidate.id)
        .where(
            Placement.vacancy_id == vacancy_id,
            Placement.state.in_(OPEN),
            Candidate.id != besides,
        )
    )
    return session.scalar(unscoped(statement, Placement, Candidate)) or 0.0


def of_people(
    session: Session, candidate_ids: Collection[int] | None, region: str
) -> dict[int, list[tuple[Placement, dict[int, dict[OutcomeSource, str]]]]]:
    """Per person every placement in order of its start, with the answers by month and source.

    For figures and cohorts of a region, which name nobody; None is everybody.
    """
    # Figures are made over everybody, whoever of them their reader may reach.
    rows = select(Placement).where(Placement.region == region)
    answers = select(
        PlacementOutcome.placement_id,
        PlacementOutcome.months,
        PlacementOutcome.source,
        PlacementOutcome.status,
    ).where(PlacementOutcome.region == region)
    if candidate_ids is not None:
        rows = rows.where(Placement.candidate_id.in_(list(candidate_ids)))
        answers = answers.where(PlacementOutcome.candidate_id.in_(list(candidate_ids)))
    said: dict[int, dict[int, dict[OutcomeSource, str]]] = {}
    for number, months, source, status in session.execute(unscoped(answers, PlacementOutcome)):
        said.setdefault(number, {}).setdefault(months, {})[source] = status
    found: dict[int, list[Any]] = {}
    ordered = unscoped(rows.order_by(Placement.starts_on, Placement.id), Placement)
    for row in session.scalars(ordered):
        found.setdefault(row.candidate_id, []).append((row, said.get(row.id, {})))
    return found
