"""Timing and printing of benchmark tables."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """One line: what was run, its median and spread in ms, and what it is compared with."""

    name: str
    median_ms: float
    worst_ms: float
    against: str = ""
    ratio: float | None = None


def measure(work: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Median and worst of `repeats` runs in ms, after one run to warm up."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times), max(times)


def print_table(title: str, rows: list[Measured]) -> None:
    """Print `rows` as a Markdown table."""
    print(f"## {title}\n")
    print("| what | median ms | worst ms | against | ratio |")
    print("|---|---:|---:|---|---:|")
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.1f} x"
        print(
            f"| {row.name} | {row.median_ms:.1f} | {row.worst_ms:.1f} | {row.against} | {ratio} |"
        )
    print()
