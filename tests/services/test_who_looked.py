"""Candidates see who looked, by day and right; nobody else's business is in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import NotFound
from matcher.repositories import recording
from matcher.repositories.acting import Actor, act_as
from matcher.services import audit
from matcher.services.candidates import create_candidate, get_candidate
from matcher.services.transactions import unit_of_work
from tests.services.conftest import account_of


def end_of(session: Session) -> int:
    return int(audit.head_text(session).partition(":")[0])


@pytest.fixture
def officer(session: Session) -> Viewer:
    return account_of(session, "officer", Right.OFFICER)


@pytest.fixture
def person(session: Session, coach: Viewer, now: datetime) -> int:
    return create_candidate(session, coach, {"rhythm": 3}, now=now).id


@pytest.fixture
def at_work(session: Session, now: datetime) -> Callable[..., None]:
    """Says who is at work on the session, as the edge does."""

    def bind(viewer: Viewer, right: Right) -> None:
        act_as(session, Actor(viewer, now, right, request_id="request-1"))

    return bind


def test_ten_thousand_views_are_ten_thousand_entries_that_the_candidate_sees(
    session: Session, coach: Viewer, colleague: Viewer, person: int, now: datetime
) -> None:
    audit.write_noted(session)
    before = end_of(session)
    with unit_of_work(session):
        for number in range(100):
            viewer, right = (coach, Right.COACH) if number % 4 else (colleague, Right.LEAD)
            act_as(session, Actor(viewer, now + timedelta(hours=number), right))
            for _ in range(100):
                get_candidate(session, coach, person)
                recording.settle(session, reading=True)
            recording.write(session)

    assert end_of(session) == before + 10_000
    assert audit.verify(session).broken is None
    own = Viewer(None, frozenset({Right.CANDIDATE}), "demo", candidate_id=person)
    looked = [line for line in audit.who_looked(session, own, person) if line.action == "read"]
    assert sum(line.times for line in looked) == 10_000
    assert {line.right for line in looked} == {"coach", "lead"}
    assert sum(line.times for line in looked if line.right == "lead") == 2_500
    days = [line.on for line in looked]
    assert days == sorted(days, reverse=True)


def test_somebody_else_does_not_learn_who_looked(
    session: Session, stranger: Viewer, officer: Viewer, person: int
) -> None:
    other = Viewer(None, frozenset({Right.CANDIDATE}), "demo", candidate_id=person + 1)
    for viewer in (stranger, officer, other):
        with pytest.raises(NotFound):
            audit.who_looked(session, viewer, person)


def test_own_views_are_not_told_as_somebody_who_looked(
    session: Session, person: int, at_work: Callable[..., None]
) -> None:
    own = Viewer(None, frozenset({Right.CANDIDATE}), "demo", candidate_id=person)
    at_work(own, Right.CANDIDATE)
    get_candidate(session, own, person)
    audit.write_noted(session)

    assert all(line.right != "candidate" for line in audit.who_looked(session, own, person))
