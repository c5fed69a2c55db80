"""``matcher match`` and ``matcher assess`` as commands: from file to file."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.tables import Cells

TITLE = "Commands from CSV to CSV: 50,000 people, 5,000 vacancies"
PEOPLE, PLACES = 50_000, 5_000
FEW = 300
"""People that are matched one by one for comparison, too few for the kernel to be loaded."""
ON = "2026-11-23"


_LAUNCHER = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
"""Starts a command from a small process: the memory of whoever starts one is counted as its own."""


@dataclass(frozen=True)
class Command:
    """One command: people, seconds by the clock and of processors, and the most memory held."""

    name: str
    people: int
    clock: float
    processor: float
    megabytes: int
    against: float | None = None

    def cells(self) -> Cells:
        """People a second of processor time, against matching one by one."""
        rate = self.people / self.processor
        return {
            "what": self.name,
            "people": f"{self.people:,}",
            "clock s": f"{self.clock:.1f}",
            "processor s": f"{self.processor:.1f}",
            "MB at most": f"{self.megabytes}",
            "people/s": f"{rate:,.0f}",
            "against one by one": "" if self.against is None else f"{rate / self.against:.1f} x",
        }


def rows() -> list[Command]:
    """Each as a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        many, few = Path(name) / "many", Path(name) / "few"
        for folder, people in ((many, PEOPLE), (few, FEW)):
            _run(
                "demo-data", "--candidates", str(people), "--vacancies", str(PLACES), "--seed", "7",
                "--scale", "national", "--out", str(folder),
            )  # fmt: skip
        one_by_one = _run("match", "--top", "10", *_files(few))
        at_once = _run("match", "--top", "10", *_files(many))
        assessed = _run("assess", *_files(few))
    rate = FEW / one_by_one[1]
    return [
        Command("match, top 10, one by one", FEW, *one_by_one),
        Command("match, top 10, chosen by the kernel", PEOPLE, *at_once, against=rate),
        Command("assess", FEW, *assessed),
    ]


def _files(folder: Path) -> list[str]:
    names = {"candidates": "candidates.csv", "vacancies": "vacancies.csv", "out": "out.csv"}
    return [part for name, file in names.items() for part in (f"--{name}", str(folder / file))]


def _run(*arguments: str) -> tuple[float, float, int]:
    """Seconds in all, of processors, and the most memory in MB, of one command."""
    matcher = str(Path(sys.executable).with_name("matcher"))
    start = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - our own command on our own files
        [sys.executable, "-c", _LAUNCHER, matcher, *arguments, "--on", ON],
        capture_output=True,
        text=True,
        check=True,
    )
    processor, memory = done.stdout.split()
    return time.perf_counter() - start, float(processor), int(memory) // 1024
