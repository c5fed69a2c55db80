"""Headers of every answer, and the check that a form was sent by a page of this service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matcher import create_app
from matcher.http.db import engine_of
from tests.web.forms import form_of
from tests.web.signing_in import PASSWORD, place

SECURE = {"base_url": "https://matcher.test"}


@pytest.fixture
def app(sqlite_url: str, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application with the settings of production."""
    here = place(sqlite_url, at)
    here.account("firma", "contractor")
    engine_of(here.app).dispose()
    monkeypatch.setenv("MATCHER_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("MATCHER_SECRET_KEY", "only-for-this-test")
    app = create_app("production")
    yield app
    engine_of(app).dispose()


def directives(policy: str) -> dict[str, list[str]]:
    parts = (part.split() for part in policy.split(";"))
    return {name: values for name, *values in parts}


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/aanmelden",
        "/open",
        "/bel-mij",
        "/vandaag",
        "/niets",
        "/api/v1/codes",
        "/api/v1/niets",
    ],
)
def test_every_answer_carries_them(app: Flask, address: str) -> None:
    headers = app.test_client().get(address, **SECURE).headers
    policy = directives(headers["Content-Security-Policy"])
    assert policy["default-src"] == ["'self'"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert policy["base-uri"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    assert policy["object-src"] == ["'none'"]
    assert not {"script-src", "style-src", "connect-src"} & set(policy), "they fall back to 'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert headers["Cache-Control"] == "no-store"
    assert "Server" not in headers


def test_pages_hold_no_script_style_or_handler_of_their_own(app: Flask) -> None:
    import re

    for address in ("/", "/aanmelden", "/open", "/bel-mij", "/aanmelden/stuur-een-link"):
        text = app.test_client().get(address, **SECURE).text
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text), address
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), address
        assert not re.search(r'(?:src|href)="(?:https?:)?//', text), address


def post(client: FlaskClient, token: bool = True, **headers: str) -> int:
    form = form_of(client.get("/aanmelden", **SECURE), "password")
    data = {**form, "name": "firma", "password": PASSWORD}
    if not token:
        data["csrf_token"] = "made up"
    return client.post("/aanmelden", data=data, headers=headers, **SECURE).status_code


def test_a_form_needs_the_token_and_no_referrer(app: Flask) -> None:
    assert post(app.test_client()) == 302
    assert post(app.test_client(), **{"Sec-Fetch-Site": "same-origin"}) == 302
    assert post(app.test_client(), token=False) == 403
    assert post(app.test_client(), token=False, Referer="https://matcher.test/aanmelden") == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
def test_a_form_of_another_site_is_refused_even_with_a_token(app: Flask, site: str) -> None:
    assert post(app.test_client(), **{"Sec-Fetch-Site": site}) == 403


def test_another_site_may_lead_here_but_not_change_anything(app: Flask) -> None:
    answer = app.test_client().get("/aanmelden", headers={"Sec-Fetch-Site": "cross-site"}, **SECURE)
    assert answer.status_code == 200
