"""Artefacts over HTTP: read by who oversees, asked for by one person, taken back at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from matcher.domain.access import Right
from matcher.http.db import current_session
from matcher.models.states import ArtefactState
from matcher.services import artefact_files, artefacts
from matcher.services.visibility import Kind, visible_fields
from tests.api.conftest import NOW, Caller, CallerOf
from tests.api.test_candidates import filed
from tests.services.learned import in_shadow, serving


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MATCHER_ARTEFACTS", str(tmp_path / "kept"))
    return tmp_path / "runs"


def made(app: Flask, folder: Path, *, serves: bool = False, name: str = "learned-1") -> int:
    with app.app_context():
        make = serving if serves else in_shadow
        return make(current_session(), folder, NOW, name).id


@pytest.mark.parametrize("right", [Right.ANALYST, Right.OFFICER, Right.LEAD, Right.ADMIN])
def test_an_artefact_shows_exactly_what_the_table_says(
    app: Flask, caller_of: CallerOf, folder: Path, right: Right
) -> None:
    number = made(app, folder)
    caller = caller_of(right, region=None if right is Right.ADMIN else "demo")
    (item,) = caller.get("/artefacts").get_json()["items"]
    one = caller.get(f"/artefacts/{number}")
    assert set(item) == set(visible_fields(Kind.ARTEFACT, [right])) == set(one.get_json())
    assert one.headers["ETag"] == '"v2"'
    assert (item["name"], item["state"], item["refused"]) == ("learned-1", "shadow", None)
    assert [feature["name"] for feature in item["features"]] == [
        "rhythm", "has_vca_basic", "sector",
    ]  # fmt: skip


def test_a_file_that_breaks_off_says_so_in_a_sentence(
    app: Flask, caller_of: CallerOf, folder: Path
) -> None:
    number = made(app, folder)
    with app.app_context():
        path = artefact_files.file_of(current_session(), "demo", "learned-1")
    path.write_bytes(path.read_bytes()[:-9])
    found = caller_of(Right.ANALYST).get(f"/artefacts/{number}").get_json()
    assert found["refused_code"] == "truncated"
    assert "breaks off" in found["refused"]
    refused = caller_of(Right.ANALYST).post(f"/artefacts/{number}/promotions", {"why": "good"})
    assert refused.status_code == 409
    assert "breaks off" in refused.get_json()["detail"]


def test_a_promotion_is_asked_for_once_and_confirmed_by_no_program(
    app: Flask, caller_of: CallerOf, folder: Path
) -> None:
    number = made(app, folder)
    analyst = caller_of(Right.ANALYST)
    key = {"Idempotency-Key": "once"}
    path = f"/artefacts/{number}/promotions"
    first = analyst.post(path, {"why": "better"}, headers=key)
    again = analyst.post(path, {"why": "better"}, headers=key)
    assert (first.status_code, first.get_json()) == (201, again.get_json())
    assert first.get_json()["state"] == "asked"
    assert analyst.post(path, {"why": "better"}).status_code == 409
    assert analyst.post(path, {"why": " "}).status_code == 400
    steps = caller_of(Right.ADMIN, region=None).get(path).get_json()["items"]
    assert [step["step"] for step in steps] == ["promote", "shadow"]
    with app.app_context():
        assert artefacts.standing_of(current_session(), "demo").state == "rules"


def test_assessments_name_the_artefact_that_serves_and_null_once_it_is_taken_back(
    app: Flask, coach: Caller, caller_of: CallerOf, folder: Path
) -> None:
    person = filed(coach)["id"]
    path = f"/candidates/{person}/assessments"
    assert coach.post(path).get_json()["artefact"] is None
    number = made(app, folder, serves=True)
    assert coach.post(path).get_json()["artefact"] == "learned-1"
    body = {"candidates": [{"reference": "K-9", "region": "demo", "rhythm": 3}]}
    (row,) = coach.post("/previews/assessments", body).get_json()["items"]
    assert row["artefact"] is None, "what is stateless knows no artefact"

    admin = caller_of(Right.ADMIN, region=None)
    back = admin.post(f"/artefacts/{number}/roll-backs", {"why": "people changed"})
    assert (back.status_code, back.get_json()) == (201, {"state": "rules", "artefact": None})
    assert admin.post(f"/artefacts/{number}/roll-backs", {"why": "again"}).status_code == 409
    assert coach.post(path).get_json()["artefact"] is None
    assert admin.get(f"/artefacts/{number}").get_json()["state"] == ArtefactState.RETIRED


def test_no_body_of_the_api_holds_a_prediction(
    app: Flask, coach: Caller, caller_of: CallerOf, folder: Path
) -> None:
    made(app, folder, serves=True)
    person = filed(coach)["id"]
    told = [
        coach.post(f"/candidates/{person}/assessments").get_json(),
        coach.get(f"/candidates/{person}").get_json(),
        coach.get(f"/candidates/{person}/matches").get_json(),
        caller_of(Right.LEAD).get("/candidates?caseload=region").get_json(),
        caller_of(Right.ANALYST).get("/artefacts").get_json(),
    ]
    assert not [body for body in map(str, told) if "probability" in body or "log_odds" in body]


def test_another_region_finds_nothing(app: Flask, caller_of: CallerOf, folder: Path) -> None:
    number = made(app, folder)
    elsewhere = caller_of(Right.ANALYST, region="haaglanden")
    assert elsewhere.get("/artefacts").get_json()["items"] == []
    assert elsewhere.get(f"/artefacts/{number}").status_code == 404
