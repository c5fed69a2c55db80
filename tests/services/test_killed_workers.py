"""Workers that are killed, SIGKILL and all: what they leave is finished once, to the same bytes.

The workers are processes of their own, forked from this one so that many of them cost little.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select

from matcher.domain.access import operator
from matcher.models import CallRequest, Job, JobBlock
from matcher.models.database import make_engine, session_factory
from matcher.models.states import JobState
from matcher.models.types import canonical_json
from matcher.repositories.acting import Actor, act_as
from matcher.repositories.scope import scoped, unscoped
from matcher.services import job_runs, jobs
from tests.services.counting_jobs import COUNTING, written
from tests.services.killing import life

NOW = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
DEMO = operator("demo")
KINDS = {COUNTING.name: COUNTING}
KILLS = 50


def ask(url: str, blocks: int, pause: float = 0) -> None:
    """Puts the only job into a database; what an earlier one wrote is gone."""
    engine = make_engine(url)
    with session_factory(engine)() as session:
        act_as(session, Actor(DEMO, NOW))
        session.execute(scoped(delete(CallRequest), DEMO, CallRequest))
        session.execute(unscoped(delete(Job), Job))
        session.commit()
        jobs.submit(session, DEMO, COUNTING, {"blocks": blocks, "pause": pause}, now=NOW)
    engine.dispose()


def left_behind(url: str) -> tuple[JobState, str]:
    """The state of the only job, and everything that can be seen of it as text."""
    engine = make_engine(url)
    with session_factory(engine)() as session:
        act_as(session, Actor(DEMO, NOW))
        [job] = session.scalars(unscoped(select(Job), Job)).all()
        blocks = session.scalars(unscoped(select(JobBlock.id), JobBlock)).all()
        seen = (job.result, job.done, len(blocks), written(session, DEMO))
    engine.dispose()
    return job.state, canonical_json(seen)


def undisturbed(url: str, blocks: int) -> str:
    ask(url, blocks)
    engine = make_engine(url)
    assert job_runs.run_one(session_factory(engine), "w", lambda: NOW, KINDS) is JobState.DONE
    engine.dispose()
    return left_behind(url)[1]


def test_workers_killed_at_fifty_random_moments_leave_the_same_bytes(database_url: str) -> None:
    blocks = 200
    expected = undisturbed(database_url, blocks)
    ask(database_url, blocks)
    drawn = random.Random(20270301)  # noqa: S311  decides moments, keeps no secret
    in_the_middle = 0
    for number in range(KILLS):
        # Each worker comes when the lease of the one before it is over.
        at = NOW + 2 * number * job_runs.LEASE
        assert life(database_url, KINDS, at, drawn.randrange(50), from_outside=True)
        state, seen = left_behind(database_url)
        assert state in (JobState.QUEUED, JobState.RUNNING)
        in_the_middle += '"block 0"' in seen

    assert in_the_middle > KILLS / 2
    engine = make_engine(database_url)
    last = NOW + 2 * KILLS * job_runs.LEASE
    assert job_runs.run_one(session_factory(engine), "w", lambda: last, KINDS) is JobState.DONE
    engine.dispose()
    assert left_behind(database_url)[1] == expected


def test_a_worker_killed_before_any_one_of_its_statements_leaves_the_same_bytes(
    database_url: str,
) -> None:
    expected = undisturbed(database_url, 2)
    moment, was_killed = 0, True
    while was_killed:
        ask(database_url, 2)
        was_killed = life(database_url, KINDS, NOW, moment, from_outside=False)
        engine = make_engine(database_url)
        later = NOW + timedelta(seconds=21)
        job_runs.run_one(session_factory(engine), "w", lambda at=later: at, KINDS)
        engine.dispose()
        assert left_behind(database_url) == (JobState.DONE, expected), f"killed at {moment}"
        moment += 1
    assert moment > 20
