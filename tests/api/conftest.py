"""The application on an own database, and callers with each right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from matcher.application import create_app
from matcher.domain.access import Right
from matcher.http.db import current_session, engine_of
from matcher.services.accounts import add_account, create_token

BASE = "/api/v1"
NOW = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
TODAY = date(2027, 3, 1)


class Caller:
    """Calls the API with a token, or with none; answers in English."""

    def __init__(self, app: Flask, token: str | None = None) -> None:
        self.client = app.test_client(use_cookies=False)
        self.headers = {"Accept-Language": "en"}
        if token is not None:
            self.headers["Authorization"] = f"Bearer {token}"

    def call(self, method: str, path: str, **options: Any) -> TestResponse:
        """The answer to `method` on `path` under the base of the API."""
        headers = {**self.headers, **options.pop("headers", {})}
        return self.client.open(BASE + path, method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self.call("POST", path, json={} if body is None else body, **options)

    def patch(self, path: str, body: Any, version: int | None, **options: Any) -> TestResponse:
        headers = {} if version is None else {"If-Match": f'"v{version}"'}
        return self.call("PATCH", path, json=body, headers=headers, **options)


@pytest.fixture
def app(sqlite_url: str) -> Iterator[Flask]:
    """The application, at half past nine on a Monday in Amsterdam."""
    made = create_app({"DATABASE_URL": sqlite_url, "CLOCK": lambda: NOW, "LOG_LEVEL": "CRITICAL"})
    yield made
    engine_of(made).dispose()


@pytest.fixture
def visitor(app: Flask) -> Caller:
    """Somebody without a token."""
    return Caller(app)


CallerOf = Callable[..., Caller]


@pytest.fixture
def caller_of(app: Flask) -> CallerOf:
    """Makes a machine account with rights, in a region and for a contractor, and calls with it."""
    made: list[str] = []

    def make(*rights: Right, region: str | None = "demo", firm: str | None = None) -> Caller:
        made.append(f"machine-{len(made)}")
        with app.app_context():
            session = current_session()
            account = add_account(
                session,
                name=made[-1],
                password=None,
                rights=[right.value for right in rights],
                region=region,
                organisation=firm,
                language="en",
                now=NOW,
            )
            _, secret = create_token(
                session,
                account.id,
                title="test",
                scopes=[right.value for right in rights],
                lifetime=timedelta(days=1),
                now=NOW,
            )
        return Caller(app, secret)

    return make


@pytest.fixture
def coach(caller_of: CallerOf) -> Caller:
    """A job coach of the demo region."""
    return caller_of(Right.COACH)


@pytest.fixture
def triager(caller_of: CallerOf) -> Caller:
    """A triager of the demo region."""
    return caller_of(Right.TRIAGER)


@pytest.fixture
def contractor(caller_of: CallerOf) -> Caller:
    """A contractor of the demo region."""
    return caller_of(Right.CONTRACTOR, firm="Voorbeeld Wegen")


@pytest.fixture
def stranger(caller_of: CallerOf) -> Caller:
    """A coach and lead of another region."""
    return caller_of(Right.COACH, Right.LEAD, region="haaglanden")
