"""The request mechanisms that pages and API share: keys, versions, identity, permissions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask, Response, jsonify, make_response, request
from flask.testing import FlaskClient

from matcher.domain.access import Right
from matcher.domain.errors import Conflict, InvalidInput, Problem, Stale
from matcher.http.db import current_session, engine_of
from matcher.http.etag import etag_of, expected_version, with_version
from matcher.http.idempotency import idempotent
from matcher.http.identity import current_viewer, the_viewer
from matcher.http.permissions import permission_of, public, requires, signed_in
from matcher.models.database import session_factory
from matcher.services.accounts import add_account, create_token
from matcher.services.candidates import create_candidate, list_candidates
from matcher.services.idempotency import begin_request
from tests.web.forms import form_of

SignInAs = Callable[..., FlaskClient]


@pytest.fixture
def token(app: Flask, at: datetime) -> dict[str, str]:
    """The headers of a machine that may do what a coach does."""
    with session_factory(engine_of(app))() as session:
        record = add_account(
            session, name="koppeling", password=None, rights=["coach"], region="demo", now=at
        )
        _, secret = create_token(
            session,
            record.id,
            title="test",
            scopes=["coach"],
            lifetime=timedelta(days=1),
            now=at,
        )
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def creating(app: Flask, at: datetime) -> Flask:
    """The application with a POST that creates a candidate, at an address of the API."""
    calls = {"number": 0}

    @requires(Right.COACH)
    @idempotent
    def create() -> Any:
        calls["number"] += 1
        body = request.get_json()
        if body.get("fail") == "refuse":
            raise InvalidInput([Problem("fail", "refused")])
        values = {"reference": body["reference"]}
        record = create_candidate(current_session(), the_viewer(), values, now=at)
        if body.get("fail") == "crash":
            raise RuntimeError("after the effect")
        answer = make_response(jsonify(id=record.id, call=calls["number"]), 201)
        answer.headers["Location"] = f"/api/v1/things/{record.id}"
        return answer

    app.add_url_rule("/api/v1/things", "things", create, methods=["POST"])
    return app


def _post(app: Flask, token: dict[str, str], key: str | None, **body: str) -> Any:
    headers = {**token, **({"Idempotency-Key": key} if key is not None else {})}
    return app.test_client().post("/api/v1/things", json=body, headers=headers)


def _references(app: Flask, at: datetime) -> list[str]:
    from matcher.domain.access import operator

    with session_factory(engine_of(app))() as session:
        page = list_candidates(session, operator("demo"), caseload="region")
        return [record.profile.reference for record in page.items]


def test_the_same_key_with_the_same_body_has_one_effect_and_one_answer(
    creating: Flask, token: dict[str, str], at: datetime
) -> None:
    first = _post(creating, token, "k-1", reference="A")
    second = _post(creating, token, "k-1", reference="A")
    assert first.status_code == second.status_code == 201
    assert first.data == second.data
    assert first.headers["Location"] == second.headers["Location"]
    assert _references(creating, at) == ["A"]


def test_the_same_key_with_another_body_is_refused(
    creating: Flask, token: dict[str, str], at: datetime
) -> None:
    _post(creating, token, "k-1", reference="A")
    again = _post(creating, token, "k-1", reference="B")
    assert again.status_code == 422
    assert again.content_type == "application/problem+json"
    assert _references(creating, at) == ["A"]


def test_a_duplicate_while_the_first_is_at_work_is_told_to_wait(
    creating: Flask, token: dict[str, str], at: datetime
) -> None:
    body = b'{"reference": "A"}'
    with (
        creating.test_request_context(headers=token),
        session_factory(engine_of(creating))() as session,
    ):
        viewer = current_viewer()
        assert viewer is not None
        begin_request(
            session,
            key="k-1",
            route="POST /api/v1/things",
            account_id=viewer.account_id,
            body=body,
            now=at,
        )
    answer = creating.test_client().post(
        "/api/v1/things",
        data=body,
        headers={**token, "Idempotency-Key": "k-1", "Content-Type": "application/json"},
    )
    assert answer.status_code == 409
    assert _references(creating, at) == []


@pytest.mark.parametrize(("fail", "status"), [("refuse", 400), ("crash", 500)])
def test_a_failure_leaves_no_effect_and_may_be_tried_again_with_the_same_key(
    creating: Flask, token: dict[str, str], at: datetime, fail: str, status: int
) -> None:
    assert _post(creating, token, "k-1", reference="A", fail=fail).status_code == status
    assert _references(creating, at) == []
    assert _post(creating, token, "k-1", reference="A").status_code == 201
    assert _references(creating, at) == ["A"]


@pytest.mark.parametrize("key", ["", "x" * 256, "met spatie", "é"])
def test_a_key_that_is_not_visible_ascii_of_at_most_255_is_refused(
    creating: Flask, token: dict[str, str], key: str
) -> None:
    answer = _post(creating, token, key, reference="A")
    assert answer.status_code == 400
    assert answer.get_json(force=True)["errors"][0]["field"] == "Idempotency-Key"


def test_without_a_key_each_request_counts(
    creating: Flask, token: dict[str, str], at: datetime
) -> None:
    for reference in ("A", "B"):
        assert _post(creating, token, None, reference=reference).status_code == 201
    assert sorted(_references(creating, at)) == ["A", "B"]


# --- versions --------------------------------------------------------------------------------


@pytest.fixture
def versioned(app: Flask) -> FlaskClient:
    @public
    def change() -> Any:
        version = expected_version()
        if version != 3:
            raise Stale("thing", 3)
        return {"read": version}

    @public
    def read() -> Response:
        return with_version(make_response(jsonify(value=1)), 3)

    app.add_url_rule("/api/v1/thing", "change_thing", change, methods=["PATCH"])
    app.add_url_rule("/api/v1/thing", "read_thing", read, methods=["GET"])
    return app.test_client()


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 428),
        ("", 428),
        ("*", 428),
        ('"v3"', 200),
        ('"v2"', 412),
        ('W/"v3"', 412),
        ('"iets"', 412),
        ("v3", 412),
        ('"v2", "v3"', 400),
        ('"v99999999999"', 412),
    ],
)
def test_a_change_needs_the_version_that_was_read(
    versioned: FlaskClient, header: str | None, status: int
) -> None:
    headers = {} if header is None else {"If-Match": header}
    answer = versioned.patch("/api/v1/thing", headers=headers)
    assert answer.status_code == status
    if status != 200:
        assert answer.content_type == "application/problem+json"


def test_who_has_this_version_gets_no_body(versioned: FlaskClient) -> None:
    first = versioned.get("/api/v1/thing")
    assert first.headers["ETag"] == etag_of(3) == '"v3"'
    again = versioned.get("/api/v1/thing", headers={"If-None-Match": '"v3"'})
    assert again.status_code == 304
    assert again.data == b""


# --- identity and permission -------------------------------------------------------------------


@pytest.fixture
def who(app: Flask) -> Flask:
    @signed_in
    def view() -> Any:
        return {"rights": sorted(the_viewer().rights)}

    app.add_url_rule("/api/v1/who", "who", view)
    return app


def test_a_token_counts_alone_also_beside_a_session(
    who: Flask, token: dict[str, str], sign_in_as: SignInAs
) -> None:
    client = sign_in_as(Right.TRIAGER)
    assert client.get("/api/v1/who").get_json() == {"rights": ["triager"]}
    assert client.get("/api/v1/who", headers=token).get_json() == {"rights": ["coach"]}
    wrong = client.get("/api/v1/who", headers={"Authorization": "Bearer mtr_x_y"})
    assert wrong.status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Basic Zm9vOmJhcg==", "Bearer  ", "x"])
def test_an_authorization_that_is_no_token_is_nobody(who: Flask, header: str) -> None:
    answer = who.test_client().get("/api/v1/who", headers={"Authorization": header})
    assert answer.status_code == 401


def test_a_session_that_changes_something_in_the_api_needs_the_form_token(
    app: Flask, sign_in_as: SignInAs
) -> None:
    @signed_in
    def view() -> Any:
        return {"done": True}

    app.add_url_rule("/api/v1/do", "do", view, methods=["POST"])
    client = sign_in_as(Right.CONTRACTOR)
    assert client.post("/api/v1/do").status_code == 403
    form_token = form_of(client.get("/bel-mij"), "phone")["csrf_token"]
    assert client.post("/api/v1/do", headers={"X-CSRFToken": form_token}).status_code == 200


def test_a_route_without_a_declared_permission_is_refused(app: Flask) -> None:
    app.add_url_rule("/vergeten", "forgotten", lambda: "open")
    assert app.test_client().get("/vergeten").status_code == 403


def test_requires_needs_a_right() -> None:
    with pytest.raises(ValueError, match="@public"):
        requires()


def test_a_class_based_view_may_declare_on_the_class_or_on_a_method() -> None:
    from flask.views import MethodView

    @public
    class Things(MethodView):
        def get(self) -> str:
            return "all"

        @requires(Right.COACH)
        def post(self) -> str:
            return "made"

    view = Things.as_view("things")
    assert permission_of(view, "GET") == frozenset()
    assert permission_of(view, "HEAD") == frozenset()
    assert permission_of(view, "POST") == frozenset({Right.COACH})
    assert permission_of(lambda: "x", "GET") is None


# --- problem documents -----------------------------------------------------------------------


def test_a_conflict_speaks_to_programs_in_full_and_to_people_in_their_language(app: Flask) -> None:
    @public
    def view() -> Any:
        raise Conflict("only a draft can be opened")

    app.add_url_rule("/api/v1/conflict", "conflict_api", view)
    app.add_url_rule("/conflict", "conflict_page", view)
    client = app.test_client()
    api = client.get("/api/v1/conflict")
    assert api.status_code == 409
    assert api.get_json(force=True)["detail"] == "only a draft can be opened"
    page = client.get("/conflict")
    assert page.status_code == 409
    assert "De stand laat dit nu niet toe." in page.text
    assert "draft" not in page.text


def test_all_problems_of_input_are_told_at_once(app: Flask) -> None:
    @public
    def view() -> Any:
        raise InvalidInput([Problem("hours_max", "is over 40"), Problem("pc4", "is too short", 3)])

    app.add_url_rule("/api/v1/bad", "bad", view)
    body = app.test_client().get("/api/v1/bad").get_json(force=True)
    assert body["status"] == 400
    assert [error["field"] for error in body["errors"]] == ["hours_max", "pc4"]
    assert body["errors"][1]["row"] == 3


def test_a_body_that_is_too_large_is_refused_before_it_is_read(sqlite_url: str) -> None:
    from matcher import create_app

    app = create_app({"DATABASE_URL": sqlite_url, "MAX_CONTENT_LENGTH": 1000})
    answer = app.test_client().post(
        "/bel-mij", data=b"x" * 2000, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 413
    assert "Dit is te groot" in answer.text
