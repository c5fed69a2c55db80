"""A firm's request in a real Chromium: few actions to be called, and few for a whole place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.web.browser import BROWSER, DESKTOP, NARROWEST, Live, check_axe, check_fits, take_look

pytestmark = BROWSER

NewPage = Callable[..., Any]
MOST_FOR_A_CALL = 8
MOST_FOR_A_PLACE = 30
SIZES = [pytest.param(DESKTOP, id="desktop"), pytest.param(NARROWEST, id="narrowest")]


class Hand:
    """Somebody at a page, every press and every field filled in counted as one action."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.actions = 0

    def press(self, what: str) -> None:
        self.page.locator(what).first.click()
        self.actions += 1

    def choose(self, name: str, value: str) -> None:
        self.page.check(f"input[name={name}][value='{value}']", force=True)
        self.actions += 1

    def write(self, name: str, text: str) -> None:
        self.page.fill(f"#{name}", text)
        self.actions += 1


def good(page: Any, name: str) -> None:
    check_axe(page)
    check_fits(page)
    take_look(page, name)


@pytest.mark.parametrize("size", SIZES)
def test_a_site_manager_is_called_after_eight_actions_at_most(
    live: Live, new_page: NewPage, size: dict[str, int]
) -> None:
    hand = Hand(new_page(size))
    hand.page.goto(live.url)
    hand.press("main a:has-text('Bel mij')")
    hand.write("name", "Uitvoerder")
    hand.write("phone", "0612345678")
    for name in ("work", "people", "wanted_when"):
        hand.page.locator(f"input[name={name}]").first.check(force=True)
        hand.actions += 1
    hand.press("main button[type=submit]")
    hand.page.wait_for_url("**/gelukt")
    assert hand.actions <= MOST_FOR_A_CALL


@pytest.mark.parametrize("size", SIZES)
def test_a_whole_place_is_open_after_thirty_actions_at_most(
    live: Live, new_page: NewPage, size: dict[str, int]
) -> None:
    page = new_page(size)
    live.sign_in(page, "contractor")
    page.goto(f"{live.url}/bedrijf")
    hand = Hand(page)
    hand.press("text=Zelf een plek maken")
    hand.press("a:has-text('Straten maken')")
    hand.write("places", "1")
    hand.write("day_starts_at", "06:00")
    hand.write("site_pc4", "3311")
    hand.write("start_on", "2027-02-01")
    hand.choose("flex_weeks", "2")
    hand.write("guidance_hours", "8")
    hand.write("buddies", "1")
    hand.choose("contract_type", "bbl")
    hand.write("contract_months", "12")
    hand.write("wage_hour_cents", "15,20")
    hand.press("text=Plek openen")
    page.wait_for_url("**/verdringing")
    hand.choose("d1", "no")
    hand.choose("d2", "no")
    hand.choose("d3", "yes")
    good(page, "displacement")
    hand.choose("d3", "no")
    hand.choose("d4", "no")
    if page.locator("input[name=d6]").count():
        hand.choose("d6", "no")
        hand.choose("d7", "none")
    assert not page.locator(".asked-why:visible").count(), "nothing more is asked"
    hand.press("text=Plek openen")
    assert "mensen passen nu" in page.inner_text("h1")
    good(page, "place-with-hints")
    assert hand.actions <= MOST_FOR_A_PLACE
    assert page.locator("form[action$='/haalbaar']").count() <= 3


@pytest.mark.parametrize("size", SIZES)
def test_an_officer_looks_at_what_is_flagged(
    live: Live, new_page: NewPage, size: dict[str, int]
) -> None:
    page = new_page(size)
    live.sign_in(page, "officer")
    page.goto(f"{live.url}/toezicht/verdringing")
    assert "op u" in page.inner_text("h1")
    assert "De plek vervangt iemand die vertrok" in page.inner_text("main")
    good(page, "displacement-inbox")
    page.locator("main button[value=hold]").first.click()
    assert "Vul in waarom" in page.inner_text(".error-summary")
    good(page, "displacement-inbox-errors")
