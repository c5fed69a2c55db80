"""“Meld het”: without an account and without a trace of who did, into the inbox of the officer."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matcher import create_app
from matcher.domain.access import Right
from matcher.extensions import limiter
from matcher.http.db import engine_of
from matcher.models import AuditEntry, DisplacementReport, IdempotencyRecord
from matcher.models.database import session_factory
from matcher.repositories.scope import unscoped
from tests.web.displacement_reports import REPORT, reported
from tests.web.forms import form_of

SignInAs = Callable[..., FlaskClient]


def kept(app: Flask) -> list[DisplacementReport]:
    with session_factory(engine_of(app))() as session:
        return list(session.scalars(unscoped(select(DisplacementReport), DisplacementReport)))


def test_anybody_reports_in_five_answers_and_the_officer_judges(
    client: FlaskClient, sign_in_as: SignInAs
) -> None:
    officer = sign_in_as(Right.OFFICER)
    assert "Geen plek wacht op u." in officer.get("/toezicht/verdringing").text

    answer = reported(client, reach="078 123 45 67")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/melden/gelukt")
    assert "<h1>Uw melding is binnen.</h1>" in client.get("/melden/gelukt").text
    assert "Er is 1 melding van buiten." in officer.get("/toezicht").text
    page = officer.get("/toezicht/verdringing")
    assert "<h1>1 melding wacht op u.</h1>" in page.text
    for words in (
        REPORT["place"], "Straten maken", "Deze maand", "0781234567",
        "Iemand moest stoppen of kreeg minder uren",
        "De nieuwe plek vervangt iemand die vertrok",
    ):  # fmt: skip
        assert str(words) in page.text
    address = re.search(r'action="(/toezicht/verdringing/meldingen/\d+)"', page.text)
    assert address
    form = form_of(page, "why")
    silent = officer.post(address[1], data={**form, "why": "", "state": "founded"})
    assert silent.status_code == 400
    assert "Vul in wat eruit kwam." in silent.text
    assert officer.post(address[1], data={**form, "why": "x", "state": "new"}).status_code == 400

    officer.post(address[1], data={**form, "why": "Bedrijf gebeld", "state": "asked"})
    page = officer.get("/toezicht/verdringing")
    assert "navraag loopt" in page.text
    assert "Bedrijf gebeld" in page.text
    old = officer.post(address[1], data={**form, "why": "Klopt", "state": "founded"})
    assert old.status_code == 303
    page = officer.get("/toezicht/verdringing")
    assert "Hier is intussen iets veranderd" in page.text

    form = form_of(page, "why")
    officer.post(address[1], data={**form, "why": "Het klopt", "state": "founded"})
    page = officer.get("/toezicht/verdringing").text
    assert "1 melding is beoordeeld" in page
    assert "Het klopt" in page
    assert 'name="state"' not in page


@pytest.mark.parametrize("right", [None, Right.CONTRACTOR, Right.COACH, Right.CANDIDATE])
def test_who_reports_is_a_visitor_also_when_signed_in(
    app: Flask, client: FlaskClient, sign_in_as: SignInAs, right: Right | None,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    reporter = client if right is None else sign_in_as(right)
    with session_factory(engine_of(app))() as session:
        before = len(session.scalars(unscoped(select(AuditEntry), AuditEntry)).all())
    page = reporter.get("/melden").text
    with caplog.at_level(logging.INFO, "matcher.request"):
        assert reported(reporter).status_code == 303

    assert "Afmelden" not in page, "the page itself does not know"
    assert all('"account": null' in line or '"account"' not in line for line in caplog.messages)
    [report] = kept(app)
    with session_factory(engine_of(app))() as session:
        entries = session.scalars(
            unscoped(select(AuditEntry).order_by(AuditEntry.position), AuditEntry)
        ).all()[before:]
        assert [(entry.kind, entry.account_id) for entry in entries] == [
            ("displacement_report", None)
        ]
        answers = session.scalars(select(IdempotencyRecord)).all()
        assert {record.actor for record in answers} == {"public"}
    assert report.reach is None
    if right is not None:
        assert "Afmelden" in reporter.get("/talent").text, "still signed in everywhere else"


def test_an_empty_form_says_at_each_field_what_to_do(client: FlaskClient) -> None:
    answer = client.post("/melden", data=form_of(client.get("/melden"), "place"))
    assert answer.status_code == 400
    for link, words in (
        ("#work-0", "Kies om wat voor werk het gaat"),
        ("#place", "Vul in bij welk bedrijf of waar het is"),
        ("#signs-0", "Kies wat er gebeurt. Meer antwoorden mag."),
        ("#happened-0", "Kies wanneer het gebeurt"),
    ):
        assert f'<a href="{link}">{words}</a>' in answer.text
        assert f'id="{link[1:]}"' in answer.text


def test_a_name_or_number_of_somebody_has_no_place_in_a_report(
    app: Flask, client: FlaskClient
) -> None:
    for typed in (
        {"place": "Bel Jan op 06 12 34 56 78"}, {"place": "BSN 111222333"},
        {"place": "Hij heeft reuma"}, {"reach": "111222333"}, {"reach": "ik ben er altijd"},
        {"signs": ["spied"]}, {"work": "spying"},
    ):  # fmt: skip
        answer = reported(client, **typed)
        assert answer.status_code == 400, typed
        assert "111222333" not in re.sub(r'value="[^"]*"', "", answer.text)
    assert kept(app) == []


def test_a_program_that_fills_in_everything_is_thanked_and_nothing_is_kept(
    app: Flask, client: FlaskClient
) -> None:
    page = client.get("/melden").text
    trap = re.search(r'<div class="visually-hidden" aria-hidden="true">.*?</div>', page, re.S)
    assert trap
    assert 'name="website"' in trap[0]
    assert 'tabindex="-1"' in trap[0]

    answer = reported(client, website="https://spam.example")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/melden/gelukt")
    assert kept(app) == []


def test_whatever_firm_is_named_the_answer_is_the_same(
    app: Flask, client: FlaskClient, sign_in_as: SignInAs
) -> None:
    sign_in_as(Right.CONTRACTOR, organisation="Echt Bedrijf")
    pages = []
    for place in ("Echt Bedrijf", "Bestaat Niet"):
        answer = reported(client, place=place)
        shown = client.get(answer.headers["Location"]).text
        pages.append((answer.status_code, answer.headers["Location"], shown))
    assert pages[0] == pages[1]
    assert "Echt Bedrijf" not in client.get("/melden").text
    assert [report.place for report in kept(app)] == ["Echt Bedrijf", "Bestaat Niet"]


def test_pressing_twice_makes_one_report(app: Flask, client: FlaskClient) -> None:
    form = {**form_of(client.get("/melden"), "place"), **REPORT}
    first, second = client.post("/melden", data=form), client.post("/melden", data=form)
    assert first.status_code == second.status_code == 303
    assert len(kept(app)) == 1


def test_a_report_without_form_token_or_from_another_site_is_refused(
    app: Flask, client: FlaskClient
) -> None:
    form = form_of(client.get("/melden"), "place")
    without = {name: value for name, value in form.items() if name != "csrf_token"}
    assert client.post("/melden", data={**without, **REPORT}).status_code == 403
    other = client.post(
        "/melden", data={**form, **REPORT}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert other.status_code == 403
    assert kept(app) == []


def test_many_reports_from_one_address_wait_and_no_address_is_counted_by(
    sqlite_url: str, at: datetime
) -> None:
    app = create_app(
        {
            "DATABASE_URL": sqlite_url,
            "CLOCK": lambda: at,
            "RATELIMIT_ENABLED": True,
            "REPORT_LIMIT": "2 per hour",
        }
    )
    client = app.test_client()
    answers = [reported(client, place=f"Plek {number}") for number in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    counted = " ".join(map(str, vars(limiter.storage).values()))
    assert "127.0.0.1" not in counted
    assert "reporting.report" in counted


def test_a_report_can_be_about_another_region(app: Flask, client: FlaskClient) -> None:
    form = form_of(client.get("/melden?regio=haaglanden"), "place")
    assert client.post("/melden?regio=haaglanden", data={**form, **REPORT}).status_code == 303
    assert [report.region for report in kept(app)] == ["haaglanden"]
    assert client.get("/melden?regio=nergens").status_code == 404


def test_public_pages_lead_there_in_both_languages(client: FlaskClient) -> None:
    for address in ("/", "/bel-mij", "/talent"):
        assert 'href="/melden"' in client.get(address).text
    assert 'href="/melden?regio=demo"' in client.get("/talent").text
    page = client.get("/melden", headers={"Accept-Language": "en"}).text
    assert "Does a place cost somebody their work?" in page
    assert "The new place replaces somebody who left" in page


def test_who_is_signed_in_is_not_shown_the_link_below_every_page(sign_in_as: SignInAs) -> None:
    assert 'href="/melden"' not in sign_in_as(Right.COACH).get("/vandaag").text
