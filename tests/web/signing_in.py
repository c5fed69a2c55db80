"""Ways in, for tests of signing in: a clock that moves, accounts, and the pages in a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher import create_app
from matcher.http.db import engine_of
from matcher.models import Account, Message
from matcher.models.database import session_factory
from matcher.repositories.scope import unscoped
from matcher.services.accounts import add_account
from matcher.services.second_factor import begin_enrolment, confirm_enrolment
from tests.web.forms import form_of

PASSWORD = "een lange zin om te onthouden"


@dataclass
class Place:
    """An application whose clock moves, and its database."""

    app: Flask
    moment: datetime

    def session(self) -> Session:
        return session_factory(engine_of(self.app))()

    def wait(self, **time: float) -> None:
        self.moment += timedelta(**time)

    def client(self, address: str = "127.0.0.1") -> FlaskClient:
        """A browser at an address of the network."""
        client = self.app.test_client()
        client.environ_base["REMOTE_ADDR"] = address
        return client

    def account(self, name: str, *rights: str, email: str | None = None, **more: Any) -> int:
        values: dict[str, Any] = {"password": PASSWORD, "region": "demo", **more}
        if "contractor" in rights:
            values.setdefault("organisation", "Wegenbouw Noord")
        if rights == ("admin",):
            values["region"] = None
        with self.session() as session:
            made = add_account(session, name=name, rights=list(rights), now=self.moment, **values)
            if email is not None:
                row = session.get(Account, made.id)
                assert row is not None
                row.email = email
                session.commit()
            return made.id

    def enrol(self, account_id: int) -> tuple[pyotp.TOTP, tuple[str, ...]]:
        """The app and the recovery codes of an account whose second factor was set up earlier."""
        earlier = self.moment - timedelta(hours=1)
        with self.session() as session:
            app = pyotp.TOTP(begin_enrolment(session, account_id, now=earlier).secret)
            codes = confirm_enrolment(session, account_id, app.at(earlier), now=earlier)
        assert codes is not None
        return app, codes

    def messages(self) -> list[Message]:
        with self.session() as session:
            return list(session.scalars(unscoped(select(Message).order_by(Message.id), Message)))


def place(database_url: str, at: datetime, **config: Any) -> Place:
    """A place on a database; its clock stands at `at`."""
    found = Place(None, at)  # type: ignore[arg-type]  # filled in below: the clock needs the place
    found.app = create_app({"DATABASE_URL": database_url, "CLOCK": lambda: found.moment, **config})
    return found


def try_password(
    client: FlaskClient, name: str, password: str = PASSWORD, address: str = "/aanmelden"
) -> Any:
    form = form_of(client.get(address), "password")
    return client.post(address, data={**form, "name": name, "password": password})


def try_code(client: FlaskClient, code: str, address: str = "/tweede-stap") -> Any:
    return client.post(address, data={**form_of(client.get(address), "code"), "code": code})


def is_in(client: FlaskClient) -> bool:
    return client.get("/blijf-aangemeld").status_code == 204


def copy_of(client: FlaskClient, other: FlaskClient) -> FlaskClient:
    """`other` with the session cookie of `client`, as a thief would have it."""
    cookie = client.get_cookie("matcher")
    assert cookie is not None
    other.set_cookie("matcher", cookie.value)
    return other
