"""A public contract and what is done for it, in the columns of contract.md section 2."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

PSO_NONE = "none"


@dataclass(frozen=True, slots=True)
class Contract:
    """One public contract without VAT; amounts in cents, an unknown value is None."""

    reference: str
    kind: str
    value_cents: int
    start_on: date
    end_on: date
    contractor: str | None = None
    region: str | None = None
    wage_cents: int | None = None
    tendered_on: date | None = None
    awarded_on: date | None = None
    pso_level: str | None = None
    pso_valid_until: date | None = None
    pso_holder: str | None = None
    existing_staff_fte: float | None = None
    municipality: str | None = None
    """Who tenders it, where a municipality has values of its own inside the region's bounds."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """One thing done for a contract: a placement, an activity, a purchase or training.

    `person` is a pseudonym; `group` a building-block group of the rule set, read for the value
    only and never by scoring (P-4).
    """

    reference: str
    contract: str
    kind: str
    person: str | None = None
    group: str | None = None
    age: int | None = None
    permanent: bool | None = None
    start_on: date | None = None
    end_on: date | None = None
    hours_week: float | None = None
    activity_hours: float | None = None
    invoice_cents: int | None = None
    firm_id: int | None = None
    """Which other firm did it for its share; None is the firm of the contract."""
