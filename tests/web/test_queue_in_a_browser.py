"""The queue in Chromium: keys go through the list, filters narrow it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.browser import BROWSER, DESKTOP, Live, Look, check_fits

pytestmark = BROWSER


def test_keys_go_down_and_up_the_list_and_open_the_person(
    live: Live, new_page: Callable[..., Any]
) -> None:
    page = new_page(DESKTOP)
    live.sign_in(page, "triager")
    page.goto(f"{live.url}/mensen")
    names = page.locator("tbody th > a:first-child")
    links = page.locator("tbody th a")

    def is_at(number: int) -> bool:
        found: bool = links.nth(number).evaluate("e => e === document.activeElement")
        return found

    page.keyboard.press("j")
    assert is_at(0)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert is_at(1)
    for _ in range(3):
        page.keyboard.press("k")
    assert is_at(0), "the first stays the first"

    names.first.focus()
    address = names.first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")


def test_filters_narrow_the_list_with_and_without_scripts(
    live: Live,
    new_page: Callable[..., Any],
    phone: Any,
    look: Look,
    axe: Callable[[Any], None],
) -> None:
    plain = new_page(DESKTOP, scripts=False)
    for page in (plain, phone):
        live.sign_in(page, "triager")
        for code in ("lang", "vragen", "stap"):
            page.goto(f"{live.url}/mensen")
            page.select_option("#toon", code)
            if page is plain:
                page.click("form.filters button")
            page.wait_for_url(f"**toon={code}**")
            check_fits(page)
            look(page, f"queue-{code}")
            if code == "lang":
                assert (
                    page.locator("tbody td.long-wait").count() == page.locator("tbody tr").count()
                )
            if code == "stap":
                near = page.locator("tbody .near-place").count()
                assert near == page.locator("tbody tr").count() > 0
        if page is phone:
            axe(page)
