"""A real Dask cluster for tests: a scheduler and workers as processes of their own, over TLS."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from matcher.engine.executors import executor_at
from matcher.engine.spread import Executor

PATIENCE = 240
"""Seconds: a process that does not start fails the test instead of holding it up."""
IN_MEMORY = {
    "DASK_DISTRIBUTED__WORKER__MEMORY__TARGET": "False",
    "DASK_DISTRIBUTED__WORKER__MEMORY__SPILL": "False",
}


@dataclass(frozen=True)
class Papers:
    """A certificate that is its own authority, and its key: for both sides of a link."""

    certificate: Path
    key: Path

    @property
    def options(self) -> list[str]:
        cert = str(self.certificate)
        return ["--tls-ca-file", cert, "--tls-cert", cert, "--tls-key", str(self.key)]

    def executor(self, address: str) -> Executor:
        cert = str(self.certificate)
        return executor_at(address, authority=cert, certificate=cert, key=str(self.key))


def papers(folder: Path, name: str) -> Papers:
    """New ones in `folder`; nobody else has their like."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    made = Papers(folder / f"{name}.pem", folder / f"{name}.key")
    made.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    made.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return made


@dataclass
class Cluster:
    """A scheduler with the workers that were started for it."""

    folder: Path
    papers: Papers
    address: str = ""
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def scheduler(self) -> subprocess.Popen[bytes]:
        return self.processes[0]

    def executor(self) -> Executor:
        return self.papers.executor(self.address)

    def start_scheduler(self) -> None:
        told = self.folder / "scheduler.json"
        self._start("scheduler", "--port", "0", "--scheduler-file", str(told))
        until = time.monotonic() + PATIENCE
        while not self.address:
            assert time.monotonic() < until, self.log()
            assert self.scheduler.poll() is None, self.log()
            with suppress(FileNotFoundError, ValueError):
                self.address = json.loads(told.read_text())["address"]
            time.sleep(0.1)

    def start_worker(self, environment: dict[str, str] = IN_MEMORY) -> subprocess.Popen[bytes]:
        name = f"worker-{len(self.processes)}"
        options = ("--no-nanny", "--nthreads", "1", "--local-directory", str(self.folder / name))
        return self._start("worker", self.address, *options, environment=environment)

    def log(self) -> str:
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def end(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()

    def _start(
        self, kind: str, *options: str, environment: dict[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        dask = str(Path(sys.executable).with_name("dask"))
        always = ["--host", "127.0.0.1", "--protocol", "tls", "--no-dashboard"]
        with (self.folder / f"{kind}-{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603  our own command
                [dask, kind, *options, *always, *self.papers.options],
                env={**os.environ, **(environment or {})},
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process


@contextmanager
def cluster_in(folder: Path, workers: int) -> Iterator[Cluster]:
    """A cluster whose files are in `folder`; it ends with the block."""
    made = Cluster(folder, papers(folder, "cluster"))
    try:
        made.start_scheduler()
        for _ in range(workers):
            made.start_worker()
        yield made
    finally:
        made.end()


class Tap:
    """Another way to a scheduler, that keeps every byte that went along it in either direction."""

    def __init__(self, address: str) -> None:
        host, port = address.removeprefix("tls://").rsplit(":", 1)
        self.heard = bytearray()
        self._behind = (host, int(port))
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"tls://127.0.0.1:{self._door.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._listen)]
        self._threads[0].start()

    def shut(self) -> None:
        """Lets nobody in any more."""
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def join(self) -> None:
        """Waits until whoever is in has left."""
        for thread in self._threads:
            thread.join(PATIENCE)

    def _listen(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._link, args=(near,))
            self._threads.append(thread)
            thread.start()

    def _link(self, near: socket.socket) -> None:
        with near, suppress(OSError), socket.create_connection(self._behind) as far:
            back = threading.Thread(target=self._pass_on, args=(far, near))
            back.start()
            self._pass_on(near, far)
            back.join()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65_536):
                self.heard.extend(piece)
                target.sendall(piece)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
