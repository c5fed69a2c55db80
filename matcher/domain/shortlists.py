"""The anonymous list of who fits a place: how many lines, whose, and what each line may show.

What is shown of a person is a label, the hours a week and when somebody can begin, made coarser
until enough people of the region share it. The labels hang on the people of the region and on
nothing that a place asks: whoever has the same label can be exchanged, and no list would differ.
The number of lines is one of a few, and which people stand on it is drawn: that somebody is not on
a list never says that they do not fit. (Practice page section 7, 4 and 8; product specification,
section 4, anonymous shortlist.)
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, TypeVar

from matcher.domain.vacancy import VacancyProfile

Band = tuple[int, int]
T = TypeVar("T")

FREE = frozenset(
    {
        *("reference", "contractor", "region", "places", "title", "contract_type"),
        *("employer_of_record", "arrangement", "learning_level", "contract_months"),
        "wage_hour_cents",
    }
)
"""What a firm may change about a place after its list was shown: nobody fits less or more by it."""
DEMANDS = tuple(item.name for item in fields(VacancyProfile) if item.name not in FREE)
"""Everything else: what decides who fits, and what an advice about fit reads."""


@dataclass(frozen=True, slots=True)
class ListTerms:
    """`sizes` are the numbers of lines in rising order; `together` people share what is shown,
    and a month or quarter is shown where at least `period` people begin in each one beside it.

    `least_of_copy` is how many have to fit for a copy, `differ` how many demands may differ
    between two places that count as copies.
    """

    sizes: tuple[int, ...]
    together: int
    period: int
    least_of_copy: int
    differ: int


@dataclass(frozen=True, slots=True)
class Known:
    """What could be told of somebody: a band of hours a week, None if unknown, and from when."""

    hours: Band | None
    starts_on: date


@dataclass(frozen=True, slots=True)
class Label:
    """What is told: None where it would tell too much.

    `start` is ``2027-03``, ``2027-Q1`` or ``2027-H1``.
    """

    hours: Band | None = None
    start: str | None = None


def label_everybody(people: Sequence[Known], terms: ListTerms) -> list[Label] | None:
    """The label of each of the people of a region, shared by at least `together` of them.

    None when there are fewer people than that. A month is shown only where at least `period`
    people begin in every month of its quarter in which anybody does, else the quarter, and so on;
    so a coarse label never stands for the few that were left over.
    """
    if len(people) < terms.together:
        return None
    starts = _starts([person.starts_on for person in people], terms)
    labels: list[Label] = [Label() for _ in people]
    for numbers in _by(starts.__getitem__, range(len(people))).values():
        bands = [people[number].hours for number in numbers]
        for number, band in zip(numbers, _shared(bands, terms.together), strict=True):
            labels[number] = Label(band, starts[number])
    return labels


def _starts(days: Sequence[date], terms: ListTerms) -> list[str | None]:
    """The start as each person may show it."""
    found: list[str | None] = [half_year_of(day) for day in days]
    for coarse, finer in ((half_year_of, quarter_of), (quarter_of, month_of)):
        for numbers in _by(found.__getitem__, range(len(days))).values():
            parts = Counter(finer(days[number]) for number in numbers)
            is_coarse = found[numbers[0]] == coarse(days[numbers[0]])
            if is_coarse and min(parts.values()) >= terms.period:
                for number in numbers:
                    found[number] = finer(days[number])
    return _shared(found, terms.together)


def _shared(values: Sequence[T | None], least: int) -> list[T | None]:
    """The values again, without those that fewer than `least` hold.

    Who shows none are many enough themselves, else the next smallest value goes with them.
    """
    groups = _by(lambda number: values[number], range(len(values)))
    hidden = list(groups.pop(None, []))
    for group in sorted(groups.values(), key=lambda group: (len(group), group[0])):
        if len(group) < least or 0 < len(hidden) < least:
            hidden += group
    gone = set(hidden)
    return [None if number in gone else value for number, value in enumerate(values)]


def _by(name_of: Callable[[T], Hashable], items: Iterable[T]) -> dict[Hashable, list[T]]:
    groups: dict[Hashable, list[T]] = defaultdict(list)
    for item in items:
        groups[name_of(item)].append(item)
    return dict(groups)


def month_of(day: date) -> str:
    """The month of a day, such as ``2027-03``."""
    return f"{day:%Y-%m}"


def quarter_of(day: date) -> str:
    """The quarter of a day, such as ``2027-Q1``."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def half_year_of(day: date) -> str:
    """The half-year of a day, such as ``2027-H1``."""
    return f"{day.year}-H{1 if day.month <= 6 else 2}"


def lines_for(fits: int, terms: ListTerms, *, is_copy: bool) -> int:
    """How many lines are shown when so many people fit; 0 is: the service point calls."""
    if is_copy and fits < terms.least_of_copy:
        return 0
    return max((size for size in terms.sizes if size <= fits), default=0)


def drawn(numbers: Iterable[int], seed: str, size: int) -> list[int]:
    """`size` of the people by number, chosen and put in order by the seed alone."""
    return sorted(numbers, key=lambda number: (_hash(seed, "draw", number), number))[:size]


def pseudonym(seed: str, position: int) -> str:
    """The name of one line, good for one list: it hangs on the seed and the line, on nobody."""
    digits = int(_hash(seed, "name", position), 16)
    letters = []
    for _ in range(8):
        digits, rest = divmod(digits, len(_LETTERS))
        letters.append(_LETTERS[rest])
    return "P-" + "".join(letters)


_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def _hash(seed: str, use: str, number: int) -> str:
    return hashlib.sha256(f"{seed}:{use}:{number}".encode()).hexdigest()


def asked_only(place: VacancyProfile) -> VacancyProfile:
    """The place with nothing but what it asks: equal for two places that ask the same."""
    asked: dict[str, Any] = {name: getattr(place, name) for name in DEMANDS}
    return VacancyProfile(reference="", contractor="", region="", places=1, **asked)


def is_like(place: VacancyProfile, other: VacancyProfile, terms: ListTerms) -> bool:
    """Whether two places of one firm ask so nearly the same that one is a copy of the other."""
    apart = [name for name in DEMANDS if getattr(place, name) != getattr(other, name)]
    return len(apart) <= terms.differ
