"""Blocks in this process and on processes of this machine over TLS: time, bytes and memory."""

from __future__ import annotations

import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import psutil
from distributed.protocol import dumps, to_serialize
from sqlalchemy.orm import Session, sessionmaker

from benchmarks.scale import Scale, scale
from benchmarks.tables import Cells
from matcher.config import utc_now
from matcher.domain.access import operator
from matcher.engine.executors import executor_at
from matcher.engine.flow import optimal_by_flow
from matcher.engine.layout import Country
from matcher.engine.problem import UNLIMITED, AllocationProblem
from matcher.engine.region_block import RegionWork, match_block, taking_part
from matcher.engine.spread import Block, Common, Executor, InProcess, Work, in_order
from matcher.models.database import make_engine, session_factory
from matcher.models.states import JobState
from matcher.repositories.acting import Actor, act_as
from matcher.services.job_kinds import KINDS
from matcher.services.job_runs import run_one
from matcher.services.jobs import submit
from matcher.services.region_matches import MATCH_REGION, PEOPLE_A_BLOCK

TITLE = "Past one machine: blocks of a region as tasks"
PEOPLE, PLACES, PERCENT = 4_000, 5_000, 2
BLOCKS = (200, 1_000)
"""People in a block: as the job has it, and larger."""
PROCESSES = 2
TASKS = 200
"""Blocks without work, for what a task costs by itself."""
JOB_PEOPLE, JOB_PLACES = 1_000, 500
EDGES_EACH = 50
FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Spent:
    """What it took to compute blocks: seconds of processors here and elsewhere, and of waiting."""

    here: float
    elsewhere: float
    waited: float


@dataclass(frozen=True)
class Spread:
    """One way to compute all blocks; everything but the ratio is for a million pairs."""

    name: str
    block: int
    spent: Spent
    kilobytes: float
    ratio: float | None = None

    def cells(self) -> Cells:
        """Processor time beside time waited: on a busy machine only the first says much."""
        return {
            "what": self.name,
            "people a block": f"{self.block}",
            "CPU ms, computing": f"{self.spent.elsewhere * 1000:.1f}",
            "CPU ms, handing out": f"{self.spent.here * 1000:.1f}",
            "ms waited": f"{self.spent.waited * 1000:.1f}",
            "KB sent": f"{self.kilobytes:.0f}",
            "against": "" if self.ratio is None else "in process, CPU",
            "ratio": "" if self.ratio is None else f"{self.ratio:.2f} x",
        }


def nothing(_common: Common, _block: Block) -> bytes:
    """A block without work."""
    return b""


_said: list[str] = []


def rows() -> list[Spread]:
    """Both sizes of block, in process and on processes; what else was measured is in `facts`."""
    data = scale(PERCENT, PEOPLE, PLACES)
    pairs = len(data.candidates) * len(data.vacancies) / 1e6
    common = _common(data)
    found = []
    slopes = [*_layouts(data), *_flows()]
    with closing(executor_at(f"local:{PROCESSES}")) as local:
        local.connect()
        for size in BLOCKS:
            blocks = list(_blocks(data, size))
            near, contents = _spent(InProcess(), match_block, common, blocks, pairs)
            far, others = _spent(local, match_block, common, blocks, pairs)
            if contents != others:
                raise RuntimeError("the two ways differ")
            # In process nothing is handed out: all of it is computing.
            near = Spent(0, near.here, near.waited)
            sent = (sum(map(_size, blocks)) + sum(map(len, contents))) / 1000 / pairs
            found.append(Spread("in process", size, near, 0))
            ratio = (far.here + far.elsewhere) / near.elsewhere
            found.append(Spread(f"{PROCESSES} processes over TLS", size, far, sent, ratio))
        empty, _ = _spent(local, nothing, common, [Block(n, None) for n in range(TASKS)], TASKS)
    whole = _size(common) / 1e6
    where = f"{PEOPLE:,} people and {PLACES:,} places near {PERCENT} % feasible"
    apart = f"{empty.here * 1000:.1f} ms of CPU where it is handed out (worker and scheduler)"
    _said[:] = [
        f"{where}; everything for a million pairs, the first sending included; bytes before TLS.",
        f"A task without work: {apart}, {empty.elsewhere * 1000:.1f} ms elsewhere.",
        f"What all blocks start from, sent once to each worker: {whole:.1f} MB.",
        *slopes,
        _job(),
    ]
    return found


def facts() -> list[str]:
    """What the table stands on, and the slopes that are not for a million pairs."""
    return _said


