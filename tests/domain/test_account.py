"""Accounts under any rules: whole cents, the same in any order, each rule as it is written."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.account import SettlementState, account_of
from matcher.domain.contracts import Contract, Contribution
from matcher.domain.credits import credit_steps
from matcher.domain.filling import COMBINATIONS, Way, what_fills
from matcher.domain.ledger import additions, balance, standing, totals
from matcher.domain.money_rules import MoneyRules
from matcher.domain.months import months_between, months_later
from matcher.domain.obligation import obligation_steps
from matcher.domain.postings import Part
from tests.domain.arithmetic import recomputed
from tests.domain.money import (
    START,
    contracts,
    contributions,
    days,
    many_contributions,
    plain_rules,
    rules,
)

ON = START + timedelta(days=400)


@given(contracts(), many_contributions(), rules(), days(), st.randoms(use_true_random=False))
def test_the_order_of_contributions_changes_nothing(
    contract: Contract, done: list[Contribution], terms: MoneyRules, on: date, chance: random.Random
) -> None:
    shuffled = list(done)
    chance.shuffle(shuffled)

    assert account_of(contract, done, terms, on) == account_of(contract, shuffled, terms, on)


@given(contracts(), many_contributions(), rules(), days())
def test_every_step_is_whole_cents_that_its_arithmetic_gives_again(
    contract: Contract, done: list[Contribution], terms: MoneyRules, on: date
) -> None:
    account = account_of(contract, done, terms, on)

    for step in account.steps:
        assert type(step.cents) is int
        assert step.source
        if step.cents and step.rule not in ("thresholds", "obligation.cap"):
            left, right = recomputed(step.arithmetic)
            assert left == right == abs(step.cents)
    assert account.balance_cents == account.obligation_cents - account.credited_cents
    assert account.obligation_cents >= 0
    assert account.credited_cents >= 0
    assert account.realised_cents >= 0
    assert type(account.settlement.cents) in (int, type(None))


@given(contracts(), many_contributions(), rules(), days(), contributions(99))
def test_one_more_contribution_never_lowers_what_counts_of_others(
    contract: Contract, done: list[Contribution], terms: MoneyRules, on: date, more: Contribution
) -> None:
    more = replace(more, person=None)
    before = account_of(contract, done, terms, on)
    after = account_of(contract, [*done, more], terms, on)

    assert after.credited_cents >= before.credited_cents
    assert after.obligation_cents == before.obligation_cents
    kept = {step.key: step for step in after.steps}
    assert all(kept[step.key] == step for step in before.steps)


@given(contracts(), rules(), days(), st.sampled_from(["1", "2", "3", "30plus"]))
def test_a_certificate_never_adds_to_what_is_owed_and_ends_the_day_after(
    contract: Contract, terms: MoneyRules, on: date, level: str
) -> None:
    def owed(of: Contract, day: date) -> int:
        return sum(step.cents for step in obligation_steps(of, terms, day))

    without = replace(contract, pso_level="none", existing_staff_fte=None)
    until = max(on, contract.tendered_on or contract.start_on)
    held = replace(without, pso_level=level, pso_holder="main", pso_valid_until=until)

    assert owed(held, on) <= owed(without, on)
    if terms.pso_effect is not None and "throughout" in terms.pso_effect.value.valid_at:
        ended = replace(held, end_on=max(held.end_on, until + timedelta(days=1)))
        plain = replace(ended, pso_level="none")
        assert owed(ended, until + timedelta(days=1)) == owed(plain, on)


@given(contracts(), many_contributions(), rules(), days())
def test_nobody_counts_longer_than_the_window_or_outside_the_contract(
    contract: Contract, done: list[Contribution], terms: MoneyRules, on: date
) -> None:
    steps = credit_steps(contract, done, terms, on)
    length = months_between(contract.start_on, contract.end_on)

    for step in steps:
        if step.rule == "building_blocks" and step.reason is None:
            counted = Fraction(str(step.input["months_counted"]).strip("()"))
            most = terms.maximum_months(step.input["group"])
            assert 0 < counted <= length + 1
            assert most is None or counted <= most


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8), st.integers(1, 36), rules())
def test_months_of_one_person_in_a_row_never_pass_the_window(
    lengths: list[int], most: int, terms: MoneyRules
) -> None:
    terms = replace(terms, counting_window=replace(terms.full_time, name="w", value=most))
    groups = {
        code: replace(group, maximum_months=None)
        for code, group in terms.building_blocks.value.groups.items()
    }
    blocks = replace(terms.building_blocks.value, groups=groups)
    terms = replace(terms, building_blocks=replace(terms.building_blocks, value=blocks))
    contract = Contract("O1", "works", 0, START, months_later(START, 400), wage_cents=0)
    done, first = [], START
    for number, months in enumerate(lengths):
        after = months_later(first, months)
        done.append(
            Contribution(
                f"I{number}",
                "O1",
                "placement",
                person="P1",
                group="p_wet",
                start_on=first,
                end_on=after - timedelta(days=1),
                hours_week=36,
            )
        )
        first = after

    steps = [s for s in credit_steps(contract, done, terms, ON) if s.rule == "building_blocks"]
    counted = sum(Fraction(str(s.input["months_counted"]).strip("()")) for s in steps)

    assert counted == min(most, sum(lengths))


def test_jobs_at_the_same_time_use_the_same_months() -> None:
    terms = plain_rules(counting_window=12)
    half = {"person": "P1", "group": "p_wet", "hours_week": 18.0}
    done = [
        Contribution(f"I{n}", "O1", "placement", start_on=START, end_on=date(2025, 9, 30), **half)
        for n in (1, 2)
    ]
    contract = Contract("O1", "works", 30_000_000, START, date(2026, 3, 31))

    cents = [step.cents for step in credit_steps(contract, done, terms, ON)]

    # 30,000 × 18/36 × 12/12, twice
    assert cents == [1_500_000, 1_500_000]


@given(contracts(), many_contributions(), rules(), days())
def test_what_fills_it_fills_it_exactly_by_the_same_rules(
    contract: Contract, done: list[Contribution], terms: MoneyRules, on: date
) -> None:
    account = account_of(contract, done, terms, on)
    found = what_fills(account)

    assert len(found) <= COMBINATIONS
    if account.balance_cents <= 0:
        assert found == ()
    for combination in found:
        assert combination.cents == account.balance_cents
        assert all(part.cents > 0 for part in combination.parts)
        for part in combination.parts:
            left, right = recomputed(part.arithmetic)
            assert left == right
            assert part.cents == part.people * right
            if part.hours_week is not None:
                assert 1 <= part.hours_week <= terms.full_time.value.hours_week
                if combination.way is Way.SHARED:
                    assert 2 * part.hours_week <= terms.full_time.value.hours_week
    ways = [combination.way for combination in found]
    assert len(set(ways)) == len(ways)


def test_half_a_person_year_is_shown_as_what_a_small_firm_can_do() -> None:
    """Practice.md section 1: EUR 300,000 × 5 % = 15,000 = half a person-year at 30,000."""
    contract = Contract("O1", "works", 30_000_000, START, date(2026, 3, 31))
    account = account_of(contract, [], plain_rules(counting_window=24), START)

    found = what_fills(account)

    parts = [(c.way, c.parts[0].people, c.parts[0].hours_week, c.parts[0].months) for c in found]
    # 24/36 × 9/12 = 1/2 and 18/36 × 12/12 = 1/2 of 30,000
    assert parts == [(Way.OWN, 1, 24, 9), (Way.SHARED, 1, 18, 12)]


@given(contracts(), st.lists(many_contributions(), min_size=1, max_size=5), rules(), days())
def test_any_order_of_any_changes_leaves_a_ledger_that_sums_to_the_balance(
    contract: Contract, changes: list[list[Contribution]], terms: MoneyRules, on: date
) -> None:
    ledger: list[Any] = []
    for number, done in enumerate(changes):
        account = account_of(contract, done, terms, on + timedelta(days=30 * number))
        before = list(ledger)
        ledger.extend(additions(ledger, account.steps))

        assert ledger[: len(before)] == before
        assert all(type(line.cents) is int for line in ledger)
        assert balance(ledger) == account.balance_cents
        assert balance(reversed(ledger)) == account.balance_cents
        assert totals(ledger).get("obligation", 0) == account.obligation_cents
        assert -totals(ledger).get("credit", 0) == account.credited_cents
        assert {line.step.key for line in standing(ledger).values()} == {
            step.key for step in account.steps
        }
        assert additions(ledger, account.steps) == ()


@pytest.mark.parametrize(
    ("on", "state", "cents"),
    [
        (date(2026, 3, 31), SettlementState.RUNNING, 2_250_000),
        (date(2026, 4, 1), SettlementState.CURE, 2_250_000),
        (date(2026, 6, 29), SettlementState.CURE, 2_250_000),
        (date(2026, 6, 30), SettlementState.DUE, 2_250_000),
    ],
)
def test_a_shortfall_is_asked_for_only_after_the_cure_period(
    on: date, state: SettlementState, cents: int
) -> None:
    contract = Contract("O1", "works", 30_000_000, START, date(2026, 3, 31))

    found = account_of(contract, [], plain_rules(), on).settlement

    # 15,000 × 150 % after 90 days
    assert (found.state, found.cents, found.cure_until) == (state, cents, date(2026, 6, 29))
    assert found.effort_defence is True


@given(days(-100, 100), days(-100, 100))
def test_whole_months_end_the_day_before_the_same_day(first: date, other: date) -> None:
    for months in (1, 6, 12, 24):
        assert months_between(first, months_later(first, months) - timedelta(days=1)) == months
    assert months_between(first, first - timedelta(days=1)) == 0
    last = max(first, other)
    assert months_between(first, last + timedelta(days=1)) > months_between(first, last) > 0


def test_the_part_of_each_step_is_one_of_two() -> None:
    contract = Contract("O1", "works", 30_000_000, START, date(2026, 3, 31))

    assert {s.part for s in account_of(contract, [], plain_rules(), ON).steps} == {Part.OBLIGATION}
