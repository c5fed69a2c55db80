"""From a messy file of 2,000 people to decided lanes and an accepted allocation, clicked through.

At most 25 actions: each field that is filled in, each box, each button and each link is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from matcher import create_app
from matcher.http.db import engine_of
from matcher.models import AllocationLine, Assessment, Candidate, Decision, Introduction
from matcher.models.database import session_factory
from matcher.models.states import JobState, ProposalState
from matcher.models.wall import whole_database
from matcher.services.demo import load_demo
from matcher.services.job_kinds import KINDS
from matcher.services.job_runs import run_one
from tests.files.messy import messy_people
from tests.web import browser
from tests.web.browser import BROWSER, Look, check_fits
from tests.web.conftest import AT

pytestmark = BROWSER

ACTIONS_MAXIMUM = 25
ROWS = 2_000
TOGETHER = 3


@pytest.fixture
def demo(new_database: Callable[[str], str]) -> Iterator[browser.Live]:
    """A demo region of its own: two thousand more people would be in the way of other tests."""
    app = create_app({"DATABASE_URL": new_database("sqlite"), "CLOCK": lambda: AT, "DEMO": True})
    engine = engine_of(app)
    with session_factory(engine)() as session:
        report = load_demo(session, on=AT.date(), seed=1, now=AT)
    with browser.served(app) as url:
        yield browser.Live(url, app, {role: (n, p) for role, n, p in report.sign_ins})
    engine.dispose()


class Hands:
    """Somebody who fills in, ticks and presses; counts what they do."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.actions = 0

    def press(self, role: str, name: str | re.Pattern[str]) -> None:
        self.actions += 1
        self.page.get_by_role(role, name=name).first.click()
        self.page.wait_for_load_state()

    def fill(self, field: str, text: str) -> None:
        self.actions += 1
        self.page.fill(field, text)

    def tick(self, where: Any) -> None:
        self.actions += 1
        where.check()

    def take(self, field: str, file: Path) -> None:
        self.actions += 1
        self.page.set_input_files(field, str(file))


def worked(live: browser.Live, jobs: int = 1) -> None:
    """Lets a worker do what waits."""
    factory = session_factory(engine_of(live.app))
    for _ in range(jobs):
        assert run_one(factory, "w", lambda: AT, KINDS) is JobState.DONE


def count(live: browser.Live, table: Any, *conditions: Any) -> int:
    with (
        session_factory(engine_of(live.app))() as session,
        whole_database(session, "a test counts"),
    ):
        statement = select(func.count()).select_from(table.__table__).where(*conditions)
        return session.connection().scalar(statement) or 0


def test_from_a_messy_file_to_an_accepted_allocation_in_25_actions(
    demo: browser.Live, page: Any, tmp_path: Path, look: Look, axe: Callable[[Any], None]
) -> None:
    hands = Hands(page)
    file = tmp_path / "mensen.csv"
    file.write_bytes(messy_people(ROWS).data)
    before = count(demo, Candidate)
    decided_before = count(demo, Decision)
    page.goto(f"{demo.url}/aanmelden")
    name, password = demo.sign_ins["triager"]
    hands.fill("#name", name)
    hands.fill("#password", password)
    hands.press("button", "Aanmelden")

    hands.press("link", "Inlezen")
    hands.take("input[type=file]", file)
    hands.press("button", "Lees dit bestand")
    page.wait_for_url("**/kolommen")
    hands.press("button", "Klopt, controleer de rijen")
    worked_until_checked(demo, page)
    hands.press("button", "Lees in wat is aangevinkt")
    worked(demo)
    assert count(demo, Candidate) - before > ROWS * 0.8

    hands.press("link", "Verdelen")
    hands.press("button", "Reken de verdeling uit")
    worked(demo)
    page.wait_for_url(re.compile(r"/verdelen/\d+"))
    assert count(demo, Assessment) > count(demo, Candidate) * 0.9, "everybody has a lane"

    hands.press("link", "Mensen")
    hands.press("link", re.compile("Nu starten"))
    hands.press("link", "Besluit samen")
    for box in page.locator("input[name=who]").all()[:TOGETHER]:
        hands.tick(box)
    hands.tick(page.locator("input[name=reason]").first)
    hands.press("button", re.compile("Leg vast"))
    page.get_by_text(f"{TOGETHER} besluiten vastgelegd.").wait_for()
    assert count(demo, Decision) == decided_before + TOGETHER

    hands.press("link", "Verdelen")
    hands.press("link", re.compile("Bekijk en besluit"))
    check_fits(page)
    axe(page)
    look(page, "weekly-list")
    hands.press("button", re.compile("Leg deze .* besluiten vast"))
    page.get_by_text(re.compile("voorstellen aangenomen")).wait_for()
    accepted = count(demo, AllocationLine, AllocationLine.state == ProposalState.ACCEPTED)
    assert accepted >= 40
    assert count(demo, Introduction, Introduction.invited_at == AT) >= 1
    look(page, "weekly-accepted")
    assert hands.actions <= ACTIONS_MAXIMUM


def worked_until_checked(live: browser.Live, page: Any) -> None:
    """A file that is checked by a worker shows its proposals once that is done."""
    page.wait_for_load_state()
    factory = session_factory(engine_of(live.app))
    run_one(factory, "w", lambda: AT, KINDS)
    page.reload()
    page.get_by_role("button", name="Lees in wat is aangevinkt").wait_for()


def test_every_page_fits_wide_and_on_a_phone_and_passes_axe(
    demo: browser.Live,
    new_page: Callable[..., Any],
    plain_page: Any,
    look: Look,
    axe: Callable[[Any], None],
) -> None:
    demo.sign_in(plain_page, "lead")
    plain_page.goto(f"{demo.url}/verdelen")
    plain_page.get_by_role("button", name="Reken de verdeling uit").click()
    worked(demo)
    plain_page.get_by_role("link", name="Kijk opnieuw").click()
    made = plain_page.url.partition("?")[0]
    plain_page.locator("table.proposals tbody th a").first.click()
    proposal = plain_page.url
    phone = new_page({"width": 360, "height": 780})
    demo.sign_in(phone, "lead")
    parts = [f"{made}?deel={part}" for part in ("plekken", "programmas", "zonder", "leeg", "helpt")]
    others = [f"{demo.url}/verdelen{path}" for path in ("", "/afspraken", "/volgorde")]
    for each in (plain_page, phone):
        for number, address in enumerate((*parts, *others, proposal)):
            each.goto(address)
            check_fits(each)
            look(each, f"weekly-{number}")
            if each is phone:
                axe(each)
