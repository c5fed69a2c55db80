"""Every rule file that ships: its shape, its sources, its bounds, and that it can be used."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest
import yaml

from matcher.domain.rules import RuleSetError
from matcher.domain.vocabulary import DIMENSIONS
from matcher.reference.codes import load_codes
from matcher.reference.paths import data_dir
from matcher.reference.rule_schema import as_json, check_document
from matcher.reference.rules import (
    list_rule_sets,
    load_rule_set,
    overlay,
    read_document,
    rule_set_from,
)

FILES = {
    path.stem: yaml.safe_load(path.read_text("utf-8"))
    for path in sorted((data_dir() / "rules").glob("*.yaml"))
}
REGIONS = sorted(set(FILES) - {"national"})
MONEY_RULES = (
    "obligation",
    "thresholds",
    "building_blocks",
    "full_time",
    "counting_window",
    "pre_contract_window",
    "bonuses",
    "alternatives",
    "pso_effect",
    "settlement",
)
PUBLISHED = {
    # Effort value of a full-time year in euros, as domain.md section 1a quotes the pages.
    "midden-utrecht": {
        "p_wet_under_2": 40_000,
        "p_wet_over_2": 40_000,
        "jobs_agreement": 50_000,
        "wajong": 50_000,
        "wsw": None,
        "ww": 20_000,
        "wia": 40_000,
        "no_benefit": 10_000,
        "bbl": 35_000,
        "entree": 35_000,
        "bol": 20_000,
    },
    "haaglanden": {
        "p_wet_under_2": 40_000,
        "p_wet_over_2": 40_000,
        "jobs_agreement": 50_000,
        "wajong": 50_000,
        "wsw": 50_000,
        "ww": 20_000,
        "wia": 30_000,
        "no_benefit": 5_000,
        "youth": 10_000,
        "bbl": 25_000,
        "bbl_3": 15_000,
        "bol": 5_000,
        "bol_special": 7_500,
    },
    "holland-rijnland": {
        "p_wet_under_2": 30_000,
        "p_wet_over_2": 30_000,
        "jobs_agreement": 50_000,
        "wajong": 25_000,
        "wsw": 50_000,
        "ww": 15_000,
        "wia": 40_000,
        "no_benefit": 5_000,
        "no_benefit_limited": 10_000,
        "bbl": 25_000,
        "bol": 10_000,
        # Bol again, apart because a bonus asks for this internship.
        "bol_special": 10_000,
    },
}


def test_the_national_set_three_regions_and_the_demo_ship() -> None:
    assert set(list_rule_sets()) >= {
        "national",
        "midden-utrecht",
        "haaglanden",
        "holland-rijnland",
        "demo",
    }


@pytest.mark.parametrize("slug", FILES)
def test_every_file_follows_the_schema_and_is_named_after_its_region(slug: str) -> None:
    check_document(FILES[slug], slug)

    assert FILES[slug]["slug"] == slug
    assert slug == "national" or slug in load_codes().list("regions")


@pytest.mark.parametrize("slug", FILES)
def test_every_entry_is_dated_and_says_where_it_comes_from(slug: str) -> None:
    for name, entry in FILES[slug]["entries"].items():
        assert entry["source"] in FILES[slug]["sources"], name
        assert isinstance(entry["valid_from"], date), name
        assert entry["valid_until"] is None or entry["valid_until"] >= entry["valid_from"], name


@pytest.mark.parametrize("slug", REGIONS)
def test_a_region_holds_all_money_rules_and_the_national_set_none(slug: str) -> None:
    assert set(MONEY_RULES) <= set(FILES[slug]["entries"])
    assert not set(MONEY_RULES) & set(FILES["national"]["entries"])


@pytest.mark.parametrize("slug", REGIONS)
def test_what_was_not_found_is_marked_as_an_example(slug: str) -> None:
    sources = FILES[slug]["sources"]
    for name, entry in FILES[slug]["entries"].items():
        says_so = any(
            word in sources[entry["source"]] for word in ("Example", "not found for this region")
        )
        assert entry.get("example", False) or not says_so, name
    assert FILES[slug]["entries"]["pso_effect"]["example"] is True


def test_the_demo_region_is_an_example_from_top_to_bottom() -> None:
    demo = FILES["demo"]

    assert demo["example"] is True
    assert all(entry["example"] for entry in demo["entries"].values())
    assert demo["entries"]["building_blocks"]["value"]["mode"] == "uniform"


@pytest.mark.parametrize(("slug", "euros"), PUBLISHED.items())
def test_the_building_blocks_are_the_published_ones(
    slug: str, euros: dict[str, int | None]
) -> None:
    groups = FILES[slug]["entries"]["building_blocks"]["value"]["groups"]

    assert {code: group.get("cents_per_year") for code, group in groups.items()} == {
        code: None if value is None else value * 100 for code, value in euros.items()
    }


@pytest.mark.parametrize("slug", FILES)
def test_every_rule_set_loads_with_weights_that_sum_to_a_hundred(slug: str) -> None:
    rules = load_rule_set(slug)

    assert sum(rules.weights.values()) == 100
    assert set(rules.weights) == set(DIMENSIONS)
    assert rules.weights["money"] <= 6
    assert 30 <= rules.weights["rhythm"] + rules.weights["work_skills"] <= 55
    assert rules.valid_from <= date(2026, 11, 23)


@pytest.mark.parametrize("sector", FILES["national"]["entries"]["reference_needs"]["value"])
def test_reference_needs_stand_per_known_sector(sector: str) -> None:
    assert sector == "default" or sector in load_codes().list("sectors")


def region_with(**weights: int) -> dict[str, Any]:
    entry = {
        "source": "board",
        "valid_from": date(2027, 1, 1),
        "valid_until": None,
        "value": weights,
    }
    return {
        "slug": "drechtsteden",
        "title": {"nl": "Drechtsteden", "en": "Drechtsteden"},
        "version": "2027.1",
        "valid_from": date(2027, 1, 1),
        "valid_until": None,
        "adopted_on": None,
        "sources": {"board": "A decision"},
        "entries": {"readiness_weights": entry},
    }


@pytest.mark.parametrize(
    ("weights", "complaint"),
    [
        ({"rhythm": 20, "work_skills": 22}, None),
        ({"rhythm": 12, "work_skills": 27, "body": 15}, None),
        ({"money": 3, "home": 6, "direction": 5}, None),
        ({"rhythm": 25}, "sum to 101"),
        ({"rhythm": 37, "work_skills": 18, "body": 6, "head": 4, "hours": 5}, "outside 12 to 36"),
        ({"rhythm": 11, "body": 18, "head": 12, "travel": 11}, "outside 12 to 36"),
        ({"money": 7, "home": 3}, "outside -inf to 6"),
        ({"money": 2, "home": 6, "direction": 6}, "outside 3 to 9"),
        (
            {"rhythm": 17, "work_skills": 12, "body": 18, "head": 12, "hours": 9, "travel": 10},
            r"rhythm\+work_skills: 29 is outside 30 to 55",
        ),
        (
            {"rhythm": 36, "work_skills": 20, "body": 6, "head": 4, "hours": 6, "travel": 6},
            r"rhythm\+work_skills: 56 is outside 30 to 55",
        ),
    ],
)
def test_a_region_changes_weights_inside_the_bounds_only(
    weights: dict[str, int], complaint: str | None
) -> None:
    document = region_with(**weights)
    check_document(document, "drechtsteden.yaml")
    base = read_document("national")

    if complaint is None:
        rules = rule_set_from(overlay(base, document, "drechtsteden.yaml"))
        assert all(rules.weights[name] == weight for name, weight in weights.items())
        return
    with pytest.raises(RuleSetError, match=complaint):
        rule_set_from(overlay(base, document, "drechtsteden.yaml"))


@pytest.mark.parametrize("name", ["lane_thresholds", "fit_points", "small_employers", "travel"])
def test_what_is_the_same_everywhere_cannot_be_overridden(name: str) -> None:
    document = region_with()
    document["entries"] = {name: copy.deepcopy(FILES["national"]["entries"][name])}

    with pytest.raises(RuleSetError, match="may not be overridden"):
        overlay(read_document("national"), document, "drechtsteden.yaml")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"slug": "Drecht Steden"}, "slug"),
        ({"version": 2027.1}, "version"),
        ({"valid_from": None}, "valid_from"),
        ({"sources": {}}, "sources"),
        ({"colour": "green"}, "colour"),
        ({"entries": {"readiness_wieghts": {}}}, "readiness_wieghts"),
        ({"entries": {"full_time": {"value": {"hours_week": 36}}}}, "'source' is a required"),
    ],
)
def test_a_file_that_breaks_the_schema_is_refused_by_file_and_key(
    change: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(RuleSetError, match=complaint) as refused:
        check_document({**region_with(rhythm=24), **change}, "drechtsteden.yaml")

    assert str(refused.value).startswith("drechtsteden.yaml: ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("obligation", {"base": "profit", "percent": {}, "cap_cents": None}),
        ("thresholds", {"minimum_cents": {"works": 100.5, "services": 0, "supplies": 0}}),
        ("building_blocks", {"mode": "table", "groups": {"ww": {"nl": "WW", "en": "WW"}}}),
        (
            "building_blocks",
            {"mode": "uniform", "groups": {"ww": {"nl": "WW", "en": "WW", "cents_per_year": 1}}},
        ),
        ("bonuses", [{"code": "nice", "nl": "a", "en": "a", "cents": 100}]),
        ("pso_effect", {"holder": "main", "valid_at": "tender", "discount_percent": {"1": 200}}),
        ("settlement", {"factor_percent": -1, "cure_period_days": 0, "effort_defence": True}),
        ("counting_window", {"default_months": "two years"}),
    ],
)
def test_a_money_rule_of_another_shape_is_refused(name: str, value: object) -> None:
    document = copy.deepcopy(FILES["demo"])
    document["entries"][name]["value"] = value

    with pytest.raises(RuleSetError, match=f"entries.{name}.value"):
        check_document(document, "demo.yaml")


def test_a_source_that_is_not_listed_is_refused() -> None:
    document = copy.deepcopy(FILES["demo"])
    document["entries"]["settlement"]["source"] = "hearsay"

    with pytest.raises(RuleSetError, match="hearsay is not one of sources"):
        check_document(document, "demo.yaml")


def test_dates_and_number_keys_of_yaml_become_what_json_can_say() -> None:
    assert as_json({0: [date(2026, 1, 1), None, True]}) == {"0": ["2026-01-01", None, True]}
