"""S-07: what the candidate did shows nowhere, on any day."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matcher import create_app
from matcher.domain.access import Right, Viewer
from matcher.http.db import engine_of
from matcher.models import Account, Candidate
from matcher.models.database import session_factory
from matcher.repositories.scope import unscoped
from matcher.services.accounts import add_account
from matcher.services.candidates import update_candidate
from tests.web.conftest import PASSWORD
from tests.web.forms import form_of
from tests.web.introducing_pages import DAY, FIRM, MONDAY, Clock, Stage, body_of


def test_no_expired_and_unavailable_are_byte_for_byte_the_same_on_every_day(
    new_database: Callable[[str], str],
) -> None:
    """Three worlds that differ only in what the candidate did, seen by contractor and coach."""
    worlds = {}
    for what in ("no", "silent", "away"):
        own_clock = Clock()
        world = create_app(
            {"DATABASE_URL": new_database("sqlite"), "CLOCK": own_clock, "LOG_LEVEL": "CRITICAL"}
        )
        worlds[what] = _world(world, own_clock, what)
    try:
        for days in (0, 1, 2, 7, 13, 14, 15, 16, 30, 42, 43, 60):
            seen = {what: world(days) for what, world in worlds.items()}
            assert seen["no"] == seen["silent"] == seen["away"], f"day {days}"
    finally:
        for world in worlds.values():
            world.close()


class _World:
    """One installation with one invitation; what contractor and coach get on a day."""

    def __init__(self, stage: Stage, person: int, place: int, number: int) -> None:
        self.stage, self.person, self.place, self.number = stage, person, place, number
        page = body_of(stage.firm.get("/kennismaken"))
        found = re.search(r"P-[0-9A-Z]{8}", page)
        assert found is not None
        self.pseudonym = found[0]
        with stage.session() as session:
            row = session.scalars(
                unscoped(select(Candidate).where(Candidate.id == person), Candidate)
            ).one()
            self.reference = row.reference

    def __call__(self, days: int) -> list[tuple[int, str]]:
        # Signed in anew each day, as sessions end.
        self.stage.clock.at = MONDAY + days * DAY
        for client, name in ((self.stage.firm, "firm"), (self.stage.coach, "coach")):
            _sign_in(client, name)
        answers = [
            self.stage.firm.get("/kennismaken"),
            self.stage.firm.get(f"/kennismaken/{self.number}"),
            self.stage.firm.get("/api/v1/introductions"),
            self.stage.firm.get(f"/api/v1/introductions/{self.number}"),
            self.stage.coach.get("/kennismakingen"),
            self.stage.coach.get("/api/v1/introductions"),
            self.stage.coach.get(f"/api/v1/introductions/{self.number}"),
        ]
        return [(answer.status_code, self._plain(answer.text)) for answer in answers]

    def _plain(self, text: str) -> str:
        for own, put in ((self.pseudonym, "P"), (self.reference, "K")):
            text = text.replace(own, put)
        text = re.sub(r'(name="(csrf_token|once)"[^>]*value)="[^"]*"', r"\1", text)
        text = re.sub(r'"vacancy":"[^"]*"|"request_id":"[^"]*"', "", text)
        return re.sub(r'nonce[^"]*"[^"]*"|[0-9a-f]{32}', "", text)

    def close(self) -> None:
        engine_of(self.stage.app).dispose()


def _world(app: Flask, clock: Clock, what: str) -> _World:
    with session_factory(engine_of(app))() as session:
        for name, right, organisation in (
            ("coach", Right.COACH, None),
            ("firm", Right.CONTRACTOR, FIRM),
        ):
            add_account(
                session,
                name=name,
                password=PASSWORD,
                rights=[right],
                region="demo",
                organisation=organisation,
                now=MONDAY,
            )
        row = session.scalars(select(Account).where(Account.name == "coach")).one()
        viewer = Viewer(row.id, frozenset({Right.COACH}), "demo")
    coach, firm = app.test_client(), app.test_client()
    for client, name in ((coach, "coach"), (firm, "firm")):
        _sign_in(client, name)
    stage = Stage(app, clock, coach, firm, viewer)
    person, place = stage.person(), stage.place()
    number = stage.invite(person, place)
    world = _World(stage, person, place, number)
    clock.at = MONDAY + DAY
    if what == "no":
        stage.says(person, number, "no")
    if what == "away":
        with stage.session() as session:
            update_candidate(
                session, viewer, person, {"paused_until": date(2027, 9, 1)},
                expected_version=1, now=clock(),
            )  # fmt: skip
    return world


def _sign_in(client: FlaskClient, name: str) -> None:
    client.delete_cookie("matcher")
    form = form_of(client.get("/aanmelden"), "password")
    answer = client.post("/aanmelden", data={**form, "name": name, "password": PASSWORD})
    assert answer.status_code == 302, answer.text
