"""The product at work on PostgreSQL as a role that stands before the wall: every right changes what
it may, signing in works, commands and backups see everything, and nothing else comes through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from matcher import create_app
from matcher.domain.access import Right
from matcher.http.db import engine_of
from matcher.models.database import make_engine, session_factory
from matcher.services.accounts import add_account
from matcher.services.backup import backup
from tests.privacy.conftest import as_app_role
from tests.privacy.world import NOW, PLACE, TODAY, World, build, client_of, token_of
from tests.web.forms import form_of

pytestmark = pytest.mark.postgres
PASSWORD = "een lange zin om te onthouden"


@dataclass
class AtWork:
    """The application behind the wall, and the database as its owner sees it."""

    app: Flask
    world: World
    owner: Engine

    def browser(self, name: str) -> FlaskClient:
        with session_factory(engine_of(self.app))() as session:
            return client_of(self.app, session, self.world.accounts[name].account_id)

    def post(self, client: FlaskClient, address: str, page: str = "", **data: Any) -> Any:
        """Sends the form of a page with these answers."""
        form = form_of(client.get(page or address), "csrf_token")
        return client.post(address, data={**form, **data, "csrf_token": token_of(self.app)})

    def call(self, client: FlaskClient, method: str, path: str, body: Any) -> Any:
        headers = {"X-CSRFToken": token_of(self.app), "If-Match": '"v1"'}
        return client.open(f"/api/v1{path}", method=method, json=body, headers=headers)

    def value(self, statement: str, **values: Any) -> Any:
        with Session(self.owner) as session:
            return session.execute(text(statement), values).scalar()


@pytest.fixture(scope="module")
def work(new_database: Callable[[str], str]) -> Iterator[AtWork]:
    url = new_database("postgres")
    owner = make_engine(url)
    with session_factory(owner)() as session:
        world = build(session)
    app = create_app(
        {"DATABASE_URL": as_app_role(url), "CLOCK": lambda: NOW, "LOG_LEVEL": "CRITICAL"}
    )
    yield AtWork(app, world, owner)
    engine_of(app).dispose()
    owner.dispose()


def test_the_application_connects_as_a_role_that_bypasses_nothing(work: AtWork) -> None:
    with engine_of(work.app).connect() as connection:
        query = text("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert connection.execute(query).one() == (False, False)
        owned = text("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert connection.scalar(owned) == 0
        assert connection.scalar(text("SELECT count(*) FROM candidate")) == 0


def test_a_visitor_asks_to_be_called_and_signs_in(work: AtWork) -> None:
    visitor = work.app.test_client()
    asked = form_of(visitor.get("/bel-mij"), "phone")
    sent = visitor.post(
        "/bel-mij",
        data={**asked, "name": "Bouwer", "phone": "078 123 45 67", "work": "paving",
              "people": "1", "wanted_when": "this_week"},
    )  # fmt: skip
    assert sent.status_code == 303, sent.text
    assert work.value("SELECT count(*) FROM call_request WHERE name = 'Bouwer'") == 1
    with session_factory(work.owner)() as session:
        add_account(
            session, name="nieuw", password=PASSWORD, rights=[Right.COACH], region="demo", now=NOW
        )
    form = form_of(visitor.get("/aanmelden"), "password")
    entered = visitor.post("/aanmelden", data={**form, "name": "nieuw", "password": PASSWORD})
    assert entered.status_code == 302
    assert visitor.get("/vandaag").status_code == 200


def test_a_coach_enters_changes_advises_and_decides(work: AtWork) -> None:
    coach = work.browser("coach")
    made = work.call(coach, "POST", "/candidates", {"reference": "K-nieuw", "rhythm": 3})
    assert made.status_code == 201, made.text
    path = f"/candidates/{made.get_json()['id']}"
    assert work.call(coach, "PATCH", path, {"rhythm": 4}).status_code == 200
    assert work.call(coach, "POST", f"{path}/assessments", {}).status_code in (200, 201)
    decided = work.call(
        coach, "POST", f"{path}/decisions",
        {"subject": "lane", "chosen": "ready_now", "reason": "agrees"},
    )  # fmt: skip
    assert decided.status_code == 201, decided.text
    assert work.value("SELECT rhythm FROM candidate WHERE reference = 'K-nieuw'") == 4
    logged = "SELECT count(*) FROM audit_entry WHERE account_id = :id"
    assert work.value(logged, id=work.world.accounts["coach"].account_id) >= 4


def test_a_lead_lets_stand_in_and_the_stand_in_works(work: AtWork) -> None:
    lead, colleague = work.browser("lead"), work.browser("colleague")
    ann = work.world.people["ann"].number
    assert colleague.get(f"/kandidaten/{ann}/gegevens").status_code == 404
    sent = work.post(
        lead, f"/team/{work.world.accounts['coach'].account_id}", whom="all", how_long="until",
        to_account_id=str(work.world.accounts["colleague"].account_id),
        starts_on=TODAY.isoformat(), until=(TODAY + timedelta(days=3)).isoformat(),
    )  # fmt: skip
    assert sent.status_code == 303, sent.text
    assert colleague.get(f"/kandidaten/{ann}/gegevens").status_code == 200
    paused = work.post(
        colleague, f"/kandidaten/{ann}/pauze", page=f"/kandidaten/{ann}/gegevens",
        paused_until=(TODAY + timedelta(days=9)).isoformat(),
        version=str(work.value("SELECT version FROM candidate WHERE id = :id", id=ann)),
    )  # fmt: skip
    assert paused.status_code == 302, paused.text
    until = work.value("SELECT paused_until FROM candidate WHERE id = :id", id=ann)
    assert until == TODAY + timedelta(days=9)


def test_a_triager_reads_contact_for_a_purpose(work: AtWork) -> None:
    triager = work.browser("triager")
    address = f"/mensen/{work.world.people['bas'].number}/contact"
    told = work.post(triager, address, purpose="appointment")
    assert "zqcandidatecontactvaluebasqz" in told.text
    assert work.value("SELECT count(*) FROM audit_entry WHERE purpose = 'appointment'") == 1


def test_a_contractor_offers_a_place_and_asks_to_be_helped(work: AtWork) -> None:
    firm = work.browser("contractor")
    body = {**PLACE, "start_on": "2027-03-29", "reference": "V-nieuw", "lift": "much"}
    made = work.call(firm, "POST", "/vacancies", body)
    assert made.status_code == 201, made.text
    count = f"/vacancies/{made.get_json()['id']}/fit-counts"
    assert firm.get(f"/api/v1{count}").status_code == 200
    met = work.world.people["bas"].ids["introduction_id"]
    assert firm.get(f"/kennismaken/{met}").status_code == 200


def test_a_candidate_answers_and_changes_the_own_wishes(work: AtWork) -> None:
    own = work.browser("own_cor")
    number = work.world.people["cor"].ids["introduction_id"]
    said = work.post(own, f"/mijn/uitnodigingen/{number}", answer="no")
    assert said.status_code in (302, 303), said.text
    refused = "SELECT count(*) FROM introduction_refusal WHERE introduction_id = :id"
    assert work.value(refused, id=number) == 1
    asked = work.post(own, "/mijn/een-mens")
    assert asked.status_code in (302, 303), asked.text
    request = "SELECT count(*) FROM own_request WHERE kind = 'person' AND candidate_id = :id"
    assert work.value(request, id=work.world.people["cor"].number) == 1


def test_commands_and_backups_see_everything(
    work: AtWork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from matcher.cli.database import opened_session
    from matcher.repositories.regions import known

    url = engine_of(work.app).url.render_as_string(hide_password=False)
    monkeypatch.setenv("MATCHER_DATABASE_URL", url)
    with opened_session() as session:
        assert known(session) == ["demo", "haaglanden"]
    report = backup(engine_of(work.app), tmp_path / "all.zip", now=NOW)
    assert report.rows["candidate"] == work.value("SELECT count(*) FROM candidate") >= 5
