"""The lane table, exhaustively: exactly one rule fires, and it is the one the contract words."""

from __future__ import annotations

from itertools import product

import pytest

from matcher.domain.candidate import CandidateProfile
from matcher.domain.lanes import RULES as LANE_RULES
from matcher.domain.lanes import assess_lane, lane_rule
from matcher.domain.pathways import Pathways
from matcher.domain.programme import Programme
from matcher.domain.readiness import assess_readiness, sector_readiness
from matcher.domain.vocabulary import Lane
from tests.domain.strategies import RULES, SETTING

RHYTHM = [None, 0, 1, 2, 3, 4]
SKILLS = [None, 0, 1, 2]
SPEAK = [None, 0, 1, 2]
LIFT = [None, 0, 1, 2]
HOURS = [None, 10, 20, 28]
MINUTES = [None, 10, 30, 60]
SUPPORT = [
    {},
    {"money": 2},
    {"money": 3},
    {"home_base": 2},
    {"guidance_need": 3},
    {"guidance_need": 8},
    {"guidance_need": 9},
    {"language_read": 0},
    {"group": 1},
    {"group": None},
]
"""What else a rule reads, one at a time."""

READY = CandidateProfile(
    reference="K1",
    region="demo",
    pc4=3311,
    travel_max_minutes=60,
    travel_modes=frozenset({"bike"}),
    sectors=("F42",),
    hours_max=36,
    rhythm=3,
    work_skills=2,
    money=3,
    language_speak=2,
    language_read=1,
    home_base=3,
    digital=1,
    lift=2,
    stand=2,
    bend=2,
    outdoor=2,
    group=2,
    guidance_need=1,
)


def expected_rule(person: CandidateProfile, no_way: bool) -> int:
    """Contract section 3, worded again from its text for the profile F42."""

    def steps(level, need):
        return 0 if level is None else max(0, need - level)

    def share(value, need):
        return 0 if value is None or value >= need else 1 if 2 * value >= need else 2

    reach = None if person.travel_max_minutes is None else 15 * person.travel_max_minutes / 60
    unknown = {
        "rhythm": person.rhythm is None,
        "work_skills": person.work_skills is None,
        "body": person.lift is None,
        "hours": person.hours_max is None,
        "travel": reach is None,
        "speaking": person.language_speak is None,
    }
    gaps = [
        steps(person.rhythm, 3),
        steps(person.work_skills, 2),
        steps(person.lift, 2),
        steps(person.group, 1),
        share(person.hours_max, 28),
        share(reach, 12),
        steps(person.language_speak, 2),
        steps(person.language_read, 1),
    ]
    short = [gap for gap in gaps if gap]
    hours = person.guidance_need
    if unknown["rhythm"] or unknown["work_skills"] or sum(unknown.values()) >= 3:
        return 1
    if (
        sum(unknown.values()) <= 1
        and not short
        and (hours is None or hours <= 4)
        and (person.money is None or person.money >= 3)
        and (person.home_base is None or person.home_base >= 3)
    ):
        return 2
    if max(short, default=0) <= 1 and len(short) <= 2 and (hours is None or hours <= 8):
        return 3
    return 4 if no_way else 5


@pytest.mark.parametrize("no_way", [False, True])
def test_exactly_the_rule_of_the_contract_fires_for_every_combination_of_levels(no_way):
    fired = set()
    for rhythm, skills, speak, lift, hours, minutes in product(
        RHYTHM, SKILLS, SPEAK, LIFT, HOURS, MINUTES
    ):
        for index, extra in enumerate(SUPPORT):
            if index and (rhythm, skills, speak) not in ((3, 2, 2), (2, 2, 2), (3, 2, 1)):
                continue
            person = READY.with_values(
                {
                    "rhythm": rhythm,
                    "work_skills": skills,
                    "language_speak": speak,
                    "lift": lift,
                    "hours_max": hours,
                    "travel_max_minutes": minutes,
                    **extra,
                }
            )
            sector = sector_readiness(person, "F42", RULES)
            rule = lane_rule(person, sector, RULES, lambda _: no_way)
            assert rule == expected_rule(person, no_way), person
            fired.add(rule)
    assert fired == ({1, 2, 3, 4} if no_way else {1, 2, 3, 5})


def lane(person: CandidateProfile, programmes: tuple[Programme, ...] = ()) -> Lane:
    pathways = Pathways(programmes, SETTING)
    readiness = assess_readiness(person, RULES)
    return assess_lane(
        person, readiness, RULES, lambda sector: pathways.out_of_reach(person, sector)
    ).lane


def test_the_best_lane_over_the_wanted_sectors_counts():
    person = READY.with_values({"rhythm": 2, "sectors": ("F42", "N81"), "walk": 2})
    assert lane(person.with_values({"sectors": ("F42",)})) is Lane.READY_WITH_SUPPORT
    assert lane(person) is Lane.READY_NOW


def test_a_sector_that_is_never_wanted_is_taken_out_before_the_lane():
    person = READY.with_values(
        {"rhythm": 2, "sectors": ("N81", "F42"), "sectors_never": frozenset({"N"}), "walk": 2}
    )
    assert lane(person) is Lane.READY_WITH_SUPPORT


werkfit = Programme("W", "werkfit", raises=(("rhythm", 1),), weeks=12, hours_a_week=20)

OTHER_ROUTE = [
    ("no programme reaches rhythm", {"rhythm": 0}, (), Lane.OTHER_ROUTE),
    ("one programme brings rhythm within a step", {"rhythm": 1}, (), Lane.OTHER_ROUTE),
    ("with the programme", {"rhythm": 1}, (werkfit,), Lane.PRE_PLACEMENT),
    ("two steps need two programmes", {"rhythm": 0}, (werkfit,), Lane.OTHER_ROUTE),
    ("few hours never give it", {"rhythm": 1, "hours_max": 4}, (werkfit,), Lane.PRE_PLACEMENT),
    ("loads never give it", {"lift": 0}, (), Lane.PRE_PLACEMENT),
    ("travel never gives it", {"travel_max_minutes": 5}, (), Lane.PRE_PLACEMENT),
    ("guidance never gives it", {"guidance_need": 12}, (), Lane.PRE_PLACEMENT),
    ("an unknown level passes", {"rhythm": 1, "language_read": None}, (werkfit,), None),
]


@pytest.mark.parametrize(("why", "values", "programmes", "expected"), OTHER_ROUTE)
def test_only_levels_that_no_programme_reaches_give_another_way(why, values, programmes, expected):
    needs_reading = tuple(
        Programme(
            p.reference, p.kind, raises=p.raises, needs=(("language_read", 1),), weeks=p.weeks
        )
        for p in programmes
    )
    assert lane(READY.with_values(values), needs_reading) is (expected or Lane.PRE_PLACEMENT)


def test_money_moves_someone_only_between_the_two_lanes_that_start():
    for rhythm, lift, money in product(RHYTHM, LIFT, [0, 1, 2, 3, 4]):
        person = READY.with_values({"rhythm": rhythm, "lift": lift, "money": None})
        lanes = {lane(person), lane(person.with_values({"money": money}))}
        assert len(lanes) == 1 or lanes == {Lane.READY_NOW, Lane.READY_WITH_SUPPORT}


def test_every_rule_has_a_lane_and_every_lane_a_rule():
    assert sorted(LANE_RULES) == [1, 2, 3, 4, 5]
    assert set(LANE_RULES.values()) == set(Lane)
