"""Programmes over HTTP: a region's catalogue and the seats of its starts."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.domain.access import Right
from tests.api.conftest import Caller, CallerOf

NEW = {
    "reference": "P-90",
    "kind": "werkfit",
    "title": "Work-fit group",
    "raises": ["rhythm:+1"],
    "gives": ["vca_basic"],
    "needs": ["language_read>=1"],
    "weeks": 12,
    "hours_a_week": 20,
    "starts_on": ["2027-01-04", "2027-04-05", "2027-06-07"],
    "seats": 12,
}


@pytest.fixture
def officer(caller_of: CallerOf) -> Caller:
    """An officer of the demo region."""
    return caller_of(Right.OFFICER)


def added(caller: Caller, **over: Any) -> dict[str, Any]:
    answer = caller.post("/programmes", {**NEW, **over})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def test_a_programme_is_added_and_read_back(triager: Caller) -> None:
    answer = triager.post("/programmes", NEW)
    made = answer.get_json()

    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/programmes/{made['id']}"
    assert {name: made[name] for name in NEW} == NEW
    assert (made["region"], made["is_active"]) == ("demo", True)
    assert triager.get(f"/programmes/{made['id']}").get_json() == made


def test_a_programme_that_is_no_longer_used_leaves_the_list(officer: Caller) -> None:
    made = added(officer)

    answer = officer.patch(f"/programmes/{made['id']}", {"is_active": False}, made["version"])

    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert officer.get("/programmes").get_json()["items"] == []
    everything = officer.get("/programmes", query_string={"activeOnly": "false"}).get_json()
    assert [item["id"] for item in everything["items"]] == [made["id"]]


def test_coming_starts_come_with_their_seats(triager: Caller, coach: Caller) -> None:
    dated, any_day = added(triager), added(triager, reference="P-91", starts_on=[])

    seats = coach.get(f"/programmes/{dated['id']}/seats").get_json()
    monday = coach.get(f"/programmes/{any_day['id']}/seats").get_json()

    assert seats["items"] == [
        {"starts_on": "2027-04-05", "ends_on": "2027-06-27", "seats": 12},
        {"starts_on": "2027-06-07", "ends_on": "2027-08-29", "seats": 12},
    ]
    assert (monday["any_monday"], monday["items"], monday["seats"]) == (True, [], 12)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "werkfit"}, "reference"),
        ({**NEW, "needs": ["money>=1"]}, "needs"),
        ({**NEW, "raises": ["charm:+1"]}, "raises"),
        ({**NEW, "weeks": -1}, "weeks"),
        ({**NEW, "region": "haaglanden"}, "region"),
    ],
)
def test_what_cannot_be_added_is_a_400_that_names_it(
    triager: Caller, body: dict[str, Any], field: str
) -> None:
    answer = triager.post("/programmes", body)

    assert answer.status_code == 400
    assert field in [problem["field"] for problem in answer.get_json()["errors"]]


def test_a_programme_of_another_region_is_not_found(triager: Caller, stranger: Caller) -> None:
    made = added(triager)
    path = f"/programmes/{made['id']}"

    assert stranger.get(path).status_code == 404
    assert stranger.get(f"{path}/seats").status_code == 404
    assert stranger.patch(path, {"weeks": 1}, made["version"]).status_code == 404


def test_a_change_says_which_version_it_is_based_on(triager: Caller) -> None:
    made = added(triager)
    path = f"/programmes/{made['id']}"

    assert triager.patch(path, {"weeks": 10}, None).status_code == 428
    assert triager.patch(path, {"weeks": 10}, made["version"]).get_json()["weeks"] == 10
    assert triager.patch(path, {"weeks": 8}, made["version"]).status_code == 412
