"""A run and its folder: everything in it is a function of configuration, data and seed.

The run's name is the hash of those three and of the version of this package's method, so the same
run always lands in the same folder and says the same in it.
"""

from __future__ import annotations

import csv
import io
import json
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np

from matcher.domain.errors import InvalidInput, Problem
from matcher.scoring.manifest import canonical, sha256
from training.dataset import Dataset
from training.nested import OutOfFold

METHOD: Final = 1
"""Raised whenever the same configuration, data and seed would give other numbers."""

RUN: Final = "run.json"
PREDICTIONS: Final = "out_of_fold.csv"
CHOICES: Final = "choices.json"
_LIBRARIES: Final = ("numpy", "scipy", "scikit-learn", "skops")


@dataclass(frozen=True, slots=True)
class Run:
    """One run: its name, its folder and what it was made from."""

    name: str
    folder: Path
    configuration_sha256: str
    data_sha256: str

    def has(self, name: str) -> bool:
        """Whether a file of this very run is there."""
        return (self.folder / name).is_file() and self._is_same()

    def _is_same(self) -> bool:
        try:
            return str(json.loads((self.folder / RUN).read_text())["run"]) == self.name
        except (OSError, ValueError, KeyError):
            return False

    def read(self, name: str) -> Any:
        """A JSON file of this run."""
        return json.loads((self.folder / name).read_text(encoding="utf-8"))

    def write(self, name: str, document: Any) -> Path:
        """`document` as JSON, whole or not at all."""
        text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        return self.write_bytes(name, text.encode())

    def write_bytes(self, name: str, data: bytes) -> Path:
        """A file, whole or not at all."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        beside.write_bytes(data)
        os.replace(beside, path)
        return path


def libraries() -> dict[str, str]:
    """What a run was made with."""
    return {"python": platform.python_version(), **{name: version(name) for name in _LIBRARIES}}


def open_run(data: Dataset, out: Path | None) -> Run:
    """The run of a data set, its folder made; another run's files there are taken away."""
    configuration = sha256(canonical(_plain(data.cohort.text)))
    together = [METHOD, configuration, data.sha256, data.cohort.seed, libraries()]
    name = f"{_slug(data.cohort.name)}-{sha256(canonical(together))[:12]}"
    folder = out if out is not None else Path("runs") / name
    run = Run(name, folder, configuration, data.sha256)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise InvalidInput([Problem(str(folder), "is a file; --out names a folder")]) from None
    if not run.has(RUN):
        _clear(folder)
    run.write(
        RUN,
        {
            "run": name,
            "method": METHOD,
            "cohort": _plain(data.cohort.text),
            "configuration_sha256": configuration,
            "data_sha256": data.sha256,
            "seed": data.cohort.seed,
            "libraries": libraries(),
            "rows": data.rows,
            "left_out": {why: count for why, count in data.left_out.items() if count},
            "notes": data.notes,
        },
    )
    return run


def _clear(folder: Path) -> None:
    """Takes away what an earlier, different run wrote here; nothing else is touched."""
    if not (folder / RUN).is_file():
        return
    for pattern in ("*.json", "*.skops", "out_of_fold.csv", "*.svg", "card.*", "data-sheet.*"):
        for path in folder.glob(pattern):
            path.unlink()


def _slug(name: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in name.casefold()).strip("-") or "cohort"


def _plain(value: Any) -> Any:
    """YAML's values as JSON has them: dates as text, keys as text."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)


def write_predictions(run: Run, data: Dataset, found: OutOfFold) -> None:
    """The out-of-fold predictions by the row's number in its file, and what was chosen in each."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    repeats = len(next(iter(found.p.values())))
    columns = [(name, repeat) for name in found.p for repeat in range(repeats)]
    writer.writerow(["position", "row", "outcome", *(f"{name}:{r}" for name, r in columns)])
    for position in found.judged.tolist():
        cells = [repr(float(found.p[name][repeat, position])) for name, repeat in columns]
        writer.writerow([position, int(data.numbers[position]), int(data.y[position]), *cells])
    run.write(CHOICES, {"late": _listed(found.late), "choices": found.choices})
    run.write_bytes(PREDICTIONS, written.getvalue().encode())


def _listed(positions: Any) -> list[int] | None:
    return None if positions is None else [int(position) for position in positions]


def read_predictions(run: Run, data: Dataset) -> OutOfFold:
    """What `write_predictions` wrote."""
    with (run.folder / PREDICTIONS).open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        header = next(reader)
        rows = [[float(cell) for cell in row] for row in reader]
    numbers = np.array(rows)
    positions = numbers[:, 0].astype(np.int64)
    p: dict[str, Any] = {}
    for index, label in enumerate(header[3:], 3):
        name, _, _ = label.rpartition(":")
        column = np.full(data.rows, np.nan)
        column[positions] = numbers[:, index]
        p.setdefault(name, []).append(column)
    told = run.read(CHOICES)
    late = None if told["late"] is None else np.array(told["late"], dtype=np.int64)
    return OutOfFold({name: np.array(found) for name, found in p.items()}, positions, late,
                     told["choices"])  # fmt: skip
