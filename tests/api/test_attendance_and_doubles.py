"""Attendance of a seat and probable doubles over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matcher.domain.access import Right, operator
from matcher.http.db import engine_of
from matcher.models.database import session_factory
from matcher.repositories import doubles as rows
from matcher.repositories.acting import Actor, act_as
from matcher.services.transactions import unit_of_work
from tests.api.conftest import NOW, Caller, CallerOf
from tests.api.test_programmes import added


def booked(triager: Caller, coach: Caller, starts_on: str = "2027-03-01") -> tuple[str, int]:
    """The address of the days of somebody's seat in a group that runs, and who it is."""
    made = added(triager, starts_on=[starts_on])
    person = coach.post("/candidates", {"reference": "K-1"}).get_json()["id"]
    body = {"candidate_id": person, "state": "booked", "starts_on": starts_on}
    seat = coach.post(f"/programmes/{made['id']}/seats", body).get_json()
    return f"/programmes/{made['id']}/seats/{seat['id']}/attendance", person


def test_a_day_is_marked_read_back_and_marked_again(triager: Caller, coach: Caller) -> None:
    path, _person = booked(triager, coach)
    assert coach.get(path).get_json()["items"] == []

    first = coach.post(path, {"on": "2027-03-01", "mark": "came"})

    assert first.status_code == 201, first.get_data(as_text=True)
    assert first.get_json()["items"] == [{"on": "2027-03-01", "mark": "came"}]
    again = coach.post(path, {"on": "2027-03-01", "mark": "agreed"})
    assert again.get_json() == coach.get(path).get_json()
    assert again.get_json()["items"] == [{"on": "2027-03-01", "mark": "agreed"}]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"on": "2027-03-02", "mark": "came"}, "on"),
        ({"on": "2027-02-01", "mark": "came"}, "on"),
        ({"on": "gisteren", "mark": "came"}, "on"),
        ({"on": "2027-03-01", "mark": "ill"}, "mark"),
        ({"on": "2027-03-01"}, "mark"),
        ({"on": "2027-03-01", "mark": "came", "why": "x"}, "why"),
    ],
)
def test_what_is_no_day_of_the_group_or_no_mark_is_a_400_that_names_it(
    triager: Caller, coach: Caller, body: dict[str, Any], field: str
) -> None:
    path, _person = booked(triager, coach)
    answer = coach.post(path, body)
    assert answer.status_code == 400
    assert field in [problem["field"] for problem in answer.get_json()["errors"]]
    assert coach.get(path).get_json()["items"] == []


def test_a_seat_of_another_programme_or_out_of_reach_is_not_found(
    triager: Caller, coach: Caller, caller_of: CallerOf
) -> None:
    path, _person = booked(triager, coach)
    seat = path.split("/")[4]
    other = added(triager, reference="P-91")
    stranger = caller_of(Right.COACH, region="haaglanden")
    body = {"on": "2027-03-01", "mark": "came"}
    for caller, address in (
        (coach, f"/programmes/{other['id']}/seats/{seat}/attendance"),
        (stranger, path),
        (coach, path.replace(f"/seats/{seat}/", "/seats/4242/")),
    ):
        assert caller.get(address).status_code == 404
        assert caller.post(address, body).status_code == 404
    assert coach.get(path).get_json()["items"] == []


# --- files that may be of one person --------------------------------------------------------------


@pytest.fixture
def pair(app: Flask, coach: Caller) -> tuple[int, int]:
    """Two files of one name, found as a pair; their numbers."""
    people = [
        coach.post("/candidates", {"reference": f"K-{n}", "first_name": "Zoë", "pc4": 3311, **more})
        for n, more in enumerate(({"rhythm": 3}, {"work_skills": 2}))
    ]
    first, second = (answer.get_json()["id"] for answer in people)
    with session_factory(engine_of(app))() as session:
        _look(session, second - 1)
    return first, second


def _look(session: Session, after: int) -> None:
    act_as(session, Actor(operator("demo"), NOW))
    with unit_of_work(session):
        assert rows.note_new(session, operator("demo"), after=after, now=NOW) == 1


def test_a_pair_is_listed_merged_and_taken_apart_again(
    triager: Caller, coach: Caller, pair: tuple[int, int]
) -> None:
    first, second = pair
    [line] = triager.get("/probable-doubles").get_json()["items"]
    assert (line["candidate_id"], line["later_id"], line["state"]) == (first, second, "open")
    path = f"/probable-doubles/{line['id']}"
    assert triager.get(path).get_json() == line
    assert triager.patch(path, {"state": "merged"}, None).status_code == 428

    merged = triager.patch(path, {"state": "merged"}, line["version"])

    assert merged.status_code == 200, merged.get_data(as_text=True)
    assert merged.get_json()["state"] == "merged"
    assert coach.get(f"/candidates/{first}").get_json()["work_skills"] == 2
    assert coach.get(f"/candidates/{second}").get_json()["status"] == "closed"
    assert triager.get("/probable-doubles").get_json()["items"] == []
    decided = triager.get("/probable-doubles?decided=true").get_json()["items"]
    assert [each["state"] for each in decided] == ["merged"]
    version = merged.get_json()["version"]
    assert triager.patch(path, {"state": "apart"}, version).status_code == 409
    assert triager.patch(path, {"state": "open"}, line["version"]).status_code == 412

    back = triager.patch(path, {"state": "open"}, version)

    assert back.get_json()["state"] == "open"
    assert coach.get(f"/candidates/{first}").get_json()["work_skills"] is None
    assert coach.get(f"/candidates/{second}").get_json()["status"] == "active"
    apart = triager.patch(path, {"state": "apart"}, back.get_json()["version"])
    assert apart.get_json()["state"] == "apart"
    assert triager.patch(path, {"state": "gone"}, 9).status_code == 400


def test_a_pair_of_another_region_is_not_found(
    triager: Caller, caller_of: CallerOf, pair: tuple[int, int]
) -> None:
    [line] = triager.get("/probable-doubles").get_json()["items"]
    stranger = caller_of(Right.TRIAGER, region="haaglanden")
    path = f"/probable-doubles/{line['id']}"
    assert stranger.get("/probable-doubles").get_json()["items"] == []
    assert stranger.get(path).status_code == 404
    assert stranger.patch(path, {"state": "merged"}, line["version"]).status_code == 404
