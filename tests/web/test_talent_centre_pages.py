"""The talent centre's pages: people by lane and waiting time, and the inbox of calls."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matcher.domain.access import Right, operator
from matcher.http.db import engine_of
from matcher.models.database import session_factory
from matcher.services.assessments import assess_candidate
from matcher.services.candidates import create_candidate
from tests.web.displacement_answers import NO_RISK, opened
from tests.web.forms import form_of

SignInAs = Callable[..., FlaskClient]

READY = {
    "rhythm": 4,
    "work_skills": 3,
    "language_speak": 4,
    "language_read": 4,
    "money": 4,
    "home_base": 4,
    "hours_max": 40,
    "hours_min": 32,
    "pc4": 3311,
    "travel_max_minutes": 60,
    "travel_modes": ("bike", "car"),
    "sectors": ("F42",),
    **dict.fromkeys(
        ("lift", "stand", "walk", "bend", "outdoor", "height", "pace", "interruptions"), 2
    ),
    **dict.fromkeys(("group", "alone", "customers"), 2),
}


@pytest.fixture
def people(app: Flask, at: datetime) -> None:
    """Three people: one ready and waiting short, one hardly known and waiting long, one new."""
    staff = operator("demo")
    with session_factory(engine_of(app))() as session:
        rows: list[dict[str, Any]] = [
            {"reference": "K-klaar", "waiting_since": date(2026, 12, 20), **READY},
            {"reference": "K-dun", "waiting_since": date(2026, 10, 1), "sectors": ("Q87",)},
            {"reference": "K-nieuw", "waiting_since": date(2027, 1, 2)},
        ]
        for values in rows:
            record = create_candidate(session, staff, values, now=at)
            if values["reference"] != "K-nieuw":
                assess_candidate(session, staff, record.id, on=at.date(), now=at)


@pytest.fixture
def triager(sign_in_as: SignInAs, people: None) -> FlaskClient:
    return sign_in_as(Right.TRIAGER, Right.SERVICE_POINT)


def _order(text: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"K-[a-z]+", text.split("<tbody>")[1])))


def test_the_heading_says_who_can_start_and_the_tiles_how_many_are_where(
    triager: FlaskClient,
) -> None:
    text = triager.get("/mensen").text
    assert "<h1>1 mens kan nu starten. 0 met steun.</h1>" in text
    counts = {
        label: int(count)
        for count, label in re.findall(
            r'<span class="count">(\d+)</span> <span class="what">([^<]+)</span>', text
        )
    }
    assert counts["Iedereen"] == 3
    assert counts["Nu starten"] == 1
    assert counts["Nog even doorvragen"] == 1
    assert counts["Nog geen advies"] == 1


def test_people_stand_in_order_of_waiting_and_long_waits_are_marked(triager: FlaskClient) -> None:
    text = triager.get("/mensen").text
    assert _order(text) == ["K-dun", "K-klaar", "K-nieuw"]
    rows = text.split("<tbody>")[1].split("<tr>")
    assert "95 dagen" in rows[1]
    assert "long-wait" in rows[1]
    assert "long-wait" not in rows[2]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("baan=ready_now", ["K-klaar"]),
        ("baan=not_enough_known", ["K-dun"]),
        ("baan=unassessed", ["K-nieuw"]),
        ("sector=Q87", ["K-dun"]),
        ("baan=ready_now&sector=F42", ["K-klaar"]),
        ("baan=bestaat-niet&sector=ZZ", ["K-dun", "K-klaar", "K-nieuw"]),
    ],
)
def test_the_list_narrows_to_a_lane_or_a_sector(
    triager: FlaskClient, query: str, expected: list[str]
) -> None:
    assert _order(triager.get(f"/mensen?{query}").text) == expected


def test_a_lane_without_people_says_what_to_do(triager: FlaskClient) -> None:
    assert "Hier staat nu niemand" in triager.get("/mensen?baan=other_route").text


def test_readiness_stands_nowhere_on_the_list(triager: FlaskClient) -> None:
    text = triager.get("/mensen").text.lower()
    for word in ("readiness", "gereedheid", "score"):
        assert word not in text


def test_people_of_another_region_are_not_there(sign_in_as: SignInAs, people: None) -> None:
    text = sign_in_as(Right.TRIAGER, region="haaglanden").get("/mensen").text
    assert "K-klaar" not in text
    assert "<h1>0 mensen kunnen nu starten." in text


# --- calls ----------------------------------------------------------------------------------


def _call(app: Flask, **changes: str) -> None:
    visitor = app.test_client()
    typed = {
        "name": "De voorman",
        "phone": "0612345678",
        "work": "paving",
        "people": "3",
        "wanted_when": "this_month",
        **changes,
    }
    form = form_of(visitor.get("/bel-mij"), "phone")
    assert visitor.post("/bel-mij", data={**form, **typed}).status_code == 303


def test_the_inbox_says_who_waits_for_what_and_until_when(app: Flask, triager: FlaskClient) -> None:
    assert "Nog geen aanvragen" in triager.get("/aanvragen").text
    _call(app)
    text = triager.get("/aanvragen").text
    assert "<h1>1 bedrijf wacht op een telefoontje.</h1>" in text
    assert "Straten maken</h2>" in text
    assert "3 of meer mensen · deze maand · De voorman" in text
    assert 'href="tel:0612345678"' in text
    assert "vandaag vóór 17:00" in text


def test_whoever_says_i_call_is_seen_by_the_others(
    app: Flask, triager: FlaskClient, sign_in_as: SignInAs
) -> None:
    _call(app)
    page = triager.get("/aanvragen")
    take = re.search(r'action="(/aanvragen/\d+/neem)"', page.text)
    assert take is not None
    assert triager.post(take.group(1), data=form_of(page, "csrf_token")).status_code == 303
    colleague = sign_in_as(Right.SERVICE_POINT, name="collega").get("/aanvragen").text
    assert "iemand belt" in colleague
    assert "Niemand wacht op een telefoontje." in colleague


def test_a_call_becomes_a_draft_that_the_firm_opens_with_one_press(
    app: Flask, triager: FlaskClient, sign_in_as: SignInAs
) -> None:
    firm = sign_in_as(Right.CONTRACTOR, organisation="Wegenbouw Noord")
    _call(app)
    link = re.search(r'href="(/aanvragen/\d+/plek)"', triager.get("/aanvragen").text)
    assert link is not None
    page = triager.get(link.group(1))
    form = form_of(page, "title")
    assert (form["title"], form["places"]) == ("Straten maken", "3")
    typed = {"contractor": "Wegenbouw Noord", "start_on": "2027-02-01"}
    assert triager.post(link.group(1), data={**form, **typed}).status_code == 303
    assert "De plek staat klaar." in triager.get("/aanvragen").text
    done = triager.get("/aanvragen?stand=done").text
    assert "Plek gemaakt" in done
    home = firm.get("/bedrijf").text
    assert "Dit wacht op u" in home
    place = re.search(r'href="(/mijn-plekken/\d+)">Straten maken', home)
    assert place is not None
    step = form_of(firm.get(place.group(1)), "version")
    opened(firm, firm.post(f"{place.group(1)}/openen", data=step))
    assert "De plek staat open." in firm.get(place.group(1)).text


def test_a_wrong_answer_in_the_vacancy_of_a_call_keeps_the_rest(
    app: Flask, triager: FlaskClient
) -> None:
    _call(app)
    link = re.search(r'href="(/aanvragen/\d+/plek)"', triager.get("/aanvragen").text)
    assert link is not None
    form = form_of(triager.get(link.group(1)), "title")
    answer = triager.post(
        link.group(1), data={**form, "contractor": "Firma", "title": "Jonge meid gezocht"}
    )
    assert answer.status_code == 400
    assert "Dit mag u niet vragen: leeftijd, man of vrouw." in answer.text
    assert form_of(answer, "title")["contractor"] == "Firma"


@pytest.mark.parametrize("outcome", ["call_again", "no_answer", "no_need"])
def test_a_call_can_end_otherwise(app: Flask, triager: FlaskClient, outcome: str) -> None:
    _call(app)
    page = triager.get("/aanvragen")
    finish = re.search(r'action="(/aanvragen/\d+/klaar)"', page.text)
    assert finish is not None
    form = form_of(page, "csrf_token")
    answer = triager.post(finish.group(1), data={**form, "outcome": outcome})
    assert answer.status_code == 303


def test_an_outcome_that_does_not_exist_is_refused(app: Flask, triager: FlaskClient) -> None:
    _call(app)
    page = triager.get("/aanvragen")
    finish = re.search(r'action="(/aanvragen/\d+/klaar)"', page.text)
    assert finish is not None
    form = form_of(page, "csrf_token")
    assert triager.post(finish.group(1), data={**form, "outcome": "x"}).status_code == 400


def test_calls_of_another_region_do_not_exist(app: Flask, sign_in_as: SignInAs) -> None:
    _call(app)
    other = sign_in_as(Right.SERVICE_POINT, region="haaglanden")
    assert "De voorman" not in other.get("/aanvragen").text
    assert other.get("/aanvragen/1/plek").status_code == 404


def test_a_name_leads_to_the_advice_and_everything_on_it_opens_for_a_talent_centre(
    triager: FlaskClient,
) -> None:
    page = re.search(r'href="(/mensen/\d+)">K-klaar', triager.get("/mensen").text)
    assert page is not None
    link = re.search(r'href="(/kandidaten/\d+)">', triager.get(page.group(1)).text)
    assert link is not None
    advice = triager.get(link.group(1)).text
    assert "Nu starten" in advice
    assert "Wat kiest u samen?" in advice
    for address in set(re.findall(r'href="(/kandidaten/[^"#]+)', advice)):
        assert triager.get(address).status_code == 200, address
    actions = set(re.findall(r'action="(/kandidaten/[^"#]+)', advice))
    assert actions == {f"{link.group(1)}/keuze"}
    choice = {**form_of(advice, "text"), "chosen": "ready_now", "reason": "agrees"}
    answer = triager.post(f"{link.group(1)}/keuze", data=choice)
    assert answer.status_code == 302, answer.text


def test_what_is_asked_on_the_phone_lets_the_firm_open_with_one_press(
    app: Flask, triager: FlaskClient, sign_in_as: SignInAs
) -> None:
    firm = sign_in_as(Right.CONTRACTOR, organisation="Wegenbouw Noord")
    _call(app)
    link = re.search(r'href="(/aanvragen/\d+/plek)"', triager.get("/aanvragen").text)
    assert link is not None
    form = form_of(triager.get(link.group(1)), "title")
    typed = {"contractor": "Wegenbouw Noord", "start_on": "2027-02-01"}
    half = triager.post(link.group(1), data={**form, **typed, "d1": "no"})
    assert half.status_code == 400
    assert "Kies een antwoord" in half.text
    assert triager.post(link.group(1), data={**form, **typed, **NO_RISK}).status_code == 303
    place = re.search(r'href="(/mijn-plekken/\d+)">Straten maken', firm.get("/bedrijf").text)
    assert place is not None
    step = form_of(firm.get(place.group(1)), "version")
    assert firm.post(f"{place.group(1)}/openen", data=step).headers["Location"] == place.group(1)
    assert "De plek staat open." in firm.get(place.group(1)).text
