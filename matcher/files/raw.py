"""A table as a file gives it, before any column is understood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from matcher.domain.errors import Problem
from matcher.files.cells import Unreadable
from matcher.files.guards import unguard_formula
from matcher.files.messages import say

COLUMNS_MAXIMUM: Final = 1000
CELL_MAXIMUM: Final = 32_767
"""Characters in one cell: the most that a spreadsheet holds."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row: its number in the file (the header is 1) and its cells by column name."""

    number: int
    cells: dict[str, object]
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class RawTable:
    """Column names in order, and rows that are read as they are asked for.

    `has_header` is False for JSON, where every object names its own fields.
    """

    names: tuple[str, ...]
    rows: Iterator[RawRow]
    has_header: bool = True
    warnings: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Header:
    """The names of a header row by position; None where a column has no name."""

    names: tuple[str | None, ...]

    def row(self, number: int, cells: Sequence[object], delimiter: str, lang: str) -> RawRow:
        """The cells of one row by name; cells past the header are a problem unless empty."""
        named: dict[str, object] = {}
        for name, value in zip(self.names, cells, strict=False):
            if name is not None:
                named[name] = value
        for index in range(len(self.names), len(cells)):
            if cells[index] not in (None, ""):
                why = say("too_many_cells", lang, delimiter=delimiter)
                return RawRow(number, named, (Problem(str(index + 1), why, number),))
        return RawRow(number, named)


def read_header(cells: Sequence[object], lang: str) -> tuple[Header, list[Problem], list[Problem]]:
    """The header, what is wrong with it, and what is only remarkable.

    Names are compared without capitals and surrounding spaces; one that stands twice is a problem.
    """
    problems: list[Problem] = []
    warnings: list[Problem] = []
    names: list[str | None] = []
    width = max((i for i, cell in enumerate(cells, 1) if cell not in (None, "")), default=0)
    for number, cell in enumerate(cells[:width], 1):
        name = header_name(cell)
        if not name:
            why = say("unnamed_column", lang, number=number)
            warnings.append(Problem("header", why))
            names.append(None)
        elif name in names:
            problems.append(Problem(name, say("duplicate_column", lang), 1))
        else:
            names.append(name)
    return Header(tuple(names)), problems, warnings


def header_name(cell: object) -> str:
    """A column name as it is compared: text without surrounding spaces and capitals."""
    return "" if cell is None else unguard_formula(str(cell).strip()).casefold()


def text_cell(text: str) -> object:
    """A text cell as stored before the export guard; Unreadable when no cell can be that long."""
    if len(text) > CELL_MAXIMUM:
        facts = (("length", len(text)), ("maximum", CELL_MAXIMUM))
        return Unreadable("too_long", facts)
    return unguard_formula(text)
