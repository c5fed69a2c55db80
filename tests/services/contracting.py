"""Contracts and contributions in a database, and the figures of an account from its bare rows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.files.source import Source
from matcher.models import LedgerEntry, PublicContract
from matcher.repositories.scope import unscoped
from matcher.services.contract_imports import import_contracts, import_contributions

NOW = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
ON = date(2027, 3, 1)
CONTRACTS = """\
reference;contractor;region;kind;value_cents;tendered_on;start_on;end_on;pso_level
O-1;Wegen Een;demo;works;30000000;2026-02-01;2026-04-01;2028-03-31;none
O-2;Wegen Een;demo;services;50000000;2026-02-01;2026-04-01;2026-11-30;none
O-3;Groen Twee;demo;works;20000000;2026-02-01;2026-04-01;2028-03-31;none
"""
CONTRIBUTIONS = """\
reference;contract;kind;person;group;age;permanent;start_on;end_on;hours_week;activity_hours;\
invoice_cents
I-1;O-1;placement;p-1;p_wet;56;yes;2026-05-01;2026-10-31;18;;
I-2;O-1;activity;;;;;2026-06-01;;;12;
I-3;O-2;purchase;;;;;2026-06-01;;;;250000
"""


def source(text: str) -> Source:
    """A text as a CSV file."""
    return Source("file.csv", text.encode(), "csv")


def brought_in(session: Session, officer: Viewer, *, now: datetime = NOW) -> dict[str, int]:
    """The contracts above with what was done for them; their numbers by reference."""
    import_contracts(session, officer, source(CONTRACTS), now=now)
    import_contributions(session, officer, source(CONTRIBUTIONS), now=now)
    return numbers(session)


def numbers(session: Session) -> dict[str, int]:
    found = session.execute(
        unscoped(select(PublicContract.reference, PublicContract.id), PublicContract)
    )
    return {row.reference: row.id for row in found}


def lines(session: Session, contract_id: int) -> list[dict[str, Any]]:
    """The bare rows of a ledger."""
    table = LedgerEntry.__table__
    statement = (
        select(table.c.rule, table.c.subject, table.c.cents, table.c.is_contra)
        .where(table.c.contract_id == contract_id)
        .order_by(table.c.id)
    )
    return [dict(row) for row in session.execute(unscoped(statement, LedgerEntry)).mappings()]


def balance(session: Session, contract_id: int) -> int:
    """The sum of all lines, by the database itself."""
    table = LedgerEntry.__table__
    statement = select(func.sum(table.c.cents)).where(table.c.contract_id == contract_id)
    return int(session.scalar(unscoped(statement, LedgerEntry)) or 0)
