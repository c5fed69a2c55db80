"""What a contractor sees of an account: people merged, and no amount that could tell a benefit.

Where one value holds for everybody the totals tell nothing. Where values differ by group, what
placements count for is shown by the quarter, and only over people who came in with at least two
others, so that no difference between two totals is about fewer than three (product.md section 4).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from matcher.domain.account import Account
from matcher.domain.contracts import Contribution
from matcher.domain.credits import PLACEMENT, PURCHASE, credit_steps
from matcher.domain.months import months_later
from matcher.domain.postings import Part

LEAST_PEOPLE = 3
QUARTER_MONTHS = 3


@dataclass(frozen=True, slots=True)
class MergedLine:
    """All contributions of one kind together; `cents` is None while too few people are in it.

    `until` is the day that the total goes to, None for all that was agreed.
    """

    kind: str
    count: int
    cents: int | None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Disclosed:
    """The lines of an account as its contractor sees them.

    `credited_cents` is what is shown; `is_whole` says that nothing is held back. `others_cents` is
    what other firms did for their shares, of which this one reads no kind, number or day.
    """

    lines: tuple[MergedLine, ...]
    credited_cents: int
    is_whole: bool
    others_cents: int = 0


def disclosed(
    account: Account, contributions: Sequence[Contribution], firm_id: int | None = None
) -> Disclosed:
    """What one firm sees: its own lines, merged, and what others did as one amount.

    `firm_id` is a firm that took a share; None is the firm of the contract.
    """
    lines: list[MergedLine] = []
    others: list[MergedLine] = []
    for firm in dict.fromkeys(item.firm_id for item in contributions):
        of_firm = [item for item in contributions if item.firm_id == firm]
        (lines if firm == firm_id else others).extend(_merged(account, of_firm))
    return Disclosed(
        lines=tuple(lines),
        credited_cents=sum(line.cents or 0 for line in (*lines, *others)),
        is_whole=all(line.until is None and line.cents is not None for line in (*lines, *others)),
        others_cents=sum(line.cents or 0 for line in others),
    )


def _merged(account: Account, contributions: Sequence[Contribution]) -> list[MergedLine]:
    is_uniform = account.rules.building_blocks.value.is_uniform
    kinds = dict.fromkeys(item.kind for item in sorted(contributions, key=lambda c: c.kind))
    lines = []
    for kind in kinds:
        of_kind = [item for item in contributions if item.kind == kind]
        if kind == PLACEMENT and not is_uniform:
            lines.append(_held_back(account, of_kind))
            continue
        subjects = {item.reference for item in of_kind}
        cents = sum(
            step.cents
            for step in account.steps
            if step.part is Part.CREDIT and step.subject in subjects
        )
        lines.append(MergedLine(kind, _count(of_kind), cents))
    return lines


def _held_back(account: Account, placements: Sequence[Contribution]) -> MergedLine:
    shown, until = released(account, placements)
    count = _count(placements)
    if not shown or until is None:
        return MergedLine(PLACEMENT, count, None)
    steps = credit_steps(account.contract, shown, account.rules, account.on, until=until)
    return MergedLine(PLACEMENT, count, sum(step.cents for step in steps), until)


def published(account: Account, contributions: Sequence[Contribution], least: int) -> int | None:
    """What of an account anybody may read as done; None while nothing may be told.

    Whatever is about people is counted to the end of a quarter, and only over people who came in
    with at least `least` - 1 others, also where one value holds for everybody: divided by it, an
    amount is a number of people. Purchases are about nobody.
    """
    of_people = [item for item in contributions if item.kind != PURCHASE]
    shown, until = released(account, of_people, least)
    bought = [item for item in contributions if item.kind == PURCHASE]
    if until is None or not (shown or bought):
        return None
    steps = credit_steps(
        account.contract, [*shown, *bought], account.rules, account.on, until=until
    )
    return sum(step.cents for step in steps)


def released(
    account: Account, placements: Sequence[Contribution], least: int = LEAST_PEOPLE
) -> tuple[list[Contribution], date | None]:
    """The placements whose total may be shown, and the last quarter that it goes to.

    A firm knows who its own people are, so those of each firm are enough by themselves.
    """
    inside: set[str] = set()
    last = None
    for end in quarters(account.contract.start_on, account.on):
        last = end
        for firm in {item.firm_id for item in placements}:
            of_firm = (item for item in placements if item.firm_id == firm)
            came = {who(item) for item in of_firm if (item.start_on or end) <= end}
            if len(came - inside) >= least:
                inside |= came
    return [item for item in placements if who(item) in inside], last


def who(item: Contribution) -> str:
    """Whom a placement is about; without a pseudonym each is somebody else."""
    return item.person or f"\0{item.reference}"


def _count(items: Sequence[Contribution]) -> int:
    return len({who(item) for item in items})


def quarters(first: date, on: date) -> Iterator[date]:
    """The last days of the quarters of the year from `first` that are over on `on`."""
    begin = date(first.year, first.month - (first.month - 1) % QUARTER_MONTHS, 1)
    while True:
        begin = months_later(begin, QUARTER_MONTHS)
        end = begin - timedelta(days=1)
        if end >= on:
            return
        yield end
