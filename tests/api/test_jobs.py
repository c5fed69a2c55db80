"""Jobs over HTTP: asked for once, followed by version, stopped, and read when they are done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from matcher.domain.access import Right
from matcher.http.db import engine_of
from matcher.models.database import session_factory
from matcher.models.states import JobState
from matcher.services.job_kinds import KINDS
from matcher.services.job_runs import run_one
from matcher.services.visibility import Kind, visible_fields
from tests.api.conftest import NOW, Caller, CallerOf
from tests.api.test_candidates import filed, opened_vacancy
from tests.api.test_conventions import assert_problem
from tests.api.test_introductions import FIRM, body_of
from tests.services.introducing import PLACE, READY

MATCH = {"kind": "match_region"}
Work = Callable[[], JobState | None]


@pytest.fixture
def lead(caller_of: CallerOf) -> Caller:
    return caller_of(Right.LEAD)


@pytest.fixture
def work(app: Flask) -> Work:
    """One worker, once."""
    factory = session_factory(engine_of(app))
    return lambda: run_one(factory, "w", lambda: NOW, KINDS)


@pytest.fixture
def region(coach: Caller, contractor: Caller) -> None:
    """Two people who can start, and a place for them; one place that nobody fits."""
    for name in ("Een", "Twee"):
        filed(coach, **body_of({**READY, "first_name": name}))
    values = {name: value for name, value in PLACE.items() if name != "lift"}
    body = {**values, "start_on": str(PLACE["start_on"]), "lift": "some", "contractor": FIRM}
    opened_vacancy(contractor, **body)
    opened_vacancy(contractor, **body, credentials=["vca_full"])


def asked(caller: Caller, **headers: str) -> Any:
    return caller.post("/jobs", MATCH, headers=headers)


def test_asking_gives_an_address_and_the_same_key_asks_once(triager: Caller) -> None:
    first = asked(triager, **{"Idempotency-Key": "once"})
    again = asked(triager, **{"Idempotency-Key": "once"})

    assert first.status_code == again.status_code == 201, first.get_data(as_text=True)
    assert first.get_json() == again.get_json()
    number = first.get_json()["id"]
    assert first.headers["Location"] == f"/api/v1/jobs/{number}"
    assert_problem(asked(triager), 409)
    other = {**MATCH, "arguments": {"top": 1}}
    answer = triager.post("/jobs", other, headers={"Idempotency-Key": "once"})
    assert_problem(answer, 422)


def test_what_cannot_be_asked_is_refused_by_field(triager: Caller, coach: Caller) -> None:
    unknown = assert_problem(triager.post("/jobs", {"kind": "dance"}), 400)
    assert [each["field"] for each in unknown["errors"]] == ["kind"]
    assert_problem(triager.post("/jobs", {}), 400)
    given = assert_problem(triager.post("/jobs", {**MATCH, "arguments": {"top": 1}}), 400)
    assert [each["field"] for each in given["errors"]] == ["top"]
    assert_problem(asked(coach), 403)


def test_a_job_is_followed_by_its_version(triager: Caller, work: Work, region: None) -> None:
    made = asked(triager)
    path = f"/jobs/{made.get_json()['id']}"
    assert made.get_json()["state"] == "queued"
    seen = made.headers["ETag"]
    assert triager.get(path, headers={"If-None-Match": seen}).status_code == 304

    assert work() is JobState.DONE
    done = triager.get(path, headers={"If-None-Match": seen})
    assert done.status_code == 200
    assert done.headers["ETag"] != seen
    body = done.get_json()
    assert set(body) == visible_fields(Kind.JOB, [Right.TRIAGER])
    assert (body["state"], body["done"], body["total"]) == ("done", 1, 1)
    assert body["result"] == {"on": "2027-03-01", "people": 2, "without": 0, "left_out": 0}
    assert body["finished_at"] == "2027-03-01T08:30:00Z"


def test_the_result_is_read_by_person_and_by_place(
    triager: Caller, work: Work, region: None
) -> None:
    path = f"/jobs/{asked(triager).get_json()['id']}"
    assert_problem(triager.get(f"{path}/places"), 404)
    assert work() is JobState.DONE

    first = triager.get(f"{path}/matches?limit=1").get_json()
    rest = triager.get(f"{path}/matches?cursor={first['next_cursor']}").get_json()
    lines = [*first["items"], *rest["items"]]
    assert {line["rank"] for line in lines} == {1}
    assert len({line["candidate_id"] for line in lines}) == 2
    assert set(lines[0]) == visible_fields(Kind.REGION_MATCH, [Right.TRIAGER])
    explained = triager.get(f"/candidates/{lines[0]['candidate_id']}/matches").get_json()
    [same] = [row for row in explained["items"] if row["vacancy"] == lines[0]["vacancy"]]
    assert lines[0]["fit"] == same["fit"]

    places = triager.get(f"{path}/places").get_json()["items"]
    assert [line["fits"] for line in places] == [0, 2]
    assert set(places[0]) == visible_fields(Kind.REGION_PLACE, [Right.TRIAGER])


def test_a_job_is_stopped_under_the_version_that_was_read(
    triager: Caller, work: Work, region: None
) -> None:
    made = asked(triager)
    path, version = f"/jobs/{made.get_json()['id']}", int(made.headers["ETag"].strip('"v'))
    wish = {"state": "cancelled"}
    assert_problem(triager.patch(path, wish, None), 428)
    assert_problem(triager.patch(path, wish, version + 1), 412)
    assert_problem(triager.patch(path, {"state": "done"}, version), 400)
    assert_problem(triager.patch(path, {}, version), 400)
    stopped = triager.patch(path, wish, version)
    assert (stopped.status_code, stopped.get_json()["state"]) == (200, "cancelled")
    assert work() is None

    done = asked(triager)
    assert work() is JobState.DONE
    path = f"/jobs/{done.get_json()['id']}"
    assert_problem(triager.patch(path, wish, version), 412)
    now = int(triager.get(path).headers["ETag"].strip('"v'))
    assert_problem(triager.patch(path, wish, now), 409)


def test_others_reach_no_job_but_the_lead_of_the_region(
    triager: Caller, lead: Caller, stranger: Caller, coach: Caller, caller_of: CallerOf
) -> None:
    path = f"/jobs/{asked(triager).get_json()['id']}"
    assert lead.get(path).status_code == 200
    for other in (stranger, coach, caller_of(Right.TRIAGER)):
        assert_problem(other.get(path), 404)
        assert other.get("/jobs").get_json()["items"] == []
    assert_problem(stranger.patch(path, {"state": "cancelled"}, 1), 404)


def test_the_list_has_the_newest_first(triager: Caller, work: Work) -> None:
    made = []
    for _ in range(3):
        made.append(asked(triager).get_json()["id"])
        assert work() is JobState.DONE
    first = triager.get("/jobs?limit=2&kind=match_region").get_json()
    rest = triager.get(f"/jobs?cursor={first['next_cursor']}").get_json()
    assert [job["id"] for job in (*first["items"], *rest["items"])] == made[::-1]
    assert rest["next_cursor"] is None
