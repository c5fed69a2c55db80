"""Who fits a vacancy over HTTP: no names, no second look, and a half-day with consent."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from matcher.domain.access import Right, operator
from matcher.http.db import current_session
from matcher.services.assessments import assess_stale
from tests.api.conftest import NOW, TODAY, Caller, CallerOf
from tests.api.opening import EVERY, answer_without_risk
from tests.api.test_introductions import body_of
from tests.services.introducing import PLACE, READY

ASKED = {
    **{name: value for name, value in PLACE.items() if name != "lift"},
    "start_on": str(PLACE["start_on"]), "lift": "much",
}  # fmt: skip


@pytest.fixture
def people(app: Flask, coach: Caller) -> list[int]:
    found = [
        coach.post("/candidates", body_of({**READY, "first_name": f"Naam{number}"})).get_json()
        for number in range(6)
    ]
    with app.app_context():
        session = current_session()
        assess_stale(session, operator("demo"), on=TODAY, now=NOW)
    return [one["id"] for one in found]


def opened(caller: Caller, **more: Any) -> dict[str, Any]:
    made = caller.post("/vacancies", {**ASKED, **more})
    assert made.status_code == 201, made.get_data(as_text=True)
    number = made.get_json()["id"]
    answer_without_risk(caller, number)
    version = made.get_json()["version"]
    found: dict[str, Any] = caller.patch(
        f"/vacancies/{number}", {"status": "open"}, version
    ).get_json()
    assert found["status"] == "open"
    return found


def test_a_list_shows_five_things_of_nobody_and_the_same_bytes_again(
    people: list[int], contractor: Caller
) -> None:
    place = opened(contractor)
    path = f"/vacancies/{place['id']}/shortlist"

    first = contractor.get(path)
    again = contractor.get(path)

    assert first.status_code == 200, first.get_data(as_text=True)
    found = first.get_json()
    assert found["state"] == "shown"
    assert len(found["lines"]) == 5
    assert all(
        set(line) == {
            "pseudonym", "hours_band", "start_period", "meets_needs", "credentials_asked",
        }
        for line in found["lines"]
    )  # fmt: skip
    assert (first.data, first.headers["ETag"]) == (again.data, again.headers["ETag"])
    held = contractor.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert held.status_code == 304
    text = first.get_data(as_text=True)
    assert not any(word in text for word in ("Naam", "candidate", "K-", "lift", "lane", 'fit"'))


def test_after_the_list_a_demand_is_a_conflict_and_the_title_is_not(
    people: list[int], contractor: Caller
) -> None:
    place = opened(contractor)
    path = f"/vacancies/{place['id']}"
    contractor.get(f"{path}/shortlist")

    refused = contractor.patch(path, {"lift": "some"}, place["version"])
    renamed = contractor.patch(path, {"title": "Hulp", "places": 2}, place["version"])

    assert refused.status_code == 409
    assert "copy" in refused.get_json()["detail"]
    assert renamed.status_code == 200, renamed.get_data(as_text=True)


def test_a_copy_waits_and_a_place_typed_anew_does_too(
    people: list[int], contractor: Caller
) -> None:
    place = opened(contractor)
    first = contractor.get(f"/vacancies/{place['id']}/shortlist").get_json()
    sent = {"headers": {"Idempotency-Key": "copy"}}
    made = contractor.post(f"/vacancies/{place['id']}/copies", **sent)
    same = contractor.post(f"/vacancies/{place['id']}/copies", **sent)
    assert made.status_code == same.status_code == 201
    assert made.get_json() == same.get_json()
    copy = made.get_json()
    assert (copy["status"], copy["lift"]) == ("draft", "much")
    path = f"/vacancies/{copy['id']}"
    assert contractor.get(f"{path}/shortlist").status_code == 409, "a draft has no list"
    changed = contractor.patch(path, {"lift": "some"}, copy["version"])
    assert changed.status_code == 200
    answer_without_risk(contractor, copy["id"])
    contractor.patch(path, {"status": "open"}, changed.get_json()["version"])

    waiting = contractor.get(f"{path}/shortlist").get_json()
    typed = opened(contractor, title="Anders", lift="none")

    assert (waiting["state"], waiting["is_copy"], waiting["lines"]) == ("waiting", True, [])
    assert waiting["opens_at"] == "2027-03-02T08:30:00Z"
    again = contractor.get(f"/vacancies/{typed['id']}/shortlist").get_json()
    assert again["state"] == "waiting"
    assert first["state"] == "shown"


def test_a_half_day_is_asked_of_the_lines_and_each_is_an_introduction(
    people: list[int], contractor: Caller
) -> None:
    place = opened(contractor, places=1)
    path = f"/vacancies/{place['id']}"
    early = contractor.post(f"{path}/half-days", {"meet_on": "2027-03-08", "half": "morning"})
    assert early.status_code == 409, "there is no list yet"
    lines = contractor.get(f"{path}/shortlist").get_json()["lines"]
    body = {"meet_on": "2027-03-08", "half": "morning"}

    wrong = contractor.post(f"{path}/half-days", {"meet_on": "2027-03-02", "half": "evening"})
    made = contractor.post(f"{path}/half-days", body)
    twice = contractor.post(f"{path}/half-days", body)

    assert (wrong.status_code, made.status_code, twice.status_code) == (400, 201, 409)
    found = made.get_json()
    assert (found["meet_on"], found["meet_half"], found["asked_people"]) == (
        "2027-03-08", "morning", 3,
    )  # fmt: skip
    asked = contractor.get("/introductions").get_json()["items"]
    assert [one["pseudonym"] for one in asked] == [line["pseudonym"] for line in lines[:3]]
    assert {one["meet_half"] for one in asked} == {"morning"}
    assert {one["status"] for one in asked} == {"waiting"}


def test_a_list_out_of_reach_is_not_found_and_of_no_open_place_a_conflict(
    people: list[int], contractor: Caller, caller_of: CallerOf, triager: Caller, coach: Caller
) -> None:
    place = opened(contractor)
    rival = caller_of(Right.CONTRACTOR, firm="Andere Firma")
    far = caller_of(Right.TRIAGER, region="haaglanden")
    path = f"/vacancies/{place['id']}/shortlist"

    assert {caller.get(path).status_code for caller in (rival, far)} == {404}
    assert rival.post(f"/vacancies/{place['id']}/copies").status_code == 404
    assert coach.get(path).status_code == 403
    assert triager.get(path).get_json() == contractor.get(path).get_json()


# --- requests -------------------------------------------------------------------------------------

CALL = {"name": "Jan de Boer", "phone": "078 123 45 67", "work": "paving", "people": 2}


def test_a_firm_asks_to_be_called_and_reads_its_requests_of_both_kinds(
    contractor: Caller, caller_of: CallerOf, triager: Caller
) -> None:
    asked = contractor.post("/requests", CALL, headers={"Idempotency-Key": "call"})
    assert asked.status_code == 201, asked.get_data(as_text=True)
    call = asked.get_json()
    assert (call["kind"], call["state"], call["people"]) == ("call", "draft", 2)
    assert call["due_at"] == "2027-03-01T16:00:00Z"
    assert asked.headers["Location"] == f"/api/v1/requests/{call['key']}"
    assert contractor.get(f"/requests/{call['key']}").get_json() == call
    draft = contractor.post("/vacancies", {"sector": "F42", "places": 3, "title": "Hulp"})
    place = opened(contractor)

    found = contractor.get("/requests").get_json()["items"]
    assert [(one["key"], one["state"]) for one in found] == [
        (call["key"], "draft"),
        (f"place-{draft.get_json()['id']}", "draft"),
        (f"place-{place['id']}", "open"),
    ]
    only = contractor.get("/requests?kind=place&state=open").get_json()["items"]
    assert [one["vacancy_id"] for one in only] == [place["id"]]
    assert triager.get("/requests").get_json()["items"] == found
    rival = caller_of(Right.CONTRACTOR, firm="Andere Firma")
    assert rival.get("/requests").get_json()["items"] == []
    for key in (call["key"], f"place-{place['id']}", "place-99", "call-x", "seat-1"):
        assert rival.get(f"/requests/{key}").status_code == 404


def test_requests_come_page_by_page_without_gaps_or_doubles(contractor: Caller) -> None:
    for number in range(3):
        contractor.post("/requests", {**CALL, "people": number + 1})
        contractor.post("/vacancies", {"sector": "F42", "places": number + 1, "title": "Hulp"})
    whole = [one["key"] for one in contractor.get("/requests").get_json()["items"]]
    assert len(set(whole)) == 6

    for limit in (1, 2, 3, 4, 5):
        seen: list[str] = []
        cursor = ""
        while True:
            page = contractor.get(f"/requests?limit={limit}{cursor}").get_json()
            seen += [one["key"] for one in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = f"&cursor={page['next_cursor']}"
        assert seen == whole


def test_a_place_that_waits_for_an_officer_is_a_request_in_check(contractor: Caller) -> None:
    made = contractor.post("/vacancies", {"sector": "F42", "places": 1, "title": "Hulp"}).get_json()
    path = f"/vacancies/{made['id']}/displacement-check"
    answers = {**EVERY, "d1": "yes"}
    body = {"answers": answers, "reasons": {"d1": "Iemand ging met pensioen"}}
    sent = contractor.post(path, body)
    assert sent.status_code == 201, sent.get_data(as_text=True)

    assert contractor.get(f"/requests/place-{made['id']}").get_json()["state"] == "check"
    assert len(contractor.get("/requests?state=check").get_json()["items"]) == 1


def test_bad_requests_name_every_problem(contractor: Caller) -> None:
    answer = contractor.post("/requests", {"name": "Jan", "phone": "x", "work": ""})
    assert answer.status_code == 400
    assert {problem["field"] for problem in answer.get_json()["errors"]} >= {"phone", "work"}
    assert contractor.get("/requests?cursor=zzz").status_code == 400
    assert contractor.get("/requests?state=lost").status_code == 400
