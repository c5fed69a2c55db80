"""Single sign-on against a real provider on this machine, which keeps to the rules or lies."""

from __future__ import annotations

import base64
import builtins
import json
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask.testing import FlaskClient

from matcher.http.db import engine_of
from matcher.models import Account
from matcher.services.accounts import set_active
from matcher.services.mail_links import invite
from tests.web.fake_provider import CLIENT_ID, CLIENT_SECRET, FakeProvider, fake_provider
from tests.web.forms import form_of
from tests.web.signing_in import Place, copy_of, is_in, place

START, BACK = "/aanmelden/organisatie", "/aanmelden/organisatie/terug"


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with fake_provider() as running:
        yield running


@pytest.fixture
def here(sqlite_url: str, at: datetime, provider: FakeProvider) -> Iterator[Place]:
    found = place(sqlite_url, at, **settings(provider))
    yield found
    engine_of(found.app).dispose()


def settings(provider: FakeProvider) -> dict[str, Any]:
    return {
        "OIDC_ISSUER": provider.issuer,
        "OIDC_CLIENT_ID": CLIENT_ID,
        "OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "OIDC_NAME": "gemeente Voorbeeld",
        "OIDC_REGION": "demo",
        "OIDC_SECOND_FACTOR_AMR": ["mfa", "otp"],
        "PUBLIC_URL": "https://matcher.example.org",
    }


def go(client: FlaskClient, start: str = START) -> str:
    """Goes to the provider as a browser does; the address within this site to come back to."""
    answer = client.get(start)
    assert answer.status_code == 302, answer.text
    back = requests.get(answer.headers["Location"], allow_redirects=False, timeout=10)
    address = urlsplit(back.headers["Location"])
    assert f"{address.scheme}://{address.netloc}{address.path}" == (
        f"https://matcher.example.org{BACK}"
    )
    return f"{address.path}?{address.query}"


def tied(here: Place, account_id: int, issuer: str, subject: str) -> None:
    with here.session() as session:
        row = session.get(Account, account_id)
        assert row is not None
        row.issuer, row.subject = issuer, subject
        session.commit()


@pytest.fixture
def coach(here: Place, provider: FakeProvider) -> int:
    """A coach who signed in this way before."""
    account_id = here.account("coach", "coach", password=None)
    tied(here, account_id, provider.issuer, "s-1")
    return account_id


def test_whoever_the_provider_vouches_for_comes_in_where_they_wanted_to_be(
    here: Place, coach: int, provider: FakeProvider
) -> None:
    client = here.client()
    assert "Aanmelden met gemeente Voorbeeld" in client.get("/aanmelden").text

    answer = client.get(go(client, f"{START}?next=/kandidaten"))

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/kandidaten"
    assert is_in(client)
    (asked,) = provider.asked
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    assert len(asked["state"]) >= 20
    assert len(asked["nonce"]) >= 20


@pytest.mark.parametrize(
    "lies",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": ["another-client", CLIENT_ID], "azp": "another-client"},
        {"aud": None},
        {"iss": "https://elsewhere.example.org"},
        {"iss": None},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"iat": int(time.time()) + 3600},
        {"sub": None},
        {"sub": ""},
        {"sub": 1},
        {"sub": "x" * 201},
    ],
    # Numbered, not named by value: the workers must agree, and two of the values are moments.
    ids=lambda lies: "-".join(lies),
)
def test_a_token_that_is_not_for_us_now_and_this_sign_in_lets_nobody_in(
    here: Place, coach: int, provider: FakeProvider, lies: dict[str, Any]
) -> None:
    provider.lies = lies
    client = here.client()
    answer = client.get(go(client))
    assert answer.status_code == 400
    assert "Aanmelden lukte niet" in answer.text
    assert not is_in(client)


