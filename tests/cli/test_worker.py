"""``matcher worker`` as real processes: they work, give back when told to stop, may be killed."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Semaphore
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Engine, event, select, update

from matcher.cli import main
from matcher.models import Job
from matcher.models.database import make_engine, session_factory
from matcher.models.states import JobState
from matcher.repositories.jobs import JobRecord, to_record
from matcher.repositories.scope import unscoped
from matcher.services import job_kinds
from tests.services.counting_jobs import COUNTING
from tests.services.test_killed_workers import ask, left_behind

Run = Callable[..., Result]
FORK = multiprocessing.get_context("fork")
KINDS = {COUNTING.name: COUNTING}
KILLS = 50
STATEMENTS = 80
"""A worker lives for so many statements at most: starting takes a few, a block some six."""
BLOCKS = 100
PATIENCE = 120
"""Seconds: a process that hangs fails the test instead of holding it up."""
PROGRAM = """
from matcher.services import job_kinds
from tests.services.counting_jobs import COUNTING
job_kinds.KINDS = {COUNTING.name: COUNTING}
from matcher.cli import main
main()
"""


def stands(url: str) -> JobRecord:
    """The only job of a database."""
    engine = make_engine(url)
    with session_factory(engine)() as session:
        [job] = session.scalars(unscoped(select(Job), Job)).all()
        found = to_record(job)
    engine.dispose()
    return found


def let_the_lease_run_out(url: str) -> None:
    """As if the 20 seconds had passed in which a dead worker says nothing."""
    engine = make_engine(url)
    with session_factory(engine)() as session:
        over = datetime.now(UTC) - timedelta(seconds=1)
        session.execute(
            unscoped(update(Job).where(Job.lease_until.is_not(None)).values(lease_until=over), Job),
            execution_options={"synchronize_session": False},
        )
        session.commit()
    engine.dispose()


def _work(url: str, arguments: list[str], moment: int, reached: Semaphore) -> None:
    os.environ |= {"MATCHER_DATABASE_URL": url, "MATCHER_LOG_LEVEL": "CRITICAL"}
    job_kinds.KINDS = KINDS
    left = iter(range(moment, -(10**9), -1))

    @event.listens_for(Engine, "before_cursor_execute")
    def count(*_: object) -> None:
        if next(left) == 0:
            reached.release()

    with suppress(SystemExit):
        main(["worker", *arguments])
    reached.release()


def killed_worker(url: str, moment: int, after: float) -> None:
    """A worker that is killed `after` so many seconds from its `moment`-th statement."""
    reached = FORK.Semaphore(0)
    worker = FORK.Process(target=_work, args=(url, ["--every", "0.1"], moment, reached))
    worker.start()
    assert reached.acquire(timeout=PATIENCE)
    time.sleep(after)
    worker.kill()
    worker.join(PATIENCE)
    assert worker.exitcode == -signal.SIGKILL


def worked_off(url: str) -> str:
    """Everything that can be seen of the only job, after a worker was left to finish it."""
    worker = FORK.Process(target=_work, args=(url, ["--once"], 10**9, FORK.Semaphore(0)))
    worker.start()
    worker.join(PATIENCE)
    assert worker.exitcode == 0
    state, seen = left_behind(url)
    assert state is JobState.DONE
    return seen


def test_fifty_killed_workers_leave_one_result_of_the_same_bytes(database_url: str) -> None:
    ask(database_url, BLOCKS)
    expected = worked_off(database_url)
    ask(database_url, BLOCKS)
    drawn = random.Random(20270301)  # noqa: S311  decides moments, keeps no secret
    in_the_middle = jobs_done = 0
    for _ in range(KILLS):
        killed_worker(database_url, drawn.randrange(STATEMENTS), drawn.random() / 100)
        left = stands(database_url)
        in_the_middle += left.state is JobState.RUNNING and left.done > 0
        if left.has_ended:
            # Killed after the end, while it looked for more: here is more.
            assert left_behind(database_url) == (JobState.DONE, expected)
            ask(database_url, BLOCKS)
            jobs_done += 1
        let_the_lease_run_out(database_url)

    assert worked_off(database_url) == expected
    assert in_the_middle > KILLS / 4
    assert jobs_done < KILLS / 4


@pytest.fixture
def program(sqlite_url: str, tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """Starts the command line in an interpreter of its own, with the job that counts."""

    def start(*arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603  our own program
            [sys.executable, "-c", PROGRAM, "worker", *arguments],
            env={
                **os.environ,
                "MATCHER_DATABASE_URL": sqlite_url,
                "MATCHER_INSTANCE_DIR": str(tmp_path),
            },
            cwd=Path(__file__).parents[2],
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def until_past(url: str, blocks: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while (job := stands(url)).done < blocks or job.state is not JobState.RUNNING:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_worker_that_is_told_to_stop_gives_back_and_a_killed_one_is_replaced(
    sqlite_url: str, program: Callable[..., subprocess.Popen[str]]
) -> None:
    ask(sqlite_url, BLOCKS)
    expected = worked_off(sqlite_url)
    ask(sqlite_url, BLOCKS, pause=0.01)
    with program() as killed:
        until_past(sqlite_url, 5)
        killed.kill()
        killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    assert stands(sqlite_url).state is JobState.RUNNING

    let_the_lease_run_out(sqlite_url)
    at = stands(sqlite_url).done
    with program() as told:
        until_past(sqlite_url, at + 5)
        told.terminate()
        _, said = told.communicate(timeout=PATIENCE)
    assert told.returncode == 0, said
    left = stands(sqlite_url)
    assert (left.state, left.lease_until) == (JobState.QUEUED, None)
    events = [json.loads(line)["event"] for line in said.splitlines()]
    assert events == ["worker_started", "job_left", "worker_stopped"]

    with program("--once") as last:
        _, said = last.communicate(timeout=PATIENCE)
    assert last.returncode == 0
    assert said.splitlines()[-1] == "1 jobs ended"
    assert left_behind(sqlite_url) == (JobState.DONE, expected)


def test_a_worker_without_work_ends_at_once_when_asked_to(
    run: Run, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATCHER_DATABASE_URL", sqlite_url)
    before = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
    try:
        done = run("worker", "--once")
    finally:
        for number, handler in zip((signal.SIGINT, signal.SIGTERM), before, strict=True):
            signal.signal(number, handler)
    assert done.exit_code == 0
    assert done.stderr == "0 jobs ended\n"


def test_a_worker_asks_for_a_database_that_is_up_to_date(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATCHER_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    refused = run("worker", "--once")
    assert refused.exit_code == 2
    assert refused.stderr == "the database is empty; run 'matcher db upgrade'\n"
