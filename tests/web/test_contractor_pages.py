"""A contractor's places: ten questions, drafts, stale saves, and how many people fit, in bands."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matcher import create_app
from matcher.domain.access import Right
from matcher.http.db import engine_of
from matcher.models.database import session_factory
from matcher.services.accounts import sign_in
from matcher.services.vacancies import list_vacancies, update_vacancy
from tests.web.conftest import PASSWORD
from tests.web.displacement_answers import opened
from tests.web.forms import form_of

SignInAs = Callable[..., FlaskClient]
PLACE = {
    "title": "Leerling stratenmaker",
    "places": "2",
    "hours_min": "32",
    "hours_max": "36",
    "start_on": "2027-02-01",
    "site_pc4": "3311 AB",
    "day_starts_at": "7:00",
    "wage_hour_cents": "15,20",
}


def _amsterdam(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Amsterdam"))


def _place(client: FlaskClient, action: str = "open", **changes: str):
    address = "/mijn-plekken/nieuw?werk=paving"
    form = {**form_of(client.get(address), "title"), **PLACE, **changes}
    answer = client.post("/mijn-plekken/nieuw", data={**form, "action": action})
    return opened(client, answer)


def test_every_page_of_a_contractor_offers_to_take_it_over(sign_in_as: SignInAs) -> None:
    client = sign_in_as(Right.CONTRACTOR)
    place = _place(client).headers["Location"]
    for address in (
        "/bedrijf",
        "/mijn-plekken",
        "/mijn-plekken/nieuw",
        "/mijn-plekken/nieuw?werk=paving",
        place,
        f"{place}/wijzigen",
    ):
        assert "Neem dit van mij over" in client.get(address).text, address


def test_choosing_the_kind_of_work_fills_in_what_it_usually_asks(sign_in_as: SignInAs) -> None:
    client = sign_in_as(Right.CONTRACTOR)
    assert "Straten maken" in client.get("/mijn-plekken/nieuw").text
    page = client.get("/mijn-plekken/nieuw?werk=paving")
    form = form_of(page, "title")
    assert form["title"] == "Straten maken"
    assert form["sector"] == "F42"
    assert (form["hours_min"], form["hours_max"]) == ("36", "40")
    assert (form["lift"], form["pace"], form["stand"]) == ("2", "1", "0")
    assert (form["rhythm"], form["work_skills"]) == ("3", "2")
    assert form["credentials_taught"] == "vca_basic"
    assert "Veel: tillen, bukken en knielen, buiten werken" in page.text


def test_the_form_has_ten_questions(sign_in_as: SignInAs) -> None:
    text = sign_in_as(Right.CONTRACTOR).get("/mijn-plekken/nieuw?werk=paving").text
    assert len(re.findall(r'<h2 id="vraag-\d+">', text)) == 10


def test_a_place_is_opened_and_shows_a_band_and_never_a_number_of_people(
    sign_in_as: SignInAs,
) -> None:
    client = sign_in_as(Right.CONTRACTOR)
    answer = _place(client)
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"])
    assert "De plek staat open." in page.text
    assert "<h1>Minder dan 3 mensen passen nu.</h1>" in page.text
    for fact in ("32–36 uur", "1 februari", "3311", "07:00", "€ 15,20", "2"):
        assert fact in page.text


def test_a_draft_may_leave_things_open_and_waits_on_the_start_page(sign_in_as: SignInAs) -> None:
    client = sign_in_as(Right.CONTRACTOR)
    answer = _place(client, "draft", places="", start_on="", hours_max="", hours_min="")
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"])
    assert "Deze plek is nog niet open." in page.text
    assert "Dit wacht op u" in client.get("/bedrijf").text


def test_opening_asks_for_what_is_needed_and_keeps_what_was_typed(sign_in_as: SignInAs) -> None:
    client = sign_in_as(Right.CONTRACTOR)
    answer = _place(client, places="", start_on="", buddies="3")
    assert answer.status_code == 400
    assert '<a href="#places">Vul in hoeveel plekken u hebt</a>' in answer.text
    assert '<a href="#start_on">Vul in wanneer het werk begint</a>' in answer.text
    form = form_of(answer, "title")
    assert (form["title"], form["buddies"]) == ("Leerling stratenmaker", "3")


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("hours_max", "50", "Vul een getal in van 1 tot en met 40"),
        ("hours_max", "10", "Vul bij ‘tot en met’ evenveel of meer uren in dan bij ‘van’"),
        ("site_pc4", "33", "Vul de vier cijfers van de postcode in, zoals 3311"),
        ("start_on", "31-2-2027", "Deze datum bestaat niet."),
        ("start_on", "9999-01-01", "Vul een startdatum in van deze tijd"),
        ("day_starts_at", "25:00", "Vul een tijd in, zoals 7:00"),
        ("wage_hour_cents", "veel", "Vul een bedrag in, zoals 15,20"),
        ("places", "0", "Vul een heel getal in van 1 tot en met 500"),
        ("places", "NaN", "Vul een heel getal in van 1 tot en met 500"),
        ("title", "x" * 81, "Gebruik ten hoogste 80 tekens. Dit zijn er 81."),
        ("title", "Jonge kerel gezocht", "Dit mag u niet vragen: leeftijd, man of vrouw."),
        ("title", "Werk 111222333", "Hier staat iets over: een burgerservicenummer."),
        ("employer_of_record", "Wajong BV", "Dit mag u niet vragen: uitkering of doelgroep."),
    ],
)
def test_a_wrong_answer_is_kept_and_says_how_to_put_it_right(
    sign_in_as: SignInAs, field: str, typed: str, message: str
) -> None:
    answer = _place(sign_in_as(Right.CONTRACTOR), **{field: typed})
    assert answer.status_code == 400
    assert message in answer.text
    assert f'<a href="#{field}">' in answer.text
    assert form_of(answer, "title")[field] == typed


@pytest.mark.parametrize("typed", ["4-1-2027", "04/01/2027", "2027-01-04", " 4.1.2027 "])
def test_a_date_is_read_as_people_write_it(sign_in_as: SignInAs, typed: str) -> None:
    client = sign_in_as(Right.CONTRACTOR)
    page = client.get(_place(client, start_on=typed).headers["Location"])
    assert "4 januari" in page.text


def test_a_second_place_takes_over_what_a_firm_always_says(sign_in_as: SignInAs) -> None:
    client = sign_in_as(Right.CONTRACTOR)
    _place(client, guidance_hours="6", buddies="2")
    other = form_of(client.get("/mijn-plekken/nieuw?werk=green"), "title")
    assert other["title"] == "Groen"
    assert (other["site_pc4"], other["guidance_hours"], other["buddies"]) == ("3311", "6", "2")
    assert (other["lift"], other["walk"]) == ("0", "1")
    same = form_of(client.get("/mijn-plekken/nieuw?als-vorige=1"), "title")
    assert (same["title"], same["places"]) == ("Leerling stratenmaker", "2")
    assert same["start_on"] == "2027-02-01"


def test_pressing_open_twice_makes_one_place(sign_in_as: SignInAs) -> None:
    client = sign_in_as(Right.CONTRACTOR)
    form = {**form_of(client.get("/mijn-plekken/nieuw?werk=paving"), "title"), **PLACE}
    first = client.post("/mijn-plekken/nieuw", data={**form, "action": "open"})
    second = client.post("/mijn-plekken/nieuw", data={**form, "action": "open"})
    assert first.headers["Location"] == second.headers["Location"]
    assert client.get("/mijn-plekken").text.count("Leerling stratenmaker</a>") == 1


def test_a_change_is_saved_and_shown(sign_in_as: SignInAs) -> None:
    client = sign_in_as(Right.CONTRACTOR)
    place = _place(client).headers["Location"]
    form = form_of(client.get(f"{place}/wijzigen"), "title")
    answer = client.post(f"{place}/wijzigen", data={**form, "places": "3", "action": "open"})
    assert answer.status_code == 303
    assert "<dd>3</dd>" in client.get(place).text


def test_a_stale_save_shows_both_versions_keeps_what_was_typed_and_can_be_repeated(
    app: Flask, sign_in_as: SignInAs, at: datetime
) -> None:
    client = sign_in_as(Right.CONTRACTOR, name="firma")
    place = _place(client).headers["Location"]
    opened = form_of(client.get(f"{place}/wijzigen"), "title")
    with session_factory(engine_of(app))() as session:
        from matcher.services.accounts import find_viewer

        account = sign_in(session, "firma", PASSWORD, now=at)
        assert account is not None
        viewer = find_viewer(session, account.id)
        assert viewer is not None
        record = list_vacancies(session, viewer).items[0]
        update_vacancy(
            session, viewer, record.id, {"places": 5}, expected_version=record.version, now=at
        )
    mine = {**opened, "places": "3", "title": "Hulp stratenmaker", "action": "open"}
    answer = client.post(f"{place}/wijzigen", data=mine)
    assert answer.status_code == 409
    assert "Iemand anders was u voor" in answer.text
    rows = re.findall(
        r'<tr><th scope="row">([^<]+)</th><td[^>]*>([^<]+)</td><td[^>]*>([^<]+)</td></tr>',
        answer.text,
    )
    assert ("Hoeveel plekken?", "5", "3") in rows
    assert ("Hoe noemt u het werk?", "Leerling stratenmaker", "Hulp stratenmaker") in rows
    again = form_of(answer, "title")
    assert (again["places"], again["title"]) == ("3", "Hulp stratenmaker")
    saved = client.post(f"{place}/wijzigen", data={**again, "action": "open"})
    assert saved.status_code == 303
    assert "<dd>3</dd>" in client.get(place).text


@pytest.mark.parametrize(
    ("step", "words"), [("terugtrekken", "teruggetrokken"), ("vervuld", "vervuld")]
)
def test_a_place_can_be_closed_and_says_so(sign_in_as: SignInAs, step: str, words: str) -> None:
    client = sign_in_as(Right.CONTRACTOR)
    place = _place(client).headers["Location"]
    form = form_of(client.get(place), "version")
    assert client.post(f"{place}/{step}", data=form).status_code == 303
    assert words in client.get(place).text


def test_people_at_work_come_first_on_the_start_page(sign_in_as: SignInAs) -> None:
    client = sign_in_as(Right.CONTRACTOR)
    assert "<h1>Er staat nog geen plek van u open.</h1>" in client.get("/bedrijf").text
    place = _place(client).headers["Location"]
    assert "<h1>U hebt 2 plekken open.</h1>" in client.get("/bedrijf").text
    client.post(f"{place}/vervuld", data=form_of(client.get(place), "version"))
    text = client.get("/bedrijf").text
    assert "<h1>Op 2 plekken bij u werkt iemand.</h1>" in text
    assert text.index("Aan het werk</h2>") < text.index("Open plekken</h2>")


def test_a_step_on_a_place_that_changed_meanwhile_is_not_taken(sign_in_as: SignInAs) -> None:
    client = sign_in_as(Right.CONTRACTOR)
    place = _place(client).headers["Location"]
    stale = form_of(client.get(place), "version")
    form = form_of(client.get(f"{place}/wijzigen"), "title")
    client.post(f"{place}/wijzigen", data={**form, "places": "4", "action": "open"})
    client.post(f"{place}/terugtrekken", data=stale)
    text = client.get(place).text
    assert "De plek is intussen gewijzigd." in text
    assert "teruggetrokken" not in text


def test_a_place_of_another_firm_is_answered_exactly_as_one_that_does_not_exist(
    sign_in_as: SignInAs,
) -> None:
    place = _place(sign_in_as(Right.CONTRACTOR)).headers["Location"]
    other = sign_in_as(Right.CONTRACTOR, name="ander", organisation="Bouw Zuid")
    theirs, none = other.get(place), other.get("/mijn-plekken/99999")
    assert theirs.status_code == none.status_code == 404
    strip = re.compile(r"nummer: [0-9a-f]{32}|/mijn-plekken/\d+|value=\"[^\"]{30,}\"")
    assert strip.sub("", theirs.text) == strip.sub("", none.text)


def test_the_list_is_read_page_by_page(sign_in_as: SignInAs) -> None:
    client = sign_in_as(Right.CONTRACTOR)
    for number in range(27):
        assert _place(client, "draft", title=f"Werk {number}").status_code == 303
    first = client.get("/mijn-plekken")
    following = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert following is not None
    second = client.get(following.group(1).replace("&amp;", "&"))
    titles = re.findall(r">(Werk \d+)</a>", first.text + second.text)
    assert len(titles) == len(set(titles)) == 27


def test_an_empty_list_says_what_to_do_next(sign_in_as: SignInAs) -> None:
    text = sign_in_as(Right.CONTRACTOR).get("/mijn-plekken").text
    assert "U hebt nog geen plekken" in text
    assert 'href="/mijn-plekken/nieuw">Plek maken</a>' in text


def test_a_start_that_has_passed_is_not_copied(sqlite_url: str, sign_in_as: SignInAs) -> None:
    client = sign_in_as(Right.CONTRACTOR, name="firma")
    _place(client, start_on=date(2027, 1, 11).isoformat())
    later = _amsterdam("2027-01-04T08:00") + timedelta(days=30)
    app = create_app({"DATABASE_URL": sqlite_url, "CLOCK": lambda: later})
    visitor = app.test_client()
    form = form_of(visitor.get("/aanmelden"), "password")
    visitor.post("/aanmelden", data={**form, "name": "firma", "password": PASSWORD})
    same = form_of(visitor.get("/mijn-plekken/nieuw?als-vorige=1"), "title")
    assert same["start_on"] == ""
