"""Free text of pages and API is looked at, and nothing of what was found is kept or logged."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from wtforms import HiddenField, PasswordField, StringField, TextAreaField

from matcher import create_app
from matcher.domain.access import Right
from matcher.http.db import engine_of
from matcher.models import Base
from matcher.models.database import session_factory
from matcher.services.accounts import add_account, create_token
from matcher.services.candidates import create_candidate
from matcher.web.forms import TextField
from matcher.web.free_text import Guarded
from tests.privacy.everything import body_strings, form_fields
from tests.web.conftest import AT
from tests.web.forms import form_of

NO_FREE_TEXT = {
    "name": "what one signs in with, or is called by",
    "first_name": "a name",
    "contact_value": "a number or address, asked for as one",
    "email": "an address, asked for as one",
    "organisation": "the name of a firm",
    "contractor": "the name of a firm",
    "firm": "the name of a firm that is known; kept as its number",
    "firms": "the names of firms, one a line",
    "provider": "the name of a body",
    "employer_of_record": "the name of a firm; asked for a person's number apart",
    "title": "what work is called; asked for a person's number and wishes apart",
    "with_whom": "a name",
    "reference": "a reference of another system, without a space in it",
    "code": "a code of digits",
    "account": "a name to look for in the log",
    "reach": "a number or address, asked for as one",
    "website": "a field that nobody sees; what programs write there is kept nowhere",
    "rules_text": "a rule set as YAML: names, numbers and sources, of nobody",
    "work_1": "an occupation, read as a code",
    "work_2": "an occupation, read as a code",
    "work_3": "an occupation, read as a code",
}
"""Text fields that hold no sentence, each with the reason."""
SAYS_TOO_MUCH = "Hij heeft reuma"
CHECKED_BY_API = {"goal", "text", "why", "work", "wanted_when"}
NAMES_IN_API = {
    "first_name": "a name",
    "contact_value": "a number or address, asked for as one",
    "employer_of_record": "a firm; looked at as a text about a place",
    "title": "a title; looked at as a text about a place",
    "contractor": "the name of a firm",
    "firms": "the names of firms",
    "arrangement": "the name of an arrangement",
    "provider": "the name of a body",
    "municipality": "the name of a municipality",
    "name": "the name of an arrangement, or of who is called",
    "phone": "a phone number; anything else is refused",
    "reference": "a reference",
    "person": "a pseudonym of two letters and four digits at most; anything else is refused",
    "group": "a group of the rule set; anything else is refused",
    "chosen": "a lane or a reference",
    "suggested": "a lane or a reference",
    "facts_checked": "names of fields",
}


def is_plain_text(kind: type) -> bool:
    """Whether a field takes whatever is typed."""
    if issubclass(kind, HiddenField | PasswordField):
        return False
    if issubclass(kind, TextAreaField) or kind in (StringField, TextField):
        return True
    return issubclass(kind, TextField)


def test_every_free_text_of_a_form_has_the_guard_or_a_reason(app: Flask) -> None:
    found = list(form_fields(app))
    plain = [(form, name, kind) for form, name, kind, _label in found if is_plain_text(kind)]

    assert len(found) > 150
    guarded = {name for _form, name, kind in plain if issubclass(kind, Guarded)}
    assert {"text", "goal", "i_do", "you_do", "next_step", "why"} <= guarded | {"goal"}
    for form, name, kind in plain:
        assert issubclass(kind, Guarded) != (name in NO_FREE_TEXT), f"{form}.{name}"


def test_every_text_that_the_api_takes_is_known(app: Flask) -> None:
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    found = {name for operation, name in body_strings(document) if "/previews/" not in operation}
    known = CHECKED_BY_API | set(NAMES_IN_API)
    unknown = {
        (operation, name)
        for operation, name in body_strings(document)
        if "/previews/" not in operation and name not in known
    }
    codes = {name for _operation, name in unknown}
    assert found >= CHECKED_BY_API
    # Codes and lists of codes are refused unless they are known, so they can say nothing.
    assert codes <= CODES, unknown - {(o, n) for o, n in unknown if n in CODES}


CODES = {
    "region", "sector", "sectors", "sectors_never", "travel_modes", "licences", "credentials",
    "credentials_taught", "blocked", "occupation", "occupations", "shifts", "reachable_by",
    "adaptable", "contract_type", "learning_level", "kind", "raises", "gives", "needs", "funding",
    "funding_sector", "evidence", "programmes", "answer", "shares", "state", "vacancy",
    "wants_start", "contact_kind", "status", "code", "lane", "subject", "reason", "guidance_band",
    "leave_out_groups", "municipality",
}  # fmt: skip


@pytest.fixture
def token(app: Flask) -> str:
    from datetime import timedelta

    with session_factory(engine_of(app))() as session:
        account = add_account(
            session, name="machine", password=None, rights=["lead"], region="demo", now=AT
        )
        _, secret = create_token(
            session, account.id, title="t", scopes=["lead"], lifetime=timedelta(days=1), now=AT
        )
    return f"Bearer {secret}"


def test_the_api_refuses_with_the_field_and_the_way_out(app: Flask, token: str) -> None:
    client = app.test_client()
    headers = {"Authorization": token, "Idempotency-Key": "1"}
    vacancy = {"contractor": "Firm", "sector": "F42", "places": 1}
    call = {"name": "Jan", "phone": "0612345678", "work": "paving"}
    for path, body, where in (
        ("vacancies", {**vacancy, "title": "Bel 06-12345678"}, "title"),
        ("vacancies", {**vacancy, "title": "Jonge kerel gezocht"}, "title"),
        ("vacancies", {**vacancy, "title": "NL91 ABNA 0417 1643 00"}, "title"),
        ("candidates", {"first_name": "NL91ABNA0417164300"}, "first_name"),
        ("requests", {**call, "work": SAYS_TOO_MUCH}, "work"),
        ("requests", {**call, "wanted_when": "NL91 ABNA 0417 1643 00"}, "wanted_when"),
    ):
        answer = client.post(f"/api/v1/{path}", json=body, headers=headers)
        assert answer.status_code == 400, answer.text
        assert where in answer.text
        assert "0417" not in answer.text
        assert "12345678" not in answer.text
    with session_factory(engine_of(app))() as session:
        from matcher.domain.access import operator

        person = create_candidate(session, operator("demo"), {"reference": "K-1"}, now=AT)
    body = {"subject": "plan", "chosen": "x", "reason": "other", "text": SAYS_TOO_MUCH}
    answer = client.post(f"/api/v1/candidates/{person.id}/decisions", json=body, headers=headers)
    assert answer.status_code == 400
    assert "health" in answer.text or "gezondheid" in answer.text
    assert "reuma" not in answer.text


# --- on a page ------------------------------------------------------------------------------------


@pytest.fixture
def coach(sign_in_as: Any) -> FlaskClient:
    return sign_in_as(Right.COACH)


@pytest.fixture
def note_page(app: Flask, coach: FlaskClient) -> str:
    from matcher.domain.access import operator

    with session_factory(engine_of(app))() as session:
        person = create_candidate(session, operator("demo"), {"reference": "K-1"}, now=AT)
    return f"/kandidaten/{person.id}/notities"


def send(client: FlaskClient, page: str, text: str, **more: str) -> Any:
    form = form_of(client.get(page.replace("notities", "gegevens")), "text")
    return client.post(page, data={**form, "text": text, **more})


def texts_kept(app: Flask) -> str:
    with engine_of(app).connect() as connection:
        return " ".join(
            str(tuple(row))
            for table in Base.metadata.sorted_tables
            for row in connection.execute(select(table))
        )


def test_a_note_that_says_too_much_is_shown_back_and_can_stay_for_a_reason(
    app: Flask,
    coach: FlaskClient,
    note_page: str,
) -> None:
    refused = send(coach, note_page, SAYS_TOO_MUCH)

    assert refused.status_code == 400
    assert "Hier staat iets over: gezondheid." in refused.text
    assert SAYS_TOO_MUCH in refused.text, "what was typed stays in the field"
    assert 'name="text-keep"' in refused.text
    assert "reuma" not in texts_kept(app)
    without = send(coach, note_page, SAYS_TOO_MUCH, **{"text-keep": ""})
    assert without.status_code == 400
    invented = send(coach, note_page, SAYS_TOO_MUCH, **{"text-keep": "because"})
    assert invented.status_code == 400
    kept = send(coach, note_page, SAYS_TOO_MUCH, **{"text-keep": "other_meaning"})
    assert kept.status_code == 302
    assert SAYS_TOO_MUCH in texts_kept(app)


@pytest.mark.parametrize("number", ["123456782", "123.456.782", "NL91 ABNA 0417 1643 00"])
def test_a_service_or_account_number_cannot_be_saved_for_any_reason(
    app: Flask,
    coach: FlaskClient,
    note_page: str,
    number: str,
) -> None:
    refused = send(coach, note_page, f"nummer {number}", **{"text-keep": "own_words"})

    assert refused.status_code == 400
    assert "-keep" not in refused.text
    assert number not in texts_kept(app)


def test_a_text_about_work_goes_through(coach: FlaskClient, note_page: str) -> None:
    assert send(coach, note_page, "Komt op tijd en wil graag buiten werken").status_code == 302


def test_what_was_found_is_kept_and_logged_nowhere(
    app: Flask,
    coach: FlaskClient,
    note_page: str,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    before = texts_kept(app)
    for text in (SAYS_TOO_MUCH, "bel 06-12345678", "bsn 123456782"):
        send(coach, note_page, text)
    said = caplog.text + "".join(capsys.readouterr())

    for word in ("reuma", "12345678", "123456782", "gezondheid", "health", "never_asked"):
        assert word not in said
        assert (word in texts_kept(app)) == (word in before)


def test_the_guard_is_a_class_that_comes_before_its_field() -> None:
    assert create_app({"DATABASE_URL": "sqlite:///:memory:"}).config["TESTING"]
    for kind in Guarded.__subclasses__():
        assert kind.__mro__.index(Guarded) < kind.__mro__.index(StringField)
