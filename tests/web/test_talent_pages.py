"""Talent in this region: open to everybody, the same for all, silent about small counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer, operator
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import Lane, section_of
from matcher.http.db import engine_of
from matcher.models import Account, Candidate, Organisation, Placement
from matcher.models.database import session_factory
from matcher.models.states import PlacementState, VacancyStatus
from matcher.reference.codes import load_codes
from matcher.repositories import vacancies
from matcher.repositories.acting import Actor, act_as
from matcher.repositories.scope import unscoped
from tests.services.introducing import person_of
from tests.services.test_talent import lane_of, looking
from tests.storage.rows import NOW as MOMENT
from tests.storage.rows import STAMPS

SignIn = Callable[..., FlaskClient]


def people(app: Flask, work: Callable[[Session], object]) -> None:
    with session_factory(engine_of(app))() as session:
        act_as(session, Actor(operator("demo"), datetime(2027, 1, 4, 8).astimezone()))
        work(session)
        session.commit()


def world(session: Session) -> None:
    looking(session, 33, lane=Lane.READY_NOW)
    looking(session, 14, lane=Lane.PRE_PLACEMENT)
    looking(session, 12, lane=Lane.READY_WITH_SUPPORT, sectors=("N81", "Q87"))
    looking(session, 7, sectors=("H49",))


def cells(page: str) -> list[str]:
    """The text of every cell of the tables, in their order."""
    found = re.findall(r"<t[hd] ?[^>]*>(.*?)</t[hd]>", page, re.S)
    return [unescape(re.sub(r"<[^>]+>", " ", cell)).strip() for cell in found]


def test_everybody_reads_the_same_without_signing_in(
    app: Flask, client: FlaskClient, sign_in_as: SignIn
) -> None:
    people(app, world)

    page = client.get("/talent")

    assert page.status_code == 200
    assert "<h1>Ongeveer 45 mensen kunnen binnen een half jaar beginnen</h1>" in page.text
    shown = cells(page.text)
    assert shown.count("45") == 8, "every month has the same, and the wish for F"
    main = re.compile(r"<main.*</main>", re.S)
    for right in (Right.COACH, Right.CONTRACTOR, Right.OFFICER):
        again = sign_in_as(right).get("/talent").text
        first, second = main.search(page.text), main.search(again)
        assert first
        assert second
        assert first[0] == second[0]


def test_every_sector_is_listed_and_a_small_one_has_no_number(
    app: Flask, client: FlaskClient
) -> None:
    people(app, world)

    page = unescape(client.get("/talent").text)

    codes = load_codes().list("sectors").codes.values()
    for code in codes:
        assert (code.code != section_of(code.code)) or code.label("nl") in page
    after = page.split("<summary>Sectoren met minder dan 10 mensen")[1]
    assert "Vervoer en opslag" in after, "7 people"
    assert after.count("minder dan 10") >= 18
    assert "Grond-, water- en wegenbouw: 45" in page, "47 people"
    assert "geen getal" in page, "all but none of those who want care can start soon"


def test_page_and_api_give_the_same_numbers(app: Flask, client: FlaskClient) -> None:
    people(app, world)
    page = cells(client.get("/talent").text)

    for section in ("F", "N", "Q", "H"):
        answer = client.get(f"/api/v1/sectors/{section}/pool", query_string={"region": "demo"})
        line = answer.get_json()
        at = next(index for index, cell in enumerate(page) if cell.startswith(line["label"]["nl"]))
        count = line["count"]
        assert page[at + 1] == ("minder dan 10" if count is None else str(count)), section


@pytest.mark.parametrize("changed", ["added", "gone", "moved"])
def test_reloading_after_a_change_tells_nothing(
    app: Flask, client: FlaskClient, changed: str
) -> None:
    people(app, world)
    before = client.get("/talent").data

    def change(session: Session) -> None:
        rows = session.scalars(unscoped(select(Candidate), Candidate)).all()
        if changed == "added":
            looking(session, 20, lane=Lane.READY_NOW)
        for row in rows:
            if changed == "gone":
                session.delete(row)
            elif changed == "moved":
                row.sectors = ("Q87",)

    people(app, change)

    assert client.get("/talent").data == before


def test_one_person_more_or_less_shows_only_where_a_number_steps(
    new_database: Callable[[str], str], at: datetime
) -> None:
    from matcher import create_app

    pages = []
    for count in (33, 34, 35, 36, 37, 38):
        app = create_app({"DATABASE_URL": new_database("sqlite"), "CLOCK": lambda: at})
        people(app, lambda session, count=count: looking(session, count, lane=Lane.READY_NOW))  # type: ignore[misc]  # bound here
        pages.append(app.test_client().get("/talent").data)
        engine_of(app).dispose()

    assert len(set(pages[:5])) == 1, "33 to 37 people"
    assert pages[5] != pages[0]


def test_an_empty_region_says_what_to_do(client: FlaskClient) -> None:
    page = client.get("/talent?regio=haaglanden")

    assert "<h1>In Haaglanden zoeken mensen leerwerk</h1>" in page.text
    assert "Er is nog geen sector met 10 mensen of meer." in page.text
    assert "/bel-mij" in page.text
    assert client.get("/talent?regio=nergens").status_code == 404


def test_the_page_speaks_english(app: Flask, client: FlaskClient) -> None:
    people(app, world)
    page = client.get("/talent", headers={"Accept-Language": "en"}).text
    assert "About 45 people can start within half a year" in page
    assert "Civil engineering: 45" in page


def test_the_first_page_leads_there(client: FlaskClient) -> None:
    assert 'href="/talent"' in client.get("/").text


# --- the home page of a contractor ----------------------------------------------------------------


def at_work(app: Flask, starts: list[tuple[datetime, PlacementState]]) -> None:
    """So many people at the firm of the account *bedrijf*."""

    def work(session: Session) -> None:
        firm = session.scalars(
            unscoped(select(Account).where(Account.name == "bedrijf"), Account)
        ).one()
        for number, (start, state) in enumerate(starts):
            person: Viewer = person_of(
                session, operator("demo"), start, reference=f"W-{number}", first_name="Geheim"
            )
            lane_of(session, person.candidate_id or 0, Lane.READY_NOW)
            session.add(
                Placement(
                    region="demo", candidate_id=person.candidate_id,
                    organisation_id=firm.organisation_id, state=state, starts_on=start.date(),
                    ended_on=start.date() if state is PlacementState.ENDED else None, **STAMPS,
                )
            )  # fmt: skip
            session.commit()

    people(app, work)


def test_a_contractor_sees_first_who_still_works_there_in_totals(
    app: Flask, sign_in_as: SignIn, at: datetime
) -> None:
    client = sign_in_as(Right.CONTRACTOR, name="bedrijf")
    rival = sign_in_as(Right.CONTRACTOR, name="ander", organisation="Ander Bedrijf")
    long_ago, recent = at - timedelta(days=200), at - timedelta(days=100)
    at_work(
        app,
        [
            *[(long_ago, PlacementState.ACTIVE)] * 3,
            *[(recent, PlacementState.TRIAL)] * 1,
            (at + timedelta(days=5), PlacementState.AGREED),
            (long_ago, PlacementState.ENDED),
        ],
    )

    page = client.get("/bedrijf").text

    assert "<h1>Er werken 4 mensen bij u.</h1>" in page
    assert "3 mensen werken al 6 maanden of langer bij u." in page
    assert "4 mensen werken al 3 maanden of langer bij u." in page
    assert "12 maanden" not in page
    people_at, obligation = page.index("Nog steeds aan het werk"), page.index("Uw opdrachten")
    assert people_at < obligation < page.index("Open plekken")
    assert "Geheim" not in page
    assert "Nog steeds aan het werk" not in rival.get("/bedrijf").text


def test_under_three_people_there_is_no_total(app: Flask, sign_in_as: SignIn, at: datetime) -> None:
    client = sign_in_as(Right.CONTRACTOR, name="bedrijf")
    at_work(app, [(at - timedelta(days=400), PlacementState.ACTIVE)] * 2)

    page = client.get("/bedrijf").text

    assert "<h1>Er werken mensen bij u.</h1>" in page
    assert "maanden of langer" not in page
    assert not re.search(r"\b2 mensen", page)


# --- what the municipality does itself ------------------------------------------------------------


def test_the_municipality_stands_on_the_page_with_its_places_people_and_account(
    app: Flask, client: FlaskClient
) -> None:
    def work(session: Session) -> None:
        body = Organisation(name="Gemeente Voorbeeld", region="demo", kind="municipality", **STAMPS)
        session.add(body)
        session.flush()
        profile = VacancyProfile("G-1", "Gemeente Voorbeeld", "demo", "N81", 4)
        session.add(vacancies.new_row(profile, body, status=VacancyStatus.OPEN, now=MOMENT))

    people(app, work)
    page = unescape(client.get("/talent").text)
    own = page.split('id="gemeente"')[1].split("</section>")[0]
    assert "Gemeente Voorbeeld" in own
    assert "Er staan 4 leerwerkplekken open bij de gemeente zelf." in own
    assert "Er werken minder dan 10 mensen op zo'n plek." in own
    assert "verplicht" not in own, "it has no contract"
    english = client.get("/talent", headers={"Accept-Language": "en"}).text
    assert "4 learning-work places are open at the municipality itself." in english


def test_a_region_without_a_marked_municipality_has_no_such_part(client: FlaskClient) -> None:
    assert 'id="gemeente"' not in client.get("/talent").text
