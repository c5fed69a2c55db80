"""Every route says who may use it, is named as people read it, and types what it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from matcher import create_app
from matcher.domain.access import Right
from matcher.http.permissions import ANY_ACCOUNT, PUBLIC, is_static, permission_of

PUBLIC_PAGES = {
    "account.home",
    "account.enter",
    "account.leave",
    "account.choose_language",
    "account.accept_invitation",
    "account.ask_link",
    "account.begin_single_sign_on",
    "account.end_single_sign_on",
    "account.leave_quickly",
    "account.link_asked",
    "account.open_invitation",
    "account.open_mail_link",
    "account.open_link",
    "account.open_own",
    # These two are for who showed the first step of signing in, and check that themselves.
    "account.second_step",
    "account.set_up_second_step",
    "account.use_mail_link",
    "contractor.call_me",
    "contractor.called",
    # A calendar program reads days and counts, by the private link of an account.
    "follow_up.agenda",
    # Counts of a region for everybody, rounded and without small ones.
    "talent.page",
    "reporting.report",
    "reporting.received",
    # A provider says who came, by the link of the group.
    "programmes.attendance_by_link",
    "programmes.open_attendance",
    "health.live",
    "health.ready",
    "health.metrics",
}
"""Open without an account; adding one is a decision, so it is written down twice."""


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app({"DATABASE_URL": "sqlite://"})


def _rules(app: Flask) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        if not is_static(rule.endpoint):
            yield rule


def test_every_method_of_every_route_declares_a_permission(app: Flask) -> None:
    missing = [
        f"{method} {rule.rule}"
        for rule in _rules(app)
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})
        if permission_of(app.view_functions[rule.endpoint], method) is None
    ]
    assert missing == []


def test_only_the_pages_listed_here_are_open_without_an_account(app: Flask) -> None:
    found = {
        rule.endpoint
        for rule in _rules(app)
        if not rule.rule.startswith("/api/")
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})
        if permission_of(app.view_functions[rule.endpoint], method) == PUBLIC
    }
    assert found == PUBLIC_PAGES


def test_the_pages_with_people_are_closed_to_contractors_and_administrators(app: Flask) -> None:
    for rule in _rules(app):
        if not rule.endpoint.startswith(("coach.", "talent_centre.")):
            continue
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            permission = permission_of(app.view_functions[rule.endpoint], method)
            assert permission is not None
            assert permission not in (PUBLIC, ANY_ACCOUNT), rule.rule
            assert not permission & {Right.CONTRACTOR, Right.ADMIN, Right.ANALYST}, rule.rule


def test_addresses_are_kebab_case_without_a_slash_at_the_end(app: Flask) -> None:
    wrong = []
    for rule in _rules(app):
        literal = re.sub(r"<[^>]+>", "x", rule.rule)
        if not re.fullmatch(r"/|(/[a-z0-9]+([-.][a-z0-9]+)*)+", literal):
            wrong.append(rule.rule)
    assert wrong == []


def test_whatever_an_address_takes_is_typed(app: Flask) -> None:
    untyped = [
        rule.rule
        for rule in _rules(app)
        for argument in re.findall(r"<([^>]+)>", rule.rule)
        if ":" not in argument
    ]
    assert untyped == []


def test_numbers_in_pages_are_integers(app: Flask) -> None:
    for rule in _rules(app):
        if rule.rule.startswith("/api/"):
            continue
        for argument in re.findall(r"<([^>]+)>", rule.rule):
            if argument.endswith("_id"):
                assert argument.startswith("int:"), rule.rule


def test_reading_changes_nothing_so_every_change_is_a_post(app: Flask) -> None:
    pages = [rule for rule in _rules(app) if not rule.rule.startswith("/api/")]
    for rule in pages:
        assert (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS", "POST"}, rule.rule
