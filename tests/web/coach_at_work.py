"""A coach at work in a small region: four kinds of places, the shipped programmes, one client."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from matcher import create_app
from matcher.domain.access import Right, Viewer
from matcher.domain.programme import Programme
from matcher.domain.vocabulary import LOADS
from matcher.http.db import engine_of, session_factory
from matcher.models import Account
from matcher.models.database import make_engine
from matcher.models.database import session_factory as make_sessions
from matcher.reference.catalogue import load_catalogue
from matcher.repositories.records import CandidateRecord
from matcher.services.accounts import add_account, find_viewer
from matcher.services.candidates import create_candidate, get_candidate
from matcher.services.programmes import create_programme
from matcher.services.sessions import begin_session
from matcher.services.vacancies import create_vacancy
from tests.services.opening import open_vacancy
from tests.web.forms import form_of

FORBIDDEN = re.compile(
    r"\b(score|risico|afstand|doelgroep|motivatie|belastbaarheid|traject|interventie)\w*", re.I
)
CLOSING = "Dit is een advies. U en uw coach kiezen. Klopt iets niet? Zeg het of verander het."

READY = {
    "first_name": "Sam",
    "pc4": 3311,
    "travel_max_minutes": 60,
    "travel_modes": frozenset({"bike"}),
    "sectors": ("F42",),
    "hours_max": 36.0,
    "rhythm": 3,
    "work_skills": 2,
    "money": 4,
    "home_base": 4,
    "language_speak": 2,
    "language_read": 2,
    **dict.fromkeys(LOADS, 2),
}
"""Somebody of whom everything is known and nothing is missing."""

_NO_DEMANDS: dict[str, Any] = dict.fromkeys(LOADS, 0)
PLACES: tuple[dict[str, Any], ...] = (
    {"reference": "V-1", "title": "Leerling grondwerker", "lift": 2, "outdoor": 2},
    {"reference": "V-2", "title": "Hulp stratenmaker", "credentials": frozenset({"vca_basic"})},
    {"reference": "V-3", "title": "Verkeersregelaar", "language_speak": 3, "customers": 2},
    {"reference": "V-4", "title": "Chauffeur", "licences": frozenset({"C"})},
)


class CoachAtWork:
    """A signed-in coach with a client, and the region's stock made through the services."""

    def __init__(self, app: Flask, client: FlaskClient, viewer: Viewer, at: datetime) -> None:
        self.app, self.client, self.viewer, self.at = app, client, viewer, at

    @property
    def on(self) -> date:
        return self.at.date()

    @contextmanager
    def session(self) -> Any:
        with session_factory(engine_of(self.app))() as session:
            yield session

    def add(self, **values: Any) -> int:
        """Somebody on this coach's caseload, by default `READY`; None leaves a value out."""
        given = {k: v for k, v in {**READY, **values}.items() if v is not None}
        with self.session() as session:
            return create_candidate(session, self.viewer, given, now=self.at).id

    def stranger(self) -> FlaskClient:
        """A client of a coach of another region."""
        return self.colleague(Right.COACH, "haaglanden", "stranger")

    def colleague(self, right: Right, region: str, name: str) -> FlaskClient:
        """A client of somebody else, of an account made now."""
        with self.session() as session:
            account = add_account(
                session, name=name, password=None, rights=[right], region=region, now=self.at
            )
        return _client_of(self.app, account.id, self.at)

    def record(self, candidate_id: int) -> CandidateRecord:
        with self.session() as session:
            return get_candidate(session, self.viewer, candidate_id)

    def get(self, address: str) -> str:
        answer = self.client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return answer.text

    def send(self, address: str, holding: str, *, to: str | None = None, **changes: Any) -> Any:
        """Opens a page, changes its form that has the field `holding`, and sends it."""
        form = form_of(self.get(address), holding)
        form.update(changes)
        sent = {name: value for name, value in form.items() if value is not None}
        return self.client.post(to or address, data=sent)

    def tap(self, address: str, to: str, **sent: Any) -> Any:
        """Opens a page and sends only a token, a version and what a button carries."""
        form = form_of(self.get(address), "csrf_token")
        version = re.search(r'name="version" value="(\d+)"', self.get(address))
        return self.client.post(
            to,
            data={
                "csrf_token": form["csrf_token"],
                "version": version[1] if version else "",
                **sent,
            },
        )


_templates: dict[str, Path] = {}


@contextmanager
def coach_at_work(new_database: Callable[[str], str], at: datetime) -> Iterator[CoachAtWork]:
    """The coach of a region of its own, copied from one that is filled once a run."""
    if "region" not in _templates:
        _templates["region"] = _file_of(_filled_region(new_database("sqlite"), at))
    url = new_database("sqlite")
    shutil.copy(_templates["region"], _file_of(url))
    app = create_app({"DATABASE_URL": url, "CLOCK": lambda: at})
    with session_factory(engine_of(app))() as session:
        viewer = _viewer(session, "coach")
    yield CoachAtWork(app, _client_of(app, viewer.account_id, at), viewer, at)
    engine_of(app).dispose()


def _client_of(app: Flask, account_id: int | None, at: datetime) -> FlaskClient:
    client = app.test_client()
    assert account_id is not None
    with session_factory(engine_of(app))() as session:
        secret = begin_session(session, account_id, "password", now=at)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = secret
    return client


def _file_of(url: str) -> Path:
    return Path(str(make_url(url).database))


def _filled_region(url: str, at: datetime) -> str:
    engine = make_engine(url)
    with make_sessions(engine)() as session:
        for name, rights, firm in (
            ("coach", [Right.COACH], None),
            ("centre", [Right.TRIAGER, Right.SERVICE_POINT], None),
            ("firm", [Right.CONTRACTOR], "Wegenbouw Noord"),
        ):
            add_account(
                session,
                name=name,
                password=None,
                rights=rights,
                region="demo",
                organisation=firm,
                now=at,
            )
        centre, contractor = _viewer(session, "centre"), _viewer(session, "firm")
        for programme in load_catalogue(at.date()):
            values = {item.name: getattr(programme, item.name) for item in fields(Programme)}
            create_programme(session, centre, {**values, "region": "demo"}, now=at)
        for place in PLACES:
            made = create_vacancy(session, contractor, _place(place, at.date()), now=at)
            open_vacancy(session, centre, made.id, expected_version=made.version, now=at)
        session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return url


def _place(values: dict[str, Any], on: date) -> dict[str, Any]:
    return {
        "sector": "F42",
        "places": 2,
        "employer_size": 120.0,
        "contract_type": "bbl",
        "hours_min": 24.0,
        "hours_max": 36.0,
        "site_pc4": 3315,
        "rhythm": 3,
        "work_skills": 2,
        "language_speak": 1,
        "language_read": 1,
        "digital": 0,
        "education": 1,
        "guidance_hours": 8.0,
        "start_on": on + timedelta(weeks=4),
        "flex_weeks": 8,
        **_NO_DEMANDS,
        **values,
    }


def _viewer(session: Session, name: str) -> Viewer:
    account_id = session.scalars(select(Account.id).where(Account.name == name)).one()
    viewer = find_viewer(session, account_id)
    assert viewer is not None
    return viewer


def without_money_folds(page: str) -> str:
    """A page without what stands in its folds about money and about how the number came about."""
    folds = r'<details class="[^"]*(?:money-fold|how)[^"]*".*?</details>'
    return re.sub(folds, "", page, flags=re.S)


def words_of(page: str) -> str:
    """The words of a page, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())
