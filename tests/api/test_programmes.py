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

    empty = {"seats": 12, "booked": 0, "free": 12}
    assert seats["items"] == [
        {"starts_on": "2027-04-05", "ends_on": "2027-06-27", **empty},
        {"starts_on": "2027-06-07", "ends_on": "2027-08-29", **empty},
    ]
    assert (monday["any_monday"], monday["seats"], monday["waiting"]) == (True, 12, 0)
    assert {item["starts_on"] for item in monday["items"]} > {"2027-03-01", "2027-03-08"}


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


def test_a_seat_is_booked_once_and_the_next_group_is_named(triager: Caller, coach: Caller) -> None:
    made = added(triager, seats=1)
    path = f"/programmes/{made['id']}/seats"
    first, second = (
        coach.post("/candidates", {"reference": reference}).get_json()["id"]
        for reference in ("K-1", "K-2")
    )
    body = {"candidate_id": first, "state": "booked", "starts_on": "2027-04-05"}

    booked = coach.post(path, body)
    full = coach.post(path, {**body, "candidate_id": second})
    waits = coach.post(path, {"candidate_id": second, "state": "waiting", "starts_on": None})

    assert booked.status_code == 201, booked.get_data(as_text=True)
    shown = booked.get_json()
    assert (shown["state"], shown["starts_on"], shown["candidate_id"]) == (
        "booked", "2027-04-05", first,
    )  # fmt: skip
    assert not {"cents", "funding_line_id", "region"} & set(shown)
    assert full.status_code == 409
    assert "the next group with a seat starts on 2027-06-07" in full.get_json()["detail"]
    assert waits.get_json()["state"] == "waiting"
    seats = coach.get(path).get_json()
    assert [(item["booked"], item["free"]) for item in seats["items"]] == [(1, 0), (0, 1)]
    assert seats["waiting"] == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"starts_on": None}, "starts_on"),
        ({"starts_on": "2027-04-06"}, "starts_on"),
        ({"state": "finished"}, "state"),
        ({"candidate_id": "x"}, "candidate_id"),
        ({"cents": 5}, "cents"),
    ],
)
def test_what_is_no_booking_is_a_400_that_names_it(
    triager: Caller, coach: Caller, change: dict[str, Any], field: str
) -> None:
    made = added(triager)
    person = coach.post("/candidates", {"reference": "K-1"}).get_json()["id"]
    body = {"candidate_id": person, "state": "booked", "starts_on": "2027-04-05", **change}

    answer = coach.post(f"/programmes/{made['id']}/seats", body)

    assert answer.status_code == 400
    assert field in [problem["field"] for problem in answer.get_json()["errors"]]


def test_a_colleagues_candidate_gets_no_seat_from_me(
    triager: Caller, coach: Caller, caller_of: CallerOf
) -> None:
    made = added(triager)
    person = coach.post("/candidates", {"reference": "K-1"}).get_json()["id"]
    body = {"candidate_id": person, "state": "booked", "starts_on": "2027-04-05"}

    path = f"/programmes/{made['id']}/seats"
    assert caller_of(Right.COACH).post(path, body).status_code == 404


def test_an_arrangement_is_added_read_and_changed(triager: Caller, coach: Caller) -> None:
    body = {
        "name": "Infra Talent", "sectors": ["F42"], "firms": ["Een"], "target": 50,
        "from": "2027-01-01", "until": "2028-12-31",
    }  # fmt: skip
    made = triager.post("/arrangements", body)
    assert made.status_code == 201, made.get_data(as_text=True)
    one = made.get_json()
    assert {name: one[name] for name in body} == body
    assert (one["vacancies"], one["programmes"], one["places"]) == ([], [], 0)
    assert triager.post("/arrangements", body).status_code == 409
    path = f"/arrangements/{one['id']}"

    assert coach.get("/arrangements").get_json()["items"] == [one]
    assert coach.patch(path, {"target": 60}, one["version"]).status_code == 403
    changed = triager.patch(path, {"target": 60, "from": None}, one["version"]).get_json()
    assert (changed["target"], changed["from"], changed["name"]) == (60, None, "Infra Talent")
    assert triager.patch(path, {"target": 70}, one["version"]).status_code == 412
