"""The account of one contract: what is owed, what counts, what is left, and how it would end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from matcher.domain.contracts import Contract, Contribution
from matcher.domain.credits import credit_steps
from matcher.domain.money_rules import MoneyRules
from matcher.domain.numbers import HUNDRED
from matcher.domain.obligation import obligation_steps
from matcher.domain.postings import Part, Step, amount, product, share

ONE_DAY = timedelta(days=1)


class SettlementState(StrEnum):
    """Where an account stands when it comes to settling."""

    NOTHING_OWED = "nothing_owed"
    MET = "met"
    RUNNING = "running"
    CURE = "cure"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a shortfall would cost; a proposal, which two officers decide about.

    `cents` is None where the region states no rule for a shortfall. `effort_defence` says that
    nothing is asked when the contractor shows the effort made.
    """

    state: SettlementState
    shortfall_cents: int
    cents: int | None
    arithmetic: str | None
    factor_percent: Fraction | None
    cure_until: date | None
    effort_defence: bool | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where this ends at the pace so far: percent filled at the end, and the day it is whole.

    Both None while nothing has been done or the contract has not begun.
    """

    percent: Fraction | None
    full_on: date | None


@dataclass(frozen=True, slots=True)
class Account:
    """One account on one day; cents of the steps sum to the totals exactly."""

    contract: Contract
    rules: MoneyRules
    on: date
    steps: tuple[Step, ...]
    realised_cents: int
    settlement: Settlement
    forecast: Forecast

    @property
    def obligation_cents(self) -> int:
        """What is owed, after thresholds, cap, PSO effect and credit for existing staff."""
        return sum(step.cents for step in self.steps if step.part is Part.OBLIGATION)

    @property
    def credited_cents(self) -> int:
        """What counts against it."""
        return sum(step.cents for step in self.steps if step.part is Part.CREDIT)

    @property
    def balance_cents(self) -> int:
        """What is still to do; below zero when more was done than asked."""
        return self.obligation_cents - self.credited_cents


def account_of(
    contract: Contract, contributions: Sequence[Contribution], rules: MoneyRules, on: date
) -> Account:
    """The account of `contract` on `on`; the order of `contributions` does not matter."""
    owed = obligation_steps(contract, rules, on)
    credits = credit_steps(contract, contributions, rules, on)
    realised = sum(s.cents for s in credit_steps(contract, contributions, rules, on, until=on))
    obligation = sum(step.cents for step in owed)
    balance = obligation - sum(step.cents for step in credits)
    return Account(
        contract=contract,
        rules=rules,
        on=on,
        steps=(*owed, *credits),
        realised_cents=realised,
        settlement=settle(contract, rules, obligation, balance, on),
        forecast=foresee(contract, obligation, realised, on),
    )


def settle(
    contract: Contract, rules: MoneyRules, obligation: int, balance: int, on: date
) -> Settlement:
    """The settlement of what is left: shortfall times factor, after a cure period (domain 1e)."""
    rule = rules.settlement
    shortfall = max(0, balance)
    cure_until = None
    if rule is not None:
        cure_until = contract.end_on + timedelta(days=rule.value.cure_period_days)
    if obligation == 0:
        state = SettlementState.NOTHING_OWED
    elif not shortfall:
        state = SettlementState.MET
    elif on <= contract.end_on:
        state = SettlementState.RUNNING
    elif cure_until is not None and on <= cure_until:
        state = SettlementState.CURE
    else:
        state = SettlementState.DUE
    if rule is None:
        return Settlement(state, shortfall, None, None, None, None, None, None)
    cents, arithmetic = product([amount(shortfall), share(rule.value.factor_percent, HUNDRED)])
    return Settlement(
        state=state,
        shortfall_cents=shortfall,
        cents=cents,
        arithmetic=arithmetic,
        factor_percent=rule.value.factor_percent,
        cure_until=cure_until,
        effort_defence=rule.value.effort_defence,
        source=rule.source,
    )


def foresee(contract: Contract, obligation: int, realised: int, on: date) -> Forecast:
    """At the pace from the start to `on`: how full it is at the end, and when it is whole."""
    passed = (min(on, contract.end_on) - contract.start_on + ONE_DAY).days
    if passed <= 0 or obligation <= 0 or realised <= 0:
        return Forecast(None, None)
    whole = (contract.end_on - contract.start_on + ONE_DAY).days
    percent = Fraction(realised * whole * HUNDRED, passed * obligation)
    days = -(-obligation * passed // realised)
    last = (date.max - contract.start_on).days
    return Forecast(percent, contract.start_on + timedelta(days=min(days, last + 1) - 1))
