"""The kernel judges every pair as the explained score does, number by number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matcher.domain.assessment import current
from matcher.domain.candidate import CandidateProfile
from matcher.domain.matching import rank_vacancies
from matcher.domain.pairs import Setting, assess_pair
from matcher.domain.table import VacancyTable
from matcher.domain.vacancy import VacancyProfile
from matcher.engine.batch import BestPairs, best_pairs, every_pair
from matcher.engine.layout import Country
from matcher.reference.places import load_places
from matcher.reference.rules import load_rule_set
from tests.domain.strategies import ON
from tests.domain.world import World

SETTING = Setting(load_rule_set("demo"), load_places(), ON)


def everything(
    candidates: list[CandidateProfile], vacancies: list[VacancyProfile], **options: object
) -> BestPairs:
    """Lists long enough for every pair."""
    country = Country(vacancies, SETTING)
    top = max(len(candidates), len(vacancies), 1)
    return best_pairs(candidates, country, top=top, **options)  # type: ignore[arg-type]


def fits_of(found: BestPairs, candidate: int) -> dict[int, int]:
    rows = found.vacancies[candidate]
    return {
        int(row): int(found.vacancy_fits[candidate][at]) for at, row in enumerate(rows) if row >= 0
    }


@pytest.mark.parametrize("block", range(20))
def test_every_pair_of_a_thousand_random_worlds_equals_the_explained_pair(block: int) -> None:
    for seed in range(block * 50, block * 50 + 50):
        world = World(seed, unknown_one_in=2 + seed % 7)
        people = [world.candidate(f"K{n}") for n in range(6)]
        places = [world.vacancy(f"V{n}") for n in range(9)]

        found = everything(people, places)

        for at, person in enumerate(people):
            known = current(person, SETTING)
            pairs = [assess_pair(known, place, SETTING) for place in places]
            expected = {row: pair.fit for row, pair in enumerate(pairs) if pair.eligible}
            assert fits_of(found, at) == expected, (seed, at)
            assert found.eligible[at] == len(expected)


def test_both_sides_hold_the_same_pairs() -> None:
    world = World(7)
    people = [world.candidate(f"K{n}") for n in range(80)]
    places = [world.vacancy(f"V{n}") for n in range(150)]

    found = everything(people, places)

    ours = {(c, v, fit) for c in range(80) for v, fit in fits_of(found, c).items()}
    theirs = {
        (int(c), v, int(found.candidate_fits[v][at]))
        for v in range(150)
        for at, c in enumerate(found.candidates[v])
        if c >= 0
    }
    assert ours == theirs
    assert len(ours) > 100


def test_a_short_list_is_the_beginning_of_the_long_one_in_the_order_of_the_ranking() -> None:
    world = World(8)
    people = [world.candidate(f"K{n}") for n in range(60)]
    places = [world.vacancy(f"V{n}") for n in range(200)]
    country, table = Country(places, SETTING), VacancyTable(places, SETTING)

    short = best_pairs(people, country, top=5)

    for at, person in enumerate(people):
        ranked = rank_vacancies(person, table, top=5)
        expected = [places.index(match.pair.vacancy) for match in ranked]
        assert [int(row) for row in short.vacancies[at] if row >= 0] == expected


@pytest.mark.parametrize("threads", [2, 3, 5])
def test_any_number_of_threads_gives_the_same(threads: int) -> None:
    world = World(9)
    people = [world.candidate(f"K{n}") for n in range(90)]
    places = [world.vacancy(f"V{n}") for n in range(120)]
    country = Country(places, SETTING)

    one = best_pairs(people, country, top=4)
    many = best_pairs(people, country, top=4, threads=threads)

    for name in ("vacancies", "vacancy_fits", "candidates", "candidate_fits", "eligible"):
        assert np.array_equal(getattr(one, name), getattr(many, name)), name


def test_the_order_of_the_input_does_not_matter() -> None:
    world = World(10)
    people = [world.candidate(f"K{n}") for n in range(70)]
    places = [world.vacancy(f"V{n}") for n in range(100)]
    mixed_people, mixed_places = people[::-1], places[50:] + places[:50]

    def lists(found: BestPairs, who: list[CandidateProfile], what: list[VacancyProfile]) -> object:
        return {
            who[at].reference: [what[row].reference for row in rows if row >= 0]
            for at, rows in enumerate(found.vacancies)
        }, {
            what[at].reference: [who[row].reference for row in rows if row >= 0]
            for at, rows in enumerate(found.candidates)
        }

    straight = best_pairs(people, Country(places, SETTING), top=3)
    mixed = best_pairs(mixed_people, Country(mixed_places, SETTING), top=3)

    assert lists(straight, people, places) == lists(mixed, mixed_people, mixed_places)


def test_pairs_to_be_asked_first_are_left_out_on_request() -> None:
    world = World(11, unknown_one_in=2)
    people = [world.candidate(f"K{n}") for n in range(60)]
    places = [replace(world.vacancy(f"V{n}"), employer_size=5) for n in range(60)]
    table = VacancyTable(places, SETTING)

    found = everything(people, places, take_ask_first=False)

    asked = 0
    for at, person in enumerate(people):
        scores = table.score(current(person, SETTING))
        asked += int((scores.eligible & scores.ask_first).sum())
        expected = set(np.flatnonzero(scores.eligible & ~scores.ask_first).tolist())
        assert set(fits_of(found, at)) == expected
    assert asked > 50


@pytest.mark.parametrize(("people", "places"), [(0, 0), (0, 3), (3, 0), (1, 1), (2, 64), (2, 65)])
def test_empty_sides_and_the_edges_of_a_word(people: int, places: int) -> None:
    world = World(12)
    candidates = [world.candidate(f"K{n}") for n in range(people)]
    vacancies = [world.vacancy(f"V{n}") for n in range(places)]

    found = everything(candidates, vacancies)

    table = VacancyTable(vacancies, SETTING)
    for at, candidate in enumerate(candidates):
        eligible = table.score(current(candidate, SETTING)).eligible
        assert found.eligible[at] == eligible.sum()


def test_distances_in_steps_equal_minutes_for_every_pair_of_postcodes_and_mode() -> None:
    setting = SETTING
    codes = sorted(setting.places.points)
    modes = ("walk", "bike", "ebike", "public_transport", "car", "lift")
    vacancies = [VacancyProfile(f"V{code}", "A", "demo", "F42", 1, site_pc4=code) for code in codes]
    table = VacancyTable(vacancies, setting)
    people = [
        CandidateProfile(
            f"K{code}-{mode}",
            "demo",
            pc4=code,
            travel_modes=frozenset({mode}),
            travel_max_minutes=m,
        )
        for code in codes
        for mode, m in zip(modes, (17, 12, 30, 41, 9, 60), strict=True)
    ]

    found = best_pairs(people, Country(vacancies, setting), top=len(vacancies))

    for at, person in enumerate(people):
        scores = table.score(person)
        assert found.eligible[at] == scores.eligible.sum()
        assert fits_of(found, at) == {
            int(row): int(scores.fit[row]) for row in np.flatnonzero(scores.eligible)
        }


@pytest.mark.parametrize("take_ask_first", [True, False])
def test_every_pair_can_be_listed(take_ask_first: bool) -> None:
    world = World(13, unknown_one_in=3)
    people = [world.candidate(f"K{n}") for n in range(70)]
    places = [world.vacancy(f"V{n}") for n in range(130)]
    country, table = Country(places, SETTING), VacancyTable(places, SETTING)
    counts = best_pairs(people, country, top=1, take_ask_first=take_ask_first).eligible

    listed = every_pair(people, country, counts, take_ask_first=take_ask_first)

    found = {
        (int(c), int(v)): int(fit)
        for c, v, fit in zip(listed.candidate, listed.vacancy, listed.fit, strict=True)
    }
    expected = {}
    for at, person in enumerate(people):
        scores = table.score(current(person, SETTING))
        wanted = scores.eligible if take_ask_first else scores.eligible & ~scores.ask_first
        expected |= {(at, int(row)): int(scores.fit[row]) for row in np.flatnonzero(wanted)}
    assert found == expected
    assert len(expected) > 200
