"""Steps that are skipped, replayed or not listed get 409 with a code, or 403, and do nothing."""

from __future__ import annotations

from matcher.domain.access import Right
from tests.api.conftest import TODAY, Caller, CallerOf
from tests.api.test_introductions import Answer, answer, invited, person, place
from tests.api.test_placements import met

__all__ = ["answer", "person", "place"]
"""Fixtures of introductions, which placements follow."""

START = {"starts_on": str(TODAY)}
TRIAL = {**START, "trial": True, "intends_contract": True}


def test_no_placement_without_consent_meeting_or_a_reason(
    coach: Caller, contractor: Caller, answer: Answer, person: int, place: int
) -> None:
    number = invited(coach, person, place)
    address = f"/introductions/{number}/placements"
    steps = [lambda: None, lambda: answer(person, number, "yes")]
    for step in steps:
        step()
        for caller in (coach, contractor):
            refused = caller.post(address, START)
            assert (refused.status_code, refused.get_json()["code"]) == (409, "not_met")
    refused = coach.post("/placements", {"candidate_id": person, **START})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "reason")
    assert contractor.post(f"/introductions/{number}/meetings").status_code == 201
    again = contractor.post(f"/introductions/{number}/meetings")
    assert (again.status_code, again.get_json()["code"]) == (409, "over")
    assert coach.get("/placements").get_json()["items"] == []


def test_a_contractor_agrees_on_a_trial_then_work_and_starts_it_once(
    coach: Caller,
    contractor: Caller,
    caller_of: CallerOf,
    answer: Answer,
    person: int,
    place: int,
) -> None:
    number = met(coach, contractor, answer, person, place)
    rival = caller_of(Right.CONTRACTOR, firm="Een ander")
    address = f"/introductions/{number}/placements"
    assert rival.post(address, TRIAL).status_code == 404
    wrong = contractor.post(address, {**TRIAL, "intends_contract": False})
    assert wrong.status_code == 400
    assert [each["field"] for each in wrong.get_json()["errors"]] == ["intends_contract"]
    key = {"Idempotency-Key": "trial-1"}
    made = contractor.post(address, TRIAL, headers=key)
    assert made.status_code == 201
    assert contractor.post(address, TRIAL, headers=key).get_json() == made.get_json()
    body = made.get_json()
    assert (body["state"], body["contract"]) == ("trial", "trial")
    assert body["trial_until"] > body["trial_from"] == str(TODAY)
    assert "candidate_id" not in body
    again = coach.post(address, START)
    assert (again.status_code, again.get_json()["code"]) == (409, "not_met")

    one = f"/placements/{body['id']}"
    early = contractor.post(f"{one}/starts")
    assert (early.status_code, early.get_json()["code"]) == (409, "over")
    agreed = {**START, "hours_a_week": 24, "contract": "temporary"}
    assert contractor.post(f"{one}/agreements", agreed).get_json()["state"] == "agreed"
    twice = coach.post(f"{one}/agreements", agreed)
    assert (twice.status_code, twice.get_json()["code"]) == (409, "over")
    assert contractor.post(f"{one}/starts").get_json()["state"] == "active"
    twice = contractor.post(f"{one}/starts")
    assert (twice.status_code, twice.get_json()["code"]) == (409, "over")
    assert contractor.post(f"{one}/endings", {"code": "hours"}).status_code == 403
    assert coach.post(f"{one}/endings", {"code": "hours"}).get_json()["state"] == "ended"


def test_the_last_place_goes_to_one_and_the_other_is_told_so(
    coach: Caller, contractor: Caller, answer: Answer, person: int, place: int
) -> None:
    number = met(coach, contractor, answer, person, place)
    made = contractor.post(f"/introductions/{number}/placements", START).get_json()
    other = contractor.post(f"/introductions/{number}/endings", {"code": "chose_other"})
    assert (other.status_code, other.get_json()["code"]) == (409, "over")
    assert contractor.get(f"/placements/{made['id']}").get_json()["state"] == "agreed"
