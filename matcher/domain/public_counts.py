"""Counts of people that anybody may read, so that no count under 10 can be found from them.

One list of counts is asked again, compared with another one and taken apart. What may be shown is
therefore decided for every pair of counts of which one is part of the other: the people in the one
and not in the other are a count too, and also that one must be 10 or more, or as hidden as any
count under 10 is: anything from 0 up to and including 9. (Product specification, statement 31 and
test S-05: counts of 10 and more, rounded to 5, with complementary suppression; contract.md
section 4, ``sectors`` with ``/pool``.)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PublicTerms:
    """The smallest count that is shown, and what counts are rounded to."""

    least: int
    rounding: int


def rounded(count: int, terms: PublicTerms) -> int | None:
    """A count as anybody may read it: None under the smallest one, else rounded."""
    if count < terms.least:
        return None
    # Half up in whole numbers; with 5 there is no half.
    return terms.rounding * ((2 * count + terms.rounding) // (2 * terms.rounding))


def standing_for(whole: int, parts: Iterable[int], terms: PublicTerms) -> int:
    """The count that is shown for a whole of which `parts` are shown apart; they may share people.

    Where fewer than the smallest count are in the whole and not in a part, that part stands for
    the whole: equal numbers say that at most 9 are between them, and nothing about how many.
    """
    near = [part for part in parts if part >= terms.least > whole - part]
    return max(near, default=whole)


def standing_totals(added: Iterable[int], terms: PublicTerms) -> tuple[int, ...]:
    """The count that is shown after each addition, for how many there are by then.

    It goes up only once at least the smallest count was added since it last did: two numbers that
    differ are so far apart that what lies between them could be shown.
    """
    shown = []
    total = stands = 0
    for more in added:
        total += more
        if total - stands >= terms.least:
            stands = total
        shown.append(stands)
    return tuple(shown)


def part_of(part: int, standing: Iterable[int], terms: PublicTerms) -> int | None:
    """Part of several counts as anybody may read it: where the rest of each could be shown as well.

    Compared with what stands for those counts: with the counts themselves it would tell how far
    they are from it. None does not say whether the part is too small or the rest of one: beside a
    small count that would tell the rest.
    """
    if any(count - part < terms.least for count in standing):
        return None
    return rounded(part, terms)


@dataclass(frozen=True, slots=True)
class Seeker:
    """What the counts read of somebody who looks for work; `can_from` is None while not in sight.

    `sectors` are the wishes with the sections that they are in.
    """

    sectors: frozenset[str]
    can_from: date | None


@dataclass(frozen=True, slots=True)
class PublicTalent:
    """The people of a region as anybody may read it.

    `can_start` has one number a month, from the present one on: who can start in it or before.
    `wanted` is who wants to work in a sector, `soon` who of them can start within these months;
    a sector that is not in them has no number.
    """

    can_start: tuple[int | None, ...]
    wanted: Mapping[str, int]
    soon: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PublicEmployer:
    """What the municipality does itself, as anybody may read it.

    `at_work` is None under the smallest count that is shown, `done_cents` while it would be about
    fewer people; `owed_cents` is None where it has no contract of its own.
    """

    names: tuple[str, ...]
    places: int
    at_work: int | None
    owed_cents: int | None
    done_cents: int | None


def rounded_cents(cents: int, to: int) -> int:
    """An amount rounded to so many cents, half up."""
    return to * ((2 * cents + to) // (2 * to))


def public_talent(
    people: Iterable[Seeker],
    sectors: Mapping[str, str],
    on: date,
    months: int,
    terms: PublicTerms,
) -> PublicTalent:
    """What may be shown of a region; `sectors` names the section of each sector, and of itself.

    Looks ahead so many months after the present one.
    """
    added = [0] * (months + 1)
    soon_of: dict[str, int] = dict.fromkeys(sectors, 0)
    all_of: dict[str, int] = dict.fromkeys(sectors, 0)
    for person in people:
        month = None if person.can_from is None else months_from(on, person.can_from)
        is_soon = month is not None and month <= months
        if month is not None and is_soon:
            added[month] += 1
        for sector in person.sectors & all_of.keys():
            all_of[sector] += 1
            soon_of[sector] += is_soon
    parts: dict[str, list[int]] = {}
    for sector, section in sectors.items():
        if sector != section:
            parts.setdefault(section, []).append(all_of[sector])
    standing = {
        sector: standing_for(count, parts.get(sector, ()), terms)
        for sector, count in all_of.items()
    }
    totals = standing_totals(added, terms)
    wanted = {sector: rounded(count, terms) for sector, count in standing.items()}
    soon = {
        section: part_of(soon_of[section], (standing[section], totals[-1]), terms)
        for section in sectors.values()
    }
    return PublicTalent(
        can_start=tuple(rounded(total, terms) for total in totals),
        wanted={sector: count for sector, count in wanted.items() if count is not None},
        soon={section: count for section, count in soon.items() if count is not None},
    )


def months_from(on: date, day: date) -> int:
    """How many calendar months later a day falls; a day before the present month is in it."""
    return max((day.year - on.year) * 12 + day.month - on.month, 0)
