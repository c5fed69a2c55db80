"""CSV as people really send it: encodings, separators, newlines and quotes that do not close."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Collection, Iterator
from typing import Final

from charset_normalizer import from_bytes

from matcher.domain.errors import InvalidInput, Problem
from matcher.files.messages import say
from matcher.files.raw import (
    COLUMNS_MAXIMUM,
    Header,
    RawRow,
    RawTable,
    header_name,
    read_header,
    text_cell,
)
from matcher.files.source import SIZE_MAXIMUM, Source

DELIMITERS: Final = (",", ";", "\t")
_DELIMITER_NAMES: Final = {",": "a comma", ";": "a semicolon", "\t": "a tab"}
_DELIMITER_NAMES_NL: Final = {",": "een komma", ";": "een puntkomma", "\t": "een tab"}

RECORD_LINES_MAXIMUM: Final = 100
"""Lines that one record may span; beyond that a quote was opened and never closed."""

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# A cell of any length must be a problem of its row, not of the file: the module's own limit of
# 128 KB would stop the reader. The size of the whole file is bounded before.
csv.field_size_limit(SIZE_MAXIMUM)


def decode(source: Source) -> tuple[str, str]:
    """The text of `source` and the name of its encoding; refused rather than guessed wrong."""
    data = source.data
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decoded(source, encoding), encoding
    wide = _wide_encoding(data)
    if wide is not None:
        return _decoded(source, wide), wide
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        place = error.start
    best = from_bytes(data, cp_isolation=["cp1252"]).best()
    if best is None:
        raise source.refused(
            f"is neither UTF-8 (byte {place + 1}) nor Windows-1252 text; save it as UTF-8"
        )
    return data.decode("cp1252"), "cp1252"


def _decoded(source: Source, encoding: str) -> str:
    try:
        return source.data.decode(encoding)
    except UnicodeDecodeError as error:
        raise source.refused(
            f"breaks off or is damaged at byte {error.start + 1} ({encoding}); save it as UTF-8"
        ) from None


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 without a mark: Latin text has a zero in every second byte."""
    head = data[:4096]
    if len(head) < 4 or len(data) % 2:
        return None
    half = len(head) // 2
    if head[1::2].count(0) > 0.7 * half and head[0::2].count(0) == 0:
        return "utf-16-le"
    if head[0::2].count(0) > 0.7 * half and head[1::2].count(0) == 0:
        return "utf-16-be"
    return None


def read_csv(source: Source, known: Collection[str], lang: str) -> RawTable:
    """The table in `source`; `known` column names help to find the separator.

    Raises `InvalidInput` for what makes the whole file unreadable; what is wrong with one row is
    in that row.
    """
    text, encoding = decode(source)
    lines = list(io.StringIO(text, newline=""))
    first = 0
    delimiter = None
    if lines and lines[0].strip().lower() in ("sep=,", "sep=;", "sep=\t", "sep="):
        # Excel writes and hides this line; a tab in it may have been stripped by an editor.
        delimiter = lines[0].strip("\r\n")[4:5] or "\t"
        first = 1
    while first < len(lines) and not lines[first].strip():
        first += 1
    if first >= len(lines):
        raise source.refused("holds no text; export it again")
    if delimiter is None:
        delimiter = _delimiter(lines, first, known)
    records = _records(lines, first, delimiter)
    _, cells = next(records)
    if cells is None:
        raise InvalidInput([Problem("header", say("quotes", lang), 1)])
    if len(cells) > COLUMNS_MAXIMUM:
        raise source.refused(f"has more than {COLUMNS_MAXIMUM} columns; is the separator right?")
    header, problems, warnings = read_header(cells, lang)
    if problems:
        raise InvalidInput(problems)
    if encoding == "cp1252":
        warnings.append(Problem(source.name, "is read as Windows-1252; UTF-8 is safer"))
    names = tuple(name for name in header.names if name is not None)
    return RawTable(names, _rows(records, header, delimiter, lang), warnings=warnings)


def _rows(
    records: Iterator[tuple[int, list[str] | None]], header: Header, delimiter: str, lang: str
) -> Iterator[RawRow]:
    names = _DELIMITER_NAMES_NL if lang == "nl" else _DELIMITER_NAMES
    shown = names.get(delimiter, delimiter)
    for number, cells in records:
        if cells is None:
            yield RawRow(number, {}, (Problem("row", say("quotes", lang), number),))
        elif any(cell.strip() for cell in cells):
            yield header.row(number, [text_cell(cell) for cell in cells], shown, lang)


def _delimiter(lines: list[str], first: int, known: Collection[str]) -> str:
    """The separator that gives most known names in the header, then most cells."""

    def score(delimiter: str) -> tuple[int, int]:
        _, cells = next(_records(lines, first, delimiter))
        cells = cells or []
        return sum(header_name(cell) in known for cell in cells), len(cells)

    return max(DELIMITERS, key=score)


class _Lines:
    """Feeds lines to the csv module, at most `RECORD_LINES_MAXIMUM` to one record."""

    def __init__(self, lines: list[str], index: int) -> None:
        self.lines = lines
        self.index = index
        self.record_start = index

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        spanned = self.index - self.record_start
        if self.index >= len(self.lines) or spanned >= RECORD_LINES_MAXIMUM:
            raise StopIteration
        self.index += 1
        return self.lines[self.index - 1]


def _records(
    lines: list[str], first: int, delimiter: str
) -> Iterator[tuple[int, list[str] | None]]:
    """Records with their number from 1; None for one whose quotes are wrong.

    After such a record reading goes on at the next line, so that one quote never swallows the
    rest of the file.
    """
    feeder = _Lines(lines, first)
    reader = csv.reader(feeder, delimiter=delimiter, strict=True)
    number = 0
    while feeder.index < len(lines):
        feeder.record_start = feeder.index
        number += 1
        try:
            yield number, next(reader)
        except csv.Error:
            yield number, None
            feeder = _Lines(lines, feeder.record_start + 1)
            reader = csv.reader(feeder, delimiter=delimiter, strict=True)
