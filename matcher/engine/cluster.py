"""Blocks on the processes of this machine, or on a Dask scheduler with workers over TLS.

Dask keeps nothing that must last: whoever hands out blocks keeps what came back. People's answers
live in the memory of scheduler and workers while their block is out, and on no disk.
"""

from __future__ import annotations

import hashlib
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any
from uuid import uuid4

import dask
from distributed import Client, Future, KilledWorker, LocalCluster, get_worker
from distributed.security import Security

import matcher
from matcher.engine.executors import Certificates
from matcher.engine.spread import Away, Block, BlockFailed, Common, UnfitNode, Work
from matcher.logs import places_of

CONNECT_SECONDS = 10.0
WORKERLESS_SECONDS = 30.0
"""So long a scheduler may be without workers; then the blocks are taken back."""
BLOCKS_A_THREAD = 3
"""One at work, one that waits there, and one on its way back."""
_UNREACHED = (OSError, TimeoutError, ValueError, RuntimeError)
"""What Dask raises for a link that is not there: refused, silent, not TLS, closed half-way."""
_SETTINGS: dict[str, Any] = {
    # Processes of this machine inherit these: what they hold of people goes to no disk.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    # The vacancies are sent once, and may be large.
    "distributed.admin.large-graph-warning-threshold": "1 GiB",
}


class _OnCluster(ABC):
    """What an executor on Dask has in common, wherever the scheduler is."""

    def __init__(self) -> None:
        self._client: Client | None = None
        self._out: dict[str, tuple[int, Future]] = {}
        self._done: SimpleQueue[Future] = SimpleQueue()
        self._common: tuple[str, Future] | None = None
        self._threads = 1
        self._seen_at = 0.0

    @property
    def in_flight(self) -> int:
        """A few blocks for each thread of the workers that were there when last looked."""
        return BLOCKS_A_THREAD * self._threads

    def connect(self) -> None:
        """Reaches the scheduler and at least one worker; Away without either."""
        if self._client is None or self._client.status != "running":
            self._leave()
            try:
                with dask.config.set(_SETTINGS):
                    self._client = self._new_client()
                    self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
            except _UNREACHED as error:
                self._leave()
                raise Away("MATCHER_SCHEDULER: no scheduler with workers answers there") from error
        self._seen_at = time.monotonic()
        self._look()

    def wait_for(self, workers: int) -> None:
        """Returns once so many workers are there; Away when they do not come."""
        try:
            self._reached().wait_for_workers(workers, timeout=WORKERLESS_SECONDS)
        except _UNREACHED as error:
            raise Away(f"fewer than {workers} workers came") from error
        self._look()

    def submit(self, work: Work, common: Common, block: Block) -> None:
        """Hands a block to the scheduler, and before it, once, what all of them start from."""
        client = self._reached()
        try:
            with dask.config.set(_SETTINGS):
                if self._common is None or self._common[0] != common.key:
                    # As a task of its own: it is computed again when every holder of it is lost.
                    key = f"common-{uuid4().hex}"
                    self._common = common.key, client.submit(_held, common, key=key)
                future = client.submit(
                    _on_node,
                    work,
                    self._common[1],
                    block,
                    program(),
                    key=f"block-{uuid4().hex}",
                    priority=-block.number,
                )
        except _UNREACHED as error:
            raise Away("the scheduler took no block") from error
        self._out[future.key] = (block.number, future)
        future.add_done_callback(self._done.put)

    def completed(self, seconds: float) -> tuple[int, bytes] | None:
        """As ``Executor.completed``: the first that is done, in any order."""
        try:
            future = self._done.get(timeout=seconds)
        except Empty:
            self._look()
            return None
        if future.key not in self._out:
            return None
        number, _ = self._out[future.key]
        found = _result_of(future)
        if found is None:
            # Its holder was lost on the way: it is computed once more.
            future.add_done_callback(self._done.put)
            self._look()
            return None
        del self._out[future.key]
        return number, found

    def cancel(self) -> None:
        """Takes back what is out; the scheduler forgets it, and what it held of anybody."""
        for _, future in self._out.values():
            future.release()
        self._out.clear()
        self._done = SimpleQueue()
        if self._common is not None:
            self._common[1].release()
            self._common = None

    def close(self) -> None:
        """Takes back what is out and leaves."""
        self.cancel()
        self._leave()

    @abstractmethod
    def _new_client(self) -> Client:
        """A connection to the scheduler."""

    def _leave(self) -> None:
        self._out.clear()
        self._common = None
        if self._client is not None:
            try:
                self._client.close(timeout=CONNECT_SECONDS)
            except _UNREACHED:
                # What its link died of comes out once more; nothing is left to be said to it.
                self._client.status = "closed"
                self._client._loop_runner.stop()
            self._client = None

    def _reached(self) -> Client:
        if self._client is None or self._client.status != "running":
            raise Away("the scheduler is gone")
        return self._client

    def _look(self) -> None:
        """Away when the scheduler is gone, or has told of no worker for too long."""
        client = self._reached()
        try:
            threads = sum(client.nthreads().values())
        except _UNREACHED:
            # Its link stands, so that it may only be slow.
            threads = 0
        now = time.monotonic()
        if threads:
            self._threads, self._seen_at = threads, now
        elif now - self._seen_at > WORKERLESS_SECONDS:
            raise Away("the scheduler has no workers")


