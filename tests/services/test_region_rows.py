"""Rows of match for a region at once are the rows made candidate by candidate."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from matcher.cli.main import main
from matcher.cli.results import MATCH
from matcher.domain.assessment import current
from matcher.domain.candidate import CandidateProfile
from matcher.domain.pairs import Setting, assess_pair
from matcher.domain.summaries import Summaries
from matcher.domain.vacancy import VacancyProfile
from matcher.reference.places import load_places
from matcher.reference.rules import load_rule_set
from matcher.services import region_rows
from matcher.services.advice import Advisor
from matcher.services.region_rows import best_rows
from tests.domain.strategies import ON
from tests.domain.world import World

SETTING = Setting(load_rule_set("demo"), load_places(), ON)


def people_and_places(seed: int) -> tuple[list[CandidateProfile], list[VacancyProfile]]:
    """Enough of both for many ties, with somebody paused and people of two regions."""
    world = World(seed, unknown_one_in=3)
    people = [world.candidate(f"K{number}") for number in range(60)]
    people[7] = replace(people[7], paused_until=ON + timedelta(days=3))
    people[8:30:3] = [replace(person, region="haaglanden") for person in people[8:30:3]]
    return people, [world.vacancy(f"V{number}") for number in range(90)]


@pytest.mark.parametrize("seed", range(40))
def test_a_summary_says_what_the_explained_pair_says(seed: int) -> None:
    world = World(seed, unknown_one_in=2 + seed % 6)
    people = [current(world.candidate(f"K{n}"), SETTING) for n in range(12)]
    places = [world.vacancy(f"V{n}") for n in range(25)]
    pairs = [
        (c, v, pair)
        for c, person in enumerate(people)
        for v, place in enumerate(places)
        if (pair := assess_pair(person, place, SETTING)).eligible
    ]
    own, their = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))

    said = Summaries(places, SETTING).of(people, own, their)

    assert len(said) == len(pairs)
    for (_, _, pair), summary in zip(pairs, said, strict=True):
        assert summary.gaps == tuple(dict.fromkeys(gap.code for gap in pair.gaps))
        assert summary.certainty == pair.certainty.value
        assert summary.travel_minutes == pair.facts.travel.minutes


@pytest.mark.parametrize("seed", [0, 5])
@pytest.mark.parametrize("top", [1, 4, 200])
def test_the_rows_of_a_region_are_those_of_each_candidate(seed: int, top: int) -> None:
    people, places = people_and_places(3)
    advisor = Advisor(on=ON, vacancies=places, programmes=())

    whole = list(best_rows(advisor, people, top=top, seed=seed, is_flat=False))
    flat = list(best_rows(advisor, people, top=top, seed=seed, is_flat=True))

    expected = [row for c in people for row in advisor.match_rows(c, top=top, seed=seed)]
    assert whole == expected
    assert [MATCH.flat(row) for row in flat] == [MATCH.flat(row) for row in expected]
    assert len(expected) > 50


def test_the_rows_do_not_depend_on_how_many_are_made_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people, places = people_and_places(4)
    advisor = Advisor(on=ON, vacancies=places, programmes=())
    at_once = list(best_rows(advisor, people, top=3, is_flat=True))

    monkeypatch.setattr(region_rows, "PEOPLE_AT_ONCE", 7)

    assert list(best_rows(advisor, people, top=3, is_flat=True)) == at_once


def test_nobody_and_no_work_give_no_rows() -> None:
    people, places = people_and_places(5)

    assert not list(best_rows(Advisor(on=ON, vacancies=places), [], top=3, is_flat=True))
    assert not list(best_rows(Advisor(on=ON), people, top=3, is_flat=True))


def test_progress_counts_everybody_who_takes_part() -> None:
    people, places = people_and_places(6)
    told: list[int] = []

    list(
        best_rows(
            Advisor(on=ON, vacancies=places), people, top=3, is_flat=True, progress=told.append
        )
    )

    assert told[-1] == len(people) - 1
    assert max(told) == told[-1]


@pytest.mark.parametrize("file_format", ["csv", "json", "xlsx"])
def test_a_file_is_the_same_whether_the_kernel_chose_or_not(
    file_format: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    demo_files: Path,
) -> None:
    def match(name: str) -> bytes:
        out = tmp_path / f"{name}.{file_format}"
        arguments = ["match", "--candidates", str(demo_files / "candidates.csv"), "--vacancies"]
        arguments += [str(demo_files / "vacancies.csv"), "--top", "5", "--on", ON.isoformat()]
        answer = CliRunner().invoke(main, [*arguments, "--out", str(out)])
        assert answer.exit_code == 0, answer.output
        return out.read_bytes()

    one_by_one = match("one_by_one")
    monkeypatch.setattr(region_rows, "MANY_PAIRS", 0)

    assert match("at_once") == one_by_one


@pytest.fixture
def demo_files(tmp_path: Path) -> Path:
    """A small region in files."""
    folder = tmp_path / "demo"
    arguments = ["demo-data", "--candidates", "60", "--vacancies", "40", "--seed", "3"]
    answer = CliRunner().invoke(main, [*arguments, "--on", ON.isoformat(), "--out", str(folder)])
    assert answer.exit_code == 0, answer.output
    return folder
