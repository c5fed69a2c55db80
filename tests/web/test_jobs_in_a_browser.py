"""The pages of jobs in Chromium: live with scripts, by looking again without, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matcher.http.db import engine_of
from matcher.models.database import session_factory
from matcher.models.states import JobState
from matcher.services.job_kinds import KINDS
from matcher.services.job_runs import run_one
from tests.web.browser import BROWSER, NARROWEST, Live, Look, check_fits
from tests.web.conftest import AT

pytestmark = BROWSER

Axe = Callable[[Any], None]


def work(live: Live) -> None:
    factory = session_factory(engine_of(live.app))
    assert run_one(factory, "w", lambda: AT, KINDS) is JobState.DONE


def test_a_lead_sees_the_result_come_by_itself(live: Live, page: Any, look: Look, axe: Axe) -> None:
    live.sign_in(page, "lead")
    page.goto(f"{live.url}/rekenen")
    axe(page)
    page.get_by_role("button", name="Reken de regio door").click()
    page.get_by_text("Het staat klaar en begint zo.").wait_for()
    assert not page.get_by_role("link", name="Kijk opnieuw").is_visible()
    axe(page)
    look(page, "jobs-running")
    work(live)
    page.get_by_role("link", name="Bekijk per persoon").wait_for()
    assert "mensen past nu een plek" in page.locator("h1").inner_text()
    axe(page)
    look(page, "jobs-result")


def test_a_triager_looks_again_without_scripts(
    live: Live, plain_page: Any, new_page: Callable[..., Any], look: Look, axe: Axe
) -> None:
    live.sign_in(plain_page, "triager")
    plain_page.goto(f"{live.url}/rekenen")
    plain_page.get_by_role("button", name="Reken de regio door").click()
    address = plain_page.url
    work(live)
    plain_page.get_by_role("link", name="Kijk opnieuw").click()
    plain_page.get_by_role("link", name="Meer plekken").click()
    assert plain_page.get_by_role("link", name="Bekijk per persoon").count() == 0
    plain_page.goto(address)
    plain_page.get_by_role("link", name="Bekijk per persoon").click()
    plain_page.get_by_role("link", name="Volgende").click()
    plain_page.get_by_role("link", name="Alle plekken").first.click()
    assert "/plekken" in plain_page.url

    for width in (901, 1024, 1280):
        middling = new_page({"width": width, "height": 700})
        live.sign_in(middling, "lead")
        middling.goto(f"{live.url}/rekenen")
        check_fits(middling)
    narrow = new_page(NARROWEST)
    live.sign_in(narrow, "triager")
    for path in ("/rekenen", address.removeprefix(live.url), f"{address}/mensen"):
        narrow.goto(path if path.startswith("http") else live.url + path)
        check_fits(narrow)
        axe(narrow)
        look(narrow, f"jobs-{path.rpartition('/')[2]}")
