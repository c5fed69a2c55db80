"""The inflow pages: one sentence, and every number opens as many rows as it says."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matcher.domain.access import Right, Viewer, operator
from matcher.http.db import engine_of
from matcher.models import Account, AuditEntry, InflowBoard, InflowLine
from matcher.models.database import session_factory
from matcher.models.states import JobState
from matcher.repositories.acting import Actor, act_as
from matcher.repositories.scope import unscoped
from matcher.services.job_kinds import KINDS
from matcher.services.job_runs import run_one
from tests.services.introducing import open_place, person_of
from tests.web.forms import form_of
from tests.web.test_queue_pages import QUERIES_MAXIMUM, queries_of

SignIn = Callable[..., FlaskClient]


def world(app: Flask, sign_in_as: SignIn, at: datetime, people: int = 6) -> None:
    """Places in two sectors, one that nobody fits, and people of every kind."""
    sign_in_as(Right.CONTRACTOR, name="bedrijf")
    with session_factory(engine_of(app))() as session:
        firm = session.scalars(
            unscoped(select(Account).where(Account.name == "bedrijf"), Account)
        ).one()
        contractor = Viewer(firm.id, frozenset({Right.CONTRACTOR}), "demo", firm.organisation_id)
        coach = operator("demo")
        start = {"start_on": at.date() + timedelta(weeks=3), "flex_weeks": 2}
        for reference, change in (
            ("V-1", {"title": "Straat", "arrangement": "Infra", "places": 7}),
            ("V-2", {"sector": "N81", "title": "Groen", "places": 2}),
            ("V-3", {"title": "Kabels", "credentials": frozenset({"vca_full"})}),
        ):
            act_as(session, Actor(contractor, at))
            open_place(session, contractor, {**start, "reference": reference, **change}, at)
        act_as(session, Actor(coach, at))
        for number in range(people):
            level = ({}, {"rhythm": None}, {"rhythm": 1})[number % 3]
            since = date(2026, 1, 1) + timedelta(days=number)
            person_of(session, coach, at, reference=f"K-{number}", waiting_since=since, **level)
        session.commit()


def counted(app: Flask, client: FlaskClient, at: datetime) -> str:
    """The board once somebody asked for a counting and it was done."""
    form = form_of(client.get("/instroom"), "once")
    answer = client.post("/instroom/tellen", data=form)
    assert answer.status_code == 303, answer.text
    assert run_one(session_factory(engine_of(app)), "w", lambda: at, KINDS) is JobState.DONE
    assert "Bekijk de uitkomst" in client.get(answer.headers["Location"]).text
    return client.get("/instroom").text


@pytest.fixture
def triager(sign_in_as: SignIn) -> FlaskClient:
    return sign_in_as(Right.TRIAGER)


def headline(page: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page)
    assert found
    return unescape(found[1])


def numbers(page: str) -> list[tuple[int, str]]:
    """(number, address) of every number that opens something."""
    links = re.findall(r'<a href="(/instroom/[^"]+)" aria-label="(\d+), ', page)
    return [(int(number), unescape(address)) for address, number in links]


def test_before_the_first_counting_the_page_says_what_to_do(triager: FlaskClient) -> None:
    page = triager.get("/instroom").text
    assert headline(page) == "De instroom is nog niet geteld"
    assert "Tel de instroom" in page
    for address in ("/instroom/mensen", "/instroom/plekken"):
        assert triager.get(address).headers["Location"] == "/instroom"
    for address in ("/instroom/plekken/1", "/instroom/tekort/8"):
        assert triager.get(address).status_code == 404


def test_the_sentence_adds_up_and_every_number_opens_as_many_rows(
    app: Flask, triager: FlaskClient, sign_in_as: SignIn, at: datetime
) -> None:
    world(app, sign_in_as, at)
    page = counted(app, triager, at)
    with session_factory(engine_of(app))() as session:
        lines = session.scalars(unscoped(select(InflowLine), InflowLine)).all()
        ready = sum(line.stand == "ready" for line in lines)
    assert ready == 2
    assert headline(page) == f"12 plekken open. {ready} mensen kunnen nu."
    assert "In 8 weken komen er 0 bij. Tekort: 10." in page
    assert "Grootste oorzaak: te weinig bekend, 2 mensen." in page
    found = numbers(page)
    assert len(found) > 20
    for number, address in found:
        opened = triager.get(address).text
        if "/tekort/" in address:
            assert headline(opened) == f"Tekort: {number}"
            parts = [
                int(part) for part in re.findall(r'class="num">.*?(\d+)(?:</a>)?</td>', opened)
            ]
            assert parts[-1] == max(parts[0] - sum(parts[1:-1]), 0) == number
        else:
            assert re.match(r"\d+", headline(opened))[0] == str(number), address  # type: ignore[index]
        if "/mensen" in address:
            assert opened.count('<tr><th scope="row">') == number, address


def test_a_sector_has_a_board_of_its_own(
    app: Flask, triager: FlaskClient, sign_in_as: SignIn, at: datetime
) -> None:
    world(app, sign_in_as, at)
    counted(app, triager, at)
    page = triager.get("/instroom?sector=N81").text
    assert headline(page).startswith("2 plekken open.")
    assert "Hele regio" in page
    assert "Grootste oorzaak" not in page, "causes are those of the region"
    assert triager.get("/instroom?samenwerking=Infra").text.count("7") >= 1
    assert headline(triager.get("/instroom?sector=Q99").text).startswith("12 plekken open.")


def test_a_place_that_nobody_fits_names_who_is_closest(
    app: Flask, triager: FlaskClient, sign_in_as: SignIn, at: datetime
) -> None:
    world(app, sign_in_as, at)
    counted(app, triager, at)
    places = triager.get("/instroom/plekken").text
    assert "niemand, 2 zijn dichtbij" in places
    address = re.findall(r'href="(/instroom/plekken/\d+)">Kabels', places)[0]
    page = triager.get(address).text
    assert "Niemand kan hier nu starten. Het dichtst bij:" in page
    assert page.index("K-0") < page.index("K-3"), "longest waiting first"
    assert triager.get("/instroom/plekken/424242").status_code == 404


def test_who_is_reached_by_a_number_is_in_the_log(
    app: Flask, triager: FlaskClient, sign_in_as: SignIn, at: datetime
) -> None:
    world(app, sign_in_as, at)
    counted(app, triager, at)
    triager.get("/instroom/mensen?staat=ready")
    with session_factory(engine_of(app))() as session:
        entries = session.scalars(
            unscoped(select(AuditEntry).where(AuditEntry.kind == "inflow_line"), AuditEntry)
        ).all()
        assert [(entry.count, entry.query) for entry in entries] == [(2, "stand=ready")]


def test_an_old_board_says_so_and_a_second_wish_waits(
    app: Flask, triager: FlaskClient, sign_in_as: SignIn, at: datetime
) -> None:
    world(app, sign_in_as, at)
    counted(app, triager, at)
    with session_factory(engine_of(app))() as session:
        board = session.scalars(unscoped(select(InflowBoard), InflowBoard)).one()
        board.on -= timedelta(days=3)
        session.commit()
    assert "Sindsdien kan er veel veranderd zijn." in triager.get("/instroom").text
    form = form_of(triager.get("/instroom"), "once")
    assert triager.post("/instroom/tellen", data=form).status_code == 303
    again = {**form, "once": "nog een keer"}
    page = triager.post("/instroom/tellen", data=again, follow_redirects=True).text
    assert "Er wordt al geteld voor uw regio." in page
    assert "Er wordt opnieuw geteld." in page
    assert triager.post("/instroom/tellen", data={"once": "x"}).status_code == 403


@pytest.mark.parametrize(
    "address",
    ["/instroom", "/instroom/mensen", "/instroom/plekken", "/instroom/plekken/1",
     "/instroom/tekort/8", "/instroom/bewaken", "/instroom/weekbericht"],
)  # fmt: skip
def test_a_page_asks_the_database_a_bounded_number_of_times(
    app: Flask, triager: FlaskClient, sign_in_as: SignIn, at: datetime, address: str
) -> None:
    world(app, sign_in_as, at)
    counted(app, triager, at)
    few = queries_of(app, triager, address)
    with session_factory(engine_of(app))() as session:
        act_as(session, Actor(operator("demo"), at))
        for number in range(20):
            person_of(session, operator("demo"), at, reference=f"M-{number}")
        session.commit()
    counted(app, triager, at)
    assert queries_of(app, triager, address) <= few <= QUERIES_MAXIMUM


def test_the_monitors_open_their_people_and_the_report_is_a_pdf_too(
    app: Flask, triager: FlaskClient, sign_in_as: SignIn, at: datetime
) -> None:
    world(app, sign_in_as, at)
    counted(app, triager, at)
    page = triager.get("/instroom/bewaken").text
    assert headline(page) == "6 van de 6 mensen wachten langer dan 8 weken."
    found = numbers(page)
    assert len(found) >= 5
    for number, address in found:
        opened = triager.get(address).text
        assert headline(opened).split()[0] == str(number), address
        assert opened.count('<tr><th scope="row">') == number, address
    report = triager.get("/instroom/weekbericht").text
    assert "12 plekken open. 2 mensen kunnen nu." in report
    paper = triager.get("/instroom/weekbericht.pdf")
    assert paper.mimetype == "application/pdf"
    assert paper.data.startswith(b"%PDF-")
    assert paper.data == triager.get("/instroom/weekbericht.pdf").data
    assert triager.get("/instroom/bewaken/afgeweken/ready_now").status_code == 200


def test_who_oversees_reads_the_report_without_small_numbers_or_people(
    app: Flask, triager: FlaskClient, sign_in_as: SignIn, at: datetime
) -> None:
    officer = sign_in_as(Right.OFFICER)
    assert "nog niet geteld" in officer.get("/instroom/weekbericht").text
    paper = officer.get("/instroom/weekbericht.pdf")
    assert paper.headers["Location"] == "/instroom/weekbericht"
    assert "nog niet geteld" in officer.get("/instroom/bewaken").text
    world(app, sign_in_as, at)
    counted(app, triager, at)
    for address in ("/instroom/weekbericht", "/instroom/bewaken"):
        page = officer.get(address).text
        assert "/instroom/mensen" not in page
        assert "/instroom/plekken" not in page
        assert "K-0" not in page
    assert "Plekken open" in officer.get("/instroom/weekbericht").text
    assert officer.get("/instroom/weekbericht.pdf").status_code == 200
    for address in ("/instroom", "/instroom/mensen", "/instroom/bewaken/afgeweken/ready_now"):
        assert officer.get(address).status_code == 403
