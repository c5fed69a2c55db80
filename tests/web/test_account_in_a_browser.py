"""Signing in and accounts in a browser: they fit a phone, and axe finds nothing serious."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pyotp
import pytest

from matcher.http.db import engine_of
from matcher.services.accounts import find_viewer
from matcher.services.candidates import create_candidate
from matcher.services.links import candidate_link
from tests.web import browser
from tests.web.browser import BROWSER, check_fits
from tests.web.signing_in import PASSWORD, Place, place

pytestmark = BROWSER

Check = Callable[[Any, str], None]


@pytest.fixture
def here(sqlite_url: str, at: datetime) -> Iterator[Place]:
    found = place(sqlite_url, at, SECOND_FACTOR_REQUIRED=True)
    yield found
    engine_of(found.app).dispose()


@pytest.fixture
def url(here: Place) -> Iterator[str]:
    with browser.served(here.app) as address:
        yield address


@pytest.fixture
def check(look: browser.Look, axe: Callable[[Any], None]) -> Check:
    """Looks at a page, wide and narrow."""

    def run(page: Any, name: str) -> None:
        size = page.viewport_size
        for each in (browser.DESKTOP, browser.PHONE):
            page.set_viewport_size(each)
            look(page, f"account-{name}")
            check_fits(page)
            axe(page)
        page.set_viewport_size(size)

    return run


def give(page: Any, **typed: str) -> None:
    for name, value in typed.items():
        page.fill(f"#{name}", value)
    page.click("main form >> nth=0 >> button.btn-primary")
    page.wait_for_load_state()


def test_staff_set_up_the_second_step_and_come_in(
    here: Place, url: str, page: Any, check: Check
) -> None:
    here.account("coach", "coach", "lead")
    page.goto(f"{url}/aanmelden")
    check(page, "sign-in")
    give(page, name="coach", password="fout")
    check(page, "sign-in-refused")
    give(page, name="coach", password=PASSWORD)
    check(page, "second-step-begin")
    page.click("text=Beginnen")
    page.wait_for_load_state()
    check(page, "second-step-scan")
    assert page.evaluate("document.querySelector('.qr svg').getBoundingClientRect().width") > 150
    page.click("summary")
    app = pyotp.TOTP(page.inner_text("code.secret").replace(" ", ""))
    page.fill("#code", app.at(here.moment))
    page.click("text=Klaar")
    page.wait_for_load_state()
    check(page, "recovery-codes")
    page.click("text=Ik heb ze bewaard")
    page.wait_for_load_state()
    assert page.url == f"{url}/vandaag"

    page.goto(f"{url}/account")
    check(page, "own-account")
    page.goto(f"{url}/account/wachtwoord")
    check(page, "password")
    page.goto(f"{url}/account/tweede-stap")
    check(page, "renew-second-step")
    page.goto(f"{url}/account/sleutels")
    page.fill("#title", "Koppeling met het klantsysteem")
    page.check("input[name=scopes][value=coach]")
    page.click("text=Maak de sleutel")
    page.wait_for_load_state()
    check(page, "tokens")

    page.goto(f"{url}/account")
    page.click("text=Afmelden >> visible=true")
    page.wait_for_load_state()
    here.wait(minutes=2)
    page.goto(f"{url}/aanmelden")
    give(page, name="coach", password=PASSWORD)
    check(page, "second-step")
    give(page, code=app.at(here.moment))
    assert page.url == f"{url}/vandaag"


def test_a_contractor_comes_in_with_a_link_by_mail(
    here: Place, url: str, phone: Any, check: Check
) -> None:
    here.account("firma", "contractor", email="firma@example.org")
    phone.goto(f"{url}/aanmelden")
    phone.click("text=Stuur mij een link per e-mail")
    check(phone, "ask-link")
    give(phone, name="firma@example.org")
    check(phone, "link-asked")
    phone.goto(url + here.messages()[0].params["link"])
    assert phone.url == f"{url}/aanmelden/link"
    check(phone, "use-link")
    phone.click("main button[type=submit]")
    phone.wait_for_load_state()
    assert phone.url == f"{url}/bedrijf"
    phone.goto(url + here.messages()[0].params["link"])
    check(phone, "dead-link")


def test_a_candidate_opens_the_own_view_and_leaves_quickly(
    here: Place, url: str, phone: Any, check: Check, at: datetime
) -> None:
    coach_id = here.account("coach", "coach")
    with here.session() as session:
        coach = find_viewer(session, coach_id)
        assert coach is not None
        mine = create_candidate(session, coach, {"pc4": 3311, "first_name": "Sanne"}, now=at)
        given = candidate_link(session, coach, mine.id, now=at)
    here.app.config["QUICK_EXIT_URL"] = f"{url}/health/live"
    phone.goto(url + given.address_path)
    assert phone.url == f"{url}/open"
    assert phone.title() == "Welkom"
    check(phone, "door")
    give(phone, code="12")
    check(phone, "door-refused")
    give(phone, code=given.code)
    assert phone.url.startswith(f"{url}/mijn")

    phone.click("text=Verlaat snel")
    phone.wait_for_url(f"{url}/health/live")

    phone.go_back()
    phone.wait_for_load_state()
    assert "Sanne" not in phone.content()
    phone.goto(f"{url}/open")
    check(phone, "door-closed")


def test_two_admins_decide_about_an_account(
    sqlite_url: str, at: datetime, new_page: Callable[..., Any], check: Check
) -> None:
    here = place(sqlite_url, at)
    for name in ("ada", "bea"):
        here.account(name, "admin", email=f"{name}@example.org")
    here.account("coach@example.org", "coach", email="coach@example.org")
    with browser.served(here.app) as url:
        pages = {}
        for name in ("ada", "bea"):
            pages[name] = new_page(browser.DESKTOP)
            pages[name].goto(f"{url}/aanmelden")
            give(pages[name], name=name, password=PASSWORD)
        ada, bea = pages["ada"], pages["bea"]
        check(ada, "admin-nothing-waits")
        ada.click("text=coach@example.org")
        ada.wait_for_load_state()
        check(ada, "admin-account")
        ada.click("text=Wijziging vragen")
        ada.wait_for_load_state()
        give(ada, why="")
        check(ada, "admin-form-refused")
        ada.check("input[name=rights][value=lead]")
        ada.check("input[name=state][value=closed]")
        give(ada, why="Wordt teamleider in een andere regio")
        check(ada, "admin-asked")
        bea.goto(f"{url}/beheer/accounts")
        check(bea, "admin-waiting")
        bea.click("text=Bevestigen")
        bea.wait_for_load_state()
        check(bea, "admin-confirmed")
        assert re.search(r"bevestigd door bea", bea.content())
        ada.goto(f"{url}/beheer/accounts/nieuw")
        check(ada, "admin-new")
    engine_of(here.app).dispose()
