"""Public counts under attack: whatever is subtracted, no count under 10 is told any closer.

The attacker knows the rule, every number that is shown, and nothing else. What they can work out
of a count is the range of all regions that would show the same numbers, found by solving for the
smallest and the largest one.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from matcher.domain.follow_up import month_after
from matcher.domain.public_counts import (
    PublicTalent,
    PublicTerms,
    Seeker,
    months_from,
    part_of,
    public_talent,
    rounded,
    standing_for,
    standing_totals,
)

ON = date(2027, 1, 4)
TERMS = PublicTerms(10, 5)
MONTHS = 2
SECTORS = {"F": "F", "F42": "F", "F43": "F", "N": "N"}
WISHES = (
    *(frozenset(), frozenset({"F"}), frozenset({"F", "F42"}), frozenset({"F", "F43"})),
    frozenset({"F", "F42", "F43"}),
)
OWN = "at work at the municipality"
"""A wish of nobody: it marks who works there, and who works looks for nothing."""
KINDS = [
    Seeker(wish | other, None if month > MONTHS else month_after(ON, month))
    for wish in WISHES
    for other in (frozenset(), frozenset({"N"}))
    for month in range(MONTHS + 2)
] + [Seeker(frozenset({OWN}), None)]
"""Everybody that can be told apart; somebody of the last month is not in sight."""
MANY = 500
"""More people than this of a kind are in no region here."""
counts = st.integers(0, 200)


@dataclass(frozen=True)
class Shown:
    """The page: the people who look for work, and how many work at the municipality."""

    talent: PublicTalent
    at_work: int | None


def shown(people: list[Seeker]) -> Shown:
    at_work = sum(OWN in each.sectors for each in people)
    return Shown(public_talent(people, SECTORS, ON, MONTHS, TERMS), rounded(at_work, TERMS))


def drawn(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - test data, no secret


def region(chance: Random) -> list[Seeker]:
    """People of a region, mostly so few that much of it is near the smallest count."""
    most = chance.choice((3, 6, 12, 30))
    return [
        kind
        for kind in KINDS
        for _ in range(chance.randint(0, most) if chance.random() < 0.6 else 0)
    ]


# --- the rule -------------------------------------------------------------------------------------


@given(counts)
def test_a_count_is_rounded_to_5_and_under_10_there_is_none(count: int) -> None:
    found = rounded(count, TERMS)
    assert (found is None) == (count < 10)
    assert found is None or (found % 5 == 0 and abs(found - count) <= 2)


@given(counts, st.lists(counts, max_size=4))
def test_a_whole_is_shown_as_a_part_or_lies_10_and_more_from_each(
    whole: int, parts: list[int]
) -> None:
    parts = [min(part, whole) for part in parts]
    stands = standing_for(whole, parts, TERMS)
    assert 0 <= whole - stands < 10
    large = [part for part in parts if part >= 10]
    assert stands in large or (stands == whole and all(whole - part >= 10 for part in large))


@given(st.lists(st.integers(0, 40), min_size=1, max_size=8))
def test_totals_over_months_stand_or_go_up_by_10_and_more(added: list[int]) -> None:
    found = standing_totals(added, TERMS)
    for one, next_one in itertools.pairwise((0, *found)):
        assert next_one == one or next_one - one >= 10
    for stands, total in zip(found, itertools.accumulate(added), strict=True):
        assert 0 <= total - stands < 10


@given(counts, st.lists(counts, max_size=3))
def test_a_part_is_shown_where_its_rest_could_be(part: int, wholes: list[int]) -> None:
    found = part_of(part, wholes, TERMS)
    could_be = part >= 10 and all(whole - part >= 10 for whole in wholes)
    assert found == (rounded(part, TERMS) if could_be else None)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_months_are_counted_by_the_calendar(on: date, day: date) -> None:
    ahead = months_from(on, day)
    assert month_after(on.replace(day=1), ahead) == max(day, on).replace(day=1) or day < on


@given(st.integers(0, 10**9))
def test_the_order_of_people_changes_nothing(seed: int) -> None:
    people = region(drawn(seed))
    assert shown(people) == shown(people[::-1])


# --- differences --------------------------------------------------------------------------------


def numbers(page: Shown) -> dict[str, int | None]:
    """Every number on the page by name."""
    found = page.talent
    return {
        "own": page.at_work,
        **{f"month {month}": count for month, count in enumerate(found.can_start)},
        **{sector: found.wanted.get(sector) for sector in SECTORS},
        **{f"soon {sector}": found.soon.get(sector) for sector in ("F", "N")},
    }


def truth(people: list[Seeker]) -> dict[str, int]:
    """The exact counts of the same names."""

    def can(person: Seeker, month: int) -> bool:
        return person.can_from is not None and months_from(ON, person.can_from) <= month

    return {
        "own": sum(OWN in each.sectors for each in people),
        **{f"month {m}": sum(can(each, m) for each in people) for m in range(MONTHS + 1)},
        **{sector: sum(sector in each.sectors for each in people) for sector in SECTORS},
        **{
            f"soon {sector}": sum(sector in each.sectors and can(each, MONTHS) for each in people)
            for sector in ("F", "N")
        },
    }


NESTED = [
    *((f"month {one}", f"month {two}") for one, two in ((0, 1), (0, 2), (1, 2))),
    *(("F42", "F"), ("F43", "F"), ("soon F", "F"), ("soon N", "N")),
    *(("soon F", f"month {MONTHS}"), ("soon N", f"month {MONTHS}")),
]
"""(part, whole): what is in the whole and not in the part is a count as well."""


def _first_with(found: dict[str, int | None], name: str) -> str:
    """The first month with the number of this one: what came since then is not in it."""
    if not name.startswith("month"):
        return name
    return next(month for month in found if found[month] == found[name])


def test_10_000_pairs_of_questions_tell_no_count_under_10() -> None:
    chance = drawn(5)
    asked = 0
    while asked < 10_000:
        people = region(chance)
        found, real = numbers(shown(people)), truth(people)
        for name, count in found.items():
            assert count is None or (count >= 10 and real[name] >= 10), name
        for part, whole in NESTED:
            asked += 1
            small, large = found[part], found[whole]
            if small is None or large is None:
                continue
            rest = large - small
            # Equal numbers leave all of 0 to 9; others are 10 apart, and so is what they stand for.
            # A whole that is shown as another part of it says nothing about this one.
            if rest and not (whole == "F" and large in (found["F42"], found["F43"])):
                assert rest >= 10, (part, whole)
                assert real[whole] - real[_first_with(found, part)] >= 10, (part, whole)


def test_10_000_changes_of_one_person_change_a_number_only_where_it_steps() -> None:
    chance = drawn(6)
    for _ in range(5_000):
        people = region(chance)
        before, exact = numbers(shown(people)), truth(people)
        other = chance.choice(KINDS)
        one = chance.randrange(len(people)) if people else None
        changed = [[*people, other]]
        if one is not None:
            changed.append([*people[:one], other, *people[one + 1 :]])
        for after in changed:
            now, real = numbers(shown(after)), truth(after)
            for name, count in now.items():
                assert abs(real[name] - exact[name]) <= 1
                assert count is None or before[name] is None or abs(count - before[name]) <= 20
            if real == exact:
                assert now == before, "whom the counts do not tell apart, the page does not"


# --- everything that follows from the page --------------------------------------------------------

Row = np.ndarray
SETS: dict[str, Callable[[Seeker], bool]] = {
    "own": lambda each: OWN in each.sectors,
    **{sector: lambda each, sector=sector: sector in each.sectors for sector in SECTORS},  # type: ignore[misc]  # bound here
    **{
        f"month {m}": lambda each, m=m: (  # type: ignore[misc]  # bound here
            each.can_from is not None and months_from(ON, each.can_from) <= m
        )
        for m in range(MONTHS + 1)
    },
}
MEMBER = {name: np.array([holds(kind) for kind in KINDS]) for name, holds in SETS.items()}
SOON = MEMBER[f"month {MONTHS}"]


class Known:
    """Bounds on counts, as an attacker collects them from the page."""

    def __init__(self, earlier: Known | None = None) -> None:
        self.rows = [] if earlier is None else list(earlier.rows)

    def add(self, row: Row, low: float = 0, high: float = np.inf) -> Known:
        self.rows.append((row.astype(float), low, high))
        return self

    def range_of(self, query: Row) -> tuple[int, int] | None:
        """The smallest and the largest value that agrees with all; None where nothing does."""
        matrix, low, high = (np.array(part) for part in zip(*self.rows, strict=True))
        found = [
            milp(
                sign * query.astype(float),
                constraints=LinearConstraint(matrix, low, high),
                bounds=Bounds(0, MANY),
                integrality=np.ones(len(KINDS)),
            )
            for sign in (1, -1)
        ]
        if any(each.x is None for each in found):
            return None
        return round(found[0].fun), round(-found[1].fun)


def about(known: Known, row: Row, count: int) -> Known:
    """A number that is shown was rounded from these."""
    return known.add(row, max(count - 2, 10), count + 2)


def readings(whole: Shown) -> Iterator[Known]:
    """What the page says, once for every way in which the rule may have led to it."""
    known, page = Known(), whole.talent
    if whole.at_work is None:
        known.add(MEMBER["own"], 0, 9)
    else:
        about(known, MEMBER["own"], whole.at_work)
    last, stands = None, np.zeros(len(KINDS))
    for month, count in enumerate(page.can_start):
        row = MEMBER[f"month {month}"].astype(float)
        if count == last:
            known.add(row - stands, 0, 9)
        else:
            about(known, row, count or 0).add(row - stands, 10)
            last, stands = count, row
    for sector in ("F42", "F43"):
        if sector in page.wanted:
            about(known, MEMBER[sector], page.wanted[sector])
        else:
            known.add(MEMBER[sector], 0, 9)
    for sector in ("F", "N"):
        if sector not in page.wanted:
            known.add(MEMBER[sector], 0, 9)
    for ways in itertools.product(*(_standing(page, sector) for sector in ("F", "N"))):
        way = Known(known)
        bases = {}
        for rows, sector, base in ways:
            way.rows.extend(rows)
            bases[sector] = base
        yield from _with_soon(way, page, bases, stands)


def _standing(
    page: PublicTalent, sector: str
) -> list[tuple[list[tuple[Row, float, float]], str, Row]]:
    """The counts that may stand for a section, each with what follows from it."""
    whole = MEMBER[sector].astype(float)
    if sector not in page.wanted:
        return [([], sector, whole)]
    number = page.wanted[sector]
    parts = [part for part in ("F42", "F43") if sector == "F" and part in page.wanted]
    same = [part for part in parts if page.wanted[part] == number]
    if same:
        return [
            (Known().add(whole - MEMBER[part], 0, 9).rows, sector, MEMBER[part].astype(float))
            for part in same
        ]
    own = about(Known(), whole, number)
    for part in parts:
        own.add(whole - MEMBER[part], 10)
    return [(own.rows, sector, whole)]


def _with_soon(
    known: Known, page: PublicTalent, bases: dict[str, Row], stands: Row
) -> Iterator[Known]:
    options = []
    for sector, base in bases.items():
        soon = (MEMBER[sector] & SOON).astype(float)
        if sector in page.soon:
            known_of = about(Known(), soon, page.soon[sector])
            options.append([known_of.add(base - soon, 10).add(stands - soon, 10).rows])
        else:
            large = [Known().add(soon, 10).add(rest - soon, -np.inf, 9) for rest in (base, stands)]
            options.append([each.rows for each in (Known().add(soon, 0, 9), *large)])
    for rows in itertools.product(*options):
        way = Known(known)
        for each in rows:
            way.rows.extend(each)
        yield way


def queries() -> dict[str, Row]:
    """Every count of the page, and of who is in one and in, or not in, another."""
    sets = {**MEMBER, **{f"soon {sector}": MEMBER[sector] & SOON for sector in ("F", "N")}}
    found = dict(sets)
    for one, two in itertools.permutations(sets, 2):
        found[f"{one} without {two}"] = sets[one] & ~sets[two]
    for one, two in itertools.combinations(sets, 2):
        found[f"{one} and {two}"] = sets[one] & sets[two]
    return {name: row for name, row in found.items() if row.any()}


@pytest.mark.parametrize("seed", range(6))
def test_nothing_that_follows_from_the_page_tells_a_count_under_10(seed: int) -> None:
    people = region(drawn(seed))
    page = shown(people)
    ways = list(readings(page))
    there = np.array([sum(each is kind for each in people) for kind in KINDS])
    for name, row in queries().items():
        ranges = [found for way in ways if (found := way.range_of(row)) is not None]
        low, high = min(each[0] for each in ranges), max(each[1] for each in ranges)
        real = int(there[row].sum())
        assert low <= real <= high, f"{name}: the attack is wrong"
        assert high >= 10 or (low == 0 and high == 9), f"{name}: {low} to {high}"
