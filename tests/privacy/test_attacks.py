"""What an attacker sends twice, plants or skips is refused, and nothing changes by it.

On both kinds of database; on PostgreSQL the application stands before the wall, as in service.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from matcher.domain.access import Right
from matcher.http.db import engine_of
from matcher.models import BrowserSession
from matcher.models.database import make_engine, session_factory
from matcher.repositories.acting import Actor, act_as
from matcher.services.accounts import find_viewer
from matcher.services.candidates import create_candidate
from matcher.services.introductions import invite as invite_candidate
from matcher.services.links import GivenLink, candidate_link
from matcher.services.mail_links import invite as invite_account
from matcher.services.vacancies import create_vacancy
from tests.conftest import KINDS
from tests.privacy.conftest import as_app_role
from tests.privacy.fingerprint import fingerprint
from tests.privacy.world import PLACE, READY
from tests.services.opening import open_vacancy
from tests.web.forms import form_of
from tests.web.signing_in import PASSWORD, Place, copy_of, is_in, place, try_password

AT = datetime(2027, 1, 4, 8, 35, tzinfo=ZoneInfo("Europe/Amsterdam"))


@pytest.fixture(params=KINDS)
def owner_of(request: pytest.FixtureRequest, new_database: Callable[[str], str]) -> tuple[str, str]:
    """The address of a database for its owner, and for the application."""
    url = new_database(request.param)
    return url, as_app_role(url) if request.param == "postgres" else url


@pytest.fixture
def here(owner_of: tuple[str, str]) -> Iterator[Place]:
    found = place(owner_of[1], AT)
    yield found
    engine_of(found.app).dispose()


@pytest.fixture
def state(owner_of: tuple[str, str]) -> Iterator[Callable[[], dict[str, str]]]:
    """What stands in the database, seen by its owner: one hash a table."""
    engine = make_engine(owner_of[0])

    def look() -> dict[str, str]:
        with session_factory(engine)() as session:
            return fingerprint(session)

    yield look
    engine.dispose()


def held_cookie(client: FlaskClient) -> str:
    cookie = client.get_cookie("matcher")
    assert cookie is not None
    return cookie.value


# --- sessions -----------------------------------------------------------------------------------


def test_a_session_planted_beforehand_opens_nothing_and_begins_none(
    here: Place, state: Callable[[], dict[str, str]]
) -> None:
    here.account("coach", "coach")
    attacker = here.client()
    attacker.get("/aanmelden")
    victim = copy_of(attacker, here.client())
    assert try_password(victim, "coach").status_code == 302
    assert is_in(victim)
    assert held_cookie(victim) != held_cookie(attacker)
    before = state()

    assert not is_in(attacker)
    assert attacker.get("/vandaag").status_code == 302
    assert state() == before
    with here.session() as session:
        assert len(session.scalars(select(BrowserSession)).all()) == 1

    thief = copy_of(victim, here.client())
    assert is_in(thief)
    left = victim.post("/afmelden", data=form_of(victim.get("/vandaag"), "csrf_token"))
    assert left.status_code in (302, 303)
    assert not is_in(victim)
    assert not is_in(thief)


# --- links --------------------------------------------------------------------------------------


def accept(client: FlaskClient, path: str, password: str) -> Any:
    page = client.get(path, follow_redirects=True)
    if page.status_code != 200:
        return page
    return client.post("/uitnodiging", data={**form_of(page, "password"), "password": password})


def test_an_invitation_that_was_taken_up_is_worth_nothing_to_who_finds_it(
    here: Place, state: Callable[[], dict[str, str]]
) -> None:
    account_id = here.account("nieuw", "coach", password=None, email="nieuw@example.org")
    with here.session() as session:
        given = invite_account(session, account_id, created_by=None, now=AT)
    late = here.client()
    opened = form_of(late.get(given.address_path, follow_redirects=True), "password")
    assert accept(here.client(), given.address_path, PASSWORD).status_code == 302
    before = state()

    stolen = "een heel ander wachtwoord"
    assert accept(here.client(), given.address_path, stolen).status_code == 404
    sent_late = late.post("/uitnodiging", data={**opened, "password": stolen})
    assert sent_late.status_code == 404, "a page that was opened before it was taken up"
    assert not is_in(late)
    assert state() == before
    assert try_password(here.client(), "nieuw", stolen).status_code == 400
    assert try_password(here.client(), "nieuw").status_code == 302


def test_a_link_by_mail_that_was_used_is_worth_nothing_again(
    here: Place, state: Callable[[], dict[str, str]]
) -> None:
    here.account("firma", "contractor", email="firma@example.org")
    client, late = here.client(), here.client()
    asked = form_of(client.get("/aanmelden/stuur-een-link"), "name")
    client.post("/aanmelden/stuur-een-link", data={**asked, "name": "firma"})
    link = here.messages()[0].params["link"]
    opened = form_of(late.get(link, follow_redirects=True), "csrf_token")
    page = client.get(link, follow_redirects=True)
    client.post("/aanmelden/link", data=form_of(page, "csrf_token"))
    assert is_in(client)
    before = state()

    late.post("/aanmelden/link", data=opened)
    assert not is_in(late)
    assert here.client().get(link, follow_redirects=True).status_code == 404
    assert state() == before


# --- consent ------------------------------------------------------------------------------------


@pytest.fixture
def asked(here: Place) -> tuple[int, int, GivenLink]:
    """An introduction that waits for an answer, its vacancy, and the candidate's way in."""
    coach_id, firm_id = here.account("coach", "coach"), here.account("firma", "contractor")
    with here.session() as session:
        coach, firm = find_viewer(session, coach_id), find_viewer(session, firm_id)
        assert coach is not None
        assert firm is not None
        act_as(session, Actor(firm, AT, Right.CONTRACTOR))
        values = {**PLACE, "reference": "V-1", "title": "Een plek", "places": 1}
        made = create_vacancy(session, firm, values, now=AT)
        vacancy = open_vacancy(session, firm, made.id, expected_version=1, now=AT).id
        act_as(session, Actor(coach, AT, Right.COACH))
        own = {"first_name": "Sam", "contact_kind": "mail", "contact_value": "sam@example.org"}
        person = create_candidate(session, coach, {**READY, **own}, now=AT)
        given = candidate_link(session, coach, person.id, now=AT)
        number = invite_candidate(session, coach, person.id, vacancy, now=AT).id
    return number, vacancy, given


