"""People at work in Chromium on the demo region: wide, on a phone, and for everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.browser import BROWSER, Live, Look, check_fits

pytestmark = BROWSER

PAGES = (
    ("coach", "nazorg"),
    ("contractor", "aan-het-werk"),
    ("candidate", "mijn/werk"),
    ("officer", "werkt-dit"),
)


def test_pages_about_work_fit_and_can_be_used_by_everybody(
    live: Live,
    plain_page: Any,
    phone: Any,
    look: Look,
    axe: Callable[[Any], None],
) -> None:
    for page in (plain_page, phone):
        for role, name in PAGES:
            page.context.clear_cookies()
            live.sign_in(page, role)
            page.goto(f"{live.url}/{name}")
            check_fits(page)
            look(page, name.replace("/", "-"))
            if page is phone:
                axe(page)


def test_a_coach_goes_from_a_task_to_the_person_and_an_officer_to_the_figures(
    live: Live, plain_page: Any, phone: Any, look: Look, axe: Callable[[Any], None]
) -> None:
    for page in (plain_page, phone):
        live.sign_in(page, "coach")
        page.goto(f"{live.url}/vandaag")
        page.get_by_role("link", name="Kies wat klopt").first.click()
        page.wait_for_url("**/werk*")
        check_fits(page)
        look(page, "work-of-somebody")
    axe(phone)
    phone.context.clear_cookies()
    live.sign_in(phone, "officer")
    phone.goto(f"{live.url}/werkt-dit")
    phone.locator("main table th a").first.click()
    phone.wait_for_url("**/werkt-dit/*/*")
    check_fits(phone)
    axe(phone)
    look(phone, "does-this-work")
