"""What fills an account exactly: at most three combinations, those that small firms do first.

Nobody can carry half a person, so a part-week comes first, then sharing one person with another
firm or lending from a pool, then buying from a social firm (practice.md section 1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from matcher.domain.account import Account, SettlementState
from matcher.domain.credits import PLACEMENT
from matcher.domain.money_rules import Alternative, MoneyRules
from matcher.domain.months import MONTHS_A_YEAR, whole_months
from matcher.domain.numbers import HUNDRED
from matcher.domain.postings import amount, product, share, times

COMBINATIONS = 3
USUAL_HOURS = 24
"""The part-week that is looked for first."""
SHARED_MAXIMUM = 4
"""More shared people than this is no small step any more."""
REST_KINDS = ("purchase", "training", "activity")


class Way(StrEnum):
    """How a combination fills an account."""

    OWN = "own"
    SHARED = "shared"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class FillPart:
    """One part: `people` for `months` at `hours_week`, or hours of activity, or an invoice.

    `cents` is what the part counts for in all; `group` is the one that a table was read for.
    """

    kind: str
    cents: int
    arithmetic: str
    people: int = 1
    hours_week: int | None = None
    months: int | None = None
    group: str | None = None
    activity_hours: Fraction | None = None
    invoice_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Combination:
    """Parts that fill the balance exactly, to the cent."""

    way: Way
    parts: tuple[FillPart, ...]

    @property
    def cents(self) -> int:
        """What the parts sum to."""
        return sum(part.cents for part in self.parts)


def what_fills(account: Account, left: int | None = None) -> tuple[Combination, ...]:
    """At most three combinations that fill what is still to do; none when it is filled or too late.

    `left` stands in for the balance where somebody is shown less than all that counts.
    """
    left = account.balance_cents if left is None else left
    if left <= 0 or account.settlement.state is SettlementState.DUE:
        return ()
    rules = account.rules
    months = months_left(account)
    week = int(rules.full_time.value.hours_week)
    found: list[Combination] = []
    for way, most in ((Way.OWN, week), (Way.SHARED, week // 2)):
        parts = _people(left, rules, most, months)
        is_small = way is Way.OWN or sum(p.people for p in parts or ()) <= SHARED_MAXIMUM
        if parts and is_small and all(parts != other.parts for other in found):
            found.append(Combination(way, parts))
    rest = exact_rest(left, rules)
    if rest is not None:
        found.append(Combination(Way.OTHER, (rest,)))
    return tuple(found[:COMBINATIONS])


def months_left(account: Account) -> int:
    """Whole months that still count: to the end of the contract, else of the cure period."""
    contract, on = account.contract, account.on
    end: date = contract.end_on
    if on > end and account.settlement.cure_until is not None:
        end = account.settlement.cure_until
    first = max(on + timedelta(days=1), contract.start_on)
    months = whole_months(first, end) if first <= end else 0
    most = account.rules.maximum_months(counted_group(account.rules))
    return months if most is None else min(months, most)


def counted_group(rules: MoneyRules) -> str | None:
    """The group that combinations count with: none where one value holds for everybody, else the
    first of the table that has a value a year."""
    blocks = rules.building_blocks.value
    if blocks.is_uniform:
        return None
    return next(
        (code for code, group in blocks.groups.items() if group.cents_per_year is not None), None
    )


def placement(rules: MoneyRules, hours: int, months: int, people: int = 1) -> FillPart:
    """What so many hours and months count for, for each of `people`."""
    group = counted_group(rules)
    value = rules.building_blocks.value.cents_per_year(group) or 0
    week = rules.full_time.value.hours_week
    cents, arithmetic = product(
        [amount(value), share(Fraction(hours), week), share(Fraction(months), MONTHS_A_YEAR)]
    )
    return FillPart(PLACEMENT, people * cents, arithmetic, people, hours, months, group)


def _people(left: int, rules: MoneyRules, most: int, months: int) -> tuple[FillPart, ...] | None:
    """People at `most` hours for all months, one for what is left of that, and an exact rest."""
    if not most or not months:
        return None
    whole = placement(rules, most, months)
    if whole.cents <= 0:
        return None
    people, rest = divmod(left, whole.cents)
    full = (placement(rules, most, months, people),) if people else ()
    if not rest:
        return full
    options = sorted(
        (placement(rules, hours, m) for hours in range(1, most + 1) for m in range(1, months + 1)),
        key=_preferred,
    )
    exact = [part for part in options if part.cents == rest]
    if exact:
        return (*full, exact[0])
    for part in sorted(options, key=lambda part: -part.cents):
        if 0 < part.cents < rest:
            remainder = exact_rest(rest - part.cents, rules)
            if remainder is not None:
                return (*full, part, remainder)
    remainder = exact_rest(rest, rules)
    return (*full, remainder) if full and remainder is not None else None


def _preferred(part: FillPart) -> tuple[int, int]:
    return abs((part.hours_week or 0) - USUAL_HOURS), -(part.months or 0)


def exact_rest(cents: int, rules: MoneyRules) -> FillPart | None:
    """A purchase, training or activity worth exactly `cents`; None where there is none."""
    if rules.alternatives is None:
        return None
    for kind in REST_KINDS:
        found = rules.alternatives.value.get(kind)
        if found is not None:
            for part in _candidates(kind, cents, found):
                if part.cents == cents:
                    return part
    return None


def _candidates(kind: str, cents: int, found: Alternative) -> Iterator[FillPart]:
    if found.percent_of_invoice:
        invoice = round(Fraction(cents * HUNDRED) / found.percent_of_invoice)
        for paid in (invoice, invoice - 1, invoice + 1):
            counted, text = product([amount(paid), share(found.percent_of_invoice, HUNDRED)])
            yield FillPart(kind, counted, text, invoice_cents=paid)
    elif found.cents_per_hour:
        hours = Fraction(round(Fraction(cents * HUNDRED, found.cents_per_hour)), HUNDRED)
        counted, text = product([amount(found.cents_per_hour), times(hours)])
        yield FillPart(kind, counted, text, activity_hours=hours)
