"""Contracts with accounts in every state, for the demo: nothing done to waiting for a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from matcher.demo.contracts import Contract as Invented
from matcher.domain.access import Viewer
from matcher.domain.contracts import Contract, Contribution
from matcher.domain.months import months_later
from matcher.models import ContractContribution
from matcher.repositories import contracts as rows
from matcher.services.contracts import new_row, post_account

_HALF_A_YEAR = 6
GROUPS = ("p_wet", "ww", "no_benefit", "wia", "bbl")
WEEKS = (18.0, 24.0, 28.0, 32.0, 36.0)
PEOPLE_MAXIMUM = 6
OWN_REFERENCE = "demo-o101"
"""The contract of the firm that the demo's contractor signs in for."""
OWN_VALUE_CENTS = 300_000_00
"""Practice.md section 1: 5 % of it is half a person-year at 30,000."""
ENDED_DAYS = 130
"""Longer ago than the cure period of the demo region."""


def add_accounts(
    session: Session,
    officer: Viewer,
    invented: Sequence[Invented],
    names: Mapping[str, str],
    own_firm: str,
    *,
    on: date,
    now: datetime,
) -> int:
    """Contracts of the demo region with something done for most; how many accounts there are.

    `own_firm` is the one that the demo's contractor signs in for: it has one contract with little
    done, and another one has ended with a shortfall.
    """
    contracts = [_own(own_firm, on), _ended(names[invented[0].contractor], on)]
    contracts += [Contract(**_values(one), contractor=names[one.contractor]) for one in invented]
    made = 0
    for number, contract in enumerate(contracts, 1):
        row = new_row(session, contract, now)
        session.flush()
        for item in _done(contract, number, on):
            session.add(contribution_row(row.id, str(contract.region), item, now))
        session.flush()
        post_account(session, officer, row.id, on=on, now=now)
        made += 1
    return made


def _values(one: Invented) -> dict[str, Any]:
    names = (
        *("reference", "region", "kind", "value_cents", "wage_cents", "tendered_on", "awarded_on"),
        *("start_on", "end_on", "pso_level", "pso_valid_until", "pso_holder"),
        "existing_staff_fte",
    )
    return {name: getattr(one, name) for name in names}


def _own(firm: str, on: date) -> Contract:
    return Contract(
        reference=OWN_REFERENCE,
        contractor=firm,
        region="demo",
        kind="works",
        value_cents=OWN_VALUE_CENTS,
        tendered_on=months_later(on, -8),
        awarded_on=months_later(on, -_HALF_A_YEAR),
        start_on=months_later(on, -4),
        end_on=months_later(on, 14),
        pso_level="none",
    )


def _ended(firm: str, on: date) -> Contract:
    end_on = on - timedelta(days=ENDED_DAYS)
    return Contract(
        reference="demo-o102",
        contractor=firm,
        region="demo",
        kind="services",
        value_cents=2 * OWN_VALUE_CENTS,
        tendered_on=months_later(end_on, -20),
        awarded_on=months_later(end_on, -18),
        start_on=months_later(end_on, -16),
        end_on=end_on,
        pso_level="none",
    )


def _done(contract: Contract, number: int, on: date) -> list[Contribution]:
    """What was done for a contract: of each kind something, and for one in five nothing yet."""
    if number % 5 == 4:
        return []
    base = contract.reference
    found = []
    people = min(PEOPLE_MAXIMUM, 1 + contract.value_cents // (4 * OWN_VALUE_CENTS))
    for turn in range(int(people)):
        begin = months_later(contract.start_on, 1 + turn)
        end = min(months_later(begin, _HALF_A_YEAR + turn), contract.end_on)
        if begin >= min(on, end):
            continue
        found.append(
            Contribution(
                reference=f"{contract.reference}-p{turn + 1}",
                contract=base,
                kind="placement",
                person=f"m{number:02d}{turn + 1}",
                group=GROUPS[(number + turn) % len(GROUPS)],
                permanent=(number + turn) % 7 == 0,
                start_on=begin,
                end_on=end - timedelta(days=1),
                hours_week=WEEKS[(number + 2 * turn) % len(WEEKS)],
            )
        )
    day = months_later(contract.start_on, 2)
    if number % 3 == 0 and day <= on:
        paid = 125_000 + 18_750 * number
        found.append(
            Contribution(
                f"{contract.reference}-i1", contract=base, kind="purchase", start_on=day,
                end_on=day, invoice_cents=paid,
            )
        )  # fmt: skip
    if number % 4 == 1 and day <= on:
        found.append(
            Contribution(
                f"{contract.reference}-a1", contract=base, kind="activity", start_on=day,
                end_on=day, activity_hours=8.0,
            )
        )  # fmt: skip
    return found


def contribution_row(
    contract_id: int, region: str, item: Contribution, now: datetime
) -> ContractContribution:
    """A row of something done for a contract."""
    of_person = {name: getattr(item, name) for name in rows.OF_PERSON}
    return ContractContribution(
        region=region,
        contract_id=contract_id,
        reference=item.reference,
        **{name: getattr(item, name) for name in rows.CONTRIBUTION_FIELDS},
        of_person={name: value for name, value in of_person.items() if value is not None},
        created_at=now,
        updated_at=now,
    )
