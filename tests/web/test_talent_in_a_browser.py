"""Talent in this region in Chromium: on a desk without scripts, and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.browser import BROWSER, Live, Look, check_fits

pytestmark = BROWSER


def test_the_page_of_a_region_fits_and_can_be_used_by_everybody(
    live: Live, plain_page: Any, phone: Any, look: Look, axe: Callable[[Any], None]
) -> None:
    phone.set_viewport_size({"width": 360, "height": 740})
    for page in (plain_page, phone):
        page.goto(f"{live.url}/talent")
        check_fits(page)
        look(page, "talent")
        for summary in page.locator("summary").all():
            summary.click()
        check_fits(page)
        if page is phone:
            axe(page)
            assert page.locator("h1").inner_text().startswith("Ongeveer ")
            page.get_by_role("link", name="Bel mij").click()
            page.wait_for_url("**/bel-mij")
