"""*Onze afspraken*: what each side commits to, and what an employer may read of it.

Sources: product.md row 25 and section 4 (an allowlist for the employer, without debt, health or
care), practice.md section 2 (on the one A4; the fund only if it pays; an empty side is a task and
never a block).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """Who commits to something, in the order of the sheet."""

    CANDIDATE = "candidate"
    EMPLOYER = "employer"
    MUNICIPALITY = "municipality"
    FUND = "fund"


@dataclass(frozen=True, slots=True)
class Commitments:
    """What one side commits to: codes of the list, and a short text."""

    codes: tuple[str, ...] = ()
    text: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was agreed yet."""
        return not self.codes and not self.text


NOTHING = Commitments()


def sides_asked(fund_pays: bool) -> tuple[Side, ...]:
    """The sides of a sheet: the fund only where it pays."""
    return tuple(side for side in Side if fund_pays or side is not Side.FUND)


def open_sides(sides: Mapping[Side, Commitments], fund_pays: bool) -> tuple[Side, ...]:
    """The sides with nothing agreed: tasks, and never a block."""
    return tuple(side for side in sides_asked(fund_pays) if sides.get(side, NOTHING).is_empty)


def for_employer(
    sides: Mapping[Side, Commitments], shown: Collection[str]
) -> dict[Side, Commitments]:
    """What an employer reads: the own side whole, of the others the codes on the allowlist alone.

    No text of another side comes along, and a side of which nothing may be read looks like one with
    nothing in it.
    """
    return {
        side: found
        if side is Side.EMPLOYER
        else Commitments(tuple(code for code in found.codes if code in shown))
        for side, found in sides.items()
    }
