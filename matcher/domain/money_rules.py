"""The money rules of one region as they hold for one contract; figures stand in ``data/rules``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sourced(Generic[T]):
    """A value of the rule set with where it comes from and when it holds."""

    name: str
    value: T
    source: str
    valid_from: date | None
    valid_until: date | None
    is_example: bool = False


@dataclass(frozen=True, slots=True)
class ObligationRule:
    """Percent of the contract value or the wage sum by kind of contract, and the most owed."""

    base: str
    percent: Mapping[str, Fraction]
    cap_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """A contract under the amount of its kind, or shorter, owes nothing."""

    minimum_cents: Mapping[str, int]
    minimum_months: int


@dataclass(frozen=True, slots=True)
class Group:
    """One building-block group; `by_invoice` counts invoices or wage cost instead of a value."""

    code: str
    nl: str
    en: str
    cents_per_year: int | None = None
    by_invoice: bool = False
    maximum_months: int | None = None
    always_counts: bool = False

    def label(self, lang: str) -> str:
        """What the group is called; any language but Dutch gives English."""
        return self.nl if lang == "nl" else self.en


@dataclass(frozen=True, slots=True)
class BuildingBlocks:
    """The value of a full-time year: one for everybody (`uniform_cents`), or one a group."""

    groups: Mapping[str, Group]
    uniform_cents: int | None = None

    @property
    def is_uniform(self) -> bool:
        """Whether no amount can tell which benefit someone has."""
        return self.uniform_cents is not None

    def cents_per_year(self, group: str | None) -> int | None:
        """The value of a full-time year of someone of `group`; None where invoices count."""
        if group is not None and self.groups[group].by_invoice:
            return None
        if self.uniform_cents is not None or group is None:
            return self.uniform_cents
        return self.groups[group].cents_per_year


@dataclass(frozen=True, slots=True)
class FullTime:
    """Hours a week of a full-time year, and whether more hours than that count for more."""

    hours_week: Fraction
    more_counts: bool = True


@dataclass(frozen=True, slots=True)
class Bonus:
    """An amount once a person, on every condition that it states.

    `after_groups` are internship groups: hired after at least `after_months` in one of them.
    """

    code: str
    nl: str
    en: str
    cents: int
    minimum_age: int | None = None
    permanent: bool = False
    groups: frozenset[str] = frozenset()
    after_groups: frozenset[str] = frozenset()
    after_months: int = 0

    def label(self, lang: str) -> str:
        """What the bonus is for; any language but Dutch gives English."""
        return self.nl if lang == "nl" else self.en


@dataclass(frozen=True, slots=True)
class Alternative:
    """How an activity, purchase or training counts: an amount an hour, or a share of invoices."""

    cents_per_hour: int | None = None
    hours_per_day: int | None = None
    maximum_cents_per_day: int | None = None
    percent_of_invoice: Fraction | None = None


@dataclass(frozen=True, slots=True)
class PsoEffect:
    """Discount in percent by PSO level (100 is lapse), who must hold it and when."""

    holder: str
    valid_at: str
    discount_percent: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class ExistingStaff:
    """Credit for people of the group who already work there, up to a share of the obligation."""

    cents_per_fte: int
    maximum_percent: Fraction


@dataclass(frozen=True, slots=True)
class SettlementRule:
    """What a shortfall costs, after which cure period, and whether proven effort excuses it."""

    factor_percent: Fraction
    cure_period_days: int
    effort_defence: bool


@dataclass(frozen=True, slots=True)
class SampledChecks:
    """How many of a hundred declarations are looked at afterwards, and in how many days."""

    percent: Fraction
    working_days: int


@dataclass(frozen=True, slots=True)
class LightPath:
    """What a good record brings: so many checks in order in a row, then fewer fields and draws."""

    checks_in_order: int
    fields_maximum: int
    rate_percent: Fraction


@dataclass(frozen=True, slots=True)
class ChainShares:
    """How much of what a contract owes may be passed to other firms in all."""

    maximum_percent: Fraction


@dataclass(frozen=True, slots=True)
class MoneyRules:
    """The money rules that hold for a contract of `reference_date`; None is a rule not used."""

    slug: str
    version: str
    reference_column: str
    reference_date: date
    obligation: Sourced[ObligationRule]
    building_blocks: Sourced[BuildingBlocks]
    full_time: Sourced[FullTime]
    thresholds: Sourced[Thresholds] | None = None
    counting_window: Sourced[int] | None = None
    pre_contract_window: Sourced[int] | None = None
    bonuses: Sourced[tuple[Bonus, ...]] | None = None
    alternatives: Sourced[Mapping[str, Alternative]] | None = None
    pso_effect: Sourced[PsoEffect] | None = None
    existing_staff: Sourced[ExistingStaff] | None = None
    settlement: Sourced[SettlementRule] | None = None
    municipality: str | None = None
    """Whose values stand over those of the region, where the rule set writes any for it."""
    sampled_checks: Sourced[SampledChecks] | None = None
    light_path: Sourced[LightPath] | None = None
    chain_shares: Sourced[ChainShares] | None = None

    def maximum_months(self, group: str | None) -> int | None:
        """How many months one person counts at most; None is without a limit."""
        found = None if group is None else self.building_blocks.value.groups[group]
        if found is not None and found.always_counts:
            return None
        if found is not None and found.maximum_months is not None:
            return found.maximum_months
        return None if self.counting_window is None else self.counting_window.value
