"""The resource imports: a file in, its columns, its dry run, the yes, and the result."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask

from matcher.domain.access import Right
from matcher.http.db import engine_of
from matcher.models.database import session_factory
from matcher.models.states import JobState
from matcher.services import job_runs
from matcher.services.job_kinds import KINDS
from tests.api.conftest import NOW, Caller, CallerOf

TEXT = "klantnummer;roepnaam;mobiel;postcode\nK-1;Jan;6,12E+08;3311\nK-2;Noor;0612345678;3312\n"
CSV = {"Content-Type": "text/csv"}


def send(caller: Caller, text: str = TEXT, kind: str = "candidates", **headers: str) -> Any:
    path = f"/imports?kind={kind}&name=monday.csv"
    return caller.call("POST", path, data=text.encode(), headers={**CSV, **headers})


def work(app: Flask) -> None:
    factory = session_factory(engine_of(app))
    assert job_runs.run_one(factory, "w", lambda: NOW, KINDS) is JobState.DONE


def test_a_file_goes_in_by_four_requests(app: Flask, triager: Caller) -> None:
    sent = send(triager)
    body = sent.get_json()
    assert sent.status_code == 201
    assert sent.headers["Location"] == f"/api/v1/imports/{body['id']}"
    assert (body["state"], body["counts"], body["row_count"]) == ("columns", None, 2)
    one = f"/imports/{body['id']}"
    version = int(sent.headers["ETag"].strip('"v'))

    checked = triager.patch(one, {"columns": {}}, version)
    assert checked.get_json()["counts"] == {"fine": 1, "fixable": 1, "left_out": 0, "refused": 0}
    [group] = checked.get_json()["groups"]
    findings = triager.get(f"{one}/findings?group={group['group']}").get_json()
    assert [item["row"] for item in findings["items"]] == [2]
    assert findings["items"][0]["fix"] == "leave_out"
    confirmed = triager.post(f"{one}/confirmation")
    assert confirmed.status_code == 202
    assert triager.get(f"{one}/result").status_code == 409
    work(app)

    done = triager.get(one).get_json()
    assert done["state"] == "done"
    assert done["outcome"]["created"] == 2
    result = triager.get(f"{one}/result", headers={"Accept": "text/csv"})
    assert result.content_type == "text/csv; charset=utf-8"
    assert result.get_data(as_text=True).splitlines()[1].startswith("K-1;Jan;")
    assert triager.get(f"{one}/result?format=xlsx").get_data()[:2] == b"PK"


def test_a_proposal_can_be_left_out(triager: Caller) -> None:
    body = send(triager).get_json()
    one = f"/imports/{body['id']}"
    checked = triager.patch(one, {"columns": {}}, int(triager.get(one).headers["ETag"][2:-1]))
    [group] = checked.get_json()["groups"]
    version = int(checked.headers["ETag"].strip('"v'))

    left = triager.patch(one, {"leave_out_groups": [group["group"]]}, version)

    assert left.get_json()["counts"] == {"fine": 1, "fixable": 0, "left_out": 1, "refused": 0}
    assert triager.patch(one, {"leave_out_groups": ["x"]}, version + 1).status_code == 400
    assert triager.patch(one, {"leave_out_groups": []}, version).status_code == 412
    assert triager.patch(one, {"leave_out_groups": []}, None).status_code == 428


def test_the_same_key_and_the_same_bytes_make_one_import(triager: Caller) -> None:
    first = send(triager, **{"Idempotency-Key": "a"}).get_json()
    again = send(triager, **{"Idempotency-Key": "a"}).get_json()
    bytes_again = send(triager).get_json()

    assert first["id"] == again["id"] == bytes_again["id"]
    assert send(triager, TEXT + "K-3;;;\n", **{"Idempotency-Key": "a"}).status_code == 422
    assert len(triager.get("/imports").get_json()["items"]) == 1


def test_a_form_with_the_file_as_a_part_is_the_same(triager: Caller) -> None:
    form = {"file": (io.BytesIO(TEXT.encode()), "monday.csv")}
    sent = triager.call("POST", "/imports?kind=candidates", data=form)

    assert sent.status_code == 201
    assert sent.get_json()["name"] == "monday.csv"


@pytest.mark.parametrize(
    ("kind", "data", "status"),
    [
        ("text/csv", b"", 400),
        ("text/csv", b"PK\x03\x04", 400),
        ("application/pdf", b"%PDF", 415),
        ("multipart/form-data; boundary=x", b"--x--", 400),
        ("application/json", b"[", 400),
    ],
)
def test_what_is_no_table_is_refused(triager: Caller, kind: str, data: bytes, status: int) -> None:
    path = "/imports?kind=candidates"
    sent = triager.call("POST", path, data=data, headers={"Content-Type": kind})

    assert sent.status_code == status


def test_a_number_of_a_person_comes_back_in_no_answer(app: Flask, triager: Caller) -> None:
    text = "referentie;opmerkingen\nK-1;bsn 111222333\n"
    body = send(triager, text).get_json()
    one = f"/imports/{body['id']}"
    checked = triager.patch(one, {"columns": {}}, int(triager.get(one).headers["ETag"][2:-1]))
    [group] = checked.get_json()["groups"]
    triager.post(f"{one}/confirmation")
    work(app)

    answers = [
        checked.get_data(as_text=True),
        triager.get(f"{one}/findings?group={group['group']}").get_data(as_text=True),
        triager.get(f"{one}/result").get_data(as_text=True),
    ]
    assert group["code"] == "bsn"
    assert not any("111222333" in answer for answer in answers)


def test_an_import_of_somebody_else_is_not_there(
    triager: Caller, caller_of: CallerOf, stranger: Caller
) -> None:
    one = f"/imports/{send(triager).get_json()['id']}"

    assert caller_of(Right.TRIAGER).get(one).status_code == 404
    assert stranger.get(one).status_code == 404
    assert caller_of(Right.LEAD).get(one).status_code == 200


@pytest.mark.parametrize(
    "arguments", [{}, {"upload": "1"}, {"upload": True}, {"upload": 10**30}, {"upload": 1, "x": 1}]
)
@pytest.mark.parametrize("kind", ["check_upload", "import_upload"])
def test_a_job_of_an_import_cannot_be_asked_for_past_the_import(
    triager: Caller, kind: str, arguments: dict[str, Any]
) -> None:
    send(triager)

    answer = triager.post("/jobs", {"kind": kind, "arguments": arguments})

    assert answer.status_code == 400