class OnThisMachine(_OnCluster):
    """So many processes of this machine, on a scheduler of their own."""

    def __init__(self, processes: int) -> None:
        super().__init__()
        self._processes = processes
        self._cluster: LocalCluster | None = None

    def _new_client(self) -> Client:
        if self._cluster is None:
            # Sealed here too, with keys made for this run: other users of the machine stay out.
            self._cluster = LocalCluster(
                n_workers=self._processes,
                threads_per_worker=1,
                host="127.0.0.1",
                protocol="tls://",
                security=Security.temporary(),
                dashboard_address=None,
                scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
            )
        return Client(self._cluster, set_as_default=False, timeout=CONNECT_SECONDS)

    def _leave(self) -> None:
        super()._leave()
        if self._cluster is not None:
            self._cluster.close(timeout=CONNECT_SECONDS)
            self._cluster = None


class OnScheduler(_OnCluster):
    """A scheduler that runs already; its workers may be anywhere, and come and go."""

    def __init__(self, address: str, certificates: Certificates | None) -> None:
        super().__init__()
        self._address = address
        self._certificates = certificates

    def _new_client(self) -> Client:
        return Client(
            self._address,
            security=self._security(),
            timeout=CONNECT_SECONDS,
            set_as_default=False,
            # Everything goes by the scheduler: this side speaks to one address only.
            direct_to_workers=False,
        )

    def _security(self) -> Security:
        if self._certificates is None:
            return Security()
        return Security(
            require_encryption=True,
            tls_ca_file=str(self._certificates.authority),
            tls_client_cert=str(self._certificates.certificate),
            tls_client_key=str(self._certificates.key),
        )


def _result_of(future: Future) -> bytes | None:
    """What a future holds; None when it has to be computed again."""
    if future.status == "finished":
        try:
            found: bytes = future.result(timeout=CONNECT_SECONDS)
        except TimeoutError:
            return None
        except Exception as error:
            raise Away("a result was lost with its scheduler") from error
        return found
    if future.status != "error":
        raise Away("a block was lost with its scheduler")
    failure = future.exception(timeout=CONNECT_SECONDS)
    if isinstance(failure, KilledWorker):
        raise Away("several workers in a row were lost over one block") from None
    if isinstance(failure, BlockFailed | UnfitNode):
        raise failure
    raise BlockFailed(type(failure).__name__, [])


def _held(common: Common) -> Common:
    """What all blocks start from, in the memory of a worker; others take it from there."""
    return common


def _on_node(work: Work, common: Common, block: Block, expected: str) -> bytes:
    """A block, on a worker that may have it; what goes wrong is told without any text of data."""
    _check_node(expected)
    try:
        return work(common, block)
    except Exception as error:
        raise BlockFailed(type(error).__name__, places_of(error)) from None


@cache
def _check_node(expected: str) -> None:
    """UnfitNode for another program, and for a worker that moves memory to disk when it is full."""
    if program() != expected:
        raise UnfitNode("this worker runs another version of the program")
    if not isinstance(get_worker().data, dict):
        raise UnfitNode("this worker spills memory to disk; see docs/scale.md for how to start it")


@cache
def program() -> str:
    """A hash of the code that computes blocks: both sides must have the same."""
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    home = Path(matcher.__file__).parent
    for package in ("domain", "engine"):
        yield from sorted((home / package).rglob("*.py"))
