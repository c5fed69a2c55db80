"""Employers, vacancies and contracts follow the table of practice.md section 6."""

from __future__ import annotations

from collections import Counter
from datetime import date, time, timedelta

import pytest

from matcher.demo.region import DemoRegion, generate
from matcher.domain.vocabulary import CONTRACT_TYPES, LOADS
from matcher.reference.codes import load_codes
from matcher.reference.places import load_places
from tests.demo.conftest import ON

CODES = load_codes()

TYPES = {
    # title: number, needs r w s d, hours, wage factor, months
    "Leerling grondwerker": (14, (3, 2, 2, 1), (36, 40), (100, 110), (12, 24)),
    "Hulp stratenmaker": (8, (3, 2, 1, 1), (36, 40), (105, 120), (12, 12)),
    "Hulp riool, kabels en leidingen": (6, (3, 2, 2, 2), (40, 40), (110, 125), (12, 12)),
    "Hulp asfaltploeg": (3, (4, 2, 2, 1), (40, 40), (120, 135), (12, 12)),
    "Verkeersregelaar en afzetting": (5, (3, 2, 3, 2), (24, 40), (105, 115), (6, 12)),
    "Groenonderhoud": (8, (2, 2, 1, 1), (20, 36), (100, 110), (6, 12)),
    "Schoonmaak keten en openbare ruimte": (4, (2, 1, 1, 0), (12, 28), (100, 108), (6, 12)),
    "Gastheer milieustraat": (3, (3, 2, 2, 1), (24, 36), (105, 112), (12, 12)),
    "Bijrijder, op weg naar rijbewijs C": (3, (3, 2, 2, 2), (36, 40), (100, 130), (12, 12)),
    "Hulp timmerman sluizen en bruggen": (2, (3, 2, 2, 2), (40, 40), (115, 125), (12, 12)),
    "Werf en klein magazijn": (2, (3, 2, 2, 2), (24, 40), (102, 110), (12, 12)),
    "Zorg: keuken, linnen en vervoer": (2, (3, 2, 2, 1), (16, 32), (102, 110), (6, 12)),
}
CLASSES = {
    # class: employers, vacancies, FTE, places, guidance hours a place
    "smallest": (8, 8, (4, 9), (1, 1), (3, 5)),
    "small": (8, 16, (10, 49), (1, 2), (4, 6)),
    "medium": (5, 18, (50, 249), (2, 4), (4, 8)),
    "large": (2, 10, (250, 1000), (3, 6), (6, 8)),
    "pool": (1, 5, (50, 250), (3, 5), (8, 8)),
    "social": (1, 3, (40, 250), (3, 6), (10, 10)),
}
SECTORS = {
    "smallest": {"F42": 5, "F43": 3},
    "small": {"F42": 4, "F43": 2, "N81": 2},
    "medium": {"F42": 2, "N81": 1, "H49": 1, "E38": 1},
    "large": {"F42": 1, "Q87": 1},
    "pool": {"F42": 1},
    "social": {"N81": 1},
}


def needs(vacancy: object) -> tuple[int | None, ...]:
    names = ("rhythm", "work_skills", "language_speak", "language_read")
    return tuple(getattr(vacancy, name) for name in names)


def test_there_are_60_vacancies_of_25_employers_and_about_165_places(region: DemoRegion) -> None:
    assert len(region.contractors) == 25
    assert len(region.vacancies) == 60
    assert 155 <= sum(v.places for v in region.vacancies) <= 175
    assert {v.contractor for v in region.vacancies} == {c.reference for c in region.contractors}


@pytest.mark.parametrize("seed", range(1, 6))
@pytest.mark.parametrize("kind", CLASSES)
def test_every_class_of_employer_has_its_number_size_places_and_guidance(
    kind: str, seed: int
) -> None:
    region = generate(seed, ON)
    count, vacancies, size, places, guidance = CLASSES[kind]
    firms = {c.reference: c for c in region.contractors if c.kind == kind}
    own = [v for v in region.vacancies if v.contractor in firms]

    assert Counter(c.sector for c in firms.values()) == SECTORS[kind]
    assert len(firms) == count
    assert len(own) == vacancies
    assert all(size[0] <= c.employer_size <= size[1] for c in firms.values())
    for vacancy in own:
        assert vacancy.employer_size == firms[vacancy.contractor].employer_size
        assert vacancy.sector == firms[vacancy.contractor].sector
        assert places[0] <= vacancy.places <= places[1]
        assert vacancy.guidance_hours is not None
        assert guidance[0] <= vacancy.guidance_hours / vacancy.places <= guidance[1]


