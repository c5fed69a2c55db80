"""“Bel mij” and “Neem dit van mij over”: asking to be called, and what is promised."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from matcher import create_app
from matcher.domain.access import Right
from tests.web.forms import form_of

SignInAs = Callable[..., FlaskClient]
CALL = {
    "name": "De voorman",
    "phone": "06 - 12 34 56 78",
    "work": "paving",
    "people": "2",
    "wanted_when": "this_week",
}


@pytest.mark.parametrize(
    ("moment", "promise"),
    [
        ("2027-01-04T08:35", "Wij bellen u vandaag vóór 17:00."),
        ("2027-01-04T14:59", "Wij bellen u vandaag vóór 17:00."),
        ("2027-01-04T15:00", "Wij bellen u morgen vóór 17:00."),
        ("2027-01-08T16:30", "Wij bellen u op maandag 11 januari vóór 17:00."),
        ("2027-01-09T08:00", "Wij bellen u op maandag 11 januari vóór 17:00."),
        ("2027-01-10T23:30", "Wij bellen u morgen vóór 17:00."),
    ],
)
def test_the_promise_to_call_is_kept_to_working_hours(
    sqlite_url: str, moment: str, promise: str
) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Europe/Amsterdam"))
    client = create_app({"DATABASE_URL": sqlite_url, "CLOCK": lambda: at}).test_client()
    page = client.get("/bel-mij")
    assert promise in page.text
    answer = client.post("/bel-mij", data={**form_of(page, "phone"), **CALL})
    assert answer.status_code == 303
    assert f"<h1>{promise}</h1>" in client.get(answer.headers["Location"]).text


def test_the_call_me_form_has_five_questions_and_needs_no_account(client: FlaskClient) -> None:
    text = client.get("/bel-mij").text
    main = text.split("<main")[1].split("</main>")[0]
    labels = re.findall(r"<(?:label for=\"\w+\"|legend)>([^<]+)<", main)
    assert [label.strip() for label in labels] == [
        "Uw naam",
        "Telefoon",
        "Wat voor werk?",
        "Hoeveel mensen?",
        "Vanaf wanneer?",
    ]


def test_an_empty_form_says_at_each_field_what_to_do(client: FlaskClient) -> None:
    answer = client.post("/bel-mij", data=form_of(client.get("/bel-mij"), "phone"))
    assert answer.status_code == 400
    assert "<title>Fout: Bel mij" in answer.text
    for link, words in (
        ("#name", "Vul uw naam in"),
        ("#phone", "Vul uw telefoonnummer in, dan kunnen we u bellen"),
        ("#work-0", "Kies wat voor werk het is"),
        ("#people-0", "Kies hoeveel mensen u zoekt"),
        ("#wanted_when-0", "Kies vanaf wanneer u iemand zoekt"),
    ):
        assert f'<a href="{link}">{words}</a>' in answer.text
        assert f'id="{link[1:]}"' in answer.text


@pytest.mark.parametrize("phone", ["123", "06-1234", "bel maar", "0612345678901234567"])
def test_a_wrong_number_is_kept_and_explained(client: FlaskClient, phone: str) -> None:
    form = form_of(client.get("/bel-mij"), "phone")
    answer = client.post("/bel-mij", data={**form, **CALL, "phone": phone})
    assert answer.status_code == 400
    assert f'value="{phone}"' in answer.text
    assert "Vul een telefoonnummer in met 10 cijfers" in answer.text
    assert 'value="De voorman"' in answer.text
    assert re.search(r'checked[^>]*value="paving"', answer.text)


def test_a_name_with_a_citizen_number_is_refused_in_words_that_do_not_repeat_it(
    client: FlaskClient,
) -> None:
    form = form_of(client.get("/bel-mij"), "phone")
    answer = client.post("/bel-mij", data={**form, **CALL, "name": "Voorman 111222333"})
    assert answer.status_code == 400
    message = re.search(r'id="name-error">.*?</p>', answer.text, re.DOTALL)
    assert message is not None
    assert "burgerservicenummer" in message.group()
    assert "111222333" not in message.group()


def test_pressing_twice_makes_one_request_and_shows_its_result_twice(
    client: FlaskClient, sign_in_as: SignInAs
) -> None:
    form = {**form_of(client.get("/bel-mij"), "phone"), **CALL}
    first, second = client.post("/bel-mij", data=form), client.post("/bel-mij", data=form)
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    inbox = sign_in_as(Right.SERVICE_POINT).get("/aanvragen").text
    assert inbox.count("De voorman") == 1


def test_a_sent_form_that_is_changed_and_sent_again_is_not_taken_for_the_first(
    client: FlaskClient,
) -> None:
    form = {**form_of(client.get("/bel-mij"), "phone"), **CALL}
    client.post("/bel-mij", data=form)
    again = client.post("/bel-mij", data={**form, "people": "1"})
    assert again.status_code == 422


def test_too_many_requests_from_one_address_have_to_wait(sqlite_url: str, at: datetime) -> None:
    app = create_app(
        {
            "DATABASE_URL": sqlite_url,
            "CLOCK": lambda: at,
            "RATELIMIT_ENABLED": True,
            "CALL_ME_LIMIT": "2 per hour",
        }
    )
    client = app.test_client()
    statuses = []
    for _ in range(3):
        form = form_of(client.get("/bel-mij"), "phone")
        statuses.append(client.post("/bel-mij", data={**form, **CALL}))
    assert [answer.status_code for answer in statuses] == [303, 303, 429]
    assert int(statuses[-1].headers["Retry-After"]) > 0


def test_a_known_firm_finds_name_and_number_filled_in_the_second_time(
    sign_in_as: SignInAs,
) -> None:
    client = sign_in_as(Right.CONTRACTOR)
    form = form_of(client.get("/bel-mij"), "phone")
    client.post("/bel-mij", data={**form, **CALL})
    again = form_of(client.get("/bel-mij"), "phone")
    assert (again["name"], again["phone"]) == ("De voorman", "0612345678")


def test_taking_over_becomes_a_call_that_says_what_it_is_about(sign_in_as: SignInAs) -> None:
    client = sign_in_as(Right.CONTRACTOR)
    page = client.get("/neem-over?over=V-12")
    typed = {"name": "De uitvoerder", "phone": "0781234567"}
    answer = client.post("/neem-over", data={**form_of(page, "phone"), **typed})
    assert answer.status_code == 303
    inbox = sign_in_as(Right.SERVICE_POINT).get("/aanvragen").text
    assert "Overnemen: V-12" in inbox
    assert "De uitvoerder" in inbox


def test_the_firm_sees_who_calls_at_which_number_and_by_when(sign_in_as: SignInAs) -> None:
    firm = sign_in_as(Right.CONTRACTOR)
    rival = sign_in_as(Right.CONTRACTOR, name="ander", organisation="Ander Bedrijf")
    point = sign_in_as(Right.SERVICE_POINT, name="anne van het servicepunt")
    firm.post("/bel-mij", data={**form_of(firm.get("/bel-mij"), "phone"), **CALL})
    assert "Wij bellen u" not in firm.get("/bedrijf").text

    inbox = point.get("/aanvragen").text
    address = re.search(r'action="(/aanvragen/\d+/neem)"', inbox)
    assert address is not None
    token = form_of(inbox, "csrf_token")["csrf_token"]
    point.post(address[1], data={"csrf_token": token})

    page = firm.get("/bedrijf").text
    assert "anne van het servicepunt belt u vandaag vóór 17:00." in page
    assert "Zelf bellen kan ook" not in page, "no number was filled in"
    wrong = form_of(point.get("/account/telefoon"), "phone")
    assert point.post("/account/telefoon", data={**wrong, "phone": "12"}).status_code == 400
    saved = point.post("/account/telefoon", data={**wrong, "phone": "078 - 123 45 67"})
    assert saved.headers["Location"] == "/account"
    assert "Bedrijven die u belt, zien: 0781234567." in point.get("/account").text
    assert "Zelf bellen kan ook: 0781234567." in firm.get("/bedrijf").text
    assert "Wij bellen u" not in rival.get("/bedrijf").text
    point.post("/account/telefoon", data={**wrong, "phone": ""})
    assert "Zelf bellen kan ook" not in firm.get("/bedrijf").text
    assert firm.get("/account/telefoon").status_code == 403

    done = address[1].replace("/neem", "/klaar")
    point.post(done, data={"csrf_token": token, "outcome": "no_need"})
    assert "Wij bellen u" not in firm.get("/bedrijf").text
