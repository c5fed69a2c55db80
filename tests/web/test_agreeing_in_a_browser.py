"""In Chromium from the candidate's yes on a phone to the end of the work, clicked by all three."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matcher.models import Introduction, IntroductionEvent, Placement, PlacementEvent
from matcher.repositories.scope import unscoped
from matcher.services import links
from tests.web import browser
from tests.web.browser import BROWSER
from tests.web.introducing_pages import MONDAY, Clock, Stage, by_clock

pytestmark = BROWSER

TODAY = MONDAY.date()


@pytest.fixture
def app(sqlite_url: str, clock: Clock) -> Iterator[Flask]:
    yield from by_clock(sqlite_url, clock)


def inside(page: Any, client: FlaskClient) -> Any:
    """The page as that client: with its session."""
    page.context.add_cookies(
        [
            {"name": one.key, "value": one.value, "domain": "127.0.0.1", "path": "/",
             "secure": True, "httpOnly": True}
            for one in client._cookies.values()
        ]
    )  # fmt: skip
    return page


def enter(page: Any, stage: Stage, url: str, person: int) -> None:
    """The candidate comes in with link and code."""
    with stage.session() as session:
        given = links.candidate_link(session, stage.coach_viewer, person, now=stage.clock())
    page.goto(url + given.address_path)
    page.fill("#code", given.code)
    page.click("main button[type=submit]")
    page.wait_for_url("**/mijn")


def state_of(stage: Stage) -> str:
    with stage.session() as session:
        return session.scalars(unscoped(select(Placement), Placement)).one().state.value


def test_consent_on_a_phone_meeting_trial_work_and_its_end_are_clicked_through(
    stage: Stage, new_page: Any, look: browser.Look, axe: Callable[[Any], None]
) -> None:
    person = stage.person(contact_kind="sms", contact_value="06 12 34 56 78")
    stage.invite(person, stage.place())
    with browser.served(stage.app) as url:
        own = new_page(browser.PHONE)
        firm = inside(new_page(browser.DESKTOP, scripts=False), stage.firm)
        coach = inside(new_page(browser.DESKTOP), stage.coach)
        own.context.set_default_timeout(60_000)

        def seen(page: Any, name: str) -> None:
            browser.check_fits(page)
            axe(page) if page is not firm else None
            look(page, f"agreeing-{name}")

        enter(own, stage, url, person)
        own.click("text=Een bedrijf wil u ontmoeten")
        seen(own, "consent")
        own.click("text=Ja, ik wil kennismaken")
        assert "U zei ja" in own.inner_text("main")

        firm.goto(f"{url}/kennismaken")
        firm.locator("main a[href^='/kennismaken/']").first.click()
        firm.click("text=We hebben kennisgemaakt")
        assert "Er is een plek vrijgehouden" in firm.inner_text("main")
        seen(firm, "met")
        firm.click("text=Onze afspraken")
        firm.get_by_label("Eén vaste begeleider op de werkplek").check()
        firm.click("text=Sla op")
        firm.click("text=Terug")
        firm.click("text=Eerst een proefplaatsing")
        firm.fill("#starts_on", TODAY.isoformat())
        firm.click("text=Leg de afspraak vast")
        assert "Zonder bedoeld contract" in firm.inner_text("main")
        firm.check("#intends_contract")
        seen(firm, "trial")
        firm.click("text=Leg de afspraak vast")
        assert "proefplaatsing" in firm.inner_text("main")
        assert state_of(stage) == "trial"

        coach.goto(f"{url}/vandaag")
        coach.click("text=Vul samen in")
        coach.fill("#next_step", "Eerste werkdag")
        coach.get_by_label("Ik kom op tijd").check()
        coach.get_by_label("De coach belt na de eerste dag").check()
        seen(coach, "sheet-form")
        coach.click("text=Sla op")
        assert "Eén vaste begeleider" in coach.inner_text("article")
        seen(coach, "sheet")
        assert "Eerste werkdag" in coach.input_value("#als-tekst")
        coach.goto(f"{url}/kandidaten/{person}/werk")
        coach.click("text=Spreek het werk af")
        coach.fill("#starts_on", TODAY.isoformat())
        coach.get_by_label("Tijdelijk contract").check()
        coach.click("text=Leg de afspraak vast")
        assert state_of(stage) == "agreed"

        own.goto(f"{url}/mijn/werk")
        own.locator("main a[href*='/afspraken']").first.click()
        assert "Eén vaste begeleider" in own.inner_text("main")
        seen(own, "own-sheet")

        firm.goto(f"{url}/aan-het-werk")
        firm.click("text=Het werk is begonnen")
        assert state_of(stage) == "active"
        coach.goto(f"{url}/kandidaten/{person}/werk")
        coach.click("text=Het werk is gestopt")
        coach.get_by_label("Contract liep af").check()
        coach.locator("form[action$='/einde'] button").click()
        assert "Contract liep af" in coach.inner_text("main")
        seen(coach, "ended")
    with stage.session() as session:
        assert state_of(stage) == "ended"
        told = [
            f"{row.step}:{row.by_right}"
            for model in (IntroductionEvent, PlacementEvent)
            for row in session.scalars(unscoped(select(model).order_by(model.id), model))
        ]
        assert told == [
            "invited:coach", "consented:candidate", "introduced:contractor", "placed:contractor",
            "tried:contractor", "agreed:coach", "started:contractor", "ended:coach",
        ]  # fmt: skip
        (row,) = session.scalars(unscoped(select(Introduction), Introduction))
        assert row.closed_code == "placed"
