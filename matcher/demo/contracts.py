"""Invented employers and their running public contracts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, log
from typing import Any

import numpy as np

from matcher.demo.spec import quota

CENTS = 100
ROUNDED_TO_EUROS = 1000


@dataclass(frozen=True, slots=True)
class Contractor:
    """One invented employer; `lends_to` are the employers that a training pool lends people to."""

    reference: str
    name: str
    region: str
    sector: str
    employer_size: int
    pc4: int
    kind: str
    lends_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contract:
    """One running public contract, without VAT, in the columns of contract.md section 2."""

    reference: str
    contractor: str
    region: str
    kind: str
    value_cents: int
    wage_cents: int
    tendered_on: date
    awarded_on: date
    start_on: date
    end_on: date
    pso_level: str
    pso_valid_until: date | None
    pso_holder: str | None
    existing_staff_fte: float


def draw_contracts(
    employers: Sequence[Mapping[str, Any]],
    contractors: Sequence[Contractor],
    rng: np.random.Generator,
    on: date,
) -> tuple[Contract, ...]:
    """Running public contracts in exact shares of each class; PSO for a part of the larger."""
    return tuple(
        _contract(number, firm, terms["euros"], level, rng, on)
        for number, (firm, terms, level) in enumerate(_holders(employers, contractors, rng), 1)
    )


def _holders(
    employers: Sequence[Mapping[str, Any]],
    contractors: Sequence[Contractor],
    rng: np.random.Generator,
) -> Iterator[tuple[Contractor, Mapping[str, Any], str]]:
    """Which employers have a contract, on which terms, with which PSO level."""
    for employer in employers:
        terms = employer.get("contract")
        if terms is None:
            continue
        firms = [c for c in contractors if c.kind == employer["class"]]
        levels = terms.get("pso", [])
        certified = quota(len(firms), terms.get("pso_share", 0))
        chosen = rng.permutation(len(firms))[: quota(len(firms), terms["share"])]
        for turn, position in enumerate(sorted(chosen.tolist())):
            level = levels[turn % len(levels)] if turn < certified else "none"
            yield firms[position], terms, level


def _contract(
    number: int,
    firm: Contractor,
    euros: Sequence[int],
    pso_level: str,
    rng: np.random.Generator,
    on: date,
) -> Contract:
    def between(low: int, high: int) -> int:
        return int(rng.integers(low, high + 1))

    low, high = (log(limit) for limit in euros)
    drawn = exp(low + (high - low) * rng.random())
    value = round(drawn / ROUNDED_TO_EUROS) * ROUNDED_TO_EUROS * CENTS
    start_on = on - timedelta(weeks=between(4, 40))
    awarded_on = start_on - timedelta(weeks=between(4, 10))
    certified = pso_level != "none"
    return Contract(
        reference=f"demo-o{number:03d}",
        contractor=firm.reference,
        region=firm.region,
        kind="works" if firm.sector.startswith("F") else "services",
        value_cents=value,
        wage_cents=value * between(25, 45) // 100,
        tendered_on=awarded_on - timedelta(weeks=between(8, 20)),
        awarded_on=awarded_on,
        start_on=start_on,
        end_on=start_on + timedelta(weeks=between(52, 156)),
        pso_level=pso_level,
        pso_valid_until=on + timedelta(weeks=between(10, 90)) if certified else None,
        pso_holder="main" if certified else None,
        existing_staff_fte=round(firm.employer_size * between(0, 6) / 100, 1),
    )
