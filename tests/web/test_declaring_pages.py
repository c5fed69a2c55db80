"""A firm declares on a short form, it counts at once, and officers look at what was drawn."""

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
from matcher.domain.access import Right, operator
from matcher.http.db import engine_of
from matcher.models import ContractContribution
from matcher.models.database import session_factory
from matcher.repositories.scope import unscoped
from matcher.services.contract_imports import import_contracts, import_contributions
from tests.services.contracting import CONTRACTS, CONTRIBUTIONS, NOW, balance, numbers, source
from tests.web.forms import form_of

SignIn = Callable[..., FlaskClient]


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
        yield session


@pytest.fixture
def number(database: Session) -> int:
    """O-3, of which nothing was done yet."""
    import_contracts(database, operator("demo"), source(CONTRACTS), now=NOW)
    import_contributions(database, operator("demo"), source(CONTRIBUTIONS), now=NOW)
    return numbers(database)["O-3"]


@pytest.fixture
def firm(sign_in_as: SignIn, number: int) -> FlaskClient:
    return sign_in_as(Right.CONTRACTOR, name="firm", organisation="Groen Twee")


def words(page: str) -> str:
    """The text of a page without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split()).replace("\xa0", " ")


def declared(database: Session) -> list[ContractContribution]:
    database.rollback()
    statement = select(ContractContribution).where(ContractContribution.declared_at.is_not(None))
    return list(database.scalars(unscoped(statement, ContractContribution)))


def fill(firm: FlaskClient, number: int, kind: str, **typed: str) -> dict[str, str]:
    """The form of a kind as it is sent."""
    page = firm.get(f"/opdrachten/{number}/melden?soort={kind}")
    assert page.status_code == 200
    return {**form_of(page, "reference"), **typed}


def test_the_form_asks_what_the_rules_read_and_no_group_name_or_number(
    firm: FlaskClient, number: int
) -> None:
    page = firm.get(f"/opdrachten/{number}/melden").text
    assert re.findall(r"soort=(\w+)", page) == ["placement", "activity", "purchase", "training"]
    for kind, names in {
        "placement": {"start_on", "end_on", "hours_week"},
        "activity": {"start_on", "end_on", "activity_hours"},
        "purchase": {"start_on", "invoice_cents"},
        "training": {"start_on", "invoice_cents"},
    }.items():
        page = firm.get(f"/opdrachten/{number}/melden?soort={kind}").text
        asked = set(re.findall(r'name="(\w+)"', page.split("<main")[1]))
        assert asked - {"csrf_token", "version", "once", "reference", "soort", "permanent"} == names
        assert "textarea" not in page
        assert not re.search(r'type="file"', page)


def test_what_is_declared_counts_at_once_and_once(
    database: Session, firm: FlaskClient, number: int
) -> None:
    form = fill(firm, number, "placement", start_on="1-9-2026", end_on="28-2-2027", hours_week="18")

    answers = [firm.post(f"/opdrachten/{number}/melden", data=form) for _turn in range(3)]

    assert {answer.status_code for answer in answers} == {303}
    assert len(declared(database)) == 1
    # 10,000 less 30,000 × 18/36 × 6/12
    assert balance(database, number) == 250_000
    page = words(firm.get(f"/opdrachten/{number}").text)
    assert "Geteld € 7.500" in page
    assert "Plaatsing 18 uur per week, 1 september 2026 tot en met 28 februari" in page
    assert "telt, wordt nagekeken" in page


def test_amounts_and_hours_are_read_as_people_type_them(
    database: Session, firm: FlaskClient, number: int
) -> None:
    for typed, cents in (("2.500", 250_000), ("€ 1250,5", 125_050), ("12", 1_200)):
        form = fill(firm, number, "purchase", start_on="2026-09-01", invoice_cents=typed)
        assert firm.post(f"/opdrachten/{number}/melden", data=form).status_code == 303
        assert declared(database)[-1].invoice_cents == cents
    form = fill(firm, number, "activity", start_on="2026-09-01", activity_hours="7,5")
    assert firm.post(f"/opdrachten/{number}/melden", data=form).status_code == 303
    assert declared(database)[-1].activity_hours == 7.5


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Vul de dag in"),
        ({"start_on": "1-9-2026"}, "Vul de uren in"),
        ({"start_on": "1-9-2026", "hours_week": "99"}, "Vul een getal in tot en met 60"),
        ({"start_on": "1-9-2026", "hours_week": "veel"}, "Vul een getal in tot en met 60"),
        ({"start_on": "31-2-2026", "hours_week": "8"}, "Deze datum bestaat niet"),
        ({"start_on": "1-9-2028", "hours_week": "8"}, "must not lie ahead"),
    ],
)
def test_a_mistake_is_said_at_its_field_and_nothing_is_kept(
    database: Session, firm: FlaskClient, number: int, typed: dict[str, str], said: str
) -> None:
    form = fill(firm, number, "placement", **typed)

    answer = firm.post(f"/opdrachten/{number}/melden", data=form)

    assert answer.status_code == 400
    assert said in answer.text
    assert declared(database) == []


def test_somebody_declared_before_is_offered_by_pseudonym_and_counts_once(
    database: Session, firm: FlaskClient, number: int
) -> None:
    for _turn in range(2):
        form = fill(
            firm, number, "placement", start_on="1-9-2026", hours_week="18", permanent="yes"
        )
        if "person" not in form:
            form["person"] = "P-01"
        assert firm.post(f"/opdrachten/{number}/melden", data=form).status_code == 303

    assert [row.of_person["person"] for row in declared(database)] == ["P-01", "P-01"]
    form = fill(firm, number, "placement", start_on="1-9-2026", hours_week="18", person="new")
    assert firm.post(f"/opdrachten/{number}/melden", data=form).status_code == 303
    assert declared(database)[-1].of_person["person"] == "P-02"


def test_what_is_taken_back_or_ended_no_longer_counts_so(
    database: Session, firm: FlaskClient, number: int
) -> None:
    form = fill(firm, number, "placement", start_on="1-9-2026", end_on="28-2-2027", hours_week="18")
    firm.post(f"/opdrachten/{number}/melden", data=form)
    address = f"/opdrachten/{number}/gemeld/{declared(database)[0].id}"
    page = firm.get(address)
    assert "Een rooster volstaat" in page.text

    ended = firm.post(address, data={**form_of(page, "end_on"), "end_on": "31-12-2026"})

    assert ended.status_code == 303
    database.rollback()
    # 10,000 less 30,000 × 18/36 × 4/12
    assert balance(database, number) == 500_000
    stale = firm.post(address, data={**form_of(page, "end_on"), "neem-terug": "1"})
    assert stale.status_code == 303
    assert "Kijk het opnieuw na" in firm.get(f"/opdrachten/{number}").text
    back = firm.post(address, data={**form_of(firm.get(address), "end_on"), "neem-terug": "1"})
    assert back.status_code == 303
    database.rollback()
    assert balance(database, number) == 1_000_000
    assert "telt niet meer" in words(firm.get(f"/opdrachten/{number}").text)


def test_two_officers_correct_what_was_drawn_and_the_firm_reads_it_when_it_stands(
    database: Session, sign_in_as: SignIn, firm: FlaskClient, number: int
) -> None:
    form = fill(firm, number, "placement", start_on="1-9-2026", end_on="28-2-2027", hours_week="18")
    firm.post(f"/opdrachten/{number}/melden", data=form)
    own = f"/opdrachten/{number}/gemeld/{declared(database)[0].id}"
    officer = sign_in_as(Right.OFFICER, name="officer")
    assert "1 melding uit de steekproef wacht op u." in words(officer.get("/toezicht").text)
    page = officer.get("/toezicht/controles")
    assert "De eerste melding van een bedrijf kijken we altijd na." in page.text
    inside = form_of(page, "why")
    action = re.search(r'action="(/toezicht/controles/\d+)"', page.text)
    assert action
    for typed, said in (
        ({}, "Kies één antwoord"),
        ({"verdict": "not_shown"}, "is required"),
        ({"verdict": "corrected", "why": "Minder uren"}, "says corrected"),
        ({"verdict": "not_shown", "why": "Zijn bsn is 111222333"}, "Zo"),
    ):
        answer = officer.post(action[1], data={**inside, **typed})
        assert answer.status_code == 400, typed
        assert said in answer.text or typed.get("why")

    sent = officer.post(
        action[1],
        data={**inside, "verdict": "corrected", "hours_week": "12", "why": "Minder uren gewerkt"},
    )

    assert sent.status_code == 303
    database.rollback()
    assert balance(database, number) == 250_000
    page = officer.get("/toezicht/controles").text
    assert "Een ander dan wie het vond, bevestigt het." in page
    assert 'name="bevestig"' not in page
    assert "Minder uren gewerkt" not in firm.get(own).text
    second = sign_in_as(Right.OFFICER, name="second")
    page = second.get("/toezicht/controles")
    assert "Uren per week: gemeld 18, gevonden 12" in page.text
    forged = officer.post(
        f"{action[1]}/tweede", data={**form_of(page, "version"), "bevestig": "1", "version": "2"}
    )
    assert forged.status_code in (400, 403)
    answer = second.post(f"{action[1]}/tweede", data={**form_of(page, "version"), "bevestig": "1"})
    assert answer.status_code == 303
    database.rollback()
    # 10,000 less 30,000 × 12/36 × 6/12
    assert balance(database, number) == 500_000
    page = words(firm.get(own).text)
    assert "Uren per week: gemeld 18, gevonden 12" in page
    assert "Minder uren gewerkt" in page
    assert "tegenboeking" in second.get(f"/rekeningen/{number}").text
    assert "Geen melding wacht op u." in second.get("/toezicht/controles").text


def test_nobody_else_opens_these_pages(
    database: Session, sign_in_as: SignIn, firm: FlaskClient, number: int
) -> None:
    form = fill(firm, number, "purchase", start_on="1-9-2026", invoice_cents="100")
    firm.post(f"/opdrachten/{number}/melden", data=form)
    one = declared(database)[0].id
    rival = sign_in_as(Right.CONTRACTOR, name="rival", organisation="Wegen Een")
    for address in (f"/opdrachten/{number}/melden", f"/opdrachten/{number}/gemeld/{one}"):
        assert rival.get(address).status_code == 404
    for right in (Right.ANALYST, Right.LEAD, Right.COACH):
        client = sign_in_as(right)
        assert client.get("/toezicht/controles").status_code == 403
        assert client.get(f"/opdrachten/{number}/melden").status_code == 403
    assert firm.get("/toezicht/controles").status_code == 403


def test_after_the_time_to_make_up_for_it_nothing_can_be_declared(
    database: Session, sign_in_as: SignIn, number: int
) -> None:
    over = numbers(database)["O-2"]
    firm = sign_in_as(Right.CONTRACTOR, name="firm", organisation="Wegen Een")

    assert "Meld wat u deed" not in firm.get(f"/opdrachten/{over}").text
    answer = firm.get(f"/opdrachten/{over}/melden")
    assert answer.status_code == 302
    assert answer.location == f"/opdrachten/{over}#gemeld"
