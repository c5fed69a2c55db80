"""The inflow pages in Chromium: wide and narrow, without scripts, and read by axe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.browser import BROWSER, Live, Look, check_fits

pytestmark = BROWSER


def test_a_triager_goes_from_the_sentence_to_the_people(
    live: Live,
    plain_page: Any,
    phone: Any,
    look: Look,
    axe: Callable[[Any], None],
) -> None:
    for page in (plain_page, phone):
        live.sign_in(page, "triager")
        page.goto(f"{live.url}/instroom")
        look(page, "inflow")
        first = page.get_by_role("heading", level=1).inner_text()
        assert "plekken open." in first
        assert "kunnen nu." in first
        if page is phone:
            axe(page)
            check_fits(page)
        number = page.locator("#oorzaken td.num a").first
        people = number.inner_text()
        number.click()
        look(page, "inflow-people")
        assert page.get_by_role("heading", level=1).inner_text().split()[0] == people
        if page is phone:
            axe(page)
            check_fits(page)
        for name, address in (
            ("places", "/instroom/plekken"),
            ("short", "/instroom/tekort/8"),
            ("watch", "/instroom/bewaken"),
            ("report", "/instroom/weekbericht"),
        ):
            page.goto(live.url + address)
            look(page, f"inflow-{name}")
            if page is phone:
                axe(page)
                check_fits(page)
        page.goto(f"{live.url}/instroom/plekken")
        page.locator("tbody th a").first.click()
        look(page, "inflow-place")
        if page is phone:
            axe(page)
            check_fits(page)


def test_an_officer_reads_the_report_alone(
    live: Live, page: Any, look: Look, axe: Callable[[Any], None]
) -> None:
    live.sign_in(page, "officer")
    page.get_by_role("link", name="Weekbericht").first.click()
    look(page, "inflow-report-officer")
    axe(page)
    assert page.get_by_text("Neem mee als PDF").is_visible()
    assert not page.locator("main a[href*='/instroom/mensen']").count()
