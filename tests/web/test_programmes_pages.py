"""Programmes, groups and seats on the pages of staff and of the provider."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher import create_app
from matcher.domain.access import Right, Viewer
from matcher.http.db import engine_of
from matcher.models import Account, Candidate, Seat
from matcher.models.database import session_factory
from matcher.models.states import SeatState
from matcher.repositories.scope import unscoped
from matcher.services import attendance, cohorts, seats
from matcher.services.candidates import create_candidate
from tests.services.seating import programme
from tests.web.forms import form_of
from tests.web.introducing_pages import MONDAY, Clock

FIRST, LATER = date(2027, 1, 4), date(2027, 2, 1)
DAY = timedelta(days=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(sqlite_url: str, clock: Clock) -> Iterator[Flask]:
    made = create_app({"DATABASE_URL": sqlite_url, "CLOCK": clock, "LOG_LEVEL": "CRITICAL"})
    yield made
    engine_of(made).dispose()


@pytest.fixture
def database(app: Flask) -> Iterator[Session]:
    with session_factory(engine_of(app))() as session:
        yield session


@pytest.fixture
def coach(sign_in_as: Callable[..., FlaskClient]) -> FlaskClient:
    return sign_in_as(Right.COACH, name="coach")


@pytest.fixture
def lead(sign_in_as: Callable[..., FlaskClient]) -> FlaskClient:
    return sign_in_as(Right.LEAD, name="lead")


@pytest.fixture
def guide(database: Session, coach: FlaskClient) -> Viewer:
    row = database.scalars(select(Account).where(Account.name == "coach")).one()
    return Viewer(row.id, frozenset({Right.COACH}), "demo")


@pytest.fixture
def course(database: Session) -> int:
    return programme(database, MONDAY, starts_on=(FIRST, LATER), seats=1)


def person(database: Session, guide: Viewer, name: str = "Sam", **more: Any) -> int:
    values = {"first_name": name, "rhythm": 1, "work_skills": 2, **more}
    return create_candidate(database, guide, values, now=MONDAY).id


def seat_of(database: Session, number: int) -> Seat:
    """The newest seat of somebody as it stands now, not as this session saw it before."""
    database.rollback()
    statement = select(Seat).where(Seat.candidate_id == number).order_by(Seat.id.desc())
    found = unscoped(statement, Seat).execution_options(populate_existing=True)
    return database.scalars(found).first() or pytest.fail("there is no seat")


def at_nine_thirty(clock: Clock, *at_work: FlaskClient) -> None:
    """Moves the clock; who is at work opens a page now and then, and so stays signed in."""
    for hour, minute in ((8, 58), (9, 20), (9, 30)):
        clock.at = MONDAY.replace(hour=hour, minute=minute)
        for client in at_work:
            client.get("/programmas")


# --- booking -------------------------------------------------------------------------------------


def test_a_coach_books_a_seat_from_the_page_of_a_person(
    database: Session, coach: FlaskClient, guide: Viewer, course: int
) -> None:
    sam, kim = person(database, guide), person(database, guide, "Kim")
    assert f"/kandidaten/{sam}/programmas" in coach.get(f"/kandidaten/{sam}").text
    assert "Werkritme" in coach.get(f"/kandidaten/{sam}/programmas").text
    address = f"/kandidaten/{sam}/programmas/{course}"
    page = coach.get(address)
    assert "Boek: Sam zegt nu ja" in page.text

    data = {**form_of(page, "once"), "start": LATER.isoformat(), "doe": "boek"}
    done = coach.post(address, data=data, follow_redirects=True)

    assert "Sam heeft een plek vanaf 1 februari" in done.text
    assert "plek geboekt" in done.text
    other = f"/kandidaten/{kim}/programmas/{course}"
    data = {**form_of(coach.get(other), "once"), "start": LATER.isoformat(), "doe": "boek"}
    full = coach.post(other, data=data, follow_redirects=True)
    assert "Deze groep is vol" in full.text


@pytest.mark.parametrize(
    ("button", "state", "words"),
    [
        ("aanbod", "offered", "De plek is aangeboden"),
        ("wacht", "waiting", "staat op de wachtlijst"),
        ("standby", "waiting", "staat stand-by voor 1 februari"),
    ],
)
def test_a_seat_is_offered_waited_for_or_stood_by_for(
    database: Session,
    coach: FlaskClient,
    guide: Viewer,
    course: int,
    button: str,
    state: str,
    words: str,
) -> None:
    sam = person(database, guide)
    address = f"/kandidaten/{sam}/programmas/{course}"
    data = {**form_of(coach.get(address), "once"), "start": LATER.isoformat(), "doe": button}

    done = coach.post(address, data=data, follow_redirects=True)

    assert words in done.text
    assert seat_of(database, sam).state == state
    assert (seat_of(database, sam).standby_cohort_id is not None) is (button == "standby")


@pytest.mark.parametrize(
    "change", [{"doe": "niets"}, {"start": "gisteren"}, {"start": "2027-01-05"}]
)
def test_a_form_that_was_tampered_with_books_nothing(
    database: Session, coach: FlaskClient, guide: Viewer, course: int, change: dict[str, str]
) -> None:
    sam = person(database, guide)
    address = f"/kandidaten/{sam}/programmas/{course}"
    data = {**form_of(coach.get(address), "once"), "start": LATER.isoformat(), "doe": "boek"}

    assert coach.post(address, data={**data, **change}).status_code == 400
    assert database.scalars(unscoped(select(Seat), Seat)).all() == []


def test_the_plan_says_whether_there_is_a_seat(
    database: Session, coach: FlaskClient, guide: Viewer, course: int
) -> None:
    sam = person(database, guide, sectors=("F42",), hours_min=20, hours_max=36)

    page = coach.get(f"/kandidaten/{sam}")

    assert page.status_code == 200
    assert "Programma" in page.text


# --- the group -----------------------------------------------------------------------------------


def test_the_seat_of_a_no_show_goes_to_the_first_standby_with_one_tap(
    database: Session,
    lead: FlaskClient,
    coach: FlaskClient,
    guide: Viewer,
    course: int,
    clock: Clock,
) -> None:
    sam, kim = person(database, guide), person(database, guide, "Kim")
    taken = seats.book(database, guide, sam, course, FIRST, now=MONDAY)
    seats.wait(database, guide, kim, course, standby_for=taken.cohort_id, now=MONDAY)
    address = f"/groepen/{taken.cohort_id}"
    assert "geef de plek door" not in lead.get(address).text, "before 09:30"
    at_nine_thirty(clock, lead, coach)
    assert "geef de plek door" not in coach.get(address).text, "not for a coach"
    page = lead.get(address)
    assert "geef de plek door" in page.text

    step = f"/plekken-in-programma/{taken.id}/doorgeven"
    done = lead.post(step, data=form_of(page, "csrf_token"), follow_redirects=True)

    assert "De plek gaat naar de eerste die stand-by staat" in done.text
    assert seat_of(database, kim).state is SeatState.BOOKED
    assert seat_of(database, sam).state is SeatState.WAITING


def test_a_lead_offers_the_next_seat_and_a_coach_cannot(
    database: Session, lead: FlaskClient, coach: FlaskClient, guide: Viewer, course: int
) -> None:
    sam = person(database, guide)
    seats.wait(database, guide, sam, course, now=MONDAY)
    group = cohorts.open_group(database, guide, course, LATER, now=MONDAY).id
    page = lead.get(f"/groepen/{group}")
    assert "Bied de eerste een plek aan" in page.text
    assert "Bied de eerste een plek aan" not in coach.get(f"/groepen/{group}").text

    token = form_of(page, "csrf_token")
    assert coach.post(f"/groepen/{group}/aanbod", data=token).status_code == 403
    lead.post(f"/groepen/{group}/aanbod", data=token)

    assert seat_of(database, sam).state is SeatState.OFFERED


def test_staff_mark_who_came_and_say_what_came_after(
    database: Session, coach: FlaskClient, guide: Viewer, course: int
) -> None:
    sam = person(database, guide)
    seat = seats.book(database, guide, sam, course, FIRST, now=MONDAY)
    address = f"/groepen/{seat.cohort_id}/aanwezig"
    page = coach.get(address)
    assert "niet voor een maatregel" in page.text

    data = {**form_of(page, "once"), f"mark-{seat.id}": "came"}
    assert coach.post(address, data=data).status_code == 303
    assert seat_of(database, sam).state is SeatState.ATTENDING

    group = coach.get(f"/groepen/{seat.cohort_id}")
    assert "kwam op 1 van 1 dag" in group.text
    token = form_of(group, "csrf_token")
    step = f"/plekken-in-programma/{seat.id}/einde"
    assert "Kies wat er hierna kwam" in coach.post(step, data=token, follow_redirects=True).text
    coach.post(step, data={**token, "code": "started_work"})
    assert seat_of(database, sam).state is SeatState.FINISHED


def test_days_suggest_a_level_of_rhythm_that_a_coach_takes_over(
    database: Session, coach: FlaskClient, guide: Viewer
) -> None:
    sam = person(database, guide)
    began = date(2026, 12, 14)
    course = programme(database, MONDAY, starts_on=(began,))
    seat = seats.book(database, guide, sam, course, began, now=MONDAY - 28 * DAY)
    for number in range(10):
        day = began + number * DAY
        at = datetime.combine(day, MONDAY.timetz())
        attendance.mark_day(database, guide, seat.id, day, "came", now=at)
    page = coach.get(f"/kandidaten/{sam}")
    assert "De dagen passen bij ritme: bijna altijd gekomen" in page.text
    assert "kwam op 10 van 10 dagen" in page.text

    form = form_of(page, "version")
    coach.post(f"/kandidaten/{sam}/ritme", data=form)

    database.rollback()
    statement = unscoped(select(Candidate.rhythm).where(Candidate.id == sam), Candidate)
    assert database.scalar(statement) == 4
    assert "De dagen passen bij ritme" not in coach.get(f"/kandidaten/{sam}").text


def test_a_planner_changes_seats_and_money_of_a_group(
    database: Session, lead: FlaskClient, guide: Viewer, course: int
) -> None:
    page = lead.get("/geld-voor-plekken/nieuw")
    data = {
        **form_of(page, "once"), "name": "Fonds", "source": "oo_cleaning", "from_sector": "N81",
        "to_sector": "H49", "budget_euros": "10 000",
    }  # fmt: skip
    assert lead.post("/geld-voor-plekken/nieuw", data=data).status_code == 303
    group = cohorts.open_group(database, guide, course, LATER, now=MONDAY).id
    page = lead.get(f"/groepen/{group}")
    (line,) = re.findall(r'<option value="(\d+)">Fonds', page.text)
    form = {**form_of(page, "capacity"), "capacity": "3", "funding_line_id": line}
    lead.post(f"/groepen/{group}/plekken", data={**form, "seat_euros": "4000"})
    for name in ("Sam", "Kim"):
        seats.book(database, guide, person(database, guide, name), course, LATER, now=MONDAY)
    money = lead.get("/geld-voor-plekken")
    assert "€\N{NO-BREAK SPACE}8.000" in money.text
    assert "Tussen sectoren" in money.text

    page = lead.get(f"/groepen/{group}")
    form = {**form_of(page, "capacity"), "capacity": "1", "funding_line_id": line}
    refused = lead.post(f"/groepen/{group}/plekken", data={**form, "seat_euros": "1"})
    assert refused.status_code == 400
    assert "Er zijn al 2 plekken bezet" in refused.text
    change = f"/geld-voor-plekken/{line}"
    less = {**form_of(lead.get(change), "once"), "budget_euros": "7999"}
    assert "Minder kan niet" in lead.post(change, data=less).text


def test_the_overview_shows_groups_and_no_names(
    database: Session, sign_in_as: Callable[..., FlaskClient], guide: Viewer, course: int
) -> None:
    seats.book(database, guide, person(database, guide, "Zelda"), course, FIRST, now=MONDAY)
    seats.wait(database, guide, person(database, guide, "Xena"), course, now=MONDAY)
    officer = sign_in_as(Right.OFFICER, name="officer")

    for address in ("/programmas", f"/programmas/{course}"):
        page = officer.get(address)
        assert page.status_code == 200
        assert "Zelda" not in page.text
        assert "Xena" not in page.text
    assert officer.get("/groepen/1").status_code == 403


def test_an_arrangement_is_made_and_changed_on_its_pages(lead: FlaskClient) -> None:
    page = lead.get("/samenwerkingen/nieuw")
    data = {
        **form_of(page, "once"), "name": "Infra Talent", "target": "50", "starts_on": "1-1-2027",
        "until": "31-12-2028", "firms": "Een\nTwee\n", "sectors": "F42",
    }  # fmt: skip
    made = lead.post("/samenwerkingen/nieuw", data=data, follow_redirects=True)
    assert "50 mensen aan het werk op 31 december 2028" in made.text
    assert "2 bedrijven doen mee" in made.text
    assert "samen voor 50 mensen aan het werk" in lead.get("/samenwerkingen").text

    again = lead.post("/samenwerkingen/nieuw", data={**data, "once": "another"})
    assert "Er is al een samenwerking met deze naam" in again.text
    (address,) = re.findall(r"/samenwerkingen/\d+/wijzigen", made.text)
    form = {**form_of(lead.get(address), "once"), "target": "60", "until": "1-1-2020"}
    assert lead.post(address, data=form).status_code == 400
    changed = lead.post(address, data={**form, "until": "31-12-2028"}, follow_redirects=True)
    assert "60 mensen" in changed.text


# --- the provider --------------------------------------------------------------------------------


def opened(client: FlaskClient, page: Any) -> str:
    """Opens the link that a page shows, as the provider; the address it leads to."""
    (address,) = re.findall(r"http://localhost(/aanwezig/[\w-]+)", page.text)
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    return str(answer.headers["Location"])


def test_a_provider_marks_a_group_without_an_account(
    app: Flask,
    database: Session,
    coach: FlaskClient,
    guide: Viewer,
    course: int,
    clock: Clock,
) -> None:
    sam = person(database, guide, reference="K-GEHEIM")
    seat = seats.book(database, guide, sam, course, FIRST, now=MONDAY)
    group = f"/groepen/{seat.cohort_id}"
    token = form_of(coach.get(group), "csrf_token")
    shown = coach.post(f"{group}/link", data=token, follow_redirects=True)
    provider = app.test_client()
    address = opened(provider, shown)
    assert "/aanwezig/" not in coach.get(group).text, "the link is shown once"

    page = provider.get(address)
    assert page.status_code == 200
    assert "Sam" in page.text
    assert "niet voor een maatregel" in page.text
    assert "K-GEHEIM" not in page.text
    data = {**form_of(page, "once"), f"mark-{seat.id}": "came", "mark-999": "came"}
    saved = provider.post(address, data=data, follow_redirects=True)
    assert "Opgeslagen" in saved.text
    assert seat_of(database, sam).state is SeatState.ATTENDING

    coach.post(f"{group}/link", data={**token, "stop": ""})
    assert provider.get(address).status_code == 404
    assert app.test_client().get(address).status_code == 404
    coach.post(f"{group}/link", data=token)
    clock.at = MONDAY + timedelta(days=90)
    assert provider.get(address).status_code == 404


def test_the_link_of_a_group_is_not_for_guessing(
    sqlite_url: str, database: Session, clock: Clock
) -> None:
    limited = create_app(
        {
            "DATABASE_URL": sqlite_url,
            "CLOCK": clock,
            "LOG_LEVEL": "CRITICAL",
            "RATELIMIT_ENABLED": True,
            "ATTENDANCE_LIMIT": "3 per hour",
        }
    )
    provider = limited.test_client()
    answers = [provider.get(f"/aanwezig/geraden{number}").status_code for number in range(5)]
    engine_of(limited).dispose()

    assert answers == [302, 302, 302, 429, 429]
