"""Nobody opens a person, by any page or resource, without an entry in the log."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from matcher import create_app
from matcher.domain.access import STAFF, Right
from matcher.http.db import engine_of
from matcher.http.permissions import is_static, permission_of
from matcher.models import Account, Assessment, AuditEntry, Candidate, Vacancy
from matcher.models.database import session_factory
from matcher.repositories.scope import unscoped
from matcher.services import audit
from matcher.services.demo import load_demo
from matcher.services.sessions import begin_session
from tests.web.conftest import AT

COUNTED = {
    # How many people fit, as a number or a band: of nobody in particular, and nobody is shown.
    "api-vacancies.count_fits",
    "api-sectors.get_pool",
    "contractor.home",
    "contractor.vacancies",
    "contractor.vacancy",
    "contractor.call_me",
    "contractor.called",
    "contractor.take_over",
    "contractor.new_vacancy",
    "contractor.change_vacancy",
    "talent_centre.requests",
    "talent_centre.vacancy_from_call",
}
"""Pages that count people and show none of them."""


@pytest.fixture(scope="module")
def app(new_database: Callable[[str], str]) -> Iterator[Flask]:
    """The demo region."""
    app = create_app({"DATABASE_URL": new_database("sqlite"), "CLOCK": lambda: AT})
    with session_factory(engine_of(app))() as session:
        load_demo(session, on=AT.date(), seed=1, now=AT)
    yield app
    engine_of(app).dispose()


@contextmanager
def opened(app: Flask) -> Iterator[Session]:
    with session_factory(engine_of(app))() as session:
        yield session


def client_of(app: Flask, right: Right) -> tuple[FlaskClient, int]:
    """A client of the account of that right, and the number of the account."""
    with opened(app) as session:
        account = session.scalars(select(Account).where(Account.name == right.value)).one()
        secret = begin_session(session, account.id, "password", second_factor=True, now=AT)
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = secret
        return client, account.id


def end_of(app: Flask) -> int:
    with opened(app) as session:
        return int(audit.head_text(session).partition(":")[0])


def entries_after(app: Flask, position: int) -> list[AuditEntry]:
    with opened(app) as session:
        statement = select(AuditEntry).where(AuditEntry.position > position)
        return list(session.scalars(unscoped(statement, AuditEntry)))


def candidate_routes(app: Flask) -> list[tuple[str, str, Right]]:
    """Endpoint, rule and right of every GET about one candidate that staff may open."""
    return [
        (rule.endpoint, rule.rule, right)
        for rule in app.url_map.iter_rules()
        if "candidate_id" in rule.arguments and "GET" in (rule.methods or ())
        for right in sorted(permission_of(app.view_functions[rule.endpoint], "GET") or ())
        if right in STAFF
    ]


@pytest.fixture(scope="module")
def address_of(app: Flask) -> Callable[[str], tuple[str, int]]:
    """Makes the address of a rule about somebody on a caseload, and tells who that is."""
    with opened(app) as session:
        person = session.scalars(
            unscoped(
                select(Candidate)
                .join(Account, Account.id == Candidate.owner_account_id)
                .where(Account.name == "coach", Candidate.status == "active")
                .where(Candidate.paused_until.is_(None))
                .order_by(Candidate.id.desc()),
                Candidate,
            )
        ).first()
        assert person is not None
        of_person = select(Assessment.id).where(Assessment.candidate_id == person.id)
        assessment = session.scalars(unscoped(of_person, Assessment)).first()
        vacancy = session.scalars(unscoped(select(Vacancy.id), Vacancy)).first()
    values = {"candidate_id": person.id, "assessment_id": assessment, "vacancy_id": vacancy}

    def address(rule: str) -> tuple[str, int]:
        rule = re.sub(r"<any\(([a-z_]+)[^>]*>", r"\1", rule)
        return (
            re.sub(r"<(?:[^<>]*:)?([a-z_]+)>", lambda found: str(values.get(found[1], 1)), rule),
            person.id,
        )

    return address


def test_every_get_about_a_person_is_exactly_one_read_by_whoever_opened_it(
    app: Flask, address_of: Callable[[str], tuple[str, int]]
) -> None:
    clients = {right: client_of(app, right) for right in STAFF}
    routes = candidate_routes(app)
    assert len(routes) >= 20
    for endpoint, rule, right in routes:
        client, account = clients[right]
        address, person = address_of(rule)
        before = end_of(app)

        answer = client.get(address)

        reads = [row for row in entries_after(app, before) if row.action == "read"]
        found = [(row.account_id, row.right_used, row.candidate_id) for row in reads]
        expected = [(account, right.value, person)] if answer.status_code < 400 else found[:1]
        assert found == expected, (endpoint, right, answer.status_code)
        assert answer.status_code in (200, 302, 303, 404), (endpoint, answer.status_code)


@contextmanager
def loads() -> Iterator[set[int]]:
    """The numbers of all candidates whose rows are loaded meanwhile."""
    seen: set[int] = set()

    def note(row: Candidate, *_: object) -> None:
        seen.add(row.id)

    event.listen(Candidate, "load", note)
    try:
        yield seen
    finally:
        event.remove(Candidate, "load", note)


def test_no_page_loads_people_without_an_entry(
    app: Flask, address_of: Callable[[str], tuple[str, int]]
) -> None:
    loose = set()
    for right in (*sorted(STAFF), Right.CONTRACTOR, Right.OFFICER, Right.ANALYST, Right.ADMIN):
        client, _ = client_of(app, right)
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or is_static(rule.endpoint):
                continue
            (address, _person), before = address_of(rule.rule), end_of(app)
            with loads() as seen:
                client.get(address)
            noted = {row.action for row in entries_after(app, before)}
            if seen and not noted & {"read", "list", "export"} and rule.endpoint not in COUNTED:
                loose.add((rule.endpoint, right.value, len(seen)))
    assert loose == set()
