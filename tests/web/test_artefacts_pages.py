"""Learned predictions on pages: two people, one step back, nothing shown where it may not be."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matcher.domain.access import Right
from matcher.http.db import engine_of
from matcher.models.database import session_factory
from matcher.services import artefact_files, artefacts
from matcher.services.candidates import create_candidate
from tests.services.learned import in_shadow, serving
from tests.web.conftest import AT
from tests.web.forms import form_of

SignIn = Callable[..., FlaskClient]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MATCHER_ARTEFACTS", str(tmp_path / "kept"))
    return tmp_path / "runs"


def made(app: Flask, folder: Path, *, serves: bool = False, **changes: object) -> int:
    with session_factory(engine_of(app))() as session:
        make = serving if serves else in_shadow
        return make(session, folder, AT, **changes).id


def step(client: FlaskClient, number: int, name: str, why: str = "omdat het beter is") -> str:
    """What the page says after a step."""
    form = form_of(client.get(f"/voorspellingen/{number}"), "why")
    answer = client.post(
        f"/voorspellingen/{number}/{name}", data={**form, "why": why}, follow_redirects=True
    )
    return str(answer.text)


def test_without_any_the_page_says_that_the_rules_speak_alone(sign_in_as: SignIn) -> None:
    page = sign_in_as(Right.ANALYST).get("/voorspellingen").text
    assert "Het advies komt van de regels alleen." in page
    assert "matcher artefacts add" in page


def test_two_people_promote_on_the_pages_and_one_takes_back(
    app: Flask, sign_in_as: SignIn, folder: Path
) -> None:
    number = made(app, folder)
    analyst, officer = sign_in_as(Right.ANALYST), sign_in_as(Right.OFFICER)
    assert "Gevraagd." in step(analyst, number, "vragen")
    page = analyst.get(f"/voorspellingen/{number}").text
    assert "Iemand anders bevestigt het." in page
    assert "/bevestigen" not in page
    found = officer.get(f"/voorspellingen/{number}")
    confirm = re.search(r'action="([^"]+/bevestigen)"', found.text)
    assert confirm is not None
    token = form_of(found, "why")["csrf_token"]
    forced = analyst.post(
        confirm[1],
        data={**form_of(analyst.get(f"/voorspellingen/{number}"), "why"), "version": "1"},
        follow_redirects=True,
    )
    assert "Wie het vroeg, bevestigt niet." in forced.text
    done = officer.post(
        confirm[1], data={"csrf_token": token, "version": "1"}, follow_redirects=True
    )
    assert "Bevestigd. Het geldt vanaf nu." in done.text
    assert "staat naast het advies" in done.text
    again = officer.post(confirm[1], data={"csrf_token": token}, follow_redirects=True)
    assert "Dit is al beslist." in again.text

    admin = sign_in_as(Right.ADMIN, region=None)
    assert "Teruggezet." in step(admin, number, "terug")
    assert "regels alleen" in officer.get("/voorspellingen").text


def test_a_step_without_a_why_says_so_at_the_field(
    app: Flask, sign_in_as: SignIn, folder: Path
) -> None:
    number = made(app, folder)
    assert "Schrijf op waarom." in step(sign_in_as(Right.LEAD), number, "vragen", "")


def test_what_was_learned_on_made_up_people_is_marked_and_refused(
    app: Flask, sign_in_as: SignIn, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = made(app, folder, is_synthetic=True)
    analyst = sign_in_as(Right.ANALYST)
    for address in ("/voorspellingen", f"/voorspellingen/{number}"):
        assert "synthetisch" in analyst.get(address).text
    assert "verzonnen mensen en is alleen voor demonstratie" in step(analyst, number, "vragen")
    monkeypatch.setenv("MATCHER_ENVIRONMENT", "demo")
    assert "Gevraagd." in step(analyst, number, "vragen")


@pytest.mark.parametrize("harm", ["truncated", "altered", "missing"])
def test_a_file_that_is_not_the_one_has_its_own_sentence_and_a_banner(
    app: Flask, sign_in_as: SignIn, folder: Path, harm: str
) -> None:
    number = made(app, folder, serves=True)
    with session_factory(engine_of(app))() as session:
        path = artefact_files.file_of(session, "demo", "learned-1")
        person = create_candidate(session, _coach(), {"reference": "K-1", "rhythm": 3}, now=AT).id
    coach, officer = sign_in_as(Right.COACH), sign_in_as(Right.OFFICER)
    before = coach.get(f"/kandidaten/{person}").text
    assert "Wat een geleerde voorspelling zegt" in before
    assert "opzij" not in before
    data = path.read_bytes()
    if harm == "missing":
        path.unlink()
    else:
        path.write_bytes(data[:-9] if harm == "truncated" else data[:-1] + bytes([data[-1] ^ 1]))
    after = coach.get(f"/kandidaten/{person}")
    assert after.status_code == 200
    assert "De geleerde voorspelling staat nu opzij." in after.text
    assert "Wat een geleerde voorspelling zegt" not in after.text
    words = {"truncated": "breekt af", "altered": "andere bytes", "missing": "is er niet"}[harm]
    for address in ("/voorspellingen", f"/voorspellingen/{number}"):
        page = officer.get(address).text
        assert words in page
    assert "De regels gaan door" in officer.get("/voorspellingen").text


def _coach() -> object:
    from matcher.domain.access import operator

    return operator("demo")


def test_a_prediction_stands_on_the_page_of_one_person_and_in_no_list(
    app: Flask, sign_in_as: SignIn, folder: Path
) -> None:
    made(app, folder, serves=True)
    with session_factory(engine_of(app))() as session:
        person = create_candidate(session, _coach(), {"reference": "K-1", "rhythm": 3}, now=AT).id
        assert artefacts.standing_of(session, "demo").state == "serves"
    told = re.compile(r"Van 100 mensen met zulke antwoorden")
    coach = sign_in_as(Right.COACH)
    assert told.search(coach.get(f"/kandidaten/{person}").text)
    for address in ("/vandaag", "/kandidaten"):
        assert not told.search(coach.get(address, follow_redirects=True).text), address
    elsewhere = {
        Right.TRIAGER: ("/mensen", f"/mensen/{person}", f"/kandidaten/{person}"),
        Right.SERVICE_POINT: ("/aanvragen", f"/kandidaten/{person}"),
        Right.ANALYST: ("/voorspellingen", "/toezicht"),
        Right.CONTRACTOR: ("/",),
    }
    for right, addresses in elsewhere.items():
        client = sign_in_as(right)
        for address in addresses:
            assert not told.search(client.get(address, follow_redirects=True).text), address


@pytest.mark.parametrize("right", [Right.COACH, Right.TRIAGER, Right.CONTRACTOR, Right.CANDIDATE])
def test_who_does_not_oversee_finds_no_page(sign_in_as: SignIn, right: Right) -> None:
    assert sign_in_as(right).get("/voorspellingen").status_code == 403
