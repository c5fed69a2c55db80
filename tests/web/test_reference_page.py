"""The page of the API's document in a real browser: readable, without scripts, at every width."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.web import browser

pytestmark = browser.BROWSER


@pytest.mark.parametrize("size", [browser.DESKTOP, browser.PHONE, browser.NARROWEST])
def test_the_reference_page_is_accessible_and_fits_every_width(
    new_page: Callable[..., Any], live: browser.Live, look: browser.Look, size: dict[str, int]
) -> None:
    page = new_page(size)
    page.goto(f"{live.url}/api/v1/docs")

    browser.check_axe(page)
    browser.check_fits(page)
    look(page, "api-reference")


def test_a_reader_without_scripts_follows_a_link_to_a_schema(
    plain_page: Any, live: browser.Live
) -> None:
    plain_page.goto(f"{live.url}/api/v1/docs")
    plain_page.click("nav a[href='#preview_matches']")
    plain_page.click("article[aria-labelledby=preview_matches] a[href='#schema-MatchesPreview']")

    assert plain_page.url.endswith("#schema-MatchesPreview")
    assert plain_page.locator("#schema-MatchesPreview").is_visible()
