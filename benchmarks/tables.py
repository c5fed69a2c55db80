"""Timing of work, and tables of what was measured."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

Cells = dict[str, str]
"""One line of a table: by heading what stands under it."""


_NUMBER = re.compile(r"-?[0-9][0-9.,e+-]*( [x%])?")


class Row(Protocol):
    """One measurement that can be a line of a table."""

    def cells(self) -> Cells:
        """The same headings for every row of a subject."""


@dataclass(frozen=True)
class Measured:
    """One line: what was run, its median and spread in ms, and what it is compared with."""

    name: str
    median_ms: float
    worst_ms: float
    against: str = ""
    ratio: float | None = None

    def cells(self) -> Cells:
        """Times with one digit, the ratio as a factor."""
        return {
            "what": self.name,
            "median ms": f"{self.median_ms:.1f}",
            "worst ms": f"{self.worst_ms:.1f}",
            "against": self.against,
            "ratio": "" if self.ratio is None else f"{self.ratio:.1f} x",
        }


def measure(work: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Median and worst of `repeats` runs in ms, after one run to warm up."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times), max(times)


def table(rows: Sequence[Row]) -> str:
    """`rows` as a Markdown table; numbers stand to the right."""
    cells = [row.cells() for row in rows]
    headings = list(cells[0])
    rule = ["---:" if _is_number(cells, heading) else "---" for heading in headings]
    lines = [headings, rule, *([line[heading] for heading in headings] for line in cells)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _is_number(cells: Sequence[Cells], heading: str) -> bool:
    written = [line[heading] for line in cells if line[heading]]
    return bool(written) and all(_NUMBER.fullmatch(text) for text in written)
