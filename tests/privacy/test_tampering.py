"""Forms and bodies with more in them than was asked, with others' numbers, and without token.

Every form on every page that somebody can open is sent again with each column name of the database
added to it; every changing route is called without the form token. What must not change does not.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from matcher.http.db import engine_of
from matcher.http.permissions import ANY_ACCOUNT, PUBLIC, permission_of
from matcher.models import Base
from matcher.models.database import session_factory
from tests.privacy.crawl import Fetched, address_of, crawl, fills, rules
from tests.privacy.fingerprint import TABLES, fingerprint, rows_of
from tests.privacy.world import World, client_of, token_of
from tests.web.forms import Fields

VIEWERS = ("coach", "lead", "triager", "service_point", "contractor", "own_ann", "officer", "admin")

LEAVING = {"account.leave", "account.leave_quickly", "account.end_other_sessions"}
"""Sent, these would end the session of who tries the others."""

GUARDED = {
    "account_id", "answer", "asked_by", "benefit", "birth_year", "candidate_id", "chosen",
    "created_by", "decided_by", "email", "expires_at", "from_account_id", "invited_by", "is_active",
    "issuer", "lane", "manual_only", "organisation_id", "owner_account_id", "password_hash",
    "pseudonym", "readiness", "reference", "region", "result", "rights", "scopes", "secret_hash",
    "shown", "start_level", "subject", "suggested", "to_account_id", "totp_secret", "wanted",
}  # fmt: skip
"""Columns of rows that exist which no extra field in a form may change."""

CHANGES = {
    ("intake_draft", "account_id"): "who saved a card last is noted with it",
    ("own_request", "answer"): "answering a request is what that form is for",
    ("introduction", "answer"): "saying yes is what that form is for",
    ("introduction", "shown"): "what was agreed to is kept with the yes",
    ("candidate", "manual_only"): "objecting is what that form of the own view is for",
    ("rights_change", "decided_by"): "withdrawing one's own wish is what that form is for",
    ("probable_double", "decided_by"): "deciding about a pair is what that form is for",
    ("account", "totp_secret"): "setting up the own second step is what that form is for",
}
"""What a form may change because that is what it is for."""


def client_for(app: Flask, world: World, name: str) -> FlaskClient:
    with session_factory(engine_of(app))() as session:
        return client_of(app, session, world.accounts[name].account_id)


def hostile(world: World) -> dict[str, str]:
    """Every column name of the database, with what somebody would like it to be."""
    eve = world.people["eve"]
    stranger = world.accounts["elsewhere_coach"].account_id
    wished = {
        "region": "haaglanden", "rights": "admin", "scopes": "admin", "is_active": "true",
        "candidate_id": str(eve.number), "lane": "ready_now", "status": "closed", "answer": "yes",
        "organisation_id": str(world.accounts["rival"].organisation_id), "manual_only": "true",
    }  # fmt: skip
    names = {column.name for table in Base.metadata.tables.values() for column in table.columns}
    accounts = {name for name in names if name.endswith("_by") or "account_id" in name}
    return {
        name: wished.get(name, str(stranger) if name in accounts else "1") for name in sorted(names)
    }


def guarded(app: Flask) -> dict[tuple[str, Any], dict[str, Any]]:
    """The guarded columns of every row, by table and key."""
    with session_factory(engine_of(app))() as session:
        found = {}
        for name in TABLES:
            table = Base.metadata.tables[name]
            keys = [column.name for column in table.primary_key.columns]
            for row in rows_of(session, name):
                kept = {
                    column: value
                    for column, value in row.items()
                    if column in GUARDED and (name, column) not in CHANGES
                }
                found[name, tuple(row[key] for key in keys)] = kept
        return found


def pages_of(app: Flask, world: World, name: str) -> tuple[FlaskClient, list[Fetched]]:
    """A signed-in browser and the pages with forms that it can open; crawled once a database."""
    kept = app.extensions.setdefault("tests.pages", {})
    if name not in kept:
        client = client_for(app, world, name)
        pages = crawl(app, client, world)
        kept[name] = client, [page for page in pages if page.status == 200 and "<form" in page.body]
    found: tuple[FlaskClient, list[Fetched]] = kept[name]
    return found


def forms_of(body: str) -> list[tuple[str, dict[str, list[str]]]]:
    """(address, fields) of the forms of a page, as a browser would send them."""
    parser = Fields()
    parser.feed(body)
    return list(zip(parser.actions, parser.forms, strict=True))


def sendable(app: Flask, address: str) -> bool:
    """Whether a form goes to one of our own routes that is not about leaving."""
    try:
        endpoint, _ = app.url_map.bind("localhost").match(urlsplit(address).path, method="POST")
    except HTTPException:
        return False
    return endpoint not in LEAVING


@pytest.mark.parametrize("name", VIEWERS)
def test_fields_that_nobody_asked_for_change_nothing_they_may_not(
    made: tuple[Flask, World], name: str
) -> None:
    app, world = made
    client, pages = pages_of(app, world, name)
    extra = hostile(world)
    stranger = {extra["region"]} | {extra["owner_account_id"]}
    before = guarded(app)
    sent: set[str] = set()
    succeeded = 0
    for page in pages:
        for address, fields in forms_of(page.body):
            address = address or page.address
            shape = f"{address}?{','.join(sorted(fields))}"
            if shape in sent or not sendable(app, address):
                continue
            sent.add(shape)
            data = {**extra, **fields, "csrf_token": token_of(app)}
            answer = client.post(address, data=data)
            assert answer.status_code < 500, address
            succeeded += answer.status_code in (302, 303)
    after = guarded(app)

    changed = {
        key: (kept, after[key])
        for key, kept in before.items()
        if key in after and after[key] != kept
    }
    assert changed == {}
    made_up = {
        key: kept
        for key, kept in after.items()
        if key not in before
        and stranger & {str(value) for value in kept.values()}
        # An administrator works for every region, and writes to accounts of any.
        and name != "admin"
    }
    assert made_up == {}
    assert succeeded > 0 or name in ("officer", "service_point"), "some forms went through"


def test_numbers_of_others_in_a_form_reach_nobody(made: tuple[Flask, World]) -> None:
    app, world = made
    eve, dee = world.people["eve"], world.people["dee"]
    for name in VIEWERS:
        client, pages = pages_of(app, world, name)
        sent: set[str] = set()
        before = about(app, eve.number) | (about(app, dee.number) if name == "coach" else {})
        for page in pages:
            for address, fields in forms_of(page.body):
                numbers = [key for key, values in fields.items() if _is_number(values)]
                target = address or page.address
                if not numbers or target in sent or not sendable(app, target):
                    continue
                sent.add(target)
                data: dict[str, Any] = {**fields, "csrf_token": token_of(app)}
                data |= {key: str(eve.number) for key in numbers if key != "version"}
                answer = client.post(target, data=data)
                assert answer.status_code < 500
        after = about(app, eve.number) | (about(app, dee.number) if name == "coach" else {})
        assert after == before, name


def _is_number(values: list[str]) -> bool:
    return any(value.isdecimal() for value in values)


def about(app: Flask, candidate_id: int) -> dict[tuple[str, int], list[dict[str, Any]]]:
    """All rows that are kept about one person."""
    with session_factory(engine_of(app))() as session:
        return {
            (name, candidate_id): [
                row
                for row in rows_of(session, name)
                if row["id" if name == "candidate" else "candidate_id"] == candidate_id
            ]
            for name in TABLES
            if name == "candidate" or "candidate_id" in Base.metadata.tables[name].columns
        }


def test_a_change_without_the_form_token_is_refused_and_changes_nothing(
    made: tuple[Flask, World],
) -> None:
    app, world = made
    clients = {name: client_for(app, world, name) for name in VIEWERS}
    with session_factory(engine_of(app))() as session:
        before = fingerprint(session)
    answered = []
    for method in ("POST", "PATCH", "PUT", "DELETE"):
        for rule in rules(app, method):
            permission = permission_of(app.view_functions[rule.endpoint], method)
            arguments = next(fills(world, rule))
            address = address_of(app, rule, arguments)
            for name, client in clients.items():
                rights = world.accounts[name].rights
                if permission not in (PUBLIC, ANY_ACCOUNT) and not (permission or set()) & rights:
                    continue
                for token in (None, "forged"):
                    headers = {"If-Match": '"v1"'} | ({"X-CSRFToken": token} if token else {})
                    more: dict[str, Any] = {"data": hostile(world)}
                    if address.startswith("/api/"):
                        more = {"json": hostile(world)}
                    answer = client.open(address, method=method, headers=headers, **more)
                    answered.append((method, address, name, answer.status_code))
    assert [each for each in answered if each[3] not in (400, 403)] == []
    assert len(answered) > 200
    with session_factory(engine_of(app))() as session:
        assert fingerprint(session) == before


def test_a_body_with_columns_that_are_not_of_the_api_is_refused_whole(
    made: tuple[Flask, World],
) -> None:
    app, world = made
    before = guarded(app)
    refused = 0
    for name in VIEWERS:
        client = client_for(app, world, name)
        for method in ("POST", "PATCH"):
            for rule in rules(app, method):
                permission = permission_of(app.view_functions[rule.endpoint], method) or set()
                if (
                    not rule.rule.startswith("/api/")
                    or not permission & world.accounts[name].rights
                ):
                    continue
                address = address_of(app, rule, next(fills(world, rule)))
                headers = {"If-Match": '"v1"', "X-CSRFToken": token_of(app)}
                answer = client.open(address, method=method, headers=headers, json=hostile(world))
                assert answer.status_code in (400, 403, 404, 409, 412), address
                refused += 1
    assert refused > 20
    after = guarded(app)
    assert {key: after[key] for key in before} == before
    assert after.keys() == before.keys(), "nothing was made"
