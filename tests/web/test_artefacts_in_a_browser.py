"""Learned predictions in Chromium on the demo region, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.browser import BROWSER, Live, Look, check_fits

pytestmark = BROWSER


def test_the_pages_fit_and_can_be_used_by_everybody(
    live: Live, plain_page: Any, phone: Any, look: Look, axe: Callable[[Any], None]
) -> None:
    for page in (plain_page, phone):
        live.sign_in(page, "analyst")
        page.goto(f"{live.url}/voorspellingen")
        check_fits(page)
        look(page, "artefacts")
        axe(page) if page is phone else None
        page.locator("main table th a").first.click()
        page.wait_for_url("**/voorspellingen/*")
        assert "synthetisch" in page.content()
        check_fits(page)
        look(page, "artefact")
        axe(page) if page is phone else None
        page.get_by_text("Als tabel").first.click()
        check_fits(page)
