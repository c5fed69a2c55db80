"""“Aanvragen”, the open places: every number is that of its rows and opens them, and who calls."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matcher.domain.access import Right, operator
from matcher.http.db import engine_of
from matcher.models import CallRequest, InflowLine, Vacancy
from matcher.models.database import session_factory
from matcher.models.states import CallStatus
from matcher.repositories.acting import Actor, act_as
from matcher.repositories.scope import unscoped
from tests.web.forms import form_of
from tests.web.test_inflow_pages import SignIn, counted, headline, world
from tests.web.test_queue_pages import QUERIES_MAXIMUM, queries_of

TAB = "/aanvragen"


@pytest.fixture
def triager(sign_in_as: SignIn) -> FlaskClient:
    return sign_in_as(Right.TRIAGER)


def cards(page: str) -> dict[int, str]:
    """The card of each place, by number of the vacancy."""
    found = re.split(r'<section class="card call[^"]*" id="plek-', page)[1:]
    return {int(card.split('"')[0]): card for card in found}


def told(card: str) -> list[int]:
    return [int(n) for n in re.findall(r"<dd>(?:<a [^>]*>)?(\d+)", card)]


def called(client: FlaskClient, number: int) -> str:
    form = form_of(client.get(TAB), "csrf_token")
    answer = client.post(f"{TAB}/plekken/{number}/neem", data=form)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"#plek-{number}")
    return client.get(TAB).text


def test_each_number_is_that_of_its_rows_and_opens_them(
    app: Flask, triager: FlaskClient, sign_in_as: SignIn, at: datetime
) -> None:
    world(app, sign_in_as, at)
    counted(app, triager, at)
    found = cards(triager.get(TAB).text)
    with session_factory(engine_of(app))() as session:
        lines = session.scalars(unscoped(select(InflowLine), InflowLine)).all()
        places = session.scalars(unscoped(select(Vacancy), Vacancy)).all()
    assert set(found) == {place.id for place in places}
    for number, card in found.items():
        ready = sum(line.stand == "ready" and line.vacancy_id == number for line in lines)
        coming = [
            sum(
                line.stand == "coming" and line.vacancy_id == number and (line.week or 0) <= week
                for line in lines
            )
            for week in (4, 8)
        ]
        assert told(card) == [ready, ready + coming[0], ready + coming[1]]
        for address, people in re.findall(r'<dd><a href="([^"]+)" aria-label="(\d+) ', card):
            assert headline(triager.get(unescape(address)).text).split()[0] == people
    assert sum(told(card)[0] for card in found.values()) > 0


def test_the_service_point_sees_the_same_numbers_and_none_opens_people(
    app: Flask, triager: FlaskClient, sign_in_as: SignIn, at: datetime
) -> None:
    world(app, sign_in_as, at)
    counted(app, triager, at)
    own = cards(triager.get(TAB).text)
    other = cards(sign_in_as(Right.SERVICE_POINT).get(TAB).text)

    assert {n: told(card) for n, card in other.items()} == {n: told(c) for n, c in own.items()}
    assert not any("/instroom/" in card for card in other.values())


def test_a_colleague_sees_who_calls_and_the_outcome_is_told_with_its_day(
    app: Flask, triager: FlaskClient, sign_in_as: SignIn, at: datetime
) -> None:
    world(app, sign_in_as, at)
    number = min(cards(triager.get(TAB).text))
    assert "U belt" in cards(called(triager, number))[number]
    other = sign_in_as(Right.SERVICE_POINT, name="collega")
    page = other.get(TAB)
    assert re.search(r"triager\w* belt", cards(page.text)[number])
    again = other.post(f"{TAB}/plekken/{number}/neem", data=form_of(page, "csrf_token"))
    assert again.status_code == 409
    finish = re.search(r'action="(/aanvragen/\d+/klaar)"', cards(page.text)[number])
    assert finish is not None
    data = {**form_of(page, "csrf_token"), "outcome": "no_need"}
    assert other.post(finish[1], data=data).status_code == 303
    card = cards(triager.get(TAB).text)[number]
    assert "Gebeld: niet meer nodig" in card
    assert "collega" in card
    assert "Ik bel" in card


def test_an_overdue_call_stands_on_top_in_words(
    app: Flask, triager: FlaskClient, sign_in_as: SignIn, at: datetime
) -> None:
    world(app, sign_in_as, at)
    last = max(cards(triager.get(TAB).text))
    called(triager, last)
    with session_factory(engine_of(app))() as session:
        act_as(session, Actor(operator("demo"), at))
        row = session.scalars(
            unscoped(select(CallRequest).where(CallRequest.vacancy_id == last), CallRequest)
        ).one()
        assert row.status is CallStatus.TAKEN
        row.due_at = at - timedelta(days=1)
        session.commit()
    page = triager.get(TAB).text
    assert "1 telefoontje is te laat. Dat staat bovenaan." in page
    first, card = next(iter(cards(page).items()))
    assert first == last
    assert "Te laat: " in card


def test_before_it_was_counted_no_number_is_told(
    app: Flask, triager: FlaskClient, sign_in_as: SignIn, at: datetime
) -> None:
    world(app, sign_in_as, at)
    page = triager.get(TAB).text

    assert "Er is nog niet geteld." in page
    assert all(told(card) == [] for card in cards(page).values())


def test_more_places_take_no_more_questions_to_the_database(
    app: Flask, triager: FlaskClient, sign_in_as: SignIn, at: datetime
) -> None:
    world(app, sign_in_as, at)
    counted(app, triager, at)
    for number in cards(triager.get(TAB).text):
        called(triager, number)

    assert queries_of(app, triager, TAB) <= QUERIES_MAXIMUM


@pytest.mark.parametrize("right", [Right.COACH, Right.CONTRACTOR, Right.OFFICER, Right.ANALYST])
def test_others_do_not_call_about_places(sign_in_as: SignIn, right: Right) -> None:
    client = sign_in_as(right)
    assert client.get(TAB).status_code == 403
    form = form_of(client.get("/mijn-account"), "csrf_token")
    assert client.post(f"{TAB}/plekken/1/neem", data=form).status_code == 403
