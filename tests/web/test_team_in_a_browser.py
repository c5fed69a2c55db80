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
    assert plain_page.get_by_role("alert").is_visible()
    plain_page.get_by_role("radio", name="Alleen wie ik hieronder aanvink").check()
    plain_page.get_by_text("Kruis mensen aan").click()
    plain_page.get_by_role("checkbox").first.check()
    plain_page.get_by_label("Aan wie?").select_option("coach-2")
    plain_page.get_by_role("radio", name="Voor een tijd (waarneming)").check()
    plain_page.get_by_label("Eerste dag").fill("2027-01-11")
    plain_page.get_by_label("Laatste dag").fill("2027-01-15")
    look(plain_page, "team-divide-chosen")
    plain_page.get_by_role("button", name="Leg vast").click()
    look(plain_page, "team-done")
    assert "coach-2 neemt waar voor 1 mens van coach" in plain_page.content()
    plain_page.get_by_role("button", name="Stop nu").click()
    assert "De waarneming is gestopt." in plain_page.content()
