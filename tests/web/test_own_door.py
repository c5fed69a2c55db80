"""The door of a candidate's own view: neutral, guarded, and easy to leave."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matcher import create_app
from matcher.http.db import engine_of
from matcher.models.database import session_factory
from matcher.services.accounts import add_account, find_viewer
from matcher.services.candidates import create_candidate
from matcher.services.links import GivenLink, candidate_link
from tests.web.forms import form_of


@pytest.fixture
def moment(at: datetime) -> dict[str, datetime]:
    return {"now": at}


@pytest.fixture
def app(sqlite_url: str, moment: dict[str, datetime]) -> Any:
    app = create_app({"DATABASE_URL": sqlite_url, "CLOCK": lambda: moment["now"]})
    yield app
    engine_of(app).dispose()


@pytest.fixture
def given(app: Flask, at: datetime) -> GivenLink:
    with session_factory(engine_of(app))() as session:
        record = add_account(
            session, name="coach", password=None, rights=["coach"], region="demo", now=at
        )
        coach = find_viewer(session, record.id)
        assert coach is not None
        values = {"pc4": 3311, "first_name": "Zonnebloem"}
        mine = create_candidate(session, coach, values, now=at)
        return candidate_link(session, coach, mine.id, now=at)


def enter(client: FlaskClient, given: GivenLink, code: str | None = None) -> Any:
    client.get(given.address_path)
    form = form_of(client.get("/open"), "code")
    return client.post("/open", data={**form, "code": given.code if code is None else code})


def without_tokens(page: str) -> str:
    return re.sub(r'value="[^"]+"', "", page)


def token_of(client: FlaskClient) -> str:
    page = client.get("/", follow_redirects=True)
    return str(form_of(page, "csrf_token")["csrf_token"])


def leave(client: FlaskClient) -> Any:
    return client.post("/weg", data={"csrf_token": token_of(client)})


def is_in(client: FlaskClient) -> bool:
    return client.get("/blijf-aangemeld").status_code == 204


def test_link_then_code_lets_in_and_a_wrong_code_does_not(app: Flask, given: GivenLink) -> None:
    client = app.test_client()
    refused = enter(client, given, "000000" if given.code != "000000" else "111111")
    assert refused.status_code == 400
    assert "Deze code klopt niet" in refused.text
    assert not is_in(client)

    answer = enter(client, given)

    assert answer.status_code == 302
    assert is_in(client)


def test_the_page_before_the_code_tells_nothing_about_anybody(app: Flask, given: GivenLink) -> None:
    client = app.test_client()
    first = client.get(given.address_path)
    assert first.headers["Location"] == "/open"
    page = client.get("/open")

    assert "<title>Welkom</title>" in page.text
    for word in ("Zonnebloem", "matcher", "werk", "coach", "gemeente", "kandidaat", "uitkering"):
        assert word not in page.text.split("<body>")[1].replace("account/", "").casefold()
    secret = given.address_path.rpartition("/")[2]
    assert secret not in page.text
    for answer in (first, page):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_dead_link_reads_the_same_whether_it_ever_was_one(
    app: Flask, given: GivenLink, moment: dict[str, datetime]
) -> None:
    moment["now"] += timedelta(days=15)
    pages = []
    for address in (given.address_path, "/open/" + "x" * 43):
        client = app.test_client()
        client.get(address)
        answer = client.get("/open")
        assert answer.status_code == 404
        assert "Deze link werkt niet meer" in answer.text
        pages.append(without_tokens(answer.text))
    assert pages[0] == pages[1]
    bare = app.test_client().get("/open")
    assert bare.status_code == 404
    assert without_tokens(bare.text) == pages[0]


def test_guessing_ends_with_the_same_page(app: Flask, given: GivenLink) -> None:
    client = app.test_client()
    for guess in range(4):
        code = f"{(int(given.code) + guess + 1) % 10**6:06}"
        assert enter(client, given, code).status_code == 400
    last = enter(client, given, f"{(int(given.code) + 9) % 10**6:06}")
    assert last.status_code == 404
    assert "Deze link werkt niet meer" in last.text
    assert not is_in(client)


def test_ten_quiet_minutes_end_the_session_and_the_page_warns_before(
    app: Flask, given: GivenLink, moment: dict[str, datetime]
) -> None:
    client = app.test_client()
    enter(client, given)
    page = client.get("/", follow_redirects=True).text
    warned_after = int(page.split('data-after="')[1].split('"')[0])
    assert 60 <= warned_after <= 9 * 60
    for _ in range(3):
        moment["now"] += timedelta(minutes=9)
        assert is_in(client)
    moment["now"] += timedelta(minutes=11)
    assert not is_in(client)


def test_leaving_quickly_ends_every_copy_and_goes_to_a_page_that_tells_nothing(
    app: Flask, given: GivenLink
) -> None:
    client, copy = app.test_client(), app.test_client()
    enter(client, given)
    stolen = client.get_cookie("matcher")
    assert stolen is not None
    copy.set_cookie("matcher", stolen.value)
    assert is_in(copy)

    answer = leave(client)

    assert answer.status_code == 200
    assert answer.headers["Refresh"].startswith("0; url=https://")
    assert "Clear-Site-Data" in answer.headers
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert not is_in(client)
    assert not is_in(copy)


@pytest.mark.parametrize(
    ("sent", "headers"),
    [
        ({}, {}),
        ({"csrf_token": "made up"}, {}),
        (None, {"Sec-Fetch-Site": "cross-site"}),
    ],
)
def test_another_site_cannot_put_anybody_out_but_whoever_wants_to_leave_leaves(
    app: Flask, given: GivenLink, sent: dict[str, str] | None, headers: dict[str, str]
) -> None:
    client = app.test_client()
    enter(client, given)
    if sent is None:
        sent = {"csrf_token": token_of(client)}
    answer = client.post("/weg", data=sent, headers=headers)
    assert answer.status_code == 403
    assert answer.headers["Refresh"].startswith("0; url=https://")
    assert is_in(client)


def test_the_secret_of_a_link_and_the_code_stay_out_of_the_log(
    app: Flask, given: GivenLink, capsys: pytest.CaptureFixture[str]
) -> None:
    client = app.test_client()
    enter(client, given, "123 45")
    enter(client, given)
    client.get(given.address_path + "/more")

    lines = capsys.readouterr().err
    secret = given.address_path.rpartition("/")[2]
    assert secret not in lines
    assert given.code not in [
        str(v) for line in lines.splitlines() for v in json.loads(line).values()
    ]
    assert '"/open/<string:secret>"' in lines


def test_a_candidate_reaches_no_page_of_staff(app: Flask, given: GivenLink) -> None:
    client = app.test_client()
    enter(client, given)
    viewer_pages = ("/vandaag", "/mensen", "/bedrijf", "/kandidaten")
    assert {client.get(page).status_code for page in viewer_pages} == {403}
