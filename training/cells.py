"""Columns of cells as numbers, levels or days; what cannot be read is unknown and counted."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matcher.scoring.encoding import FALSE_WORDS, TRUE_WORDS, level_text
from training.cohort import BOOLEAN, CATEGORY, DATE, NUMBER

Floats = NDArray[np.float64]

EMPTY_WORDS: Final = frozenset({"", "na", "n/a", "nan", "null", "."})
EMPTY_NUMBER_WORDS: Final = EMPTY_WORDS | {"none", "?", "-", "--", "missing", "unknown", "nvt"}
_NOUGHT_DAY: Final = date(1970, 1, 1)


@dataclass(slots=True)
class Column:
    """One column read. `values` are floats, NaN where unknown; a category holds the index of its
    level, a date its day since 1970. `unreadable` are positions of cells that say nothing."""

    kind: str
    values: Floats
    levels: tuple[str, ...] = ()
    unreadable: tuple[int, ...] = ()


def is_unknown(cell: object) -> bool:
    """Whether a cell of any kind is empty."""
    return cell is None or (isinstance(cell, str) and cell.strip().casefold() in EMPTY_WORDS)


def read_column(cells: Sequence[object], kind: str | None, levels: Sequence[str] = ()) -> Column:
    """`cells` as `kind`, or as the first kind that reads nearly all of them."""
    if levels:
        return _ordered(cells, levels)
    if kind == CATEGORY:
        return _category(cells)
    if kind == NUMBER:
        return _numbers(cells)
    if kind == DATE:
        return _dates(cells)
    if kind == BOOLEAN:
        return _boolean(cells)
    return _found(cells)


def _found(cells: Sequence[object]) -> Column:
    """The kind that the cells themselves speak of."""
    known = [cell for cell in cells if not is_unknown(cell)]
    if not known:
        return Column(NUMBER, np.full(len(cells), np.nan))
    spoken = {str(cell).strip().casefold() for cell in known[:1000]}
    if spoken <= TRUE_WORDS | FALSE_WORDS:
        return _boolean(cells)
    for read in (_numbers, _dates):
        column = read(cells)
        if len(column.unreadable) <= 0.02 * len(known):
            return column
    return _category(cells)


def _numbers(cells: Sequence[object]) -> Column:
    try:
        fast = np.array(["nan" if c is None or c == "" else c for c in cells], dtype=np.float64)
    except (ValueError, TypeError):
        fast = None
    if fast is not None and not np.isinf(fast).any():
        return Column(NUMBER, fast)
    values = np.full(len(cells), np.nan)
    unreadable = []
    for index, cell in enumerate(cells):
        if cell is None or (
            isinstance(cell, str) and cell.strip().casefold() in EMPTY_NUMBER_WORDS
        ):
            continue
        number = number_of(cell)
        if number is None:
            unreadable.append(index)
        else:
            values[index] = number
    return Column(NUMBER, values, unreadable=tuple(unreadable))


def number_of(cell: object) -> float | None:
    """A cell as a finite number; decimal commas, thousands and yes or no are read."""
    if isinstance(cell, bool):
        return float(cell)
    if isinstance(cell, int | float):
        return float(cell) if math.isfinite(cell) else None
    text = str(cell).strip().replace("\u00a0", "").replace(" ", "").removeprefix("€")
    word = text.casefold()
    if word in TRUE_WORDS | FALSE_WORDS and not word.isdigit():
        return float(word in TRUE_WORDS)
    if "," in text:
        comma_is_decimal = text.rfind(",") > text.rfind(".")
        if comma_is_decimal and text.count(",") == 1:
            text = text.replace(".", "").replace(",", ".")
        else:
            text = text.replace(",", "")
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _boolean(cells: Sequence[object]) -> Column:
    """Yes and no; two other words are two levels of a category."""
    values = np.full(len(cells), np.nan)
    unreadable = []
    for index, cell in enumerate(cells):
        if is_unknown(cell):
            continue
        number = number_of(cell)
        word = str(cell).strip().casefold()
        if number in (0.0, 1.0):
            values[index] = number
        elif word not in EMPTY_NUMBER_WORDS:
            unreadable.append(index)
    if unreadable:
        as_words = _category(cells)
        if len(as_words.levels) == 2:
            return as_words
    return Column(BOOLEAN, values, unreadable=tuple(unreadable))


def _category(cells: Sequence[object]) -> Column:
    texts = [None if is_unknown(cell) else level_text(_plain(cell)) for cell in cells]
    counted = Counter(text for text in texts if text is not None)
    levels = tuple(sorted(counted))
    place: dict[str | None, float] = {level: float(i) for i, level in enumerate(levels)}
    place[None] = math.nan
    return Column(CATEGORY, np.array([place[text] for text in texts]), levels)


def _plain(cell: object) -> Any:
    """A whole number that a file wrote as ``1.0`` is the same level as ``1``."""
    if isinstance(cell, str) and cell.endswith(".0") and cell[:-2].lstrip("-").isdigit():
        return cell[:-2]
    return cell


def _ordered(cells: Sequence[object], levels: Sequence[str]) -> Column:
    """Words in the order the cohort gives, as 0, 1, 2 …"""
    place = {level_text(level).casefold(): float(index) for index, level in enumerate(levels)}
    values = np.full(len(cells), np.nan)
    unreadable = []
    for index, cell in enumerate(cells):
        if is_unknown(cell):
            continue
        found = place.get(level_text(_plain(cell)).casefold())
        if found is None:
            unreadable.append(index)
        else:
            values[index] = found
    return Column(NUMBER, values, unreadable=tuple(unreadable))


def _dates(cells: Sequence[object]) -> Column:
    values = np.full(len(cells), np.nan)
    unreadable = []
    for index, cell in enumerate(cells):
        if is_unknown(cell):
            continue
        day = day_of(cell)
        if day is None:
            unreadable.append(index)
        else:
            values[index] = day
    return Column(DATE, values, unreadable=tuple(unreadable))


def day_of(cell: object) -> int | None:
    """A cell as days since 1970: ISO 8601, or day-month-year with dashes or slashes."""
    if isinstance(cell, datetime):
        return (cell.date() - _NOUGHT_DAY).days
    if isinstance(cell, date):
        return (cell - _NOUGHT_DAY).days
    text = str(cell).strip()
    parts = text.replace("/", "-").split("-")
    if len(parts) == 3 and len(parts[2]) == 4:
        text = f"{parts[2]}-{parts[1].zfill(2)}-{parts[0].zfill(2)}"
    try:
        return (date.fromisoformat(text[:10]) - _NOUGHT_DAY).days
    except ValueError:
        return None


def day_text(day: float) -> str:
    """Days since 1970 as ISO 8601."""
    return date.fromordinal(_NOUGHT_DAY.toordinal() + int(day)).isoformat()
