"""The inflow board is counted by itself: once a day and region, at night, by whichever worker."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.access import operator
from matcher.models import InflowBoard, Job
from matcher.models.database import make_engine, session_factory
from matcher.models.states import JobState
from matcher.repositories.acting import Actor, act_as
from matcher.repositories.scope import unscoped
from matcher.services import jobs
from matcher.services.candidates import close_candidate, create_candidate
from matcher.services.inflow_count import COUNT_INFLOW, NAME
from matcher.services.job_kinds import KINDS
from matcher.services.job_runs import run_one
from matcher.services.job_worker import Worker
from matcher.services.nightly import Nightly

Factory = sessionmaker[Session]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Amsterdam"))


EVENING, NIGHT, MORNING = at("2027-03-01T22:00"), at("2027-03-02T02:59"), at("2027-03-02T03:00")


@pytest.fixture
def factory(database_url: str) -> Iterator[Factory]:
    """A database with somebody in two regions."""
    engine = make_engine(database_url)
    made = session_factory(engine)
    with made() as session:
        for region in ("demo", "haaglanden"):
            act_as(session, Actor(operator(region), EVENING))
            create_candidate(session, operator(region), {"sectors": ("F42",)}, now=EVENING)
    yield made
    engine.dispose()


def counted(factory: Factory) -> list[tuple[str, date]]:
    """(region, day) of every counting that there is, in the order of asking."""
    with factory() as session:
        statement = select(InflowBoard.region, InflowBoard.on).order_by(InflowBoard.job_id)
        return [(row.region, row.on) for row in session.execute(unscoped(statement, InflowBoard))]


def asked(factory: Factory) -> int:
    with factory() as session:
        statement = select(Job.id).where(Job.kind == NAME)
        return len(session.scalars(unscoped(statement, Job)).all())


def test_a_day_is_counted_once_from_the_hour_on_whatever_the_clock_does(factory: Factory) -> None:
    clock = [NIGHT]
    worker = Worker(factory, lambda: clock[0], KINDS, due=Nightly(factory).begin)

    assert worker.work_off() == 0, "a minute too early"
    for moment in (MORNING, MORNING, MORNING + timedelta(hours=20), NIGHT):
        clock[0] = moment
        worker.work_off()
    day = date(2027, 3, 2)
    assert counted(factory) == [("demo", day), ("haaglanden", day)]

    other = Worker(factory, lambda: clock[0], KINDS, due=Nightly(factory).begin)
    clock[0] = MORNING + timedelta(hours=1)
    assert other.work_off() == 0, "another worker knows it from the database"
    clock[0] = MORNING + timedelta(days=1)
    assert (other.work_off(), worker.work_off()) == (2, 0)
    assert asked(factory) == 4


def test_many_workers_at_once_begin_one_counting_a_region(factory: Factory) -> None:
    start = threading.Barrier(6)
    looked = []

    def look() -> None:
        mine = Nightly(factory)
        start.wait()
        looked.append(mine.begin(MORNING))

    threads = [threading.Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(looked) == 6, "nobody ran into anybody"
    assert asked(factory) == 2


def test_a_day_that_was_counted_by_hand_is_not_counted_again(factory: Factory) -> None:
    with factory() as session:
        act_as(session, Actor(operator("demo"), MORNING))
        jobs.submit(session, operator("demo"), COUNT_INFLOW, {}, now=MORNING)
    nightly = Nightly(factory)
    assert nightly.begin(MORNING) == 1, "the other region; this one is under way"
    assert nightly.begin(MORNING) == 0
    while run_one(factory, "w", lambda: MORNING, KINDS) is JobState.DONE:
        pass
    assert nightly.begin(MORNING) == 0
    assert asked(factory) == 2
    assert sorted(counted(factory)) == [
        ("demo", date(2027, 3, 2)), ("haaglanden", date(2027, 3, 2)),
    ]  # fmt: skip


def test_a_region_without_people_is_not_counted(factory: Factory) -> None:
    with factory() as session:
        act_as(session, Actor(operator("demo"), EVENING))
        create_candidate(session, operator("demo"), {}, now=EVENING)
        act_as(session, Actor(operator("drechtsteden"), EVENING))
        gone = create_candidate(session, operator("drechtsteden"), {}, now=EVENING)
        close_candidate(
            session, operator("drechtsteden"), gone.id, "moved", expected_version=1, now=EVENING
        )
    assert Nightly(factory).begin(MORNING) == 2


def test_a_worker_without_it_begins_nothing(factory: Factory) -> None:
    assert Worker(factory, lambda: MORNING, KINDS).work_off() == 0
    assert asked(factory) == 0
