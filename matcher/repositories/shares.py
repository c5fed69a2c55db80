"""Shares of contracts: who passed what to whom, and how far it came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from matcher.domain.access import Viewer
from matcher.domain.errors import NotFound
from matcher.domain.shares import ShareState
from matcher.models import ContractShare, Organisation, PublicContract
from matcher.repositories.records import Record
from matcher.repositories.scope import numbered, scoped, unscoped

OPEN = (ShareState.ASKED, ShareState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class ShareRecord(Record):
    """A share as kept, with the names of both firms and the reference of the contract."""

    id: int
    version: int
    region: str
    contract_id: int
    contract: str
    giver_id: int
    giver: str
    organisation_id: int
    taker: str
    part: int
    state: ShareState
    asked_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    created_at: datetime
    updated_at: datetime


_NAMED = ("contract", "giver", "taker")
_PLAIN = tuple(item.name for item in fields(ShareRecord) if item.name not in _NAMED)


def _whole(viewer: Viewer) -> Any:
    giver, taker = aliased(Organisation), aliased(Organisation)
    statement = (
        select(ContractShare, PublicContract.reference, giver.name, taker.name)
        .join(PublicContract, PublicContract.id == ContractShare.contract_id)
        .join(giver, giver.id == ContractShare.giver_id)
        .join(taker, taker.id == ContractShare.organisation_id)
        .execution_options(populate_existing=True)
    )
    # Both firms of a share know each other's name and what the contract is called.
    return unscoped(scoped(statement, viewer, ContractShare), Organisation, PublicContract)


def _record(row: Any) -> ShareRecord:
    share, contract, giver, taker = row
    return ShareRecord(
        **{name: getattr(share, name) for name in _PLAIN},
        contract=contract,
        giver=giver,
        taker=taker,
    )


def of_contract(session: Session, viewer: Viewer, contract_id: int) -> list[ShareRecord]:
    """The shares of a contract in reach, first one first."""
    statement = _whole(viewer).where(ContractShare.contract_id == contract_id)
    return [_record(row) for row in session.execute(statement.order_by(ContractShare.id))]


def taken_by(session: Session, viewer: Viewer, organisation_id: int) -> list[ShareRecord]:
    """The shares that a firm was asked to take or took, also ended ones, last one first."""
    statement = _whole(viewer).where(
        ContractShare.organisation_id == organisation_id,
        or_(
            ContractShare.state.in_(OPEN),
            and_(ContractShare.state == ShareState.ENDED, ContractShare.answered_at.is_not(None)),
        ),
    )
    return [_record(row) for row in session.execute(statement.order_by(ContractShare.id.desc()))]


def find(session: Session, viewer: Viewer, share_id: int) -> ShareRecord:
    """One share in reach; NotFound for any other."""
    found = session.execute(_whole(viewer).where(numbered(ContractShare, share_id))).first()
    if found is None:
        raise NotFound("share")
    return _record(found)


def row_of(session: Session, viewer: Viewer, share_id: int) -> ContractShare:
    """The row of a share in reach, locked for a change."""
    statement = select(ContractShare).where(numbered(ContractShare, share_id))
    found = session.scalar(
        scoped(statement, viewer, ContractShare)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("share")
    row: ContractShare = found
    return row


def parts_of(records: Sequence[ShareRecord], *, states: Sequence[ShareState]) -> list[int]:
    """The parts of shares in some of the states."""
    return [one.part for one in records if one.state in states]


def firm_named(session: Session, region: str, name: str) -> int | None:
    """The number of a firm of a region with exactly that name, whatever its capitals."""
    statement = select(Organisation.id, Organisation.name).where(Organisation.region == region)
    # A firm names another one it works with; it learns no more than that it is known here.
    for number, known in session.execute(unscoped(statement, Organisation)):
        if known.casefold() == name.casefold():
            found: int = number
            return found
    return None
