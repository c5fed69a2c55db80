"""The candidate's own page in Chromium: on a phone, at a desk, and without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from matcher.services import introductions, notes, own_requests, vacancies
from tests.web import browser
from tests.web.browser import BROWSER, check_fits
from tests.web.own_page import OwnPage, own_page
from tests.web.test_candidate_pages import PAGES

pytestmark = BROWSER


@pytest.fixture
def own(new_database: Callable[[str], str], at: datetime) -> Iterator[OwnPage]:
    """Somebody with an advice, an invitation, a question asked and a note to read."""
    reach = {"contact_kind": "sms", "contact_value": "06 12345678"}
    with own_page(new_database, at, rhythm=2, money=1, home_base=1, **reach) as page:
        page.advise()
        coach, candidate_id = page.coach, page.candidate_id
        with coach.session() as session:
            place = vacancies.list_vacancies(session, coach.viewer, status="open").items[0]
            introductions.invite(session, coach.viewer, candidate_id, place.id, now=at)
            notes.add_note(session, coach.viewer, candidate_id, "Werkt graag buiten.", now=at)
            own_requests.ask(session, page.viewer, "person", now=at)
        yield page


@pytest.fixture
def url(own: OwnPage) -> Iterator[str]:
    with browser.served(own.coach.app) as url:
        yield url


def _enter(page: Any, own: OwnPage, url: str) -> None:
    page.goto(url + own.address)
    page.fill("#code", own.code)
    page.click("main button[type=submit]")
    page.wait_for_url("**/mijn")


@pytest.mark.parametrize("size", [browser.PHONE, browser.DESKTOP], ids=["phone", "desktop"])
def test_every_own_page_is_clean_fits_and_opens(
    own: OwnPage, url: str, new_page: Any, size: dict[str, int], axe: Any, look: browser.Look
) -> None:
    page = new_page(size)
    _enter(page, own, url)
    for address in (*PAGES, "/uitnodigingen/1"):
        assert page.goto(f"{url}/mijn{address}").status == 200, address
        axe(page)
        check_fits(page)
        look(page, f"own{address.replace('/', '-') or '-home'}")


def test_nothing_scrolls_sideways_on_the_narrowest_phone(
    own: OwnPage, url: str, new_page: Any
) -> None:
    page = new_page(browser.NARROWEST)
    _enter(page, own, url)
    for address in (*PAGES, "/uitnodigingen/1"):
        page.goto(f"{url}/mijn{address}")
        check_fits(page)


def test_the_menu_opens_and_leads_on_without_scripts(own: OwnPage, url: str, new_page: Any) -> None:
    page = new_page(browser.PHONE, scripts=False)
    _enter(page, own, url)
    page.click("summary:has-text('Menu')")
    page.click("nav >> text=Wie keek mee")
    assert page.inner_text("h1") == "Wie keek er mee?"


def test_consent_works_without_scripts_and_shows_the_preview_first(
    own: OwnPage, url: str, new_page: Any
) -> None:
    page = new_page(browser.PHONE, scripts=False)
    _enter(page, own, url)
    page.click("text=Een bedrijf wil u ontmoeten")
    assert "06 12345678" not in page.inner_text(".preview")
    page.check("text=Hoe het bedrijf mij bereikt")
    page.click("text=Ja, ik wil kennismaken")
    assert "Kijk nog één keer" in page.inner_text("main")
    assert "06 12345678" in page.inner_text(".preview")
    page.click("text=Ja, ik wil kennismaken")
    assert "U zei ja" in page.inner_text("main")
    page.click("text=Trek het in")
    assert "Het bedrijf ziet niets van u." in page.inner_text("main")


def test_a_correction_can_be_asked_with_the_keyboard_alone(
    own: OwnPage, url: str, phone: Any
) -> None:
    _enter(phone, own, url)
    phone.goto(f"{url}/mijn/klopt-niet")
    phone.focus("#about")
    phone.keyboard.press("ArrowDown")
    phone.keyboard.press("Tab")
    phone.keyboard.type("Dat was een andere week")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/mijn/vragen")
    assert "Dat was een andere week" in phone.inner_text("main")


def test_a_mistake_takes_the_focus_and_keeps_what_was_typed(
    own: OwnPage, url: str, phone: Any, axe: Any
) -> None:
    _enter(phone, own, url)
    phone.goto(f"{url}/mijn/klopt-niet")
    phone.click("main button[type=submit]")
    assert phone.title().startswith("Fout: ")
    assert phone.evaluate("document.activeElement.className") == "error-summary"
    axe(phone)


def test_leaving_ends_the_session_and_going_back_shows_nothing(
    own: OwnPage, url: str, phone: Any
) -> None:
    _enter(phone, own, url)
    own.coach.app.config["QUICK_EXIT_URL"] = f"{url}/health/live"
    phone.click("text=Verlaat snel")
    phone.wait_for_url("**/health/live")
    phone.goto(f"{url}/mijn/gegevens")
    assert "Deze pagina is weer dicht" in phone.inner_text("main")


def test_after_the_session_nothing_stays_on_the_screen(own: OwnPage, url: str, phone: Any) -> None:
    phone.clock.install()
    _enter(phone, own, url)
    phone.clock.run_for(9 * 60 * 1000)
    assert phone.is_visible("#session-warning")
    with phone.expect_navigation():
        phone.clock.run_for(2 * 60 * 1000)


def test_the_code_unfolds_money_on_a_phone(own: OwnPage, url: str, phone: Any) -> None:
    _enter(phone, own, url)
    phone.goto(f"{url}/mijn/gegevens")
    assert "Ja, en nog geen hulp" not in phone.inner_text("main")
    phone.fill("#code", own.code)
    phone.click("text=Laat zien")
    assert "Ja, en nog geen hulp" in phone.inner_text("#achter-uw-code")


def test_the_demo_has_an_own_page_with_something_to_choose(live: browser.Live, phone: Any) -> None:
    live.sign_in(phone, "candidate")
    assert "Een bedrijf wil u ontmoeten" in phone.inner_text("main")
    phone.goto(f"{live.url}/mijn/gegevens")
    phone.fill("#code", "123456")
    phone.click("text=Laat zien")
    assert "Doe dit deel weer dicht" in phone.inner_text("main")
