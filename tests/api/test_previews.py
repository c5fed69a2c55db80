"""The stateless twins: rows in, rows of the contract out, nothing kept and nothing guessed."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.api.conftest import Caller
from tests.api.rows import CANDIDATE, PROGRAMME, VACANCY, world_rows

ON = "2027-03-01"


def rows_of(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: list[dict[str, Any]] = json.loads(answer.get_data(as_text=True), parse_float=Decimal)[
        "items"
    ]
    return found


def problems_of(answer: Any) -> dict[str, str]:
    assert answer.status_code == 400, answer.get_data(as_text=True)
    assert answer.content_type == "application/problem+json"
    return {problem["field"]: problem["message"] for problem in answer.get_json()["errors"]}


def test_an_assessment_row_has_all_that_the_contract_names(coach: Caller) -> None:
    body = {"candidates": [CANDIDATE], "vacancies": [VACANCY], "on": ON}

    (row,) = rows_of(coach.post("/previews/assessments", body))

    assert set(row) >= {
        *("reference", "lane", "rule", "readiness", "readiness_low", "readiness_high"),
        *("readiness_without_money", "start_level", "known_share", "places_now", "dimensions"),
        *("reasons", "would_change", "ask_next", "programmes", "review_on", "on"),
        *("rules_version", "artefact"),
    }
    assert row["on"] == ON
    assert row["readiness_low"] <= row["readiness"] <= row["readiness_high"]
    assert sum(d["contribution"] for d in row["dimensions"]) == row["readiness"]


def test_decimals_carry_two_digits_and_stay_numbers(coach: Caller) -> None:
    text = coach.post("/previews/assessments", {"candidates": [CANDIDATE]}).get_data(as_text=True)
    (row,) = json.loads(text, parse_float=Decimal)["items"]

    assert isinstance(row["readiness"], Decimal)
    assert row["readiness"].as_tuple().exponent == -2


def test_without_vacancies_places_are_not_counted(coach: Caller) -> None:
    (row,) = rows_of(coach.post("/previews/assessments", {"candidates": [CANDIDATE]}))

    assert row["places_now"] is None


def test_a_match_row_explains_itself_and_adds_up(coach: Caller) -> None:
    body = {"candidates": [CANDIDATE], "vacancies": [VACANCY], "on": ON}

    (row,) = rows_of(coach.post("/previews/matches", body))

    assert set(row) >= {
        *("candidate", "vacancy", "rank", "eligible", "fit", "travel_minutes"),
        *("components", "gaps", "blockers", "certainty"),
    }
    assert sum(part["points"] for part in row["components"]) == row["fit"]


def test_blocked_pairs_come_only_when_asked_for_and_say_what_closes_them(coach: Caller) -> None:
    vacancy = {**VACANCY, "credentials": ["vca_basic"]}
    body = {"candidates": [CANDIDATE], "vacancies": [vacancy], "on": ON}

    assert rows_of(coach.post("/previews/matches", body)) == []
    (row,) = rows_of(coach.post("/previews/matches", {**body, "all": True}))
    assert row["rank"] is None
    assert [blocker["code"] for blocker in row["blockers"]] == ["credential"]
    assert row["blockers"][0]["closed_by"]


def test_top_cuts_the_list_of_each_candidate(coach: Caller) -> None:
    body = {**world_rows(1, 5, 40, 0), "top": 3, "on": "2026-11-23"}
    del body["programmes"]

    rows = rows_of(coach.post("/previews/matches", body))

    for candidate in body["candidates"]:
        assert sum(row["candidate"] == candidate["reference"] for row in rows) <= 3


def test_a_paused_candidate_is_left_out_with_the_date_as_the_only_reason(coach: Caller) -> None:
    paused = {**CANDIDATE, "paused_until": "2027-04-01"}
    body = {"candidates": [paused], "vacancies": [VACANCY], "on": ON}

    for path in ("/previews/matches", "/previews/plans"):
        answer = coach.post(path, body).get_json()
        assert answer["items"] == []
        assert answer["left_out"] == [{"reference": "K-0001", "paused_until": "2027-04-01"}]


def test_a_plan_names_its_programmes_with_dates(coach: Caller) -> None:
    candidate = {**CANDIDATE, "rhythm": 1}
    body = {
        "candidates": [candidate],
        "vacancies": [{**VACANCY, "start_on": "2027-09-06"}],
        "programmes": [PROGRAMME],
        "on": ON,
    }

    (row,) = rows_of(coach.post("/previews/plans", body))

    assert row["outcome"] == "place"
    (step,) = row["steps"]
    assert step["programme"] == "P-01"
    assert step["starts_on"] < step["ends_on"] < row["place_on"]
    assert step["unlocks"] == ["V-017"]


def test_cells_of_a_file_and_values_of_json_mean_the_same(coach: Caller) -> None:
    cells = {
        "reference": "K-0001",
        "region": "demo",
        "rhythm": "3",
        "work_skills": "2",
        "sectors": "F42",
        "hours_max": "36,0",
        "pc4": "3311",
        "travel_max_minutes": "45",
        "travel_modes": "bike",
        "money": "",
    }

    assert rows_of(coach.post("/previews/assessments", {"candidates": [cells]})) == rows_of(
        coach.post("/previews/assessments", {"candidates": [CANDIDATE]})
    )


def test_benefit_and_year_of_birth_are_taken_and_change_nothing(coach: Caller) -> None:
    marked = {**CANDIDATE, "benefit": "p_wet", "birth_year": 1968}

    assert rows_of(coach.post("/previews/assessments", {"candidates": [marked]})) == rows_of(
        coach.post("/previews/assessments", {"candidates": [CANDIDATE]})
    )


def test_sentences_follow_the_language_asked_for(coach: Caller) -> None:
    body = {"candidates": [CANDIDATE]}

    dutch = rows_of(coach.post("/previews/assessments", body, headers={"Accept-Language": "nl"}))
    english = rows_of(coach.post("/previews/assessments", body))

    assert dutch[0]["reasons"] != english[0]["reasons"]
    assert dutch[0]["readiness"] == english[0]["readiness"]


def test_everything_wrong_is_named_at_once_by_its_place(coach: Caller) -> None:
    body = {
        "candidates": [
            {**CANDIDATE, "region": "dmeo", "rhythm": 9, "rythm": 2},
            {"region": "demo"},
            3,
            {**CANDIDATE, "hours_min": 50, "hours_max": 10},
            {**CANDIDATE, "reference": "K-2"},
            {**CANDIDATE, "reference": "K-2"},
        ],
        "vacancies": [{**VACANCY, "age": 30}, {**VACANCY, "start_on": "9999-01-01"}],
        "tpo": 3,
        "on": "2027-02-30",
    }

    problems = problems_of(coach.post("/previews/matches", body))

    assert "nearest: demo" in problems["candidates[0].region"]
    assert "from 0 to 4" in problems["candidates[0].rhythm"]
    assert "nearest: rhythm" in problems["candidates[0].rythm"]
    assert "required" in problems["candidates[1].reference"]
    assert "object" in problems["candidates[2]"]
    assert "candidates[3].hours_min" in problems
    assert "[4] already" in problems["candidates[5].reference"]
    assert "no need for age" in problems["vacancies[0].age"]
    assert "date" in problems["vacancies[1].start_on"]
    assert "did you mean top" in problems["tpo"]
    assert "date" in problems["on"]


@pytest.mark.parametrize("field", ["money", "benefit", "gender", "herkomst", "ziekteverzuim"])
def test_a_vacancy_with_a_need_that_cannot_be_is_refused_by_name(coach: Caller, field: str) -> None:
    body = {"candidates": [CANDIDATE], "vacancies": [{**VACANCY, field: 1}]}

    problems = problems_of(coach.post("/previews/matches", body))

    assert "no need for" in problems[f"vacancies[0].{field}"]


def test_a_programme_that_asks_for_calm_about_money_is_refused(coach: Caller) -> None:
    body = {
        "candidates": [CANDIDATE],
        "vacancies": [VACANCY],
        "programmes": [{**PROGRAMME, "needs": ["money>=2"]}],
    }

    assert "programmes[0].needs" in problems_of(coach.post("/previews/plans", body))


def test_a_citizen_service_number_is_refused_and_never_repeated(coach: Caller) -> None:
    body = {
        "candidates": [{**CANDIDATE, "reference": "111222333"}],
        "vacancies": [{**VACANCY, "title": "bel 111 222 333"}],
    }

    answer = coach.post("/previews/matches", body)

    assert set(problems_of(answer)) == {"candidates[0].reference", "vacancies[0].title"}
    assert "222" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("", "is empty"),
        ("[]", "JSON object"),
        ('{"candidates": [], "candidates": []}', "stands twice"),
        ('{"candidates": [{"rhythm": NaN}]}', "NaN"),
        ('{"candidates": ' + "[" * 500 + "]" * 500 + "}", "deep"),
        ('{"candidates": [{"pc4": 99999999999999999999}]}', "integer beyond"),
        ('{"candidates": [{"reference": "\\u0000"}]}', "NUL"),
    ],
)
def test_json_that_means_two_things_or_none_is_refused(coach: Caller, raw: str, says: str) -> None:
    answer = coach.call(
        "POST", "/previews/assessments", data=raw, headers={"Content-Type": "application/json"}
    )

    assert any(says in message for message in problems_of(answer).values())


def test_another_kind_of_content_is_a_415(coach: Caller) -> None:
    answer = coach.call("POST", "/previews/assessments", data={"candidates": "x"})

    assert answer.status_code == 415
    assert answer.content_type == "application/problem+json"


def test_more_rows_or_pairs_than_a_request_takes_are_refused(coach: Caller) -> None:
    people = [{"reference": f"K{number}", "region": "demo"} for number in range(1_001)]
    places = [{**VACANCY, "reference": f"V{number}"} for number in range(300)]

    many = problems_of(coach.post("/previews/assessments", {"candidates": people}))
    pairs = problems_of(
        coach.post("/previews/matches", {"candidates": people[:900], "vacancies": places})
    )

    assert "at most 1000" in many["candidates"]
    assert "at most 250000" in pairs["vacancies"]


def test_decided_pairs_shape_an_allocation_and_a_lock_that_cannot_be_is_named(
    coach: Caller,
) -> None:
    lanes = ["ready_now", "ready_with_support", "pre_placement"]
    body = {**world_rows(20261129, 60, 20, 6), "on": "2026-11-23", "lanes": lanes}
    free = coach.post("/previews/allocations", body).get_json()["items"]
    placed = next(row for row in free if row["vacancy"])
    first = {"candidate": placed["candidate"], "vacancy": placed["vacancy"]}

    refused = {**body, "pairs": [{**first, "decision": "refused"}]}
    without = coach.post("/previews/allocations", refused).get_json()["items"]

    assert first not in [{k: row[k] for k in first} for row in without]
    locked = {**body, "pairs": [{**first, "candidate": "nobody", "decision": "locked"}]}
    told = problems_of(coach.post("/previews/allocations", locked))
    assert any("no such candidate" in message for message in told.values())


def test_a_floor_that_cannot_be_kept_is_a_conflict_with_the_way_out(coach: Caller) -> None:
    body = {**world_rows(5, 40, 6, 0), "on": ON, "floor": 1.0}
    lanes = ["ready_now", "ready_with_support", "pre_placement", "not_enough_known"]

    answer = coach.post("/previews/allocations", {**body, "programmes": None, "lanes": lanes})

    assert answer.status_code == 409, answer.get_data(as_text=True)
    assert "lower the floor" in answer.get_json()["detail"]


def test_more_pairs_than_one_request_allocates_go_to_the_command_line(coach: Caller) -> None:
    body = world_rows(5, 300, 200, 0)

    told = problems_of(coach.post("/previews/allocations", body))

    assert "command line" in told["vacancies"]
