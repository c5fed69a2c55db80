"""What firms declare themselves for their contracts, each with its draw and what a check found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.drawing import CheckVerdict, Ground, SampleState
from matcher.domain.errors import NotFound
from matcher.models import ContractContribution, ContributionCheck, Organisation, PublicContract
from matcher.repositories.paging import after, decode_cursor, read_page
from matcher.repositories.records import Page, Record
from matcher.repositories.scope import numbered, scoped, unscoped

OF_PERSON = ("person", "group", "age", "permanent")


@dataclass(frozen=True, slots=True)
class DrawnRecord(Record):
    """The draw of a declaration, and the check where it was drawn."""

    id: int
    version: int
    contract_id: int
    contribution_id: int
    ground: Ground
    rate: int
    seed: str
    number: int
    state: SampleState
    due_on: date | None
    verdict: CheckVerdict | None
    corrected: dict[str, Any]
    why: str | None
    first_by: int | None
    first_at: datetime | None
    second_by: int | None
    second_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DeclarationRecord(Record):
    """A declaration as kept; `check` is None for what an officer brought in."""

    id: int
    version: int
    contract_id: int
    contract: str
    contractor: str
    reference: str
    kind: str
    person: str | None
    group: str | None
    age: int | None
    permanent: bool | None
    start_on: date | None
    end_on: date | None
    hours_week: float | None
    activity_hours: float | None
    invoice_cents: int | None
    declared_at: datetime | None
    withdrawn_at: datetime | None
    firm_id: int | None
    created_at: datetime
    updated_at: datetime
    check: DrawnRecord | None


_PLAIN = tuple(
    item.name
    for item in fields(DeclarationRecord)
    if item.name not in (*OF_PERSON, "contract", "contractor", "check")
)


def _drawn(row: ContributionCheck) -> DrawnRecord:
    return DrawnRecord(**{item.name: getattr(row, item.name) for item in fields(DrawnRecord)})


def _whole(viewer: Viewer) -> Select[ContractContribution, str, str]:
    statement = (
        select(ContractContribution, PublicContract.reference, Organisation.name)
        .join(PublicContract, PublicContract.id == ContractContribution.contract_id)
        .join(Organisation, Organisation.id == PublicContract.organisation_id)
        .execution_options(populate_existing=True)
    )
    return scoped(statement, viewer, ContractContribution, PublicContract, Organisation)


def _read(
    session: Session, viewer: Viewer, statement: Select[ContractContribution, str, str]
) -> list[DeclarationRecord]:
    return _with_checks(session, viewer, session.execute(statement).all())


def _with_checks(session: Session, viewer: Viewer, rows: Sequence[Any]) -> list[DeclarationRecord]:
    drawn = scoped(
        select(ContributionCheck).where(
            ContributionCheck.contribution_id.in_([row.id for row, _contract, _firm in rows])
        ),
        viewer,
        ContributionCheck,
    ).execution_options(populate_existing=True)
    checks = {row.contribution_id: _drawn(row) for row in session.scalars(drawn)}
    return [
        DeclarationRecord(
            **{name: getattr(row, name) for name in _PLAIN},
            **{name: row.of_person.get(name) for name in OF_PERSON},
            contract=contract,
            contractor=firm,
            check=checks.get(row.id),
        )
        for row, contract, firm in rows
    ]


def of_contract(
    session: Session,
    viewer: Viewer,
    contract_id: int,
    *,
    declared_only: bool,
    firm_id: int | None = None,
) -> list[DeclarationRecord]:
    """What was done for a contract in reach, last one first, also what counts no more."""
    statement = _whole(viewer).where(ContractContribution.contract_id == contract_id)
    if declared_only:
        statement = statement.where(*_declared_by(firm_id))
    return _read(session, viewer, statement.order_by(ContractContribution.id.desc()))


def _declared_by(firm_id: int | None) -> tuple[ColumnElement[bool], ...]:
    """Declared by the firm of the contract, or for a share by another one."""
    return (
        ContractContribution.declared_at.is_not(None),
        ContractContribution.firm_id.is_not_distinct_from(firm_id),
    )


def page(
    session: Session,
    viewer: Viewer,
    contract_id: int,
    *,
    declared_only: bool,
    firm_id: int | None = None,
    cursor: str | None,
    limit: int,
) -> Page[DeclarationRecord]:
    """One page of what was done for a contract in reach, first one first."""
    columns = [ContractContribution.id]
    statement = (
        _whole(viewer).where(ContractContribution.contract_id == contract_id).order_by(*columns)
    )
    if declared_only:
        statement = statement.where(*_declared_by(firm_id))
    if cursor is not None:
        statement = statement.where(after(columns, decode_cursor(cursor, (int,))))
    found: Page[Any] = read_page(
        session,
        statement,  # type: ignore[arg-type]  # rows of three columns
        limit=limit,
        key_of=lambda row: (row[0].id,),
        make=lambda row: row,
    )
    return Page(tuple(_with_checks(session, viewer, found.items)), found.next_cursor)


def find(
    session: Session,
    viewer: Viewer,
    contract_id: int,
    contribution_id: int,
    *,
    declared_only: bool,
    firm_id: int | None = None,
) -> DeclarationRecord:
    """One of a contract in reach; NotFound for any other."""
    statement = _whole(viewer).where(
        ContractContribution.contract_id == contract_id,
        numbered(ContractContribution, contribution_id),
    )
    if declared_only:
        statement = statement.where(*_declared_by(firm_id))
    found = _read(session, viewer, statement)
    if not found:
        raise NotFound("contribution")
    return found[0]


def row_of(
    session: Session, viewer: Viewer, contract_id: int, contribution_id: int
) -> ContractContribution:
    """The row of one that a firm declared, whichever it was, locked for a change."""
    statement = select(ContractContribution).where(
        ContractContribution.contract_id == contract_id,
        numbered(ContractContribution, contribution_id),
        ContractContribution.declared_at.is_not(None),
    )
    found = session.scalar(_locked(scoped(statement, viewer, ContractContribution)))
    if found is None:
        raise NotFound("contribution")
    row: ContractContribution = found
    return row


def by_reference(
    session: Session, viewer: Viewer, contract_id: int, reference: str
) -> ContractContribution | None:
    """The row of that reference, whoever brought it in."""
    statement = select(ContractContribution).where(
        ContractContribution.contract_id == contract_id,
        ContractContribution.reference == reference,
    )
    row: ContractContribution | None = session.scalar(
        _locked(scoped(statement, viewer, ContractContribution))
    )
    return row


def check_row(session: Session, viewer: Viewer, check_id: int) -> ContributionCheck:
    """The row of a check in reach, locked for a change; NotFound for any other."""
    statement = select(ContributionCheck).where(numbered(ContributionCheck, check_id))
    found = session.scalar(_locked(scoped(statement, viewer, ContributionCheck)))
    if found is None:
        raise NotFound("check")
    row: ContributionCheck = found
    return row


def check_of(session: Session, viewer: Viewer, contribution_id: int) -> ContributionCheck | None:
    """The check of a declaration in reach, locked for a change."""
    statement = select(ContributionCheck).where(
        ContributionCheck.contribution_id == contribution_id
    )
    row: ContributionCheck | None = session.scalar(
        _locked(scoped(statement, viewer, ContributionCheck))
    )
    return row


def in_states(
    session: Session, viewer: Viewer, states: Sequence[SampleState], *, limit: int
) -> list[DeclarationRecord]:
    """Declarations in reach whose check is in one of `states`, what is due first on top."""
    statement = (
        _whole(viewer)
        .join(ContributionCheck, ContributionCheck.contribution_id == ContractContribution.id)
        .where(ContributionCheck.state.in_(states))
        .order_by(ContributionCheck.due_on, ContributionCheck.id)
        .limit(limit)
    )
    return _read(session, viewer, scoped(statement, viewer, ContributionCheck))


def verdicts_of(session: Session, organisation_id: int) -> tuple[list[CheckVerdict | None], bool]:
    """What the checks of a firm came to, oldest first, and whether it declared nothing before.

    What one officer proposed stands among them: a good record has nothing against it that is still
    open. A firm whose every declaration was taken back has declared nothing yet.
    """
    declared_by = func.coalesce(ContractContribution.firm_id, PublicContract.organisation_id)
    statement = (
        select(ContributionCheck.verdict, ContributionCheck.first_at, ContributionCheck.id)
        .join(ContractContribution, ContractContribution.id == ContributionCheck.contribution_id)
        .join(PublicContract, PublicContract.id == ContributionCheck.contract_id)
        .where(declared_by == organisation_id)
    )
    # A record is the firm's own, over all contracts that it declared for, also those of others.
    tables = (ContributionCheck, ContractContribution, PublicContract)
    rows = session.execute(unscoped(statement, *tables)).all()
    looked_at = sorted(
        (row for row in rows if row.first_at is not None), key=lambda row: (row.first_at, row.id)
    )
    nothing_yet = all(row.verdict is CheckVerdict.WITHDRAWN for row in rows)
    return [row.verdict for row in looked_at], nothing_yet


def _locked(statement: Select[Any]) -> Select[Any]:
    return statement.with_for_update().execution_options(populate_existing=True)
