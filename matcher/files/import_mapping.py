"""Which column of a file fills what: by its header first, then by what stands in it.

A header tells most, but people swap columns. A column whose header says one thing and whose cells
say another is doubted, and where two doubted columns each hold what the other one announces, they
are proposed the other way round. A person confirms either way.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from typing import Final

from matcher.files.cells import Unreadable
from matcher.files.columns import Kind
from matcher.files.import_cells import KeptRow, cells_of
from matcher.files.import_fixes import FixKind, propose
from matcher.files.import_targets import Target, targets_of
from matcher.files.messages import CellError
from matcher.models.states import ImportKind
from matcher.reference.import_columns import ImportColumns, load_import_columns, plain_header

_NEARLY: Final = 0.85
_TELLING: Final[Mapping[str, re.Pattern[str]]] = {
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "phone": re.compile(
        r"(?:0|\+31|0031|31)?[ -]?6[ -]?(?:[0-9][ -]?){8}|6[.,][0-9]{1,8}[eE]\+?0?8"
    ),
    "pc4": re.compile(r"[1-9][0-9]{3}\s*[A-Za-z]{2}"),
}
"""Cells that can be nothing else, for a column whose header says nothing."""


class Why(StrEnum):
    """Why a column is proposed for what it is."""

    SAME_NAME = "same_name"
    LIKE_NAME = "like_name"
    CONTENT = "content"
    SWAPPED = "swapped"
    DOUBTED = "doubted"
    REMEMBERED = "remembered"
    UNKNOWN = "unknown"
    TAKEN = "taken"
    """Another column fills the same thing."""
    NEVER = "never"
    """Nobody may ask this; its cells are not kept."""
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """One column of the file: its header, what it fills (None is left out), and why.

    `fit` is the share of its filled cells that can be read, in hundredths; None without any.
    `other` is the header it seems to be swapped with, or the code of what is never asked.
    """

    header: str
    target: str | None
    why: Why
    fit: int | None = None
    other: str | None = None


def header_hash(kind: ImportKind, headers: Sequence[str]) -> str:
    """What tells one set of headers of a kind of file from another, whatever their order."""
    text = "\n".join([kind.value, *sorted(headers)])
    return hashlib.sha256(text.encode()).hexdigest()


def suggest(
    kind: ImportKind,
    headers: Sequence[str],
    rows: Sequence[KeptRow],
    remembered: Mapping[str, str | None] | None = None,
) -> list[ColumnChoice]:
    """What each column most likely fills, judged by `rows`, the first ones of the file.

    `remembered` is what was chosen for these headers before; it holds unless the cells of a column
    do not fit any more.
    """
    known = load_import_columns()
    targets = targets_of(kind)
    found: list[ColumnChoice] = []
    taken: set[str] = set()
    for header in headers:
        choice = _by_header(header, known, targets, kind, remembered)
        if choice.target in taken:
            choice = replace(choice, target=None, why=Why.TAKEN)
        if choice.target is not None:
            taken.add(choice.target)
        found.append(choice)
    found = [
        _by_content(choice, list(cells_of(rows, index)), targets, taken)
        for index, choice in enumerate(found)
    ]
    found = [
        replace(choice, fit=_fit(targets.get(choice.target or ""), list(cells_of(rows, index))))
        for index, choice in enumerate(found)
    ]
    return _unswapped(found, rows, targets, known)


def _by_header(
    header: str,
    known: ImportColumns,
    targets: Mapping[str, Target],
    kind: ImportKind,
    remembered: Mapping[str, str | None] | None,
) -> ColumnChoice:
    plain = plain_header(header)
    if remembered is not None and header in remembered:
        return ColumnChoice(header, remembered[header], Why.REMEMBERED)
    if header in targets:
        return ColumnChoice(header, header, Why.SAME_NAME)
    columns = known.columns[kind]
    for name, column in columns.items():
        if plain in column.headers:
            return ColumnChoice(header, name, Why.SAME_NAME)
    never = never_asked(kind, header)
    if never is not None:
        return ColumnChoice(header, None, Why.NEVER, other=never)
    words = {word: name for name, column in columns.items() for word in column.headers}
    near = get_close_matches(plain[:60], list(words), n=1, cutoff=_NEARLY) if len(plain) > 3 else []
    if near:
        return ColumnChoice(header, words[near[0]], Why.LIKE_NAME)
    return ColumnChoice(header, None, Why.UNKNOWN)


def never_asked(kind: ImportKind, header: str) -> str | None:
    """The code of what a header asks that nobody may ask, unless it is a known column."""
    known = load_import_columns()
    plain = plain_header(header)
    columns = known.columns[kind]
    if header in columns or any(plain in column.headers for column in columns.values()):
        return None
    found = known.never_asked(header)
    return None if found is None else found.code


def _by_content(
    choice: ColumnChoice, cells: Sequence[object], targets: Mapping[str, Target], taken: set[str]
) -> ColumnChoice:
    if choice.target is not None or choice.why is not Why.UNKNOWN or not cells:
        return choice
    for name, pattern in _TELLING.items():
        if name in targets and name not in taken:
            matching = sum(bool(pattern.fullmatch(str(cell).strip())) for cell in cells)
            if matching >= 0.8 * len(cells):
                taken.add(name)
                return replace(choice, target=name, why=Why.CONTENT)
    return choice


def _fit(target: Target | None, cells: Sequence[object]) -> int | None:
    """How many of a hundred filled cells can be read as `target`, with a proposal or without."""
    if target is None or not cells:
        return None
    return 100 * sum(_is_readable(target, cell) for cell in cells) // len(cells)


def _is_readable(target: Target, cell: object) -> bool:
    try:
        target.read(cell)
    except CellError as refused:
        if isinstance(cell, Unreadable) or refused.code in ("phone_lost", "never_asked"):
            return True
        fix = propose(target, cell)
        return fix is not None and fix.kind is not FixKind.LEAVE_OUT
    return True


def _unswapped(
    choices: list[ColumnChoice],
    rows: Sequence[KeptRow],
    targets: Mapping[str, Target],
    known: ImportColumns,
) -> list[ColumnChoice]:
    least, good = 100 * known.doubted_under, 100 * known.fits_from
    found = list(choices)
    doubted = [i for i, c in enumerate(found) if c.fit is not None and c.fit < least]
    open_still = set(doubted)
    for index in doubted:
        for other in range(len(found)):
            if index not in open_still or other == index or found[other].target is None:
                continue
            if found[other].why is Why.SWAPPED:
                continue
            mine, theirs = found[index], found[other]
            here = _fit(targets[theirs.target or ""], list(cells_of(rows, index))) or 0
            there = _fit(targets[mine.target or ""], list(cells_of(rows, other))) or 0
            is_odd = (theirs.fit or 0) < least or _takes_anything(targets, theirs)
            if min(here, there) >= good and is_odd:
                swapped = (Why.SWAPPED, here, theirs.header)
                found[index] = ColumnChoice(mine.header, theirs.target, *swapped)
                swapped = (Why.SWAPPED, there, mine.header)
                found[other] = ColumnChoice(theirs.header, mine.target, *swapped)
                open_still -= {index, other}
    for index in open_still:
        found[index] = replace(found[index], why=Why.DOUBTED)
    return found


def _takes_anything(targets: Mapping[str, Target], choice: ColumnChoice) -> bool:
    """Whether what a column fills takes any text, so that its own cells fit by nature."""
    column = targets[choice.target or ""].column
    return column is None or column.kind is Kind.TEXT


def is_swapped_or_doubted(choices: Sequence[ColumnChoice]) -> bool:
    """Whether a person has to look before anything is read by these choices."""
    return any(choice.why in (Why.SWAPPED, Why.DOUBTED) for choice in choices)
