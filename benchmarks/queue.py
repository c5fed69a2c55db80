"""The pages of a talent centre with very many people, against the same pages with the demo region.

Everything is asked through the whole application, signed in as a triager: permission, log and page.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import (
    Engine,
    String,
    and_,
    cast,
    func,
    insert,
    literal,
    select,
    text,
    true,
)

from benchmarks.tables import Cells
from matcher import create_app
from matcher.http.db import engine_of
from matcher.models import Account, Assessment, Candidate, migrate
from matcher.models.database import session_factory
from matcher.services.demo import load_demo
from matcher.services.sessions import begin_session

TITLE = "The queue of a talent centre"
PEOPLE = int(os.environ.get("MATCHER_BENCH_QUEUE", "50000"))
LOOKS = 60
TARGET = 150
"""Milliseconds that 95 of 100 looks stay under."""
NOW = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Looked:
    """One page with so many people in the region."""

    page: str
    people: int
    p50: float
    p95: float
    against: float | None

    def cells(self) -> Cells:
        """Milliseconds, whether they hold, and how they compare with the demo region."""
        return {
            "page": self.page,
            "people": f"{self.people}",
            "p50 ms": f"{self.p50:.0f}",
            "p95 ms": f"{self.p95:.0f}",
            "target": "" if self.against is None else self._held(),
            "against": "" if self.against is None else "demo region",
            "ratio": "" if self.against is None else f"{self.p95 / self.against:.2f} x",
        }

    def _held(self) -> str:
        return f"{TARGET} holds" if self.p95 <= TARGET else f"{TARGET} missed"


def rows() -> Iterator[Looked]:
    """Each page with the demo region alone, and again with very many people."""
    with region() as app:
        small = measured(app)
        count = multiply(engine_of(app))
        large = measured(app)
        for page, (p50, p95) in small.items():
            yield Looked(page, count[0], p50, p95, None)
            yield Looked(page, count[1], *large[page], p95)


@contextmanager
def region() -> Iterator[Flask]:
    """The demo region on an SQLite database of its own."""
    folder = Path(tempfile.mkdtemp(prefix="bench-queue-"))
    os.environ.setdefault("MATCHER_INSTANCE_DIR", str(folder))
    app = create_app(
        {
            "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
            "CLOCK": lambda: NOW,
            "DEMO": True,
        }
    )
    try:
        migrate.upgrade(engine_of(app))
        with session_factory(engine_of(app))() as session:
            load_demo(session, on=NOW.date(), seed=1, now=NOW)
        yield app
    finally:
        engine_of(app).dispose()
        shutil.rmtree(folder, ignore_errors=True)


def multiply(engine: Engine) -> tuple[int, int]:
    """Adds copies of everybody with their advice; how many people there were and are."""
    person: Any = Candidate.__table__
    advice: Any = Assessment.__table__
    with engine.begin() as connection:
        before = int(connection.scalar(select(func.count()).select_from(person)) or 0)
        # Columns are copied as they stand: what is sealed stays sealed by the same key.
        number = select(literal(1).label("n")).cte("numbers", recursive=True)
        times = -(-(PEOPLE - before) // before)
        number = number.union_all(select(number.c.n + 1).where(number.c.n < times))
        twin_of = person.c.reference + "-" + cast(number.c.n, String)
        names = [column.name for column in person.columns if column.name != "id"]
        values = [twin_of if name == "reference" else person.c[name] for name in names]
        connection.execute(insert(person).from_select(names, select(*values).join(number, true())))

        twin = person.alias()
        newest = select(func.max(advice.c.id)).group_by(advice.c.candidate_id)
        names = [column.name for column in advice.columns if column.name != "id"]
        values = [twin.c.id if name == "candidate_id" else advice.c[name] for name in names]
        copies = (
            select(*values)
            .join(person, person.c.id == advice.c.candidate_id)
            .join(
                twin,
                and_(
                    twin.c.region == person.c.region,
                    twin.c.reference > person.c.reference + "-",
                    twin.c.reference < person.c.reference + ".",
                ),
            )
            .where(advice.c.id.in_(newest))
        )
        connection.execute(insert(advice).from_select(names, copies))
        after = int(connection.scalar(select(func.count()).select_from(person)) or 0)
        connection.execute(text("ANALYZE"))
    return before, after


def measured(app: Flask) -> dict[str, tuple[float, float]]:
    """Half and 95 of 100 of the looks at each page stay under so many milliseconds."""
    client = triager(app)
    with engine_of(app).connect() as connection:
        people = [
            row[0]
            for row in connection.execute(
                text(
                    "SELECT id FROM candidate WHERE status = 'active' AND NOT manual_only"
                    " ORDER BY id DESC LIMIT :many"
                ),
                {"many": LOOKS},
            )
        ]
    pages: dict[str, Callable[[int], str]] = {
        "list, everybody": lambda _n: "/mensen",
        "list, one lane": lambda _n: "/mensen?baan=ready_with_support",
        "list, one sector": lambda _n: "/mensen?sector=F42",
        "since the last visit": lambda _n: "/mensen/nieuw",
        "many together": lambda _n: "/mensen/samen/ready_with_support",
        "one person, first look": lambda n: f"/mensen/{people[n % len(people)]}",
        "one person, again": lambda n: f"/mensen/{people[n % len(people)]}",
    }
    return {name: _times(client, address) for name, address in pages.items()}


def _times(client: FlaskClient, address: Callable[[int], str]) -> tuple[float, float]:
    found = []
    for number in range(LOOKS):
        began = time.perf_counter()
        answer = client.get(address(number))
        found.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{address(number)} answers {answer.status_code}")
    found.sort()
    return found[len(found) // 2], found[int(len(found) * 0.95)]


def triager(app: Flask) -> FlaskClient:
    """A client of the triager of the demo region."""
    with session_factory(engine_of(app))() as session:
        account = session.scalars(select(Account).where(Account.name == "triager")).one()
        secret = begin_session(session, account.id, "password", second_factor=True, now=NOW)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = secret
    return client
