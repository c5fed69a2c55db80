"""The pages of the weekly allocation: asked for, read part by part, decided on, and by whom."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from matcher import create_app
from matcher.domain.access import Right
from matcher.http.db import engine_of
from matcher.models import Account, Candidate, Introduction, Vacancy
from matcher.models.states import JobState, VacancyStatus
from matcher.models.wall import whole_database
from matcher.repositories.weekly import Sort
from matcher.services import weekly_views
from matcher.services.job_kinds import KINDS
from matcher.services.job_runs import run_one
from tests.privacy.world import client_of, token_of
from tests.services.conftest import NOW
from tests.services.weekly_region import WeeklyRegion, weekly_region
from tests.web.forms import form_of

Client = Callable[[Right], FlaskClient]


@pytest.fixture
def region(sqlite_url: str) -> Iterator[WeeklyRegion]:
    made = weekly_region(sqlite_url)
    with made.factory() as session:
        session.execute(update(Account).values(language="nl"))
        session.commit()
    yield made
    made.factory.kw["bind"].dispose()


@pytest.fixture
def app(region: WeeklyRegion) -> Iterator[Flask]:
    url = region.factory.kw["bind"].url.render_as_string(False)
    made = create_app({"DATABASE_URL": url, "CLOCK": lambda: NOW, "LOG_LEVEL": "CRITICAL"})
    yield made
    engine_of(made).dispose()


@pytest.fixture
def signed_in(app: Flask, region: WeeklyRegion) -> Client:
    def client(right: Right) -> FlaskClient:
        with region.factory() as session:
            return client_of(app, session, region.viewers[right].account_id)

    return client


def post(app: Flask, client: FlaskClient, address: str, **values: Any) -> Any:
    return client.post(address, data={"csrf_token": token_of(app), **values})


def test_asked_for_on_the_page_and_read_where_it_leads(
    app: Flask, region: WeeklyRegion, signed_in: Client
) -> None:
    client = signed_in(Right.LEAD)
    assert "Wie kan deze week waar beginnen?" in client.get("/verdelen").text
    answer = post(app, client, "/verdelen", floor="0")
    job = answer.headers["Location"]
    assert (answer.status_code, "Het staat klaar" in client.get(job).text) == (303, True)
    assert "Er wordt een verdeling gemaakt." in client.get("/verdelen").text
    assert run_one(region.factory, "w", lambda: NOW, KINDS) is JobState.DONE
    address = client.get(job).headers["Location"]
    assert "wachten op uw besluit" in client.get(address).text
    assert "voorstel voor werk" in client.get("/verdelen").text
    assert post(app, client, "/verdelen", floor="137").status_code == 400


def test_the_figures_on_the_page_are_those_of_the_rows(
    region: WeeklyRegion, signed_in: Client
) -> None:
    made = region.run()
    client = signed_in(Right.TRIAGER)
    page = client.get(f"/verdelen/{made.id}").text
    waiting = len(region.lines(made))
    assert f"{waiting} voorstellen wachten op uw besluit." in page
    counts = dict(re.findall(r"(Werkplekken|Programma&#39;s) <span class=\"count\">(\d+)", page))
    assert counts["Werkplekken"] == str(len(region.lines(made, sorts=(Sort.PLACES,))))
    for line in region.lines(made, sorts=(Sort.PLACES,)):
        assert f'name="line-{line.id}"' in page
    assert "Daarna komt" in page or "Anders voor deze persoon" in page
    helps = client.get(f"/verdelen/{made.id}?deel=helpt").text
    for row in made.figures["helps"]:
        assert f"helpt {row['people']} mens" in helps
    assert "VCA basis van 9 maart" in helps
    for part in ("programmas", "zonder", "leeg"):
        assert client.get(f"/verdelen/{made.id}?deel={part}").status_code == 200
    assert client.get(f"/verdelen/{made.id}?deel=anders").status_code == 404


def test_a_list_is_accepted_with_reasons_for_departures(
    app: Flask, region: WeeklyRegion, signed_in: Client
) -> None:
    made = region.run()
    client = signed_in(Right.LEAD)
    first, second = [
        line for line in region.lines(made, sorts=(Sort.PLACES,)) if line.programme_id is None
    ]
    answer = post(
        app, client, f"/verdelen/{made.id}/lijst",
        **{f"line-{first.id}": "accept", f"line-{second.id}": "candidate_wish"},
    )  # fmt: skip
    page = client.get(answer.headers["Location"]).text
    assert "1 voorstel aangenomen" in page
    assert "Bij 1 voorstel anders besloten" in page
    assert "uitgenodigd" in page
    assert "niet voorgesteld" in page
    assert region.count(Introduction) == 1
    again = post(app, client, f"/verdelen/{made.id}/lijst", **{f"line-{first.id}": "accept"})
    assert "Hierover is al besloten." in client.get(again.headers["Location"]).text
    later = post(app, client, f"/verdelen/{made.id}/lijst", **{f"line-{first.id}": "later"})
    assert "U koos niets" in client.get(later.headers["Location"]).text
    wrong = post(app, client, f"/verdelen/{made.id}/lijst", **{f"line-{first.id}": "agrees"})
    assert wrong.status_code == 400


def test_one_proposal_says_who_why_what_else_and_takes_either_decision(
    app: Flask, region: WeeklyRegion, signed_in: Client
) -> None:
    made = region.run()
    client = signed_in(Right.LEAD)
    line, other = [
        each for each in region.lines(made, sorts=(Sort.PLACES,)) if each.programme_id is None
    ]
    address = f"/verdelen/{made.id}/voorstel/{line.id}"
    page = client.get(address).text
    assert "Waarom" in page
    assert "Wat anders" in page
    assert "Neem aan" in page
    assert post(app, client, f"{address}/anders").status_code == 400
    assert post(app, client, f"{address}/aannemen").status_code == 303
    assert "uitgenodigd" in client.get(address).text
    assert "Neem aan" not in client.get(address).text
    away = f"/verdelen/{made.id}/voorstel/{other.id}"
    assert post(app, client, f"{away}/anders", why="safety").status_code == 303
    assert "niet voorgesteld" in client.get(away).text

    assert post(app, client, f"{away}/afspraak", decision="locked").status_code == 400
    for decision, said in (("locked", "vastgezet"), ("forbidden", "uitgesloten")):
        done = post(app, client, f"{away}/afspraak", decision=decision, reason="knows_more")
        shown = client.get(done.headers["Location"]).text
        assert said in shown
        assert "1 afspraak geldt" in shown
    number = re.search(r"/verdelen/afspraken/(\d+)/los", shown)
    assert number is not None
    let_go = post(app, client, number[0])
    assert "Er zijn geen afspraken vooraf." in client.get(let_go.headers["Location"]).text


def test_only_an_officer_switches_how_seats_go_and_sees_the_price(
    app: Flask, region: WeeklyRegion, signed_in: Client
) -> None:
    region.run()
    lead, officer = signed_in(Right.LEAD), signed_in(Right.OFFICER)
    assert "Alleen een medewerker van social return" in lead.get("/verdelen/volgorde").text
    refused = post(app, lead, "/verdelen/volgorde", order="value", why="omdat")
    assert refused.status_code == 403
    page = officer.get("/verdelen/volgorde").text
    assert "De prijs:" in page
    assert "langst wacht" in page
    assert post(app, officer, "/verdelen/volgorde", order="value").status_code == 400
    done = post(app, officer, "/verdelen/volgorde", order="value", why="proef")
    assert "verst mee komt" in officer.get(done.headers["Location"]).text
    assert officer.get("/verdelen").status_code == 403


@pytest.mark.parametrize("right", [Right.COACH, Right.SERVICE_POINT, Right.CONTRACTOR])
def test_it_is_for_the_centre_alone(region: WeeklyRegion, signed_in: Client, right: Right) -> None:
    made = region.run()
    client = signed_in(right)
    assert client.get("/verdelen").status_code == 403
    assert client.get(f"/verdelen/{made.id}").status_code == 403


def test_the_api_says_the_same_and_decides_once_for_a_key(
    app: Flask, region: WeeklyRegion, signed_in: Client
) -> None:
    client = signed_in(Right.LEAD)
    headers = {"X-CSRFToken": token_of(app), "Idempotency-Key": "een"}
    base = "/api/v1/allocations"
    asked = client.post(base, json={"floor": 0}, headers=headers)
    assert asked.status_code == 201, asked.text
    assert run_one(region.factory, "w", lambda: NOW, KINDS) is JobState.DONE
    (made,) = client.get(base).get_json()["items"]
    assert made["job_id"] == asked.get_json()["id"]
    lines = client.get(f"{base}/{made['id']}/proposals").get_json()["items"]
    assert len(lines) == made["figures"]["proposed"] + made["figures"]["seats_proposed"]
    line = next(each for each in lines if each["programme_id"] is None)
    decide = f"{base}/{made['id']}/decisions"
    body = {"proposal_id": line["id"], "decision": "accept"}
    done = client.post(decide, json=body, headers={**headers, "Idempotency-Key": "twee"})
    assert (done.status_code, done.get_json()["state"]) == (201, "accepted")
    again = client.post(decide, json=body, headers={**headers, "Idempotency-Key": "twee"})
    assert again.get_json() == done.get_json()
    third = client.post(decide, json=body, headers={**headers, "Idempotency-Key": "drie"})
    assert third.status_code == 409
    pair = {
        "candidate_id": line["candidate_id"], "vacancy_id": line["vacancy_id"],
        "decision": "locked", "why": "knows_more",
    }  # fmt: skip
    kept = client.post(
        "/api/v1/pair-choices", json=pair, headers={**headers, "Idempotency-Key": "vier"}
    )
    assert kept.status_code == 201, kept.text
    assert client.get("/api/v1/pair-choices").get_json()["items"] == [kept.get_json()]


def test_a_floor_that_is_too_high_says_who_comes_short_and_applies_the_highest_with_one_press(
    app: Flask, region: WeeklyRegion, signed_in: Client
) -> None:
    with region.session() as session, whole_database(session, "a test closes places"):
        others = Vacancy.__table__.c.reference != "V-A"
        session.connection().execute(
            update(Vacancy.__table__).where(others).values(status=VacancyStatus.WITHDRAWN)
        )
        # One place, and two groups by start level of which each could fill it alone.
        lower = Candidate.__table__.c.id.in_(region.people[:2])
        session.connection().execute(update(Candidate.__table__).where(lower).values(rhythm=2))
        session.commit()
    client = signed_in(Right.LEAD)
    job = post(app, client, "/verdelen", floor="100").headers["Location"]
    assert run_one(region.factory, "w", lambda: NOW, KINDS) is JobState.FAILED
    page = client.get(job)
    assert "Elke groep minstens 100 procent: dat kan niet." in page.text
    assert re.search(r"alleen zou die groep \d+ plekken? vullen. U vroeg er \d+.", page.text)
    assert "Bekijk welke groep tekortkomt" in client.get("/verdelen").text
    form = form_of(page, "floor")
    assert f"Reken met {form['floor']} procent" in page.text
    answer = client.post("/verdelen", data=form)
    assert answer.status_code == 303
    assert run_one(region.factory, "w", lambda: NOW, KINDS) is JobState.DONE
    with region.session() as session:
        newest = weekly_views.list_allocations(session, region.lead, limit=1).items[0]
    assert newest.choice["floor"] == int(form["floor"])
    assert "Bekijk welke groep tekortkomt" not in client.get("/verdelen").text
    assert "Bekijk welke groep tekortkomt" not in signed_in(Right.COACH).get(job).text
