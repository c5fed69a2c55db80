"""Rows of an upload as they are kept until they are imported: plain JSON, no numbers of people.

A citizen service number or bank account number is taken out before anything is kept, wherever it
stands; what is kept instead says only that something was taken out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from matcher.files.cells import Unreadable, plain
from matcher.files.free_text import never_saved
from matcher.files.raw import RawRow

TAKEN_OUT: Final = ("bsn", "iban")
"""Codes of what is never kept; both are messages and kinds of ``never_asked_terms``."""
_DAY: Final = "d"
_MOMENT: Final = "t"
_TIME: Final = "h"
_DECIMAL: Final = "n"
_UNREADABLE: Final = "u"
_LIST: Final = "l"


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One row: its number in the file, its cells by position, and what made it unreadable."""

    number: int
    cells: Sequence[object]
    problems: tuple[tuple[str, str], ...] = ()
    """(column, why) of a row whose shape is wrong; such a row is refused as it is."""


def keep_row(row: RawRow, names: Sequence[str | None]) -> list[Any]:
    """`row` as JSON with the cells in the order of `names`; a name of None is a column left out."""
    cells = [None if name is None else _kept(row.cells.get(name)) for name in names]
    problems = [[problem.where, problem.why] for problem in row.problems]
    return [row.number, cells, problems] if problems else [row.number, cells]


def read_row(kept: Sequence[Any]) -> KeptRow:
    """The row that `keep_row` wrote."""
    problems = tuple((where, why) for where, why in kept[2]) if len(kept) > 2 else ()
    return KeptRow(kept[0], [read_cell(cell) for cell in kept[1]], problems)


def _kept(value: object) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return _number(value)
    if isinstance(value, str):
        found = never_saved(value)
        return {_UNREADABLE: [found[0].code, {}]} if found else value
    if isinstance(value, Unreadable):
        return {_UNREADABLE: [value.code, dict(value.facts)]}
    if isinstance(value, datetime):
        return {_MOMENT: value.isoformat()}
    if isinstance(value, date):
        return {_DAY: value.isoformat()}
    if isinstance(value, time):
        return {_TIME: value.isoformat("minutes")}
    if isinstance(value, Decimal):
        return {_DECIMAL: str(value)}
    if isinstance(value, list | tuple):
        return {_LIST: [_kept(item) for item in value]}
    return {_UNREADABLE: ["nested", {}]}


def _number(value: object) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float) and value != value:
        return {_UNREADABLE: ["not_a_number", {"value": "NaN"}]}
    if value in (float("inf"), float("-inf")):
        return {_UNREADABLE: ["not_a_number", {"value": "Infinity"}]}
    digits = str(plain(value))
    found = never_saved(digits)
    return {_UNREADABLE: [found[0].code, {}]} if found else value


def read_cell(kept: Any) -> object:
    """The cell that was kept, as a file gives it."""
    if not isinstance(kept, dict):
        return kept
    [(kind, value)] = kept.items()
    if kind == _DAY:
        return date.fromisoformat(value)
    if kind == _MOMENT:
        return datetime.fromisoformat(value)
    if kind == _TIME:
        return time.fromisoformat(value)
    if kind == _DECIMAL:
        return Decimal(value)
    if kind == _LIST:
        return [read_cell(item) for item in value]
    return Unreadable(value[0], tuple(value[1].items()))


def shown_cell(value: object, taken_out: str = "") -> str:
    """A cell as text, for a person or a result file; `taken_out` for what was not kept."""
    if value is None:
        return ""
    if isinstance(value, Unreadable):
        return taken_out if value.code in TAKEN_OUT else str(dict(value.facts).get("error", ""))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "|".join(shown_cell(item, taken_out) for item in value)
    if isinstance(value, datetime):
        whole_day = value.time() == time()
        return value.date().isoformat() if whole_day else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    return str(plain(value))


def cells_of(rows: Sequence[KeptRow], index: int) -> Iterator[object]:
    """The filled cells of one column."""
    for row in rows:
        value = row.cells[index]
        if value is not None and not (isinstance(value, str) and not value.strip()):
            yield value
