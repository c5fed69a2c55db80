"""Candidates over HTTP: filed, found, changed, advised on and decided about."""

from __future__ import annotations

import re
from typing import Any

import pytest

from matcher.domain.access import Right
from tests.api.conftest import Caller, CallerOf
from tests.api.opening import answer_without_risk

NEW = {
    "first_name": "Sam",
    "rhythm": 3,
    "work_skills": 2,
    "sectors": ["F42"],
    "hours_max": 36,
    "pc4": 3311,
    "travel_max_minutes": 45,
    "travel_modes": ["bike"],
    "language_speak": 3,
}
VACANCY = {
    "contractor": "Voorbeeld Wegen",
    "sector": "F42",
    "places": 2,
    "rhythm": 3,
    "site_pc4": 3331,
    "hours_min": 24,
    "hours_max": 36,
}


def filed(caller: Caller, **over: Any) -> dict[str, Any]:
    answer = caller.post("/candidates", {**NEW, **over})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def opened_vacancy(caller: Caller, **over: Any) -> dict[str, Any]:
    answer = caller.post("/vacancies", {**VACANCY, **over})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    vacancy = answer.get_json()
    answer_without_risk(caller, vacancy["id"])
    answer = caller.patch(f"/vacancies/{vacancy['id']}", {"status": "open"}, vacancy["version"])
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def test_a_candidate_is_filed_with_address_tag_and_reference(coach: Caller) -> None:
    answer = coach.post("/candidates", NEW)
    made = answer.get_json()

    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/candidates/{made['id']}"
    assert re.fullmatch(r'"v\d+"', answer.headers["ETag"])
    assert made["reference"]
    assert made["region"] == "demo"
    assert made["rhythm"] == 3
    assert made["money"] is None
    assert made["sectors"] == ["F42"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", made["created_at"])


def test_a_filed_candidate_reads_back_the_same(coach: Caller) -> None:
    made = filed(coach)

    answer = coach.get(f"/candidates/{made['id']}")

    assert answer.status_code == 200
    assert answer.get_json() == made


def test_a_version_that_one_has_is_not_sent_again(coach: Caller) -> None:
    path = f"/candidates/{filed(coach)['id']}"
    tag = coach.get(path).headers["ETag"]

    answer = coach.get(path, headers={"If-None-Match": tag})

    assert answer.status_code == 304
    assert answer.get_data() == b""
    assert answer.headers["API-Version"]


def test_candidates_come_in_pages_without_double_or_missing(coach: Caller) -> None:
    made = {filed(coach)["id"] for _ in range(7)}

    seen: list[int] = []
    cursor = None
    for _ in range(4):
        query = {"limit": 3} if cursor is None else {"limit": 3, "cursor": cursor}
        page = coach.get("/candidates", query_string=query).get_json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert cursor is None
    assert sorted(seen) == sorted(made)


def test_one_candidate_is_found_by_reference(coach: Caller) -> None:
    made = filed(coach, reference="K-7")

    found = coach.get("/candidates", query_string={"reference": "K-7"}).get_json()
    none = coach.get("/candidates", query_string={"reference": "K-8"}).get_json()

    assert [item["id"] for item in found["items"]] == [made["id"]]
    assert none == {"items": [], "next_cursor": None}


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "readiness"},
        {"readiness": "50"},
        {"readinessMin": "50"},
        {"orderBy": "readiness"},
        {"limit": "0"},
        {"limit": "9999999999999999999999"},
        {"limit": "x"},
        {"lane": "best"},
        {"cursor": "not-a-cursor"},
        {"status": "ready"},
    ],
)
def test_no_list_is_sorted_or_filtered_by_readiness_or_by_nonsense(
    coach: Caller, query: dict[str, str]
) -> None:
    answer = coach.get("/candidates", query_string=query)

    assert answer.status_code == 400
    assert [problem["field"] for problem in answer.get_json()["errors"]] == list(query)


def test_only_what_is_sent_changes_and_null_makes_unknown(coach: Caller) -> None:
    made = filed(coach)

    answer = coach.patch(
        f"/candidates/{made['id']}", {"rhythm": 4, "language_speak": None}, made["version"]
    )
    changed = answer.get_json()

    assert answer.status_code == 200
    assert answer.headers["ETag"] == f'"v{changed["version"]}"'
    assert changed["version"] > made["version"]
    assert (changed["rhythm"], changed["language_speak"]) == (4, None)
    assert changed["work_skills"] == made["work_skills"]


def test_a_change_says_which_version_it_is_based_on(coach: Caller) -> None:
    made = filed(coach)
    path = f"/candidates/{made['id']}"

    without = coach.patch(path, {"rhythm": 4}, None)
    first = coach.patch(path, {"rhythm": 4}, made["version"])
    late = coach.patch(path, {"rhythm": 2}, made["version"])

    assert (without.status_code, first.status_code, late.status_code) == (428, 200, 412)
    assert coach.get(path).get_json()["rhythm"] == 4


