"""Following people who started work: when to ask, what answers add up to, and how sure a share is.

Unknown stays unknown: no answer, and answers that contradict each other, are neither a yes nor a no
(product specification 2.3, follow-up; contract P-1).
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import sqrt
from statistics import NormalDist

_MONTHS_A_YEAR = 12
_Z_95 = NormalDist().inv_cdf(0.975)


class OutcomeSource(StrEnum):
    """Who gave an answer; `decided` is a coach who looked at answers that differ."""

    CANDIDATE = "candidate"
    EMPLOYER = "employer"
    COACH = "coach"
    DECIDED = "decided"


_TELLING = (OutcomeSource.COACH, OutcomeSource.CANDIDATE, OutcomeSource.EMPLOYER)
"""Of answers that agree, the one that says most."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """Whether somebody works, and whether here, as an answer says it; None is unknown."""

    works: bool | None
    here: bool | None


@dataclass(frozen=True, slots=True)
class Settled:
    """What the answers of one moment add up to.

    `status` is None without an answer, and while answers differ; `works` None is unknown.
    """

    status: str | None
    works: bool | None
    differs: bool


def month_after(start: date, months: int) -> date:
    """The same day so many months later; the last day of a month that has no such day."""
    ahead = start.month - 1 + months
    year, month = start.year + ahead // _MONTHS_A_YEAR, ahead % _MONTHS_A_YEAR + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Asking:
    """When the question after some months is open: from `opens_on` to `closes_on`, both included.

    Without an answer by `closes_on` it is unknown, and never a success.
    """

    months: int
    opens_on: date
    due_on: date
    closes_on: date

    def is_open(self, on: date) -> bool:
        """Whether it can be answered by anybody on a day."""
        return self.opens_on <= on <= self.closes_on


def asking_of(start: date, months: int, *, before: timedelta, after: timedelta) -> Asking:
    """When to ask how it is, so many months after a start (product specification 2.3)."""
    due_on = month_after(start, months)
    return Asking(months, due_on - before, due_on, due_on + after)


def contradict(one: Meaning, other: Meaning) -> bool:
    """Whether two answers cannot both be so; what either does not say contradicts nothing."""
    pairs = ((one.works, other.works), (one.here, other.here))
    return any(a is not None and b is not None and a is not b for a, b in pairs)


def settle(given: Mapping[OutcomeSource, str], meanings: Mapping[str, Meaning]) -> Settled:
    """What answers by source add up to: a decision first, else what they agree on.

    Where two contradict each other both stand, and it is unknown until a coach decides.
    """
    decided = given.get(OutcomeSource.DECIDED)
    if decided is not None:
        return Settled(decided, meanings[decided].works, False)
    said = [meanings[given[source]] for source in _TELLING if source in given]
    if any(contradict(one, other) for at, one in enumerate(said) for other in said[at + 1 :]):
        return Settled(None, None, True)
    works = next((one.works for one in said if one.works is not None), None)
    return Settled(_told(given, meanings), works, False)


def _told(given: Mapping[OutcomeSource, str], meanings: Mapping[str, Meaning]) -> str | None:
    """The answer to show: one that says whether somebody works before one that does not."""
    found = [given[source] for source in _TELLING if source in given]
    telling = [code for code in found if meanings[code].works is not None]
    return next(iter(telling or found), None)


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with what is not known between them.

    `low` and `high` are the 95 % interval with all unknowns as a no and with all as a yes. All
    three shares are None without anybody, and `is_small` while there are too few to say anything.
    """

    yes: int
    unknown: int
    total: int
    value: float | None
    low: float | None
    high: float | None
    is_small: bool


def wilson(successes: int, trials: int, z: float = _Z_95) -> tuple[float, float]:
    """The score interval of a share (E. B. Wilson, JASA 22, 1927, 209-212); 95 % by default.

    It stays within 0 and 1 and holds its width for small numbers and extreme shares, where the
    textbook interval does not. `trials` is at least one.
    """
    share, spread = successes / trials, z * z / trials
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(share * (1 - share) / trials + spread / (4 * trials))
    low = 0.0 if successes == 0 else max(0.0, middle - half)
    high = 1.0 if successes == trials else min(1.0, middle + half)
    return low, high


def share_of(yes: int, unknown: int, total: int, *, smallest: int) -> Share:
    """A share with unknowns in the denominator, never counted as a yes (product, pain 8)."""
    is_small = total < smallest
    if not total or is_small:
        return Share(yes, unknown, total, None, None, None, True)
    low, high = wilson(yes, total)[0], wilson(yes + unknown, total)[1]
    return Share(yes, unknown, total, yes / total, low, high, False)
