"""Programmes in Chromium on the demo region, wide and narrow, and the page of a provider."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.browser import BROWSER, Live, Look, check_fits

pytestmark = BROWSER

PAGES = ("programmas", "samenwerkingen", "geld-voor-plekken")
GROUP = "Werkritme opbouwen, groep infra (maandag)"


def test_groups_money_and_arrangements_fit_and_can_be_used_by_everybody(
    live: Live,
    plain_page: Any,
    phone: Any,
    look: Look,
    axe: Callable[[Any], None],
) -> None:
    for page in (plain_page, phone):
        live.sign_in(page, "lead")
        for name in (
            "programmas",
            "samenwerkingen",
            "geld-voor-plekken",
            "geld-voor-plekken/nieuw",
        ):
            page.goto(f"{live.url}/{name}")
            check_fits(page)
            look(page, name.replace("/", "-"))
            if page is phone:
                axe(page)
        page.goto(f"{live.url}/programmas")
        page.get_by_role("link", name=GROUP).click()
        page.wait_for_url("**/programmas/*")
        check_fits(page)
        page.locator("section table th a").first.click()
        page.wait_for_url("**/groepen/*")
        check_fits(page)
        look(page, "group")
        if page is phone:
            axe(page)


def test_a_provider_opens_the_link_on_a_phone(
    live: Live, plain_page: Any, phone: Any, look: Look, axe: Callable[[Any], None]
) -> None:
    live.sign_in(plain_page, "coach")
    plain_page.goto(f"{live.url}/programmas")
    plain_page.get_by_role("link", name=GROUP).click()
    plain_page.wait_for_url("**/programmas/*")
    plain_page.locator("section table th a").first.click()
    plain_page.wait_for_url("**/groepen/*")
    plain_page.get_by_role("button", name="Maak een link").click()
    link = plain_page.locator("#de-link").inner_text()

    phone.goto(link)

    assert phone.url.endswith("/aanwezig")
    check_fits(phone)
    axe(phone)
    look(phone, "attendance")
    assert "niet voor een maatregel" in phone.locator("main").inner_text()
