"""The pages of jobs: started once, followed, stopped, and every way in which one can end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from matcher.domain.access import Right
from matcher.http.db import engine_of
from matcher.models import Job
from matcher.models.database import session_factory
from matcher.models.states import JobFailure, JobState
from matcher.repositories.scope import unscoped
from matcher.services.job_kinds import KINDS
from matcher.services.job_runs import claim, run_one
from matcher.services.visibility import Kind, visible_fields
from tests.web.forms import form_of

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def lead(sign_in_as: SignIn) -> FlaskClient:
    return sign_in_as(Right.LEAD)


def started(client: FlaskClient) -> str:
    """The address of a job that was just asked for."""
    form = form_of(client.get("/rekenen"), "kind")
    answer = client.post("/rekenen", data=form)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def work(app: Flask, at: datetime) -> JobState | None:
    return run_one(session_factory(engine_of(app)), "w", lambda: at, KINDS)


def put(app: Flask, **values: Any) -> None:
    """Puts the only job in a state that takes a while to come about."""
    with session_factory(engine_of(app))() as session:
        session.execute(unscoped(update(Job).values(**values), Job))
        session.commit()


def test_an_empty_page_says_what_can_be_done(lead: FlaskClient) -> None:
    page = lead.get("/rekenen").text
    assert "Er wordt nu niets uitgerekend." in page
    assert "Reken de regio door" in page
    assert "Nog niets. Wat u laat uitrekenen, vindt u hier terug." in page


def test_a_second_press_starts_nothing_and_a_second_wish_waits(
    lead: FlaskClient, sign_in_as: SignIn
) -> None:
    form = form_of(lead.get("/rekenen"), "kind")
    first = lead.post("/rekenen", data=form)
    again = lead.post("/rekenen", data=form)
    assert first.headers["Location"] == again.headers["Location"]
    page = lead.get("/rekenen").text
    assert "1 berekening loopt." in page
    assert "Bekijk hoe ver het is" in page
    assert "Reken de regio door" not in page
    triager = sign_in_as(Right.TRIAGER)
    refused = triager.post("/rekenen", data=form_of(triager.get("/rekenen"), "kind"))
    page = triager.get(refused.headers["Location"]).text
    assert "Dit wordt al uitgerekend voor uw regio." in page
    assert triager.get(first.headers["Location"]).status_code == 404, "somebody else's job"


def test_a_kind_that_is_not_offered_is_refused(lead: FlaskClient) -> None:
    form = form_of(lead.get("/rekenen"), "kind")
    assert lead.post("/rekenen", data={**form, "kind": "dance"}).status_code == 400
    assert lead.post("/rekenen", data={"kind": "match_region"}).status_code == 403


def test_progress_is_the_same_on_the_page_and_for_its_script(
    app: Flask, lead: FlaskClient, at: datetime
) -> None:
    address = started(lead)
    lease = {"lease_until": at + timedelta(seconds=20)}
    states: list[tuple[dict[str, Any], str]] = [
        ({}, "Het staat klaar en begint zo."),
        (
            {"submitted_at": at - timedelta(minutes=2)},
            "Er is nog niemand mee bezig. Dat duurt langer dan gewoon.",
        ),
        ({"state": JobState.RUNNING, **lease}, "De gegevens worden klaargezet."),
        ({"total": 1}, "0 van 1 deel is klaar."),
        ({"total": 4, "done": 3}, "3 van 4 delen zijn klaar."),
        (
            {"lease_until": at - timedelta(seconds=1)},
            "Het ligt even stil. Zo gaat het verder waar het was.",
        ),
        ({"cancel_asked_at": at, **lease}, "Het stopt na het deel dat nu loopt."),
    ]
    for change, words in states:
        if change:
            put(app, **change)
        page, seen = lead.get(address).text, lead.get(f"{address}/stand").get_json()
        assert seen["words"] == words
        assert words in page
        assert seen["ended"] is False
        assert seen["stuck"] is ("langer" in words or "stil" in words)
        assert ("Stop het rekenen" in page) is ("stopt" not in words)
        assert "Kijk opnieuw" in page, "without scripts one looks again"
    assert (seen["done"], seen["total"]) == (3, 4)
    assert set(seen) - {"words", "stuck", "ended"} <= visible_fields(Kind.JOB, [Right.LEAD])


def test_a_job_that_waits_is_stopped_at_once(lead: FlaskClient) -> None:
    address = started(lead)
    form = form_of(lead.get(address), "csrf_token")
    assert lead.post(f"{address}/stoppen", data=form).status_code == 303
    page = lead.get(address).text
    assert "Het rekenen is gestopt" in page
    assert "Begin opnieuw" in page
    assert lead.get(f"{address}/stand").get_json()["ended"] is True
    lead.post(f"{address}/stoppen", data=form)
    assert started(lead) != address
    assert "gestopt" in lead.get("/rekenen").text


def test_stopping_what_is_done_says_so(app: Flask, lead: FlaskClient, at: datetime) -> None:
    address = started(lead)
    form = form_of(lead.get(address), "csrf_token")
    assert work(app, at) is JobState.DONE
    answer = lead.post(f"{address}/stoppen", data=form)
    assert "Dit was al klaar." in lead.get(answer.headers["Location"]).text
    assert lead.post(f"{address}/stoppen", data={}).status_code == 403


@pytest.mark.parametrize(
    ("failure", "way_out"),
    [
        (JobFailure.REFUSED, "Kijk of er open plekken en mensen zijn"),
        (JobFailure.FAULT, "meld dan nummer"),
        (JobFailure.WORKERS_LOST, "genoeg geheugen"),
    ],
)
def test_a_job_that_failed_says_why_and_the_way_out(
    app: Flask, lead: FlaskClient, at: datetime, failure: JobFailure, way_out: str
) -> None:
    address = started(lead)
    put(app, state=JobState.FAILED, failure=failure, finished_at=at, slot=None)
    page = lead.get(address).text
    assert "Het rekenen is niet gelukt" in page
    assert way_out in page
    assert "Begin opnieuw" in page
    assert "niet gelukt" in lead.get("/rekenen").text


def test_without_people_or_places_the_result_says_what_to_do(
    app: Flask, lead: FlaskClient, at: datetime
) -> None:
    address = started(lead)
    assert work(app, at) is JobState.DONE
    page = lead.get(address).text
    assert "Er deed niemand mee." in page
    assert "Vraag het servicepunt om plekken te openen" in page
    people = lead.get(f"{address}/mensen").text
    assert "Voor niemand past nu een plek" in people
    assert "Laatst uitgerekend op 4 januari om 08:35." in lead.get("/rekenen").text


def test_an_old_or_replaced_result_says_so(app: Flask, lead: FlaskClient, at: datetime) -> None:
    first = started(lead)
    assert work(app, at) is JobState.DONE
    app.config["CLOCK"] = lambda: at + timedelta(minutes=20)
    assert "Reken opnieuw" not in lead.get(first).text
    second = started(lead)
    assert work(app, at) is JobState.DONE
    assert "Er is een nieuwere uitkomst." in lead.get(first).text
    assert "Er is een nieuwere uitkomst" in lead.get(f"{first}/mensen").text
    assert "nieuwere" not in lead.get(second).text


def test_a_result_of_yesterday_asks_to_calculate_again(
    app: Flask, sign_in_as: SignIn, at: datetime
) -> None:
    client = sign_in_as(Right.TRIAGER)
    address = started(client)
    assert work(app, at) is JobState.DONE
    app.config["CLOCK"] = lambda: at + timedelta(days=1)
    client = sign_in_as(Right.LEAD)
    page = client.get(address).text
    assert "Deze uitkomst is van 4 januari." in page
    form = form_of(client.get(address), "kind")
    assert client.post("/rekenen", data=form).status_code == 303


def test_a_result_of_a_kind_without_a_page_is_just_done(
    app: Flask, lead: FlaskClient, at: datetime
) -> None:
    address = started(lead)
    put(app, kind="dance", state=JobState.DONE, finished_at=at, result={}, slot=None)
    assert "Het is uitgerekend." in lead.get(address).text
    assert lead.get(f"{address}/mensen").status_code == 404


def test_a_worker_that_holds_a_job_is_not_named(
    app: Flask, lead: FlaskClient, at: datetime
) -> None:
    address = started(lead)
    with session_factory(engine_of(app))() as session:
        claim(session, "machine-7q", now=at)
    assert "machine-7q" not in lead.get(address).text + lead.get(f"{address}/stand").text


def test_the_menu_has_it_for_who_may_ask_and_nobody_else(sign_in_as: SignIn) -> None:
    for right in Right:
        client = sign_in_as(right, name=f"x-{right.value}")
        status = client.get("/rekenen").status_code
        assert (status == 200) is (right in (Right.TRIAGER, Right.LEAD)), right
        if status == 200:
            assert 'href="/rekenen" aria-current="page"' in client.get("/rekenen").text
