"""Introductions and messages where the database itself shows each viewer only their own rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.models import Account, Message
from matcher.models.database import make_engine, session_factory
from matcher.models.wall import whole_database
from matcher.post.outgoing import Outgoing
from matcher.repositories.acting import Actor, act_as
from matcher.repositories.scope import unscoped
from matcher.services import introduction_ends, introductions, letters
from matcher.services import introduction_lists as lists
from matcher.services import introduction_views as views
from matcher.services.accounts import add_account
from matcher.services.candidates import create_candidate
from matcher.services.delivery import Postbox, deliver_due
from matcher.services.vacancies import create_vacancy
from tests.services.introducing import PLACE, READY
from tests.services.opening import open_vacancy

pytestmark = pytest.mark.postgres

NOW = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
As = Callable[[Viewer], Any]


class Sender:
    """Takes everything over."""

    def __init__(self) -> None:
        self.taken: list[Outgoing] = []

    def deliver(self, outgoing: Outgoing) -> None:
        self.taken.append(outgoing)


@pytest.fixture
def at_work(app_role: str) -> Iterator[As]:
    """``at_work(viewer)`` is a session of the role of the application on which `viewer` acts."""
    engine = make_engine(app_role)

    @contextmanager
    def acting(viewer: Viewer) -> Iterator[Session]:
        with session_factory(engine)() as session:
            act_as(session, Actor(viewer, NOW))
            yield session

    yield acting
    engine.dispose()


def test_the_whole_way_of_an_introduction_and_its_messages(owner_url: str, at_work: As) -> None:
    owner = make_engine(owner_url)
    with session_factory(owner)() as session:
        people = {
            right: add_account(
                session,
                name=right.value,
                password=None,
                rights=[right],
                region="demo",
                organisation="Paving firm" if right is Right.CONTRACTOR else None,
                now=NOW,
            )
            for right in (Right.COACH, Right.CONTRACTOR, Right.SERVICE_POINT)
        }
        firm_row = session.get_one(Account, people[Right.CONTRACTOR].id)
        firm_row.email = "bedrijf@voorbeeld.example"
        session.commit()
    owner.dispose()
    coach, contractor, point = (
        Viewer(one.id, one.rights, one.region, one.organisation_id) for one in people.values()
    )

    with at_work(contractor) as session:
        made = create_vacancy(session, contractor, PLACE, now=NOW)
        place = open_vacancy(session, contractor, made.id, expected_version=1, now=NOW).id
    with at_work(coach) as session:
        contact = {"first_name": "Een", "contact_kind": "mail",
                   "contact_value": "een@voorbeeld.example"}  # fmt: skip
        ids = [create_candidate(session, coach, {**READY, **contact}, now=NOW).id for _ in "abc"]
    people_self = [
        Viewer(None, frozenset({Right.CANDIDATE}), "demo", candidate_id=each) for each in ids
    ]
    with at_work(coach) as session:
        first = introductions.invite(session, coach, ids[0], place, now=NOW).id
        second = introductions.invite(session, coach, ids[1], place, now=NOW).id
    with at_work(point) as session:
        third = introductions.invite(session, point, ids[2], place, now=NOW).id

    yes, no, other = people_self
    with at_work(yes) as session:
        (own,) = views.for_candidate(session, yes, now=NOW)
        assert own.can_answer
        preview = views.preview(session, yes, first, ["contact"], now=NOW)
        introductions.answer(session, yes, first, "yes", ["contact"], now=NOW)
    with at_work(no) as session:
        introductions.answer(session, no, second, "ask_coach", now=NOW)
        introductions.answer(session, no, second, "no", now=NOW)
        assert [one.status for one in views.for_candidate(session, no, now=NOW)] == ["said_no"]
    with at_work(other) as session:
        introductions.withdraw(session, other, third, now=NOW)

    with at_work(contractor) as session:
        opened = lists.get_introduction(session, contractor, first, now=NOW)
        assert opened.person == preview
        introductions.mark_met(session, contractor, first, now=NOW)
        introductions.end(session, contractor, first, "hours", now=NOW)
        (overview,) = lists.for_contractor(session, contractor, now=NOW)
        assert {line.id: line.status for line in overview.lines} == {
            first: "ended", second: "waiting", third: "waiting",
        }  # fmt: skip
    with at_work(coach) as session:
        assert [line.wants_talk for line in lists.for_today(session, coach, now=NOW)] == [True]
        introductions.mark_talked(session, coach, second, now=NOW)
        assert letters.list_letters(session, coach) == []

    sender = Sender()
    postbox = Postbox(sender, "van@voorbeeld.example", "https://voorbeeld.example")
    with at_work(Viewer(None, frozenset())) as session:
        for table in ("introduction", "introduction_refusal", "introduction_event", "message"):
            assert session.scalar(text(f"SELECT count(*) FROM {table}")) == 0  # noqa: S608  names of tables
        with whole_database(session, "sending what waits"):
            done = deliver_due(session, postbox, clock=lambda: NOW)
            states = set(session.scalars(unscoped(select(Message.state), Message)))
        assert (done.sent, states) == (5, {"sent"})
    assert sorted(one.recipient for one in sender.taken) == [
        "bedrijf@voorbeeld.example", *["een@voorbeeld.example"] * 4,
    ]  # fmt: skip

    with at_work(Viewer(None, frozenset())) as session:
        assert introduction_ends.expire(session, NOW + timedelta(days=60)) == 3
