"""A job is done once, whoever works on it and whenever they stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.access import Viewer, operator
from matcher.domain.errors import Conflict
from matcher.models import JobBlock
from matcher.models.database import make_engine, session_factory
from matcher.models.states import JobFailure, JobState
from matcher.repositories.acting import Actor, act_as
from matcher.repositories.jobs import JobRecord, claim
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


def rows(factory: Factory) -> list[tuple[str, int]]:
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


@pytest.mark.postgres
def test_a_claim_that_is_not_committed_yet_is_skipped_on_postgresql(
    new_database: Callable[[str], str],
) -> None:
    engine = make_engine(new_database("postgres"))
    factory = session_factory(engine)
    first, second = asked(factory), asked(factory, viewer=operator("haaglanden"))
    with factory() as one, factory() as other:
        taken = claim(one, "one", now=NOW, until=NOW)
        meanwhile = claim(other, "other", now=NOW, until=NOW)

    assert (taken and taken.id, meanwhile and meanwhile.id) == (first, second)
    engine.dispose()


def test_what_blocks_wrote_is_undone_when_the_work_fails(factory: Factory) -> None:
    def breaks(session: Session, job: JobRecord, number: int) -> bytes:
        if number == 2:
            raise ValueError("Canary-7Q")
        return COUNTING.work(session, job, number)

    number = asked(factory)

    assert run(factory, kinds={"counting": replace(COUNTING, work=breaks)}) is JobState.FAILED
    found = stands(factory, number)
    assert (found.failure, found.done, found.result) == (JobFailure.FAULT, 2, None)
    assert rows(factory) == []
    assert blocks_kept(factory) == 0
    assert run(factory, after=100) is None, "a job that failed is not tried again by itself"
    assert asked(factory) > number, "asking again is free"


def test_work_that_says_no_is_told_apart_from_a_fault(factory: Factory) -> None:
    def refuses(_session: Session, _job: JobRecord) -> Any:
        raise Conflict("nothing here to plan")

    number = asked(factory)

    assert run(factory, kinds={"counting": replace(COUNTING, plan=refuses)}) is JobState.FAILED
    assert stands(factory, number).failure is JobFailure.REFUSED


def test_a_kind_that_this_program_does_not_know_is_refused(factory: Factory) -> None:
    number = asked(factory)

    assert run(factory, kinds={}) is JobState.FAILED
    assert stands(factory, number).failure is JobFailure.REFUSED


def test_a_database_that_is_away_is_no_fault_of_the_job(factory: Factory) -> None:
    def away(_session: Session, _job: JobRecord, _number: int) -> bytes:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    number = asked(factory)

    with pytest.raises(OperationalError):
        run(factory, kinds={"counting": replace(COUNTING, work=away)})
    assert stands(factory, number).state is JobState.RUNNING
    assert run(factory, after=19) is None, "its lease is not over"
    assert run(factory, after=21) is JobState.DONE
    assert len(rows(factory)) == 4


def test_an_error_that_is_written_nowhere_tells_nothing_about_anybody(
    factory: Factory, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks(_session: Session, _job: JobRecord, _number: int) -> bytes:
        raise ValueError("Canary-7Q")

    number = asked(factory)
    run(factory, kinds={"counting": replace(COUNTING, work=breaks)})

    written_out = capsys.readouterr()
    assert "Canary-7Q" not in f"{written_out} {stands(factory, number)}"


def test_a_job_that_ends_every_worker_is_given_up(factory: Factory) -> None:
    number = asked(factory)
    lives = 0
    while stands(factory, number).state is not JobState.FAILED:
        lives += 1
        with factory() as session:
            taken = job_runs.claim(session, "dies", now=NOW + lives * 2 * job_runs.LEASE)
            assert taken is not None
        if lives >= job_runs.FRUITLESS_CLAIMS:
            run(factory, after=10_000)

    assert lives == job_runs.FRUITLESS_CLAIMS
    assert stands(factory, number).failure is JobFailure.WORKERS_LOST


def test_a_worker_that_wakes_up_after_its_lease_changes_nothing(factory: Factory) -> None:
    def sleeps(session: Session, job: JobRecord, number: int) -> bytes:
        if number == 1:
            assert run(factory, after=21) is JobState.DONE, "another one took over and finished"
        return COUNTING.work(session, job, number)

    number = asked(factory)

    assert run(factory, kinds={"counting": replace(COUNTING, work=sleeps)}) is JobState.RUNNING
    assert stands(factory, number).result == {"values": [7, 15, 31]}
    assert rows(factory) == [("block 0", 7), ("block 1", 15), ("block 2", 31), ("all", 53)]


def test_work_that_takes_long_keeps_its_lease(
    factory: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_runs, "HEARTBEAT", timedelta(milliseconds=5))
    seconds = iter(range(0, 100_000, 15))
    beats = threading.Semaphore(0)

    def clock() -> datetime:
        beats.release()
        return NOW + timedelta(seconds=next(seconds))

    def long(session: Session, job: JobRecord, number: int) -> bytes:
        for _ in range(6):
            beats.acquire()
        with factory() as other:
            at = NOW + timedelta(seconds=45)
            assert job_runs.claim(other, "greedy", now=at) is None
        return COUNTING.work(session, job, number)

    asked(factory, blocks=1)
    kinds = {"counting": replace(COUNTING, work=long)}
    assert job_runs.run_one(factory, "w", clock, kinds) is JobState.DONE


def test_a_worker_that_is_told_to_stop_gives_the_job_back_at_once(factory: Factory) -> None:
    stop = threading.Event()

    def told(session: Session, job: JobRecord, number: int) -> bytes:
        stop.set()
        return COUNTING.work(session, job, number)

    number = asked(factory)

    kinds = {"counting": replace(COUNTING, work=told)}
    assert run(factory, kinds=kinds, stop=stop) is JobState.QUEUED
    assert (stands(factory, number).done, stands(factory, number).state) == (1, JobState.QUEUED)
    assert run(factory, after=1) is JobState.DONE
    assert len(rows(factory)) == 4


def test_a_job_that_waits_is_stopped_at_once(factory: Factory) -> None:
    number = asked(factory)

    with factory() as session:
        stopped = jobs.cancel(session, DEMO, number, KINDS, now=NOW)
        again = jobs.cancel(session, DEMO, number, KINDS, now=NOW)

    assert stopped.state is again.state is JobState.CANCELLED
    assert run(factory) is None


def test_a_job_at_work_is_stopped_after_its_block_and_leaves_nothing(factory: Factory) -> None:
    def stopped_meanwhile(session: Session, job: JobRecord, number: int) -> bytes:
        if number == 1:
            with factory() as other:
                asked_to = jobs.cancel(other, DEMO, job.id, KINDS, now=NOW)
                assert asked_to.state is JobState.RUNNING
        return COUNTING.work(session, job, number)

    number = asked(factory)

    kinds = {"counting": replace(COUNTING, work=stopped_meanwhile)}
    assert run(factory, kinds=kinds) is JobState.CANCELLED
    assert stands(factory, number).cancel_asked_at == NOW
    assert rows(factory) == []
    assert blocks_kept(factory) == 0


def test_a_wish_to_stop_during_the_last_block_is_still_heard(factory: Factory) -> None:
    def stopped_meanwhile(session: Session, job: JobRecord, number: int) -> bytes:
        with factory() as other:
            jobs.cancel(other, DEMO, job.id, KINDS, now=NOW)
        return COUNTING.work(session, job, number)

    asked(factory, blocks=1)

    kinds = {"counting": replace(COUNTING, work=stopped_meanwhile)}
    assert run(factory, kinds=kinds) is JobState.CANCELLED
    assert rows(factory) == []


def test_a_job_whose_worker_died_is_stopped_without_one(factory: Factory) -> None:
    number = asked(factory)
    with factory() as session:
        job_runs.claim(session, "dies", now=NOW)
        later = NOW + timedelta(seconds=21)
        assert jobs.cancel(session, DEMO, number, KINDS, now=later).state is JobState.CANCELLED


def test_a_job_that_ended_cannot_be_stopped_any_more(factory: Factory) -> None:
    number = asked(factory)
    run(factory)

    with factory() as session, pytest.raises(Conflict):
        jobs.cancel(session, DEMO, number, KINDS, now=NOW)
