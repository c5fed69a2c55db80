"""One candidate against 5,000 stored vacancies over HTTP: the real server, the real database."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.one_candidate import TOP, VACANCIES
from benchmarks.tables import Measured, measure

TITLE = "The same over HTTP: vacancies stored, matches computed and kept, the top 10 explained"
PEOPLE = 60


def rows() -> list[Measured]:
    """Each request is for another candidate, so that nothing kept is given again."""
    with tempfile.TemporaryDirectory() as folder, _server(Path(folder)) as (port, token):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

        def get(path: str) -> bytes:
            connection.request("GET", f"/api/v1{path}", headers={"Authorization": token})
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path} answered {answer.status}: {body[:200]!r}")
            return body

        ids = [row["id"] for row in json.loads(get(f"/candidates?limit={PEOPLE}"))["items"]]
        fresh: Iterator[int] = iter(ids)
        first = ids[0]
        new, new_worst = measure(lambda: get(f"/candidates/{next(fresh)}/matches?top={TOP}"), 40)
        kept, kept_worst = measure(lambda: get(f"/candidates/{first}/matches?top={TOP}"), 20)
        live, live_worst = measure(lambda: get("/regions/demo"), 20)
    return [
        Measured("matches, computed", new, new_worst, "a trivial request", new / live),
        Measured("matches, kept before", kept, kept_worst, "computed", new / kept),
        Measured("a trivial request", live, live_worst),
    ]


@contextmanager
def _server(folder: Path) -> Iterator[tuple[int, str]]:
    """The demo's kind of data in a new database, served; the port and the bearer header."""
    matcher = str(Path(sys.executable).with_name("matcher"))
    environment = {
        **os.environ,
        "MATCHER_DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
        "MATCHER_INSTANCE_DIR": str(folder),
        "MATCHER_SECRET_KEY": "only-for-this-benchmark-0123456789",
    }

    def run(*arguments: str) -> str:
        done = subprocess.run(  # noqa: S603 - our own command on our own files
            [matcher, *arguments], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"matcher {' '.join(arguments)}: {done.stderr}")
        return done.stdout.strip()

    data = folder / "data"
    run("demo-data", "--candidates", str(PEOPLE), "--vacancies", str(VACANCIES), "--programmes",
        "20", "--seed", "7", "--out", str(data))  # fmt: skip
    run("db", "upgrade")
    run("import", "candidates", str(data / "candidates.csv"))
    run("import", "vacancies", str(data / "vacancies.csv"))
    run("users", "add", "bench", "--right", "lead", "--region", "demo", "--no-password")
    secret = run("users", "token", "bench", "--title", "bench", "--right", "lead").splitlines()[-1]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(  # noqa: S603 - likewise
            [matcher, "serve", "--port", str(port)], env=environment, stdout=log, stderr=log
        )
    try:
        _wait_for(port)
        yield port, f"Bearer {secret}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(port: int) -> None:
    for _ in range(120):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health/ready")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.25)
    raise RuntimeError("the server did not get ready within 30 s")
