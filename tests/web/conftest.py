"""The application for page tests, and a Chromium on the real demo region for browser tests.

``app``, ``client``   the application on an own, empty, migrated SQLite database
``at``                the moment that its clock shows: Monday 4 January 2027, 08:35 in Amsterdam
``own``               somebody on the own page (`OwnPage`), advised, with money worries
``clock``, ``stage``  a clock that is moved, and a coach and a firm (`Stage`) in an `app` made by it
``sign_in_as``        adds an account with rights and signs a test client in through the page
``live``              the real application with the demo region, served once a test session:
                      ``live.url``; ``live.sign_in(page, "coach")`` signs a role of the demo in
``page``              a new Chromium page of 1280 x 900; ``phone`` one of 390 x 844
``plain_page``        a page of 1280 x 900 without scripts
``look``              ``look(page, "name")`` saves a picture when MATCHER_SCREENSHOTS names a folder
``axe``               ``axe(page)`` fails on anything serious or critical that axe finds

Browser tests carry ``pytestmark = BROWSER`` (of ``tests.web.browser``), which also keeps them on
one worker. Without Chromium they are skipped with a visible line, or fail under
``MATCHER_REQUIRE_ALL=1``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matcher import create_app
from matcher.domain.access import Right, Viewer, operator
from matcher.http.db import engine_of
from matcher.models import Account, CandidateAccount
from matcher.models.database import session_factory
from matcher.services.accounts import add_account
from matcher.services.candidates import create_candidate
from matcher.services.demo import load_demo
from tests.conftest import require
from tests.web import browser
from tests.web.forms import form_of
from tests.web.introducing_pages import FIRM, Clock, Stage
from tests.web.own_page import OwnPage, own_page

AT = datetime(2027, 1, 4, 8, 35, tzinfo=ZoneInfo("Europe/Amsterdam"))
PASSWORD = "een lange zin om te onthouden"


@pytest.fixture
def at() -> datetime:
    return AT


@pytest.fixture
def app(sqlite_url: str, at: datetime) -> Iterator[Flask]:
    app = create_app({"DATABASE_URL": sqlite_url, "CLOCK": lambda: at})
    yield app
    engine_of(app).dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def sign_in_as(app: Flask, at: datetime) -> Callable[..., FlaskClient]:
    """``sign_in_as(Right.COACH, region="demo")`` gives a client with an account of these rights.

    With the right *candidate* there is a file of somebody called Sam behind it.
    """

    def sign_in(
        *rights: Right, name: str = "", region: str | None = "demo", **more: Any
    ) -> FlaskClient:
        name = name or "-".join(rights)
        organisation = more.pop("organisation", None)
        if Right.CONTRACTOR in rights and organisation is None:
            organisation = "Wegenbouw Noord"
        if rights == (Right.ADMIN,):
            region = None
        with session_factory(engine_of(app))() as session:
            account = add_account(
                session,
                name=name,
                password=PASSWORD,
                rights=list(rights),
                region=region,
                organisation=organisation,
                now=at,
                **more,
            )
            if Right.CANDIDATE in rights and region is not None:
                person = create_candidate(session, operator(region), {"first_name": "Sam"}, now=at)
                session.add(CandidateAccount(account_id=account.id, candidate_id=person.id))
                session.commit()
        client = app.test_client()
        form = form_of(client.get("/aanmelden"), "password")
        answer = client.post("/aanmelden", data={**form, "name": name, "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        return client

    return sign_in


@pytest.fixture
def own(new_database: Callable[[str], str], at: datetime) -> Iterator[OwnPage]:
    """Somebody with money worries and half of a rhythm, whom the coach advised."""
    values = {"rhythm": 2, "money": 1, "home_base": 1, "contact_kind": "sms"}
    with own_page(new_database, at, contact_value="06 12345678", **values) as page:
        page.advise()
        yield page


# --- browser -------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def live(new_database: Callable[[str], str]) -> Iterator[browser.Live]:
    """The demo region, loaded once and served to every browser test of this session."""
    app = create_app({"DATABASE_URL": new_database("sqlite"), "CLOCK": lambda: AT, "DEMO": True})
    engine = engine_of(app)
    with session_factory(engine)() as session:
        report = load_demo(session, on=AT.date(), seed=1, now=AT)
    sign_ins = {role: (name, password) for role, name, password in report.sign_ins}
    with browser.served(app) as url:
        yield browser.Live(url, app, sign_ins)
    engine.dispose()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A running Chromium."""
    path = browser.chromium_path()
    if path is None:
        require("browser tests need Chromium (/usr/bin/chromium, or MATCHER_CHROMIUM)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=browser.FLAGS)
        yield running
        running.close()


@pytest.fixture
def new_page(chromium: Any) -> Iterator[Callable[..., Any]]:
    """``new_page(size, scripts=True)``: a page in a browser of its own, without errors on it."""
    contexts = []
    complaints: list[str] = []

    def make(size: dict[str, int] = browser.DESKTOP, *, scripts: bool = True) -> Any:
        context = chromium.new_context(
            viewport=size, java_script_enabled=scripts, locale="nl-NL", reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda line: (
                complaints.append(line.text)
                if line.type == "error" and "status of 4" not in line.text
                else None
            ),
        )
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(new_page: Callable[..., Any]) -> Any:
    return new_page(browser.DESKTOP)


@pytest.fixture
def phone(new_page: Callable[..., Any]) -> Any:
    return new_page(browser.PHONE)


@pytest.fixture
def plain_page(new_page: Callable[..., Any]) -> Any:
    return new_page(browser.DESKTOP, scripts=False)


@pytest.fixture
def look() -> browser.Look:
    return browser.take_look


@pytest.fixture
def axe() -> Callable[[Any], None]:
    return browser.check_axe


@pytest.fixture
def clock() -> Clock:
    """A clock that only moves when it is told to, for an `app` made by it."""
    return Clock()


@pytest.fixture
def stage(app: Flask, clock: Clock, sign_in_as: Callable[..., FlaskClient]) -> Stage:
    """A coach and a contractor, signed in, in an application made by the clock."""
    coach = sign_in_as(Right.COACH, name="coach")
    firm = sign_in_as(Right.CONTRACTOR, name="firm", organisation=FIRM)
    with session_factory(engine_of(app))() as session:
        row = session.scalars(select(Account).where(Account.name == "coach")).one()
        viewer = Viewer(row.id, frozenset({Right.COACH}), "demo")
    return Stage(app, clock, coach, firm, viewer)
