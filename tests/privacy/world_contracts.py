"""Contracts of the world: of each firm one, with a pseudonym and a group that may not get out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.files.source import Source
from matcher.models import SettlementDecision
from matcher.repositories.contracts import rows_by_reference
from matcher.repositories.scope import unscoped
from matcher.services.contract_imports import import_contracts, import_contributions
from matcher.services.contracts import get_contract
from matcher.services.contribution_checks import give_verdict
from matcher.services.declarations import declare
from matcher.services.settlements import decide
from matcher.services.shares import answer_share, ask_share, declare_for_share

if TYPE_CHECKING:
    from tests.privacy.world import World

FIRMS = {"contractor": ("Firma Een", "een"), "rival": ("Firma Twee", "twee")}
"""The firm of each account, and whose its canaries are."""
THIRD = {"third": "Firma Drie"}
"""A firm without an account, of whose contract the others took a part."""
AFTER_CURE = date(2027, 3, 1)
WHILE_IT_RAN = datetime(2026, 6, 10, 8, 30, tzinfo=UTC)


def contracted(session: Session, world: World, now: datetime) -> None:
    """A contract of each firm that has ended, somebody who worked on it, a decision that waits."""
    officer = world.accounts["officer"]
    head = "reference;contractor;region;kind;value_cents;tendered_on;start_on;end_on"
    rows = [
        f"O-{who};{firm};demo;works;90000000;2026-01-02;2026-02-01;2026-10-31"
        for who, firm in {**{who: firm for who, (firm, _whose) in FIRMS.items()}, **THIRD}.items()
    ]
    import_contracts(session, officer, _csv([head, *rows]), now=now)
    head = "reference;contract;kind;person;group;start_on;end_on;hours_week"
    rows = [
        f"I-{who};O-{who};placement;{world.word('contribution', 'person', whose)};bbl;"
        "2026-03-01;2026-08-31;24"
        for who, (_firm, whose) in FIRMS.items()
    ]
    import_contributions(session, officer, _csv([head, *rows]), now=now)
    known = rows_by_reference(session, officer, [f"O-{who}" for who in (*FIRMS, *THIRD)])
    for who, (_firm, whose) in FIRMS.items():
        contract = known[f"O-{who}"].id
        _declared(session, world, who, whose, contract)
    _shared(session, world, known["O-third"].id)
    for who, (_firm, whose) in FIRMS.items():
        contract = known[f"O-{who}"].id
        why = world.word("settlement_decision", "why", whose)
        decide(session, officer, contract, "ask", why, on=AFTER_CURE, now=now)
        statement = select(SettlementDecision.id).where(SettlementDecision.contract_id == contract)
        number = session.scalars(unscoped(statement, SettlementDecision)).one()
        world.ids[who] |= {"contract_id": contract, "number": number}


def _declared(session: Session, world: World, who: str, whose: str, contract: int) -> None:
    """What the firm declared itself; one officer found it otherwise, and nobody confirmed it."""
    values = {"kind": "activity", "start_on": date(2026, 6, 2), "activity_hours": 8.0}
    made = declare(session, world.accounts[who], contract, values, now=WHILE_IT_RAN)
    assert made.check is not None
    world.ids[who] |= {"contribution_id": made.id, "sample_id": made.check.id}
    give_verdict(
        session,
        world.accounts["officer"],
        made.check.id,
        "not_shown",
        found={},
        why=world.word("contribution_check", "why", whose),
        expected_version=1,
        now=WHILE_IT_RAN,
    )


def _shared(session: Session, world: World, number: int) -> None:
    """Each firm took part of what a third one owes, and did something for it."""
    record = get_contract(session, world.accounts["officer"], number)
    third = Viewer(None, frozenset({Right.CONTRACTOR}), "demo", record.organisation_id)
    for who, (firm, _whose) in FIRMS.items():
        taker = world.accounts[who]
        one = ask_share(
            session, third, number, firm=firm, part=1_000, on=WHILE_IT_RAN.date(),
            now=WHILE_IT_RAN,
        )  # fmt: skip
        answer_share(session, taker, one.id, accepts=True, expected_version=1, now=WHILE_IT_RAN)
        values = {"kind": "purchase", "start_on": date(2026, 6, 3), "invoice_cents": 7_700}
        declare_for_share(session, taker, one.id, values, now=WHILE_IT_RAN)
        world.ids[who]["share_id"] = one.id


def _csv(lines: list[str]) -> Source:
    return Source("contracts.csv", "\n".join(lines).encode(), "csv")
