"""The open places on “Aanvragen” in Chromium: wide and narrow, without scripts, and read by axe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.browser import BROWSER, Live, Look, check_fits

pytestmark = BROWSER


def test_a_lead_opens_the_people_of_a_place_says_i_call_and_tells_what_came_of_it(
    live: Live,
    plain_page: Any,
    phone: Any,
    look: Look,
    axe: Callable[[Any], None],
) -> None:
    for page in (plain_page, phone):
        live.sign_in(page, "lead")
        page.goto(f"{live.url}/aanvragen")
        look(page, "places-to-call")
        if page is phone:
            axe(page)
            check_fits(page)
        number = page.locator(".fit-numbers a").first
        people = number.inner_text()
        number.click()
        assert page.get_by_role("heading", level=1).inner_text().split()[0] == people
        page.goto(f"{live.url}/aanvragen")
        card = page.locator(".places-to-call .call").filter(has_text="Ik bel").first
        name = card.get_attribute("id")
        card.get_by_role("button", name="Ik bel").click()
        mine = page.locator(f"#{name}")
        assert "U belt" in mine.inner_text()
        mine.get_by_text("Wat kwam eruit?").click()
        look(page, "places-to-call-mine")
        if page is phone:
            axe(page)
            check_fits(page)
        mine.get_by_role("button", name="Plek besproken").click()
        assert "Gebeld: plek besproken" in page.locator(f"#{name}").inner_text()
