"""Jobs whose blocks are computed elsewhere: the same bytes, whoever is lost on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from distributed import KilledWorker
from sqlalchemy import select

from matcher.engine import cluster as cluster_module
from matcher.engine.executors import executor_at
from matcher.engine.spread import Away, Block, Common, Executor, InProcess, Work
from matcher.models import RegionMatch
from matcher.models.states import JobFailure, JobState
from matcher.models.types import canonical_json
from matcher.repositories.jobs import JobRecord
from matcher.repositories.scope import unscoped
from matcher.services import region_matches
from matcher.services.job_kinds import KINDS
from matcher.services.job_worker import Worker
from tests.services.conftest import NOW
from tests.services.dask_cluster import Tap, cluster_in, papers
from tests.services.small_region import Region, small_region

PEOPLE = 24
"""One a block: many blocks, and nothing to wait for."""
SOME = 5
PROGRAM = """
from matcher.cli.main import main
from matcher.services import region_matches
region_matches.PEOPLE_A_BLOCK = 1
main()
"""
_connected: list[Any] = []
_listening = False


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if _listening and event == "socket.connect":
        _connected.append(arguments[1])


sys.addaudithook(_hear)


@dataclass
class Watched:
    """An executor with somebody beside it who counts, and does something once at a moment."""

    inner: Executor
    on_some: Callable[[], None] = lambda: None
    on_silence: Callable[[], None] = lambda: None
    contents: dict[int, bytes] = field(default_factory=dict)
    most_out: int = 0
    out: int = 0

    @property
    def in_flight(self) -> int:
        return self.inner.in_flight

    def connect(self) -> None:
        self.inner.connect()

    def submit(self, work: Work, common: Common, block: Block) -> None:
        self.inner.submit(work, common, block)
        self.out += 1
        self.most_out = max(self.most_out, self.out)

    def completed(self, seconds: float) -> tuple[int, bytes] | None:
        found = self.inner.completed(seconds)
        if found is None:
            self.on_silence()
            return None
        assert found[0] not in self.contents, "each block comes back once"
        self.contents[found[0]] = found[1]
        self.out -= 1
        if len(self.contents) == SOME:
            self.on_some()
        return found

    def cancel(self) -> None:
        self.inner.cancel()

    def close(self) -> None:
        self.inner.close()


@pytest.fixture
def region(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Region]:
    monkeypatch.setattr(region_matches, "PEOPLE_A_BLOCK", 1)
    made = small_region(sqlite_url, PEOPLE)
    yield made
    made.factory.kw["bind"].dispose()


def left_by(region: Region, job: JobRecord) -> str:
    """Everything that can be seen of a job that is done, as text."""
    columns = (RegionMatch.candidate_id, RegionMatch.vacancy_id, RegionMatch.rank, RegionMatch.fit)
    statement = select(*columns).where(RegionMatch.job_id == job.id).order_by(*columns)
    with region.factory() as session:
        lines = [list(line) for line in session.execute(unscoped(statement, RegionMatch))]
    assert len(lines) > PEOPLE
    return canonical_json([job.total, job.done, job.result, lines])


def ready(executor: Executor) -> Executor:
    """Connected, however long the first worker takes to start on a busy machine."""
    for _ in range(20):
        try:
            executor.connect()
        except Away:
            continue
        return executor
    raise AssertionError("no worker came")


def test_a_job_leaves_the_same_bytes_here_beside_and_on_a_cluster_that_loses_a_worker(
    region: Region, tmp_path: Path
) -> None:
    expected = left_by(region, region.matched())
    here = Watched(InProcess())
    assert left_by(region, region.matched(executor=here)) == expected
    assert len(here.contents) == PEOPLE

    with closing(executor_at("local:2")) as local:
        beside = Watched(ready(local))
        assert left_by(region, region.matched(executor=beside)) == expected
    assert beside.contents == here.contents
    assert beside.most_out <= local.in_flight < PEOPLE

    with cluster_in(tmp_path, workers=2) as cluster, closing(cluster.executor()) as far:
        victim = cluster.processes[1]

        def stop() -> None:
            # It still looks alive and gets blocks, but does none of them.
            victim.send_signal(signal.SIGSTOP)

        def kill() -> None:
            if victim.poll() is None and len(lossy.contents) >= SOME:
                victim.kill()
                victim.wait()

        lossy = Watched(ready(far), on_some=stop, on_silence=kill)
        lossy.inner.wait_for(2)
        assert left_by(region, region.matched(executor=lossy)) == expected, cluster.log()
        assert victim.poll() == -signal.SIGKILL, "killed in mid-run, with blocks in its hands"
        assert lossy.contents == here.contents


def test_nobody_leaves_but_sealed_and_a_lost_scheduler_gives_the_job_back(
    region: Region, tmp_path: Path
) -> None:
    global _listening
    expected = left_by(region, region.matched())
    with cluster_in(tmp_path, workers=0) as cluster:
        strangers = papers(tmp_path, "stranger").executor(cluster.address)
        with closing(strangers), pytest.raises(Away):
            strangers.connect()

        spilling = cluster.start_worker(environment={})
        job = region.asked()
        with closing(cluster.executor()) as far:
            assert region.run(ready(far)) is JobState.FAILED
        assert region.stands(job).failure is JobFailure.REFUSED, "people's answers go to no disk"
        spilling.kill()
        spilling.wait()

        cluster.start_worker()
        tap = Tap(cluster.address)

        def lose() -> None:
            cluster.scheduler.kill()
            tap.shut()

        _listening = True
        try:
            with closing(cluster.papers.executor(tap.address)) as far:
                watched = Watched(ready(far), on_some=lose)
                job = region.asked()
                with pytest.raises(Away):
                    region.run(watched)
        finally:
            _listening = False
            tap.shut()
            tap.join()
        given_back = region.stands(job)
        assert given_back.state is JobState.QUEUED
        assert SOME <= given_back.done < PEOPLE

        assert region.run() is JobState.DONE
        assert left_by(region, region.stands(job)) == expected

        assert len(tap.heard) > 10_000
        assert tap.heard[:2] == b"\x16\x03", "a TLS handshake comes first"
        reached = {f"tls://{host}:{port}" for host, port in _connected}
        assert reached == {tap.address, cluster.address}, "the tap itself reaches the other one"
        for told in (bytes(tap.heard), cluster.log().encode()):
            assert not any(name in told for name in (b"travel_modes", b"CandidateProfile"))


def test_a_block_that_its_workers_do_not_survive_gives_the_job_back() -> None:
    class GivenUp:
        """What the scheduler makes of a block once the fourth worker was lost over it."""

        status = "error"

        def exception(self, timeout: float) -> KilledWorker:
            return KilledWorker("block", None, 3)

    with pytest.raises(Away, match="several workers in a row were lost over one block"):
        cluster_module._result_of(GivenUp())


def test_the_command_works_on_a_cluster_and_leaves_the_same_bytes(
    region: Region, sqlite_url: str, tmp_path: Path
) -> None:
    expected = left_by(region, region.matched())
    job = region.asked()
    with cluster_in(tmp_path, workers=2) as cluster:
        certificate = str(cluster.papers.certificate)
        done = subprocess.run(  # noqa: S603  our own program
            [sys.executable, "-c", PROGRAM, "worker", "--once", "--scheduler", cluster.address],
            env={
                **os.environ,
                "MATCHER_DATABASE_URL": sqlite_url,
                "MATCHER_INSTANCE_DIR": str(tmp_path),
                "MATCHER_SCHEDULER_CA": certificate,
                "MATCHER_SCHEDULER_CERT": certificate,
                "MATCHER_SCHEDULER_KEY": str(cluster.papers.key),
            },
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, (done.stderr, cluster.log())
        assert "1 jobs ended" in done.stderr
    assert left_by(region, region.stands(job)) == expected


def test_a_worker_without_its_scheduler_takes_no_job(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_module, "CONNECT_SECONDS", 0.2)
    job = region.asked()
    with closing(executor_at("tcp://127.0.0.1:9")) as nowhere:
        with pytest.raises(Away):
            Worker(region.factory, lambda: NOW, KINDS, executor=nowhere).work_off()
        with pytest.raises(Away):
            nowhere.submit(len, Common("k", 1), Block(0, 1))  # type: ignore[arg-type]
    assert region.stands(job).state is JobState.QUEUED
    assert region.stands(job).claims == 0
