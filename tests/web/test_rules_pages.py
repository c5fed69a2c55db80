"""Pages of rules: two officers change a number from a day on, and everything says so in words."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher import create_app
from matcher.domain.access import Right, operator
from matcher.http.db import engine_of
from matcher.models import RuleVersion
from matcher.models.database import session_factory
from matcher.repositories.scope import unscoped
from matcher.services.contract_imports import import_contracts
from matcher.services.rule_versions import document_on
from tests.services.contracting import CONTRACTS, NOW, source
from tests.services.ruling import COUNCIL, DEMO, HIGHER, PERCENT, with_city
from tests.web.forms import form_of

SignIn = Callable[..., FlaskClient]
FIRST = "2027-04-01"


@pytest.fixture
def at() -> datetime:
    return NOW


@pytest.fixture
def app(sqlite_url: str, at: datetime) -> Iterator[Flask]:
    made = create_app({"DATABASE_URL": sqlite_url, "CLOCK": lambda: at, "LOG_LEVEL": "CRITICAL"})
    yield made
    engine_of(made).dispose()


@pytest.fixture
def database(app: Flask) -> Iterator[Session]:
    with session_factory(engine_of(app))() as session:
        import_contracts(session, operator("demo"), source(CONTRACTS), now=NOW)
        yield session


@pytest.fixture
def author(sign_in_as: SignIn) -> FlaskClient:
    return sign_in_as(Right.OFFICER, name="author")


@pytest.fixture
def second(sign_in_as: SignIn) -> FlaskClient:
    return sign_in_as(Right.OFFICER, name="second")


def words(page: str) -> str:
    """The text of a page without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split()).replace("\xa0", " ")


def begun(author: FlaskClient) -> str:
    """Begins a draft; its address."""
    answer = author.post("/regels", data=form_of(author.get("/regels"), "once"))
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def sent(client: FlaskClient, page: str, step: str, **values: Any) -> Any:
    """Sends the form of a page to one of its addresses."""
    form = form_of(client.get(page), "csrf_token")
    token = {name: form[name] for name in ("csrf_token", "version") if name in form}
    return client.post(step, data={**token, **values})


def put_in(author: FlaskClient, address: str, text: str) -> Any:
    return sent(author, f"{address}/tekst", f"{address}/tekst", rules_text=text)


def test_two_officers_change_a_percentage_from_a_day_on(
    database: Session, author: FlaskClient, second: FlaskClient
) -> None:
    assert "Versie 2026.3 geldt sinds" in words(author.get("/regels").text)
    address = begun(author)
    assert "Dit concept zegt wat nu geldt." in words(author.get(address).text)

    form = form_of(author.get(f"{address}/waarden"), "source")
    assert form["obligation-percent-works"] == "5"
    assert form["building_blocks-cents_per_year"] == "30.000"
    assert form["gemeente-voorbeeldstad-obligation-percent-works"] == "4"
    changed = {"obligation-percent-works": "6", "source": "Besluit van het bestuur"}
    answer = author.post(f"{address}/waarden", data={**form, **changed, "effective_on": FIRST})
    assert answer.status_code == 303

    page = words(author.get(address).text)
    assert "Verplichting: Werken 5% vanaf 1 januari 2020 6% vanaf 1 april" in page
    assert "Besluit van het bestuur" in page
    # One percent of 300,000 and of 200,000.
    assert "Rekeningen die veranderen 2 van 3" in page
    assert "Grootste verandering € 3.000 meer te doen" in page
    assert "Alles bij elkaar € 5.000 meer te doen" in page
    effects = words(author.get(f"{address}/gevolgen").text)
    assert effects.index("O-1") < effects.index("O-3")
    assert "€ 300.000 × 5/100 = € 15.000" in effects
    assert "€ 300.000 × 6/100 = € 18.000" in effects

    council = {name: str(value) for name, value in COUNCIL.items()}
    assert sent(author, address, f"{address}/raad", **council).status_code == 303
    assert sent(author, address, f"{address}/aanbieden", effective_on=FIRST).status_code == 303
    assert "Dit concept wacht op een collega." in words(author.get(address).text)
    assert "Keur goed" not in author.get(address).text

    page = words(second.get(address).text)
    assert "Een collega vraagt uw oordeel." in page
    assert COUNCIL["council_advice"] in page
    version = form_of(second.get(address), "version")
    assert second.post(f"{address}/goedkeuren", data=version).status_code == 303
    page = words(second.get(address).text)
    assert "Deze regels gelden vanaf 1 april." in page
    assert "versie 2026.4, vastgesteld op 1 maart" in page
    overview = words(author.get("/regels").text)
    assert "Versie 2026.3 geldt sinds" in overview
    assert "goedgekeurd door second" in overview
    database.rollback()
    entry = document_on(database, "demo", date(2027, 4, 1))["entries"]["obligation"]
    assert entry["value"]["percent"]["works"] == 6
    saved = author.get(f"{address}/bestand")
    assert saved.text == database.scalar(unscoped(select(RuleVersion.text), RuleVersion))