def token(client: FlaskClient, address: str) -> dict[str, Any]:
    return {"csrf_token": form_of(client.get(address), "csrf_token")["csrf_token"]}


def as_candidate(here: Place, given: GivenLink) -> FlaskClient:
    client = here.client()
    client.get(given.address_path)
    client.post("/open", data={**form_of(client.get("/open"), "code"), "code": given.code})
    assert is_in(client)
    return client


def test_no_step_is_taken_before_the_candidate_said_yes(
    here: Place, state: Callable[[], dict[str, str]], asked: tuple[int, int, GivenLink]
) -> None:
    number, vacancy, _given = asked
    firm, coach = here.client(), here.client()
    try_password(firm, "firma")
    try_password(coach, "coach")
    form, staff = token(firm, "/account"), token(coach, "/account")
    before = state()

    steps = [
        (firm, f"/kennismaken/{number}/ontmoet", form),
        (firm, f"/kennismaken/{number}/stoppen", {**form, "code": "hours"}),
        (firm, f"/mijn/uitnodigingen/{number}", {**form, "answer": "yes"}),
        (coach, f"/mijn/uitnodigingen/{number}", {**staff, "answer": "yes"}),
        (coach, f"/kennismaken/{number}/ontmoet", staff),
    ]
    for client, address, data in steps:
        answer = client.post(address, data=data)
        assert answer.status_code in (302, 303, 403, 404, 409), address
        assert state() == before, address
    for client, data in ((firm, form), (coach, staff)):
        headers = {"X-CSRFToken": data["csrf_token"]}
        for step in ("meetings", "withdrawals", "talks"):
            address = f"/api/v1/introductions/{number}/{step}"
            answer = client.post(address, headers=headers, json={})
            assert answer.status_code in (403, 409), step
    shown = firm.get(f"/mijn-plekken/{vacancy}").text + firm.get("/kennismaken").text
    assert "Sam" not in shown
    assert "sam@example.org" not in shown
    assert state() == before


def test_an_answer_sent_twice_or_by_a_stale_page_is_taken_once(
    here: Place, state: Callable[[], dict[str, str]], asked: tuple[int, int, GivenLink]
) -> None:
    number, _vacancy, given = asked
    client = as_candidate(here, given)
    address = f"/mijn/uitnodigingen/{number}"
    form = form_of(client.get(address), "csrf_token")
    assert client.post(address, data={**form, "answer": "no"}).status_code in (302, 303)
    before = state()

    for answer in ("yes", "no", "ask_coach"):
        again = client.post(address, data={**form, "answer": answer})
        assert again.status_code < 500
        assert state() == before, answer
    client.post("/weg", data=token(client, "/mijn"))
    other = here.client()
    other.get(given.address_path)
    guessed = {**form_of(other.get("/open"), "code"), "code": f"{(int(given.code) + 1) % 10**6:06}"}
    assert other.post("/open", data=guessed).status_code == 400
    assert other.post(address, data={**form, "answer": "yes"}).status_code in (302, 400, 403)
    with_code_alone = here.client()
    assert with_code_alone.get("/open").status_code == 404
