"""Blocks of work, wherever they are computed: in this process, on this machine or on others.

One code hands blocks out and takes back what they give, in their order. A block is a pure function
of plain frozen values, so that it may be computed anywhere, and again when whoever had it is gone;
the database stays with the one that hands out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from matcher.domain.errors import MatcherError

LOOK_SECONDS = 1.0
"""So long nothing may come before whoever waits is asked whether it is still wanted."""


@dataclass(frozen=True, slots=True, repr=False)
class Common:
    """What all blocks start from; `key` is a hash: the same key is the same content."""

    key: str
    value: Any

    def __repr__(self) -> str:
        return f"<common {self.key}>"


@dataclass(frozen=True, slots=True, repr=False)
class Block:
    """What one block starts from. Its text tells nothing: logs of others may repeat it."""

    number: int
    value: Any

    def __repr__(self) -> str:
        return f"<block {self.number}>"


Work = Callable[[Common, Block], bytes]
"""Pure, and importable by its name: it reads nothing but its arguments."""


class Away(MatcherError):
    """Where blocks are computed cannot be reached or lost its machines: no fault of the job."""


class BlockFailed(Exception):
    """A block ran into an error elsewhere: its kind, and where in the program; never its text."""

    def __init__(self, kind: str, places: list[str]) -> None:
        super().__init__(kind, places)
        self.kind = kind
        self.places = places


class UnfitNode(MatcherError):
    """A compute node may not be given people: another program, or memory that goes to disk."""


class Executor(Protocol):
    """Where blocks are computed; at most `in_flight` are handed out at a time."""

    @property
    def in_flight(self) -> int:
        """How many blocks keep it busy: what bounds the memory of both sides."""

    def connect(self) -> None:
        """Makes it ready, also after it was away; Away if it cannot be."""

    def submit(self, work: Work, common: Common, block: Block) -> None:
        """Hands a block out."""

    def completed(self, seconds: float) -> tuple[int, bytes] | None:
        """The number and bytes of a block that is done; None when none is within `seconds`.

        Away when nothing more will come; BlockFailed or UnfitNode when a block cannot be done.
        """

    def cancel(self) -> None:
        """Forgets every block that is handed out, and what it holds of anybody."""

    def close(self) -> None:
        """Ends it."""


class InProcess:
    """Computes each block when it is asked for."""

    in_flight = 1

    def __init__(self) -> None:
        self._waiting: deque[tuple[Work, Common, Block]] = deque()

    def connect(self) -> None:
        """Nothing to reach."""

    def submit(self, work: Work, common: Common, block: Block) -> None:
        """Puts a block at the end of the line."""
        self._waiting.append((work, common, block))

    def completed(self, seconds: float) -> tuple[int, bytes] | None:
        """Computes the first block of the line, however long it takes."""
        if not self._waiting:
            return None
        work, common, block = self._waiting.popleft()
        return block.number, work(common, block)

    def cancel(self) -> None:
        """Empties the line."""
        self._waiting.clear()

    def close(self) -> None:
        """Empties the line."""
        self.cancel()


def in_order(
    executor: Executor, work: Work, common: Common, blocks: Iterator[Block]
) -> Iterator[bytes | None]:
    """What each of `blocks` gives, in their order; None each time that nothing came for a while.

    Blocks are read no earlier than they can be handed out. Closing the iterator takes back what is
    still out.
    """
    out: deque[int] = deque()
    done: dict[int, bytes] = {}
    try:
        while True:
            while len(out) < executor.in_flight and (block := next(blocks, None)) is not None:
                executor.submit(work, common, block)
                out.append(block.number)
            if not out:
                return
            found = executor.completed(LOOK_SECONDS)
            if found is None:
                yield None
                continue
            done[found[0]] = found[1]
            while out and out[0] in done:
                yield done.pop(out.popleft())
    finally:
        executor.cancel()
