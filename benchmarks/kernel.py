"""The batch kernel: every pair through all rules and points, the best ten of both sides."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import alternatives
from benchmarks.scale import ON, SCALES, Scale, feasible_share, scale
from benchmarks.tables import Cells
from matcher.domain.pairs import Setting
from matcher.engine.batch import Lists, Scorer, best_pairs, blocks_of
from matcher.engine.layout import Country
from matcher.files.columns_candidate import CANDIDATE_COLUMNS
from matcher.files.columns_vacancy import VACANCY_COLUMNS
from matcher.files.loading import load_candidates, load_vacancies
from matcher.files.records import candidate_record, vacancy_record
from matcher.files.source import open_source
from matcher.files.writing import out_columns, write_table
from matcher.reference.places import load_places
from matcher.reference.rules import load_rule_set

TITLE = "Every pair of 50,000 people and 5,000 vacancies, the top 10 of both sides"
PEOPLE, PLACES, TOP = 50_000, 5_000, 10
REPEATS = 7
PER_PAIR, DENSE, MASKED = 400, 200, 4_000
"""What the slower ways are measured on: pairs, people, people."""
MEMORY_AT = 2
"""Percent feasible of the data whose memory is measured."""

HOW = """The best of several runs with everything warm. Pairs a second are by the processor time of
the busiest core, which other work on the machine hardly lengthens; on a quiet machine the clock
says the same."""
_facts: list[str] = []


@dataclass(frozen=True)
class Speed:
    """One way on one set of data: pairs, and the best of some runs in s.

    `processor` is the processor time of the busiest core, `clock` what a clock on the wall says;
    `against` are the pairs a second of the way it is compared with.
    """

    name: str
    pairs: int
    processor: float
    clock: float
    against: float | None = None

    def cells(self) -> Cells:
        """Pairs a second of processor time, and how many times those of the first way."""
        rate = self.pairs / self.processor
        return {
            "what": self.name,
            "pairs": f"{self.pairs:,}",
            "clock s": f"{self.clock:.3f}",
            "busiest core s": f"{self.processor:.3f}",
            "pairs/s": f"{rate:.2e}",
            "against per-pair scikit-learn": ""
            if self.against is None
            else f"{rate / self.against:,.0f} x",
        }


def rows() -> list[Speed]:
    """Both shares; the slower ways on a sample of the people against all vacancies."""
    _facts[:] = [HOW]
    measured: list[Speed] = []
    for percent in SCALES:
        data = scale(percent, PEOPLE, PLACES)
        share = feasible_share(data)
        _facts.append(
            f"Near {percent} %: `demo-data --scale {SCALES[percent]} --feasible {percent}`, "
            f"{share:.2f} % of pairs feasible."
        )
        measured += _measured(data, percent)
        if percent == MEMORY_AT:
            used = _memory_of_a_process(data)
            _facts.append(
                f"A process that reads these people and this work and scores them on two cores "
                f"holds {used} MB at most."
            )
    return measured


def facts() -> list[str]:
    """The feasible shares and the memory, after `rows`."""
    return _facts


def _measured(data: Scale, percent: int) -> list[Speed]:
    country = Country(data.vacancies, data.setting)
    blocks = list(blocks_of(data.candidates, country))
    every = PEOPLE * PLACES
    found: list[Speed] = []

    def add(name: str, pairs: int, times: tuple[float, float]) -> None:
        base = found[0].pairs / found[0].processor if found else None
        found.append(Speed(f"{percent} %: {name}", pairs, *times, base))

    slow = alternatives.per_pair_pipeline(data, PER_PAIR)
    add("per-pair scikit-learn", PER_PAIR, _best(slow, 3))
    add("dense numpy", DENSE * PLACES, _best(alternatives.dense_columns(data, DENSE), 3))
    masked = alternatives.mask_first(country, blocks[0], MASKED)
    add("mask-first numpy", MASKED * PLACES, _best(masked, 3))
    nearest = alternatives.nearest_vectors(data, PEOPLE)
    if nearest is None:
        _facts.append("faiss without mask: faiss-cpu cannot be installed for this Python.")
    else:
        add("faiss without mask, 1 core", every, _best(nearest, REPEATS))
    scorer = Scorer(country, take_ask_first=True, seed=0)
    add("fused kernel, 1 core", every, _kernel(scorer, blocks, 1))
    add("fused kernel, 2 cores", every, _kernel(scorer, blocks, 2))
    whole = partial(best_pairs, data.candidates, country, top=TOP)
    # It scores in a thread of its own, which the time of the calling thread leaves out.
    add("people laid out and scored, 1 core", every, _best(whole, 3, time.process_time))
    return found


def _kernel(scorer: Scorer, blocks: list[Any], cores: int) -> tuple[float, float]:
    """Seconds of the compiled code alone, each core with its part of every block."""
    people = sum(len(block.row) for block in blocks)
    own, eligible = Lists(people, TOP), np.zeros(people, np.int64)
    theirs = [Lists(PLACES, TOP) for _ in range(cores)]

    def part(core: int) -> float:
        start = time.thread_time()
        for block in blocks:
            first, last = (len(block.row) * at // cores for at in (core, core + 1))
            scorer.run(block, first, last, own, theirs[core], eligible)
        return time.thread_time() - start

    times = []
    with ThreadPoolExecutor(cores) as pool:
        for _ in range(REPEATS + 1):
            for lists in (own, *theirs):
                lists.clear()
            start = time.perf_counter()
            busiest = max(pool.map(part, range(cores)))
            times.append((busiest, time.perf_counter() - start))
    return _least(times[1:])


def _best(
    work: Callable[[], object], repeats: int, used: Callable[[], float] = time.thread_time
) -> tuple[float, float]:
    work()
    times = []
    for _ in range(repeats):
        start, clock = used(), time.perf_counter()
        work()
        times.append((used() - start, time.perf_counter() - clock))
    return _least(times)


def _least(times: list[tuple[float, float]]) -> tuple[float, float]:
    return min(processor for processor, _ in times), min(clock for _, clock in times)


def _memory_of_a_process(data: Scale) -> int:
    """The most memory, in MB, of a process that reads the files of `data` and scores them."""
    with tempfile.TemporaryDirectory() as folder:
        candidates, vacancies = Path(folder) / "candidates.csv", Path(folder) / "vacancies.csv"
        people = [candidate_record(candidate) for candidate in data.candidates]
        places = [vacancy_record(vacancy) for vacancy in data.vacancies]
        write_table(candidates, "csv", people, out_columns(CANDIDATE_COLUMNS), "candidates")
        write_table(vacancies, "csv", places, out_columns(VACANCY_COLUMNS), "vacancies")
        done = subprocess.run(  # noqa: S603 - this module itself
            [sys.executable, "-m", "benchmarks.kernel", str(candidates), str(vacancies)],
            capture_output=True,
            text=True,
            check=True,
        )
    return int(done.stdout)


def _score_files(candidates: str, vacancies: str) -> None:
    people = [person for person, _ in load_candidates(open_source(candidates)).items]
    places = load_vacancies(open_source(vacancies)).items
    setting = Setting(load_rule_set("demo"), load_places(), ON)
    best_pairs(people, Country(places, setting), top=TOP, threads=2)
    # Not what the resource module says: that counts the process that started this one too.
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    highest = next(line for line in lines if line.startswith("VmHWM"))
    print(int(highest.split()[1]) // 1024)


if __name__ == "__main__":
    _score_files(*sys.argv[1:])
