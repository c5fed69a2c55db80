"""A job is done once, whoever works on it and whenever they stop."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.access import Viewer, operator
from matcher.models import JobBlock
from matcher.models.database import make_engine, session_factory
from matcher.models.states import JobState
from matcher.repositories.acting import Actor, act_as
from matcher.repositories.jobs import JobRecord
from matcher.repositories.scope import unscoped
from matcher.services import job_runs, jobs
from matcher.services.jobs import JobKind
from tests.services.counting_jobs import COUNTING, written

NOW = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
DEMO = operator("demo")
KINDS = {COUNTING.name: COUNTING}
Factory = sessionmaker[Session]


@pytest.fixture
def factory(database_url: str) -> Iterator[Factory]:
    """Sessions that commit for real: workers only know of each other what is committed."""
    engine = make_engine(database_url)
    yield session_factory(engine)
    engine.dispose()


def asked(factory: Factory, blocks: int = 3, viewer: Viewer = DEMO) -> int:
    """The number of a new job that counts."""
    with factory() as session:
        act_as(session, Actor(viewer, NOW))
        return jobs.submit(session, viewer, COUNTING, {"blocks": blocks}, now=NOW).id


def stands(factory: Factory, job_id: int) -> JobRecord:
    with factory() as session:
        act_as(session, Actor(DEMO, NOW))
        return jobs.get_job(session, DEMO, job_id)


def rows(factory: Factory) -> list[tuple[str, int | None]]:
    with factory() as session:
        act_as(session, Actor(DEMO, NOW))
        return written(session, DEMO)


def run(
    factory: Factory,
    after: float = 0,
    kinds: Mapping[str, JobKind] = KINDS,
    stop: threading.Event | None = None,
) -> JobState | None:
    """One worker, `after` so many seconds."""
    at = NOW + timedelta(seconds=after)
    return job_runs.run_one(factory, "w", lambda: at, kinds, stop=stop)


def blocks_kept(factory: Factory) -> int:
    with factory() as session:
        return len(session.scalars(unscoped(select(JobBlock.id), JobBlock)).all())


def test_a_job_is_planned_worked_off_in_blocks_and_finished(factory: Factory) -> None:
    assert run(factory) is None, "nobody asked for anything"
    number = asked(factory)

    assert stands(factory, number).state is JobState.QUEUED
    assert run(factory, after=1) is JobState.DONE
    found = stands(factory, number)
    assert (found.done, found.total, found.result) == (3, 3, {"values": [7, 15, 31]})
    assert (found.started_at, found.finished_at) == (NOW + timedelta(seconds=1),) * 2
    assert found.frozen is None
    assert rows(factory) == [("block 0", 7), ("block 1", 15), ("block 2", 31), ("all", 53)]
    assert blocks_kept(factory) == 0, "what blocks gave is not kept beside the result"
    assert run(factory, after=100) is None


def test_jobs_are_taken_in_the_order_of_asking_and_never_by_two(factory: Factory) -> None:
    first, second = asked(factory), asked(factory, viewer=operator("haaglanden"))

    with factory() as one, factory() as other:
        found = [job_runs.claim(session, "w", now=NOW) for session in (one, other, one)]

    assert [each and each.id for each in found] == [first, second, None]


def test_a_claim_that_is_not_committed_yet_is_skipped_on_postgresql(factory: Factory) -> None:
    first, second = asked(factory), asked(factory, viewer=operator("haaglanden"))
    with factory() as one, factory() as other:
        if one.get_bind().dialect.name == "sqlite":
            pytest.skip("one writer at a time: the second worker waits for its turn")
        from matcher.repositories.jobs import claim

        taken = claim(one, "one", now=NOW, until=NOW)
        meanwhile = claim(other, "other", now=NOW, until=NOW)

        assert (taken and taken.id, meanwhile and meanwhile.id) == (first, second)
