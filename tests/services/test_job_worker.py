"""A worker goes on until it is told to stop, whatever happens to the database meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.access import operator
from matcher.domain.errors import Stale
from matcher.models.database import make_engine, session_factory
from matcher.models.states import JobState
from matcher.repositories.acting import Actor, act_as
from matcher.repositories.jobs import JobRecord, backlog, is_waiting
from matcher.services import job_runs, job_worker, jobs
from matcher.services.job_worker import Worker
from tests.services.counting_jobs import COUNTING, written

NOW = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
DEMO, ELSEWHERE = operator("demo"), operator("haaglanden")
KINDS = {COUNTING.name: COUNTING}
Factory = sessionmaker[Session]
PATIENCE = 60
"""Seconds: a thread that hangs fails the test instead of holding it up."""


@pytest.fixture
def factory(database_url: str) -> Iterator[Factory]:
    engine = make_engine(database_url)
    yield session_factory(engine)
    engine.dispose()


def asked(factory: Factory, viewer: Any = DEMO) -> JobRecord:
    with factory() as session:
        act_as(session, Actor(viewer, NOW))
        return jobs.submit(session, viewer, COUNTING, {"blocks": 3}, now=NOW)


def stands(factory: Factory, job: JobRecord, viewer: Any = DEMO) -> JobRecord:
    with factory() as session:
        act_as(session, Actor(viewer, NOW))
        return jobs.get_job(session, viewer, job.id)


def in_a_thread(worker: Worker) -> threading.Thread:
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    return thread


def test_a_worker_works_everything_off_and_counts_what_it_ended(factory: Factory) -> None:
    worker = Worker(factory, lambda: NOW, KINDS)
    assert worker.work_off() == 0
    first, second = asked(factory), asked(factory, ELSEWHERE)
    with factory() as session:
        assert backlog(session).queued == 2
        assert backlog(session).oldest_queued_at == NOW

    assert worker.work_off() == 2
    assert stands(factory, first).state is JobState.DONE
    assert stands(factory, second, ELSEWHERE).state is JobState.DONE
    with factory() as session:
        assert (backlog(session).queued, backlog(session).running) == (0, 0)
        assert backlog(session).oldest_queued_at is None


def test_a_job_waits_again_only_when_its_worker_fell_silent(factory: Factory) -> None:
    job = asked(factory)
    later = NOW + timedelta(seconds=21)
    with factory() as session:
        assert is_waiting(session, NOW)
        job_runs.claim(session, "w", now=NOW)
    with factory() as session:
        assert not is_waiting(session, NOW)
        assert is_waiting(session, later)
        assert (backlog(session).queued, backlog(session).running) == (0, 1)
    assert not stands(factory, job).is_silent(NOW)
    assert stands(factory, job).is_silent(later)


def test_a_worker_waits_for_a_database_that_is_away_and_then_goes_on(
    factory: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    tries = iter(("away", "away", "broken"))

    def sometimes() -> Session:
        trouble = next(tries, None)
        if trouble == "away":
            raise OperationalError("SELECT 1", {}, Exception("gone"))
        if trouble == "broken":
            raise RuntimeError("Canary-7Q")
        return factory()

    job = asked(factory)
    worker = Worker(sometimes, lambda: NOW, KINDS, look_seconds=0.001)

    class Waking(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            pauses.append(timeout or 0)
            if stands(factory, job).has_ended:
                worker.stop()
            return True

    worker._wake = Waking()
    thread = in_a_thread(worker)
    thread.join(PATIENCE)

    assert not thread.is_alive()
    assert stands(factory, job).state is JobState.DONE
    assert pauses == [0.002, 0.004, 0.008, 0.001], "ever less often, and at once again after"
    monkeypatch.setattr(job_worker, "LONGEST_PAUSE_SECONDS", 0.003)
    assert worker._longer(0.002) == 0.003


def test_a_worker_that_is_stopped_gives_its_job_back(factory: Factory) -> None:
    def told(session: Session, job: JobRecord, number: int) -> bytes:
        worker.stop()
        return COUNTING.work(session, job, number)

    job = asked(factory)
    worker = Worker(factory, lambda: NOW, {"counting": replace(COUNTING, work=told)})
    worker.run()

    left = stands(factory, job)
    assert (left.state, left.done, left.lease_until) == (JobState.QUEUED, 1, None)
    assert Worker(factory, lambda: NOW, KINDS).work_off() == 1
    with factory() as session:
        act_as(session, Actor(DEMO, NOW))
        assert len(written(session, DEMO)) == 4, "each block once"


def test_a_worker_that_is_woken_looks_at_once(factory: Factory) -> None:
    worker = Worker(factory, lambda: NOW, KINDS, look_seconds=PATIENCE * 10)
    looked = threading.Event()
    look: Callable[[], int] = worker.work_off

    class Counting(Worker):
        def work_off(self) -> int:
            ended = look()
            looked.set()
            if ended:
                self.stop()
            return ended

    counting = Counting(factory, lambda: NOW, KINDS, look_seconds=PATIENCE * 10)
    thread = in_a_thread(counting)
    assert looked.wait(PATIENCE)
    job = asked(factory)
    counting.wake()
    thread.join(PATIENCE)

    assert stands(factory, job).state is JobState.DONE


def test_the_version_of_a_job_grows_with_each_step_that_can_be_seen(factory: Factory) -> None:
    seen: list[JobRecord] = []
    job = asked(factory)
    seen.append(stands(factory, job))

    def look(session: Session, of: JobRecord, number: int) -> bytes:
        seen.append(stands(factory, job))
        if number == 1:
            worker.stop()
        return COUNTING.work(session, of, number)

    worker = Worker(factory, lambda: NOW, {"counting": replace(COUNTING, work=look)})
    worker.run()
    seen.append(stands(factory, job))
    worker = Worker(factory, lambda: NOW, {"counting": replace(COUNTING, work=look)})
    worker.work_off()
    seen.append(stands(factory, job))

    versions = [each.version for each in seen]
    assert versions == sorted(set(versions))
    assert [each.state.value for each in seen] == [
        "queued", "running", "running", "queued", "running", "done",
    ]  # fmt: skip


def test_a_wish_to_stop_is_stale_only_when_the_job_ended_since(factory: Factory) -> None:
    read = asked(factory)

    def stop(version: int) -> JobState:
        with factory() as session:
            act_as(session, Actor(DEMO, NOW))
            at = NOW + timedelta(minutes=1)
            found = jobs.cancel(session, DEMO, read.id, KINDS, now=at, expected_version=version)
            return found.state

    for never_given in (-1, 0, read.version + 1):
        with pytest.raises(Stale):
            stop(never_given)
    with factory() as session:
        job_runs.claim(session, "w", now=NOW)
    assert stop(read.version) is JobState.CANCELLED, "it got further, and that changes no wish"
    with pytest.raises(Stale):
        stop(read.version)
    assert stop(stands(factory, read).version) is JobState.CANCELLED
