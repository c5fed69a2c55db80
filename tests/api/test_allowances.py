"""What one account and one region may ask of the API, so that a storm stays where it began."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from matcher import create_app
from matcher.http.db import current_session, engine_of
from matcher.services.accounts import add_account, create_token
from tests.api.conftest import NOW, Caller

USUAL = 4
"""Requests a minute of a region on a usual day, in this test."""


@pytest.fixture
def limited(sqlite_url: str) -> Iterator[Flask]:
    """The API with room for three times the usual traffic of a region."""
    made = create_app(
        {
            "DATABASE_URL": sqlite_url,
            "CLOCK": lambda: NOW,
            "LOG_LEVEL": "CRITICAL",
            "RATELIMIT_ENABLED": True,
            "API_LIMIT": "9 per minute",
            "API_LIMIT_REGION": f"{3 * USUAL} per minute",
        }
    )
    yield made
    engine_of(made).dispose()


def caller(app: Flask, name: str, region: str) -> Caller:
    with app.app_context():
        session = current_session()
        account = add_account(
            session, name=name, password=None, rights=["coach"], region=region, now=NOW
        )
        _, secret = create_token(
            session,
            account.id,
            title="test",
            scopes=["coach"],
            lifetime=timedelta(days=1),
            now=NOW,
        )
    return Caller(app, secret)


def test_a_region_with_seven_times_its_traffic_waits_and_the_others_notice_nothing(
    limited: Flask,
) -> None:
    storm = [caller(limited, f"storm-{n}", "demo") for n in range(7)]
    calm = caller(limited, "calm", "haaglanden")

    answers = [each.get("/candidates") for each in storm for _ in range(USUAL)]

    statuses = [answer.status_code for answer in answers]
    assert statuses == [200] * (3 * USUAL) + [429] * (4 * USUAL)
    refused = answers[-1]
    assert int(refused.headers["Retry-After"]) > 0
    assert refused.content_type == "application/problem+json"
    assert [calm.get("/candidates").status_code for _ in range(USUAL)] == [200] * USUAL


def test_one_account_cannot_use_up_what_its_region_has(limited: Flask) -> None:
    greedy, colleague = (caller(limited, name, "demo") for name in ("greedy", "colleague"))
    statuses = [greedy.get("/candidates").status_code for _ in range(11)]
    assert statuses == [200] * 9 + [429] * 2
    assert colleague.get("/candidates").status_code == 200


def test_visitors_without_a_region_are_counted_by_address_alone(limited: Flask) -> None:
    visitor = Caller(limited)
    statuses = {visitor.get("/candidates").status_code for _ in range(3 * USUAL)}
    assert statuses <= {401, 429}
    assert caller(limited, "coach", "demo").get("/candidates").status_code == 200
