"""Readiness by hand-worked examples: the table of practice section 4, and the edges it names."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from matcher.domain.candidate import CandidateProfile, without_expired
from matcher.domain.hours import HoursState, hours_state, workable_hours
from matcher.domain.loads import load_gap
from matcher.domain.numbers import decimal_of, hundredths
from matcher.domain.pairs import assess_pair
from matcher.domain.readiness import assess_readiness, sector_readiness, wanted_sectors
from matcher.domain.travel import TravelState, mode_minutes, reach_km, travel_to
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import DIMENSIONS, WINDOWS
from tests.domain.strategies import ON, PLACES, RULES, SETTING
from tests.domain.test_lanes import READY


def points(person: CandidateProfile, sector: str = "F42") -> dict[str, int]:
    """Hundredths of each dimension."""
    return {d.name: d.points for d in sector_readiness(person, sector, RULES).dimensions}


def test_someone_who_meets_every_need_has_a_hundred_and_nothing_more_above_it():
    assert assess_readiness(READY, RULES).points == 10_000
    above = READY.with_values({"rhythm": 4, "work_skills": 4, "hours_max": 40})
    assert assess_readiness(above, RULES).points == 10_000


@pytest.mark.parametrize(
    ("values", "dimension", "expected"),
    [
        ({"rhythm": 2}, "rhythm", 1600),
        ({"rhythm": 1}, "rhythm", 800),
        ({"rhythm": 0}, "rhythm", 0),
        ({"rhythm": None}, "rhythm", 1200),
        ({"work_skills": 1}, "work_skills", 900),
        ({"hours_max": 20}, "hours", 571),
        ({"hours_max": 10}, "hours", 286),
        ({"travel_max_minutes": 30}, "travel", 500),
        ({"lift": 1}, "body", 1050),
        ({"lift": 0}, "body", 900),
        ({"lift": None}, "body", 1050),
        ({"lift": None, "bend": None}, "body", 900),
        ({"group": 0}, "head", 400),
        ({"money": 0}, "money", 0),
        ({"money": 2}, "money", 400),
        ({"home_base": 2}, "home", 267),
        ({"sectors": ()}, "direction", 200),
    ],
)
def test_points_follow_the_table(values, dimension, expected):
    assert points(READY.with_values(values))[dimension] == expected


def test_the_four_body_demands_of_road_building_share_twelve_points():
    rated = [load for load, demand in RULES.profiles["F42"].demands.items() if demand]
    assert rated == ["lift", "bend", "outdoor", "stand", "group"]
    assert points(READY)["body"] == 1200


def test_weights_are_those_of_the_table_and_sum_to_a_hundred():
    assert [RULES.weights[name] for name in DIMENSIONS] == [24, 18, 12, 8, 8, 8, 5, 3, 6, 4, 4]


def test_the_range_sets_all_unknowns_to_nothing_and_to_full():
    readiness = assess_readiness(READY.with_values({"rhythm": None, "money": None}), RULES)
    assert (readiness.low, readiness.points, readiness.high) == (7000, 8500, 10_000)
    assert readiness.best.known_share == Fraction(70, 100)


def test_money_is_left_out_and_the_rest_rescaled():
    readiness = assess_readiness(READY.with_values({"money": 0, "rhythm": 2}), RULES)
    assert readiness.points == 8600
    assert readiness.without_money == round(Fraction(8600 * 100, 94))
    assert readiness.start_level == round(Fraction((8600 - 800) * 100, 86))


def test_readiness_is_the_highest_over_the_wanted_sectors_and_the_first_where_equal():
    low = READY.with_values({"rhythm": 2, "walk": 2, "sectors": ("F42", "N81")})
    assert assess_readiness(low, RULES).best.sector == "N81"
    equal = READY.with_values({"sectors": ("F", "F42")})
    assert assess_readiness(equal, RULES).best.sector == "F"


@pytest.mark.parametrize(
    ("sectors", "never", "expected"),
    [
        (("F42", "N81"), set(), ("F42", "N81")),
        (("F42", "N81"), {"F"}, ("N81",)),
        (("F42",), {"F42"}, (None,)),
        (("F",), {"F42"}, ("F",)),
        ((), set(), (None,)),
    ],
)
def test_nevers_are_taken_out_first(sectors, never, expected):
    person = READY.with_values({"sectors": sectors, "sectors_never": frozenset(never)})
    assert wanted_sectors(person) == expected


@pytest.mark.parametrize(
    ("sector", "profile"),
    [("F42", "F42"), ("F99", "F"), ("F", "F"), ("Q88", "Q"), ("Z1", "default"), (None, "default")],
)
def test_a_division_takes_its_own_profile_then_its_section_then_the_default(sector, profile):
    assert RULES.profile_for(sector).sector == profile


@pytest.mark.parametrize(
    ("name", "weeks"), [("rhythm", 8), ("work_skills", 26), ("money", 26), ("lift", 26)]
)
def test_a_level_is_unknown_from_the_day_after_its_shelf_life(name, weeks):
    person = READY.with_values({"observed_on": ON - timedelta(weeks=weeks)})
    life = RULES.shelf_life_weeks
    assert without_expired(person, life, ON).level(name) == READY.level(name)
    assert without_expired(person, life, ON + timedelta(days=1)).level(name) is None
    assert without_expired(READY, life, date(2099, 1, 1)) == READY


@pytest.mark.parametrize(
    ("blocked", "shifts", "hours"),
    [
        (set(), ("day",), 40),
        ({"mon_morning"}, ("day",), 36),
        ({f"{d}_afternoon" for d in ("mon", "tue", "wed", "thu", "fri")}, ("day",), 20),
        ({f"{d}_afternoon" for d in ("mon", "tue", "wed", "thu", "fri")}, ("early",), 40),
        (set(), ("weekend",), 16),
        ({"sat_morning"}, ("weekend",), 12),
        ({"sat_morning"}, ("weekend", "day"), 40),
        (set(WINDOWS), ("day", "night"), 0),
    ],
)
def test_workable_hours_count_whole_days_and_free_windows(blocked, shifts, hours):
    assert workable_hours(frozenset(blocked), shifts, RULES.shifts) == hours


def place(**values: object) -> VacancyProfile:
    return VacancyProfile("V1", "Aannemer", "demo", "F42", 1, **values)  # type: ignore[arg-type]


MORNINGS = frozenset(f"{d}_afternoon" for d in ("mon", "tue", "wed", "thu", "fri"))


@pytest.mark.parametrize(
    ("person", "vacancy", "state"),
    [
        ({"hours_max": 36}, {"hours_min": 32, "hours_max": 36}, HoursState.FULL),
        ({"hours_max": 32}, {"hours_min": 32, "hours_max": 36}, HoursState.PART),
        ({"hours_max": 24}, {"hours_min": 32}, HoursState.HOURS),
        ({"hours_max": None}, {"hours_min": 32}, HoursState.UNKNOWN),
        ({"hours_max": 36, "blocked": MORNINGS}, {"hours_min": 32}, HoursState.WINDOWS),
        ({"hours_max": None, "blocked": MORNINGS}, {"hours_min": 32}, HoursState.WINDOWS),
        ({"hours_max": 24, "blocked": MORNINGS}, {"hours_min": 32}, HoursState.HOURS),
        ({"hours_min": 30, "hours_max": 36}, {"hours_max": 20}, HoursState.HOURS),
        ({"hours_max": 36, "blocked": MORNINGS}, {}, HoursState.UNKNOWN),
    ],
)
def test_hours_block_on_the_maxima_and_windows_when_the_windows_cause_it(person, vacancy, state):
    assert hours_state(READY.with_values(person), place(**vacancy), RULES.shifts) is state


def test_travel_takes_the_fastest_known_mode_and_never_guesses():
    def way(person=None, **vacancy):
        who = READY.with_values(person or {})
        return travel_to(
            who, place(**{"site_pc4": 3331, **vacancy}), PLACES, RULES.travel, RULES.shifts.ends_at
        )

    assert way().state is TravelState.WITHIN
    assert way().mode == "bike"
    assert way({"travel_max_minutes": 2}).state is TravelState.OVER
    assert way({"pc4": 9999}).state is TravelState.UNKNOWN
    assert way({"pc4": None}).state is TravelState.UNKNOWN
    assert way({"travel_modes": None}).state is TravelState.UNKNOWN
    assert way({"travel_max_minutes": None}).state is TravelState.UNKNOWN
    assert way(reachable_by=frozenset({"car"})).state is TravelState.OVER
    assert way(reachable_by=frozenset({"car"})).no_usable_mode
    same = way(site_pc4=3311)
    assert same.minutes == mode_minutes(0, "bike", RULES.travel) > 0


@pytest.mark.parametrize(
    ("starts", "shifts", "known"),
    [((6, 29), ("day",), False), ((6, 30), ("day",), True), (None, ("night",), False),
     (None, ("night", "day"), True), (None, ("late",), True), ((23, 0), ("day",), False)],
)  # fmt: skip
def test_public_transport_outside_its_hours_is_unknown_not_a_number(starts, shifts, known):
    from datetime import time

    person = READY.with_values({"travel_modes": frozenset({"public_transport"})})
    vacancy = place(
        site_pc4=3331, shifts=shifts, day_starts_at=None if starts is None else time(*starts)
    )
    way = travel_to(person, vacancy, PLACES, RULES.travel, RULES.shifts.ends_at)
    assert (way.state is TravelState.WITHIN) == known
    assert (way.minutes is None) == (not known)
    both = person.with_values({"travel_modes": frozenset({"public_transport", "walk"})})
    slow = both.with_values({"travel_max_minutes": 5})
    expected = TravelState.OVER if known else TravelState.UNKNOWN
    over = travel_to(slow, vacancy, PLACES, RULES.travel, RULES.shifts.ends_at)
    assert over.state is expected


def test_reach_is_that_of_the_fastest_mode():
    person = READY.with_values({"travel_modes": frozenset({"walk", "bike"})})
    assert reach_km(person, RULES.travel) == 15


@pytest.mark.parametrize(
    ("hours", "counts"), [(0, 1), (1, 1), (2, 3), (4, 3), (5, 7), (8, 7), (9, 12), (40, 12)]
)
def test_guidance_counts_as_the_value_of_its_band(hours, counts):
    assert RULES.guidance_value(hours) == counts


@pytest.mark.parametrize(
    ("demand", "ability", "gap"), [(2, 0, 2), (2, 1, 1), (2, 2, 0), (1, 0, 1), (0, 0, 0)]
)
def test_a_load_gap_is_demand_minus_ability(demand, ability, gap):
    assert load_gap(demand, ability) == gap


def test_an_adaptable_demand_counts_one_step_less():
    heavy = place(lift=2)
    light = place(lift=2, adaptable=frozenset({"lift"}))
    person = READY.with_values({"lift": 0})
    assert "load" in {b.code for b in assess_pair(person, heavy, SETTING).blockers}
    assert "load" not in {b.code for b in assess_pair(person, light, SETTING).blockers}


START = [
    (None, ON, 0, set()),
    (ON + timedelta(days=7), ON, 1, set()),
    (ON + timedelta(days=8), ON, 1, {"start"}),
    (None, ON - timedelta(days=1), 0, {"start"}),
    (None, ON - timedelta(days=7), 1, set()),
    (ON, None, 0, set()),
]


@pytest.mark.parametrize(("start_from", "start_on", "flex", "codes"), START)
def test_a_start_that_cannot_be_met_or_has_passed_blocks(start_from, start_on, flex, codes):
    person = READY.with_values({"start_from": start_from})
    vacancy = place(start_on=start_on, flex_weeks=flex)
    found = {b.code for b in assess_pair(person, vacancy, SETTING).blockers}
    assert found == codes


def test_hundredths_round_half_to_even_and_print_with_two_digits():
    assert [hundredths(Fraction(n, 800)) for n in (1, 3, 4)] == [0, 0, 0]
    assert hundredths(Fraction(25, 1000)) == 2
    assert hundredths(Fraction(35, 1000)) == 4
    assert str(decimal_of(6850)) == "68.50"
