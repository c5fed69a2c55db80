"""A coach, a contractor and what happens between them, on the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher import create_app
from matcher.domain.access import Right, Viewer, operator
from matcher.http.db import engine_of
from matcher.models import Message
from matcher.models.database import session_factory
from matcher.repositories.scope import unscoped
from matcher.services import introductions
from matcher.services.candidates import create_candidate
from matcher.services.vacancies import create_vacancy
from tests.services.introducing import PLACE, READY
from tests.services.opening import open_vacancy

FIRM = "Wegenbouw Noord"
MONDAY = datetime(2027, 1, 4, 8, 35, tzinfo=ZoneInfo("Europe/Amsterdam"))
DAY = timedelta(days=1)


class Clock:
    """A clock that only moves when it is told to."""

    def __init__(self) -> None:
        self.at = MONDAY

    def __call__(self) -> datetime:
        return self.at


def by_clock(url: str, clock: Clock) -> Iterator[Flask]:
    """The application on a database, whose time is that of the clock."""
    made = create_app({"DATABASE_URL": url, "CLOCK": clock, "LOG_LEVEL": "CRITICAL"})
    yield made
    engine_of(made).dispose()


@dataclass
class Stage:
    """A coach, a contractor and what happens between them."""

    app: Flask
    clock: Clock
    coach: FlaskClient
    firm: FlaskClient
    coach_viewer: Viewer

    @contextmanager
    def session(self) -> Iterator[Session]:
        with session_factory(engine_of(self.app))() as session:
            yield session

    def person(self, **more: Any) -> int:
        with self.session() as session:
            values = {**READY, "first_name": "Een", **more}
            return create_candidate(session, self.coach_viewer, values, now=self.clock()).id

    def place(self, **more: Any) -> int:
        values = {**PLACE, "contractor": FIRM, "title": "Hulp stratenmaker",
                  "start_on": date(2027, 2, 1), **more}  # fmt: skip
        with self.session() as session:
            made = create_vacancy(session, operator("demo"), values, now=self.clock())
            opened = open_vacancy(
                session, operator("demo"), made.id, expected_version=1, now=self.clock()
            )
            return opened.id

    def invite(self, person: int, place: int) -> int:
        with self.session() as session:
            return introductions.invite(
                session, self.coach_viewer, person, place, now=self.clock()
            ).id

    def says(self, person: int, number: int, answer: str, *shares: str) -> None:
        viewer = Viewer(None, frozenset({Right.CANDIDATE}), "demo", candidate_id=person)
        with self.session() as session:
            introductions.answer(session, viewer, number, answer, shares, now=self.clock())


def body_of(answer: Any) -> str:
    """The main part of a page, without what is drawn anew for each form."""
    assert answer.status_code == 200, answer.status
    main = answer.text[answer.text.index("<main") : answer.text.index("</main>")]
    return re.sub(r'(name="(csrf_token|once)" [^>]*value)="[^"]*"', r"\1", main)


def messages_of(stage: Stage) -> list[Message]:
    with stage.session() as session:
        return list(session.scalars(unscoped(select(Message).order_by(Message.id), Message)))
