"""Passing part of what a contract owes to other firms: own and passed together are always all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from matcher.domain.numbers import HUNDRED

OWN = 0
"""The firm of the contract itself, among the parts."""
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


@dataclass(frozen=True, slots=True)
class Turn:
    """A share that was accepted, and when; the part goes back to the giver once it is ended."""

    share: int
    part: int
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Movement:
    """What went from one to another at a moment; `cents` by share, `OWN` for the firm itself.

    Nothing is ever edited: a share that ends is taken back by a movement of its own. Each sums to
    zero, so that what is owed stays what it is.
    """

    at: datetime
    share: int
    is_contra: bool
    cents: Mapping[int, int]


def movements(owed_cents: int, turns: Iterable[Turn]) -> Iterator[Movement]:
    """All that was ever passed and taken back, first one first."""
    turns = tuple(turns)
    events = [(turn.since, turn.share, False, turn.part) for turn in turns]
    events += [(turn.until, turn.share, True, 0) for turn in turns if turn.until is not None]
    taken: dict[int, int] = {}
    before = split(owed_cents, {OWN: WHOLE})
    for at, number, is_contra, part in sorted(events):
        if is_contra:
            del taken[number]
        else:
            taken[number] = part
        after = split(owed_cents, {OWN: own_part(list(taken.values())), **taken})
        moved = {
            who: after.get(who, 0) - before.get(who, 0)
            for who in sorted({*before, *after})
            if after.get(who, 0) != before.get(who, 0)
        }
        yield Movement(at, number, is_contra, moved)
        before = after
