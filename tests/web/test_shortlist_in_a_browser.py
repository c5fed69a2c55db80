"""“Wie past hier?” in Chromium: wide and narrow, without scripts, by keyboard, read by axe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.web.browser import BROWSER, Live, Look, check_fits

pytestmark = BROWSER


def test_a_firm_looks_at_the_list_and_meets_the_people(
    live: Live,
    plain_page: Any,
    phone: Any,
    look: Look,
    axe: Callable[[Any], None],
) -> None:
    for page in (phone, plain_page):
        live.sign_in(page, "contractor")
        page.goto(f"{live.url}/mijn-plekken")
        page.get_by_role("link", name="Hulp groen en terrein").first.click()
        page.get_by_role("link", name="Wie past hier?").click()
        assert "mensen passen bij wat u vraagt" in page.get_by_role("heading", level=1).inner_text()
        assert page.locator(".fitting > li").count() in (3, 5, 10)
        assert page.get_by_role("link", name="Neem dit van mij over").is_visible()
        look(page, "shortlist")
        check_fits(page)
    axe(phone)
    phone.get_by_role("button", name="Ontmoet deze mensen").click()
    assert phone.get_by_role("heading", name="Er is een probleem").is_visible()
    axe(phone)

    plain_page.fill("#meet_on", str(live.app.config["CLOCK"]().date() + timedelta(days=8)))
    plain_page.locator("input[value=morning]").focus()
    plain_page.keyboard.press("Space")
    plain_page.get_by_role("button", name="Ontmoet deze mensen").click()
    assert "U ontmoet hen op" in plain_page.locator("main").inner_text()
    address = plain_page.url
    plain_page.goto(f"{live.url}/kennismaken")
    assert "ochtend" in plain_page.locator("main").inner_text()
    phone.goto(address)
    look(phone, "shortlist-half-day")
    axe(phone)
    check_fits(phone)


def test_asking_says_first_what_it_means(
    live: Live, phone: Any, look: Look, axe: Callable[[Any], None]
) -> None:
    live.sign_in(phone, "contractor")
    phone.goto(f"{live.url}/mijn-plekken")
    phone.get_by_role("link", name="Leerling").first.click()
    phone.get_by_role("link", name="Wie past hier?").click()
    assert "Vanaf dan staan uw eisen vast." in phone.locator("main").inner_text()
    look(phone, "shortlist-ask")
    axe(phone)
    check_fits(phone)
