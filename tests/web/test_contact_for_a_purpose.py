"""*Contact opvragen* at the talent centre."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matcher.domain.access import Right, operator
from matcher.http.db import engine_of
from matcher.models.database import session_factory
from matcher.services.candidates import create_candidate
from tests.web.forms import form_of

SignInAs = Callable[..., FlaskClient]
NUMBER = "06 98765432"


@pytest.fixture
def address(app: Flask, at: datetime) -> str:
    with session_factory(engine_of(app))() as session:
        values = {"first_name": "Bo", "contact_kind": "call", "contact_value": NUMBER}
        record = create_candidate(session, operator("demo"), values, now=at)
    return f"/mensen/{record.id}/contact"


def test_a_triager_sees_a_number_only_after_saying_what_for(
    sign_in_as: SignInAs, address: str
) -> None:
    triager = sign_in_as(Right.TRIAGER)
    people = triager.get("/mensen").text
    assert address in people
    asked = triager.get(address)
    assert NUMBER not in people + asked.text
    assert "Een afspraak maken of verzetten" in asked.text
    assert "bezwaar" not in asked.text

    form = form_of(asked, "csrf_token")
    without = triager.post(address, data=form)
    assert without.status_code == 400
    assert NUMBER not in without.text
    wrong = triager.post(address, data={**form, "purpose": "complaint"})
    assert wrong.status_code == 400
    assert NUMBER not in wrong.text

    told = triager.post(address, data={**form, "purpose": "appointment"})
    assert told.status_code == 200
    assert NUMBER in told.text
    assert "logboek" in told.text


def test_nobody_else_is_asked(sign_in_as: SignInAs, address: str) -> None:
    assert sign_in_as(Right.LEAD).get(address).status_code == 403
    elsewhere = sign_in_as(Right.TRIAGER, name="vreemd", region="haaglanden")
    assert elsewhere.get(address).status_code == 404


def test_the_log_names_the_purpose(sign_in_as: SignInAs, address: str) -> None:
    triager = sign_in_as(Right.TRIAGER)
    form = form_of(triager.get(address), "csrf_token")
    triager.post(address, data={**form, "purpose": "appointment"})

    log = sign_in_as(Right.OFFICER).get("/toezicht/logboek?alles=1")
    assert log.status_code == 200
    assert "Een afspraak maken of verzetten" in log.text
