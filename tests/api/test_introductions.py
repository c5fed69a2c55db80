"""Introductions over HTTP: asked by staff, answered by nobody but the candidate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from matcher.domain.access import Right, Viewer
from matcher.http.db import current_session
from matcher.services import introductions
from matcher.services.visibility import Kind, visible_fields
from tests.api.conftest import NOW, Caller, CallerOf
from tests.api.test_candidates import filed, opened_vacancy
from tests.services.introducing import PLACE, READY

FIRM = "Voorbeeld Wegen"
Answer = Callable[..., None]


def body_of(values: dict[str, Any]) -> dict[str, Any]:
    """Values of a profile as a body carries them."""
    loads = ("cannot", "partly", "can")
    words = {
        "lift", "stand", "walk", "bend", "outdoor", "height", "pace", "interruptions", "group",
        "alone", "customers",
    }  # fmt: skip
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name in words:
            found[name] = loads[value]
        elif isinstance(value, frozenset | tuple):
            found[name] = sorted(value)
        else:
            found[name] = value
    return found


@pytest.fixture
def person(coach: Caller) -> int:
    made = filed(coach, **body_of({**READY, "first_name": "Een"}))
    return int(made["id"])


@pytest.fixture
def place(contractor: Caller) -> int:
    values = {name: value for name, value in PLACE.items() if name != "lift"}
    body = {**values, "start_on": str(PLACE["start_on"]), "lift": "some", "contractor": FIRM}
    return int(opened_vacancy(contractor, **body)["id"])


@pytest.fixture
def answer(app: Flask) -> Answer:
    """Answers as the candidate, as the own view does."""

    def say(
        candidate_id: int, introduction_id: int, given: str, shares: tuple[str, ...] = ()
    ) -> None:
        viewer = Viewer(None, frozenset({Right.CANDIDATE}), "demo", candidate_id=candidate_id)
        with app.app_context():
            introductions.answer(current_session(), viewer, introduction_id, given, shares, now=NOW)

    return say


def invited(coach: Caller, person: int, place: int) -> int:
    made = coach.post("/introductions", {"candidate_id": person, "vacancy_id": place})
    assert made.status_code == 201, made.get_data(as_text=True)
    return int(made.get_json()["id"])


def test_asking_gives_an_address_and_the_same_key_asks_once(
    coach: Caller, person: int, place: int
) -> None:
    body = {"candidate_id": person, "vacancy_id": place}
    key = {"Idempotency-Key": "once"}
    first = coach.post("/introductions", body, headers=key)
    again = coach.post("/introductions", body, headers=key)
    assert first.status_code == again.status_code == 201
    assert first.get_json() == again.get_json()
    number = first.get_json()["id"]
    assert first.headers["Location"] == f"/api/v1/introductions/{number}"
    other = coach.post("/introductions", {**body, "vacancy_id": place + 1}, headers=key)
    assert other.status_code == 422
    assert coach.post("/introductions", body).status_code == 409
    assert len(coach.get("/introductions").get_json()["items"]) == 1


def test_each_side_sees_what_the_table_says_and_no_more(
    coach: Caller, contractor: Caller, caller_of: CallerOf, person: int, place: int, answer: Answer
) -> None:
    number = invited(coach, person, place)
    staff = visible_fields(Kind.INTRODUCTION, [Right.COACH])
    firm = visible_fields(Kind.INTRODUCTION, [Right.CONTRACTOR])
    for right in (Right.COACH, Right.LEAD, Right.TRIAGER, Right.SERVICE_POINT):
        caller = coach if right is Right.COACH else caller_of(right)
        assert set(caller.get(f"/introductions/{number}").get_json()) == staff
    before = contractor.get(f"/introductions/{number}").get_json()
    assert set(before) == firm
    assert (before["status"], before["person"]) == ("waiting", {})

    answer(person, number, "yes")
    (listed,) = contractor.get("/introductions").get_json()["items"]
    assert listed["person"] == {"first_name": "Een"}
    opened = contractor.get(f"/introductions/{number}").get_json()["person"]
    assert set(opened) == visible_fields(Kind.CANDIDATE, [Right.CONTRACTOR], "after_consent") - {
        "goal"
    }
    assert (opened["contact_kind"], opened["contact_value"]) == ("via_coach", None)


def test_without_a_yes_no_step_is_possible_and_nothing_changes(
    coach: Caller, contractor: Caller, person: int, place: int, answer: Answer
) -> None:
    number = invited(coach, person, place)
    path = f"/introductions/{number}"
    before = (coach.get(path).data, contractor.get(path).data)
    for _ in ("no answer", "a no"):
        assert contractor.post(f"{path}/meetings").status_code == 409
        assert contractor.post(f"{path}/endings", {"code": "no_click"}).status_code == 409
        assert coach.post(f"{path}/withdrawals").status_code == 409
        assert coach.post(f"{path}/talks").status_code == 409
        assert (coach.get(path).data, contractor.get(path).data) == before
        if _ == "no answer":
            answer(person, number, "no")


def test_met_ended_and_replayed(
    coach: Caller, contractor: Caller, person: int, place: int, answer: Answer
) -> None:
    number = invited(coach, person, place)
    path = f"/introductions/{number}"
    answer(person, number, "yes", ())
    key = {"Idempotency-Key": "met"}
    met = contractor.post(f"{path}/meetings", headers=key)
    assert (met.status_code, met.get_json()) == (201, {"id": number, "status": "met"})
    assert contractor.post(f"{path}/meetings").status_code == 409

    refused = contractor.post(f"{path}/endings", {"code": "not_available"})
    assert refused.status_code == 400
    assert contractor.post(f"{path}/endings", {"code": "hours", "text": "x"}).status_code == 400
    done = contractor.post(f"{path}/endings", {"code": "hours"}, headers={"Idempotency-Key": "e"})
    assert done.get_json() == {"id": number, "status": "ended"}
    again = contractor.post(f"{path}/endings", {"code": "hours"}, headers={"Idempotency-Key": "e"})
    assert again.get_json() == done.get_json()
    replayed = contractor.post(f"{path}/meetings", headers=key)
    assert "Een" not in replayed.get_data(as_text=True), "an old answer brings nobody back"
    found = contractor.get(path).get_json()
    assert (found["status"], found["ended"], found["person"]) == ("ended", "hours", {})


def test_after_a_withdrawal_nothing_of_the_person_is_left(
    coach: Caller, contractor: Caller, person: int, place: int, answer: Answer
) -> None:
    number = invited(coach, person, place)
    answer(person, number, "yes", ())
    assert coach.post(f"/introductions/{number}/withdrawals").status_code == 201
    found = contractor.get(f"/introductions/{number}").get_json()
    assert (found["status"], found["person"]) == ("not_available", {})


def test_a_talk_is_noted_once(coach: Caller, person: int, place: int, answer: Answer) -> None:
    number = invited(coach, person, place)
    answer(person, number, "ask_coach")
    assert coach.get(f"/introductions/{number}").get_json()["wants_talk"] is True
    assert coach.post(f"/introductions/{number}/talks").get_json()["status"] == "waiting"
    assert coach.get(f"/introductions/{number}").get_json()["wants_talk"] is False
    assert coach.post(f"/introductions/{number}/talks").status_code == 409


def test_what_is_out_of_reach_does_not_exist(
    coach: Caller, stranger: Caller, caller_of: CallerOf, person: int, place: int
) -> None:
    number = invited(coach, person, place)
    rival = caller_of(Right.CONTRACTOR, firm="Andere Wegen")
    colleague = caller_of(Right.COACH)
    for caller, step in ((rival, "meetings"), (colleague, "talks"), (stranger, "talks")):
        for path in (f"/introductions/{number}", "/introductions/987654321"):
            assert caller.get(path).status_code == 404
            assert caller.post(f"{path}/{step}").status_code == 404
        assert caller.get("/introductions").get_json()["items"] == []
    body = {"candidate_id": person, "vacancy_id": place}
    assert colleague.post("/introductions", body).status_code == 404
    assert stranger.post("/introductions", body).status_code == 404


def test_a_contractor_cannot_try_out_who_is_behind_a_pseudonym(
    coach: Caller, contractor: Caller, person: int, place: int
) -> None:
    invited(coach, person, place)
    assert len(contractor.get("/introductions").get_json()["items"]) == 1
    assert len(contractor.get(f"/introductions?vacancyId={place}").get_json()["items"]) == 1
    found = contractor.get(f"/introductions?candidateId={person}").get_json()
    assert found == contractor.get("/introductions?candidateId=987654").get_json()
    assert len(coach.get(f"/introductions?candidateId={person}").get_json()["items"]) == 1


def test_a_list_comes_in_pages(
    coach: Caller, contractor: Caller, place: int, caller_of: CallerOf
) -> None:
    people = [int(filed(coach, **body_of(READY))["id"]) for _ in range(3)]
    numbers = [invited(coach, each, place) for each in people]
    seen, cursor = [], None
    while True:
        query = {"limit": 2} | ({} if cursor is None else {"cursor": cursor})
        page = contractor.get("/introductions", query_string=query).get_json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == numbers
