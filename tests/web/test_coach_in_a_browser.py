"""A coach's whole path in a real Chromium, wide and narrow, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.web.browser import BROWSER, DESKTOP, NARROWEST, PHONE, Live, Look, check_fits

pytestmark = BROWSER

Axe = Callable[[Any], None]


class Path:
    """One page on its way, which must fit and please axe at every stop."""

    def __init__(self, page: Any, live: Live, axe: Axe | None, look: Look, name: str) -> None:
        self.page, self.live, self.axe, self.look, self.name = page, live, axe, look, name

    def go(self, address: str) -> None:
        answer = self.page.goto(self.live.url + address)
        assert answer.status == 200, (address, answer.status)

    def stop(self, what: str) -> None:
        check_fits(self.page)
        if self.axe is not None:
            self.axe(self.page)
        self.look(self.page, f"coach-{self.name}-{what}")

    def tile(self, words: str, within: str = "main") -> None:
        self.page.locator(f"{within} label.tile").filter(has_text=words).first.click()

    def press(self, words: str) -> None:
        button = self.page.get_by_role("button", name=words, exact=True)
        button.or_(self.page.get_by_role("link", name=words, exact=True)).first.click()
        self.page.wait_for_load_state()

    def heading(self) -> str:
        return str(self.page.locator("h1").inner_text())


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_from_a_quick_start_to_agreements_on_paper(
    live: Live,
    new_page: Callable[..., Any],
    axe: Axe,
    look: Look,
    size: dict[str, int],
    scripts: bool,
) -> None:
    page = new_page(size, scripts=scripts)
    name = "scripts" if scripts else "plain"
    path = Path(page, live, axe if scripts else None, look, name)
    live.sign_in(page, "coach")
    assert "vandaag" in path.heading()
    path.stop("today")

    path.press("Snelle start")
    path.stop("quick-start-empty")
    page.fill("#first_name", "Sanne")
    for words in ("Wegen, riool", "Tot 32 uur", "Fiets", "45 minuten"):
        path.tile(words)
    page.fill("#pc4", "33")
    path.tile("Op de meeste dagen")
    path.tile("Dit alles kan")
    page.locator(".load-row").nth(1).locator("label").first.click()
    path.tile("Nederlands", ".obstacles")
    path.tile("Begrijpt een uitleg", ".follow-dutch")
    path.press("Geef advies")
    assert page.title().startswith("Fout: ")
    assert page.evaluate("document.activeElement.className") == "error-summary" or not scripts
    path.stop("quick-start-error")
    page.get_by_role("link", name="Vul de vier cijfers").click()
    page.fill("#pc4", "3311")
    path.press("Geef advies")

    assert path.heading() == "Wat nu voor Sanne?"
    assert page.get_by_role("heading", name="Nog even doorvragen").is_visible()
    path.stop("advice-first")
    advice = page.url
    page.get_by_role("button", name="Twee van de drie gezien").click()
    page.wait_for_load_state()
    assert page.get_by_role("heading", name="Nog even doorvragen").count() == 0
    page.locator("#zo summary").click()
    page.locator("#geld summary").click()
    assert "zonder geldzorgen" in page.locator("#zo").inner_text()
    path.stop("advice")

    page.locator("#plekken a").last.click()
    assert "niet" in path.heading()
    path.stop("places")
    page.goto(advice)
    page.locator("#plekken th a").first.click()
    path.stop("place")

    page.goto(advice)
    page.locator("#kaarten a", has_text="Tijd en reizen").click()
    page.locator("details[data-grid] summary").click()
    page.locator("table.week label.box").nth(8).click()
    path.stop("card")
    path.press("Opslaan")
    assert "Kaart ‘Tijd en reizen’ is opgeslagen." in page.locator("[role=status]").inner_text()

    page.goto(f"{advice}/wat-als")
    page.get_by_text("Toon andere programma’s").click()
    path.tile("VCA-basis, 1 dag")
    if scripts:
        page.locator("#uitkomst h1", has_text="VCA-basis").wait_for()
        assert "vca-basic" in page.url
    else:
        path.press("Laat zien")
    assert re.search(r"Met ‘VCA-basis, 1 dag’ .* plek", path.heading())
    path.stop("what-if")

    page.goto(advice)
    path.press("Maak onze afspraken")
    page.fill("#with_whom", "De voorman")
    page.fill("#phone", "06 12 34 56 78")
    page.fill("#i_do", "Ik kom op tijd\nIk bel als het niet lukt")
    path.stop("agreements-form")
    path.press("Maak het blad")
    assert path.heading() == "Onze afspraken, Sanne"
    assert page.get_by_text("Nog af te spreken", exact=True).first.is_visible()
    path.stop("agreements")

    page.goto(advice)
    path.press("Wat houd ik over?")
    page.fill("#hours", "32")
    page.fill("#wage", "14,71")
    path.tile("Ja")
    page.locator("label.tile", has_text="Nee").last.click()
    path.press("Laat zien")
    assert path.heading() == "Vier vragen, en dan weet u het"
    path.stop("take-home")

    page.goto(advice)
    path.tile("iets anders", "#keuze")
    path.tile("Wens van de kandidaat", "#keuze")
    path.press("Leg onze keuze vast")
    assert "Gekozen op 4 januari" in page.locator("#keuze").inner_text()

    page.goto(f"{advice}/gegevens")
    path.stop("person")
    page.fill("#paused_until", "2027-02-01")
    path.press("Pauzeer")
    page.goto(advice)
    assert "Er is een pauze tot 1 februari" in page.locator("main").inner_text()
    path.stop("paused")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_one_question_a_page_on_a_phone(
    live: Live, new_page: Callable[..., Any], look: Look, scripts: bool
) -> None:
    page = new_page(PHONE, scripts=scripts)
    path = Path(page, live, None, look, "one-a-page")
    live.sign_in(page, "coach")
    path.go("/snelle-start?een=1")
    path.press("Verder")
    for number, words in enumerate(
        ("Groen", "Tot 20 uur", "Lopen", "Bijna altijd gekomen", "Dit alles kan", "Niets"), start=1
    ):
        assert f"Vraag {number} van 6" in path.heading()
        path.tile(words)
        path.stop(str(number))
        path.press("Verder" if number < 6 else "Geef advies")
    assert path.heading().startswith("Wat nu voor kandidaat")


def test_what_is_typed_is_kept_without_pressing_anything(live: Live, page: Any, look: Look) -> None:
    path = Path(page, live, None, look, "kept")
    live.sign_in(page, "coach")
    path.go("/snelle-start")
    page.fill("#reference", "net-getypt")
    path.tile("Tot 12 uur")
    page.locator("[data-kept]").wait_for(state="visible")
    path.go("/vandaag")
    page.get_by_text("Snelle start is nog niet af").first.wait_for()
    drafts = page.locator("a", has_text="Snelle start is nog niet af")
    kept = [drafts.nth(index).get_attribute("href") for index in range(drafts.count())]
    found = []
    for address in kept:
        path.go(address)
        found.append(page.input_value("#reference"))
    assert "net-getypt" in found


def test_wishes_show_the_order_in_which_they_were_tapped(live: Live, page: Any, look: Look) -> None:
    path = Path(page, live, None, look, "wishes")
    live.sign_in(page, "coach")
    path.go("/snelle-start")
    for words in ("Zorg", "Groen", "Bouw"):
        path.tile(words)
    path.tile("Groen")
    marks = page.locator("label.tile .order")
    assert [marks.nth(i).inner_text() for i in range(marks.count())] == ["2", "1"]
    assert page.input_value("[name=wanted_order]") == "care|build"
    path.tile("Nog niet bekend")
    assert marks.count() == 0


def test_nothing_stands_alone_among_the_obstacles(live: Live, page: Any, look: Look) -> None:
    path = Path(page, live, None, look, "obstacles")
    live.sign_in(page, "coach")
    path.go("/snelle-start")
    path.tile("Wonen", ".obstacles")
    assert page.locator(".follow-home").is_visible()
    path.tile("Niets", ".obstacles")
    assert not page.locator(".follow-home").is_visible()
    assert page.locator("[name=obstacles]:checked").count() == 1


def test_the_agreements_fill_one_sheet_of_paper_and_can_be_copied(
    live: Live, page: Any, look: Look
) -> None:
    path = Path(page, live, None, look, "sheet")
    live.sign_in(page, "coach")
    path.go("/kandidaten")
    page.locator("table.people a").nth(2).click()
    path.press("Maak onze afspraken")
    for name in ("i_do", "you_do", "employer_does", "municipality_does"):
        page.fill(f"#{name}", "\n".join(f"Afspraak nummer {number}" for number in range(1, 9)))
    path.press("Maak het blad")
    paper = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page[^s]", paper)) == 1
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Kopieer als tekst").click()
    page.get_by_role("button", name="Gekopieerd").wait_for()
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith("Onze afspraken, ")
    assert "- Afspraak nummer 8" in text


def test_the_keyboard_alone_reaches_an_answer(live: Live, page: Any, look: Look) -> None:
    path = Path(page, live, None, look, "keyboard")
    live.sign_in(page, "coach")
    path.go("/snelle-start")
    page.focus("[name=hours_max]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.locator("[name=hours_max]:checked").get_attribute("value") == "24"
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.locator("[name=travel_modes]:checked").count() == 1


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_page_fits_the_narrowest_phone(
    live: Live, new_page: Callable[..., Any], look: Look, language: str
) -> None:
    page = new_page(NARROWEST)
    path = Path(page, live, None, look, f"narrow-{language}")
    live.sign_in(page, "coach")
    path.go(f"/taal/{language}")
    path.go("/kandidaten")
    page.locator("table.people a").first.click()
    person = page.url.removeprefix(live.url)
    cards = [f"/kaart/{card}" for card in ("work", "time", "can", "language", "support")]
    more = ["/plekken", "/wat-als?uren=24&meer=vca-basic", "/gegevens", "/afspraken/maken"]
    for address in ("/vandaag", "/kandidaten", "/snelle-start", "/wat-houd-ik-over"):
        path.go(address)
        path.stop(address.strip("/"))
    for part in ("", *cards, *more):
        path.go(person + part)
        path.stop(f"person{part.split('?')[0].replace('/', '-')}")
