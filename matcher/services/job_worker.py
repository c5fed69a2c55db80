"""A worker: takes one job after another until it is told to stop.

Any number of them may run, in processes of their own or inside the service. A worker that ends,
however it ends, leaves whole blocks behind; the next one goes on from there.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from matcher.engine.spread import Away, Executor
from matcher.models.states import JobState
from matcher.repositories import jobs as rows
from matcher.services.job_runs import UNREACHABLE, Clock, Factory, run_one
from matcher.services.jobs import JobKind

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0
"""Between two looks for work when there is none."""
LONGEST_PAUSE_SECONDS = 30.0
"""Between two tries when the database stays away."""
_NAME_MAXIMUM = 120


def worker_name(suffix: str = "") -> str:
    """What this process is called in the table of jobs: its machine, its number, `suffix`."""
    name = f"{socket.gethostname()}:{os.getpid()}"
    return f"{name}:{suffix}"[:_NAME_MAXIMUM] if suffix else name[:_NAME_MAXIMUM]


@dataclass(slots=True)
class Worker:
    """Works on jobs with `factory`'s sessions; `look_seconds` are between two looks for work.

    With an `executor`, blocks that may leave the process are computed there.
    """

    factory: Factory
    clock: Clock
    kinds: Mapping[str, JobKind]
    name: str = field(default_factory=worker_name)
    look_seconds: float = LOOK_SECONDS
    executor: Executor | None = None
    due: Callable[[datetime], int] | None = None
    """Begins what nobody has to ask for, at each look for work."""
    _stop: threading.Event = field(default_factory=threading.Event)
    _wake: threading.Event = field(default_factory=threading.Event)

    def stop(self) -> None:
        """Gives the job at hand back after its block, and takes no other."""
        self._stop.set()
        self._wake.set()

    def wake(self) -> None:
        """Looks for work at once."""
        self._wake.set()

    def work_off(self) -> int:
        """Works until nothing waits any more; how many jobs it ended.

        The database must answer; Away when the executor does not.
        """
        if self.due is not None:
            self.due(self.clock())
        ended = 0
        while not self._stop.is_set() and self._something_waits():
            if self.executor is not None:
                # Before a job is taken: another worker may have what this one lacks.
                self.executor.connect()
            state = self._run_one()
            if state is None:
                break
            ended += state in rows.ENDED
        return ended

    def run(self) -> None:
        """Works until `stop`. Nothing that goes wrong ends it: it tries again, ever less often."""
        log.info("worker_started", worker=self.name)
        pause = self.look_seconds
        while not self._stop.is_set():
            try:
                self.work_off()
                pause = self.look_seconds
            except (*UNREACHABLE, Away) as error:
                pause = self._longer(pause)
                log.warning("worker_waits", error=type(error).__name__, seconds=pause)
            except Exception as error:  # a worker outlives whatever one job or one look runs into
                pause = self._longer(pause)
                log.error("worker_failed", exc_info=error, seconds=pause)
            self._wake.wait(pause)
            self._wake.clear()
        log.info("worker_stopped", worker=self.name)

    def _longer(self, pause: float) -> float:
        return min(2 * max(pause, self.look_seconds), LONGEST_PAUSE_SECONDS)

    def _something_waits(self) -> bool:
        # A look that only reads keeps nobody waiting who wants to write to an SQLite file.
        with self.factory() as session:
            return rows.is_waiting(session, self.clock())

    def _run_one(self) -> JobState | None:
        state = run_one(
            self.factory,
            self.name,
            self.clock,
            self.kinds,
            stop=self._stop,
            executor=self.executor,
        )
        if state is not None:
            log.info("job_left", worker=self.name, state=state.value)
        return state
