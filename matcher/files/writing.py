"""Tables out: the same rows give the same bytes, and no text can become a formula."""

from __future__ import annotations

import csv
import io
import os
import re
import sys
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils.exceptions import IllegalCharacterError

from matcher.domain.errors import InvalidInput, Problem
from matcher.files.cells import plain
from matcher.files.columns import Column, Kind
from matcher.files.exact_json import exact_json
from matcher.files.guards import guard_formula
from matcher.files.parquet import parquet_bytes
from matcher.files.source import STANDARD_STREAM

_OUT_KINDS: Final = {
    Kind.WHOLE: "whole",
    Kind.NUMBER: "number",
    Kind.MONEY: "decimal",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
    Kind.TIME: "time",
}

OutColumn = tuple[str, str]
"""Name and kind (text, whole, number, decimal, boolean, date, time, list) of a column written."""


def out_columns(columns: Sequence[Column]) -> tuple[OutColumn, ...]:
    """The columns of an input table as they are written."""
    return tuple(
        (column.name, "list" if column.is_list else _OUT_KINDS.get(column.kind, "text"))
        for column in columns
    )


def table_bytes(
    file_format: str,
    rows: Iterable[Mapping[str, Any]],
    columns: Sequence[OutColumn],
    title: str,
) -> bytes:
    """`rows` in `file_format`: JSON with all that they hold, the others with `columns` only.

    CSV and XLSX are written row by row, so that rows made on the way need no room.
    """
    if file_format == "csv":
        return _csv_bytes(rows, columns)
    if file_format == "xlsx":
        return _xlsx_bytes(rows, columns, title)
    if file_format == "parquet":
        return parquet_bytes(columns, list(rows), title)
    return json_bytes(list(rows))


def write_table(
    target: str | Path,
    file_format: str,
    rows: Iterable[Mapping[str, Any]],
    columns: Sequence[OutColumn],
    title: str,
) -> None:
    """`rows` to the file `target`, whole or not at all; ``-`` is standard output."""
    write_bytes(target, table_bytes(file_format, rows, columns, title))


def write_bytes(target: str | Path, data: bytes) -> None:
    """`data` to `target`, whole or not at all; `InvalidInput` when that place cannot be written."""
    if str(target) == STANDARD_STREAM:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    path = Path(target)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with temporary.open("xb") as stream:
            stream.write(data)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise InvalidInput(
            [Problem(path.name, f"cannot be written: {error.strerror}; check the folder")]
        ) from None


def json_bytes(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """`rows` as an indented JSON array in UTF-8; decimals keep their digits (68.50)."""
    return f"{exact_json(list(rows), indent=2)}\n".encode()


def _csv_bytes(rows: Iterable[Mapping[str, Any]], columns: Sequence[OutColumn]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([name for name, _ in columns])
    for row in rows:
        writer.writerow([_csv_cell(row.get(name), kind) for name, kind in columns])
    return stream.getvalue().encode("utf-8")


def _csv_cell(value: Any, kind: str) -> str:
    if value is None:
        return ""
    if type(value) is str:
        return guard_formula(value)
    if kind == "decimal" or isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(plain(value))
    return guard_formula(_joined(value))


def _joined(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "|".join(_joined(item) for item in value)
    return value.isoformat() if isinstance(value, date | time) else str(value)


_DOCUMENT_DATE: Final = datetime(2000, 1, 1, tzinfo=UTC)
_ENTRY_DATE: Final = (2000, 1, 1, 0, 0, 0)
"""Dates inside a workbook are fixed, so that the same rows give the same bytes (P-8)."""
_MODIFIED: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def _xlsx_bytes(
    rows: Iterable[Mapping[str, Any]], columns: Sequence[OutColumn], title: str
) -> bytes:
    book = Workbook(write_only=True)
    book.properties.creator = "matcher"
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    head = [WriteOnlyCell(sheet, name) for name, _ in columns]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    try:
        for row in rows:
            sheet.append([_xlsx_cell(sheet, row.get(name), kind) for name, kind in columns])
    except IllegalCharacterError:
        raise InvalidInput([Problem(title, "holds a character that Excel cannot hold")]) from None
    stream = io.BytesIO()
    book.save(stream)
    return _fixed(stream.getvalue())


def _xlsx_cell(sheet: Any, value: Any, kind: str) -> Any:
    if value is None:
        return None
    if isinstance(value, bool):
        value = "yes" if value else "no"
    elif kind == "date":
        return value if isinstance(value, date) else date.fromisoformat(value)
    elif kind == "time":
        return value if isinstance(value, time) else time.fromisoformat(value)
    elif isinstance(value, int | float | Decimal):
        return value
    cell = WriteOnlyCell(sheet, guard_formula(_joined(value)))
    # Without this a text such as #N/A would be stored as an error.
    cell.data_type = "s"
    return cell


def _fixed(workbook: bytes) -> bytes:
    """`workbook` packed anew, with fixed dates and its parts in the order of their names."""
    stream = io.BytesIO()
    stamp = _DOCUMENT_DATE.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        # The content types come first, as readers that stream a workbook expect.
        names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", data)
            entry = zipfile.ZipInfo(name, _ENTRY_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            target.writestr(entry, data)
    return stream.getvalue()
