"""Money for seats: what there is, what is set apart, and what goes from one sector to another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, Problem, Stale
from matcher.models import FundingLine
from matcher.models.seat import CENTS_MAXIMUM
from matcher.reference.codes import load_codes
from matcher.repositories import funding as rows
from matcher.repositories.funding import FundingRecord
from matcher.services.checks import checked_texts
from matcher.services.cohorts import PLANNERS
from matcher.services.transactions import unit_of_work

READERS = (*PLANNERS, Right.ANALYST)


@dataclass(frozen=True, slots=True)
class Flow:
    """What funds of one sector set apart for people who go to another."""

    from_sector: str
    to_sector: str
    budget_cents: int
    spent_cents: int


def list_funding(session: Session, viewer: Viewer) -> list[FundingRecord]:
    """The budgets of the viewer's region, by name."""
    if not viewer.has(*READERS):
        raise Forbidden("none of your rights sees budgets")
    return [rows.to_record(row) for row in rows.list_rows(session, viewer)]


def get_funding(session: Session, viewer: Viewer, line_id: int) -> FundingRecord:
    """One budget in reach; NotFound for any other."""
    return rows.to_record(rows.get_row(session, viewer, line_id))


def flows(records: Iterable[FundingRecord]) -> list[Flow]:
    """Euros that cross from one sector to another, added up by pair of sectors."""
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for record in records:
        if record.is_cross_sector and record.from_sector and record.to_sector:
            pair = (record.from_sector, record.to_sector)
            budget, spent = sums.get(pair, (0, 0))
            sums[pair] = (budget + record.budget_cents, spent + record.spent_cents)
    return [Flow(*pair, *cents) for pair, cents in sorted(sums.items())]


def add_funding(
    session: Session,
    viewer: Viewer,
    *,
    name: str | None,
    source: str | None,
    from_sector: str | None,
    to_sector: str | None,
    budget_cents: int | None,
    until: date | None,
    now: datetime,
) -> FundingRecord:
    """A new budget of the viewer's region; Conflict when one has this name."""
    with unit_of_work(session):
        if viewer.region is None or not viewer.has(*PLANNERS):
            raise Forbidden("none of your rights adds a budget")
        texts, problems = checked_texts(
            {"name": 120}, {"name": name}, viewer.language, names=("name",)
        )
        if not texts.get("name"):
            problems.append(Problem("name", "is required; fill it in"))
        codes = load_codes()
        if source not in codes.list("funding").codes:
            problems.append(Problem("source", "must be a code of funding"))
        for field, sector in (("from_sector", from_sector), ("to_sector", to_sector)):
            if sector is not None and sector not in codes.list("sectors").codes:
                problems.append(Problem(field, "must be a code of sectors"))
        problems += _budget_problems(budget_cents)
        if problems:
            raise InvalidInput(problems)
        row = FundingLine(
            region=viewer.region,
            name=texts["name"],
            source=source,
            from_sector=from_sector,
            to_sector=to_sector,
            budget_cents=budget_cents,
            spent_cents=0,
            until=until,
            created_at=now,
            updated_at=now,
        )
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError as error:
            raise Conflict("there is already a budget of this name in the region") from error
        return rows.to_record(row)


def change_budget(
    session: Session,
    viewer: Viewer,
    line_id: int,
    *,
    budget_cents: int | None,
    until: date | None,
    expected_version: int,
    now: datetime,
) -> FundingRecord:
    """Changes how much there is and how long it lasts; never less than is set apart already."""
    with unit_of_work(session):
        if not viewer.has(*PLANNERS):
            raise Forbidden("none of your rights changes a budget")
        row = rows.get_row(session, viewer, line_id, for_update=True)
        if row.version != expected_version:
            raise Stale("funding line", row.version)
        problems = _budget_problems(budget_cents)
        if problems or budget_cents is None:
            raise InvalidInput(problems)
        if budget_cents < row.spent_cents:
            raise Conflict("more than that is set apart for seats already")
        row.budget_cents, row.until, row.updated_at = budget_cents, until, now
        session.flush()
        return rows.to_record(row)


def _budget_problems(budget_cents: int | None) -> list[Problem]:
    if budget_cents is None or not 0 <= budget_cents <= CENTS_MAXIMUM:
        return [Problem("budget_cents", f"must be from 0 to {CENTS_MAXIMUM}")]
    return []
