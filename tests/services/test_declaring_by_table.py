"""Declaring where values differ by group: the group is asked, and no amount tells a benefit."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from matcher.domain.access import Right
from matcher.domain.errors import InvalidInput
from matcher.services.contract_imports import import_contracts
from matcher.services.contracts import get_account
from matcher.services.declaration_rows import declaration_shown
from matcher.services.declarations import asked_of, declare
from tests.services.conftest import account_of
from tests.services.contracting import CONTRACTS, NOW, ON, numbers, source
from tests.services.declaring import firm_of

PLACED: dict[str, Any] = {
    "kind": "placement", "start_on": date(2026, 9, 1), "hours_week": 18.0, "group": "ww",
}  # fmt: skip


def test_the_group_is_asked_and_no_amount_is_shown_of_fewer_than_three(session: Session) -> None:
    officer = account_of(session, "officer", Right.OFFICER, region="haaglanden")
    text = CONTRACTS.replace(";demo;", ";haaglanden;")
    import_contracts(session, officer, source(text), now=NOW)
    number = numbers(session)["O-3"]
    firm = firm_of(session, officer, number)
    asked = asked_of(session, get_account(session, firm, number, ON))
    assert asked is not None
    assert "ww" in asked.groups
    assert "group" in asked.fields("placement")
    assert set(asked.kinds) == {"placement", "training"}

    with pytest.raises(InvalidInput, match="group"):
        declare(session, firm, number, {**PLACED, "group": None}, now=NOW)
    for turn in range(2):
        made = declare(session, firm, number, {**PLACED, "person": f"P-{turn}"}, now=NOW)
        assert "group" not in declaration_shown(made, firm)

    view = get_account(session, firm, number, ON)
    assert view.account is not None
    assert view.account.credited_cents > 0
    assert view.shown is not None
    (line,) = view.shown.lines
    assert (line.kind, line.count, line.cents) == ("placement", 2, None)
    assert view.shown_balance_cents == view.account.obligation_cents
