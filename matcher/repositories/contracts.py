"""Public contracts with what was done for them, their ledgers and settlements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.contracts import Contract, Contribution
from matcher.domain.errors import NotFound
from matcher.domain.ledger import Posting
from matcher.domain.postings import Part, Step
from matcher.models import (
    Candidate,
    ContractContribution,
    LedgerEntry,
    Organisation,
    PublicContract,
    SettlementDecision,
)
from matcher.models.states import LedgerPart, SettlementChoice, SettlementVote
from matcher.repositories.paging import after, decode_cursor, read_page
from matcher.repositories.records import Page
from matcher.repositories.scope import numbered, scoped, unscoped

CONTRACT_FIELDS = tuple(
    item.name for item in fields(Contract) if item.name not in ("reference", "contractor", "region")
)
OF_PERSON = ("person", "group", "age", "permanent")
CONTRIBUTION_FIELDS = tuple(
    item.name
    for item in fields(Contribution)
    if item.name not in ("reference", "contract", "firm_id", *OF_PERSON)
)


@dataclass(frozen=True, slots=True)
class ContractRecord:
    """A contract as kept."""

    id: int
    version: int
    contract: Contract
    organisation_id: int
    rule_version_id: int | None
    """The version of the rules it was opened under; None is the region's file."""
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A line of the ledger as kept."""

    id: int
    posting: Posting
    on: date
    rules_version: str
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class SettlementRecord:
    """What two officers decided, or the first of them so far."""

    id: int
    contract_id: int
    shortfall_cents: int
    cents: int
    choice: SettlementChoice
    why: str
    state: SettlementVote
    first_by: int | None
    first_at: datetime
    second_by: int | None
    second_at: datetime | None


def to_record(row: PublicContract, contractor: str) -> ContractRecord:
    """The row as a frozen value, with the name of its firm."""
    values = {name: getattr(row, name) for name in CONTRACT_FIELDS}
    return ContractRecord(
        id=row.id,
        version=row.version,
        contract=Contract(
            reference=row.reference, contractor=contractor, region=row.region, **values
        ),
        organisation_id=row.organisation_id,
        rule_version_id=row.rule_version_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def to_contribution(row: ContractContribution, contract: str) -> Contribution:
    """The row as the rules read it; `contract` is the reference of its contract."""
    values: dict[str, Any] = {name: getattr(row, name) for name in CONTRIBUTION_FIELDS}
    of_person: dict[str, Any] = {name: row.of_person.get(name) for name in OF_PERSON}
    of_person["person"] = whose(row.firm_id, of_person["person"])
    return Contribution(
        reference=row.reference, contract=contract, firm_id=row.firm_id, **values, **of_person
    )


def whose(firm_id: int | None, person: str | None) -> str | None:
    """A pseudonym as the rules tell people apart: those of another firm are other people."""
    return person if firm_id is None or person is None else f"{firm_id}/{person}"


def _with_firm(viewer: Viewer) -> Any:
    statement = select(PublicContract, Organisation.name).join(
        Organisation, Organisation.id == PublicContract.organisation_id
    )
    return scoped(statement, viewer, PublicContract, Organisation)


def page(
    session: Session, viewer: Viewer, *, cursor: str | None, limit: int
) -> Page[ContractRecord]:
    """One page of the contracts in reach, those that end first on top."""
    columns = [PublicContract.end_on, PublicContract.id]
    statement = _with_firm(viewer).order_by(*columns)
    if cursor is not None:
        statement = statement.where(after(columns, decode_cursor(cursor, (date, int))))
    return read_page(
        session,
        statement,
        limit=limit,
        key_of=lambda row: (row[0].end_on, row[0].id),
        make=lambda row: to_record(row[0], row[1]),
    )


def list_records(session: Session, viewer: Viewer) -> list[ContractRecord]:
    """Every contract in reach, those that end first on top."""
    statement = _with_firm(viewer).order_by(PublicContract.end_on, PublicContract.id)
    return [to_record(row, firm) for row, firm in session.execute(statement)]


def get_record(session: Session, viewer: Viewer, contract_id: int) -> ContractRecord:
    """The contract in reach of `viewer`; NotFound for any other."""
    statement = _with_firm(viewer).where(numbered(PublicContract, contract_id))
    found = session.execute(statement).first()
    if found is None:
        raise NotFound("contract")
    return to_record(found[0], found[1])


def lock(session: Session, viewer: Viewer, contract_id: int) -> None:
    """Keeps others from writing to the ledger of a contract until the caller is done."""
    statement = scoped(
        select(PublicContract.id).where(numbered(PublicContract, contract_id)),
        viewer,
        PublicContract,
    )
    if session.scalar(statement.with_for_update()) is None:
        raise NotFound("contract")


def rows_by_reference(
    session: Session, viewer: Viewer, references: Iterable[str]
) -> dict[str, PublicContract]:
    """Contracts in reach by their reference."""
    statement = select(PublicContract).where(PublicContract.reference.in_(list(references)))
    found = session.scalars(scoped(statement, viewer, PublicContract))
    return {row.reference: row for row in found}


def contributions_of(
    session: Session, viewer: Viewer, contract_ids: Sequence[int], *, withdrawn: bool = False
) -> dict[int, list[ContractContribution]]:
    """What was done for contracts in reach, by contract; `withdrawn` takes along what counts no
    more."""
    statement = (
        select(ContractContribution)
        .where(ContractContribution.contract_id.in_(contract_ids))
        .order_by(ContractContribution.contract_id, ContractContribution.id)
    )
    if not withdrawn:
        statement = statement.where(ContractContribution.withdrawn_at.is_(None))
    found: dict[int, list[ContractContribution]] = {number: [] for number in contract_ids}
    for row in session.scalars(scoped(statement, viewer, ContractContribution)):
        found[row.contract_id].append(row)
    return found


def ledger_of(session: Session, viewer: Viewer, contract_id: int) -> list[LedgerLine]:
    """The ledger of a contract in reach, first line first."""
    statement = (
        select(LedgerEntry).where(LedgerEntry.contract_id == contract_id).order_by(LedgerEntry.id)
    )
    return [_to_line(row) for row in session.scalars(scoped(statement, viewer, LedgerEntry))]


def _to_line(row: LedgerEntry) -> LedgerLine:
    cents = -row.cents if row.is_contra else row.cents
    step = Step(
        part=Part(row.part.value),
        rule=row.rule,
        source=row.source,
        cents=cents if row.part is LedgerPart.OBLIGATION else -cents,
        arithmetic=row.arithmetic,
        subject=row.subject,
        input=row.given,
        reason=row.reason,
        is_example=row.is_example,
    )
    return LedgerLine(
        id=row.id,
        posting=Posting(step, row.cents, row.is_contra),
        on=row.on,
        rules_version=row.rules_version,
        posted_at=row.posted_at,
    )


def add_postings(
    session: Session,
    record: ContractRecord,
    postings: Iterable[Posting],
    *,
    on: date,
    rules_version: str,
    now: datetime,
) -> None:
    """Adds lines to the ledger of a contract."""
    for posting in postings:
        step = posting.step
        session.add(
            LedgerEntry(
                region=record.contract.region,
                contract_id=record.id,
                part=LedgerPart(step.part.value),
                rule=step.rule,
                subject=step.subject,
                cents=posting.cents,
                is_contra=posting.is_contra,
                source=step.source,
                is_example=step.is_example,
                reason=step.reason,
                arithmetic=step.arithmetic,
                given=_plain(step.input),
                on=on,
                rules_version=rules_version,
                posted_at=now,
            )
        )
    session.flush()


def _plain(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in given.items()
    }


def references_of_people(session: Session, region: str, names: Iterable[str]) -> set[str]:
    """Those of `names` that are references of candidates: no pseudonym for the outside."""
    # Whoever keeps contracts reaches no candidate; only whether the name is taken is asked.
    statement = select(Candidate.reference).where(
        Candidate.region == region, Candidate.reference.in_(list(names))
    )
    return set(session.scalars(unscoped(statement, Candidate)))


def settlements_of(session: Session, viewer: Viewer, contract_id: int) -> list[SettlementRecord]:
    """The decisions about a contract in reach, newest first."""
    statement = (
        select(SettlementDecision)
        .where(SettlementDecision.contract_id == contract_id)
        .order_by(SettlementDecision.id.desc())
    )
    found = session.scalars(scoped(statement, viewer, SettlementDecision))
    return [to_settlement(row) for row in found]


def settlement_row(
    session: Session, viewer: Viewer, contract_id: int, number: int
) -> SettlementDecision:
    """One decision about a contract in reach, locked; NotFound for any other."""
    statement = (
        select(SettlementDecision)
        .where(numbered(SettlementDecision, number), SettlementDecision.contract_id == contract_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = session.scalar(scoped(statement, viewer, SettlementDecision))
    if found is None:
        raise NotFound("settlement")
    return found


def to_settlement(row: SettlementDecision) -> SettlementRecord:
    """The row as a frozen value."""
    names = (item.name for item in fields(SettlementRecord))
    return SettlementRecord(**{name: getattr(row, name) for name in names})
