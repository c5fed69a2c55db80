"""Vacancies over HTTP: a contractor files, opens and counts; staff see their region."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.domain.access import Right
from tests.api.conftest import Caller, CallerOf
from tests.api.opening import answer_without_risk

NEW = {"sector": "F42", "places": 2, "title": "Ground worker", "rhythm": 3, "wage_hour": 15.25}


def filed(caller: Caller, **over: Any) -> dict[str, Any]:
    answer = caller.post("/vacancies", {**NEW, **over})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def test_a_contractor_files_a_draft_of_the_own_firm(contractor: Caller) -> None:
    answer = contractor.post("/vacancies", NEW)
    made = answer.get_json()

    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/vacancies/{made['id']}"
    assert (made["status"], made["contractor"], made["region"]) == (
        "draft",
        "Voorbeeld Wegen",
        "demo",
    )
    assert made["wage_hour"] == 15.25
    assert contractor.get(f"/vacancies/{made['id']}").get_json() == made


def test_a_vacancy_is_opened_filled_and_withdrawn_by_its_status(contractor: Caller) -> None:
    made = filed(contractor)
    path = f"/vacancies/{made['id']}"

    version = made["version"]
    answer_without_risk(contractor, made["id"])
    for status in ("open", "filled", "open", "withdrawn"):
        answer = contractor.patch(path, {"status": status}, version)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        assert answer.get_json()["status"] == status
        version = answer.get_json()["version"]


def test_a_state_that_forbids_a_change_is_a_conflict(contractor: Caller) -> None:
    made = filed(contractor)
    path = f"/vacancies/{made['id']}"
    withdrawn = contractor.patch(path, {"status": "withdrawn"}, made["version"]).get_json()

    filled = contractor.patch(path, {"status": "filled"}, withdrawn["version"])
    changed = contractor.patch(path, {"places": 3}, withdrawn["version"])

    assert (filled.status_code, changed.status_code) == (409, 409)


def test_a_change_says_which_version_it_is_based_on(contractor: Caller) -> None:
    made = filed(contractor)
    path = f"/vacancies/{made['id']}"

    assert contractor.patch(path, {"places": 3}, None).status_code == 428
    assert contractor.patch(path, {"places": 3}, made["version"]).status_code == 200
    assert contractor.patch(path, {"places": 4}, made["version"]).status_code == 412


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"sector": "F42"}, "places"),
        ({**NEW, "places": 0}, "places"),
        ({**NEW, "places": 501}, "places"),
        ({**NEW, "money": 2}, "money"),
        ({**NEW, "minAge": 18}, "minAge"),
        ({**NEW, "title": "bel 111222333"}, "title"),
        ({**NEW, "plaecs": 3}, "plaecs"),
        ({**NEW, "status": "open"}, "status"),
        ({**NEW, "contractor": "Ander Bedrijf"}, "contractor"),
        ({**NEW, "region": "haaglanden"}, "region"),
        ({**NEW, "day_starts_at": "25:00"}, "day_starts_at"),
    ],
)
def test_what_cannot_be_filed_is_a_400_that_names_it(
    contractor: Caller, body: dict[str, Any], field: str
) -> None:
    answer = contractor.post("/vacancies", body)

    assert answer.status_code == 400
    assert field in [problem["field"] for problem in answer.get_json()["errors"]]


def test_a_need_that_cannot_be_is_refused_with_its_reason(contractor: Caller) -> None:
    made = filed(contractor)

    for answer in (
        contractor.post("/vacancies", {**NEW, "leeftijd": 30}),
        contractor.patch(f"/vacancies/{made['id']}", {"leeftijd": 30}, made["version"]),
    ):
        (problem,) = answer.get_json()["errors"]
        assert problem["field"] == "leeftijd"
        assert "no need for age" in problem["message"]


def test_another_contractor_finds_nothing(contractor: Caller, caller_of: CallerOf) -> None:
    made = filed(contractor)
    rival = caller_of(Right.CONTRACTOR, firm="Ander Bedrijf")
    path = f"/vacancies/{made['id']}"

    assert rival.get("/vacancies").get_json()["items"] == []
    assert rival.get(path).status_code == 404
    assert rival.get(f"{path}/fit-counts").status_code == 404
    assert rival.patch(path, {"places": 3}, made["version"]).status_code == 404


def test_staff_find_the_vacancies_of_their_region_by_status_and_sector(
    contractor: Caller, coach: Caller, stranger: Caller
) -> None:
    made = filed(contractor)
    filed(contractor, sector="N81")

    found = coach.get("/vacancies", query_string={"status": "draft", "sector": "F42"}).get_json()

    assert [item["id"] for item in found["items"]] == [made["id"]]
    assert coach.get("/vacancies", query_string={"sector": "F99"}).status_code == 400
    assert stranger.get("/vacancies").get_json()["items"] == []


def test_contractors_count_in_bands_and_staff_see_the_number(
    contractor: Caller, coach: Caller
) -> None:
    path = f"/vacancies/{filed(contractor)['id']}/fit-counts"

    band = contractor.get(path).get_json()
    number = coach.get(path).get_json()

    assert set(band) == {"vacancy_id", "fits_band", "on"}
    assert band["fits_band"] == number["fits_band"] == "under_3"
    assert number["fits_now"] == 0
