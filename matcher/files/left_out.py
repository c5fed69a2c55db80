"""A CSV file without some of its rows, and for the rest as it was."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable

from matcher.files.csv_in import decode
from matcher.files.guards import unguard_formula
from matcher.files.raw import header_name
from matcher.files.source import Source

_DELIMITERS = ",;\t"


def without_rows(
    source: Source, column: str, left_out: Callable[[Iterable[str]], set[str]]
) -> tuple[bytes, int]:
    """The file without the rows whose `column` is among what `left_out` keeps of all its values.

    With it comes how many rows were left out. Other columns may be any; `InvalidInput` when the
    column is missing.
    """
    text, _encoding = decode(source)
    lines = text.splitlines()
    delimiter = max(_DELIMITERS, key=lines[0].count) if lines else ","
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    names = [header_name(cell) for cell in rows[0]] if rows else []
    if column not in names:
        raise source.refused(f"has no column {column}; name the one with references")
    at = names.index(column)

    def value(row: list[str]) -> str:
        return str(unguard_formula(row[at])).strip() if len(row) > at else ""

    gone = left_out({value(row) for row in rows[1:]})
    kept = [row for row in rows[1:] if value(row) not in gone]
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerows([rows[0], *kept])
    return stream.getvalue().encode("utf-8"), len(rows) - 1 - len(kept)
