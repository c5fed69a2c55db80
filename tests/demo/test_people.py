"""The invented people: the stated shares, nothing that labels them, the same for the same seed."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from datetime import date, timedelta
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.demo.region import DemoRegion, generate
from matcher.demo.spec import load_population
from matcher.domain.candidate import AuditAttributes, CandidateProfile
from matcher.domain.places import Places
from matcher.domain.vocabulary import LEVEL_MAXIMUM, LOADS
from matcher.reference.codes import load_codes
from matcher.reference.places import load_place_names, load_places
from tests.demo.conftest import ON

CODES = load_codes()
POPULATION = load_population()
MANY = 12_000


@pytest.fixture(scope="module")
def crowd() -> DemoRegion:
    return generate(7, ON, candidates=MANY, lessons=False)


def percent(part: int, whole: int = MANY) -> float:
    return 100 * part / whole


def test_shares_in_every_table_of_the_population_sum_to_a_hundred() -> None:
    assert sum(p["share"] for p in POPULATION["profiles"]) == 100
    assert sum(town["weight"] for town in POPULATION["postcodes"].values()) == 100
    assert sum(POPULATION["travel_max_minutes"].values()) == 100
    assert sum(POPULATION["benefit"].values()) == 100
    for profile in POPULATION["profiles"]:
        for key in ("rhythm", "work_skills", "money", "speak", "home", "load"):
            assert sum(profile[key]) == 100, (profile["share"], key)
        assert sum(profile["wants"].values()) == 100
        assert sum(profile["age"].values()) == 100


def test_every_answer_is_in_range_and_every_code_is_known(region: DemoRegion) -> None:
    for candidate in region.candidates:
        for name, top in {**LEVEL_MAXIMUM, **dict.fromkeys(LOADS, 2)}.items():
            level = candidate.level(name)
            assert level is None or 0 <= level <= top
        for sector in (*candidate.sectors, *candidate.sectors_never):
            CODES.require("sectors", sector)
        for code in candidate.credentials:
            CODES.require("credentials", code)
        for code in candidate.licences:
            CODES.require("licences", code)
        for code, _ in candidate.occupations:
            CODES.require("occupations", code)
        assert candidate.blocked <= set(CODES.list("windows").codes)
        assert candidate.travel_modes is None or candidate.travel_modes
        assert candidate.hours_max is None or 12 <= candidate.hours_max <= 40
        if candidate.hours_min is not None and candidate.hours_max is not None:
            assert 1 <= candidate.hours_min <= candidate.hours_max
        assert candidate.travel_max_minutes in (None, 30, 45, 60, 90)
        assert not set(candidate.sectors) & candidate.sectors_never
    for audit in region.audit:
        CODES.require("benefits", audit.benefit or "")


def test_people_live_in_the_towns_of_the_region_in_their_shares(crowd: DemoRegion) -> None:
    names = load_place_names()
    towns = Counter(names[c.pc4 or 0] for c in crowd.candidates)

    for name, town in POPULATION["postcodes"].items():
        assert percent(towns[name]) == pytest.approx(town["weight"], abs=1.5)
    assert {c.pc4 for c in crowd.candidates} == set(load_places().points)


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("rhythm", 10),
        ("work_skills", 10),
        ("lift", 10),
        ("hours_max", 10),
        ("money", 28),
        ("education", 42),
    ],
)
def test_missing_answers_have_the_stated_share_and_thin_files_have_more(
    crowd: DemoRegion, field: str, asked: float
) -> None:
    missing = sum(getattr(c, field) is None for c in crowd.candidates)
    expected = 0.88 * asked + 0.12 * 62

    assert percent(missing) == pytest.approx(expected, abs=1.5)


def test_levels_have_the_stated_distribution_over_all_profiles(crowd: DemoRegion) -> None:
    fields = {
        "rhythm": "rhythm",
        "work_skills": "work_skills",
        "money": "money",
        "speak": "language_speak",
        "home": "home_base",
    }
    for key, field in fields.items():
        known = [v for c in crowd.candidates if (v := c.level(field)) is not None]
        for level in range(5):
            expected = sum(p["share"] * p[key][level] for p in POPULATION["profiles"]) / 100
            found = percent(known.count(level), len(known))
            assert found == pytest.approx(expected, abs=1.8), (field, level)


def test_abilities_have_the_stated_distribution_and_go_together(crowd: DemoRegion) -> None:
    for load in LOADS:
        known = [v for c in crowd.candidates if (v := c.level(load)) is not None]
        for ability, index in ((2, 0), (1, 1), (0, 2)):
            expected = sum(p["share"] * p["load"][index] for p in POPULATION["profiles"]) / 100
            assert percent(known.count(ability), len(known)) == pytest.approx(expected, abs=1.8)
    both = [(c.lift, c.bend) for c in crowd.candidates if c.lift is not None and c.bend is not None]
    same = percent(sum(a == b for a, b in both), len(both))
    apart = sum((percent(sum(a == n for a, _ in both), len(both)) / 100) ** 2 for n in (0, 1, 2))
    assert same > 100 * apart + 10


def test_reading_is_speaking_or_one_lower(crowd: DemoRegion) -> None:
    both = [
        (c.language_speak, c.language_read)
        for c in crowd.candidates
        if c.language_speak and c.language_read is not None
    ]

    assert {speak - read for speak, read in both} == {0, 1}
    same = percent(sum(speak == read for speak, read in both), len(both))
    assert same == pytest.approx(60, abs=2)


def test_travel_papers_and_wishes_have_their_shares(crowd: DemoRegion) -> None:
    known = [c.travel_modes for c in crowd.candidates if c.travel_modes is not None]
    for mode, share in POPULATION["travel_modes"].items():
        assert percent(sum(mode in m for m in known), len(known)) == pytest.approx(share, abs=1.8)
    held = sum("vca_basic" in c.credentials for c in crowd.candidates)
    assert percent(held) == pytest.approx(12, abs=1.5)
    licensed = sum(p["share"] * p["licence_b"] for p in POPULATION["profiles"]) / 100
    has_b = sum("B" in c.licences for c in crowd.candidates)
    assert percent(has_b) == pytest.approx(licensed, abs=1.8)
    assert percent(sum(not c.sectors for c in crowd.candidates)) == pytest.approx(18, abs=1.5)
    assert percent(sum(bool(c.sectors_never) for c in crowd.candidates)) == pytest.approx(
        15, abs=1.5
    )
    assert all("B" in c.licences for c in crowd.candidates if "car" in (c.travel_modes or ()))


def test_waiting_pausing_and_not_reached_have_their_shares(crowd: DemoRegion) -> None:
    days = sorted((ON - c.waiting_since).days for c in crowd.candidates if c.waiting_since)

    assert median(days) == pytest.approx(61, abs=3)
    assert days[int(0.9 * len(days))] == pytest.approx(240, abs=15)
    assert percent(sum(c.is_paused(ON) for c in crowd.candidates)) == pytest.approx(5, abs=1)
    assert percent(len(crowd.not_reached)) == pytest.approx(8, abs=1)


def test_ages_and_benefits_stand_apart_in_their_shares(crowd: DemoRegion) -> None:
    ages = [ON.year - a.birth_year for a in crowd.audit if a.birth_year]
    benefits = Counter(a.benefit for a in crowd.audit)

    assert percent(sum(age < 28 for age in ages)) == pytest.approx(47, abs=2)
    assert percent(sum(28 <= age < 45 for age in ages)) == pytest.approx(30, abs=2)
    assert percent(sum(age >= 45 for age in ages)) == pytest.approx(23, abs=2)
    assert percent(benefits["p_wet"]) == pytest.approx(62, abs=2)
    assert percent(benefits["wia"] + benefits["wajong"]) == pytest.approx(10, abs=1.5)
    assert [a.reference for a in crowd.audit] == [c.reference for c in crowd.candidates]


def test_nothing_of_a_latent_profile_is_kept(region: DemoRegion) -> None:
    assert {type(c) for c in region.candidates} == {CandidateProfile}
    assert {type(a) for a in region.audit} == {AuditAttributes}
    assert not [f.name for f in dataclasses.fields(DemoRegion) if "profile" in f.name]
    drawn = [c for c in region.candidates if not c.reference.startswith("demo-les")]
    assert all(re.fullmatch(r"demo-k\d{4}", c.reference) for c in drawn)
    # References follow the order of drawing, which must say nothing about the levels.
    rhythm = [c.rhythm for c in drawn if c.rhythm is not None]
    half = len(rhythm) // 2
    first, second = sum(rhythm[:half]) / half, sum(rhythm[half:]) / (len(rhythm) - half)
    assert abs(first - second) < 0.4


def test_what_was_seen_is_recent_enough_to_count(region: DemoRegion) -> None:
    drawn = [c for c in region.candidates if not c.reference.startswith("demo-les")]

    assert all(c.observed_on and ON - c.observed_on <= timedelta(weeks=8) for c in drawn)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**63 - 1), count=st.integers(0, 25), days=st.integers(0, 3000))
def test_the_same_seed_and_day_give_the_same_region(seed: int, count: int, days: int) -> None:
    on = ON + timedelta(days=days)

    assert generate(seed, on, count, 20, 5) == generate(seed, on, count, 20, 5)


def test_another_seed_gives_other_people_and_work() -> None:
    one, other = generate(1, ON), generate(2, ON)

    assert one.candidates[:300] != other.candidates[:300]
    assert one.vacancies != other.vacancies


def test_more_vacancies_change_no_candidate_and_the_other_way_round() -> None:
    few, many = generate(1, ON, 40, 10), generate(1, ON, 40, 200)
    assert few.candidates == many.candidates

    few, many = generate(1, ON, 10, 60), generate(1, ON, 500, 60)
    assert few.vacancies == many.vacancies


def test_dates_move_with_the_day_and_nothing_else_does() -> None:
    week = timedelta(weeks=1)
    now, later = generate(1, ON, lessons=False), generate(1, ON + week, lessons=False)

    for before, after in zip(now.candidates, later.candidates, strict=True):
        assert after.pc4 == before.pc4
        assert after.rhythm == before.rhythm
        assert after.observed_on == (before.observed_on or date.min) + week
    for vacancy, moved in zip(now.vacancies, later.vacancies, strict=True):
        assert moved.start_on == (vacancy.start_on or date.min) + week
        assert moved.places == vacancy.places


def test_the_national_scale_spreads_over_every_postcode_of_a_table() -> None:
    points = dict.fromkeys(range(1011, 1511, 5), (52.0, 5.0))
    region = generate(1, ON, 3000, 500, 30, scale="national", places=Places(points))

    assert len(region.candidates) == 3000
    assert len(region.programmes) == 30
    assert len({p.reference for p in region.programmes}) == 30
    assert region.lessons == ()
    assert {c.pc4 for c in region.candidates} == set(points)
    assert {v.site_pc4 for v in region.vacancies} <= set(points)


def test_the_national_scale_without_a_table_uses_the_shipped_one() -> None:
    region = generate(1, ON, 200, 30, scale="national")

    assert {c.pc4 for c in region.candidates} <= set(load_places().points)


def test_an_unknown_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="regional, national"):
        generate(1, ON, scale="galactic")


@pytest.mark.parametrize("count", [0, 1, 20, 45])
def test_any_number_of_programmes_can_be_had(count: int) -> None:
    programmes = generate(1, ON, 0, 0, count).programmes

    assert len({p.reference for p in programmes}) == count
    assert all(p.region == "demo" for p in programmes)