def test_every_fault_of_a_text_stands_in_one_list_with_the_way_out(
    database: Session, author: FlaskClient
) -> None:
    address = begun(author)
    bad = with_city(9).replace(PERCENT, "percent: {works: vijf, services: 500, supplies: 2}")
    assert put_in(author, address, bad.replace("2026.3", "2026.4")).status_code == 303

    page = words(author.get(address).text)
    assert "2 punten kloppen nog niet." in page
    assert "vijf is niet de goede soort waarde." in page
    assert "500 kan niet. Het moet" in page
    assert "Wat er verschilt" not in page
    assert sent(author, address, f"{address}/waarden").status_code in (302, 303)

    put_in(author, address, with_city(9).replace("2026.3", "2026.4"))
    page = words(author.get(address).text)
    assert "municipalities.voorbeeldstad.entries.obligation.value.percent.works" in page
    assert "9 ligt buiten de grenzen. Het mag van 2 tot en met 7." in page
    put_in(author, address, "slug: [")
    assert "1 punt klopt nog niet." in words(author.get(address).text)


def test_a_file_can_be_sent_and_one_that_is_no_text_is_refused(
    database: Session, author: FlaskClient
) -> None:
    address = begun(author)
    text = DEMO.replace("2026.3", "2026.4").replace(PERCENT, HIGHER)
    file = (io.BytesIO(text.encode()), "demo.yaml")
    assert sent(author, f"{address}/tekst", f"{address}/tekst", file=file).status_code == 303
    assert "6%" in author.get(address).text

    odd = (io.BytesIO(b"\xff\xfe\x00"), "demo.yaml")
    answer = sent(author, f"{address}/tekst", f"{address}/tekst", file=odd)
    assert answer.status_code == 400
    assert "Dit bestand is geen tekst." in answer.text


def test_without_the_council_there_is_no_way_to_offer(
    database: Session, author: FlaskClient
) -> None:
    address = begun(author)
    assert "Bied aan" not in author.get(address).text
    answer = sent(author, address, f"{address}/aanbieden", effective_on=FIRST)
    assert answer.status_code == 400
    answer = sent(author, address, f"{address}/raad", council_advice="Positief.")
    assert answer.status_code == 400
    assert "Vul de dag van het advies in" in words(answer.text)
    assert "Schrijf op wat er met het advies is gedaan" in words(answer.text)
    answer = sent(author, address, f"{address}/raad", not_asked_why="Alleen een spelfout.")
    assert answer.status_code == 303
    assert "Bied aan" in author.get(address).text
    answer = sent(author, address, f"{address}/aanbieden", effective_on="2027-02-01")
    assert "Kies een dag na vandaag" in words(answer.text)


def test_a_second_person_gives_it_back_with_a_reason_that_the_author_reads(
    database: Session, author: FlaskClient, second: FlaskClient
) -> None:
    address = begun(author)
    sent(author, address, f"{address}/raad", not_asked_why="Alleen een spelfout.")
    sent(author, address, f"{address}/aanbieden", effective_on=FIRST)
    assert sent(second, address, f"{address}/teruggeven", why="").status_code == 400
    answer = sent(second, address, f"{address}/teruggeven", why="De bron ontbreekt nog.")
    assert answer.status_code == 303

    page = words(author.get(address).text)
    assert "Dit concept kan naar een collega." in page
    assert "De bron ontbreekt nog." in page
    assert sent(author, address, f"{address}/intrekken", why="Niet nodig.").status_code == 303
    assert "Dit concept is ingetrokken." in words(author.get(address).text)
    assert "1 ingetrokken concept" in words(author.get("/regels").text)
    assert author.get(f"{address}/tekst").status_code == 409
    assert author.get(f"{address}/gevolgen").status_code == 409


def test_a_draft_begun_before_another_was_approved_goes_on_from_the_newest(
    database: Session, author: FlaskClient, second: FlaskClient
) -> None:
    mine, theirs = begun(author), begun(second)
    assert "2026.5" in second.get(theirs).text
    sent(author, mine, f"{mine}/raad", not_asked_why="Alleen een spelfout.")
    sent(author, mine, f"{mine}/aanbieden", effective_on=FIRST)
    second.post(f"{mine}/goedkeuren", data=form_of(second.get(mine), "version"))

    assert "Intussen is er een andere versie goedgekeurd" in second.get(theirs).text
    assert sent(second, theirs, f"{theirs}/bijwerken").status_code == 303
    assert "Intussen is er een andere" not in second.get(theirs).text


def test_who_does_not_write_a_draft_reads_it_and_changes_nothing(
    database: Session, author: FlaskClient, second: FlaskClient, sign_in_as: SignIn
) -> None:
    address = begun(author)
    assert "Wijzig de getallen" not in second.get(address).text
    assert second.get(f"{address}/tekst").status_code == 409
    token = form_of(second.get("/regels"), "csrf_token")["csrf_token"]
    answer = second.post(f"{address}/raad", data={"csrf_token": token, "not_asked_why": "Nee."})
    assert answer.status_code == 400
    assert "wie het schreef, keurt het niet goed" in answer.text
    far = sign_in_as(Right.OFFICER, name="far", region="haaglanden")
    assert far.get(address).status_code == 404
    assert sign_in_as(Right.ANALYST, name="analyst").get("/regels").status_code == 403


def test_the_pages_are_in_english_too(database: Session, author: FlaskClient) -> None:
    address = begun(author)
    with author.session_transaction() as kept:
        kept["language"] = "en"
    page = words(author.get(address).text)
    assert "Record what the client council thought." in page
    assert "What differs" in page
    assert author.get(f"{address}/waarden").text.count('value="30,000"') == 1
