"""Each hard rule shuts out in the kernel, by name, and no rule hides behind another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from matcher.domain.candidate import CandidateProfile
from matcher.domain.hours import workable_hours
from matcher.domain.pairs import Setting, assess_pair
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import LOADS
from matcher.engine.bars import Bars
from matcher.engine.batch import Scorer, best_pairs
from matcher.engine.layout import Country
from matcher.engine.ways import WayTable
from matcher.reference.places import load_places
from matcher.reference.rules import load_rule_set
from tests.domain.strategies import ON

SETTING = Setting(load_rule_set("demo"), load_places(), ON)
ABLE: dict[str, Any] = dict.fromkeys(LOADS, 2)
NIGHTS = frozenset(f"{day}_night" for day in ("mon", "tue", "wed", "thu", "fri"))

PERSON = CandidateProfile(
    "K1",
    "demo",
    pc4=3311,
    travel_modes=frozenset({"car"}),
    travel_max_minutes=30,
    sectors=("F42",),
    hours_min=16,
    hours_max=36,
    rhythm=3,
    work_skills=3,
    language_speak=3,
    language_read=3,
    digital=2,
    education=3,
    guidance_need=3,
    **ABLE,
)
PLACE = VacancyProfile(
    "V1",
    "B1",
    "demo",
    "F42",
    1,
    employer_size=100,
    site_pc4=3312,
    hours_min=24,
    hours_max=36,
    rhythm=2,
    work_skills=2,
    language_speak=2,
    language_read=2,
    digital=0,
    education=1,
    guidance_hours=4,
    start_on=ON + timedelta(weeks=4),
    **dict.fromkeys(LOADS, 0),
)


@dataclass(frozen=True)
class Rule:
    """A pair that only one rule shuts out, its blocker, and how the kernel does without it."""

    person: dict[str, Any]
    place: dict[str, Any]
    blockers: frozenset[str]
    without: Callable[[pytest.MonkeyPatch], None]
    take_ask_first: bool = True


def _no_bar(name: str) -> Callable[[pytest.MonkeyPatch], None]:
    def nobody(bars: Bars, *_answer: object) -> np.ndarray[Any, np.dtype[np.bool_]]:
        return np.zeros(len(bars.table), np.bool_)

    return lambda patch: patch.setattr(Bars, name, nobody)


def _number(at: int, value: int) -> Callable[[pytest.MonkeyPatch], None]:
    made = Scorer.numbers_of

    def numbers_of(*arguments: Any) -> Any:
        numbers = made(*arguments)
        numbers[at] = value
        return numbers

    return lambda patch: patch.setattr(Scorer, "numbers_of", staticmethod(numbers_of))


def _no_way_too_far(patch: pytest.MonkeyPatch) -> None:
    made = WayTable.worth

    def worth(ways: WayTable, asked: Any) -> Any:
        points, farthest = made(ways, asked)
        return np.maximum(points, 0), np.full_like(farthest, np.iinfo(np.int16).max)

    patch.setattr(WayTable, "worth", worth)


def _all_windows_free(patch: pytest.MonkeyPatch) -> None:
    def always(_blocked: object, *rest: Any) -> int:
        return workable_hours(frozenset(), *rest)

    patch.setattr("matcher.domain.table.workable_hours", always)


def _hours_that_always_fit(patch: pytest.MonkeyPatch) -> None:
    """Only the windows are left of the rule of the week."""
    made = Bars.week

    def week(bars: Bars, answer: Any) -> Any:
        return made(bars, (None, None, answer[2]))

    patch.setattr(Bars, "week", week)


RULES = {
    "level": Rule({"rhythm": 0}, {}, frozenset({"level"}), _no_bar("level")),
    "load": Rule({"lift": 0}, {"lift": 2}, frozenset({"load"}), _no_bar("load")),
    "smallest employer": Rule(
        {"lift": 1},
        {"lift": 2, "employer_size": 5},
        frozenset({"small_employer"}),
        _no_bar("smallest_employer"),
    ),
    "small employer": Rule(
        {"lift": 1, "bend": 1},
        {"lift": 2, "bend": 2, "employer_size": 30},
        frozenset({"small_employer"}),
        _number(2, len(LOADS)),
    ),
    "credential": Rule(
        {},
        {"credentials": frozenset({"vca_basic"})},
        frozenset({"credential"}),
        _no_bar("credential"),
    ),
    "licence": Rule({}, {"licences": frozenset({"B"})}, frozenset({"licence"}), _no_bar("licence")),
    "hours": Rule({"hours_max": 20}, {}, frozenset({"hours"}), _hours_that_always_fit),
    "windows": Rule(
        {"blocked": NIGHTS}, {"shifts": ("night",)}, frozenset({"windows"}), _all_windows_free
    ),
    "travel": Rule({"travel_max_minutes": 1}, {}, frozenset({"travel"}), _no_way_too_far),
    "sector": Rule(
        {"sectors": (), "sectors_never": frozenset({"F42"})},
        {},
        frozenset({"sector"}),
        _no_bar("sector"),
    ),
    "start": Rule({"start_from": date(2028, 1, 1)}, {}, frozenset({"start"}), _no_bar("start")),
    "guidance": Rule({"guidance_need": 12}, {}, frozenset({"guidance"}), _no_bar("guidance")),
    "ask first": Rule(
        {"lift": None}, {"lift": 1, "employer_size": 5}, frozenset(), _number(4, 0), False
    ),
}


def _takes(person: CandidateProfile, place: VacancyProfile, *, take_ask_first: bool = True) -> bool:
    found = best_pairs([person], Country([place], SETTING), top=1, take_ask_first=take_ask_first)
    return bool(found.eligible[0] == 1)


def _shuts_out(name: str) -> bool:
    rule = RULES[name]
    person, place = replace(PERSON, **rule.person), replace(PLACE, **rule.place)
    return not _takes(person, place, take_ask_first=rule.take_ask_first)


def test_the_pair_that_the_rules_start_from_is_taken() -> None:
    assert _takes(PERSON, PLACE)
    assert _takes(PERSON, PLACE, take_ask_first=False)


@pytest.mark.parametrize("name", RULES)
def test_each_pair_is_shut_out_by_its_own_rule_alone(name: str) -> None:
    rule = RULES[name]

    pair = assess_pair(replace(PERSON, **rule.person), replace(PLACE, **rule.place), SETTING)

    assert {blocker.code for blocker in pair.blockers} == rule.blockers


def test_a_level_two_steps_under_the_need_shuts_out() -> None:
    assert _shuts_out("level")


def test_a_load_gap_of_two_steps_shuts_out() -> None:
    assert _shuts_out("load")


def test_any_load_gap_shuts_out_at_the_smallest_employers() -> None:
    assert _shuts_out("smallest employer")


def test_a_second_load_gap_shuts_out_at_small_employers() -> None:
    assert _shuts_out("small employer")


def test_a_credential_that_is_not_held_shuts_out() -> None:
    assert _shuts_out("credential")


def test_a_licence_that_is_not_held_shuts_out() -> None:
    assert _shuts_out("licence")


def test_too_few_hours_shut_out() -> None:
    assert _shuts_out("hours")


def test_blocked_windows_shut_out() -> None:
    assert _shuts_out("windows")


def test_a_way_over_the_maximum_shuts_out() -> None:
    assert _shuts_out("travel")


def test_a_sector_that_is_never_wanted_shuts_out() -> None:
    assert _shuts_out("sector")


def test_a_start_that_comes_too_early_shuts_out() -> None:
    assert _shuts_out("start")


def test_more_guidance_than_the_site_has_shuts_out() -> None:
    assert _shuts_out("guidance")


def test_a_pair_to_be_asked_first_is_left_out_on_request() -> None:
    assert _shuts_out("ask first")


@pytest.mark.parametrize("name", RULES)
def test_without_a_rule_its_own_pair_is_taken_and_no_other(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    RULES[name].without(monkeypatch)

    assert [rule for rule in RULES if not _shuts_out(rule)] == [name]
