"""The list of who fits under attack: no edit, copy or reload tells a limit of one person.

The attacker knows the rules, who lives in the region with their label, and every list that was
shown. What they can work out is what holds in every world that could have shown the same lists;
here all of those worlds are gone through.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.domain.pairs import assess_pair
from matcher.domain.shortlists import (
    DEMANDS,
    FREE,
    Known,
    Label,
    ListTerms,
    asked_only,
    drawn,
    half_year_of,
    is_like,
    label_everybody,
    lines_for,
    month_of,
    pseudonym,
    quarter_of,
)
from tests.domain.strategies import SETTING, candidates, vacancies

TERMS = ListTerms(sizes=(3, 5, 10), together=5, period=10, least_of_copy=5, differ=5)
ON = date(2027, 3, 1)
BANDS = ((1, 15), (16, 23), (24, 31), (32, 40), None)

known = st.builds(
    Known, st.sampled_from(BANDS), st.integers(0, 500).map(lambda days: ON + timedelta(days=days))
)
few_kinds = st.builds(
    Known,
    st.sampled_from(BANDS[2:4]),
    st.sampled_from([ON, ON + timedelta(days=40), ON + timedelta(days=120)]),
)
crowds = st.lists(st.one_of(known, few_kinds), max_size=120)


# --- labels ---------------------------------------------------------------------------------------


@given(crowds)
def test_every_label_is_shared_by_five_people_of_the_region(people: list[Known]) -> None:
    labels = label_everybody(people, TERMS)

    assert (labels is None) == (len(people) < TERMS.together)
    assert all(count >= TERMS.together for count in Counter(labels or ()).values())


@given(crowds)
def test_a_label_is_true_and_hangs_on_what_it_tells_and_on_nothing_else(
    people: list[Known],
) -> None:
    labels = label_everybody(people, TERMS) or []

    told: dict[Known, Label] = {}
    for person, label in zip(people, labels, strict=bool(labels)):
        names = (month_of, quarter_of, half_year_of)
        assert label.start in (None, *(name(person.starts_on) for name in names))
        assert label.hours in (None, person.hours)
        same = Known(person.hours, person.starts_on.replace(day=1))
        assert told.setdefault(same, label) == label


@given(crowds, st.randoms(use_true_random=False))
def test_labels_do_not_hang_on_the_order_of_people(people: list[Known], chance: Random) -> None:
    # Which of two equally small groups goes along may; how many share each label may not differ.
    order = list(range(len(people)))
    chance.shuffle(order)
    first = label_everybody(people, TERMS)
    second = label_everybody([people[number] for number in order], TERMS)

    assert (first is None) == (second is None)
    assert all(count >= TERMS.together for count in Counter(second or ()).values())


@given(crowds)
def test_a_month_or_quarter_is_told_only_where_ten_begin_in_each_one_beside_it(
    people: list[Known],
) -> None:
    labels = label_everybody(people, TERMS) or []
    for label in labels:
        for finer, coarser in ((month_of, quarter_of), (quarter_of, half_year_of)):
            beside = [one for one in people if label.start == finer(one.starts_on)]
            if beside:
                parent = coarser(beside[0].starts_on)
                held = Counter(
                    finer(one.starts_on) for one in people if coarser(one.starts_on) == parent
                )
                assert min(held.values()) >= TERMS.period


def test_a_rare_start_is_told_by_quarter_then_by_half_year_then_not_at_all() -> None:
    def starts(*groups: tuple[date, int]) -> list[str | None]:
        people = [Known(None, day) for day, count in groups for _ in range(count)]
        return [label.start for label in label_everybody(people, TERMS) or []]

    march, april = date(2027, 3, 8), date(2027, 4, 5)
    assert starts((march, 10)) == ["2027-03"] * 10
    assert starts((march, 10), (date(2027, 2, 1), 2)) == ["2027-Q1"] * 12
    assert starts((march, 10), (april, 9)) == ["2027-H1"] * 19
    assert starts((march, 5)) == ["2027-H1"] * 5
    later = (date(2027, 9, 1), 3)
    assert starts((march, 12), later) == [None] * 15, "three alone would be told by what is left"
    assert starts((march, 12), (date(2028, 2, 1), 6), later) == ["2027-03"] * 12 + [None] * 9


# --- how many, and whose --------------------------------------------------------------------------


@given(st.integers(0, 400), st.booleans())
def test_a_list_has_three_to_ten_lines_or_none(fits: int, is_copy: bool) -> None:
    shown = lines_for(fits, TERMS, is_copy=is_copy)

    assert shown in (0, 3, 5, 10)
    assert shown <= fits
    assert (shown == 0) == (fits < (5 if is_copy else 3))
    assert shown <= lines_for(fits + 1, TERMS, is_copy=is_copy)


@given(st.sets(st.integers(1, 10_000), min_size=3, max_size=40), st.text(max_size=8))
def test_the_seed_alone_chooses_and_orders(numbers: set[int], seed: str) -> None:
    shown = drawn(numbers, seed, 3)

    assert len(set(shown)) == 3
    assert set(shown) <= numbers
    assert shown == drawn(sorted(numbers, reverse=True), seed, 3)
    assert drawn(numbers, seed, 10)[:3] == shown


def test_everybody_who_fits_comes_up_about_as_often_at_every_position() -> None:
    people = range(1, 11)
    seen = Counter(
        (at, number)
        for seed in range(2_000)
        for at, number in enumerate(drawn(people, str(seed), 5))
    )
    assert all(130 <= seen[at, number] <= 270 for at in range(5) for number in people)


def test_pseudonyms_are_new_with_every_seed_and_every_line() -> None:
    names = {pseudonym(str(seed), at) for seed in range(200) for at in range(1, 11)}
    assert len(names) == 2_000
    assert all(len(name) == 10 and name.startswith("P-") for name in names)


# --- what a place asks ----------------------------------------------------------------------------


@settings(max_examples=200)
@given(candidates(), vacancies(), vacancies())
def test_what_may_still_change_lets_nobody_in_or_out(candidate, place, other) -> None:  # type: ignore[no-untyped-def]
    changed = replace(place, **{name: getattr(other, name) for name in FREE})
    before, after = (assess_pair(candidate, one, SETTING) for one in (place, changed))

    assert (before.eligible, before.ask_first) == (after.eligible, after.ask_first)
    assert asked_only(place) == asked_only(changed)
    assert is_like(place, changed, TERMS)


@given(vacancies(), vacancies())
def test_places_are_alike_that_differ_in_few_demands(place, other) -> None:  # type: ignore[no-untyped-def]
    apart = [name for name in DEMANDS if getattr(place, name) != getattr(other, name)]
    assert is_like(place, other, TERMS) == is_like(other, place, TERMS) == (len(apart) <= 5)


# --- elimination ----------------------------------------------------------------------------------

SMALL = ListTerms(sizes=(2, 4), together=2, period=2, least_of_copy=3, differ=5)
"""The same rules for a region so small that every world of it can be gone through."""
ABILITIES = ("lift", "stand")
World = tuple[frozenset[str], ...]
WORLDS: tuple[frozenset[str], ...] = tuple(
    frozenset(held)
    for count in range(len(ABILITIES) + 1)
    for held in itertools.combinations(ABILITIES, count)
)
Seen = tuple[frozenset[str], bool, int, Counter[Label]]
"""One list as the firm saw it: what was asked, whether a copy, how many lines, and their labels."""


def fitting(world: World, asked: frozenset[str]) -> list[int]:
    return [number for number, held in enumerate(world) if asked <= held]


def look(
    world: World, labels: Sequence[Label], asked: frozenset[str], is_copy: bool, seed: str
) -> Seen:
    fits = fitting(world, asked)
    size = lines_for(len(fits), SMALL, is_copy=is_copy)
    return asked, is_copy, size, Counter(labels[number] for number in drawn(fits, seed, size))


def could_show(world: World, labels: Sequence[Label], seen: Seen) -> bool:
    asked, is_copy, size, lines = seen
    fits = fitting(world, asked)
    there = Counter(labels[number] for number in fits)
    return lines_for(len(fits), SMALL, is_copy=is_copy) == size and lines <= there


asked_sets = st.sampled_from(WORLDS)


@settings(max_examples=150)
@given(
    st.lists(st.tuples(few_kinds, st.sampled_from(WORLDS)), min_size=2, max_size=6),
    st.lists(asked_sets, min_size=1, max_size=5),
    st.integers(0, 2**32),
)
def test_no_row_of_copies_tells_a_limit_that_not_all_with_the_same_label_share(
    people: list[tuple[Known, frozenset[str]]], asked: list[frozenset[str]], seed: int
) -> None:
    """The first list, then copies with other demands, each with a draw of its own.

    An edit after a list was shown is refused, and a reload shows the same bytes: neither adds to
    what was seen.
    """
    labels = label_everybody([one for one, _held in people], SMALL)
    assert labels is not None
    truth = tuple(held for _one, held in people)
    seen = [look(truth, labels, each, at > 0, f"{seed}:{at}") for at, each in enumerate(asked)]

    possible = [
        world
        for world in itertools.product(WORLDS, repeat=len(people))
        if all(could_show(world, labels, one) for one in seen)
    ]
    assert truth in possible
    for ability in ABILITIES:
        certain = {
            number
            for number in range(len(people))
            if all(ability not in world[number] for world in possible)
        }
        for number in certain:
            alike = {other for other, label in enumerate(labels) if label == labels[number]}
            assert alike <= certain, "what is certain of one is certain of all with that label"
            assert len(alike) >= SMALL.together


@settings(max_examples=150)
@given(
    st.lists(st.tuples(few_kinds, st.sampled_from(WORLDS)), min_size=2, max_size=6),
    st.sampled_from(WORLDS[:3]),
    st.sampled_from(WORLDS[1:]),
    st.integers(0, 2**32),
)
def test_who_said_yes_and_is_missing_from_a_copy_may_still_fit_it(
    people: list[tuple[Known, frozenset[str]]],
    first: frozenset[str],
    second: frozenset[str],
    seed: int,
) -> None:
    """Somebody of the first list has a name by now; a copy without such a line tells nothing."""
    labels = label_everybody([one for one, _held in people], SMALL)
    assert labels is not None
    truth = tuple(held for _one, held in people)
    before = look(truth, labels, first, False, f"{seed}:0")
    after = look(truth, labels, second, True, f"{seed}:1")
    named = drawn(fitting(truth, first), f"{seed}:0", before[2])[:1]

    for number in named:
        assert any(
            second <= world[number]
            for world in itertools.product(WORLDS, repeat=len(people))
            if first <= world[number]
            and could_show(world, labels, before)
            and could_show(world, labels, after)
        )


@given(crowds, st.data())
def test_two_people_with_one_label_can_be_exchanged_and_no_list_would_differ(
    people: list[Known], data: st.DataObject
) -> None:
    labels = label_everybody(people, TERMS)
    if labels is None:
        return
    able = data.draw(st.lists(st.booleans(), min_size=len(people), max_size=len(people)))
    one = data.draw(st.integers(0, len(people) - 1))
    other = data.draw(
        st.sampled_from([at for at, label in enumerate(labels) if label == labels[one]])
    )
    exchanged = list(able)
    exchanged[one], exchanged[other] = able[other], able[one]

    def told(who: list[bool]) -> tuple[int, Counter[Label]]:
        fits = [label for label, can in zip(labels, who, strict=True) if can]
        return lines_for(len(fits), TERMS, is_copy=False), Counter(fits)

    assert told(able) == told(exchanged)
