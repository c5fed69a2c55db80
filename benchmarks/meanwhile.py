"""Pages of the talent centre while a large file is imported, against their usual time."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from flask.testing import FlaskClient

from benchmarks.imports import by_job, people
from benchmarks.queue import region, triager
from benchmarks.tables import Cells
from matcher.http.db import engine_of

TITLE = "Pages while a file is imported, on SQLite"
PAGES = ("/mensen", "/mensen/nieuw")
LOOKS = 60
PAUSE = 0.05
"""Seconds between two looks: people read."""
FORKED = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Looked:
    """Looks at the pages, in milliseconds that half and 95 of 100 stay under."""

    when: str
    looks: int
    p50: float
    p95: float
    before: Looked | None = None
    afterwards: Looked | None = None

    def cells(self) -> Cells:
        """Ratios are to the usual times, with the people before the import and with all."""
        return {
            "when": self.when,
            "looks": f"{self.looks}",
            "p50 ms": f"{self.p50:.0f}",
            "p95 ms": f"{self.p95:.0f}",
            "p50 / before": self._p50_against(self.before),
            "p95 / before": self._p95_against(self.before),
            "p50 / afterwards": self._p50_against(self.afterwards),
            "p95 / afterwards": self._p95_against(self.afterwards),
        }

    def _p50_against(self, other: Looked | None) -> str:
        return "" if other is None else f"{self.p50 / other.p50:.2f} x"

    def _p95_against(self, other: Looked | None) -> str:
        return "" if other is None else f"{self.p95 / other.p95:.2f} x"


def facts() -> list[str]:
    """Why there are two usual times."""
    told = (
        "A list of 100,000 more people takes longer without any import too, so the pages are "
        "compared with their usual time before the import and with that afterwards."
    )
    return [told]


def rows() -> Iterator[Looked]:
    """The demo region before, while another process imports, and afterwards."""
    data = people()
    with region() as app:
        client = triager(app)
        before = _looked("usual, before", _looks(client, lambda times: len(times) < LOOKS))
        engine_of(app).dispose()
        begun = FORKED.Event()
        importing = FORKED.Process(target=_import, args=(app.config["DATABASE_URL"], data, begun))
        importing.start()
        begun.wait()
        during = _looked("while importing", _looks(client, lambda _: importing.is_alive()))
        importing.join()
        after = _looked("usual, afterwards", _looks(client, lambda times: len(times) < LOOKS))
    yield before
    yield replace(during, before=before, afterwards=after)
    yield replace(after, before=before)


def _import(url: str, data: bytes, begun: object) -> None:
    os.environ["MATCHER_LOG_LEVEL"] = "CRITICAL"
    begun.set()  # type: ignore[attr-defined]  # an event
    by_job(url, data)


def _looks(client: FlaskClient, go_on: Callable[[list[float]], bool]) -> list[float]:
    times: list[float] = []
    while go_on(times):
        for page in PAGES:
            began = time.perf_counter()
            answer = client.get(page)
            times.append((time.perf_counter() - began) * 1000)
            if answer.status_code != 200:
                raise RuntimeError(f"{page} answers {answer.status_code}")
            time.sleep(PAUSE)
    return times


def _looked(when: str, times: list[float]) -> Looked:
    times = sorted(times)
    return Looked(when, len(times), times[len(times) // 2], times[int(len(times) * 0.95)])
