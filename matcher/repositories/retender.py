"""Public contracts that end, the jobs on them, and who is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import NotFound
from matcher.models import Account, Organisation, Placement, PublicContract
from matcher.models.states import PlacementState
from matcher.repositories.placements import OPEN
from matcher.repositories.records import Record
from matcher.repositories.scope import numbered, unscoped

READERS = (Right.OFFICER, Right.SERVICE_POINT)


@dataclass(frozen=True, slots=True)
class JobRecord(Record):
    """One job on a contract, without whose it is."""

    id: int
    contract_id: int
    pseudonym: str
    state: PlacementState
    starts_on: date
    plan: str | None
    plan_due_on: date | None
    plan_owner_id: int | None
    plan_owner: str | None
    plan_consented_at: datetime | None


@dataclass(frozen=True, slots=True)
class ContractThatEnds:
    """A contract with open jobs on it."""

    id: int
    region: str
    reference: str
    contractor: str
    end_on: date
    jobs: tuple[JobRecord, ...]


def ending(session: Session, until: date, *, region: str | None = None) -> list[ContractThatEnds]:
    """Contracts that end by a day, or have ended, with the jobs that run on; the first end on top.

    Of one region, or for the service itself of all of them.
    """
    columns: tuple[Any, ...] = (PublicContract, Organisation.name, Placement, Account.name)
    statement = (
        select(*columns)
        .join(Organisation, Organisation.id == PublicContract.organisation_id)
        .join(Placement, Placement.contract_id == PublicContract.id)
        .outerjoin(Account, Account.id == Placement.plan_owner_id)
        .where(PublicContract.end_on <= until, Placement.state.in_(OPEN))
        .order_by(PublicContract.end_on, PublicContract.id, Placement.id)
    )
    if region is not None:
        statement = statement.where(PublicContract.region == region)
    # Jobs and no people: who reads this reaches no placement, and gets nothing of whose it is.
    opened = unscoped(statement, PublicContract, Organisation, Placement)
    found: dict[int, tuple[PublicContract, str, list[JobRecord]]] = {}
    for contract, firm, row, owner in session.execute(
        opened.execution_options(populate_existing=True)
    ):
        found.setdefault(contract.id, (contract, firm, []))[2].append(_job(row, owner))
    return [
        ContractThatEnds(row.id, row.region, row.reference, firm, row.end_on, tuple(jobs))
        for row, firm, jobs in found.values()
    ]


def _job(row: Placement, owner: str | None) -> JobRecord:
    return JobRecord(
        id=row.id,
        contract_id=row.contract_id or 0,
        pseudonym=row.pseudonym or "",
        state=row.state,
        starts_on=row.starts_on,
        plan=row.plan,
        plan_due_on=row.plan_due_on,
        plan_owner_id=row.plan_owner_id,
        plan_owner=owner,
        plan_consented_at=row.plan_consented_at,
    )


def locked_job(session: Session, viewer: Viewer, placement_id: int) -> Placement:
    """An open job on a contract of the viewer's region, locked; NotFound for any other."""
    # As in `ending`.
    statement = select(Placement).where(
        numbered(Placement, placement_id),
        Placement.region == (viewer.region or ""),
        Placement.contract_id.is_not(None),
        Placement.state.in_(OPEN),
    )
    row = session.scalar(
        unscoped(statement, Placement).with_for_update().execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("placement")
    return row


def told_accounts(session: Session, region: str) -> list[Account]:
    """Who hears of contracts that end in a region."""
    statement = select(Account).where(Account.region == region, Account.is_active.is_(True))
    found = session.scalars(statement.order_by(Account.id))
    return [row for row in found if set(READERS) & set(row.rights)]
