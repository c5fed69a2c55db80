"""Doing jobs: take one, hold it while working, keep each block once, finish or give back.

A worker may die at any moment. What it did not commit is gone, what it committed is a whole number
of blocks; whoever takes the job next goes on with the first block that is missing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.errors import MatcherError
from matcher.engine.spread import Away, Executor, in_order
from matcher.logs import places_of
from matcher.models import Job, JobBlock
from matcher.models.states import JobFailure, JobState
from matcher.models.wall import whole_database
from matcher.repositories import jobs as rows
from matcher.repositories.acting import Actor, act_as
from matcher.repositories.jobs import JobRecord
from matcher.services.jobs import WHY, JobKind, end, take_back, viewer_of
from matcher.services.transactions import unit_of_work

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=20)
"""A worker that says nothing for so long is taken for dead."""
HEARTBEAT = LEASE / 4
FRUITLESS_CLAIMS = 10
"""So many workers may end in a row without getting a block further; then the job is the cause."""

UNREACHABLE = (OperationalError, InterfaceError)
"""The database is away or too busy: no fault of the job."""

Clock = Callable[[], datetime]
Factory = Callable[[], Session] | sessionmaker[Session]


class LostLease(Exception):
    """Somebody else holds the job now, or it ended: whatever was being done does not count."""


def claim(session: Session, worker: str, *, now: datetime) -> JobRecord | None:
    """Takes the oldest job that waits, or whose worker fell silent; None without any."""
    with unit_of_work(session), whole_database(session, WHY, Job):
        return rows.claim(session, worker, now=now, until=now + LEASE)


def run_one(
    factory: Factory,
    worker: str,
    clock: Clock,
    kinds: Mapping[str, JobKind],
    *,
    stop: threading.Event | None = None,
    executor: Executor | None = None,
) -> JobState | None:
    """Takes one job and works on it until it ends; its state then, None without a job.

    With `stop` set, or when the job was taken over, it is left to another worker after the block
    at hand: the state is then queued or running. An error of the database passes through: the
    job waits until its lease is over. With an `executor` the blocks of kinds that allow it are
    computed there; Away passes through once the job is given back.
    """
    with factory() as session:
        job = claim(session, worker, now=clock())
        if job is None:
            return None
        _act_for(session, job, clock())
        failure: JobFailure
        cause: Exception
        with _held(factory, job, clock):
            try:
                kind, halt = kinds.get(job.kind), stop or threading.Event()
                return _run(session, job, kind, clock, halt, executor)
            except LostLease:
                log.warning("job_taken_over", job=job.id)
                return JobState.RUNNING
            except UNREACHABLE:
                raise
            except Away:
                session.rollback()
                with suppress(LostLease):
                    _give_back(session, job)
                raise
            except MatcherError as error:
                failure, cause = JobFailure.REFUSED, error
            except Exception as error:  # whatever a kind of work can raise ends its job, not us
                failure, cause = JobFailure.FAULT, error
        # Only its kind and where it was: the text may repeat what stood in the data.
        said = {"error": type(cause).__name__, "places": places_of(cause)}
        log.error("job_failed", job=job.id, kind=job.kind, **said)
        session.rollback()
        told = cause.told if isinstance(cause, MatcherError) else None
        return _fail(session, job, kinds.get(job.kind), failure, clock(), told)


def _act_for(session: Session, job: JobRecord, now: datetime) -> None:
    """The log says when the program did it; who asked stands with the job."""
    act_as(session, Actor(viewer_of(job), now))


@contextmanager
def _held(factory: Factory, job: JobRecord, clock: Clock) -> Iterator[None]:
    """Says now and then that the job is being worked on, from a thread of its own."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(HEARTBEAT.total_seconds()):
            try:
                with factory() as session:
                    _keep(session, job, lease_until=clock() + LEASE)
            except LostLease:
                return
            except UNREACHABLE as error:
                log.warning("heartbeat_missed", job=job.id, error=type(error).__name__)

    thread = threading.Thread(target=beat, name=f"job-{job.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _keep(session: Session, job: JobRecord, **values: object) -> None:
    with unit_of_work(session), whole_database(session, WHY, Job):
        if not rows.hold(session, job, **values):
            raise LostLease


def _run(
    session: Session,
    job: JobRecord,
    kind: JobKind | None,
    clock: Clock,
    stop: threading.Event,
    executor: Executor | None,
) -> JobState:
    if kind is None:
        # A newer or older program asked for it; this one cannot know what it means.
        return _fail(session, job, None, JobFailure.REFUSED, clock())
    if _fruitless(session, job) > FRUITLESS_CLAIMS:
        return _fail(session, job, kind, JobFailure.WORKERS_LOST, clock())
    if job.total is None:
        job = _planned(session, job, kind, clock)
    with closing(_contents(session, job, kind, executor)) as contents:
        while job.total is not None and job.done < job.total:
            if stop.is_set():
                _give_back(session, job)
                return JobState.QUEUED
            if _is_unwanted(session, job):
                return _cancelled(session, job, kind, clock())
            content = next(contents)
            session.rollback()
            if content is not None:
                began = time.monotonic()
                job = _with_block(session, job, kind, content, clock)
                _let_others_write(session, time.monotonic() - began)
    return _finished(session, job, kind, clock())


def _let_others_write(session: Session, held: float) -> None:
    """Rests as long as a block held the only writer of SQLite, so that pages get their turn."""
    if session.get_bind().dialect.name == "sqlite":
        time.sleep(held)


def _give_back(session: Session, job: JobRecord) -> None:
    """Leaves the job to whoever comes; LostLease if somebody has it already."""
    _keep(session, job, state=JobState.QUEUED, worker=None, lease_until=None)


def _contents(
    session: Session, job: JobRecord, kind: JobKind, executor: Executor | None
) -> Generator[bytes | None]:
    """What the missing blocks give, in their order; None is a moment to look up."""
    missing = range(job.done, job.total or 0)
    if executor is not None and kind.apart is not None and missing:
        read, common = kind.apart.block, kind.apart.common(session, job)
        blocks = (read(session, job, number) for number in missing)
        yield from in_order(executor, kind.apart.work(), common, blocks)
        return
    for number in missing:
        # As many are done as the number says: for a kind that builds on earlier blocks.
        yield kind.content(session, replace(job, done=number), number)


def _fruitless(session: Session, job: JobRecord) -> int:
    with whole_database(session, WHY, Job):
        return rows.get_whole(session, job.id).fruitless_claims


def _is_unwanted(session: Session, job: JobRecord) -> bool:
    with whole_database(session, WHY, Job):
        return rows.get_whole(session, job.id).cancel_asked_at is not None


def _planned(session: Session, job: JobRecord, kind: JobKind, clock: Clock) -> JobRecord:
    with unit_of_work(session), whole_database(session, WHY, Job):
        plan = kind.plan(session, job)
        values = {"total": plan.blocks, "frozen": plan.frozen, "lease_until": clock() + LEASE}
        if not rows.hold(session, job, **values):
            raise LostLease
        return rows.to_record(rows.get_whole(session, job.id))


def _with_block(
    session: Session, job: JobRecord, kind: JobKind, content: bytes, clock: Clock
) -> JobRecord:
    """Keeps a block with the rows that it writes: all of it, once, or nothing."""
    with unit_of_work(session), whole_database(session, WHY, Job, JobBlock):
        values = {"done": job.done + 1, "fruitless_claims": 0, "lease_until": clock() + LEASE}
        if not rows.hold(session, job, **values):
            raise LostLease
        if kind.write is not None:
            content = kind.write(session, job, job.done, content) or content
        rows.add_block(session, job, job.done, content)
        return rows.to_record(rows.get_whole(session, job.id))


def _row_to_end(session: Session, job: JobRecord, now: datetime) -> Job:
    """The row of a job that is still ours, locked until the transaction ends."""
    if not rows.hold(session, job, lease_until=now + LEASE):
        raise LostLease
    _act_for(session, job, now)
    return rows.get_whole(session, job.id)


def _finished(session: Session, job: JobRecord, kind: JobKind, now: datetime) -> JobState:
    with unit_of_work(session), whole_database(session, WHY, Job, JobBlock):
        row = _row_to_end(session, job, now)
        if row.cancel_asked_at is not None:
            take_back(session, job, kind)
            end(session, row, JobState.CANCELLED, now)
            return JobState.CANCELLED
        contents = rows.block_contents(session, job.id, job.done)
        row.result = dict(kind.finish(session, job, contents))
        rows.delete_blocks(session, job.id)
        end(session, row, JobState.DONE, now)
        return JobState.DONE


def _cancelled(session: Session, job: JobRecord, kind: JobKind, now: datetime) -> JobState:
    with unit_of_work(session), whole_database(session, WHY, Job, JobBlock):
        row = _row_to_end(session, job, now)
        take_back(session, job, kind)
        end(session, row, JobState.CANCELLED, now)
    return JobState.CANCELLED


def _fail(
    session: Session,
    job: JobRecord,
    kind: JobKind | None,
    failure: JobFailure,
    now: datetime,
    told: Mapping[str, Any] | None = None,
) -> JobState:
    try:
        with unit_of_work(session), whole_database(session, WHY, Job, JobBlock):
            row = _row_to_end(session, job, now)
            take_back(session, job, kind)
            row.failure = failure
            row.result = None if told is None else dict(told)
            end(session, row, JobState.FAILED, now)
    except LostLease:
        return JobState.RUNNING
    return JobState.FAILED
