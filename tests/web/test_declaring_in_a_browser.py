"""Declaring in Chromium: a firm declares, it counts, and two officers correct what was drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.browser import BROWSER, Live, Look, check_fits

pytestmark = BROWSER


def test_a_firm_declares_and_it_counts_at_once(
    live: Live, plain_page: Any, phone: Any, look: Look, axe: Callable[[Any], None]
) -> None:
    for page in (plain_page, phone):
        live.sign_in(page, "contractor")
        page.goto(f"{live.url}/opdrachten")
        page.locator("main table th a").first.click()
        page.wait_for_url("**/opdrachten/*")
        counted = page.locator(".figures dd").nth(1).inner_text()
        assert "100 meldingen na" in page.locator("#gemeld").inner_text()
        page.get_by_role("link", name="Meld wat u deed").click()
        look(page, "declare-kinds")
        check_fits(page)
        axe(page) if page is phone else None
        page.get_by_role("link", name="Opleiding of begeleiding").click()
        look(page, "declare")
        check_fits(page)
        axe(page) if page is phone else None
        page.get_by_role("button", name="Meld dit").click()
        assert "Er is een probleem" in page.locator("main").inner_text()
        page.fill("#start_on", "2026-12-14")
        page.fill("#invoice_cents", "12,50")
        page.get_by_role("button", name="Meld dit").click()
        page.wait_for_url("**/opdrachten/*#gemeld")
        assert page.locator(".figures dd").nth(1).inner_text() != counted
        line = page.locator("#gemeld tbody tr").first
        assert "€ 12,50" in line.inner_text().replace("\xa0", " ")
        line.get_by_role("link").click()
        look(page, "declared")
        check_fits(page)
        axe(page) if page is phone else None
        page.get_by_role("button", name="Neem de melding terug").click()
        page.wait_for_url("**/opdrachten/*#gemeld")
        assert page.locator(".figures dd").nth(1).inner_text() == counted


def test_an_officer_looks_at_what_was_drawn_and_confirms_what_a_colleague_found(
    live: Live, plain_page: Any, phone: Any, look: Look, axe: Callable[[Any], None]
) -> None:
    for page in (phone, plain_page):
        live.sign_in(page, "officer")
        page.goto(f"{live.url}/toezicht/controles")
        look(page, "checks")
        check_fits(page)
        axe(page) if page is phone else None
        assert page.get_by_role("heading", name="Waar u naar kijkt").count() >= 1
    proposed = plain_page.locator("section.card").filter(has_text="Een collega stelt dit voor.")
    account = proposed.get_by_role("link").first.get_attribute("href")
    proposed.get_by_role("button", name="Bevestig").click()
    assert "Het grootboek is bijgewerkt." in plain_page.locator("body").inner_text()
    plain_page.goto(f"{live.url}{account}")
    plain_page.locator("#grootboek > summary").click()
    assert "tegenboeking" in plain_page.locator("#grootboek").inner_text()
    plain_page.goto(f"{live.url}/toezicht/controles")
    plain_page.locator("label.tile").filter(has_text="in orde").first.click()
    plain_page.get_by_role("button", name="Sla op").first.click()
    assert "in orde is" in plain_page.locator("body").inner_text()
