"""The server as a real process: it starts, answers, and stops on Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
START_SECONDS = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answer(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - our own server
            status: int = response.status
            return status
    except OSError:  # not listening yet, or the application is still loading
        return 0


def test_the_server_answers_and_stops_on_ctrl_c(sqlite_url: str, tmp_path: Path) -> None:
    port = free_port()
    environment = {
        **os.environ,
        "MATCHER_DATABASE_URL": sqlite_url,
        "MATCHER_INSTANCE_DIR": str(tmp_path),
    }
    command = "from matcher.cli import main; main()"
    server = subprocess.Popen(  # noqa: S603 - the program under test
        [sys.executable, "-c", command, "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        until = time.monotonic() + START_SECONDS
        while not (status := answer(f"http://127.0.0.1:{port}/health/live")):
            assert server.poll() is None, server.communicate()[1].decode()
            assert time.monotonic() < until
            time.sleep(0.2)
        assert status == 200
        server.send_signal(signal.SIGINT)
        _, said = server.communicate(timeout=START_SECONDS)
    finally:
        if server.poll() is None:
            server.kill()
            server.communicate()
    assert server.returncode == 0
    assert b"Traceback" not in said


def test_a_port_in_use_is_one_line(
    run: Run, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATCHER_DATABASE_URL", sqlite_url)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for command in ("serve", "demo"):
            result = run(command, "--port", port)
            assert result.exit_code == 2
            assert result.stderr == (
                f"cannot listen on 127.0.0.1 port {port}: Address already in use; "
                "choose another with --port\n"
            )


def test_the_demo_never_gets_into_a_database_that_is_in_use(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATCHER_DATABASE_URL", "postgresql://127.0.0.1:1/matcher")
    result = run("demo", "--port", free_port())
    assert result.exit_code == 2
    assert result.stderr == (
        "the demo uses an embedded SQLite database; unset MATCHER_DATABASE_URL\n"
    )
