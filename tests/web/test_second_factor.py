"""The second step of signing in, where it is required."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import pyotp
import pytest

from matcher.http.db import engine_of
from tests.web.forms import form_of
from tests.web.signing_in import Place, copy_of, is_in, place, try_code, try_password


@pytest.fixture
def strict(sqlite_url: str, at: datetime) -> Iterator[Place]:
    found = place(sqlite_url, at, SECOND_FACTOR_REQUIRED=True)
    yield found
    engine_of(found.app).dispose()


def test_a_password_alone_reaches_only_the_second_step_and_the_way_out(strict: Place) -> None:
    account_id = strict.account("coach", "coach")
    strict.enrol(account_id)
    client = strict.client()

    answer = try_password(client, "coach", address="/aanmelden?next=/kandidaten")

    assert answer.headers["Location"] == "/tweede-stap?next=/kandidaten"
    for page in ("/vandaag", "/kandidaten", "/account", "/blijf-aangemeld"):
        refused = client.get(page)
        assert refused.status_code == 302, page
        assert refused.headers["Location"].startswith("/tweede-stap?next="), page
    assert client.get("/").headers["Location"] == "/tweede-stap"
    assert client.get("/api/v1/candidates").status_code == 401
    page = client.get("/tweede-stap")
    assert "Kandidaten" not in page.text
    client.post("/afmelden", data=form_of(page, "csrf_token"))
    assert client.get("/vandaag").headers["Location"].startswith("/aanmelden")


def test_a_code_of_the_app_lets_in_once_and_the_session_is_a_new_one(strict: Place) -> None:
    app, _codes = strict.enrol(strict.account("coach", "coach"))
    client = strict.client()
    try_password(client, "coach")
    half = copy_of(client, strict.client())

    assert try_code(client, "000000").status_code == 400
    answer = try_code(client, app.at(strict.moment), "/tweede-stap?next=/kandidaten")

    assert answer.headers["Location"] == "/kandidaten"
    assert is_in(client)
    assert not is_in(half)
    assert half.get("/tweede-stap").headers["Location"].startswith("/aanmelden")
    other = strict.client()
    try_password(other, "coach")
    assert try_code(other, app.at(strict.moment)).status_code == 400
    strict.wait(seconds=60)
    assert try_code(other, app.at(strict.moment)).status_code == 302
    assert is_in(other)


def test_who_has_none_yet_sets_it_up_on_the_way_in_and_gets_ten_codes_once(strict: Place) -> None:
    strict.account("lead", "lead")
    client = strict.client()
    assert try_password(client, "lead").headers["Location"] == "/tweede-stap"
    assert client.get("/tweede-stap").headers["Location"] == "/tweede-stap/instellen"
    first = client.get("/tweede-stap/instellen")
    assert "<svg" not in first.text

    client.post("/tweede-stap/instellen", data=form_of(first, "begin-once"))
    page = client.get("/tweede-stap/instellen")
    assert "<svg" in page.text
    found = re.search(r'class="secret">([A-Z2-7 ]+)<', page.text)
    assert found is not None
    app = pyotp.TOTP(found[1].replace(" ", ""))
    assert not is_in(client)
    assert try_code(client, "123456", "/tweede-stap/instellen").status_code == 400
    shown = try_code(client, app.at(strict.moment), "/tweede-stap/instellen")

    codes = re.findall(r"\b(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}\b", shown.text)
    assert len(set(codes)) == 10
    assert is_in(client)
    again = client.get("/tweede-stap/instellen", follow_redirects=True)
    assert codes[0] not in again.text
    other = strict.client()
    try_password(other, "lead")
    assert try_code(other, codes[0].lower()).status_code == 302
    assert is_in(other)


def test_another_picture_can_be_asked_for_until_it_is_confirmed(strict: Place) -> None:
    strict.account("lead", "lead")
    client = strict.client()
    try_password(client, "lead")
    address = "/tweede-stap/instellen"
    client.post(address, data=form_of(client.get(address), "begin-once"))
    pages = [client.get(address).text]
    client.post(address, data=form_of(pages[0], "begin-new"))
    pages.append(client.get(address).text)
    secrets = [re.search(r'class="secret">([A-Z2-7 ]+)<', page) for page in pages]
    assert all(secrets)
    assert secrets[0][1] != secrets[1][1]  # type: ignore[index]  # all() said so


@pytest.mark.parametrize("address", ["/tweede-stap", "/tweede-stap/instellen"])
def test_a_visitor_finds_the_second_step_closed(strict: Place, address: str) -> None:
    answer = strict.client().get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/aanmelden?next={address}"


def test_contractors_come_in_without_one(strict: Place) -> None:
    strict.account("firma", "contractor")
    client = strict.client()
    assert try_password(client, "firma").headers["Location"] == "/"
    assert is_in(client)


def test_who_set_one_up_by_choice_is_asked_for_it_where_it_is_not_required(
    sqlite_url: str, at: datetime
) -> None:
    lax = place(sqlite_url, at)
    app, _codes = lax.enrol(lax.account("firma", "contractor"))
    client = lax.client()
    assert try_password(client, "firma").headers["Location"] == "/tweede-stap"
    assert not is_in(client)
    try_code(client, app.at(lax.moment))
    assert is_in(client)
    engine_of(lax.app).dispose()


def test_machines_with_a_token_are_not_asked(strict: Place) -> None:
    from datetime import timedelta

    from matcher.services.accounts import create_token

    account_id = strict.account("coach", "coach")
    with strict.session() as session:
        _record, secret = create_token(
            session,
            account_id,
            title="koppeling",
            scopes=["coach"],
            lifetime=timedelta(days=1),
            now=strict.moment,
        )
    client = strict.app.test_client(use_cookies=False)
    answer = client.get("/api/v1/candidates", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200


def test_guessing_codes_is_stopped(sqlite_url: str, at: datetime) -> None:
    guarded = place(sqlite_url, at, SECOND_FACTOR_REQUIRED=True, RATELIMIT_ENABLED=True)
    app, _codes = guarded.enrol(guarded.account("coach", "coach"))
    thief = guarded.client("192.0.2.66")
    try_password(thief, "coach")
    answers = [try_code(thief, f"{guess:06}").status_code for guess in range(12)]
    assert answers[0] == 400
    assert answers[-1] == 429
    assert try_code(thief, app.at(guarded.moment)).status_code == 429
    assert not is_in(thief)
    engine_of(guarded.app).dispose()
