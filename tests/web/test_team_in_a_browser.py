"""The team lead's pages in Chromium, wide and narrow, without scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.browser import BROWSER, Live, Look, check_fits

pytestmark = BROWSER


def test_a_lead_divides_the_work(
    live: Live,
    plain_page: Any,
    phone: Any,
    look: Look,
    axe: Callable[[Any], None],
) -> None:
    for page in (plain_page, phone):
        live.sign_in(page, "lead")
        page.goto(f"{live.url}/team")
        look(page, "team")
        if page is phone:
            axe(page)
            check_fits(page)
        page.get_by_role("link", name="Overdragen of laten waarnemen").first.click()
        look(page, "team-divide")
        if page is phone:
            axe(page)
            check_fits(page)
    plain_page.get_by_role("button", name="Leg vast").click()
    look(plain_page, "team-divide-errors")
    plain_page.get_by_label("Alle").check()
    plain_page.get_by_label("Voor een tijd (waarneming)").check()
    assert plain_page.get_by_role("alert").is_visible()
