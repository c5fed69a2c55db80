"""Pages of accounts: what fills them first, every euro open, two officers, a firm merged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher import create_app
from matcher.domain.access import Right, Viewer, operator
from matcher.http.db import engine_of
from matcher.models import SettlementDecision
from matcher.models.database import session_factory
from matcher.repositories.scope import unscoped
from matcher.services.call_requests import file_call_request
from matcher.services.contract_imports import import_contracts, import_contributions
from matcher.services.contracts import get_contract
from tests.services.contracting import CONTRACTS, CONTRIBUTIONS, NOW, numbers, source
from tests.web.forms import form_of

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def at() -> datetime:
    """The day after the cure period of O-2 is over."""
    return NOW.replace(day=2)


@pytest.fixture
def app(sqlite_url: str, at: datetime) -> Iterator[Flask]:
    made = create_app({"DATABASE_URL": sqlite_url, "CLOCK": lambda: at, "LOG_LEVEL": "CRITICAL"})
    yield made
    engine_of(made).dispose()


@pytest.fixture
def database(app: Flask) -> Iterator[Session]:
    with session_factory(engine_of(app))() as session:
        yield session


@pytest.fixture
def found(database: Session) -> dict[str, int]:
    """The contracts of two firms with what was done for them, by reference."""
    import_contracts(database, operator("demo"), source(CONTRACTS), now=NOW)
    import_contributions(database, operator("demo"), source(CONTRIBUTIONS), now=NOW)
    return numbers(database)


@pytest.fixture
def officer(sign_in_as: SignIn) -> FlaskClient:
    return sign_in_as(Right.OFFICER, name="officer")


def words(page: str) -> str:
    """The text of a page without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split()).replace("\xa0", " ")


def test_the_list_begins_with_what_waits_for_a_decision(
    officer: FlaskClient, found: dict[str, int]
) -> None:
    page = words(officer.get("/rekeningen").text)

    assert "1 rekening wacht op een besluit." in page
    assert page.index("O-2") < page.index("O-3") < page.index("O-1")
    # 500,000 × 5 % less 2,500
    assert "€ 22.500" in page


def test_an_account_opens_with_what_fills_it_and_every_euro_to_source_and_sum(
    officer: FlaskClient, found: dict[str, int]
) -> None:
    page = officer.get(f"/rekeningen/{found['O-3']}").text
    # 200,000 × 5 % = 10,000 = a third of 30,000: 24/36 × 6/12 and 12/36 × 12/12
    assert re.search(r"<h1>Nog te doen: 6 maanden 24 uur</h1>", page)
    assert page.count('<span class="way">') == 3

    page = words(officer.get(f"/rekeningen/{found['O-1']}").text)
    for part in (
        "De verplichting is gevuld.",
        "€ 300.000 × 5/100 = € 15.000",
        "€ 30.000 × 18/36 × 6/12 = € 7.500",
        "Practitioner&#39;s walk-through, section 1",
        "Maanden die tellen 6",
        "Grootboek: 5 regels, samen −€ 3.700",
    ):
        assert part in page, part


def test_what_changed_since_is_posted_by_one_tap(
    app: Flask, database: Session, officer: FlaskClient, found: dict[str, int]
) -> None:
    changed = CONTRACTS.replace("pso_level", "pso_level;pso_holder;pso_valid_until").replace(
        "2028-03-31;none", "2028-03-31;2;main;2027-03-01"
    )
    import_contracts(database, operator("demo"), source(changed), now=NOW)
    address = f"/rekeningen/{found['O-3']}"
    page = officer.get(address)
    assert "2 regels zijn nog niet geboekt" in page.text

    answer = officer.post(f"{address}/boeken", data=form_of(page, "csrf_token"))

    assert answer.status_code == 303
    page = officer.get(address).text
    assert "nog niet geboekt" not in page
    assert "tegenboeking" in page


