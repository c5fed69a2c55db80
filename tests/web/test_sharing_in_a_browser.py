"""Sharing a contract in Chromium: asking a firm, taking a part and declaring for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.browser import BROWSER, Live, Look, check_fits

pytestmark = BROWSER
NARROW = {"width": 360, "height": 800}


def test_a_firm_shares_what_it_owes_and_takes_part_of_another_contract(
    live: Live, plain_page: Any, phone: Any, look: Look, axe: Callable[[Any], None]
) -> None:
    phone.set_viewport_size(NARROW)
    for page in (plain_page, phone):
        live.sign_in(page, "contractor")
        page.goto(f"{live.url}/opdrachten")
        page.locator("main table th a").get_by_text("demo-o101").click()
        assert page.locator("#samen").is_visible()
        check_fits(page)
        axe(page) if page is phone else None
        page.get_by_role("link", name="Verdeel de opdracht").click()
        assert "U doet zelf 80" in page.locator("h1").inner_text()
        page.locator("main details > summary").click()
        look(page, "share")
        check_fits(page)
        axe(page) if page is phone else None
        page.get_by_role("button", name="Vraag dit bedrijf").click()
        assert "Er is een probleem" in page.locator("main").inner_text()
        axe(page) if page is phone else None

    page = plain_page
    page.goto(f"{live.url}/opdrachten")
    look(page, "share-asked")
    page.get_by_role("button", name="Ja, dat doen wij").click()
    page.get_by_role("link", name="Bekijk en meld").click()
    left = page.locator("h1").inner_text()
    assert left.startswith("Nog te doen")
    page.get_by_role("link", name="Meld wat u deed").click()
    page.get_by_role("link", name="Opleiding of begeleiding").click()
    page.fill("#start_on", "2026-12-14")
    page.fill("#invoice_cents", "12,50")
    page.get_by_role("button", name="Meld dit").click()
    page.wait_for_url("**/opdrachten/delen/*")
    assert page.locator("h1").inner_text() != left
    taken = page.url.partition("#")[0]
    for page in (plain_page, phone):
        page.goto(taken)
        look(page, "share-taken")
        check_fits(page)
        axe(page) if page is phone else None
    page.locator("#gemeld tbody tr").first.get_by_role("link").click()
    check_fits(page)
    page.get_by_role("button", name="Neem de melding terug").click()
    page.wait_for_url("**/opdrachten/delen/*")
    assert page.locator("h1").inner_text() == left
    page.get_by_role("button", name="Stop met dit deel").click()
    page.goto(taken)
    assert page.locator("h1").inner_text() == "Dit deel is gestopt."
    check_fits(page)
    axe(page)
