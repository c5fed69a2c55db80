"""Every page in every role: what opens, what is forbidden, what asks for signing in."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matcher.domain.access import Right
from matcher.http.permissions import ANY_ACCOUNT, PUBLIC, is_static, permission_of

SignInAs = Callable[..., FlaskClient]


NOTHING_HERE = {
    "/open",
    "/aanwezig",
    "/agenda/bestaat-niet.ics",
    "/uitnodiging",
    "/aanmelden/link",
    "/aanmelden/organisatie",
    "/aanmelden/organisatie/terug",
}
"""Where links lead, and single sign-on where there is none: nothing to open without them."""
HALF_WAY = {"/tweede-stap", "/tweede-stap/instellen"}
"""Between name and second step; whoever is not half way begins with signing in."""
OWN = "/mijn"
"""A candidate's own pages: a visitor is not led to the sign-in of staff, and learns nothing."""


def _pages(app: Flask) -> list[tuple[str, frozenset[Right], bool]]:
    found = []
    for rule in app.url_map.iter_rules():
        if is_static(rule.endpoint) or "GET" not in (rule.methods or set()):
            continue
        if rule.rule.startswith("/api/"):
            continue
        permission = permission_of(app.view_functions[rule.endpoint], "GET")
        assert permission is not None
        address = re.sub(r"<int:[^>]+>", "99999", rule.rule)
        address = re.sub(r"<any\(([a-z_-]+)[^>]*>", r"\1", address)
        address = re.sub(r"<[^>]+>", "bestaat-niet", address)
        takes_something = bool(re.search(r"<(?!any\()", rule.rule))
        found.append((address, permission, takes_something))
    return found


def test_a_visitor_sees_public_pages_and_is_led_to_signing_in_from_all_others(app: Flask) -> None:
    client = app.test_client()
    for address, permission, _ in _pages(app):
        answer = client.get(address)
        if address in NOTHING_HERE:
            assert answer.status_code == 404
        elif permission == PUBLIC:
            assert answer.status_code in (200, 302), address
            leads_to_signing_in = "/aanmelden?next" in answer.headers.get("Location", "")
            assert leads_to_signing_in is (address in HALF_WAY), address
        elif f"{address}/".startswith(f"{OWN}/"):
            assert answer.status_code == 401, address
        elif permission == {Right.CANDIDATE}:
            # A link and a code lead in, not the sign-in of staff.
            assert answer.status_code == 401, address
            assert "Deze pagina is weer dicht" in answer.text
        else:
            assert answer.status_code == 302, address
            assert answer.headers["Location"].startswith("/aanmelden?next="), address


@pytest.mark.parametrize("right", list(Right))
def test_each_right_opens_its_own_pages_and_no_others(
    app: Flask, sign_in_as: SignInAs, right: Right
) -> None:
    client = sign_in_as(right)
    opened = 0
    for address, permission, takes_id in _pages(app):
        answer = client.get(address)
        allowed = permission in (PUBLIC, ANY_ACCOUNT) or right in permission
        if not allowed:
            assert answer.status_code == 403, address
            assert "Dit hoort niet bij uw taken" in answer.text
        elif address in NOTHING_HERE or (takes_id and permission != PUBLIC):
            assert answer.status_code == 404, address
        else:
            assert answer.status_code in (200, 204, 302), address
            opened += 1
    assert opened >= 6


def test_a_refused_page_and_a_missing_record_show_nothing_of_what_was_asked(
    sign_in_as: SignInAs,
) -> None:
    firm = sign_in_as(Right.CONTRACTOR)
    assert firm.get("/mensen").status_code == 403
    missing = firm.get("/mijn-plekken/424242")
    assert missing.status_code == 404
    assert "424242" not in missing.text.split("<main")[1].split("</main>")[0]
