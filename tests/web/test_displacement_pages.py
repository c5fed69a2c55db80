"""“Kost deze plek iemand anders werk?”: a firm answers, an officer looks, the firm reads why."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matcher.domain.access import Right
from tests.web.conftest import PASSWORD
from tests.web.displacement_answers import answered
from tests.web.forms import form_of

SignInAs = Callable[..., FlaskClient]
WHY = "Een collega ging met pensioen"


@pytest.fixture
def firm(sign_in_as: SignInAs) -> FlaskClient:
    return sign_in_as(Right.CONTRACTOR)


def draft(firm: FlaskClient) -> str:
    """The address of a place that was made and wants to open."""
    form = form_of(firm.get("/mijn-plekken/nieuw?werk=paving"), "title")
    typed = {"start_on": "2027-02-01", "places": "1", "action": "open"}
    answer = firm.post("/mijn-plekken/nieuw", data={**form, **typed})
    assert answer.headers["Location"].endswith("/verdringing")
    return str(answer.headers["Location"]).removesuffix("/verdringing")


def test_a_place_opens_with_the_answers_in_one_go(firm: FlaskClient) -> None:
    place = draft(firm)
    assert "Deze plek is nog niet open" in firm.get(place).text
    answer = answered(firm, f"{place}/verdringing")
    assert (answer.status_code, answer.headers["Location"]) == (303, place)
    page = firm.get(place).text
    assert "De plek staat open." in page
    assert "mensen passen nu" in page


def test_every_question_wants_an_answer_and_a_flagged_one_a_sentence(firm: FlaskClient) -> None:
    place = draft(firm)
    empty = answered(firm, f"{place}/verdringing", d1="", d2="")
    assert empty.status_code == 400
    assert empty.text.count('href="#d1-0"') == 1
    silent = answered(firm, f"{place}/verdringing", d3="yes")
    assert silent.status_code == 400
    assert "Vertel in één zin hoe het zit" in silent.text
    named = answered(firm, f"{place}/verdringing", d3="yes", reason_d3="BSN 111222333")
    assert named.status_code == 400
    assert "Deze plek is nog niet open" in firm.get(place).text


def test_an_officer_looks_at_what_is_flagged_and_the_firm_reads_the_answer(
    firm: FlaskClient, sign_in_as: SignInAs
) -> None:
    place = draft(firm)
    officer = sign_in_as(Right.OFFICER)
    assert "Geen plek wacht op u." in officer.get("/toezicht/verdringing").text
    answer = answered(firm, f"{place}/verdringing", d3="yes", reason_d3=WHY)
    assert answer.status_code == 303
    waiting = firm.get(place).text
    assert "Iemand van social return kijkt mee" in waiting
    assert "maandag 11 januari" in waiting
    assert f'action="{place}/openen"' not in waiting
    still = firm.post(f"{place}/openen", data=form_of(firm.get(place), "version"))
    assert still.headers["Location"] == place

    assert "1 plek wacht op uw antwoord." in officer.get("/toezicht").text
    inbox = officer.get("/toezicht/verdringing")
    assert "De plek vervangt iemand die vertrok" in inbox.text
    assert WHY in inbox.text
    address = re.search(r'action="(/toezicht/verdringing/\d+)"', inbox.text)
    assert address is not None
    form = form_of(inbox, "why")
    silent = officer.post(address.group(1), data={**form, "why": "", "verdict": "hold"})
    assert silent.status_code == 400
    assert "Vul in waarom" in silent.text
    held = {**form, "why": "Bel mij even over deze plek", "verdict": "hold"}
    assert officer.post(address.group(1), data=held).status_code == 303

    told = firm.get(place).text
    assert "Zo kan de plek nog niet open" in told
    assert "Bel mij even over deze plek" in told
    kept = form_of(firm.get(f"{place}/verdringing"), "reason_d3")
    assert (kept["d3"], kept["reason_d3"]) == ("yes", WHY)
    answered(firm, f"{place}/verdringing", d3="yes", reason_d3=WHY)
    late = {**form, "why": "Toch goed", "verdict": "approve"}
    officer.post(address.group(1), data=late)
    assert "Hier is intussen iets veranderd" in officer.get("/toezicht/verdringing").text
    form = form_of(officer.get("/toezicht/verdringing"), "why")
    officer.post(address.group(1), data={**form, "why": "Dat mag", "verdict": "approve"})
    assert "De plek mag open" in firm.get(place).text
    firm.post(f"{place}/openen", data=form_of(firm.get(place), "version"))
    assert "De plek staat open." in firm.get(place).text


def test_a_firm_looks_back_when_half_a_year_has_passed(
    app: Flask, firm: FlaskClient, at: datetime
) -> None:
    place = draft(firm)
    answered(firm, f"{place}/verdringing")
    firm.post(f"{place}/vervuld", data=form_of(firm.get(place), "version"))
    assert "Nog één keer terugkijken" not in firm.get(place).text
    app.config["CLOCK"] = lambda: at + timedelta(weeks=26)
    firm = app.test_client()
    form = form_of(firm.get("/aanmelden"), "password")
    firm.post("/aanmelden", data={**form, "name": "contractor", "password": PASSWORD})
    assert "Kijk terug" in firm.get("/bedrijf").text
    page = firm.get(f"{place}/terugkijken").text
    assert "Is er na de start iemand gestopt" in page
    answered(firm, f"{place}/terugkijken")
    assert "Kijk terug" not in firm.get("/bedrijf").text


def test_the_questions_of_another_firm_are_not_found(
    firm: FlaskClient, sign_in_as: SignInAs
) -> None:
    place = draft(firm)
    rival = sign_in_as(Right.CONTRACTOR, name="rival", organisation="Een ander")
    for address in (f"{place}/verdringing", f"{place}/terugkijken"):
        assert rival.get(address).status_code == 404
        assert rival.post(address, data=form_of(rival.get("/bel-mij"), "name")).status_code == 404
    for right in (Right.LEAD, Right.ANALYST, Right.TRIAGER):
        assert sign_in_as(right).get("/toezicht/verdringing").status_code == 403
