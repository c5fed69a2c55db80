"""Accounts in Chromium on the demo region: wide and narrow, by keys, and with every euro open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.browser import BROWSER, Live, Look, check_fits

pytestmark = BROWSER


def test_accounts_fit_open_to_every_euro_and_can_be_used_by_everybody(
    live: Live, plain_page: Any, phone: Any, look: Look, axe: Callable[[Any], None]
) -> None:
    for page in (plain_page, phone):
        live.sign_in(page, "officer")
        page.goto(f"{live.url}/rekeningen")
        check_fits(page)
        look(page, "accounts")
        axe(page) if page is phone else None
        page.locator("main table th a").first.click()
        page.wait_for_url("**/rekeningen/*")
        assert "Er is een tekort van" in page.locator("h1").inner_text()
        check_fits(page)
        look(page, "account")
        axe(page) if page is phone else None
        for line in page.locator("main details > summary").all():
            line.focus()
            page.keyboard.press("Enter")
        assert page.get_by_text("Bron:").first.is_visible()
        check_fits(page)


def test_a_firm_reads_first_what_is_still_to_do(
    live: Live, plain_page: Any, phone: Any, look: Look, axe: Callable[[Any], None]
) -> None:
    for page in (plain_page, phone):
        live.sign_in(page, "contractor")
        page.goto(f"{live.url}/opdrachten")
        check_fits(page)
        look(page, "own-contracts")
        axe(page) if page is phone else None
        page.get_by_role("link", name="demo-o101").click()
        page.wait_for_url("**/opdrachten/*")
        assert "Nog te doen:" in page.locator("h1").inner_text()
        assert page.locator(".ways li").count() == 3
        check_fits(page)
        look(page, "own-contract")
        axe(page) if page is phone else None
