"""A contractor's and a talent centre's whole path in a real Chromium on the demo region."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.web.browser import (
    BROWSER,
    DESKTOP,
    NARROWEST,
    PHONE,
    Live,
    check_axe,
    check_fits,
    take_look,
)

pytestmark = BROWSER

SIZES = [
    pytest.param(DESKTOP, id="desktop"),
    pytest.param(PHONE, id="phone"),
]
NewPage = Callable[..., Any]


def _good(page: Any, name: str) -> None:
    check_axe(page)
    check_fits(page)
    take_look(page, name)


@pytest.mark.parametrize("size", [*SIZES, pytest.param(NARROWEST, id="narrowest")])
def test_public_pages_are_whole_at_every_width(
    live: Live, new_page: NewPage, size: dict[str, int]
) -> None:
    page = new_page(size)
    for address, name in (
        ("/", "welcome"),
        ("/aanmelden", "sign-in"),
        ("/bel-mij", "call-me"),
        ("/bestaat-niet", "missing"),
    ):
        page.goto(live.url + address)
        _good(page, name)


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
@pytest.mark.parametrize("size", SIZES)
def test_a_site_manager_asks_to_be_called_from_the_van(
    live: Live, new_page: NewPage, size: dict[str, int], scripts: bool
) -> None:
    page = new_page(size, scripts=scripts)
    page.goto(f"{live.url}/bel-mij")
    page.click("text=Bel mij terug")
    assert page.title().startswith("Fout: ")
    if scripts:
        assert page.evaluate("document.activeElement.className") == "error-summary"
        _good(page, "call-me-errors")
    page.click("text=Kies wat voor werk het is")
    page.fill("#name", "De voorman")
    page.fill("#phone", "06 12 34 56 78")
    page.check("input[name=work][value=paving]", force=True)
    page.check("input[name=people][value='2']", force=True)
    page.check("input[name=wanted_when][value=this_week]", force=True)
    if scripts:
        take_look(page, "call-me-filled")
    page.click("text=Bel mij terug")
    assert page.inner_text("h1") == "Wij bellen u vandaag vóór 17:00."
    if scripts:
        _good(page, "called")


def test_the_call_me_form_can_be_filled_in_with_keys_alone(live: Live, page: Any) -> None:
    page.goto(f"{live.url}/bel-mij")
    page.focus("#name")
    page.keyboard.type("De uitvoerder")
    page.keyboard.press("Tab")
    page.keyboard.type("0781234567")
    for presses in (0, 1, 2):
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        for _ in range(presses):
            page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**/gelukt")


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
@pytest.mark.parametrize("size", SIZES)
def test_a_contractor_makes_opens_changes_and_fills_a_place(
    live: Live, new_page: NewPage, size: dict[str, int], scripts: bool
) -> None:
    page = new_page(size, scripts=scripts)

    def good(name: str) -> None:
        if scripts:
            _good(page, name)

    live.sign_in(page, "contractor")
    good("firm-home")
    page.goto(f"{live.url}/mijn-plekken")
    good("firm-places")
    page.goto(f"{live.url}/mijn-plekken/nieuw")
    good("firm-choose")
    page.click("a:has-text('Straten maken')")
    good("firm-form")
    page.fill("#title", "Jonge kerel")
    page.fill("#places", "")
    page.click("text=Plek openen")
    assert "Dit mag u niet vragen: leeftijd, man of vrouw." in page.inner_text(".error-summary")
    good("firm-form-errors")
    page.fill("#title", "Leerling stratenmaker")
    page.fill("#places", "2")
    page.fill("#start_on", "2027-02-01")
    page.click("text=Wat vraagt het werk? >> xpath=../.. >> summary")
    page.check("input[name=lift][value='1']", force=True)
    good("firm-form-open")
    page.click("text=Plek openen")
    good("firm-displacement")
    for code in page.evaluate(
        "[...document.querySelectorAll('.asked input[type=radio]')].map(each => each.name)"
    ):
        page.check(f"input[name={code}][value={'none' if code == 'd7' else 'no'}]", force=True)
    page.click("text=Plek openen")
    assert re.search(r"mensen passen nu", page.inner_text("h1"))
    assert "tillen" in page.inner_text("dl.facts")
    good("firm-place")
    page.click("text=Wijzigen")
    page.fill("#places", "3")
    page.click("main button:has-text('Opslaan')")
    page.click("text=Er is iemand begonnen")
    page.goto(f"{live.url}/bedrijf")
    assert re.search(r"werkt iemand|werken \d+ mensen", page.inner_text("h1"))
    good("firm-home-at-work")
    page.click("text=Neem dit van mij over")
    good("take-over")


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
@pytest.mark.parametrize("size", SIZES)
def test_a_talent_centre_sees_its_people_by_lane_and_by_sector(
    live: Live, new_page: NewPage, size: dict[str, int], scripts: bool
) -> None:
    page = new_page(size, scripts=scripts)
    live.sign_in(page, "triager")
    page.goto(f"{live.url}/mensen")
    assert re.match(r"\d+ mensen kunnen nu starten", page.inner_text("h1"))
    counts = [int(text) for text in page.locator(".lanes .count").all_inner_texts()]
    assert counts[0] == sum(counts[1:]) > 250
    if scripts:
        _good(page, "people")
    page.click(".lanes a:has-text('Starten met steun')")
    assert page.locator("tbody tr").count() == 25
    waits = [
        int(re.sub(r"\D", "", text))
        for text in page.locator("tbody tr td:first-of-type .number").all_inner_texts()
    ]
    assert waits == sorted(waits, reverse=True)
    page.select_option("#sector", "F42")
    if scripts:
        page.wait_for_url("**sector=F42**")
    else:
        page.click("text=Toon")
    assert page.locator("tbody tr").count() > 0
    if scripts:
        _good(page, "people-lane")
    first = page.inner_text("tbody tr:first-child th")
    page.goto(f"{live.url}/mensen?baan=ready_with_support")
    page.click("text=Volgende")
    assert page.inner_text("tbody tr:first-child th") != first


@pytest.mark.parametrize("size", SIZES)
def test_a_call_is_taken_and_completed_into_a_place(
    live: Live, new_page: NewPage, size: dict[str, int]
) -> None:
    visitor = new_page(PHONE)
    visitor.goto(f"{live.url}/bel-mij")
    visitor.fill("#name", f"Firma {size['width']}")
    visitor.fill("#phone", "0612345678")
    visitor.check("input[name=work][value=green]", force=True)
    visitor.check("input[name=people][value='1']", force=True)
    visitor.check("input[name=wanted_when][value=later]", force=True)
    visitor.click("text=Bel mij terug")

    page = new_page(size)
    live.sign_in(page, "service_point")
    page.goto(f"{live.url}/aanvragen")
    _good(page, "requests")
    card = page.locator("section.call", has_text=f"Firma {size['width']}")
    card.locator("text=Ik bel").click()
    card.locator("text=Maak de plek").click()
    page.fill("#contractor", f"Groen {size['width']}")
    page.fill("#start_on", "2027-03-01")
    _good(page, "request-form")
    page.click("text=Zet klaar voor het bedrijf")
    assert "De plek staat klaar." in page.inner_text("main")
    page.goto(f"{live.url}/aanvragen?stand=done")
    assert f"Firma {size['width']}" in page.inner_text("main")
    _good(page, "requests-done")


def test_the_menu_of_a_phone_opens_without_scripts_and_marks_the_present_page(
    live: Live, new_page: NewPage
) -> None:
    page = new_page(PHONE, scripts=False)
    live.sign_in(page, "contractor")
    page.click("summary:has-text('Menu')")
    assert page.inner_text(".site-menu a[aria-current]") == "Overzicht"
    page.click(".site-menu a:has-text('Mijn plekken')")
    assert page.inner_text("h1") == "Mijn plekken"


def test_one_press_signs_a_demo_role_in(live: Live, page: Any) -> None:
    page.goto(f"{live.url}/aanmelden")
    page.click(".roles button:has-text('talentcentrum')")
    page.wait_for_url("**/mensen")


def test_pages_read_well_in_english(live: Live, page: Any) -> None:
    page.goto(f"{live.url}/bel-mij")
    page.click("footer a:has-text('English')")
    assert page.inner_text("h1") == "Need someone?"
    assert page.evaluate("document.documentElement.lang") == "en"
    _good(page, "call-me-english")


def test_a_page_is_as_good_on_paper(live: Live, page: Any) -> None:
    live.sign_in(page, "triager")
    page.goto(f"{live.url}/mensen")
    page.emulate_media(media="print")
    assert not page.is_visible(".site-head")
    assert not page.is_visible(".filters")
    assert page.is_visible("table")
    take_look(page, "people-print")


@pytest.mark.parametrize("size", SIZES)
def test_of_two_people_who_change_a_place_the_second_sees_both_versions(
    live: Live, new_page: NewPage, size: dict[str, int]
) -> None:
    first, second = new_page(size), new_page(size)
    for page in (first, second):
        live.sign_in(page, "contractor")
        page.goto(f"{live.url}/mijn-plekken")
        page.click("tbody a >> nth=0")
        page.click("a:has-text('Wijzigen')")
    places = int(first.input_value("#places"))
    first.fill("#places", str(places + 1))
    first.click("main button:has-text('Opslaan')")
    second.fill("#places", str(places + 2))
    second.fill("#title", "Hulp grondwerk en riool")
    second.click("main button:has-text('Opslaan')")
    assert "Iemand anders was u voor" in second.inner_text("main")
    assert second.input_value("#title") == "Hulp grondwerk en riool"
    _good(second, "stale")
    second.click("main button:has-text('Opslaan')")
    assert second.inner_text("dl.facts dd >> nth=0") == str(places + 2)


def test_a_page_for_another_task_says_so_calmly(live: Live, page: Any) -> None:
    live.sign_in(page, "contractor")
    page.goto(f"{live.url}/mensen")
    _good(page, "forbidden")