@pytest.mark.parametrize("title", TYPES)
def test_every_type_has_its_number_needs_hours_wage_and_months(
    region: DemoRegion, title: str
) -> None:
    count, levels, hours, wage, months = TYPES[title]
    own = [v for v in region.vacancies if v.title == title]

    assert len(own) == count
    for vacancy in own:
        if vacancy.language_speak != 4:  # the paver that nobody can be, on purpose
            assert needs(vacancy) == levels
        assert (vacancy.hours_min, vacancy.hours_max) == hours
        assert vacancy.wage_hour_cents is not None
        assert round(14.71 * wage[0]) <= vacancy.wage_hour_cents <= round(14.71 * wage[1])
        assert vacancy.contract_months is not None
        assert months[0] <= vacancy.contract_months <= months[1]


def test_shares_inside_a_type_are_exact_and_not_a_matter_of_luck(region: DemoRegion) -> None:
    def held(title: str, field: str, code: str) -> int:
        return sum(
            code in getattr(v, field)
            for v in region.vacancies
            if v.title and v.title.startswith(title)
        )

    assert held("Leerling grondwerker", "credentials_taught", "vca_basic") == 12  # 85 % of 14
    assert held("Leerling grondwerker", "licences", "B") == 2  # 15 % of 14
    assert held("Hulp stratenmaker", "credentials_taught", "vca_basic") == 6  # 75 % of 8
    assert held("Hulp riool", "credentials", "vca_basic") == 3  # 50 % of 6
    assert held("Hulp riool", "credentials_taught", "vca_basic") == 3  # the rest
    assert held("Hulp riool", "licences", "B") == 2  # 30 % of 6
    assert held("Hulp asfaltploeg", "shifts", "night") == 2  # 50 % of 3
    assert held("Verkeersregelaar", "licences", "B") == 3  # 60 % of 5
    assert held("Groenonderhoud", "licences", "BE") == 1  # 15 % of 8
    assert held("Gastheer", "shifts", "weekend") == 2  # 50 % of 3


def test_contract_types_have_their_shares_over_all_vacancies(region: DemoRegion) -> None:
    counts = Counter(v.contract_type for v in region.vacancies)

    assert counts == {
        "bbl": 25,
        "temporary": 17,
        "secondment": 9,
        "trial": 5,
        "work_experience": 3,
        "permanent": 1,
    }
    assert set(counts) <= set(CONTRACT_TYPES)
    kinds = {c.reference: c.kind for c in region.contractors}
    for vacancy in region.vacancies:
        assert (vacancy.learning_level is None) == (vacancy.contract_type != "bbl")
        assert (vacancy.employer_of_record is None) == (vacancy.contract_type != "secondment")
        if kinds[vacancy.contractor] == "pool":
            assert vacancy.contract_type == "secondment"


@pytest.mark.parametrize("shift_of_day", range(7))
def test_starts_are_mondays_within_ten_weeks_whatever_the_day(shift_of_day: int) -> None:
    on = ON + timedelta(days=shift_of_day)
    for vacancy in generate(1, on).vacancies:
        assert vacancy.start_on is not None
        assert vacancy.start_on.weekday() == 0
        assert on <= vacancy.start_on <= on + timedelta(weeks=10, days=6)


def test_flexible_weeks_are_0_for_30_percent_and_2_4_or_8_for_the_rest(region: DemoRegion) -> None:
    counts = Counter(v.flex_weeks for v in region.vacancies)

    assert counts[0] == 18
    assert set(counts) == {0, 2, 4, 8}


def test_three_vacancies_cannot_be_filled_on_purpose(region: DemoRegion) -> None:
    night_by_bus = [
        v
        for v in region.vacancies
        if v.shifts == ("night",) and v.reachable_by == {"public_transport"}
    ]
    eloquent_paver = [v for v in region.vacancies if v.language_speak == 4]
    driver_at_minimum = [
        v for v in region.vacancies if v.licences == {"C"} and v.wage_hour_cents == 1471
    ]

    assert [len(night_by_bus), len(eloquent_paver), len(driver_at_minimum)] == [1, 1, 1]
    assert night_by_bus[0].day_starts_at == time(23)


