"""A worker inside the service, for installations without one beside it: the embedded default."""

from __future__ import annotations

import atexit
import os
import threading
from typing import Any

import structlog
from flask import Flask, Response, request

from matcher.domain.errors import InvalidInput, Problem
from matcher.http.db import engine_of
from matcher.models.database import session_factory
from matcher.services.job_kinds import KINDS
from matcher.services.job_worker import Worker, worker_name
from matcher.services.nightly import Nightly

log = structlog.get_logger(__name__)

_PATIENCE = 10.0
"""Seconds that the end of the process waits for the block at hand."""
_starting = threading.Lock()
_at_work: dict[str, _InProcess] = {}
"""By database: however many applications one process makes, each database has one worker in it."""


class _InProcess:
    """The worker of this process on one database, in a thread of its own."""

    def __init__(self, worker: Worker) -> None:
        self.pid = os.getpid()
        self.worker = worker
        self.thread = threading.Thread(target=worker.run, name="jobs", daemon=True)
        self.thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether it works in this very process: a thread does not follow into a forked one."""
        return self.pid == os.getpid() and self.thread.is_alive()

    def stop(self) -> None:
        """Gives the job at hand back after its block."""
        if self.is_alive:
            self.worker.stop()
            self.thread.join(_PATIENCE)


def works_in_process(app: Flask) -> bool:
    """As ``JOBS_IN_PROCESS`` says; by default where the database is embedded, so SQLite.

    InvalidInput for a setting that is neither true nor false.
    """
    wanted: Any = app.config["JOBS_IN_PROCESS"]
    if wanted is None:
        return engine_of(app).dialect.name == "sqlite"
    if not isinstance(wanted, bool):
        raise InvalidInput([Problem("MATCHER_JOBS_IN_PROCESS", "must be true or false")])
    return wanted


def init_jobs(app: Flask) -> None:
    """Starts the worker where the settings ask for one, and wakes it after each change."""
    if not works_in_process(app):
        return
    _worker_of(app)

    @app.after_request
    def wake(response: Response) -> Response:
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            _worker_of(app).wake()
        return response


def stop_jobs(app: Flask) -> None:
    """Ends the worker of this process on the database of `app`, if there is one."""
    with _starting:
        found = _at_work.pop(str(engine_of(app).url), None)
    if found is not None:
        found.stop()


def _worker_of(app: Flask) -> Worker:
    key = str(engine_of(app).url)
    with _starting:
        found = _at_work.get(key)
        if found is None or not found.is_alive:
            factory = session_factory(engine_of(app))
            worker = Worker(
                factory,
                app.config["CLOCK"],
                KINDS,
                worker_name("service"),
                due=Nightly(factory).begin,
            )
            found = _at_work[key] = _InProcess(worker)
            atexit.register(found.stop)
    return found.worker
