"""Signing in, going home, signing out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matcher import create_app
from matcher.domain.access import Right
from matcher.http.db import engine_of
from matcher.models.database import session_factory
from matcher.services.accounts import add_account, set_active
from tests.web.conftest import PASSWORD
from tests.web.forms import form_of

SignInAs = Callable[..., FlaskClient]


def _try(client: FlaskClient, name: str, password: str, address: str = "/aanmelden"):
    form = form_of(client.get(address), "password")
    return client.post(address, data={**form, "name": name, "password": password})


@pytest.mark.parametrize(
    ("rights", "home"),
    [
        ((Right.COACH,), "/vandaag"),
        ((Right.LEAD,), "/vandaag"),
        ((Right.TRIAGER,), "/mensen"),
        ((Right.COACH, Right.TRIAGER), "/vandaag"),
        ((Right.SERVICE_POINT,), "/aanvragen"),
        ((Right.CONTRACTOR,), "/bedrijf"),
        ((Right.ADMIN,), "/beheer/accounts"),
        ((Right.OFFICER,), "/toezicht"),
        ((Right.ANALYST,), "/toezicht"),
    ],
)
def test_each_right_starts_where_its_work_is(
    sign_in_as: SignInAs, rights: tuple[Right, ...], home: str
) -> None:
    answer = sign_in_as(*rights).get("/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == home


def test_somebody_with_several_rights_has_all_tasks_in_one_menu(sign_in_as: SignInAs) -> None:
    text = sign_in_as(Right.COACH, Right.TRIAGER, Right.SERVICE_POINT).get("/mensen").text
    for task in ("Vandaag", "Kandidaten", "Mensen", "Aanvragen"):
        assert f">{task}</a>" in text
    assert 'href="/mensen" aria-current="page">Mensen</a>' in text


def test_every_failure_reads_the_same_and_keeps_the_name_but_never_the_password(
    app: Flask, sign_in_as: SignInAs, at: datetime
) -> None:
    sign_in_as(Right.COACH, name="bekend")
    sign_in_as(Right.COACH, name="gesloten")
    with session_factory(engine_of(app))() as session:
        closed = add_account(
            session, name="dicht", password=PASSWORD, rights=["coach"], region="demo", now=at
        )
        set_active(session, closed.id, False, now=at)
    texts = []
    for name, password in (
        ("bekend", "een verkeerde lange zin"),
        ("onbekend", PASSWORD),
        ("dicht", PASSWORD),
    ):
        answer = _try(app.test_client(), name, password)
        assert answer.status_code == 400
        assert "Naam of wachtwoord klopt niet." in answer.text
        assert f'value="{name}"' in answer.text
        assert password not in answer.text
        texts.append(answer.text.split("<main")[1].split("csrf_token")[0].replace(name, "X"))
    assert "<title>Fout: Aanmelden" in answer.text
    assert "autofocus" in answer.text
    assert len({text.split('name="once"')[0] for text in texts}) == 1


def test_after_a_mistake_the_form_is_sent_to_the_same_place(client: FlaskClient) -> None:
    answer = _try(client, "niemand", "fout", "/aanmelden?next=/vandaag")
    assert 'action="/aanmelden?next=/vandaag"' in answer.text


def test_an_empty_form_names_both_fields_and_links_to_them(client: FlaskClient) -> None:
    answer = _try(client, " ", "")
    assert answer.status_code == 400
    assert '<a href="#name">Vul uw naam in</a>' in answer.text
    assert '<a href="#password">Vul uw wachtwoord in</a>' in answer.text
    assert 'aria-describedby="name-error"' in answer.text


def test_who_asked_for_a_page_comes_there_after_signing_in(
    app: Flask, sign_in_as: SignInAs
) -> None:
    sign_in_as(Right.CONTRACTOR, name="firma")
    client = app.test_client()
    first = client.get("/mijn-plekken")
    answer = _try(client, "firma", PASSWORD, first.headers["Location"])
    assert answer.headers["Location"] == "/mijn-plekken"


def test_signing_in_begins_a_new_session_and_signing_out_ends_it(
    app: Flask, sign_in_as: SignInAs
) -> None:
    sign_in_as(Right.CONTRACTOR, name="firma")
    client = app.test_client()
    with client.session_transaction() as session:
        session["planted"] = "by a stranger"
    _try(client, "firma", PASSWORD)
    with client.session_transaction() as session:
        assert "planted" not in session
    assert client.get("/bedrijf").status_code == 200
    client.post("/afmelden", data=form_of(client.get("/bedrijf"), "csrf_token"))
    assert client.get("/bedrijf").status_code == 302


def test_a_closed_account_is_out_at_the_next_request(
    app: Flask, sign_in_as: SignInAs, at: datetime
) -> None:
    client = sign_in_as(Right.CONTRACTOR, name="firma")
    assert client.get("/bedrijf").status_code == 200
    with session_factory(engine_of(app))() as session:
        from matcher.services.accounts import sign_in

        record = sign_in(session, "firma", PASSWORD, now=at)
        assert record is not None
        set_active(session, record.id, False, now=at)
    assert client.get("/bedrijf").status_code == 302


def test_a_session_ends_after_a_working_day_however_busy(
    sqlite_url: str, at: datetime, sign_in_as: SignInAs
) -> None:
    sign_in_as(Right.CONTRACTOR, name="firma")
    moment = {"now": at}
    app = create_app({"DATABASE_URL": sqlite_url, "CLOCK": lambda: moment["now"]})
    client = app.test_client()
    _try(client, "firma", PASSWORD)
    for quarter in range(1, 40):
        moment["now"] = at + timedelta(minutes=15 * quarter)
        assert client.get("/bedrijf").status_code == 200
    moment["now"] = at + timedelta(hours=10, minutes=1)
    assert client.get("/bedrijf").status_code == 302


def test_guessing_is_slowed_down_per_address_and_account_without_locking_others_out(
    sqlite_url: str, at: datetime, sign_in_as: SignInAs
) -> None:
    sign_in_as(Right.CONTRACTOR, name="firma")
    app = create_app({"DATABASE_URL": sqlite_url, "CLOCK": lambda: at, "RATELIMIT_ENABLED": True})
    guesser = app.test_client()
    for _ in range(5):
        assert _try(guesser, "firma", "verkeerd").status_code == 400
    refused = _try(guesser, "firma", PASSWORD)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    owner = app.test_client()
    form = form_of(owner.get("/aanmelden"), "password")
    answer = owner.post(
        "/aanmelden",
        data={**form, "name": "firma", "password": PASSWORD},
        environ_base={"REMOTE_ADDR": "192.0.2.7"},
    )
    assert answer.status_code == 302


def test_demo_sign_ins_are_shown_in_the_demo_and_nowhere_else(
    sqlite_url: str, client: FlaskClient
) -> None:
    assert "oefenregio" not in client.get("/aanmelden").text
    demo = create_app({"DATABASE_URL": sqlite_url, "DEMO": True}).test_client()
    text = demo.get("/aanmelden").text
    assert "oefenregio" in text
    for role in ("jobcoach", "talentcentrum", "opdrachtnemer"):
        assert role in text
