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
    for page in (plain_page, phone):
        live.sign_in(page, "contractor")
        page.goto(f"{live.url}/mijn-plekken")
        page.get_by_role("link", name="Hulp groen en terrein").first.click()
        page.get_by_role("link", name="Wie past hier?").click()
        assert "mensen passen bij wat u vraagt" in page.get_by_role("heading", level=1).inner_text()
        assert page.locator(".fitting > li").count() in (3, 5, 10)
        assert page.get_by_role("link", name="Neem dit van mij over").is_visible()
        look(page, "shortlist")
        axe(page)
        check_fits(page)
        if page is plain_page:
            page.get_by_role("button", name="Ontmoet deze mensen").click()
            assert page.get_by_role("heading", name="Er is een probleem").is_visible()
            axe(page)
        else:
            assert "U ontmoet hen op" in page.locator("main").inner_text()
            look(page, "shortlist-half-day")
            continue
        page.fill("#meet_on", str(live.app.config["CLOCK"]().date() + timedelta(days=8)))
        page.locator("input[value=morning]").focus()
        page.keyboard.press("Space")
        page.get_by_role("button", name="Ontmoet deze mensen").click()
        assert "U ontmoet hen op" in page.locator("main").inner_text()
        page.goto(f"{live.url}/kennismaken")
        assert "ochtend" in page.locator("main").inner_text()


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