def test_a_token_signed_by_somebody_else_lets_nobody_in(
    here: Place, coach: int, provider: FakeProvider
) -> None:
    provider.signed_with_other_key = True
    client = here.client()
    assert client.get(go(client)).status_code == 400
    assert not is_in(client)


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_without_a_real_signature_lets_nobody_in(
    here: Place, coach: int, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch, algorithm: str
) -> None:
    honest = FakeProvider.token

    def weak(self: FakeProvider, form: dict[str, str], credentials: str) -> Any:
        status, content = honest(self, form, credentials)
        _head, claims, signature = content["id_token"].split(".")
        head = base64.urlsafe_b64encode(json.dumps({"alg": algorithm, "kid": "k1"}).encode())
        signed = "" if algorithm == "none" else signature
        content["id_token"] = f"{head.decode().rstrip('=')}.{claims}.{signed}"
        return status, content

    monkeypatch.setattr(FakeProvider, "token", weak)
    client = here.client()
    assert client.get(go(client)).status_code == 400
    assert not is_in(client)


def test_coming_back_twice_or_with_another_state_or_in_another_browser_lets_nobody_in(
    here: Place, coach: int
) -> None:
    client = here.client()
    back = go(client)
    thief = copy_of(client, here.client())
    assert client.get(back).status_code == 302
    client.post("/weg", data=form_of(client.get("/account"), "csrf_token"))

    assert client.get(back).status_code == 400
    assert not is_in(client)
    assert thief.get(back).status_code == 400, "the provider gives a token for a code once"
    assert not is_in(thief)

    stranger = here.client()
    fresh = go(here.client())
    assert stranger.get(fresh).status_code == 400
    mine = here.client()
    code = parse_qs(urlsplit(go(mine)).query)["code"][0]
    for query in (f"code={code}&state=made-up", f"code={code}", "", "error=access_denied"):
        assert mine.get(f"{BACK}?{query}").status_code == 400
        assert not is_in(mine)


@pytest.mark.parametrize(
    ("email", "verified", "account", "enters"),
    [
        ("Nieuw@Example.org", True, {"email": "nieuw@example.org"}, True),
        ("nieuw@example.org", False, {"email": "nieuw@example.org"}, False),
        ("nieuw@example.org", "true", {"email": "nieuw@example.org"}, False),
        ("nieuw@example.org", None, {"email": "nieuw@example.org"}, False),
        ("ander@example.org", True, {"email": "nieuw@example.org"}, False),
        (None, True, {}, False),
        ("nieuw@example.org", True, {"email": "nieuw@example.org", "region": "haaglanden"}, False),
    ],
)
def test_the_first_time_a_verified_address_that_an_admin_put_on_one_account_is_needed(
    here: Place,
    provider: FakeProvider,
    email: str | None,
    verified: object,
    account: dict[str, Any],
    enters: bool,
) -> None:
    here.account("nieuw", "coach", password=None, **account)
    provider.who = {"sub": "new", "email": email, "email_verified": verified}
    client = here.client()

    answer = client.get(go(client))

    assert (answer.status_code == 302) is enters
    assert is_in(client) is enters
    if not enters:
        assert "Er hoort hier geen account bij u" in answer.text
        return
    provider.who = {"sub": "new"}
    again = here.client()
    again.get(go(again))
    assert is_in(again), "from then on the subject is enough"


def test_an_address_of_two_accounts_says_nothing_and_an_account_is_tied_once(
    here: Place, provider: FakeProvider
) -> None:
    for name in ("een", "twee"):
        here.account(name, "coach", password=None, email="samen@example.org")
    provider.who = {"sub": "s-9", "email": "samen@example.org", "email_verified": True}
    client = here.client()
    assert client.get(go(client)).status_code == 403

    one = here.account("drie", "coach", password=None, email="drie@example.org")
    tied(here, one, provider.issuer, "the-owner")
    provider.who = {"sub": "an-heir", "email": "drie@example.org", "email_verified": True}
    heir = here.client()
    assert heir.get(go(heir)).status_code == 403


