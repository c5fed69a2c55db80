"""“Wie past hier?”: a firm asks for a list without names, meets people, or asks something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from matcher import create_app
from matcher.domain.access import Right, Viewer
from matcher.http.db import engine_of
from matcher.models.database import session_factory
from matcher.services import introduction_views
from matcher.services.accounts import add_account, find_viewer
from matcher.services.assessments import assess_stale
from tests.web.conftest import PASSWORD
from tests.web.forms import form_of
from tests.web.introducing_pages import DAY, FIRM, Clock, Stage, body_of


def enter(client: FlaskClient, name: str) -> None:
    page = client.get("/aanmelden")
    client.post("/aanmelden", data={**form_of(page, "name"), "name": name, "password": PASSWORD})


@pytest.fixture
def stage(sqlite_url: str) -> Iterator[Stage]:
    clock = Clock()
    app = create_app({"DATABASE_URL": sqlite_url, "CLOCK": clock, "LOG_LEVEL": "CRITICAL"})
    clients, viewers = {}, {}
    for name, right, firm in (("coach", "coach", None), ("firm", "contractor", FIRM)):
        with session_factory(engine_of(app))() as session:
            account = add_account(
                session, name=name, password=PASSWORD, rights=[right], region="demo",
                organisation=firm, now=clock(),
            )  # fmt: skip
            viewers[name] = find_viewer(session, account.id)
        clients[name] = app.test_client()
        enter(clients[name], name)
    viewer = viewers["coach"]
    assert viewer is not None
    yield Stage(app, clock, clients["coach"], clients["firm"], viewer)
    engine_of(app).dispose()


def people(stage: Stage, count: int, **more: Any) -> list[int]:
    found = [stage.person(**more) for _ in range(count)]
    with stage.session() as session:
        assess_stale(session, stage.coach_viewer, on=stage.clock().date(), now=stage.clock())
    return found


def press(client: FlaskClient, page: str, button: str, address: str, **more: str) -> Any:
    """Presses a button of a page, with the fields of its form."""
    form = form_of(client.get(page), "csrf_token")
    kept = {name: form[name] for name in ("csrf_token", "once", "version") if name in form}
    assert button in client.get(page).text
    return client.post(address, data={**kept, **more})


def asked(stage: Stage, place: int) -> str:
    page = f"/mijn-plekken/{place}/wie-past"
    assert press(stage.firm, page, "Laat zien wie past", page).status_code == 303
    return body_of(stage.firm.get(page))


def test_a_firm_reads_first_what_asking_means_and_then_sees_people_without_names(
    stage: Stage,
) -> None:
    people(stage, 7, first_name="Sam", goal="Buiten werken")
    place = stage.place()
    assert "Wie past hier?" in stage.firm.get(f"/mijn-plekken/{place}").text
    before = body_of(stage.firm.get(f"/mijn-plekken/{place}/wie-past"))
    assert "Vanaf dan staan uw eisen vast." in before
    assert "P-" not in before

    page = asked(stage, place)

    assert "Deze 5 mensen passen bij wat u vraagt." in page
    assert len(set(re.findall(r"P-[2-9A-Z]{8}", page))) == 5
    assert "kan beginnen in januari 2027" not in page, "seven begin then"
    assert "32 tot en met 40 uur per week" in page
    assert "januari tot en met juni 2027" in page
    for hidden in ("Sam", "Buiten werken", "K-"):
        assert hidden not in page
    assert "Neem dit van mij over" in stage.firm.get(f"/mijn-plekken/{place}/wie-past").text
    assert body_of(stage.firm.get(f"/mijn-plekken/{place}/wie-past")) == page, (
        "a reload is the same"
    )


def test_after_the_list_a_place_keeps_what_it_asks_and_a_copy_may_ask_something_else(
    stage: Stage,
) -> None:
    people(stage, 12)
    place = stage.place()
    asked(stage, place)
    address = f"/mijn-plekken/{place}/wijzigen"
    page = stage.firm.get(address)
    assert "Uw eisen staan vast" in page.text
    form = form_of(page, "title")

    refused = stage.firm.post(address, data={**form, "lift": "0", "action": "open"})
    assert refused.status_code == 409
    assert "Maak een kopie met andere eisen" in refused.text
    renamed = stage.firm.post(address, data={**form, "title": "Hulp", "action": "open"})
    assert renamed.status_code == 303
    assert "Uw eisen staan vast" not in stage.firm.get("/mijn-plekken").text

    made = press(
        stage.firm,
        f"/mijn-plekken/{place}/wie-past",
        "Maak een kopie",
        f"/mijn-plekken/{place}/kopie",
    )
    copy = re.search(r"/mijn-plekken/(\d+)/wijzigen", made.headers["Location"])
    assert copy is not None
    assert int(copy[1]) != place
    form = form_of(stage.firm.get(made.headers["Location"]), "title")
    changed = stage.firm.post(
        made.headers["Location"], data={**form, "lift": "0", "action": "draft"}
    )
    assert changed.status_code == 303
    closed = stage.firm.get(f"/mijn-plekken/{copy[1]}/wie-past").text
    assert "De plek staat niet open" in closed


def test_a_place_like_the_first_waits_a_day(stage: Stage) -> None:
    people(stage, 12)
    first = asked(stage, stage.place())
    other = stage.place(reference="V-2", lift=1)

    waiting = asked(stage, other)
    assert "U ziet de lijst op dinsdag 5 januari na 08:35." in waiting
    assert "P-" not in waiting
    stage.clock.at += DAY
    enter(stage.firm, "firm")
    page = asked(stage, other)
    assert "Deze 10 mensen" in page
    assert not set(re.findall(r"P-[2-9A-Z]{8}", page)) & set(re.findall(r"P-[2-9A-Z]{8}", first))


def test_too_few_means_that_the_service_point_calls(stage: Stage) -> None:
    people(stage, 2)
    page = asked(stage, stage.place())
    assert "Het servicepunt belt u." in page
    assert "Wij bellen u op" in page
    assert "P-" not in page


def test_everybody_on_the_list_is_asked_for_one_half_day(stage: Stage) -> None:
    numbers = people(stage, 5, contact_kind="sms", contact_value="0612345678")
    place = stage.place(places=1)
    asked(stage, place)
    page, address = f"/mijn-plekken/{place}/wie-past", f"/mijn-plekken/{place}/ontmoet"

    early = press(
        stage.firm, page, "Ontmoet deze mensen", address, meet_on="2027-01-05", half="morning"
    )
    assert early.status_code == 400
    assert "Kies een dag van donderdag 7 januari" in early.text
    empty = press(stage.firm, page, "Ontmoet deze mensen", address)
    assert "Kies ochtend of middag" in empty.text
    sent = press(
        stage.firm, page, "Ontmoet deze mensen", address, meet_on="2027-01-11", half="morning"
    )
    assert sent.status_code == 303

    shown = body_of(stage.firm.get(page))
    assert "U ontmoet hen op maandag 11 januari, ochtend" in shown
    assert "We vroegen het aan 3 mensen" in shown
    meetings = body_of(stage.firm.get("/kennismaken"))
    assert meetings.count("maandag 11 januari, ochtend") == 3
    overview = body_of(stage.coach.get("/kennismakingen"))
    assert overview.count("maandag 11 januari, ochtend") == 3
    with stage.session() as session:
        own = [
            one
            for number in numbers
            for one in introduction_views.for_candidate(
                session,
                Viewer(None, frozenset({Right.CANDIDATE}), "demo", candidate_id=number),
                now=stage.clock(),
            )
        ]
    assert [one.meet_on for one in own] == [date(2027, 1, 11)] * 3
