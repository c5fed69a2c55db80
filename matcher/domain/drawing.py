"""Which declarations are looked at: drawn by lot, in a way that anybody can do again.

A declaration counts at once. Its number in the draw follows from a seed that is thrown when it is
declared, and from nothing that the firm chose; the seed is kept, so the draw can be recomputed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from matcher.domain.money_rules import LightPath, MoneyRules
from matcher.domain.numbers import HUNDRED

LOTS = 10_000
"""Numbers in a draw: hundredths of a percent, so every rate of the rules comes out exactly."""


class Ground(StrEnum):
    """Why a declaration stood in the draw with its rate."""

    FIRST = "first"
    """The first of a firm: always looked at."""
    SAMPLE = "sample"
    LIGHT = "light"
    """Drawn at the lower rate of a good record."""
    UNUSED = "unused"
    """The rules draw nothing."""


class SampleState(StrEnum):
    """How far a check of what a firm declared is."""

    SKIPPED = "skipped"
    """Not drawn."""
    ASKED = "asked"
    PROPOSED = "proposed"
    """One officer found something against the firm; another one decides."""
    CLOSED = "closed"


class CheckVerdict(StrEnum):
    """What a check came to."""

    IN_ORDER = "in_order"
    CORRECTED = "corrected"
    NOT_SHOWN = "not_shown"
    WITHDRAWN = "withdrawn"
    """The firm took it back while the check ran."""


AGAINST = frozenset({CheckVerdict.CORRECTED, CheckVerdict.NOT_SHOWN})
"""Results against the firm: two officers decide about them."""


@dataclass(frozen=True, slots=True)
class Draw:
    """One draw: its ground, `rate` lots of ten thousand, the seed, the number, and the outcome."""

    ground: Ground
    rate: int
    seed: str
    number: int

    @property
    def is_drawn(self) -> bool:
        """Whether somebody looks at it."""
        return self.number < self.rate


def lot(seed: str) -> int:
    """The number that a seed draws: SHA-256 of its text, as a whole number, modulo ten thousand."""
    return int.from_bytes(hashlib.sha256(seed.encode()).digest(), "big") % LOTS


def draw(
    rules: MoneyRules, verdicts: Sequence[CheckVerdict | None], *, first: bool, seed: str
) -> Draw:
    """The draw of one declaration; `verdicts` are the firm's checks so far, None while one runs."""
    number = lot(seed)
    sampled = rules.sampled_checks
    if sampled is None:
        return Draw(Ground.UNUSED, 0, seed, number)
    if first:
        return Draw(Ground.FIRST, LOTS, seed, number)
    usual = lots(sampled.value.percent)
    if not has_light_path(rules, verdicts):
        return Draw(Ground.SAMPLE, usual, seed, number)
    light: LightPath = rules.light_path.value  # type: ignore[union-attr]  # the path is there
    return Draw(
        Ground.LIGHT, lots(sampled.value.percent * light.rate_percent / HUNDRED), seed, number
    )


def lots(percent: Fraction) -> int:
    """A percentage as numbers of the draw, rounded half-even once."""
    return round(percent * LOTS / HUNDRED)


def has_light_path(rules: MoneyRules, verdicts: Sequence[CheckVerdict | None]) -> bool:
    """Whether the last checks of a firm were in order so many times in a row, and none runs
    against it.

    Oldest first. What a firm took back says nothing; one that is not in order ends the row. A check
    that runs neither gives nor takes the path.
    """
    rule = rules.light_path
    if rule is None:
        return False
    done = [one for one in verdicts if one is not None and one is not CheckVerdict.WITHDRAWN]
    last = done[-rule.value.checks_in_order :]
    return len(last) == rule.value.checks_in_order and all(
        one is CheckVerdict.IN_ORDER for one in last
    )
