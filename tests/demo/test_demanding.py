"""Work made more or less demanding, for data at scale."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from benchmarks.scale import Scale, feasible_share, removed_by
from matcher.demo.region import generate
from matcher.domain.pairs import Setting
from matcher.reference.codes import load_codes
from matcher.reference.places import load_places
from matcher.reference.rules import load_rule_set

ON = date(2026, 11, 23)
SETTING = Setting(load_rule_set("demo"), load_places(), ON)


def data(scale: str, percent: float, seed: int = 1) -> Scale:
    region = generate(seed, ON, 500, 300, 20, scale, lessons=False, feasible=percent)
    return Scale(region.candidates, region.vacancies, SETTING)


@pytest.mark.parametrize(("scale", "percent"), [("national", 2), ("regional", 40)])
@pytest.mark.parametrize("seed", [1, 2])
def test_about_the_share_asked_for_is_feasible(scale: str, percent: int, seed: int) -> None:
    share = feasible_share(data(scale, percent, seed))

    assert share == pytest.approx(percent, rel=0.2)


@pytest.mark.parametrize(("scale", "percent"), [("national", 2), ("regional", 40)])
def test_each_blocker_removes_at_least_two_percent_of_pairs_by_itself(
    scale: str, percent: int
) -> None:
    removed = removed_by(data(scale, percent))

    assert set(removed) == set(load_codes().list("blockers").codes)
    assert min(removed.values()) >= 2, removed


def test_people_keep_every_answer_but_the_sectors_they_never_want() -> None:
    drawn = generate(1, ON, 200, 100, 20, "national")
    aimed = generate(1, ON, 200, 100, 20, "national", feasible=2)

    changed = 0
    for before, after in zip(drawn.candidates, aimed.candidates, strict=True):
        assert replace(after, sectors_never=before.sectors_never) == before
        assert before.sectors_never <= after.sectors_never
        assert not after.sectors_never & set(after.sectors)
        changed += after != before
    assert changed > 20


def test_the_same_seed_gives_the_same_work_and_another_seed_other_work() -> None:
    one, again, other = (data("national", 2, seed) for seed in (1, 1, 2))

    assert one.vacancies == again.vacancies
    assert one.vacancies != other.vacancies


def test_where_nobody_or_no_work_is_there_is_nothing_to_aim_at() -> None:
    assert generate(1, ON, 0, 5, 20, "national", feasible=2).candidates == ()
    assert generate(1, ON, 5, 0, 20, "national", feasible=2).vacancies == ()


def test_a_share_out_of_reach_gives_the_nearest_that_there_is() -> None:
    most = feasible_share(data("regional", 99))

    assert 40 < most < 99
