"""Reference data over HTTP, open to everybody."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from matcher.domain.access import Right
from matcher.http.db import engine_of
from matcher.models.database import session_factory
from matcher.reference.codes import load_codes
from matcher.reference.rules import list_rule_sets
from tests.api.conftest import NOW, Caller
from tests.api.test_candidates import filed
from tests.services.conftest import account_of
from tests.services.ruling import approved


def test_every_code_list_is_given_with_dutch_and_english_labels(visitor: Caller) -> None:
    lists = visitor.get("/codes").get_json()["items"]

    assert [each["name"] for each in lists] == list(load_codes().names())
    for each in lists:
        assert all(code["nl"] and code["en"] for code in each["codes"])


def test_one_code_list_is_given_by_name(visitor: Caller) -> None:
    found = visitor.get("/codes/licences").get_json()

    assert [code["code"] for code in found["codes"]] == list(load_codes().list("licences").codes)
    assert visitor.get("/codes/no-such-list").status_code == 404


def test_regions_name_the_rule_set_that_holds(visitor: Caller) -> None:
    regions = {region["slug"]: region for region in visitor.get("/regions").get_json()["items"]}

    assert {"demo", "drechtsteden", "midden-utrecht"} <= set(regions)
    assert regions["demo"]["rule_set"] == "demo"
    assert visitor.get("/regions/demo").get_json() == regions["demo"]
    assert visitor.get("/regions/atlantis").status_code == 404


def test_a_sector_names_its_section(visitor: Caller) -> None:
    sectors = {each["code"]: each for each in visitor.get("/sectors").get_json()["items"]}

    assert sectors["F42"]["section"] == "F"
    assert visitor.get("/sectors/F42").get_json() == sectors["F42"]
    assert visitor.get("/sectors/Z99").status_code == 404


@pytest.mark.parametrize(("people", "count"), [(9, None), (10, 10), (12, 10), (13, 15)])
def test_a_pool_is_rounded_to_5_and_never_under_10(
    visitor: Caller, coach: Caller, people: int, count: int | None
) -> None:
    for _ in range(people):
        filed(coach)

    answer = visitor.get("/sectors/F42/pool", query_string={"region": "demo"})

    assert answer.status_code == 200
    assert answer.get_json()["count"] == count
    assert set(answer.get_json()) == {"sector", "label", "region", "count", "as_of"}


def test_a_pool_asks_for_a_region_that_exists(visitor: Caller) -> None:
    missing = visitor.get("/sectors/F42/pool")
    unknown = visitor.get("/sectors/F42/pool", query_string={"region": "dmo"})

    assert (missing.status_code, unknown.status_code) == (400, 400)
    assert "demo" in unknown.get_json()["errors"][0]["message"]
    assert visitor.get("/sectors/Z99/pool", query_string={"region": "demo"}).status_code == 404


def test_every_rule_set_is_given_with_all_its_values_and_sources(visitor: Caller) -> None:
    summaries = visitor.get("/rule-sets").get_json()["items"]
    assert [each["slug"] for each in summaries] == list(list_rule_sets())

    for summary in summaries:
        detail = visitor.get(f"/rule-sets/{summary['slug']}").get_json()
        assert {name: detail[name] for name in summary} == summary
        assert all(entry["source"] and entry["valid_from"] for entry in detail["entries"])
    assert visitor.get("/rule-sets/..%2Fnational").status_code == 404
    assert visitor.get("/rule-sets/atlantis").status_code == 404


def test_every_version_of_a_rule_set_is_given_the_file_first(visitor: Caller) -> None:
    (file,) = visitor.get("/rule-sets/demo/versions").get_json()["items"]

    assert (file["number"], file["version"], file["in_force"]) == (0, "2026.3", True)
    assert (file["since"], file["until"]) == ("2026-01-01", None)
    one = visitor.get("/rule-sets/demo/versions/0").get_json()
    assert one == visitor.get("/rule-sets/demo").get_json()
    for unknown in ("demo/versions/7", "atlantis/versions", "atlantis/versions/0"):
        assert visitor.get(f"/rule-sets/{unknown}").status_code == 404


def test_a_version_that_two_officers_approved_stands_beside_the_file_until_its_day(
    app: Flask, visitor: Caller
) -> None:
    with session_factory(engine_of(app))() as session:
        author, second = (account_of(session, name, Right.OFFICER) for name in ("one", "two"))
        made = approved(session, author, second, date(2027, 4, 1), now=NOW)

    file, then = visitor.get("/rule-sets/demo/versions").get_json()["items"]
    assert (file["in_force"], file["until"]) == (True, "2027-03-31")
    assert then == {
        "number": made.id, "version": "2026.4", "since": "2027-04-01", "until": None,
        "approved_on": "2027-03-01", "in_force": False,
    }  # fmt: skip

    def percent(path: str) -> int:
        entries = visitor.get(path).get_json()["entries"]
        found = next(entry for entry in entries if entry["name"] == "obligation")
        return int(found["value"]["percent"]["works"])

    assert (percent("/rule-sets/demo"), percent("/rule-sets/demo/versions/0")) == (5, 5)
    assert percent(f"/rule-sets/demo/versions/{made.id}") == 6
    with_text = visitor.get(f"/rule-sets/demo/versions/{made.id}").get_data(as_text=True)
    assert "council" not in with_text


def test_the_demo_rules_are_marked_as_an_example(visitor: Caller) -> None:
    marked = {
        each["slug"]: each["is_example"] for each in visitor.get("/rule-sets").get_json()["items"]
    }

    assert marked["demo"] is True
    assert marked["national"] is False
