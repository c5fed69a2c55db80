"""Running ``allocate`` on files and reading what it wrote."""

from __future__ import annotations

import csv
from pathlib import Path

from click.testing import CliRunner

from matcher.cli import main

DAY = "2027-01-04"


def demo_files(folder: Path, *, candidates: int, vacancies: int, seed: int) -> Path:
    """`folder` with candidates, vacancies and programmes."""
    size = f"--candidates {candidates} --vacancies {vacancies} --programmes 20 --seed {seed}"
    run("demo-data", *size.split(), "--on", DAY, "--out", str(folder))
    return folder


def run(*arguments: str, code: int = 0) -> str:
    """What the command says; it must end with `code`."""
    answer = CliRunner().invoke(main, list(arguments))
    assert answer.exit_code == code, answer.output
    return answer.output


def allocate(folder: Path, out: Path, *more: str, code: int = 0, **tables: Path) -> str:
    """Allocates the candidates and vacancies of `folder`; `tables` adds or replaces files."""
    names = {
        "candidates": folder / "candidates.csv",
        "vacancies": folder / "vacancies.csv",
        **tables,
    }
    options = [part for name, path in names.items() for part in (f"--{name}", str(path))]
    return run("allocate", *options, "--on", DAY, "--out", str(out), *more, code=code)


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
