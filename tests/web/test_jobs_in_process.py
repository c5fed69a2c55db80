"""The worker inside the service: on the embedded database, one a process, never in the way."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from matcher.application import create_app
from matcher.config import Config, Demo, Testing
from matcher.domain.access import operator
from matcher.domain.errors import InvalidInput
from matcher.http.db import engine_of
from matcher.http.jobs import stop_jobs, works_in_process
from matcher.models.database import session_factory
from matcher.models.states import JobState
from matcher.repositories.acting import Actor, act_as
from matcher.services import jobs
from matcher.services.region_matches import MATCH_REGION
from tests.web.conftest import AT

DEMO = operator("demo")


def made(url: str, setting: Any) -> Flask:
    return create_app({"DATABASE_URL": url, "JOBS_IN_PROCESS": setting, "LOG_LEVEL": "CRITICAL"})


@pytest.fixture
def app(sqlite_url: str) -> Iterator[Flask]:
    app = made(sqlite_url, None)
    yield app
    stop_jobs(app)
    engine_of(app).dispose()


def workers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "jobs"]


def until(there: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_job_is_done_without_a_worker_beside_the_service(app: Flask) -> None:
    with session_factory(engine_of(app))() as session:
        act_as(session, Actor(DEMO, AT))
        job = jobs.submit(session, DEMO, MATCH_REGION, {}, now=AT)

    def state() -> JobState:
        with session_factory(engine_of(app))() as session:
            act_as(session, Actor(DEMO, AT))
            return jobs.get_job(session, DEMO, job.id).state

    app.test_client().post("/aanmelden")
    until(lambda: state() is JobState.DONE)


def test_one_process_has_one_worker_however_many_applications_it_makes(
    app: Flask, sqlite_url: str
) -> None:
    assert len(workers()) == 1
    again = made(sqlite_url, True)
    assert len(workers()) == 1
    engine_of(again).dispose()
    stop_jobs(app)
    assert workers() == []
    stop_jobs(app)


def test_a_worker_that_ended_is_replaced_at_the_next_change(app: Flask) -> None:
    [before] = workers()
    stop_jobs(app)
    app.test_client().get("/aanmelden")
    assert workers() == [], "reading starts nothing"
    app.test_client().post("/aanmelden")
    [after] = workers()
    assert after is not before


def test_the_setting_decides_and_else_the_database(sqlite_url: str) -> None:
    app = made(sqlite_url, False)
    app.test_client().post("/aanmelden")
    assert workers() == []
    app.config["JOBS_IN_PROCESS"] = None
    assert works_in_process(app)
    for setting in ("yes", 1):
        app.config["JOBS_IN_PROCESS"] = setting
        with pytest.raises(InvalidInput):
            works_in_process(app)
    engine_of(app).dispose()
    assert Config.JOBS_IN_PROCESS is Demo.JOBS_IN_PROCESS is None
    assert Testing.JOBS_IN_PROCESS is False


@pytest.mark.postgres
def test_a_database_on_a_server_leaves_the_work_to_workers(
    new_database: Callable[[str], str],
) -> None:
    app = made(new_database("postgres"), None)
    assert not works_in_process(app)
    assert workers() == []
    engine_of(app).dispose()


def test_metrics_say_how_much_waits(sqlite_url: str) -> None:
    app = made(sqlite_url, False)
    client = app.test_client()
    with session_factory(engine_of(app))() as session:
        act_as(session, Actor(DEMO, AT))
        jobs.submit(session, DEMO, MATCH_REGION, {}, now=AT)
    app.config["CLOCK"] = lambda: AT
    text = client.get("/metrics").text
    assert 'matcher_jobs{state="queued"} 1.0' in text
    assert 'matcher_jobs{state="running"} 0.0' in text
    assert "matcher_jobs_oldest_queued_seconds 0.0" in text
    engine_of(app).dispose()
    away = create_app({"DATABASE_URL": "sqlite://", "LOG_LEVEL": "CRITICAL"})
    found = away.test_client().get("/metrics")
    assert found.status_code == 200
    assert "matcher_jobs{" not in found.text, "what the database does not say is not told"
    engine_of(away).dispose()
