"""Introductions and letters on the pages of coach, contractor and service point."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher import create_app
from matcher.domain.access import Right, Viewer, operator
from matcher.http.db import engine_of
from matcher.models import Account, Candidate, Message
from matcher.models.database import session_factory
from matcher.models.states import MessageState
from matcher.repositories.scope import unscoped
from matcher.services import introductions
from matcher.services.accounts import add_account
from matcher.services.candidates import create_candidate, update_candidate
from matcher.services.decisions import record_decision
from matcher.services.outbox import receiver_of_candidate, send
from matcher.services.vacancies import create_vacancy, open_vacancy
from tests.services.test_fits import PLACE, READY
from tests.web.conftest import PASSWORD
from tests.web.forms import form_of

FIRM = "Wegenbouw Noord"
MONDAY = datetime(2027, 1, 4, 8, 35, tzinfo=ZoneInfo("Europe/Amsterdam"))
DAY = timedelta(days=1)


class Clock:
    """A clock that only moves when it is told to."""

    def __init__(self) -> None:
        self.at = MONDAY

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(sqlite_url: str, clock: Clock) -> Iterator[Flask]:
    made = create_app({"DATABASE_URL": sqlite_url, "CLOCK": clock, "LOG_LEVEL": "CRITICAL"})
    yield made
    engine_of(made).dispose()


@dataclass
class Stage:
    """A coach, a contractor and what happens between them."""

    app: Flask
    clock: Clock
    coach: FlaskClient
    firm: FlaskClient
    coach_viewer: Viewer

    @contextmanager
    def session(self) -> Iterator[Session]:
        with session_factory(engine_of(self.app))() as session:
            yield session

    def person(self, **more: Any) -> int:
        with self.session() as session:
            values = {**READY, "first_name": "Een", **more}
            return create_candidate(session, self.coach_viewer, values, now=self.clock()).id

    def place(self, **more: Any) -> int:
        values = {**PLACE, "contractor": FIRM, "title": "Hulp stratenmaker",
                  "start_on": date(2027, 2, 1), **more}  # fmt: skip
        with self.session() as session:
            made = create_vacancy(session, operator("demo"), values, now=self.clock())
            opened = open_vacancy(
                session, operator("demo"), made.id, expected_version=1, now=self.clock()
            )
            return opened.id

    def invite(self, person: int, place: int) -> int:
        with self.session() as session:
            return introductions.invite(
                session, self.coach_viewer, person, place, now=self.clock()
            ).id

    def says(self, person: int, number: int, answer: str, *shares: str) -> None:
        viewer = Viewer(None, frozenset({Right.CANDIDATE}), "demo", candidate_id=person)
        with self.session() as session:
            introductions.answer(session, viewer, number, answer, shares, now=self.clock())


@pytest.fixture
def stage(app: Flask, clock: Clock, sign_in_as: Callable[..., FlaskClient]) -> Stage:
    coach = sign_in_as(Right.COACH, name="coach")
    firm = sign_in_as(Right.CONTRACTOR, name="firm", organisation=FIRM)
    with session_factory(engine_of(app))() as session:
        row = session.scalars(select(Account).where(Account.name == "coach")).one()
        viewer = Viewer(row.id, frozenset({Right.COACH}), "demo")
    return Stage(app, clock, coach, firm, viewer)


def body_of(answer: Any) -> str:
    """The main part of a page, without what is drawn anew for each form."""
    assert answer.status_code == 200, answer.status
    main = answer.text[answer.text.index("<main") : answer.text.index("</main>")]
    return re.sub(r'(name="(csrf_token|once)" [^>]*value)="[^"]*"', r"\1", main)


# --- the coach ------------------------------------------------------------------------------------


def test_a_coach_proposes_somebody_from_the_page_of_a_place(stage: Stage) -> None:
    person, place = stage.person(), stage.place()
    page = stage.coach.get(f"/kandidaten/{person}/plekken/{place}")
    assert "Stel voor" in page.text
    address = f"/kandidaten/{person}/plekken/{place}/voorstellen"
    page = stage.coach.get(address)
    assert "Stel Een voor?" in page.text
    assert "via de coach" in page.text
    form = form_of(page, "once")
    done = stage.coach.post(address, data=form)
    assert (done.status_code, done.headers["Location"]) == (
        303, f"/kandidaten/{person}#kennismaken",
    )  # fmt: skip
    assert stage.coach.post(address, data=form).status_code == 303, "a second press changes nothing"
    page = stage.coach.get(f"/kandidaten/{person}")
    assert page.text.count("nog geen antwoord") == 1
    assert "antwoord kan tot en met 18 januari" in page.text

    again = stage.coach.get(f"/kandidaten/{person}/plekken/{place}")
    assert "Voorstellen kan nu niet. Voor deze plek is al een uitnodiging gestuurd." in again.text
    refused = stage.coach.post(address, data={**form, "once": "another-one-1"})
    assert refused.status_code == 303
    assert len(_messages(stage)) == 1


def test_who_must_be_asked_first_cannot_be_proposed(stage: Stage) -> None:
    person, place = stage.person(bend=None), stage.place(bend=2, employer_size=5)
    page = stage.coach.get(f"/kandidaten/{person}/plekken/{place}")
    assert "Vraag eerst na wat nog niet bekend is." in page.text
    assert "Stel voor" not in page.text
    address = f"/kandidaten/{person}/plekken/{place}/voorstellen"
    page = stage.coach.get(address)
    assert "Stuur de uitnodiging" not in page.text
    token = form_of(stage.coach.get(f"/kandidaten/{person}"), "csrf_token")["csrf_token"]
    assert stage.coach.post(address, data={"csrf_token": token}).status_code == 303
    assert _messages(stage) == []


def test_who_objected_to_suggestions_is_proposed_by_a_person_who_decided_so(stage: Stage) -> None:
    person, place = stage.person(), stage.place()
    with stage.session() as session:
        row = session.scalars(
            unscoped(select(Candidate).where(Candidate.id == person), Candidate)
        ).one()
        row.manual_only = True
        session.commit()
    page = stage.coach.get(f"/kandidaten/{person}")
    assert "Kies een plek om voor te stellen" in page.text
    page = stage.coach.get(f"/kandidaten/{person}/voorstellen")
    assert "Hulp stratenmaker" in page.text
    address = f"/kandidaten/{person}/plekken/{place}/voorstellen"
    assert "Hier kiest een mens." in stage.coach.get(address).text
    with stage.session() as session:
        record_decision(
            session,
            stage.coach_viewer,
            person,
            subject="lane",
            chosen="ready_now",
            reason="knows_more",
            now=MONDAY,
        )
    form = form_of(stage.coach.get(address), "once")
    assert stage.coach.post(address, data=form).status_code == 303
    assert len(_messages(stage)) == 1


def test_today_tells_who_wants_to_talk_and_who_said_yes_and_never_who_said_no(
    stage: Stage,
) -> None:
    place = stage.place()
    talk, yes, no = (stage.person(first_name=name) for name in ("Praat", "Graag", "Liever"))
    numbers = {each: stage.invite(each, place) for each in (talk, yes, no)}
    before = body_of(stage.coach.get("/vandaag"))
    stage.says(no, numbers[no], "no")
    assert body_of(stage.coach.get("/vandaag")) == before
    stage.says(talk, numbers[talk], "ask_coach")
    stage.says(yes, numbers[yes], "yes")
    page = stage.coach.get("/vandaag").text
    assert "Wil met u overleggen over een uitnodiging van Wegenbouw Noord" in page
    assert "Wil kennismaken bij Wegenbouw Noord" in page
    stage.says(talk, numbers[talk], "no")
    assert "Wil met u overleggen" in stage.coach.get("/vandaag").text

    page = stage.coach.get(f"/kandidaten/{talk}")
    assert "wil met u overleggen" in page.text
    token = form_of(page, "csrf_token")
    step = f"/kennismakingen/{numbers[talk]}/gesproken"
    assert stage.coach.post(step, data={"csrf_token": token["csrf_token"]}).status_code == 303
    assert "Wil met u overleggen" not in stage.coach.get("/vandaag").text


def test_staff_end_it_for_somebody_after_a_yes_and_the_contractor_sees_nothing_more(
    stage: Stage,
) -> None:
    person, place = stage.person(), stage.place()
    number = stage.invite(person, place)
    stage.says(person, number, "yes")
    assert "Een" in body_of(stage.firm.get(f"/kennismaken/{number}"))
    page = stage.coach.get(f"/kandidaten/{person}")
    assert "Niet meer beschikbaar" in page.text
    token = form_of(page, "csrf_token")["csrf_token"]
    stage.coach.post(f"/kennismakingen/{number}/gestopt", data={"csrf_token": token})
    for address in ("/kennismaken", f"/kennismaken/{number}"):
        page = body_of(stage.firm.get(address))
        assert "niet beschikbaar" in page
        assert "Een" not in page


# --- the contractor -------------------------------------------------------------------------------


def test_a_contractor_meets_somebody_who_said_yes_and_a_place_is_kept(stage: Stage) -> None:
    person = stage.person(contact_kind="sms", contact_value="06 12 34 56 78", goal="Vakman worden")
    place = stage.place()
    number = stage.invite(person, place)
    page = stage.firm.get("/kennismaken").text
    assert "We wachten op antwoord." in page
    assert "Een" not in body_of(stage.firm.get("/kennismaken"))
    assert "Kennismaken met P-" in stage.firm.get(f"/kennismaken/{number}").text

    stage.says(person, number, "yes", "contact")
    page = stage.firm.get("/kennismaken").text
    assert "1 mens wil met u kennismaken." in page
    assert "3 van 3 plekken vrij" in page
    page = stage.firm.get(f"/kennismaken/{number}").text
    assert "Een wil met u kennismaken." in page
    assert "sms: 06 12 34 56 78" in page
    assert "Vakman worden" not in page, "it was not ticked"
    token = {"csrf_token": form_of(page, "csrf_token")["csrf_token"]}
    assert stage.firm.post(f"/kennismaken/{number}/ontmoet", data={}).status_code == 403
    stage.firm.post(f"/kennismaken/{number}/ontmoet", data=token)
    assert "2 van 3 plekken vrij" in stage.firm.get("/kennismaken").text

    unclear = stage.firm.post(f"/kennismaken/{number}/stoppen", data=token)
    assert "Kies een reden." in stage.firm.get(unclear.headers["Location"]).text
    stage.firm.post(f"/kennismaken/{number}/stoppen", data={**token, "code": "travel"})
    page = stage.firm.get("/kennismaken").text
    assert "de reis past toch niet" in page
    assert "Een" not in body_of(stage.firm.get(f"/kennismaken/{number}"))


def test_the_contractors_pages_hold_nothing_of_money_health_or_advice(stage: Stage) -> None:
    person = stage.person(money=0, home_base=0, lift=1, goal="Kanarievogel")
    place = stage.place(employer_size=250)
    number = stage.invite(person, place)
    stage.says(person, number, "yes")
    pages = body_of(stage.firm.get("/kennismaken")) + body_of(
        stage.firm.get(f"/kennismaken/{number}")
    )
    with stage.session() as session:
        row = session.scalars(
            unscoped(select(Candidate).where(Candidate.id == person), Candidate)
        ).one()
    for hidden in ("Kanarievogel", row.reference, "tillen", "schuld", "Starten met steun"):
        assert hidden not in pages


def test_another_contractor_and_staff_of_another_region_find_nothing(
    stage: Stage, sign_in_as: Callable[..., FlaskClient]
) -> None:
    person, place = stage.person(), stage.place()
    number = stage.invite(person, place)
    rival = sign_in_as(Right.CONTRACTOR, name="rival", organisation="Andere Wegen")
    assert rival.get(f"/kennismaken/{number}").status_code == 404
    assert "P-" not in body_of(rival.get("/kennismaken"))
    stranger = sign_in_as(Right.COACH, Right.LEAD, name="stranger", region="haaglanden")
    assert "Er loopt nog geen kennismaking." in stranger.get("/kennismakingen").text
    address = f"/kandidaten/{person}/plekken/{place}/voorstellen"
    assert stranger.get(address).status_code == 404
    assert stage.firm.get("/kennismakingen").status_code == 403
    assert stage.firm.get(address).status_code == 403


def test_the_service_point_sees_per_place_how_far_it_is_and_opens_nobody(
    stage: Stage, sign_in_as: Callable[..., FlaskClient]
) -> None:
    person, place = stage.person(), stage.place()
    stage.invite(person, place)
    point = sign_in_as(Right.SERVICE_POINT, name="point")
    page = point.get("/kennismakingen")
    assert "Hulp stratenmaker" in page.text
    assert f"/kandidaten/{person}" not in page.text
    assert point.get("/brieven").status_code == 403
    triager = sign_in_as(Right.TRIAGER, name="triager")
    assert f"/kandidaten/{person}" in triager.get("/kennismakingen").text


# --- S-07 -----------------------------------------------------------------------------------------


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


# --- letters --------------------------------------------------------------------------------------


def _messages(stage: Stage) -> list[Message]:
    with stage.session() as session:
        return list(session.scalars(unscoped(select(Message).order_by(Message.id), Message)))


def test_a_letter_is_looked_at_printed_and_posted(stage: Stage) -> None:
    person = stage.person(contact_kind="letter")
    stage.invite(person, stage.place())
    page = stage.coach.get("/brieven")
    assert "1 brief ligt klaar." in page.text
    assert "wil een brief" in page.text
    (message,) = _messages(stage)
    letter = body_of(stage.coach.get(f"/brieven/{message.id}"))
    assert "Er staat iets voor u klaar." in letter
    sheet = letter[letter.index('class="card letter"') : letter.index("</section>")]
    assert "Een" not in sheet
    assert FIRM not in sheet
    token = {"csrf_token": form_of(page, "csrf_token")["csrf_token"]}
    assert stage.coach.post(f"/brieven/{message.id}/gepost", data=token).status_code == 303
    assert "Er ligt geen brief klaar." in stage.coach.get("/brieven").text
    assert stage.coach.get(f"/brieven/{message.id}").status_code == 404
    assert stage.coach.post(f"/brieven/{message.id}/gepost", data=token).status_code == 404
    assert [row.state for row in _messages(stage)] == [MessageState.SENT]


def test_a_message_that_did_not_get_through_goes_to_the_letters(stage: Stage) -> None:
    person = stage.person(contact_kind="mail", contact_value="een@voorbeeld.example")
    with stage.session() as session:
        row = session.scalars(
            unscoped(select(Candidate).where(Candidate.id == person), Candidate)
        ).one()
        to = receiver_of_candidate(row)
        send(session, template="candidate_ready", to=to, dedupe_key="a", now=MONDAY)
        (message,) = session.scalars(unscoped(select(Message), Message))
        message.state, message.attempts = MessageState.FAILED, 1
        session.commit()
        number = message.id
    page = stage.coach.get("/brieven")
    assert "kwam niet aan" in page.text
    assert "voorbeeld.example" not in body_of(page)
    token = {"csrf_token": form_of(page, "csrf_token")["csrf_token"]}
    stage.coach.post(f"/brieven/{number}/papier", data=token)
    assert "1 brief ligt klaar." in stage.coach.get("/brieven").text


def test_letters_of_a_colleague_are_not_found(
    stage: Stage, sign_in_as: Callable[..., FlaskClient]
) -> None:
    stage.invite(stage.person(), stage.place())
    (message,) = _messages(stage)
    colleague = sign_in_as(Right.COACH, name="colleague")
    assert "Er ligt geen brief klaar." in colleague.get("/brieven").text
    assert colleague.get(f"/brieven/{message.id}").status_code == 404
    assert stage.firm.get("/brieven").status_code == 403
