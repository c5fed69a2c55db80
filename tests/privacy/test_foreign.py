"""Somebody else's object answers as one that does not exist: the same status and the same body.

Every route that takes a number, with every right, for another region, another caseload, another
organisation and another person's own file; reading and writing alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, Rule

from matcher.http.db import engine_of
from matcher.http.permissions import ANY_ACCOUNT, PUBLIC, permission_of
from matcher.models.database import session_factory
from tests.privacy.crawl import MISSING, WORDS, address_of, numbers, plain, rules, words_of
from tests.privacy.fingerprint import fingerprint
from tests.privacy.world import World, client_of, token_of

STRANGERS = {
    "colleague": ("ann", "eve"),
    "lead": ("eve",),
    "triager": ("eve",),
    "service_point": ("eve",),
    "own_dee": ("ann",),
    "elsewhere_lead": ("ann",),
    "elsewhere_coach": ("ann",),
    "rival": ("ann", "cor"),
    "contractor": ("dee",),
    "officer": ("eve",),
    "analyst": ("eve",),
}
"""Whose things each viewer tries to reach in vain."""

FOREIGN_WORK = {
    "rival": ("contractor",),
    "contractor": ("rival",),
    "elsewhere_lead": ("contractor", "rival", "region"),
    "elsewhere_triager": ("contractor", "region"),
    "own_dee": ("contractor",),
}
"""Whose vacancies, calls and programmes."""


def foreign_numbers(world: World, name: str, rule: Rule, argument: str) -> list[int]:
    """Numbers that exist and that `name` must not reach."""
    found = [
        world.people[whose].ids[key]
        for whose in STRANGERS.get(name, ())
        for key in ("own_request_id" if argument == "request_id" else argument,)
        if key in world.people[whose].ids
    ]
    if argument == "request_id" and rule.endpoint.startswith("talent_centre."):
        argument, found = "call_id", []
    for whose in FOREIGN_WORK.get(name, ()):
        found += [world.ids[whose][argument]] if argument in world.ids[whose] else []
    if argument == "account_id" and name == "elsewhere_lead":
        found.append(world.accounts["coach"].account_id or 0)
    return found


def attempts(world: World, name: str, rule: Rule) -> Iterator[tuple[dict[str, Any], str]]:
    """Arguments with one foreign number in them, the others being the viewer's own or missing."""
    for argument in sorted(rule.arguments):
        if isinstance(rule._converters[argument], AnyConverter) or argument in WORDS:
            continue
        # A number that the crawl does not know fails here too.
        numbers(world, rule.endpoint, argument)
        for number in foreign_numbers(world, name, rule, argument):
            filled: dict[str, Any] = {argument: number}
            for other in rule.arguments - {argument}:
                converter = rule._converters[other]
                if isinstance(converter, AnyConverter):
                    filled[other] = sorted(converter.items)[0]
                elif other in WORDS:
                    filled[other] = WORDS[other][0]
                else:
                    filled[other] = numbers(world, rule.endpoint, other)[0]
            yield filled, argument


def answer_of(
    app: Flask, client: FlaskClient, rule: Rule, method: str, arguments: dict[str, Any]
) -> tuple[int, str, str]:
    address = address_of(app, rule, arguments)
    headers = {"X-CSRFToken": token_of(app), "If-Match": '"v1"', "X-Request-ID": "request"}
    more: dict[str, Any] = {}
    if method != "GET":
        more = {"json": {}} if address.startswith("/api/") else {"data": {"version": "1"}}
    with client.session_transaction() as held:
        # What an earlier attempt left to be said belongs to that attempt.
        held.pop("_flashes", None)
    answer = client.open(address, method=method, headers=headers, **more)
    said = [answer.headers.get("Location", ""), plain(words_of(answer))]
    for number in arguments.values():
        # Addresses repeat what was asked for, such as the link to the other language.
        said = [re.sub(rf"(?<=/){number}\b", "N", text) for text in said]
    return answer.status_code, said[0], said[1]


@pytest.mark.parametrize("name", sorted({*STRANGERS, *FOREIGN_WORK}))
def test_what_is_somebody_elses_answers_as_what_does_not_exist(
    made: tuple[Flask, World], name: str
) -> None:
    app, world = made
    with session_factory(engine_of(app))() as session:
        client = client_of(app, session, world.accounts[name].account_id)
        before = fingerprint(session)
    tried = refused = 0
    different = []
    for method in ("GET", "POST", "PATCH"):
        for rule in rules(app, method):
            permission = permission_of(app.view_functions[rule.endpoint], method) or frozenset()
            may = permission in (PUBLIC, ANY_ACCOUNT) or permission & world.accounts[name].rights
            for arguments, argument in islice(attempts(world, name, rule), None if may else 1):
                tried += 1
                nobody = {**arguments, argument: MISSING}
                theirs = answer_of(app, client, rule, method, arguments)
                missing = answer_of(app, client, rule, method, nobody)
                refused += theirs[0] == 404
                if theirs != missing or theirs[0] in (200, 201, 500):
                    different.append((method, rule.rule, theirs[0], missing[0]))
    assert different == []
    assert tried > 10
    assert refused > 2 or name in ("officer", "analyst")
    with session_factory(engine_of(app))() as session:
        assert fingerprint(session) == before, "trying changed something"
