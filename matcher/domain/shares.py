"""Passing part of what a contract owes to other firms: own and passed together are always all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from fractions import Fraction

from matcher.domain.numbers import HUNDRED

WHOLE = HUNDRED * HUNDRED
"""All of it, in hundredths of a percent."""


class ShareState(StrEnum):
    """How far a share of a contract is; only an accepted one counts."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    ENDED = "ended"


def own_part(passed: Sequence[int]) -> int:
    """What a firm keeps itself, in hundredths of a percent; ValueError when more was passed."""
    left = WHOLE - sum(passed)
    if left < 0 or any(part <= 0 for part in passed):
        raise ValueError("more than all of it was passed, or nothing at all")
    return left


def may_pass(passed: Sequence[int], more: int, maximum_percent: Fraction) -> bool:
    """Whether `more` can be passed beside what was: within what the region allows in all."""
    return more > 0 and sum(passed) + more <= round(maximum_percent * HUNDRED)


def split(owed_cents: int, parts: Mapping[int, int]) -> dict[int, int]:
    """The cents of each part, by who has it; `parts` in hundredths of a percent sum to all of it.

    Each gets its whole cents, and what is left over goes one cent at a time to the largest
    remainders, earlier numbers first: no cent is lost and none is made.
    """
    if sum(parts.values()) != WHOLE:
        raise ValueError("the parts are not all of it")
    exact = {who: Fraction(owed_cents * part, WHOLE) for who, part in parts.items()}
    found = {who: value.numerator // value.denominator for who, value in exact.items()}
    left = owed_cents - sum(found.values())
    order = sorted(exact, key=lambda who: (found[who] - exact[who], who))
    for who in order[:left]:
        found[who] += 1
    return found
