"""Introductions on the pages of coach, contractor and service point."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matcher.domain.access import Right
from matcher.models import Candidate
from matcher.repositories.scope import unscoped
from matcher.services.decisions import record_decision
from tests.web.forms import form_of
from tests.web.introducing_pages import MONDAY, Clock, Stage, body_of, by_clock, messages_of


@pytest.fixture
def app(sqlite_url: str, clock: Clock) -> Iterator[Flask]:
    yield from by_clock(sqlite_url, clock)


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
    assert len(messages_of(stage)) == 1


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
    assert messages_of(stage) == []


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
    assert len(messages_of(stage)) == 1


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
