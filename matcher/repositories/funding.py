"""Money for seats: budgets, and taking cents from one only while there are enough."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import NotFound
from matcher.models import FundingLine
from matcher.repositories.records import Record
from matcher.repositories.scope import numbered, scoped, unscoped


@dataclass(frozen=True, slots=True)
class FundingRecord(Record):
    """A budget as kept; `left_cents` is what can still be set apart."""

    id: int
    version: int
    region: str
    name: str
    source: str
    from_sector: str | None
    to_sector: str | None
    budget_cents: int
    spent_cents: int
    left_cents: int
    until: date | None
    created_at: datetime
    updated_at: datetime

    @property
    def is_cross_sector(self) -> bool:
        """Whether one sector pays for people who go to another."""
        known = self.from_sector is not None and self.to_sector is not None
        return known and self.from_sector != self.to_sector


def to_record(row: FundingLine) -> FundingRecord:
    """The row as a frozen value."""
    return FundingRecord(
        id=row.id,
        version=row.version,
        region=row.region,
        name=row.name,
        source=row.source,
        from_sector=row.from_sector,
        to_sector=row.to_sector,
        budget_cents=row.budget_cents,
        spent_cents=row.spent_cents,
        left_cents=row.budget_cents - row.spent_cents,
        until=row.until,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def get_row(
    session: Session, viewer: Viewer, line_id: int, *, for_update: bool = False
) -> FundingLine:
    """The row in reach of `viewer`, locked for a change on request; NotFound for any other."""
    statement = scoped(
        select(FundingLine).where(numbered(FundingLine, line_id)), viewer, FundingLine
    )
    if for_update:
        statement = statement.with_for_update()
    found = session.scalar(statement.execution_options(populate_existing=True))
    if found is None:
        raise NotFound("funding line")
    return found


def list_rows(session: Session, viewer: Viewer) -> list[FundingLine]:
    """The budgets in reach, by name."""
    statement = scoped(select(FundingLine), viewer, FundingLine).order_by(FundingLine.name)
    # Spending goes past the rows that this session holds.
    return list(session.scalars(statement.execution_options(populate_existing=True)))


def names_of(session: Session, region: str, line_ids: Iterable[int]) -> dict[int, str]:
    """The names of budgets of a region by number, for who may see where money comes from."""
    # A name says nothing of amounts; coaches see it with the group.
    statement = select(FundingLine.id, FundingLine.name).where(
        FundingLine.region == region, FundingLine.id.in_(list(line_ids))
    )
    rows = session.execute(unscoped(statement, FundingLine))
    return {row.id: row.name for row in rows}


def take_cents(session: Session, line_id: int, cents: int, *, starts_on: date) -> bool:
    """Sets `cents` apart if they are left and the line lasts until `starts_on`; whether it did.

    One statement that looks and takes: of many at the same moment, only as many get money as there
    is money for.
    """
    after = FundingLine.spent_cents + cents
    lasts = FundingLine.until.is_(None) | (FundingLine.until >= starts_on)
    enough = update(FundingLine).where(
        FundingLine.id == line_id, after <= FundingLine.budget_cents, lasts
    )
    return _changed(session, enough.values(spent_cents=after)) == 1


def give_back_cents(session: Session, line_id: int, cents: int) -> None:
    """What was set apart for a seat that nobody used is there for the next one."""
    back = update(FundingLine).where(FundingLine.id == line_id)
    _changed(session, back.values(spent_cents=FundingLine.spent_cents - cents))


def _changed(session: Session, statement: Any) -> int:
    # Whoever books a seat spends its money, whether they may see the budget or not.
    options = {"synchronize_session": False}
    result: Any = session.execute(unscoped(statement, FundingLine), execution_options=options)
    return int(result.rowcount)
