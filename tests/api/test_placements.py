"""Placements over HTTP: recorded once, changed on a version, answered by whose it is."""

from __future__ import annotations

from datetime import timedelta

from matcher.domain.access import Right
from matcher.services.visibility import Kind, visible_fields
from tests.api.conftest import TODAY, Caller, CallerOf
from tests.api.test_introductions import Answer, answer, invited, person, place

__all__ = ["answer", "person", "place"]
"""Fixtures of introductions, which placements follow."""


def met(coach: Caller, contractor: Caller, answer: Answer, person: int, place: int) -> int:
    number = invited(coach, person, place)
    answer(person, number, "yes")
    assert contractor.post(f"/introductions/{number}/meetings").status_code == 201
    return number


def test_a_placement_is_recorded_once_for_a_key_and_takes_over_the_place(
    coach: Caller, contractor: Caller, answer: Answer, person: int, place: int
) -> None:
    number = met(coach, contractor, answer, person, place)
    body = {"candidate_id": person, "introduction_id": number, "starts_on": str(TODAY)}
    key = {"Idempotency-Key": "once"}
    first = coach.post("/placements", body, headers=key)
    again = coach.post("/placements", body, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    made = first.get_json()
    assert made == again.get_json()
    assert (made["state"], made["vacancy_id"]) == ("agreed", place)
    assert first.headers["ETag"] == '"v1"'
    assert coach.post("/placements", body).status_code == 409
    assert coach.get(f"/introductions/{number}").get_json()["ended"] == "placed"

    address = f"/placements/{made['id']}"
    assert first.headers["Location"].endswith(address)
    assert coach.patch(address, {"hours_a_week": 24}, None).status_code == 428
    assert coach.patch(address, {"hours_a_week": 24}, 9).status_code == 412
    changed = coach.patch(address, {"hours_a_week": 24.5}, 1)
    assert changed.get_json()["hours_a_week"] == 24.5
    assert coach.post(f"{address}/starts").get_json() == {"id": made["id"], "state": "active"}


def test_an_employer_reads_its_own_placements_and_never_of_whom_or_why(
    coach: Caller,
    contractor: Caller,
    caller_of: CallerOf,
    answer: Answer,
    person: int,
    place: int,
) -> None:
    number = met(coach, contractor, answer, person, place)
    start = str(TODAY - timedelta(days=90))
    body = {"candidate_id": person, "introduction_id": number, "starts_on": start}
    made = coach.post("/placements", body).get_json()["id"]
    (line,) = contractor.get("/placements").get_json()["items"]
    assert set(line) == visible_fields(Kind.PLACEMENT, [Right.CONTRACTOR])
    assert contractor.get(f"/placements?candidateId={person}").get_json()["items"] == []
    assert coach.get(f"/placements?candidateId={person}").get_json()["items"][0]["id"] == made

    address = f"/placements/{made}/outcomes"
    said = {"months": 3, "status": "not_here"}
    given = contractor.post(address, said)
    assert given.status_code == 201
    assert given.get_json()["source"] == "employer"
    coach.post(address, {"months": 3, "status": "same_job"})
    (first, second, third) = contractor.get(address).get_json()["items"]
    assert "works" not in first
    assert [one["source"] for one in first["answers"]] == ["employer"]
    assert (second["state"], third["state"]) == ("later", "later")
    (first, *_) = coach.get(address).get_json()["items"]
    assert (first["state"], first["works"]) == ("differs", None)
    decided = {"months": 3, "status": "same_job", "reason": "spoke_both"}
    assert contractor.post(address, decided).status_code == 403
    assert coach.post(address, decided).get_json()["source"] == "decided"
    (first, *_) = coach.get(address).get_json()["items"]
    assert (first["state"], first["works"]) == ("known", True)

    rival = caller_of(Right.CONTRACTOR, firm="Een ander")
    assert rival.get(f"/placements/{made}").status_code == 404
    assert rival.post(address, said).status_code == 404
    assert rival.get("/placements").get_json()["items"] == []


def test_ends_and_contacts_carry_codes_and_nothing_else(
    coach: Caller, contractor: Caller, person: int
) -> None:
    body = {"candidate_id": person, "starts_on": str(TODAY), "sector": "H49"}
    refused = coach.post("/placements", body)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "reason")
    body["without_introduction"] = "agency"
    made = coach.post("/placements", body).get_json()
    address = f"/placements/{made['id']}"
    noted = coach.post(f"{address}/contacts", {"step": "first_day", "result": "well"})
    assert noted.get_json()["state"] == "active"
    for path, wrong in (
        ("contacts", {"step": "first_day", "result": "ill"}),
        ("contacts", {"step": "later", "result": "well"}),
        ("endings", {"code": "ill"}),
        ("endings", {"code": "hours", "text": "ziek"}),
        ("outcomes", {"months": 4, "status": "same_job"}),
        ("outcomes", {"months": 3, "status": "gone"}),
    ):
        assert coach.post(f"{address}/{path}", wrong).status_code == 400, (path, wrong)
    assert coach.post(f"{address}/outcomes", {"months": 3, "status": "same_job"}).status_code == 409
    assert coach.post(f"{address}/endings", {"code": "hours"}).get_json()["state"] == "ended"
    assert contractor.get(address).status_code == 404
