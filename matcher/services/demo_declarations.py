"""Declarations in the demo region: a firm with a good record, and one that is looked at."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer, operator
from matcher.domain.drawing import lot
from matcher.repositories.contracts import list_records
from matcher.repositories.declarations import DeclarationRecord
from matcher.services.calendar import day_of
from matcher.services.contribution_checks import give_verdict
from matcher.services.declarations import declare, end_declaration

_WEEK = timedelta(weeks=1)
_PAID = (32_500, 18_000, 41_250)
"""What the firm bought, in cents: each of these was looked at and in order."""
_WHY = "Op het rooster staan minder uren dan gemeld."


def add_declarations(
    session: Session, firm: Viewer, officer: Viewer, own: str, others: str, *, now: datetime
) -> None:
    """The firm's contract `own` with a good record; of contract `others` one found otherwise."""
    numbers = {one.contract.reference: one for one in list_records(session, officer)}
    contract = numbers[own].id
    for turn, cents in enumerate(_PAID):
        then = now - (len(_PAID) - turn + 1) * _WEEK
        made = _declared(session, firm, contract, _bought(then, cents), then, is_drawn=True)
        _answered(session, officer, made, "in_order", None, {}, then)
    lately = now - _WEEK
    mistaken = _declared(session, firm, contract, _bought(lately, 99_000), lately, is_drawn=False)
    end_declaration(session, firm, contract, mistaken.id, end_on=None, now=lately)
    lesson = {"kind": "activity", "start_on": day_of(lately), "activity_hours": 4.0}
    _declared(session, firm, contract, lesson, now, is_drawn=True)

    other = numbers[others]
    # No account of that firm is in the demo.
    theirs = Viewer(None, frozenset({Right.CONTRACTOR}), officer.region, other.organisation_id)
    placed = {
        "kind": "placement",
        "start_on": max(other.contract.start_on, day_of(now - 9 * _WEEK)),
        "hours_week": 32.0,
    }
    made = _declared(session, theirs, other.id, placed, lately, is_drawn=True)
    found = {"hours_week": 24.0}
    _answered(session, operator(officer.region), made, "corrected", _WHY, found, now)


def _bought(then: datetime, cents: int) -> dict[str, Any]:
    return {"kind": "purchase", "start_on": day_of(then), "invoice_cents": cents}


def _declared(
    session: Session,
    firm: Viewer,
    contract_id: int,
    values: dict[str, Any],
    now: datetime,
    *,
    is_drawn: bool,
) -> DeclarationRecord:
    """A declaration whose seed was thrown until its number came out as the demo needs."""
    reference = f"M-{contract_id:02d}{values['start_on']:%m%d}{values['kind'][0]}"
    seeds = (f"{reference}-{number}" for number in count())
    seed = next(each for each in seeds if (lot(each) < 500) is is_drawn)
    values = {**values, "reference": f"{reference}{'' if is_drawn else '-2'}"}
    return declare(session, firm, contract_id, values, now=now, seed=seed)


def _answered(
    session: Session,
    officer: Viewer,
    made: DeclarationRecord,
    verdict: str,
    why: str | None,
    found: dict[str, Any],
    now: datetime,
) -> None:
    if made.check is None:
        return
    give_verdict(
        session, officer, made.check.id, verdict, found=found, why=why,
        expected_version=made.check.version, now=now,
    )  # fmt: skip