def test_work_with_somebody_is_closed_with_a_code_and_taken_up_again(coach: Caller) -> None:
    made = filed(coach)
    path = f"/candidates/{made['id']}"

    closed = coach.patch(
        path, {"status": "closed", "closed_code": "started_work"}, made["version"]
    ).get_json()
    assert (closed["status"], closed["closed_code"]) == ("closed", "started_work")
    assert coach.get("/candidates").get_json()["items"] == []

    again = coach.patch(path, {"status": "active"}, closed["version"]).get_json()
    assert again["status"] == "active"


def test_a_status_is_sent_on_its_own_and_with_its_code(coach: Caller) -> None:
    made = filed(coach)
    path = f"/candidates/{made['id']}"

    mixed = coach.patch(path, {"status": "closed", "rhythm": 1}, made["version"])
    coded = coach.patch(path, {"status": "active", "closed_code": "moved"}, made["version"])

    assert [p["field"] for p in mixed.get_json()["errors"]] == ["rhythm", "closed_code"]
    assert [p["field"] for p in coded.get_json()["errors"]] == ["closed_code"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"rhythm": 7}, "rhythm"),
        ({"rythm": 2}, "rythm"),
        ({"wants_start": "now"}, "wants_start"),
        ({"region": "haaglanden"}, "region"),
        ({"id": 1}, "id"),
        ({"version": 1}, "version"),
        ({"owner_account_id": 1}, "owner_account_id"),
        ({"lane": "ready_now"}, "lane"),
        ({"readiness": 100}, "readiness"),
        ({"benefit": "p_wet"}, "benefit"),
        ({"first_name": "Sam 111222333"}, "first_name"),
        ({"first_name": "x" * 61}, "first_name"),
        ({"hours_min": 40, "hours_max": 10}, "hours_min"),
        ({"pc4": 10**30}, "body"),
        ({"pc4": 2**62}, "pc4"),
        ({"sectors": ["F99"]}, "sectors"),
        ({"start_from": "9999-12-31"}, "start_from"),
    ],
)
def test_what_cannot_be_filed_is_a_400_that_names_it(
    coach: Caller, body: dict[str, Any], field: str
) -> None:
    answer = coach.post("/candidates", body)

    assert answer.status_code == 400
    assert field in [problem["field"] for problem in answer.get_json()["errors"]]


def test_the_same_reference_twice_is_a_conflict(coach: Caller) -> None:
    filed(coach, reference="K-7")

    assert coach.post("/candidates", {"reference": "K-7"}).status_code == 409


def test_an_idempotency_key_has_one_effect_and_one_answer(coach: Caller) -> None:
    key = {"Idempotency-Key": "once-1"}

    first = coach.post("/candidates", NEW, headers=key)
    second = coach.post("/candidates", NEW, headers=key)
    other = coach.post("/candidates", {**NEW, "rhythm": 1}, headers=key)

    assert (first.status_code, second.status_code, other.status_code) == (201, 201, 422)
    assert first.get_data() == second.get_data()
    assert first.headers["ETag"] == second.headers["ETag"]
    assert second.headers["Content-Type"] == "application/json"
    assert len(coach.get("/candidates").get_json()["items"]) == 1
    assert other.content_type == "application/problem+json"


def test_a_refused_request_leaves_its_key_free(coach: Caller) -> None:
    key = {"Idempotency-Key": "once-2"}

    assert coach.post("/candidates", {"rhythm": 9}, headers=key).status_code == 400
    assert coach.post("/candidates", NEW, headers=key).status_code == 201


def test_what_is_foreign_answers_as_what_does_not_exist(coach: Caller, stranger: Caller) -> None:
    made = filed(coach)

    def answer_to(method: str, path: str) -> tuple[int, dict[str, Any], set[str]]:
        answer = stranger.call(method, path, json={}, headers={"If-Match": '"v1"'})
        body = {k: v for k, v in answer.get_json().items() if k != "request_id"}
        return answer.status_code, body, set(answer.headers.keys())

    for method, rest in (
        ("GET", ""),
        ("PATCH", ""),
        ("GET", "/assessments"),
        ("POST", "/assessments"),
        ("GET", "/matches"),
        ("GET", "/trajectory"),
        ("POST", "/what-if"),
        ("GET", "/decisions"),
    ):
        foreign = answer_to(method, f"/candidates/{made['id']}{rest}")
        missing = answer_to(method, f"/candidates/987654321{rest}")
        assert foreign == missing
        assert foreign[0] == 404, (method, rest)


@pytest.mark.parametrize("key", ["0", "-1", "x", "9223372036854775808", "1" * 400, "%00", "1/"])
def test_a_key_that_no_row_can_have_is_not_found(coach: Caller, key: str) -> None:
    answer = coach.get(f"/candidates/{key}")

    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"