def test_an_invitation_opened_in_this_browser_ties_the_account_once(
    here: Place, provider: FakeProvider
) -> None:
    account_id = here.account("nieuw", "coach", password=None)
    with here.session() as session:
        given = invite(session, account_id, created_by=None, now=here.moment)
    provider.who = {"sub": "new"}
    client = here.client()
    page = client.get(given.address_path, follow_redirects=True)
    assert "Aanmelden met gemeente Voorbeeld" in page.text
    assert client.get(go(client)).status_code == 302
    assert is_in(client)

    provider.who = {"sub": "somebody-else"}
    other = here.client()
    other.get(given.address_path)
    assert other.get(go(other)).status_code == 403
    assert not is_in(other)


def test_a_closed_account_stays_closed(here: Place, coach: int) -> None:
    with here.session() as session:
        set_active(session, coach, False, now=here.moment)
    client = here.client()
    assert client.get(go(client)).status_code == 403
    assert not is_in(client)


@pytest.mark.parametrize(
    ("claims", "whole"),
    [
        ({}, False),
        ({"amr": ["pwd"]}, False),
        ({"amr": ["pwd", "mfa"]}, True),
        ({"acr": "2"}, False),
    ],
)
def test_the_providers_second_factor_counts_when_the_settings_say_so(
    sqlite_url: str, at: datetime, provider: FakeProvider, claims: dict[str, Any], whole: bool
) -> None:
    strict = place(sqlite_url, at, **settings(provider), SECOND_FACTOR_REQUIRED=True)
    tied(strict, strict.account("coach", "coach", password=None), provider.issuer, "s-1")
    provider.who = {"sub": "s-1", **claims}
    client = strict.client()
    answer = client.get(go(client))
    assert answer.headers["Location"].startswith("/" if whole else "/tweede-stap")
    assert is_in(client) is whole
    engine_of(strict.app).dispose()


def test_a_provider_that_does_not_answer_or_calls_itself_something_else_is_told_calmly(
    sqlite_url: str, at: datetime, provider: FakeProvider
) -> None:
    silent = {**settings(provider), "OIDC_ISSUER": "http://127.0.0.1:9"}
    renamed = {**settings(provider), "OIDC_ISSUER": provider.issuer + "/"}
    for config in (silent, renamed):
        found = place(sqlite_url, at, **config)
        answer = found.client().get(START)
        assert answer.status_code == 503
        assert "antwoordt nu niet" in answer.text
        engine_of(found.app).dispose()


def test_without_a_provider_there_is_no_button_and_no_page(sqlite_url: str, at: datetime) -> None:
    bare = place(sqlite_url, at)
    client = bare.client()
    assert START not in client.get("/aanmelden").text
    assert client.get(START).status_code == 404
    assert client.get(BACK).status_code == 404
    engine_of(bare.app).dispose()


def test_without_the_extra_there_is_no_button_and_the_log_says_what_to_install(
    sqlite_url: str,
    at: datetime,
    provider: FakeProvider,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    real = builtins.__import__

    def without_authlib(name: str, *more: Any, **named: Any) -> Any:
        if name.startswith("authlib"):
            raise ImportError(name)
        return real(name, *more, **named)

    monkeypatch.setattr(builtins, "__import__", without_authlib)
    bare = place(sqlite_url, at, **settings(provider))
    assert START not in bare.client().get("/aanmelden").text
    assert bare.client().get(START).status_code == 404
    assert "matcher[sso]" in capsys.readouterr().err
    engine_of(bare.app).dispose()


def test_nothing_of_a_token_or_a_code_stands_in_the_log(
    here: Place, coach: int, provider: FakeProvider, capsys: pytest.CaptureFixture[str]
) -> None:
    provider.lies = {"nonce": "x", "email": "canary@example.org"}
    client = here.client()
    back = go(client)
    client.get(back)
    lines = capsys.readouterr().err
    code = parse_qs(urlsplit(back).query)["code"][0]
    assert "single_sign_on_failed" in lines
    for word in ("canary", code, CLIENT_SECRET, "s-1"):
        assert word not in lines
