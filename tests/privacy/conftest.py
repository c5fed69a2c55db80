"""Databases as the product meets them in service: on PostgreSQL behind row-level security.

``app_role``   the address of a PostgreSQL database, as a role that owns and bypasses nothing
``made``       the application and the world behind it, on both kinds of database
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.engine import make_url

from matcher import create_app
from matcher.http.db import engine_of
from matcher.models.database import make_engine, session_factory
from tests.conftest import KINDS
from tests.privacy.world import NOW, World, build

ROLE = "matcher_app"
ROLE_PASSWORD = "only-for-tests"

GRANTS = (
    f"GRANT USAGE ON SCHEMA public TO {ROLE}",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ROLE}",
    f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {ROLE}",
)


def as_app_role(url: str) -> str:
    """The same database for the role of the application, which is made when it is missing."""
    engine = make_engine(url)
    with engine.begin() as connection:
        known = text("SELECT 1 FROM pg_roles WHERE rolname = :name")
        if connection.scalar(known, {"name": ROLE}) is None:
            connection.execute(
                text(f"CREATE ROLE {ROLE} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '{ROLE_PASSWORD}'")
            )
        for grant in GRANTS:
            connection.execute(text(grant))
    engine.dispose()
    address = make_url(url).set(username=ROLE, password=ROLE_PASSWORD)
    return address.render_as_string(hide_password=False)


@pytest.fixture
def owner_url(new_database: Callable[[str], str]) -> str:
    """An own, empty, migrated PostgreSQL database, for the role that owns it."""
    return new_database("postgres")


@pytest.fixture
def app_role(owner_url: str) -> str:
    """The same database, for the role of the application."""
    return as_app_role(owner_url)


@pytest.fixture(scope="module", params=KINDS)
def made(
    request: pytest.FixtureRequest, new_database: Callable[[str], str]
) -> Iterator[tuple[Flask, World]]:
    url = new_database(request.param)
    owner = make_engine(url)
    with session_factory(owner)() as session:
        world = build(session)
    owner.dispose()
    url = as_app_role(url) if request.param == "postgres" else url
    app = create_app({"DATABASE_URL": url, "CLOCK": lambda: NOW, "LOG_LEVEL": "CRITICAL"})
    yield app, world
    engine_of(app).dispose()
