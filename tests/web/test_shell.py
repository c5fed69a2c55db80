"""What every page and every answer keeps to, whatever it is about."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient

from matcher import create_app
from matcher.domain.access import Right
from matcher.http.permissions import PUBLIC, is_static, permission_of
from matcher.logs import exception_without_text
from tests.web.conftest import PASSWORD
from tests.web.forms import form_of

PUBLIC_PAGES = ("/", "/aanmelden", "/bel-mij", "/talent", "/melden", "/melden/gelukt")


@pytest.mark.parametrize("address", PUBLIC_PAGES)
def test_a_page_carries_the_headers_that_keep_it_safe(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", PUBLIC_PAGES)
def test_a_page_asks_nothing_of_another_host_and_holds_no_inline_code(
    client: FlaskClient, address: str
) -> None:
    text = client.get(address).text
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"\son[a-z]+=", text)


def test_static_files_may_be_kept_because_their_address_changes_with_them(
    client: FlaskClient,
) -> None:
    address = re.search(r'"(/static/theme\.css\?v=[0-9a-f]{10})"', client.get("/").text)
    assert address is not None
    with client.get(address.group(1)) as answer:
        assert "max-age=2592000" in answer.headers["Cache-Control"]


def test_over_https_browsers_are_told_to_stay_there(client: FlaskClient) -> None:
    answer = client.get("/", base_url="https://matcher.example")
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in client.get("/").headers


def test_in_production_the_session_cookie_is_bound_to_this_host_and_to_https(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("MATCHER_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("MATCHER_INSTANCE_DIR", str(tmp_path))
    app = create_app("production")
    cookie = (
        app.test_client()
        .get("/aanmelden", base_url="https://matcher.example")
        .headers["Set-Cookie"]
    )
    assert cookie.startswith("__Host-matcher=")
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert flag in cookie
    assert "Domain=" not in cookie
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_an_unknown_environment_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="production, demo, testing"):
        create_app("productoin")


# --- errors ----------------------------------------------------------------------------------


def test_a_missing_page_is_one_calm_page_with_a_way_back(client: FlaskClient) -> None:
    answer = client.get("/bestaat-niet")
    assert answer.status_code == 404
    assert "<h1>Deze pagina is er niet</h1>" in answer.text
    assert 'href="/"' in answer.text


def test_a_missing_api_address_is_a_problem_document(client: FlaskClient) -> None:
    answer = client.get("/api/v1/bestaat-niet")
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    body = answer.get_json(force=True)
    assert body["status"] == 404
    assert body["title"]
    assert body["detail"]


def test_a_method_that_an_address_does_not_know_names_those_it_knows(client: FlaskClient) -> None:
    page = client.delete("/aanmelden")
    assert page.status_code == 405
    assert set(page.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    api = client.delete("/api/v1/codes")
    assert api.status_code == 405
    assert api.content_type == "application/problem+json"
    assert "GET" in api.headers["Allow"]


def test_an_unforeseen_error_shows_nothing_of_itself_on_page_or_api(app: Flask) -> None:
    from matcher.http.permissions import public

    secret = "canary-4711"

    @public
    def broken() -> None:
        raise RuntimeError(secret)

    app.add_url_rule("/stuk", "broken_page", broken)
    app.add_url_rule("/api/v1/stuk", "broken_api", broken)
    for address in ("/stuk", "/api/v1/stuk"):
        answer = app.test_client().get(address)
        assert answer.status_code == 500
        assert secret not in answer.text
        assert "Traceback" not in answer.text


def test_an_api_call_without_account_is_401_and_a_page_leads_to_signing_in(
    client: FlaskClient,
) -> None:
    page = client.get("/bedrijf")
    assert page.status_code == 302
    assert page.headers["Location"] == "/aanmelden?next=/bedrijf"
    api = client.get("/api/v1/candidates")
    assert api.status_code == 401
    assert api.headers["WWW-Authenticate"].startswith("Bearer")
    assert api.content_type == "application/problem+json"


# --- form tokens -------------------------------------------------------------------------------


def test_every_change_without_a_form_token_is_refused(
    app: Flask, sign_in_as: Callable[..., FlaskClient]
) -> None:
    staff = sign_in_as(Right.COACH, Right.TRIAGER, Right.SERVICE_POINT, Right.LEAD)
    firm = sign_in_as(Right.CONTRACTOR)
    seen = 0
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or set()) or is_static(rule.endpoint):
            continue
        address = re.sub(r"<int(?:\([^)]*\))?:[^>]+>", "1", rule.rule)
        address = re.sub(r"<any\(([a-z_-]+)[^>]*>", r"\1", address)
        address = re.sub(r"<[^>]+>", "x", address)
        permission = permission_of(app.view_functions[rule.endpoint], "POST") or frozenset()
        client = firm if permission == frozenset({Right.CONTRACTOR}) else staff
        if permission == PUBLIC and rule.rule.startswith("/api/"):
            continue
        assert client.post(address, data={"name": "x"}).status_code == 403, address
        seen += 1
    assert seen > 10


def test_a_token_of_another_visitor_is_refused(app: Flask) -> None:
    theirs = form_of(app.test_client().get("/bel-mij"), "phone")
    mine = app.test_client()
    mine.get("/bel-mij")
    answer = mine.post("/bel-mij", data=theirs)
    assert answer.status_code == 403
    assert "Deze pagina stond te lang open" in answer.text


# --- language ------------------------------------------------------------------------------------


def test_dutch_is_the_language_until_somebody_or_their_browser_says_otherwise(
    client: FlaskClient,
) -> None:
    assert '<html lang="nl">' in client.get("/").text
    english = client.get("/", headers={"Accept-Language": "en-GB,en;q=0.8"})
    assert '<html lang="en">' in english.text
    assert '<html lang="nl">' in client.get("/", headers={"Accept-Language": "fr"}).text


def test_a_chosen_language_is_kept_through_signing_in_and_out(
    app: Flask, sign_in_as: Callable[..., FlaskClient]
) -> None:
    sign_in_as(Right.ANALYST, name="iemand")
    client = app.test_client()
    back = client.get("/taal/en?back=/aanmelden")
    assert back.headers["Location"] == "/aanmelden"
    page = client.get("/aanmelden")
    assert '<html lang="en">' in page.text
    client.post(
        "/aanmelden", data={**form_of(page, "password"), "name": "iemand", "password": PASSWORD}
    )
    page = client.get("/", follow_redirects=True)
    assert '<html lang="en">' in page.text
    client.post("/afmelden", data=form_of(page, "csrf_token"))
    assert '<html lang="en">' in client.get("/").text


@pytest.mark.parametrize(
    "address",
    ["https://kwaad.example", "//kwaad.example", "/\\kwaad.example", "javascript:alert(1)", "x"],
)
def test_nobody_is_sent_to_another_site(client: FlaskClient, address: str) -> None:
    answer = client.get("/taal/en", query_string={"back": address})
    assert answer.headers["Location"] == "/"


# --- logs and watching ------------------------------------------------------------------------


def test_each_answer_carries_the_id_that_the_caller_gave_or_a_new_one(client: FlaskClient) -> None:
    given = client.get("/", headers={"X-Request-ID": "abc-12345678"})
    assert given.headers["X-Request-ID"] == "abc-12345678"
    for bad in ("kort", "x" * 65, "regel\teen-twee"):
        made = client.get("/", headers={"X-Request-ID": bad}).headers["X-Request-ID"]
        assert re.fullmatch(r"[0-9a-f]{32}", made)


def test_a_request_is_one_json_line_that_names_the_route_and_not_what_was_typed(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    client.get("/taal/en?back=/canary-naam-van-iemand", headers={"X-Request-ID": "req-12345678"})
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    line = next(each for each in lines if each["event"] == "request")
    assert line["route"] == "/taal/<any(nl, en):code>"
    assert line["request_id"] == "req-12345678"
    assert line["status"] == 302
    assert "canary" not in json.dumps(lines)


def test_no_log_line_of_signing_in_or_asking_to_be_called_holds_what_was_typed(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    client = app.test_client()
    typed = {"name": "Canary Kanarie", "password": "canary-wachtwoord-1234"}
    client.post("/aanmelden", data={**form_of(client.get("/aanmelden"), "password"), **typed})
    call = {
        "name": "Canary Voorman",
        "phone": "0612345678",
        "work": "paving",
        "people": "2",
        "wanted_when": "this_week",
    }
    form = form_of(client.get("/bel-mij"), "phone")
    assert client.post("/bel-mij", data={**form, **call}).status_code == 303
    text = capsys.readouterr().err
    assert '"event": "request"' in text
    for canary in ("anary", "0612345678", "612345678"):
        assert canary not in text


def test_the_log_of_an_error_keeps_its_places_and_drops_its_text(
    capsys: pytest.CaptureFixture[str], app: Flask
) -> None:
    try:
        raise ValueError("canary-4711 heeft schulden")
    except ValueError:
        structlog.get_logger("matcher.test").error("failed", exc_info=True)
        logging.getLogger("another.library").exception("failed elsewhere")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["error"] for line in lines] == ["ValueError", "ValueError"]
    assert all("test_shell.py" in line["places"][0] for line in lines)
    assert "canary" not in json.dumps(lines)


def test_a_line_without_an_error_stays_as_it_is() -> None:
    assert exception_without_text(None, "info", {"event": "x"}) == {"event": "x"}


def test_health_says_that_the_process_lives_and_that_database_and_rules_are_ready(
    client: FlaskClient,
) -> None:
    assert client.get("/health/live").get_json() == {"status": "ok"}
    ready = client.get("/health/ready")
    assert ready.status_code == 200
    assert ready.get_json()["checks"] == {"database": "ok", "rule_sets": "ok"}


def test_health_names_a_database_that_does_not_answer(tmp_path: Any) -> None:
    app = create_app({"DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/none"})
    ready = app.test_client().get("/health/ready")
    assert ready.status_code == 503
    assert ready.get_json()["checks"]["database"] == "failing"
    assert app.test_client().get("/health/live").status_code == 200


def test_metrics_count_requests_by_route_without_addresses(client: FlaskClient) -> None:
    client.get("/bel-mij")
    client.get("/canary-adres")
    text = client.get("/metrics").text
    assert 'matcher_request_seconds_count{method="GET",route="/bel-mij",status="200"}' in text
    assert "canary" not in text
