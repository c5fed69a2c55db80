"""Placements, answers, agendas and decisions where the database shows each viewer their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from matcher.domain.access import NOBODY, Right, Viewer
from matcher.domain.errors import NotFound
from matcher.models import CandidateAccount, Placement, PlacementOutcome
from matcher.models.database import make_engine, session_factory
from matcher.repositories.acting import Actor, act_as
from matcher.services import calendar_feed, follow_up, outcomes, placements, placing, works
from matcher.services.accounts import add_account
from matcher.services.candidates import create_candidate
from matcher.services.own_copy import take_copy
from matcher.services.programmes import create_programme
from matcher.services.vacancies import create_vacancy
from matcher.services.works import Subject
from tests.services.introducing import PLACE, READY
from tests.services.opening import open_vacancy
from tests.services.placing import met

pytestmark = pytest.mark.postgres

NOW = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
TODAY = date(2027, 3, 1)
START = date(2026, 12, 1)
As = Callable[[Viewer], Any]
ROLES = (
    Right.COACH, Right.CONTRACTOR, Right.CANDIDATE, Right.OFFICER, Right.LEAD, Right.SERVICE_POINT,
)  # fmt: skip


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


def viewers_of(owner_url: str) -> dict[Right, Viewer]:
    owner = make_engine(owner_url)
    with session_factory(owner)() as session:
        found = {
            right: add_account(
                session,
                name=right.value,
                password=None,
                rights=[right],
                region="demo",
                organisation="Paving firm" if right is Right.CONTRACTOR else None,
                now=NOW,
            )
            for right in ROLES
        }
    owner.dispose()
    return {
        right: Viewer(one.id, one.rights, one.region, one.organisation_id)
        for right, one in found.items()
    }


def counts(session: Session) -> dict[str, int]:
    tables = ("placement", "placement_event", "placement_outcome", "evaluation")
    return {
        table: session.scalar(text(f"SELECT count(*) FROM {table}")) or 0  # noqa: S608  our tables
        for table in tables
    }


def test_the_whole_way_from_a_meeting_to_a_decision(owner_url: str, at_work: As) -> None:
    of = viewers_of(owner_url)
    coach, firm = of[Right.COACH], of[Right.CONTRACTOR]
    with at_work(firm) as session:
        made = create_vacancy(session, firm, PLACE, now=NOW)
        place = open_vacancy(session, firm, made.id, expected_version=1, now=NOW).id
    with at_work(coach) as session:
        number = create_candidate(session, coach, {**READY, "first_name": "Een"}, now=NOW).id
    own = Viewer(None, frozenset({Right.CANDIDATE}), "demo", candidate_id=number)
    owner = make_engine(owner_url)
    with session_factory(owner)() as session:
        asked = met(session, coach, firm, own, place, NOW)
        session.add(
            CandidateAccount(account_id=of[Right.CANDIDATE].account_id, candidate_id=number)
        )
        session.commit()
    owner.dispose()

    with at_work(coach) as session:
        days = {"starts_on": START, "first_pay_on": date(2027, 3, 20)}
        placed = placing.record_placement(
            session, coach, number, days, introduction_id=asked, now=NOW
        ).id
        placements.start(session, coach, placed, now=NOW)
    with at_work(firm) as session:
        (line,) = placements.for_firm(session, firm, on=TODAY)
        assert (line.first_name, line.title) == ("Een", None)
        outcomes.answer(session, firm, placed, 3, "same_job", now=NOW)
        outcomes.answer(session, firm, placed, 3, "not_here", now=NOW)
        assert counts(session)["placement_outcome"] == 1
    with at_work(own) as session:
        outcomes.answer(session, own, placed, 3, "same_job", now=NOW)
        placements.note_contact(session, own, placed, "between", "wants_talk", now=NOW)
        (kept,) = take_copy(session, own, now=NOW)["work"]
        assert len(kept["answers"]) == 2
    with at_work(firm) as session:
        # The person's answer and the contacts are there for others, and not for the firm.
        assert counts(session) == {
            "placement": 1, "placement_event": 0, "placement_outcome": 1, "evaluation": 0,
        }  # fmt: skip
        assert session.scalars(select(PlacementOutcome)).all() == []
    with at_work(coach) as session:
        (task,) = follow_up.own_tasks(session, coach, on=TODAY)
        assert task.kind == "signal"
        outcomes.decide(session, coach, placed, 3, "same_job", reason="spoke_both", now=NOW)
        given = calendar_feed.give_link(session, coach, now=NOW)
    secret = given.address_path.removeprefix("/agenda/").removesuffix(".ics")
    with at_work(NOBODY) as session:
        feed = calendar_feed.read_feed(session, secret, now=NOW)
        assert feed is not None
        assert feed.days
    for right in (Right.OFFICER, Right.SERVICE_POINT):
        with at_work(of[right]) as session:
            assert counts(session)["placement"] == 0
            assert session.scalars(select(Placement)).all() == []
    with at_work(of[Right.LEAD]) as session:
        course = create_programme(session, of[Right.LEAD], {"kind": "werkfit", "weeks": 4}, now=NOW)
        works.set_day(session, of[Right.LEAD], Subject.PROGRAMME, course.id, TODAY, now=NOW)
    officer = of[Right.OFFICER]
    with at_work(officer) as session:
        version = works.look_at(session, officer, Subject.PROGRAMME, course.id, on=TODAY).version
        works.decide(
            session, officer, Subject.PROGRAMME, course.id, "stop", "Het helpt niet genoeg.",
            expected_version=version, now=NOW,
        )  # fmt: skip
    for viewer in (coach, firm, own):
        with at_work(viewer) as session:
            assert counts(session)["evaluation"] == 0
    stranger = Viewer(coach.account_id, frozenset({Right.COACH, Right.LEAD}), "haaglanden")
    with at_work(stranger) as session:
        assert set(counts(session).values()) == {0}
        with pytest.raises(NotFound):
            placements.end(session, stranger, placed, "other", now=NOW + timedelta(days=1))
