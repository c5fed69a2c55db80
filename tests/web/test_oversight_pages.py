"""*Toezicht*: figures of a team and never of a person, and a log that answers within a minute."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matcher.domain.access import Right, Viewer, operator
from matcher.http.db import engine_of
from matcher.models import Account, AuditEntry
from matcher.models.database import session_factory
from matcher.repositories.scope import unscoped
from matcher.services.candidates import create_candidate
from tests.web.browser import BROWSER
from tests.web.forms import form_of

SignIn = Callable[..., FlaskClient]
ADDRESS = "/toezicht/logboek"


@pytest.fixture
def person(app: Flask, sign_in_as: SignIn, at: datetime) -> int:
    """Somebody on the caseload of a coach, who opened the file once."""
    coach = sign_in_as(Right.COACH, name="coach-een")
    with session_factory(engine_of(app))() as session:
        account = session.scalars(select(Account).where(Account.name == "coach-een")).one()
        viewer = Viewer(account.id, frozenset({Right.COACH}), "demo")
        values = {"reference": "K-ZOEK", "first_name": "Zeldzaam", "rhythm": 3}
        number = create_candidate(session, viewer, values, now=at).id
    assert coach.get(f"/kandidaten/{number}/gegevens").status_code == 200
    return number


def searched(client: FlaskClient, **typed: str) -> Any:
    form = form_of(client.get(ADDRESS), "reference")
    return client.post(ADDRESS, data={**form, **typed}, follow_redirects=True)


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.mark.parametrize("right", [Right.OFFICER, Right.LEAD, Right.ANALYST])
def test_who_answers_for_the_region_has_oversight_in_the_menu(
    sign_in_as: SignIn, right: Right
) -> None:
    page = sign_in_as(right).get("/toezicht")

    assert page.status_code == 200
    assert ">Toezicht</a>" in page.text
    assert "nog te weinig keuzes" in page.text


@pytest.mark.parametrize("right", [Right.COACH, Right.TRIAGER, Right.SERVICE_POINT, Right.ADMIN])
def test_nobody_else_has(sign_in_as: SignIn, right: Right) -> None:
    client = sign_in_as(right)

    for address in ("/toezicht", ADDRESS, f"{ADDRESS}/bestand"):
        assert client.get(address).status_code == 403


def test_who_saw_somebody_and_why_is_one_search(sign_in_as: SignIn, person: int) -> None:
    page = searched(sign_in_as(Right.OFFICER), reference="K-ZOEK", action="read")

    assert page.status_code == 200
    words = words_of(page.text)
    assert f"Gevonden bij: dossier {person}, geopend" in words
    assert re.search(r"4 januari 2027.* coach-een jobcoach geopend: dossier", words)
    assert "begeleiding naar werk" in words


def test_the_address_of_a_search_holds_numbers_and_codes_only(
    sign_in_as: SignIn, person: int
) -> None:
    officer = sign_in_as(Right.OFFICER)
    form = form_of(officer.get(ADDRESS), "reference")

    answer = officer.post(
        ADDRESS, data={**form, "reference": "K-ZOEK", "account": "coach-een", "right": "coach"}
    )

    assert answer.status_code == 302
    location = answer.headers["Location"]
    assert "ZOEK" not in location
    assert "een" not in location
    assert f"dossier={person}" in location


def test_no_page_of_oversight_shows_a_name_of_a_candidate(sign_in_as: SignIn, person: int) -> None:
    for right in (Right.OFFICER, Right.LEAD, Right.ANALYST):
        client = sign_in_as(right)
        for address in ("/toezicht", f"{ADDRESS}?alles=1", f"{ADDRESS}/bestand?alles=1"):
            assert "Zeldzaam" not in client.get(address).text


def test_a_search_is_an_entry_that_the_next_search_finds(sign_in_as: SignIn, person: int) -> None:
    officer = sign_in_as(Right.OFFICER, name="toezichthouder")
    searched(officer, reference="K-ZOEK")

    words = words_of(searched(officer, reference="K-ZOEK").text)

    assert "toezichthouder social return lijst geopend: logboek" in words
    assert "toezicht en verantwoording" in words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"reference": "K-NIEMAND"}, "Deze referentie is er niet in uw regio"),
        ({"account": "niemand"}, "Dit account is er niet in uw regio"),
        ({"since": "2027-01-05", "until": "2027-01-04"}, "De laatste dag ligt voor de eerste"),
        ({"since": "gisteren"}, "Vul een datum in"),
    ],
)
def test_what_cannot_be_found_is_said_at_its_field(
    sign_in_as: SignIn, person: int, typed: dict[str, str], words: str
) -> None:
    page = searched(sign_in_as(Right.OFFICER), **typed)

    assert page.status_code == 400
    assert words in page.text
    assert "Er is een probleem" in page.text


def test_somebody_of_another_region_does_not_exist_here(sign_in_as: SignIn, person: int) -> None:
    far = sign_in_as(Right.OFFICER, region="haaglanden", name="ver")

    assert "Deze referentie is er niet" in searched(far, reference="K-ZOEK").text
    assert "Hier is niets gevonden" in far.get(f"{ADDRESS}?dossier={person}").text


def test_what_was_found_can_be_taken_along_and_that_is_an_entry(
    app: Flask, sign_in_as: SignIn, person: int
) -> None:
    officer = sign_in_as(Right.OFFICER)

    answer = officer.get(f"{ADDRESS}/bestand?dossier={person}")

    assert answer.content_type == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {row["candidate_id"] for row in rows} == {str(person)}
    assert {"create", "read"} <= {row["action"] for row in rows}
    with session_factory(engine_of(app))() as session:
        last = session.scalars(
            unscoped(select(AuditEntry).order_by(AuditEntry.position.desc()), AuditEntry)
        ).first()
    assert last is not None
    assert (last.action, last.kind, last.count) == ("export", "audit_entry", len(rows))


def test_an_analyst_sees_numbers_instead_of_names_of_accounts(
    sign_in_as: SignIn, person: int
) -> None:
    analyst = sign_in_as(Right.ANALYST)

    page = analyst.get(f"{ADDRESS}?dossier={person}").text
    rows = csv.DictReader(io.StringIO(analyst.get(f"{ADDRESS}/bestand?alles=1").text))

    assert "coach-een" not in page
    assert "account " in page
    assert "account" not in (rows.fieldnames or ())


def test_a_long_log_goes_on_to_older_entries(sign_in_as: SignIn, person: int) -> None:
    officer = sign_in_as(Right.OFFICER)
    for _ in range(30):
        officer.get(f"{ADDRESS}?dossier={person}")

    first = officer.get(f"{ADDRESS}?dossier={person}")
    found = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert found is not None
    second = officer.get(found[1].replace("&amp;", "&"))

    def positions(page: Any) -> list[int]:
        return [int(number) for number in re.findall(r"regel (\d+)", page.text)]

    assert len(positions(first)) == 25
    assert max(positions(second)) < min(positions(first))


def test_the_head_of_the_log_can_be_kept_elsewhere(sign_in_as: SignIn, person: int) -> None:
    page = sign_in_as(Right.OFFICER).get("/toezicht").text

    assert re.search(r"<code>\d+:[0-9a-f]{64}</code>", page)


class TestInABrowser:
    pytestmark = BROWSER

    @pytest.mark.parametrize("size", ["page", "phone"])
    def test_figures_and_log_are_calm_at_both_sizes(
        self, request: pytest.FixtureRequest, live: Any, look: Any, axe: Any, size: str
    ) -> None:
        page = request.getfixturevalue(size)
        live.sign_in(page, "officer")
        page.goto(f"{live.url}/toezicht")
        look(page, f"oversight-figures-{size}")
        axe(page)
        page.get_by_role("link", name="Zoek in het logboek").click()
        page.get_by_role("button", name="Zoek").click()
        page.wait_for_selector("#gevonden")
        look(page, f"oversight-log-{size}")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_operator_shows_as_the_server(app: Flask, sign_in_as: SignIn, at: datetime) -> None:
    from matcher.repositories.acting import Actor, act_as

    with session_factory(engine_of(app))() as session:
        lead = sign_in_as(Right.LEAD)
        account = session.scalars(select(Account).where(Account.name == "lead")).one()
        act_as(session, Actor(operator("demo"), at))
        viewer = Viewer(account.id, frozenset({Right.LEAD}), "demo")
        number = create_candidate(session, viewer, {"rhythm": 3}, now=at).id

    words = words_of(lead.get(f"{ADDRESS}?dossier={number}").text)
    assert "de server zelf toegevoegd: dossier" in words