def test_every_code_and_place_of_a_vacancy_is_known(region: DemoRegion) -> None:
    places = load_places()
    for vacancy in region.vacancies:
        CODES.require("sectors", vacancy.sector)
        CODES.require("occupations", vacancy.occupation or "")
        for code in vacancy.credentials | vacancy.credentials_taught:
            CODES.require("credentials", code)
        for licence in vacancy.licences:
            CODES.require("licences", licence)
        assert not vacancy.credentials & vacancy.credentials_taught
        assert vacancy.adaptable <= {load for load in LOADS if vacancy.need(load)}
        assert places.knows(vacancy.site_pc4)
        assert vacancy.region == "demo"


def test_the_training_pool_lends_to_twelve_employers_of_the_region(region: DemoRegion) -> None:
    (pool,) = [c for c in region.contractors if c.kind == "pool"]
    others = {c.reference for c in region.contractors if c.kind not in ("pool", "social")}

    assert len(set(pool.lends_to)) == 12
    assert set(pool.lends_to) <= others
    assert all(not c.lends_to for c in region.contractors if c is not pool)


def test_running_contracts_have_the_shares_values_and_pso_levels_of_each_class(
    region: DemoRegion,
) -> None:
    firms = {c.reference: c for c in region.contractors}
    by_class: dict[str, list[object]] = {}
    for contract in region.contracts:
        by_class.setdefault(firms[contract.contractor].kind, []).append(contract)
    euros = {
        "smallest": (60_000, 400_000),
        "small": (200_000, 2_000_000),
        "medium": (1_000_000, 12_000_000),
        "large": (8_000_000, 60_000_000),
    }

    assert {kind: len(own) for kind, own in by_class.items()} == {
        "smallest": 2,
        "small": 5,
        "medium": 5,
        "large": 2,
    }
    for contract in region.contracts:
        low, high = euros[firms[contract.contractor].kind]
        assert low * 100 <= contract.value_cents <= high * 100
        assert 0 < contract.wage_cents < contract.value_cents
        assert contract.tendered_on < contract.awarded_on < contract.start_on <= ON
        assert contract.end_on > ON
        assert contract.kind in CODES.list("contract_kinds")
        assert contract.pso_level in CODES.list("pso_levels")
        assert (contract.pso_valid_until is None) == (contract.pso_level == "none")
    levels = Counter(
        (firms[c.contractor].kind, c.pso_level) for c in region.contracts if c.pso_level != "none"
    )
    assert levels == {("medium", "1"): 1, ("medium", "2"): 1, ("large", "3"): 1}


def test_the_arrangement_ties_infra_vacancies_and_programmes_together(region: DemoRegion) -> None:
    (arrangement,) = region.arrangements
    in_it = [v for v in region.vacancies if v.arrangement == arrangement.name]

    assert arrangement.target == 50
    assert arrangement.from_on < ON < arrangement.until_on
    assert in_it
    assert {v.sector for v in in_it} <= set(arrangement.sectors)
    assert {p.kind for p in region.programmes if p.arrangement == arrangement.name} == {
        "werkfit",
        "orientation",
        "pre_course",
        "safety",
    }


def test_employers_are_obviously_invented_and_nobody_is_named(region: DemoRegion) -> None:
    assert all("verzonnen" in c.name for c in region.contractors)
    assert len({c.name for c in region.contractors}) == 25
    assert all(v.employer_of_record in (None, "Opleidingsbedrijf") for v in region.vacancies)


def test_titles_are_in_the_language_asked_for() -> None:
    english = generate(1, ON, candidates=0, lang="en")

    assert "Ground worker, learning" in {v.title for v in english.vacancies}
    assert "VCA basic, 1 day" in {p.title for p in english.programmes}


@pytest.mark.parametrize("count", [0, 1, 7, 59, 61, 130])
def test_any_number_of_vacancies_can_be_had(count: int) -> None:
    region = generate(3, ON, candidates=0, vacancies=count, programmes=20)

    assert len(region.vacancies) == count
    assert len({v.reference for v in region.vacancies}) == count
    assert {v.contractor for v in region.vacancies} <= {c.reference for c in region.contractors}


def test_the_last_known_minimum_wage_is_the_floor_of_every_wage() -> None:
    for seed in range(1, 4):
        wages = [v.wage_hour_cents or 0 for v in generate(seed, date(2027, 3, 1)).vacancies]
        assert min(wages) >= 1471
