"""Signing in under attack (product.md 5.4, B-14): fixation, stolen cookies, guessing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from matcher import create_app
from matcher.http.db import engine_of
from tests.web.forms import form_of
from tests.web.signing_in import PASSWORD, Place, copy_of, is_in, place, try_password
from tests.web.test_signing_in_by_mail import ask, press


@pytest.fixture
def here(sqlite_url: str, at: datetime) -> Iterator[Place]:
    found = place(sqlite_url, at, RATELIMIT_ENABLED=True)
    yield found
    engine_of(found.app).dispose()


def cookie_of(client: Any) -> str:
    cookie = client.get_cookie("matcher")
    assert cookie is not None
    return str(cookie.value)


# --- sessions ---------------------------------------------------------------------------------


def test_a_session_planted_before_signing_in_is_worth_nothing_after_it(here: Place) -> None:
    here.account("firma", "contractor")
    attacker = here.client()
    attacker.get("/aanmelden")
    victim = copy_of(attacker, here.client())

    try_password(victim, "firma")

    assert is_in(victim)
    assert cookie_of(victim) != cookie_of(attacker)
    assert not is_in(attacker)


def test_signing_in_again_ends_the_session_before_it(here: Place) -> None:
    here.account("firma", "contractor")
    client = here.client()
    try_password(client, "firma")
    thief = copy_of(client, here.client())
    assert is_in(thief)

    try_password(client, "firma")

    assert is_in(client)
    assert not is_in(thief)


def test_signing_out_ends_every_copy_of_the_cookie(here: Place) -> None:
    here.account("firma", "contractor")
    client = here.client()
    try_password(client, "firma")
    thief = copy_of(client, here.client())

    answer = client.post("/afmelden", data=form_of(client.get("/bedrijf"), "csrf_token"))

    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_in(client)
    assert not is_in(thief)


def test_half_an_hour_of_nothing_ends_a_session_whatever_the_cookie_says(here: Place) -> None:
    here.account("firma", "contractor")
    client = here.client()
    try_password(client, "firma")
    here.wait(minutes=29)
    assert is_in(client)
    here.wait(minutes=29)
    assert is_in(client)
    thief = copy_of(client, here.client())
    here.wait(minutes=31)
    assert not is_in(client)
    assert not is_in(thief)


def test_a_cookie_that_names_an_account_or_was_changed_opens_nothing(here: Place) -> None:
    account_id = here.account("firma", "contractor")
    for forged in (str(account_id), "1", "", "x" * 5000):
        client = here.client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = forged
        assert not is_in(client)
    client = here.client()
    try_password(client, "firma")
    client.set_cookie("matcher", cookie_of(client)[:-2] + "xx")
    assert not is_in(client)


def test_cookies_in_production_are_bound_to_this_host_and_closed_to_scripts(
    sqlite_url: str, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = place(sqlite_url, at)
    here.account("firma", "contractor")
    monkeypatch.setenv("MATCHER_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("MATCHER_SECRET_KEY", "only-for-this-test")
    app = create_app("production")
    client = app.test_client()
    secure = {"base_url": "https://matcher.test"}
    form = form_of(client.get("/aanmelden", **secure), "password")

    answer = client.post(
        "/aanmelden",
        data={**form, "name": "firma", "password": PASSWORD},
        headers={"Referer": "https://matcher.test/aanmelden"},
        **secure,
    )

    cookies = {line.split("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}
    assert set(cookies) == {"__Host-matcher", "__Host-matcher-device"}
    for line in cookies.values():
        parts = {part.strip().lower() for part in line.split(";")[1:]}
        assert {"secure", "httponly", "path=/"} <= parts
        assert parts & {"samesite=lax", "samesite=strict"}
        assert not any(part.startswith("domain=") for part in parts)
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    for each in (app, here.app):
        engine_of(each).dispose()


# --- guessing ---------------------------------------------------------------------------------


def test_a_thousand_guesses_block_the_attacker_and_never_the_owner(here: Place) -> None:
    here.account("firma", "contractor", email="firma@example.org")
    home = here.client("198.51.100.7")
    try_password(home, "firma")
    home.post("/afmelden", data=form_of(home.get("/bedrijf"), "csrf_token"))

    compared = 0
    for guess in range(1_000):
        # From a new address every few tries, as a botnet does.
        attacker = here.client(f"203.0.113.{guess // 4}")
        form = form_of(attacker.get("/aanmelden"), "password")
        answer = attacker.post(
            "/aanmelden", data={**form, "name": "firma", "password": f"g{guess}"}
        )
        compared += answer.status_code == 400
        assert answer.status_code in (400, 429)
    assert compared <= 30
    right_guess = try_password(here.client("203.0.113.250"), "firma")
    assert right_guess.status_code == 429
    assert int(right_guess.headers["Retry-After"]) > 0
    assert "Stuur mij een link" in right_guess.text

    assert try_password(home, "firma").status_code == 302
    assert is_in(home)
    elsewhere = here.client("192.0.2.1")
    ask(elsewhere, "firma")
    assert press(elsewhere, here.messages()[-1].params["link"]).status_code == 302
    assert is_in(elsewhere)


def test_one_address_that_guesses_does_not_hinder_the_owner_at_another(here: Place) -> None:
    here.account("firma", "contractor")
    attacker = here.client("203.0.113.1")
    statuses = [try_password(attacker, "firma", "fout").status_code for _ in range(8)]
    assert statuses == [400] * 5 + [429] * 3
    assert try_password(here.client("192.0.2.1"), "firma").status_code == 302


def test_one_address_that_tries_many_names_is_stopped(here: Place) -> None:
    attacker = here.client("203.0.113.1")
    statuses = [try_password(attacker, f"naam-{n}", "fout").status_code for n in range(35)]
    assert statuses == [400] * 30 + [429] * 5


def test_a_known_device_is_one_for_its_own_account_only_and_cannot_be_made_up(
    here: Place,
) -> None:
    here.account("firma", "contractor")
    here.account("ander", "contractor", organisation="Ander bedrijf")
    device = here.client("198.51.100.7")
    try_password(device, "firma")
    statuses = [try_password(device, "ander", "fout").status_code for _ in range(6)]
    assert statuses[-1] == 429, "a stranger to the other account"
    assert try_password(device, "firma").status_code == 302
    known = device.get_cookie("matcher-device")
    assert known is not None
    assert "firma" not in known.value

    forger = here.client("203.0.113.9")
    body, signature = known.value.rsplit(".", 1)
    # Not the last character: some of its bits mean nothing, so another one may be as good.
    other = ("A" if signature[0] != "A" else "B") + signature[1:]
    forger.set_cookie("matcher-device", f"{body}.{other}")
    assert [try_password(forger, "firma", "fout").status_code for _ in range(6)][-1] == 429


def test_a_known_device_is_slowed_down_too_and_lets_nobody_in_by_itself(here: Place) -> None:
    here.account("firma", "contractor")
    device = here.client("198.51.100.7")
    try_password(device, "firma")
    device.post("/afmelden", data=form_of(device.get("/bedrijf"), "csrf_token"))
    assert not is_in(device)
    statuses = [try_password(device, "firma", "fout").status_code for _ in range(12)]
    assert statuses == [400] * 10 + [429] * 2


def test_a_device_that_was_away_for_a_year_is_a_stranger_again(here: Place) -> None:
    here.account("firma", "contractor")
    device = here.client("198.51.100.7")
    try_password(device, "firma")
    here.wait(days=366)
    assert [try_password(device, "firma", "fout").status_code for _ in range(6)][-1] == 429


def test_the_owner_is_told_how_often_and_when_somebody_tried(here: Place) -> None:
    here.account("firma", "contractor")
    for _ in range(3):
        try_password(here.client("203.0.113.1"), "firma", "fout")
    here.wait(hours=1)
    client = here.client()
    try_password(client, "firma")

    first = client.get("/bedrijf").text

    assert "3 mislukte pogingen" in first
    assert "4 januari 2027 08:35" in first
    assert "mislukte poging" not in client.get("/bedrijf").text
    again = here.client()
    try_password(again, "firma")
    assert "mislukte poging" not in again.get("/bedrijf").text


def test_refusals_take_as_long_for_a_name_that_exists_as_for_one_that_does_not(
    sqlite_url: str, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    from matcher.web.account import entering

    even = place(sqlite_url, at, EVEN_ANSWER=timedelta(seconds=3))
    even.account("firma", "contractor", email="firma@example.org")
    slept: list[float] = []
    monkeypatch.setattr(entering.time, "sleep", slept.append)
    for name in ("firma", "niemand"):
        try_password(even.client(), name, "fout")
        ask(even.client(), name)
    assert len(slept) == 4
    assert all(0 < pause <= 3 for pause in slept)
    engine_of(even.app).dispose()
