"""“Meld het” and the officer's inbox in Chromium: on a desk without scripts, and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.browser import BROWSER, Live, Look, check_fits

pytestmark = BROWSER


def test_anybody_reports_on_a_phone_and_an_officer_reads_it(
    live: Live, plain_page: Any, phone: Any, look: Look, axe: Callable[[Any], None]
) -> None:
    phone.set_viewport_size({"width": 360, "height": 740})
    for page in (plain_page, phone):
        page.goto(f"{live.url}/melden")
        check_fits(page)
        if page is phone:
            axe(page)
        look(page, "melden")
        page.get_by_role("button", name="Verstuur de melding").click()
        assert page.locator(".error-summary a").count() == 4
        check_fits(page)
        page.check("input[value=green]")
        page.fill("#place", f"Park {page.viewport_size['width']}")
        page.check("input[value=will_lose]")
        page.check("input[value=ahead]")
        page.get_by_role("button", name="Verstuur de melding").click()
        page.wait_for_url("**/melden/gelukt")
        assert page.locator("h1").inner_text() == "Uw melding is binnen."
        check_fits(page)
        look(page, "gemeld")
    for page in (plain_page, phone):
        live.sign_in(page, "officer")
        page.goto(f"{live.url}/toezicht/verdringing")
        assert "Park 360" in page.content()
        assert "Park 1280" in page.content()
        check_fits(page)
        look(page, "verdringing")
        page.goto(f"{live.url}/toezicht/organisaties")
        check_fits(page)
        look(page, "organisaties")
    for address in ("/melden/gelukt", "/toezicht/verdringing", "/toezicht/organisaties"):
        phone.goto(f"{live.url}{address}")
        axe(phone)
