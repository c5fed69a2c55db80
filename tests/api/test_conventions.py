"""What holds for every answer: the Dutch API Design Rules, problem documents and mechanisms."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from matcher.api.openapi import API_VERSION
from matcher.application import create_app
from matcher.http.db import engine_of
from tests.api.conftest import NOW, Caller
from tests.api.rows import CANDIDATE

PROBLEM = "application/problem+json"


def assert_problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.content_type == PROBLEM
    assert answer.headers["API-Version"] == API_VERSION
    body: dict[str, Any] = answer.get_json()
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    assert body["type"] == "about:blank"
    return body


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/codes/", 404),
        ("GET", "/candidates/", 404),
        ("GET", "/candidates/1/", 404),
        ("GET", "/codes/nothing", 404),
        ("GET", "/candidates", 401),
        ("POST", "/candidates", 401),
        ("GET", "/candidates/1/readiness", 404),
        ("GET", "/introductions", 401),
        ("GET", "/placements", 401),
        ("GET", "/contracts", 401),
        ("GET", "/nothing-of-this-name", 404),
        ("DELETE", "/codes", 405),
        ("PUT", "/candidates/1", 405),
        ("PATCH", "/candidates", 405),
        ("GET", "/previews/matches", 405),
    ],
)
def test_every_error_is_a_problem_document(
    visitor: Caller, method: str, path: str, status: int
) -> None:
    assert_problem(visitor.call(method, path), status)


def test_a_405_says_which_methods_there_are(visitor: Caller) -> None:
    answer = visitor.call("PUT", "/candidates")

    allowed = {method.strip() for method in answer.headers["Allow"].split(",")}
    assert {"GET", "POST"} <= allowed
    assert "PUT" not in allowed


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*"])
def test_a_client_that_takes_no_json_gets_a_406(visitor: Caller, accept: str) -> None:
    assert_problem(visitor.get("/codes/licences", headers={"Accept": accept}), 406)


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/*;q=0.5", ""])
def test_a_client_that_takes_json_gets_it(visitor: Caller, accept: str) -> None:
    answer = visitor.get("/codes/licences", headers={"Accept": accept})

    assert answer.status_code == 200
    assert answer.content_type == "application/json"


def test_a_body_that_is_too_large_is_a_413(app: Flask, coach: Caller) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1_000
    body = {"candidates": [{**CANDIDATE, "reference": "K" * 2_000}]}

    assert_problem(coach.post("/previews/assessments", body), 413)


def test_every_answer_says_the_version_and_is_kept_by_nobody(visitor: Caller) -> None:
    for method, path in (("GET", "/codes"), ("GET", "/nothing"), ("OPTIONS", "/codes")):
        answer = visitor.call(method, path)
        assert answer.headers["API-Version"] == API_VERSION, (method, path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_only_the_document_is_open_to_other_sites(visitor: Caller) -> None:
    answer = visitor.get("/codes", headers={"Origin": "https://example.org"})

    assert "Access-Control-Allow-Origin" not in answer.headers


def test_head_answers_as_get_without_the_body(visitor: Caller) -> None:
    answer = visitor.call("HEAD", "/codes")

    assert answer.status_code == 200
    assert answer.get_data() == b""


def test_a_key_that_stands_twice_in_a_query_is_refused(coach: Caller) -> None:
    body = assert_problem(coach.get("/candidates?limit=3&limit=4"), 400)

    assert body["errors"] == [{"field": "limit", "message": "stands twice in the query"}]


def test_an_unknown_key_in_a_query_is_named_with_the_nearest(coach: Caller) -> None:
    body = assert_problem(coach.get("/candidates?laen=ready_now"), 400)

    assert "did you mean lane" in body["errors"][0]["message"]


def test_problems_never_repeat_a_citizen_service_number(coach: Caller) -> None:
    answer = coach.post("/candidates", {"111222333": 1, "first_name": "111222333"})

    assert_problem(answer, 400)
    assert "111222333" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "é"])
def test_an_idempotency_key_must_be_one(coach: Caller, key: str) -> None:
    answer = coach.post("/candidates", {}, headers={"Idempotency-Key": key})

    assert_problem(answer, 400)


def test_who_asks_too_often_is_told_when_to_come_back(sqlite_url: str) -> None:
    app = create_app(
        {
            "DATABASE_URL": sqlite_url,
            "CLOCK": lambda: NOW,
            "LOG_LEVEL": "CRITICAL",
            "RATELIMIT_ENABLED": True,
            "API_LIMIT": "3 per minute",
        }
    )
    caller = Caller(app)

    statuses = [caller.get(path).status_code for path in ("/codes", "/regions", "/sectors")]
    late = caller.get("/codes")
    document = caller.get("/openapi.json")
    engine_of(app).dispose()

    assert statuses == [200, 200, 200]
    assert_problem(late, 429)
    assert int(late.headers["Retry-After"]) > 0
    assert document.status_code == 200