def _layouts(data: Scale) -> Iterator[str]:
    """What one process needs for the vacancies of a region."""
    counts = (PLACES // 5, PLACES)
    few, many = (_peak(lambda n=n: Country(data.vacancies[:n], data.setting)) for n in counts)
    yield (
        f"Vacancies laid out, once a process: {few:.0f} MB for {counts[0]:,}, {many:.0f} MB for "
        f"{counts[1]:,}."
    )


def _flows() -> Iterator[str]:
    """What the optimum of one region needs at once, on one machine."""
    for people in (2_000, 20_000):
        problem = _problem(people, people // 10, EDGES_EACH)
        start = time.process_time()
        peak = _peak(lambda problem=problem: optimal_by_flow(problem))
        optimal_by_flow(problem)
        taken = time.process_time() - start
        yield (
            f"Min-cost flow of {people:,} people, {people // 10:,} places and "
            f"{len(problem.value):,} edges: {peak:.0f} MB, {taken:.2f} s of CPU."
        )


def _job() -> str:
    """What the job adds to its blocks: reading people, keeping results."""
    with tempfile.TemporaryDirectory() as folder:
        factory = _region_in(Path(folder))
        viewer = operator("demo")
        with factory() as session:
            act_as(session, Actor(viewer, utc_now()))
            submit(session, viewer, MATCH_REGION, {}, now=utc_now())
        counting = _Counting()
        start = time.process_time()
        if run_one(factory, "bench", utc_now, KINDS, executor=counting) is not JobState.DONE:
            raise RuntimeError("the job did not end well")
        taken = time.process_time() - start
        factory.kw["bind"].dispose()
    beside = 1000 * (taken - counting.spent) / counting.blocks
    computing = 1000 * counting.spent / counting.blocks
    return (
        f"The job around it, {JOB_PEOPLE:,} people on SQLite in blocks of {PEOPLE_A_BLOCK}: "
        f"{beside:.0f} ms of CPU a block for reading people and keeping results, beside "
        f"{computing:.0f} ms of computing against {JOB_PLACES:,} places."
    )


class _Counting(InProcess):
    """Counts what the blocks themselves take."""

    def __init__(self) -> None:
        super().__init__()
        self.spent = 0.0
        self.blocks = 0

    def completed(self, seconds: float) -> tuple[int, bytes] | None:
        start = time.process_time()
        found = super().completed(seconds)
        self.spent += time.process_time() - start
        self.blocks += 1
        return found


def _region_in(folder: Path) -> sessionmaker[Session]:
    """A new database with people and places of the demo region."""
    matcher = str(Path(sys.executable).with_name("matcher"))
    url = f"sqlite:///{folder / 'bench.sqlite3'}"
    environment = {
        **os.environ, "MATCHER_DATABASE_URL": url, "MATCHER_INSTANCE_DIR": str(folder)
    }  # fmt: skip
    data = folder / "data"
    made = ["--candidates", str(JOB_PEOPLE), "--vacancies", str(JOB_PLACES), "--programmes", "20"]
    for arguments in (
        ["demo-data", *made, "--seed", "7", "--out", str(data)],
        ["db", "upgrade"],
        ["import", "candidates", str(data / "candidates.csv")],
        ["import", "vacancies", str(data / "vacancies.csv")],
    ):
        subprocess.run(  # noqa: S603  our own command on our own files
            [matcher, *arguments], env=environment, capture_output=True, check=True
        )
    return session_factory(make_engine(url))


def _problem(people: int, places: int, each: int) -> AllocationProblem:
    """Random edges, `each` a person."""
    drawn = np.random.default_rng(7)
    candidate = np.repeat(np.arange(people), each)
    vacancy = np.concatenate([drawn.choice(places, each, replace=False) for _ in range(people)])
    value = drawn.integers(2_000, 10_000, people * each)
    return AllocationProblem(
        candidate=candidate,
        vacancy=vacancy,
        value=value,
        waiting=drawn.integers(0, 400, people),
        places=np.ones(places, np.int64),
        need=np.zeros(people, np.int64),
        offer=np.full(places, UNLIMITED, np.int64),
    )


def _common(data: Scale) -> Common:
    numbers = tuple(range(len(data.vacancies)))
    return Common("bench", RegionWork(data.vacancies, numbers, data.setting, 10))


def _blocks(data: Scale, size: int) -> Iterator[Block]:
    for number, start in enumerate(range(0, len(data.candidates), size)):
        people = dict(enumerate(data.candidates[start : start + size], start))
        yield Block(number, taking_part(people, len(people), data.setting))


def _spent(
    executor: Executor, work: Work, common: Common, blocks: list[Block], count: float
) -> tuple[Spent, list[bytes]]:
    """What the second run of two took, divided by `count`, and what it gave."""
    for _ in range(2):
        start, here, elsewhere = time.perf_counter(), time.process_time(), _of_children()
        found = [
            each for each in in_order(executor, work, common, iter(blocks)) if each is not None
        ]
        spent = Spent(
            (time.process_time() - here) / count,
            (_of_children() - elsewhere) / count,
            (time.perf_counter() - start) / count,
        )
    return spent, found


def _of_children() -> float:
    """Seconds of processors that the processes under this one have used."""
    times = [child.cpu_times() for child in psutil.Process().children(recursive=True)]
    return sum(each.user + each.system for each in times)


def _size(value: object) -> int:
    return sum(len(frame) for frame in dumps(to_serialize(value)))


def _peak(work: Callable[[], object]) -> float:
    """How far `work` raises the memory of a process, in MB."""
    near, far = FORK.Pipe(duplex=False)
    child = FORK.Process(target=_raised, args=(work, far))
    child.start()
    raised: float = near.recv()
    child.join()
    return raised


def _raised(work: Callable[[], object], told: Connection) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    work()
    told.send((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1000)