def test_an_assessment_is_made_kept_and_given_again(coach: Caller) -> None:
    path = f"/candidates/{filed(coach)['id']}/assessments"
    assert coach.get(path).get_json() == {"items": []}

    answer = coach.post(path)
    made = answer.get_json()

    assert answer.status_code == 201, made
    assert made["lane"]
    assert made["on"] == "2027-03-01"
    assert made["input_hash"]
    assert isinstance(made["readiness"], float)
    assert coach.get(path).get_json()["items"] == [made]
    assert coach.get(path, query_string={"latestOnly": "true"}).get_json()["items"] == [made]
    location = answer.headers["Location"].removeprefix("/api/v1")
    assert coach.get(location).get_json() == made
    assert coach.post(path, {"on": "x"}).status_code == 400


def test_an_assessment_is_found_under_its_own_candidate_only(coach: Caller) -> None:
    first, second = filed(coach), filed(coach)
    made = coach.post(f"/candidates/{first['id']}/assessments").get_json()

    assert coach.get(f"/candidates/{second['id']}/assessments/{made['id']}").status_code == 404


def test_matches_rank_the_open_vacancies_and_show_blocked_ones_when_asked(
    coach: Caller, caller_of: CallerOf
) -> None:
    lead = caller_of(Right.LEAD)
    fits = opened_vacancy(lead)
    opened_vacancy(lead, credentials=["vca_basic"])
    path = f"/candidates/{filed(coach)['id']}/matches"

    plain = coach.get(path).get_json()
    whole = coach.get(path, query_string={"all": "true"}).get_json()

    assert [row["vacancy"] for row in plain["items"]] == [fits["reference"]]
    assert plain["on"] == "2027-03-01"
    assert [row["eligible"] for row in whole["items"]] == [True, False]
    assert whole["items"][1]["blockers"][0]["closed_by"]
    assert coach.get(path, query_string={"top": "0"}).status_code == 400


def test_a_trajectory_never_ends_dead(coach: Caller, caller_of: CallerOf) -> None:
    opened_vacancy(caller_of(Right.LEAD))
    path = f"/candidates/{filed(coach)['id']}/trajectory"

    plan = coach.get(path).get_json()

    assert plan["outcome"] in ("place", "other_route")
    assert plan["review_on"] > "2027-03-01"
    assert coach.get(path, query_string={"on": "soon"}).status_code == 400


def test_there_is_no_plan_while_somebody_is_paused(coach: Caller) -> None:
    made = filed(coach, paused_until="2027-05-01")

    answer = coach.get(f"/candidates/{made['id']}/trajectory")

    assert answer.status_code == 409
    assert coach.get(f"/candidates/{made['id']}/matches").get_json()["items"] == []


def test_what_if_shows_what_opens_and_keeps_nothing(coach: Caller, caller_of: CallerOf) -> None:
    vacancy = opened_vacancy(caller_of(Right.LEAD), credentials=["vca_basic"])
    made = filed(coach)
    path = f"/candidates/{made['id']}"

    found = coach.post(f"{path}/what-if", {"changes": {"credentials": ["vca_basic"]}}).get_json()

    assert found["opens"] == [vacancy["reference"]]
    assert found["places"] == 2
    assert {"lane", "readiness"} <= set(found["before"]) & set(found["after"])
    assert coach.get(path).get_json() == made
    assert coach.get(f"{path}/assessments").get_json()["items"] == []


def test_what_if_refuses_what_cannot_be_tried(coach: Caller) -> None:
    path = f"/candidates/{filed(coach)['id']}/what-if"

    unknown = coach.post(path, {"changes": {"rythm": 3, "lift": "yes"}})
    programme = coach.post(path, {"programmes": ["no-such-programme"]})

    fields = [problem["field"] for problem in unknown.get_json()["errors"]]
    assert sorted(fields) == ["changes.lift", "changes.rythm"]
    assert programme.status_code == 400


def test_accepting_and_departing_ask_for_the_same_and_are_kept_apart(coach: Caller) -> None:
    made = filed(coach)
    path = f"/candidates/{made['id']}"
    assessment = coach.post(f"{path}/assessments").get_json()

    accepted = coach.post(
        f"{path}/decisions",
        {
            "subject": "lane",
            "chosen": assessment["lane"],
            "reason": "agrees",
            "assessment_id": assessment["id"],
        },
    )
    other = "pre_placement" if assessment["lane"] != "pre_placement" else "ready_with_support"
    departed = coach.post(
        f"{path}/decisions",
        {
            "subject": "lane",
            "chosen": other,
            "reason": "knows_more",
            "assessment_id": assessment["id"],
        },
    )

    assert (accepted.status_code, departed.status_code) == (201, 201)
    assert accepted.get_json()["accepted"] is True
    assert departed.get_json()["accepted"] is False
    kept = coach.get(f"{path}/decisions").get_json()["items"]
    assert [decision["chosen"] for decision in kept] == [other, assessment["lane"]]


def test_a_decision_that_says_too_little_is_refused(coach: Caller) -> None:
    path = f"/candidates/{filed(coach)['id']}/decisions"

    answer = coach.post(path, {"subject": "mood", "reason": "because", "text": "x" * 501})

    fields = {problem["field"] for problem in answer.get_json()["errors"]}
    assert answer.status_code == 400
    assert fields == {"subject", "chosen", "reason", "text"}
