"""Workers as processes of their own, forked from this one, and killed at a moment of choice."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Mapping
from datetime import datetime
from multiprocessing.synchronize import Semaphore

from sqlalchemy import event

from matcher.models.database import make_engine, session_factory
from matcher.services import job_runs
from matcher.services.jobs import JobKind

FORK = multiprocessing.get_context("fork")
PATIENCE = 120
"""Seconds: a process that hangs fails the test instead of holding it up."""
Kinds = Mapping[str, JobKind]


def _live(url: str, kinds: Kinds, at: datetime, moment: int, reached: Semaphore | None) -> None:
    """One worker. At its `moment`-th statement it says so, or kills itself without anybody."""
    engine = make_engine(url)
    left = iter(range(moment, -(10**9), -1))

    @event.listens_for(engine, "before_cursor_execute")
    def count(*_: object) -> None:
        if next(left) == 0:
            if reached is None:
                os.kill(os.getpid(), signal.SIGKILL)
            else:
                reached.release()

    job_runs.run_one(session_factory(engine), "w", lambda: at, kinds)
    if reached is not None:
        reached.release()


def life(url: str, kinds: Kinds, at: datetime, moment: int, *, from_outside: bool) -> bool:
    """Whether a worker was killed at that moment; it ended by itself if not."""
    reached = FORK.Semaphore(0) if from_outside else None
    worker = FORK.Process(target=_live, args=(url, kinds, at, moment, reached))
    worker.start()
    if reached is not None:
        assert reached.acquire(timeout=PATIENCE)
        worker.kill()
    worker.join(PATIENCE)
    assert worker.exitcode in (0, -signal.SIGKILL)
    return worker.exitcode != 0
