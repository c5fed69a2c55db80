"""What a contract owes: percentage, threshold, cap, PSO effect and credit for existing staff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from matcher.domain.contracts import PSO_NONE, Contract
from matcher.domain.money_rules import MoneyRules, PsoEffect, Sourced
from matcher.domain.months import months_between
from matcher.domain.numbers import HUNDRED, exact
from matcher.domain.postings import Part, Step, amount, euros, product, share, step_of, times

WAGE_SUM = "wage_sum"
MAIN_OR_SUB = "main_or_sub"
TENDER, THROUGHOUT, BOTH = "tender", "throughout", "tender_and_throughout"


def base_column(rules: MoneyRules) -> str:
    """The column of the contract that the percentage is taken of."""
    return "wage_cents" if rules.obligation.value.base == WAGE_SUM else "value_cents"


def obligation_steps(contract: Contract, rules: MoneyRules, on: date) -> tuple[Step, ...]:
    """What is owed on `on`, step by step; the cents of the steps sum to the obligation."""
    steps = [opening(contract, rules)]
    for rule in (threshold, cap):
        steps.extend(rule(contract, rules, _total(steps)))
    steps.extend(pso_effect(contract, rules, _total(steps), on))
    steps.extend(existing_staff(contract, rules, _total(steps)))
    return tuple(steps)


def _total(steps: list[Step]) -> int:
    return sum(step.cents for step in steps)


def opening(contract: Contract, rules: MoneyRules) -> Step:
    """The percentage of its kind, of the contract value or the wage sum (domain 1c)."""
    rule = rules.obligation
    column = base_column(rules)
    base = contract.wage_cents if column == "wage_cents" else contract.value_cents
    percent = rule.value.percent[contract.kind]
    cents, arithmetic = product([amount(base or 0), share(percent, HUNDRED)])
    given = {"kind": contract.kind, column: base, rules.reference_column: rules.reference_date}
    return step_of(Part.OBLIGATION, rule, cents, arithmetic, given=given)


def threshold(contract: Contract, rules: MoneyRules, owed: int) -> Iterator[Step]:
    """A contract under the amount of its kind, or shorter, owes nothing (domain 1c)."""
    rule = rules.thresholds
    if rule is None:
        return
    least = rule.value.minimum_cents[contract.kind]
    is_under = contract.value_cents < least
    sign = "<" if is_under else ">="
    arithmetic = f"{euros(contract.value_cents)} {sign} {euros(least)}"
    given = {"kind": contract.kind, "value_cents": contract.value_cents}
    is_short = False
    if rule.value.minimum_months:
        months = months_between(contract.start_on, contract.end_on)
        is_short = months < rule.value.minimum_months
        sign = "<" if is_short else ">="
        arithmetic += f"; {times(months).text} {sign} {rule.value.minimum_months}"
        given |= {"start_on": contract.start_on, "end_on": contract.end_on}
        given |= {"months": times(months).text, "minimum_months": rule.value.minimum_months}
    yield step_of(
        Part.OBLIGATION,
        rule,
        -owed if is_under or is_short else 0,
        arithmetic,
        given=given,
        reason="under_threshold" if is_under or is_short else None,
    )


def cap(contract: Contract, rules: MoneyRules, owed: int) -> Iterator[Step]:
    """No contract owes more than the cap."""
    most = rules.obligation.value.cap_cents
    if most is None:
        return
    kept = min(owed, most)
    yield step_of(
        Part.OBLIGATION,
        rules.obligation,
        kept - owed,
        f"min({euros(owed)}, {euros(most)}) = {euros(kept)}",
        name="obligation.cap",
        given={"cap_cents": most},
    )


def pso_effect(contract: Contract, rules: MoneyRules, owed: int, on: date) -> Iterator[Step]:
    """The discount of a PSO level while its certificate is valid; 100 percent is lapse."""
    rule = rules.pso_effect
    if rule is None or contract.pso_level in (None, PSO_NONE):
        return
    reason = pso_refusal(contract, rule, on)
    percent = rule.value.discount_percent[str(contract.pso_level)]
    cents, arithmetic = product([amount(owed), share(percent, HUNDRED)])
    given = {
        name: getattr(contract, name) for name in ("pso_level", "pso_holder", "pso_valid_until")
    }
    yield step_of(
        Part.OBLIGATION,
        rule,
        0 if reason else -cents,
        "not counted" if reason else arithmetic,
        given=given,
        reason=reason,
    )


def pso_refusal(contract: Contract, rule: Sourced[PsoEffect], on: date) -> str | None:
    """Why a certificate has no effect on `on`, None when it has: its holder, then its dates."""
    if contract.pso_holder is None and rule.value.holder != MAIN_OR_SUB:
        return "pso_holder_unknown"
    if contract.pso_holder == "sub" and rule.value.holder != MAIN_OR_SUB:
        return "pso_held_by_sub"
    until = contract.pso_valid_until
    if until is None:
        return "pso_validity_unknown"
    if rule.value.valid_at in (TENDER, BOTH):
        asked_on = contract.tendered_on or contract.awarded_on or contract.start_on
        if until < asked_on:
            return "pso_not_valid_at_tender"
    if rule.value.valid_at in (THROUGHOUT, BOTH) and until < min(on, contract.end_on):
        return "pso_expired"
    return None


def existing_staff(contract: Contract, rules: MoneyRules, owed: int) -> Iterator[Step]:
    """Who already does much owes less: an amount a full-time job, up to a share of what is owed."""
    rule = rules.existing_staff
    if rule is None or not contract.existing_staff_fte:
        return
    cents, text = product(
        [amount(rule.value.cents_per_fte), times(exact(contract.existing_staff_fte))]
    )
    most = round(Fraction(owed) * rule.value.maximum_percent / HUNDRED)
    kept = min(cents, most)
    arithmetic = f"min({text.split(' = ')[0]}, {euros(owed)} × "
    arithmetic += f"{share(rule.value.maximum_percent, HUNDRED).text}) = {euros(kept)}"
    given = {"existing_staff_fte": contract.existing_staff_fte}
    yield step_of(Part.OBLIGATION, rule, -kept, arithmetic, given=given)
