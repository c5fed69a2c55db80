"""Steps of an account: a rule, its source, what went in, the arithmetic, and whole cents.

The arithmetic is written so that it can be computed again: amounts as ``EUR 30000.00``, exact
fractions, and one rounding, half-even, at the ``=``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from matcher.domain.money_rules import Sourced


class Part(StrEnum):
    """Which side of the account a step belongs to."""

    OBLIGATION = "obligation"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `subject` is the contribution it is about; `reason` a code when nothing counts."""

    part: Part
    rule: str
    source: str
    cents: int
    arithmetic: str
    subject: str | None = None
    input: Mapping[str, Any] = field(default_factory=dict)
    reason: str | None = None
    is_example: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """What the step is about, the same each time the account is computed."""
        return (self.part.value, self.rule, self.subject or "")


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of a product: as it is written, and its exact value."""

    text: str
    value: Fraction


def euros(cents: int) -> str:
    """An amount as arithmetic writes it: 1500000 gives ``EUR 15000.00``."""
    sign = "-" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    return f"{sign}EUR {whole}.{rest:02d}"


def amount(cents: int) -> Factor:
    """An amount as a factor; its value is in cents."""
    return Factor(euros(cents), Fraction(cents))


def written(number: Fraction) -> str:
    """An exact number: a decimal where it has one, else a fraction between brackets."""
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"({number.numerator}/{number.denominator})"
    decimal = Decimal(number.numerator) / Decimal(number.denominator)
    return f"{decimal.normalize():f}"


def share(number: Fraction, whole: Fraction | int) -> Factor:
    """`number` of `whole`, such as 20/36 or 5/100."""
    return Factor(f"{written(number)}/{written(Fraction(whole))}", number / whole)


def times(number: Fraction) -> Factor:
    """A plain number as a factor."""
    return Factor(written(number), number)


def product(factors: Sequence[Factor]) -> tuple[int, str]:
    """The product in cents, rounded half-even once, and how it was made."""
    exact = Fraction(1)
    for factor in factors:
        exact *= factor.value
    cents = round(exact)
    return cents, f"{' × '.join(factor.text for factor in factors)} = {euros(cents)}"


def step_of(
    part: Part,
    rule: Sourced[Any],
    cents: int,
    arithmetic: str,
    *,
    name: str | None = None,
    subject: str | None = None,
    given: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> Step:
    """A step under `rule`; `name` tells apart what one rule does more than once."""
    return Step(
        part=part,
        rule=name or rule.name,
        source=rule.source,
        cents=cents,
        arithmetic=arithmetic,
        subject=subject,
        input=given or {},
        reason=reason,
        is_example=rule.is_example,
    )
