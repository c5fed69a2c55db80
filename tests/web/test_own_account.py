"""The own account: password, second step, sessions, language and keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from matcher.http.db import engine_of
from tests.web.forms import form_of
from tests.web.signing_in import (
    PASSWORD,
    Place,
    copy_of,
    is_in,
    place,
    try_code,
    try_password,
)

NEW = "een heel andere lange zin"


@pytest.fixture
def here(sqlite_url: str, at: datetime) -> Iterator[Place]:
    found = place(sqlite_url, at)
    yield found
    engine_of(found.app).dispose()


@pytest.fixture
def firm(here: Place) -> FlaskClient:
    here.account("firma", "contractor", email="firma@example.org")
    client = here.client()
    try_password(client, "firma")
    return client


def send(client: FlaskClient, address: str, holding: str, **typed: Any) -> Any:
    return client.post(address, data={**form_of(client.get(address), holding), **typed})


def test_another_password_ends_the_sessions_elsewhere_and_the_owner_is_told(
    here: Place, firm: FlaskClient
) -> None:
    elsewhere = here.client()
    try_password(elsewhere, "firma")

    wrong = send(firm, "/account/wachtwoord", "present", present="fout", password=NEW)
    assert wrong.status_code == 400
    assert "Dit wachtwoord klopt niet" in wrong.text
    short = send(firm, "/account/wachtwoord", "present", present=PASSWORD, password="kort")
    assert "12 tot 200 tekens" in short.text
    assert is_in(elsewhere)

    done = send(firm, "/account/wachtwoord", "present", present=PASSWORD, password=NEW)

    assert done.status_code == 303
    assert is_in(firm)
    assert not is_in(elsewhere)
    assert try_password(here.client(), "firma").status_code == 400
    assert try_password(here.client(), "firma", NEW).status_code == 302
    assert [message.template for message in here.messages()] == ["account_changed"]
    assert PASSWORD not in done.text + wrong.text


def test_guessing_the_present_password_on_an_open_screen_is_stopped(
    sqlite_url: str, at: datetime
) -> None:
    guarded = place(sqlite_url, at, RATELIMIT_ENABLED=True)
    guarded.account("firma", "contractor")
    client = guarded.client()
    try_password(client, "firma")
    for _ in range(10):
        send(client, "/account/wachtwoord", "present", present="fout", password=NEW)
    late = send(client, "/account/wachtwoord", "present", present=PASSWORD, password=NEW)
    assert "Te vaak verkeerd" in late.text
    engine_of(guarded.app).dispose()


def test_one_sees_where_one_is_signed_in_and_signs_out_everywhere_else(
    here: Place, firm: FlaskClient
) -> None:
    others = [here.client(), here.client()]
    for other in others:
        try_password(other, "firma")
    page = firm.get("/account")
    assert "U bent op 3 plekken aangemeld" in page.text
    assert page.text.count("dit apparaat") == 1

    firm.post("/account/overal-afmelden", data=form_of(page, "csrf_token"))

    assert is_in(firm)
    assert [is_in(other) for other in others] == [False, False]
    assert "U bent op 1 plek aangemeld" in firm.get("/account").text


def test_the_second_step_can_be_set_up_by_choice_and_renewed_with_a_code(
    here: Place, firm: FlaskClient
) -> None:
    import pyotp

    address = "/tweede-stap/instellen"
    elsewhere = here.client()
    try_password(elsewhere, "firma")
    firm.post(address, data=form_of(firm.get(address), "begin-once"))
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', firm.get(address).text)
    assert secret is not None
    app = pyotp.TOTP(secret[1].replace(" ", ""))
    assert try_code(firm, app.at(here.moment), address).status_code == 200
    assert is_in(firm)
    assert not is_in(elsewhere), "it has not shown the second step"

    here.wait(minutes=2)
    page = "/account/tweede-stap"
    assert send(firm, page, "code", code="000000", codes="1").status_code == 400
    shown = send(firm, page, "code", code=app.at(here.moment), codes="1")
    codes = re.findall(r"\b(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}\b", shown.text)
    assert len(codes) == 10
    moved = send(firm, page, "code", code=codes[0], app="1")
    assert moved.headers["Location"] == address
    other = here.client()
    assert try_password(other, "firma").headers["Location"] == "/"


def test_where_it_is_required_another_telephone_means_waiting_for_the_new_one(
    sqlite_url: str, at: datetime
) -> None:
    strict = place(sqlite_url, at, SECOND_FACTOR_REQUIRED=True)
    app, _codes = strict.enrol(strict.account("coach", "coach"))
    client = strict.client()
    try_password(client, "coach")
    try_code(client, app.at(strict.moment))
    thief = copy_of(client, strict.client())
    strict.wait(minutes=2)

    send(client, "/account/tweede-stap", "code", code=app.at(strict.moment), app="1")

    assert not is_in(client)
    assert not is_in(thief)
    assert client.get("/vandaag").headers["Location"].startswith("/tweede-stap")
    engine_of(strict.app).dispose()


def test_the_language_is_kept_with_the_account(here: Place, firm: FlaskClient) -> None:
    form = form_of(firm.get("/account"), "language")
    firm.post("/account/taal", data={**form, "language": "en"})
    assert '<html lang="en">' in firm.get("/account").text
    again = here.client()
    try_password(again, "firma")
    assert '<html lang="en">' in again.get("/account").text
    firm.post("/account/taal", data={**form, "language": "xx"})
    assert '<html lang="en">' in firm.get("/account").text


def test_a_key_is_shown_once_works_and_ends_when_it_is_revoked(here: Place) -> None:
    here.account("coach", "coach", "triager")
    client = here.client()
    try_password(client, "coach")
    address = "/account/sleutels"

    made = send(client, address, "title", title="koppeling", scopes=["coach"], days="30")

    found = re.search(r'id="sleutel">(mtr_[^<]+)<', made.text)
    assert found is not None
    again = client.get(address)
    assert found[1] not in again.text
    assert "koppeling" in again.text
    program = here.app.test_client(use_cookies=False)
    bearer = {"Authorization": f"Bearer {found[1]}"}
    assert program.get("/api/v1/candidates", headers=bearer).status_code == 200
    assert program.get("/account", headers=bearer).status_code == 302

    revoke = re.search(r'action="(/account/sleutels/\d+/intrekken)"', again.text)
    assert revoke is not None
    client.post(revoke[1], data=form_of(again, "csrf_token"))
    assert program.get("/api/v1/candidates", headers=bearer).status_code == 401
    assert "ingetrokken" in client.get(address).text


@pytest.mark.parametrize(
    "typed",
    [{"title": ""}, {"scopes": []}, {"scopes": ["lead"]}, {"days": "3650"}, {"days": ""}],
)
def test_a_key_beyond_the_own_rights_or_a_year_is_not_made(
    here: Place, typed: dict[str, Any]
) -> None:
    here.account("coach", "coach")
    client = here.client()
    try_password(client, "coach")
    good = {"title": "koppeling", "scopes": ["coach"], "days": "30"}
    refused = send(client, "/account/sleutels", "title", **{**good, **typed})
    assert refused.status_code == 400
    assert "mtr_" not in refused.text


def test_a_key_of_somebody_else_cannot_be_revoked(here: Place, firm: FlaskClient) -> None:
    here.account("coach", "coach")
    other = here.client()
    try_password(other, "coach")
    send(other, "/account/sleutels", "title", title="x", scopes=["coach"], days="30")
    page = firm.get("/account")
    answer = firm.post("/account/sleutels/1/intrekken", data=form_of(page, "csrf_token"))
    assert answer.status_code == 404
    assert "ingetrokken" not in other.get("/account/sleutels").text