def test_a_shortfall_needs_two_officers_and_the_firm_hears_only_of_the_end(
    database: Session, officer: FlaskClient, sign_in_as: SignIn, found: dict[str, int]
) -> None:
    address = f"/rekeningen/{found['O-2']}"
    page = officer.get(address)
    assert "Er is een tekort van" in page.text
    empty = officer.post(f"{address}/besluit", data=form_of(page, "why"))
    assert empty.status_code == 400
    assert "Schrijf op waarom" in empty.text
    form = {**form_of(page, "why"), "choice": "ask", "why": "Er is bijna niets gedaan"}
    assert officer.post(f"{address}/besluit", data=form).status_code == 303
    database.rollback()
    row = database.scalars(unscoped(select(SettlementDecision), SettlementDecision)).one()
    assert (row.state.value, row.cents) == ("asked", 2_250_000)
    assert "Bevestig" not in officer.get(address).text
    own = sign_in_as(Right.CONTRACTOR, name="firm", organisation="Wegen Een")
    assert "Er is bijna niets gedaan" not in own.get(f"/opdrachten/{found['O-2']}").text

    second = sign_in_as(Right.OFFICER, name="second")
    form = {**form_of(second.get(address), "csrf_token"), "bevestig": ""}
    token = form_of(officer.get(address), "csrf_token")
    forged = officer.post(f"{address}/besluit/{row.id}", data={**token, "bevestig": ""})
    assert forged.status_code == 403
    assert second.post(f"{address}/besluit/{row.id}", data=form).status_code == 303

    database.rollback()
    assert row.state.value == "confirmed"
    page = words(own.get(f"/opdrachten/{found['O-2']}").text)
    assert "Het bedrag vragen: € 22.500" in page
    assert "Er is bijna niets gedaan" in page


def test_a_reason_that_says_what_is_never_asked_is_sent_back(
    officer: FlaskClient, found: dict[str, int]
) -> None:
    address = f"/rekeningen/{found['O-2']}"
    form = form_of(officer.get(address), "why")
    answer = officer.post(
        f"{address}/besluit", data={**form, "choice": "ask", "why": "bsn 111222333"}
    )
    assert answer.status_code == 400


def test_a_firm_sees_its_own_contracts_with_people_merged(
    sign_in_as: SignIn, found: dict[str, int]
) -> None:
    own = sign_in_as(Right.CONTRACTOR, name="firm", organisation="Wegen Een")

    page = words(own.get("/opdrachten").text)
    assert "O-1" in page
    assert "O-2" in page
    assert "O-3" not in page
    page = words(own.get(f"/opdrachten/{found['O-1']}").text)
    assert "De verplichting is gevuld." in page
    # 30,000 × 18/36 × 6/12 + 10,000
    assert "Plaatsing 1 € 17.500" in page
    assert "Neem dit van mij over" in page
    for hidden in ("p_wet", "Participatiewet", "p-1", "I-1", "56", "Vast contract"):
        assert hidden not in page, hidden
    assert own.get(f"/opdrachten/{found['O-3']}").status_code == 404
    assert own.get(f"/rekeningen/{found['O-1']}").status_code == 403


def test_who_has_no_contract_is_told_what_this_is_for(sign_in_as: SignIn) -> None:
    page = sign_in_as(Right.CONTRACTOR, name="new").get("/opdrachten").text

    assert "U hebt nog geen opdracht met social return." in page
    assert "Nog geen opdracht" in page


def test_the_pages_speak_english_too(sign_in_as: SignIn, found: dict[str, int]) -> None:
    officer = sign_in_as(Right.OFFICER, name="officer", language="en")

    page = words(officer.get(f"/rekeningen/{found['O-3']}").text)

    assert "Still to do: 6 months of 24 hours a week" in page
    assert "€ 200,000 × 5/100 = € 10,000" in page


def test_proof_of_effort_is_the_same_on_the_page_and_on_paper(
    database: Session, officer: FlaskClient, sign_in_as: SignIn, found: dict[str, int]
) -> None:
    own = sign_in_as(Right.CONTRACTOR, name="firm", organisation="Wegen Een")
    record = get_contract(database, operator("demo"), found["O-1"])
    firm = Viewer(None, frozenset({Right.CONTRACTOR}), "demo", record.organisation_id)
    file_call_request(
        database, firm, region="demo", name="Naam Verzonnen", phone="0612345678", work="Bestraten",
        people=1, wanted_when=None, now=NOW,
    )  # fmt: skip

    for client, address in (
        (own, f"/opdrachten/{found['O-1']}/inspanning"),
        (officer, f"/rekeningen/{found['O-1']}/inspanning"),
    ):
        page = words(client.get(address).text)
        assert "Wat Wegen Een deed" in page
        assert "gevraagd om te bellen 1 maart" in page
        assert "Mensen uitgenodigd 0" in page
        paper = client.get(f"{address}.pdf")
        assert paper.mimetype == "application/pdf"
        assert paper.data.startswith(b"%PDF")
        assert b"Naam Verzonnen" not in paper.data
        assert "Naam Verzonnen" not in page
    assert own.get(f"/opdrachten/{found['O-3']}/inspanning").status_code == 404
    assert own.get(f"/rekeningen/{found['O-1']}/inspanning").status_code == 403
    assert "Open het overzicht van de inspanning" in officer.get(f"/rekeningen/{found['O-2']}").text
