"""Two firms share a contract on their pages; the officer reads the chain on the account."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from matcher import create_app
from matcher.domain.access import Right, operator
from matcher.http.db import engine_of
from matcher.models.database import session_factory
from matcher.services.contract_imports import import_contracts
from tests.services.contracting import CONTRACTS, NOW, balance, numbers, source
from tests.web.forms import form_of
from tests.web.test_declaring_pages import words

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def app(sqlite_url: str) -> Iterator[Flask]:
    made = create_app({"DATABASE_URL": sqlite_url, "CLOCK": lambda: NOW, "LOG_LEVEL": "CRITICAL"})
    yield made
    engine_of(made).dispose()


@pytest.fixture
def database(app: Flask) -> Iterator[Session]:
    with session_factory(engine_of(app))() as session:
        yield session


@pytest.fixture
def number(database: Session) -> int:
    """O-3, of which nothing was done yet: 10,000 is owed."""
    import_contracts(database, operator("demo"), source(CONTRACTS), now=NOW)
    return numbers(database)["O-3"]


@pytest.fixture
def giver(sign_in_as: SignIn, number: int) -> FlaskClient:
    return sign_in_as(Right.CONTRACTOR, name="giver", organisation="Groen Twee")


@pytest.fixture
def taker(sign_in_as: SignIn, number: int) -> FlaskClient:
    return sign_in_as(Right.CONTRACTOR, name="taker", organisation="Wegen Een")


def ask(giver: FlaskClient, number: int, **typed: str) -> Any:
    form = form_of(giver.get(f"/opdrachten/{number}/delen"), "percent")
    return giver.post(f"/opdrachten/{number}/delen", data={**form, **typed})


def press(client: FlaskClient, page: str, address: str, **button: str) -> Any:
    """The form on a page whose address ends so."""
    found = re.search(
        rf'action="([^"]*{address})".*?name="csrf_token"[^>]*value="([^"]+)".*?'
        r'name="version" value="(\d+)"',
        page,
        re.DOTALL,
    )
    assert found is not None
    token, version = found[2], found[3]
    return client.post(found[1], data={"csrf_token": token, "version": version, **button})


def test_from_asking_to_the_end_both_firms_and_the_officer_read_who_does_what(
    giver: FlaskClient,
    taker: FlaskClient,
    sign_in_as: SignIn,
    database: Session,
    number: int,
) -> None:
    sent = ask(giver, number, firm="Wegen Een", percent="25")
    assert sent.status_code == 303
    assert "gevraagd" in words(giver.get(f"/opdrachten/{number}/delen").text)
    page = taker.get("/opdrachten").text
    assert (
        "Groen Twee vraagt of u 25 % overneemt: € 2.500, te vullen tot en met 31 maart 2028."
        in words(page)
    )

    assert press(taker, page, "/antwoord", ja="1").status_code == 303

    assert "Zelf" not in page
    shown = words(giver.get(f"/opdrachten/{number}").text)
    assert "Groen Twee 75 % · € 7.500 · zelf" in shown
    assert "Wegen Een 25 % · € 2.500 · overgenomen" in shown
    address = re.search(r"/opdrachten/delen/\d+", taker.get("/opdrachten").text)
    assert address is not None
    assert "Nog te doen: € 2.500" in words(taker.get(address[0]).text)
    form = form_of(taker.get(f"{address[0]}/melden?soort=purchase"), "invoice_cents")
    typed = {"start_on": "2026-09-01", "invoice_cents": "1000"}
    assert (
        taker.post(f"{address[0]}/melden?soort=purchase", data={**form, **typed}).status_code == 303
    )
    assert "Nog te doen: € 1.500" in words(taker.get(address[0]).text)
    database.rollback()
    assert balance(database, number) == 900_000
    shown = words(giver.get(f"/opdrachten/{number}").text)
    assert "Door bedrijven die een deel overnamen – € 1.000" in shown
    assert "U hebt zelf nog niets gemeld." in shown

    made = re.search(rf"{address[0]}/gemeld/\d+", taker.get(address[0]).text)
    assert made is not None
    assert taker.get(made[0]).status_code == 200
    assert giver.get(made[0]).status_code == 404
    assert giver.get(address[0]).status_code == 404
    assert press(taker, taker.get(made[0]).text, made[0], **{"neem-terug": "1"}).status_code == 303
    database.rollback()
    assert balance(database, number) == 1_000_000

    assert (
        press(giver, giver.get(f"/opdrachten/{number}/delen").text, "/stoppen").status_code == 303
    )
    assert "Dit deel is gestopt." in words(taker.get(address[0]).text)
    officer = sign_in_as(Right.OFFICER, name="officer")
    chain = words(officer.get(f"/rekeningen/{number}").text)
    assert "Wegen Een 25 % – gestopt" in chain
    assert "terug van Wegen Een Groen Twee + € 2.500 · Wegen Een − € 2.500" in chain


def test_what_cannot_be_asked_is_said_beside_the_field(giver: FlaskClient, number: int) -> None:
    for typed, said in (
        ({"firm": "Nergens", "percent": "10"}, "firm"),
        ({"firm": "Wegen Een", "percent": "81"}, "percent"),
        ({"firm": "", "percent": ""}, "firm"),
    ):
        page = ask(giver, number, **typed)
        assert page.status_code == 400
        assert f'id="{said}-error"' in page.text


def test_a_no_leaves_everything_with_the_firm(
    giver: FlaskClient,
    taker: FlaskClient,
    number: int,
) -> None:
    assert "Een ander bedrijf kan een deel overnemen" in giver.get(f"/opdrachten/{number}").text
    ask(giver, number, firm="Wegen Een", percent="25")
    press(taker, taker.get("/opdrachten").text, "/antwoord", nee="1")

    assert "vraagt of u" not in taker.get("/opdrachten").text
    shown = words(giver.get(f"/opdrachten/{number}/delen").text)
    assert "Groen Twee 100 % € 10.000" in shown
    assert "Wegen Een 25 % – zei nee" in shown
