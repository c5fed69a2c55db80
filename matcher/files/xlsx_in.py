"""Excel workbooks in: guarded against bombs and entities, formulas refused, dates typed."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import time, timedelta
from itertools import count
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.cell.cell import TYPE_ERROR, TYPE_FORMULA

from matcher.domain.errors import InvalidInput, Problem
from matcher.files.cells import Unreadable
from matcher.files.guards import shown_name
from matcher.files.raw import COLUMNS_MAXIMUM, Header, RawRow, RawTable, read_header, text_cell
from matcher.files.source import Source

PARTS_MAXIMUM: Final = 2000
UNPACKED_MAXIMUM: Final = 256 * 1024 * 1024
RATIO_MAXIMUM: Final = 100
"""Times that a part may grow when unpacked, from `RATIO_FROM` bytes on; equal rows reach 13."""
RATIO_FROM: Final = 4 * 1024 * 1024
BLANK_ROWS_MAXIMUM: Final = 10_000
SHEET_COLUMNS_MAXIMUM: Final = 16_384
_PROLOGUE: Final = 4096

_DAMAGED: Final = "is a damaged Excel workbook; open it, save it as .xlsx and try again"


def check_archive(source: Source) -> None:
    """Refuses what could not be a spreadsheet of people, by the archive's own table of contents.

    The sizes in it can be trusted as upper bounds: unpacking stops at them.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(source.data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise source.refused(_DAMAGED) from None
    with archive:
        parts = archive.infolist()
        names = [part.filename for part in parts]
        if len(parts) > PARTS_MAXIMUM or len(set(names)) != len(names):
            raise source.refused("has more parts than a workbook has; save it as .xlsx again")
        if sum(part.compress_size for part in parts) > len(source.data):
            raise source.refused("has parts that overlap; it is no real workbook")
        if sum(part.file_size for part in parts) > UNPACKED_MAXIMUM or any(
            part.file_size > RATIO_FROM and part.file_size > RATIO_MAXIMUM * part.compress_size
            for part in parts
        ):
            raise source.refused("unpacks to far more than a workbook does (a zip bomb)")
        if any(part.flag_bits & 1 for part in parts):
            raise source.refused("has a password; save it without one")
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise source.refused("has macros; save it as .xlsx without them")
        if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
            raise source.refused("is a zip file but no Excel workbook; save it as .xlsx")
        for part in parts:
            if part.filename.lower().endswith((".xml", ".rels")) and _has_doctype(archive, part):
                raise source.refused("declares XML entities, which no workbook needs")


def _has_doctype(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    try:
        with archive.open(part) as stream:
            return b"<!DOCTYPE" in stream.read(_PROLOGUE).replace(b"\x00", b"")
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, ValueError):
        # A part that cannot be unpacked is reported as damaged when it is read.
        return False


def read_xlsx(source: Source, lang: str) -> RawTable:
    """The first visible sheet of the workbook in `source`; its first row is the header."""
    check_archive(source)
    try:
        with warnings.catch_warnings():
            # openpyxl warns about parts that it leaves out (validation, styles); none is data.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(source.data), read_only=True, keep_links=False)
    except Exception:  # openpyxl raises whatever a malformed part happens to cause
        raise source.refused(_DAMAGED) from None
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not sheets:
        raise source.refused("has no visible sheet")
    rows = _sheet_rows(source, sheets[0])
    first = next(rows, (1, []))[1]
    if not any(cell not in (None, "") for cell in first):
        raise source.refused("has nothing in row 1; put the names of the columns there")
    if len(first) > COLUMNS_MAXIMUM:
        raise source.refused(f"has more than {COLUMNS_MAXIMUM} columns")
    header, problems, notes = read_header(first, lang)
    if problems:
        raise InvalidInput(problems)
    if len(sheets) > 1:
        title = shown_name(sheets[0].title)
        notes.append(Problem(source.name, f"sheet {title} is read, the other sheets are left out"))
    names = tuple(name for name in header.names if name is not None)
    return RawTable(names, _rows(source, rows, header, notes, lang), warnings=notes)


def _rows(
    source: Source,
    rows: Iterator[tuple[int, list[object]]],
    header: Header,
    notes: list[Problem],
    lang: str,
) -> Iterator[RawRow]:
    last = 1
    for number, cells in rows:
        if any(cell is not None and cell != "" for cell in cells):
            last = number
            yield header.row(number, cells, ",", lang)
        elif number - last > BLANK_ROWS_MAXIMUM:
            # Sheets that were coloured down to the last row hold a million of them.
            why = f"nothing stands in {BLANK_ROWS_MAXIMUM} rows; what comes below is left out"
            notes.append(Problem(source.name, f"after row {last} {why}"))
            return


def _sheet_rows(source: Source, sheet: Any) -> Iterator[tuple[int, list[object]]]:
    # The declared size of a sheet is often wrong, in both directions.
    sheet.reset_dimensions()
    rows = sheet.iter_rows()
    for number in count(1):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                cells = next(rows, None)
        except Exception:  # as above: anything can come out of a malformed sheet
            raise source.refused(_DAMAGED) from None
        if cells is None:
            return
        if len(cells) > SHEET_COLUMNS_MAXIMUM:
            raise source.refused("names cells outside a sheet; it is no real workbook")
        yield number, [_value(cell) for cell in cells]


def _value(cell: Any) -> object:
    value = cell.value
    if value is None:
        return None
    if cell.data_type == TYPE_FORMULA:
        return Unreadable("formula")
    if cell.data_type == TYPE_ERROR:
        return Unreadable("cell_error", (("error", str(value)[:20]),))
    if isinstance(value, str):
        return text_cell(value)
    if isinstance(value, timedelta):
        # A time in a duration format, such as [h]:mm.
        minutes, _ = divmod(value.seconds, 60)
        return Unreadable("time") if value.days else time(*divmod(minutes, 60))
    return value
