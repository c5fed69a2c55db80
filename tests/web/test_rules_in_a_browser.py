"""Rules in Chromium on the demo region: two officers, wide and narrow, and by keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matcher.domain.access import Right
from matcher.http.db import engine_of
from matcher.models.database import session_factory
from matcher.services.accounts import add_account
from tests.web.browser import BROWSER, Live, Look, check_fits
from tests.web.conftest import AT

pytestmark = BROWSER
PASSWORD = "een-lang-wachtwoord-voor-regels"


def test_two_officers_change_the_rules_from_a_day_on(
    live: Live, plain_page: Any, phone: Any, look: Look, axe: Callable[[Any], None]
) -> None:
    with session_factory(engine_of(live.app))() as session:
        add_account(
            session,
            name="officer-3",
            password=PASSWORD,
            rights=[Right.OFFICER.value],
            region="demo",
            now=AT,
        )
    writer, reader = phone, plain_page
    live.sign_in(writer, "officer")
    writer.goto(f"{live.url}/regels")
    for page in (writer, reader):
        if page is reader:
            live.sign_ins["officer-3"] = ("officer-3", PASSWORD)
            live.sign_in(reader, "officer-3")
            reader.goto(f"{live.url}/regels")
        check_fits(page)
        look(page, "rules")
    axe(writer)

    writer.get_by_role("button", name="Begin een concept").press("Enter")
    writer.wait_for_url("**/regels/*")
    check_fits(writer)
    axe(writer)
    look(writer, "rules-draft")
    address = writer.url
    writer.get_by_role("link", name="Wijzig de getallen").click()
    check_fits(writer)
    axe(writer)
    look(writer, "rules-values")
    writer.get_by_label("Werken").first.fill("7")
    writer.get_by_label("Vanaf welke dag?").fill("2027-09-01")
    writer.get_by_label("Waar staat dit besluit?").fill("Voorbeeldbesluit")
    writer.get_by_role("button", name="Sla op").press("Enter")
    writer.wait_for_url(address)
    assert "7%" in writer.content()
    check_fits(writer)

    writer.get_by_label("Wat vond de cliëntenraad?").fill("Positief.")
    writer.get_by_label("Op welke dag?").fill("2026-12-01")
    writer.get_by_label("Wat is er met het advies gedaan?").fill("Overgenomen.")
    writer.get_by_role("button", name="Leg vast").press("Enter")
    writer.get_by_role("button", name="Bied aan").press("Enter")
    writer.wait_for_load_state()
    assert "Dit concept wacht op een collega." in writer.locator("h1").inner_text()

    axe(writer)
    writer.goto(f"{address}/gevolgen")
    writer.locator(".changes summary").first.press("Enter")
    check_fits(writer)
    axe(writer)
    look(writer, "rules-effects")

    reader.goto(address)
    check_fits(reader)
    look(reader, "rules-offered")
    reader.locator(".three a").first.click()
    reader.locator(".changes summary").first.press("Enter")
    check_fits(reader)
    look(reader, "rules-effects")
    reader.goto(address)
    reader.get_by_role("button", name="Keur goed").press("Enter")
    reader.wait_for_load_state()
    assert "Deze regels gelden vanaf 1 september." in reader.locator("h1").inner_text()
    check_fits(reader)
    writer.goto(f"{live.url}/regels")
    assert "goedgekeurd door officer-3" in writer.content()
    check_fits(writer)


def test_the_whole_text_fits_a_phone(live: Live, phone: Any, axe: Callable[[Any], None]) -> None:
    live.sign_in(phone, "officer")
    phone.goto(f"{live.url}/regels/2/tekst")
    check_fits(phone)
    axe(phone)
