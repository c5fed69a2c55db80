"""A firm with a contract that declares, and officers who look at it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.drawing import lot
from matcher.services.contracts import get_contract
from tests.services.conftest import account_of

PLACED: dict[str, Any] = {
    "kind": "placement", "reference": "M-1", "start_on": date(2026, 9, 1),
    "end_on": date(2027, 2, 28), "hours_week": 18.0,
}  # fmt: skip
"""30,000 × 18/36 × 6/12 = 7,500 under the rules of the demo region."""
PAID: dict[str, Any] = {
    "kind": "purchase", "reference": "M-2", "start_on": date(2026, 9, 1), "invoice_cents": 123_450,
}  # fmt: skip


def seed_with(*, below: int | None = None, above: int | None = None) -> str:
    """A seed whose number in the draw lies on the side that a test needs."""
    for number in count():
        seed = f"seed-{number}"
        drawn = lot(seed)
        if (below is not None and drawn < below) or (above is not None and drawn >= above):
            return seed
    raise AssertionError


def firm_of(session: Session, officer: Viewer, contract_id: int, name: str = "firm") -> Viewer:
    """An account of the firm whose contract it is."""
    record = get_contract(session, officer, contract_id)
    made = account_of(session, name, Right.CONTRACTOR)
    return replace(made, organisation_id=record.organisation_id)
