"""Parquet tables in and out; pyarrow is an extra and is loaded only when asked for."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from typing import Any, Final

from matcher.domain.errors import InvalidInput, Problem
from matcher.files.raw import COLUMNS_MAXIMUM, Header, RawRow, RawTable, read_header
from matcher.files.source import Source

ROWS_MAXIMUM: Final = 2_000_000
_BATCH: Final = 10_000


def _pyarrow(name: str) -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise InvalidInput(
            [Problem(name, "needs the parquet extra: pip install 'matcher[parquet]'")]
        ) from None
    return pyarrow


def read_parquet(source: Source, lang: str) -> RawTable:
    """The table in `source`; rows are numbered as if there were a header in row 1."""
    pyarrow = _pyarrow(source.name)
    try:
        table = pyarrow.parquet.ParquetFile(io.BytesIO(source.data))
    except (pyarrow.ArrowException, OSError, ValueError):
        raise source.refused("is a damaged parquet file; export it again") from None
    if table.metadata.num_rows > ROWS_MAXIMUM or table.metadata.num_columns > COLUMNS_MAXIMUM:
        raise source.refused(f"has more than {ROWS_MAXIMUM} rows or {COLUMNS_MAXIMUM} columns")
    header, problems, warnings = read_header(table.schema_arrow.names, lang)
    if problems:
        raise InvalidInput(problems)
    names = tuple(name for name in header.names if name is not None)
    return RawTable(names, _rows(source, pyarrow, table, header, lang), warnings=warnings)


def _rows(source: Source, pyarrow: Any, table: Any, header: Header, lang: str) -> Iterator[RawRow]:
    number = 1
    try:
        for batch in table.iter_batches(batch_size=_BATCH):
            for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                number += 1
                yield header.row(number, cells, ",", lang)
    except (pyarrow.ArrowException, OSError, ValueError):
        raise source.refused(f"is damaged after row {number}; export it again") from None


def parquet_bytes(
    columns: Sequence[tuple[str, str]], rows: Sequence[Mapping[str, Any]], name: str
) -> bytes:
    """`rows` as parquet; `columns` are (name, kind), and the kind fixes the type in the file."""
    pyarrow = _pyarrow(name)
    types = {
        "whole": pyarrow.int64(),
        "number": pyarrow.float64(),
        "decimal": pyarrow.float64(),
        "boolean": pyarrow.bool_(),
        "date": pyarrow.date32(),
        "time": pyarrow.time32("s"),
        "list": pyarrow.list_(pyarrow.string()),
    }
    arrays = []
    for column, kind in columns:
        values = [_typed(row.get(column), kind) for row in rows]
        arrays.append(pyarrow.array(values, types.get(kind, pyarrow.string())))
    table = pyarrow.table(arrays, names=[column for column, _ in columns])
    stream = io.BytesIO()
    pyarrow.parquet.write_table(table, stream, compression="zstd")
    return stream.getvalue()


def _typed(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "date" and isinstance(value, str):
        return date.fromisoformat(value)
    if kind == "time" and isinstance(value, str):
        return time.fromisoformat(value)
    if kind in ("number", "decimal"):
        return float(value)
    if kind == "list":
        return [str(item) for item in value]
    return value
