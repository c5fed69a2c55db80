"""What counts against an obligation: placements, bonuses, activities, purchases and training."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil
from typing import Any

from matcher.domain.contracts import Contract, Contribution
from matcher.domain.money_rules import Alternative, Bonus, MoneyRules, Sourced
from matcher.domain.months import MONTHS_A_YEAR, months_between, months_later
from matcher.domain.numbers import HUNDRED, exact
from matcher.domain.postings import Part, Step, amount, euros, product, share, step_of, times

PLACEMENT = "placement"
ACTIVITY = "activity"
PURCHASE = "purchase"
ONE_DAY = timedelta(days=1)
_NOT_COUNTED = "not counted"


@dataclass(frozen=True, slots=True)
class Missing:
    """A column that a contribution needs under these rules, and the kind that asks for it."""

    column: str
    kind: str


def missing(contribution: Contribution, rules: MoneyRules) -> tuple[Missing, ...]:
    """Which columns a contribution leaves empty that its value cannot be computed without."""
    blocks = rules.building_blocks.value
    if contribution.kind == PLACEMENT:
        needed = ["start_on"]
        by_invoice = contribution.group is not None and blocks.groups[contribution.group].by_invoice
        needed.append("invoice_cents" if by_invoice else "hours_week")
        if not blocks.is_uniform:
            needed.append("group")
    elif contribution.kind == ACTIVITY:
        needed = ["activity_hours"]
    else:
        needed = ["invoice_cents"]
    return tuple(
        Missing(column, contribution.kind)
        for column in needed
        if getattr(contribution, column) is None
    )


def credit_steps(
    contract: Contract,
    contributions: Sequence[Contribution],
    rules: MoneyRules,
    on: date,
    *,
    until: date | None = None,
) -> tuple[Step, ...]:
    """What counts, step by step, whatever the order of `contributions`.

    An agreed end counts as agreed; without an end a placement counts up to `on`. With `until`
    nothing counts after that day: what has been done by then.
    """
    people: dict[str, _Person] = defaultdict(_Person)
    steps: list[Step] = []
    for item in sorted(contributions, key=lambda c: (c.start_on or date.min, c.reference)):
        if until is not None and item.start_on is not None and item.start_on > until:
            continue
        refused = outside(contract, item, rules)
        if refused is not None:
            steps.append(_uncounted(item, rules, refused))
        elif item.kind == PLACEMENT:
            person = people[item.person or f"\0{item.reference}"]
            steps.extend(_placement(contract, item, rules, on, until, person))
        else:
            steps.append(alternative(item, rules))
    return tuple(steps)


def outside(contract: Contract, item: Contribution, rules: MoneyRules) -> str | None:
    """Why something dated counts nothing for this contract: begun too early, or after its end."""
    if item.start_on is None:
        return None
    before = 0 if rules.pre_contract_window is None else rules.pre_contract_window.value
    if item.start_on < months_later(contract.start_on, -before):
        return "before_window"
    if item.start_on > contract.end_on:
        return "after_contract"
    if item.kind == PLACEMENT and item.end_on is not None and item.end_on < contract.start_on:
        return "ended_before_contract"
    return None


def _uncounted(item: Contribution, rules: MoneyRules, reason: str) -> Step:
    rule: Sourced[Any] = rules.alternatives or rules.building_blocks
    if item.kind == PLACEMENT:
        rule = rules.pre_contract_window or rules.building_blocks
    given = {"start_on": item.start_on, "end_on": item.end_on}
    name = rule.name if item.kind == PLACEMENT else f"alternatives.{item.kind}"
    return step_of(
        Part.CREDIT,
        rule,
        0,
        _NOT_COUNTED,
        name=name,
        subject=item.reference,
        given={"kind": item.kind, **given},
        reason=reason,
    )


class _Person:
    """What one person has counted so far: months worked in a row, bonuses, internships."""

    def __init__(self) -> None:
        self.closed = Fraction(0)
        self.first: date | None = None
        self.last: date | None = None
        self.bonuses: set[str] = set()
        self.months_in: dict[str, Fraction] = defaultdict(Fraction)

    def counted(self, first: date, last: date, most: int | None) -> Fraction:
        """How many months of `first` to `last` still count when `most` count in all.

        Jobs at the same time use the same months of the window.
        """
        if self.first is None or self.last is None or first > self.last + ONE_DAY:
            if self.first is not None and self.last is not None:
                self.closed += months_between(self.first, self.last)
            self.first, self.last = first, last
        used = self.closed + months_between(self.first, first - ONE_DAY)
        self.last = max(self.last, last)
        months = months_between(first, last)
        return months if most is None else max(Fraction(0), min(months, most - used))


def _placement(
    contract: Contract,
    item: Contribution,
    rules: MoneyRules,
    on: date,
    until: date | None,
    person: _Person,
) -> Iterator[Step]:
    """The value of a placement in proportion to hours and months, and the bonuses it earns.

    Months run from the later of the person's and the contract's start to the earlier end
    (domain 1b).
    """
    first = max(item.start_on or contract.start_on, contract.start_on)
    last = min(item.end_on or on, contract.end_on, until or date.max)
    most = rules.maximum_months(item.group)
    months = months_between(first, last) if last >= first else Fraction(0)
    counted = person.counted(first, last, most) if months else Fraction(0)
    given: dict[str, Any] = {"group": item.group, "from": first, "until": last}
    given |= {"months": times(months).text, "months_counted": times(counted).text}
    reason = None
    if not months:
        reason = "not_started"
    elif not counted:
        reason = "window_used"
    yield _block(item, rules, counted, given, reason)
    if counted:
        yield from _bonuses(item, rules, person)
    if item.group is not None:
        person.months_in[item.group] += months


def _block(
    item: Contribution,
    rules: MoneyRules,
    months: Fraction,
    given: dict[str, Any],
    reason: str | None,
) -> Step:
    rule = rules.building_blocks
    value = rule.value.cents_per_year(item.group)
    if value is None:
        cents = item.invoice_cents or 0
        given = {**given, "invoice_cents": item.invoice_cents}
        arithmetic = f"{euros(cents)} = {euros(cents)}"
    else:
        week = rules.full_time.value
        hours = exact(item.hours_week or 0)
        if not week.more_counts:
            hours = min(hours, week.hours_week)
        given = {**given, "cents_per_year": value, "hours_week": item.hours_week}
        cents, arithmetic = product(
            [amount(value), share(hours, week.hours_week), share(months, MONTHS_A_YEAR)]
        )
    if reason is not None:
        cents, arithmetic = 0, _NOT_COUNTED
    return step_of(
        Part.CREDIT,
        rule,
        cents,
        arithmetic,
        subject=item.reference,
        given=given,
        reason=reason,
    )


def earns(bonus: Bonus, item: Contribution, months_in: dict[str, Fraction]) -> bool:
    """Whether a placement meets every condition of a bonus; what is unknown meets none."""
    if bonus.minimum_age is not None and (item.age is None or item.age < bonus.minimum_age):
        return False
    if bonus.permanent and item.permanent is not True:
        return False
    if bonus.groups and item.group not in bonus.groups:
        return False
    if not bonus.after_groups:
        return True
    before = sum((months_in.get(group, Fraction(0)) for group in bonus.after_groups), Fraction(0))
    return item.group not in bonus.after_groups and before >= bonus.after_months


def _bonuses(item: Contribution, rules: MoneyRules, person: _Person) -> Iterator[Step]:
    """The bonuses that a placement earns and that this person did not earn before."""
    if rules.bonuses is None:
        return
    for bonus in rules.bonuses.value:
        if bonus.code not in person.bonuses and earns(bonus, item, person.months_in):
            person.bonuses.add(bonus.code)
            yield _bonus(bonus, item, rules.bonuses)


def _bonus(bonus: Bonus, item: Contribution, rule: Sourced[tuple[Bonus, ...]]) -> Step:
    given: dict[str, Any] = {}
    if bonus.minimum_age is not None:
        given |= {"age": item.age, "minimum_age": bonus.minimum_age}
    if bonus.permanent:
        given["permanent"] = True
    if bonus.groups or bonus.after_groups:
        given["group"] = item.group
    if bonus.after_groups:
        given["after_months"] = bonus.after_months
    return step_of(
        Part.CREDIT,
        rule,
        bonus.cents,
        f"{euros(bonus.cents)} = {euros(bonus.cents)}",
        name=f"bonuses.{bonus.code}",
        subject=item.reference,
        given=given,
    )


def alternative(item: Contribution, rules: MoneyRules) -> Step:
    """An activity by the hour, or a share of an invoice; nothing where the region has no rule."""
    rule = rules.alternatives
    found = None if rule is None else rule.value.get(item.kind)
    if rule is None or found is None:
        return _uncounted(item, rules, "no_rule")
    if found.cents_per_hour is not None and item.activity_hours is not None:
        given = {"activity_hours": item.activity_hours, "cents_per_hour": found.cents_per_hour}
        hours = exact(item.activity_hours)
        cents, arithmetic = product([amount(found.cents_per_hour), times(hours)])
        if found.maximum_cents_per_day is not None:
            days = _days(item, hours, found)
            left = arithmetic.split(" = ")[0]
            cents = min(cents, days * found.maximum_cents_per_day)
            most = f"{euros(found.maximum_cents_per_day)} × {days}"
            arithmetic = f"min({left}, {most}) = {euros(cents)}"
    elif found.percent_of_invoice is not None and item.invoice_cents is not None:
        given = {"invoice_cents": item.invoice_cents}
        percent = share(found.percent_of_invoice, HUNDRED)
        cents, arithmetic = product([amount(item.invoice_cents), percent])
    else:
        return _uncounted(item, rules, "no_rule")
    return step_of(
        Part.CREDIT,
        rule,
        cents,
        arithmetic,
        name=f"alternatives.{item.kind}",
        subject=item.reference,
        given=given,
    )


def _days(item: Contribution, hours: Fraction, found: Alternative) -> int:
    """The days of an activity: those it is dated to, else as many as its hours fill."""
    if item.start_on is not None and item.end_on is not None:
        return max(1, (item.end_on - item.start_on).days + 1)
    if found.hours_per_day is None:
        return 1
    return max(1, ceil(hours / found.hours_per_day))
