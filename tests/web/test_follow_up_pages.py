"""People at work on the pages of coach, employer, candidate and officer, and the agenda."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from matcher.domain.access import Right, Viewer
from matcher.models import Account, Candidate, CandidateAccount, Placement, PlacementEvent
from matcher.repositories.scope import unscoped
from matcher.services import introductions, outcomes, placing, works
from matcher.services.arrangements import create_arrangement
from matcher.services.works import Subject
from tests.services.placing import said
from tests.services.seating import PLANNER, programme
from tests.web.forms import form_of
from tests.web.introducing_pages import MONDAY, Clock, Stage, body_of, by_clock

DAY = timedelta(days=1)
TODAY = MONDAY.date()


@pytest.fixture
def app(sqlite_url: str, clock: Clock) -> Iterator[Flask]:
    yield from by_clock(sqlite_url, clock)


def met(stage: Stage, person: int) -> int:
    """The number of an introduction in which both met."""
    number = stage.invite(person, stage.place())
    stage.says(person, number, "yes")
    with stage.session() as session:
        firm = session.scalars(select(Account).where(Account.name == "firm")).one()
        viewer = Viewer(firm.id, frozenset({Right.CONTRACTOR}), "demo", firm.organisation_id)
        introductions.mark_met(session, viewer, number, now=stage.clock())
    return number


def started(stage: Stage, person: int, starts_on: date, introduction_id: int | None = None) -> int:
    with stage.session() as session:
        values = {"starts_on": starts_on}
        return placing.record_placement(
            session,
            stage.coach_viewer,
            person,
            values,
            introduction_id=introduction_id,
            without=None if introduction_id else "own_found",
            now=stage.clock(),
        ).id


def answers_of(stage: Stage, number: int) -> list[tuple[int, str, str]]:
    with stage.session() as session:
        return said(session, number)


def test_a_coach_records_a_start_from_the_page_of_a_person(stage: Stage) -> None:
    person = stage.person()
    number = met(stage, person)
    page = stage.coach.get(f"/kandidaten/{person}")
    assert "Leg de start vast" in page.text
    address = f"/kandidaten/{person}/werk/nieuw?kennismaking={number}"
    form = form_of(stage.coach.get(address), "starts_on")
    assert form["way"] == str(number)
    wrong = stage.coach.post(address, data={**form, "starts_on": ""})
    assert wrong.status_code == 400
    assert "Vul de eerste werkdag in" in wrong.text
    late = {**form, "starts_on": "2027-01-05", "contract_until": "2027-01-01", "once": "another-1"}
    wrong = stage.coach.post(address, data=late)
    assert wrong.status_code == 400
    assert "Kies de eerste werkdag of een dag daarna." in wrong.text
    good = {**form, "starts_on": "2027-01-05", "hours_a_week": "24", "once": "another-2"}
    done = stage.coach.post(address, data=good)
    assert (done.status_code, done.headers["Location"]) == (303, f"/kandidaten/{person}/werk")
    assert stage.coach.post(address, data=good).status_code == 303, "a second press changes nothing"
    page = stage.coach.get(f"/kandidaten/{person}/werk")
    assert "Hulp stratenmaker" in page.text
    assert page.text.count('class="card placement"') == 1
    with stage.session() as session:
        (row,) = session.scalars(unscoped(select(Placement), Placement))
        assert (row.introduction_id, row.hours_a_week) == (number, 24)


def test_today_holds_what_is_to_do_about_people_at_work_and_one_tap_leads_there(
    stage: Stage,
) -> None:
    person = stage.person()
    number = started(stage, person, TODAY)
    page = stage.coach.get("/vandaag")
    assert "Eerste werkdag op 4 januari" in page.text
    assert f'href="/kandidaten/{person}/werk#werk-{number}"' in page.text
    assert "Eerste werkdag op 4 januari" in stage.coach.get("/nazorg").text
    form = form_of(stage.coach.get(f"/kandidaten/{person}/werk"), "csrf_token")
    step = stage.coach.post(
        f"/werk/{number}/contact", data={**form, "contact": "first_day", "result": "well"}
    )
    assert step.status_code == 303
    assert "Eerste werkdag" not in stage.coach.get("/vandaag").text
    page = stage.coach.get(f"/kandidaten/{person}/werk").text
    assert "Eerste werkdag: Het gaat goed" in page
    assert "aan het werk" in page
    stage.coach.post(f"/werk/{number}/einde", data={**form, "code": "hours"})
    assert "De uren pasten niet" in stage.coach.get(f"/kandidaten/{person}/werk").text
    refused = stage.coach.post(f"/werk/{number}/einde", data=form, follow_redirects=True)
    assert "Dit kan niet meer." in refused.text


def test_employer_and_coach_answer_and_the_coach_decides_where_they_differ(stage: Stage) -> None:
    person = stage.person()
    number = started(stage, person, TODAY - 92 * DAY, met(stage, person))
    page = stage.firm.get("/aan-het-werk")
    assert "Werkt Een hier nog, na 3 maanden?" in page.text
    assert "Zelf gestopt" not in page.text
    form = form_of(page, "months")
    assert (
        stage.firm.post(f"/aan-het-werk/{number}", data={**form, "status": "x"}).status_code == 303
    )
    assert answers_of(stage, number) == []
    stage.firm.post(f"/aan-het-werk/{number}", data={**form, "status": "not_here"})
    stage.firm.get("/aan-het-werk")
    page = body_of(stage.firm.get("/aan-het-werk"))
    assert "Na 3 maanden: Werkt hier niet meer" in page
    assert "hier nog, na" not in page, "asked once"

    viewer = Viewer(None, frozenset({Right.CANDIDATE}), "demo", candidate_id=person)
    with stage.session() as session:
        outcomes.answer(session, viewer, number, 3, "same_job", now=stage.clock())
    assert "Twee antwoorden over het werk verschillen" in stage.coach.get("/vandaag").text
    assert body_of(stage.firm.get("/aan-het-werk")) == page, "the firm sees nothing of it"
    form = form_of(stage.coach.get(f"/kandidaten/{person}/werk"), "months")
    decided = {**form, "status": "not_working", "reason": "spoke_both"}
    stage.coach.post(f"/werk/{number}/keuze", data={**form, "status": "not_working"})
    assert len(answers_of(stage, number)) == 2, "a reason is needed"
    stage.coach.post(f"/werk/{number}/keuze", data=decided)
    assert [source for _m, source, _s in answers_of(stage, number)] == [
        "candidate", "decided", "employer",
    ]  # fmt: skip
    page = stage.coach.get(f"/kandidaten/{person}/werk").text
    assert "keuze van de coach: Werkt nu niet (Met allebei gesproken)" in page
    assert body_of(stage.firm.get("/aan-het-werk")).count("Werkt nu niet") == 0


def test_a_candidate_answers_on_the_own_page_with_one_tap(
    stage: Stage, sign_in_as: Callable[..., FlaskClient]
) -> None:
    own = sign_in_as(Right.CANDIDATE, name="own")
    with stage.session() as session:
        person = session.scalars(select(CandidateAccount.candidate_id)).one()
        row = session.scalars(unscoped(select(Candidate), Candidate)).one()
        row.owner_account_id = stage.coach_viewer.account_id
        session.commit()
    number = started(stage, person, TODAY - 92 * DAY)
    assert "Hoe is het, 3 maanden na uw start?" in own.get("/mijn").text
    page = own.get("/mijn/werk")
    assert "Ik werk hier nog" in page.text
    form = form_of(page, "months")
    own.post(f"/mijn/werk/{number}/antwoord", data={**form, "status": "other_employer"})
    assert answers_of(stage, number) == [(3, "candidate", "other_employer")]
    assert "3 maanden na uw start" not in own.get("/mijn").text
    own.post(f"/mijn/werk/{number}/gaat", data={**form, "status": "wants_talk"})
    assert "Er is een teken dat het stroef gaat" in stage.coach.get("/vandaag").text
    for address in (f"/mijn/werk/{number + 1}/antwoord", f"/mijn/werk/{number + 1}/gaat"):
        assert own.post(address, data={**form, "status": "well"}).status_code == 404
    copy = own.get("/mijn/meenemen/bestand")
    assert copy.status_code == 200
    assert "other_employer" in copy.text


def test_the_agenda_is_private_valid_and_withdrawn_with_one_tap(stage: Stage) -> None:
    person = stage.person(first_name="Zqnaamqz", goal="Zqdoelqz")
    started(stage, person, TODAY + 3 * DAY)
    form = form_of(stage.coach.get("/nazorg"), "csrf_token")
    page = stage.coach.post("/nazorg/agenda", data={**form, "maak": "1"})
    found = re.search(r"http://localhost(/agenda/[\w-]+\.ics)", page.text)
    assert found is not None
    link = found[1]
    assert link not in stage.coach.get("/nazorg").text, "shown once"
    anybody = stage.app.test_client()
    answer = anybody.get(link)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    events = Calendar.from_ical(answer.text).walk("VEVENT")
    assert next((one.decoded("DTSTART"), str(one["SUMMARY"])) for one in events) == (
        TODAY + 3 * DAY, "1 contactmoment",
    )  # fmt: skip
    lowered = answer.text.casefold()
    for word in ("zq", "een", "naam", "loon", "geld", "schuld", "gezond", "ziek", str(person)):
        if word == str(person):
            assert f"/{word}" not in answer.text
        elif word != "een":
            assert word not in lowered, word
    stage.coach.post("/nazorg/agenda", data={**form, "stop": "1"})
    assert anybody.get(link).status_code == 404
    assert anybody.get("/agenda/x.ics").status_code == 404
    assert stage.firm.post("/nazorg/agenda", data=form).status_code == 403


def test_an_officer_decides_on_the_page_and_others_only_read(
    stage: Stage, sign_in_as: Callable[..., FlaskClient]
) -> None:
    with stage.session() as session:
        number = programme(session, stage.clock())
        works.set_day(session, PLANNER, Subject.PROGRAMME, number, TODAY, now=stage.clock())
    address = f"/werkt-dit/programma/{number}"
    officer = sign_in_as(Right.OFFICER, name="officer")
    assert "1 besluit is nu aan de beurt." in officer.get("/werkt-dit").text
    page = officer.get(address)
    form = form_of(page, "reason")
    wrong = officer.post(f"{address}/besluit", data={**form, "verdict": "go_on", "reason": "Goed"})
    assert wrong.status_code == 400
    wrong = officer.post(
        f"{address}/besluit", data={**form, "verdict": "stop", "reason": "Nummer 111222333"}
    )
    assert wrong.status_code == 400
    good = {**form, "verdict": "change", "reason": "Kleinere groepen.", "next_on": "2027-06-01"}
    assert officer.post(f"{address}/besluit", data=good).status_code == 303
    again = officer.post(f"{address}/besluit", data=good, follow_redirects=True)
    assert "Iemand anders was u voor." in again.text
    page = officer.get(address).text
    assert "Kleinere groepen." in page
    assert "Besluit op 1 juni" in page
    analyst = sign_in_as(Right.ANALYST, name="analyst")
    assert "Kleinere groepen." in analyst.get(address).text
    refused: list[Any] = [
        analyst.post(f"{address}/dag", data=form),
        sign_in_as(Right.LEAD, name="lead").post(f"{address}/besluit", data=good),
        stage.coach.get("/werkt-dit"),
        stage.firm.get(address),
    ]
    assert [answer.status_code for answer in refused] == [403] * 4


def test_a_lead_reads_whose_each_task_is_and_a_coach_only_the_own(
    stage: Stage, sign_in_as: Callable[..., FlaskClient]
) -> None:
    started(stage, stage.person(), TODAY)
    lead = sign_in_as(Right.LEAD, name="lead")
    assert "van coach" in body_of(lead.get("/nazorg"))
    assert "van coach" not in body_of(stage.coach.get("/nazorg"))
    assert 'href="/nazorg"' in lead.get("/vandaag").text


def test_an_arrangement_says_how_many_work_and_at_which_pace_in_dutch_figures(
    stage: Stage, sign_in_as: Callable[..., FlaskClient]
) -> None:
    with stage.session() as session:
        values = {"name": "Samen", "target": 10, "until": TODAY + 365 * DAY}
        number = create_arrangement(session, PLANNER, values, now=stage.clock()).record.id
    page = sign_in_as(Right.OFFICER, name="officer").get(f"/werkt-dit/samenwerking/{number}")
    words = " ".join(page.text.split())
    assert "0 aan het werk van de 10 die het doel zijn. Nodig vanaf nu: 0,8 per maand." in words


def test_a_firm_says_once_that_somebody_did_not_come_and_the_coach_calls(
    stage: Stage, clock: Clock
) -> None:
    person = stage.person()
    number = started(stage, person, TODAY, met(stage, person))
    form = form_of(stage.firm.get("/aan-het-werk"), "csrf_token")
    address = f"/aan-het-werk/{number}/niet-gekomen"
    assert stage.firm.post(address, data=form).status_code == 303
    assert "De jobcoach weet het en belt u vóór 09:00." in stage.firm.get("/aan-het-werk").text
    stage.firm.post(address, data=form)
    today = stage.coach.get("/vandaag").text
    assert "Kwam niet op 4 januari" in today
    with stage.session() as session:
        events = session.execute(
            unscoped(select(PlacementEvent.result, PlacementEvent.by_right), PlacementEvent)
        ).all()
    assert [tuple(event) for event in events if event.result] == [("did_not_come", "contractor")]
    stage.firm.get("/aan-het-werk")
    assert "Kwam niet" not in body_of(stage.firm.get("/aan-het-werk"))
    assert stage.firm.post(f"/aan-het-werk/{number + 1}/niet-gekomen", data=form).status_code == 404
    assert stage.coach.post(address, data=form).status_code in (400, 403)


def test_a_firm_says_nothing_about_who_has_not_begun(stage: Stage) -> None:
    person = stage.person()
    number = started(stage, person, TODAY + DAY, met(stage, person))
    page = stage.firm.get("/aan-het-werk")
    assert "niet-gekomen" not in page.text
    stage.firm.post(
        f"/aan-het-werk/{number}/niet-gekomen", data=form_of(stage.firm.get("/bel-mij"), "name")
    )
    assert "Deze persoon werkt nu niet bij u." in stage.firm.get("/aan-het-werk").text
