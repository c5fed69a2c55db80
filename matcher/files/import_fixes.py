"""What a cell that cannot be read probably means: a proposal for a person, never a silent guess.

Every proposal is read again by the column itself before it is made, so that what is proposed can
be imported. Where nothing sensible is left, the proposal is to leave the answer out: it then stands
as unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from typing import Final

from matcher.files.cells import is_empty
from matcher.files.columns import Column, Kind
from matcher.files.import_targets import Target, mended
from matcher.files.messages import CellError
from matcher.reference.codes import load_codes
from matcher.reference.import_columns import load_import_columns


class FixKind(StrEnum):
    """How a cell is put right; each with words of its own on the page."""

    KNOWN = "known"
    """Words that ``data/imports`` or a code list names: no guess, so nobody is asked."""
    LEAVE_OUT = "leave_out"
    DATE_ORDER = "date_order"
    DATE_SERIAL = "date_serial"
    NUMBER = "number"
    DIGITS = "digits"
    WORD = "word"
    LIST = "list"
    LETTERS = "letters"
    SWAP = "swap"


@dataclass(frozen=True, slots=True)
class Fix:
    """A proposal: `cell` takes the place of what stands there, None leaves the answer out."""

    kind: FixKind
    cell: str | None


LEAVE_OUT: Final = Fix(FixKind.LEAVE_OUT, None)
_EXCEL_DAY_ZERO: Final = date(1899, 12, 30)
_SERIALS: Final = range(20_000, 73_051)
"""Days from 1954 up to 2099, as a spreadsheet counts them."""
_DATE: Final = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]((?:19|20)?[0-9]{2})(?:[ T].*)?")
_DATE_BACK: Final = re.compile(r"((?:19|20)[0-9]{2})[/. ]([0-9]{1,2})[/. ]([0-9]{1,2})(?:[ T].*)?")
_MONTH_LAST: Final = 12
_THOUSANDS: Final = re.compile(r"[0-9]{1,3}(?:[. ][0-9]{3})+(?:,[0-9]+)?")
_IN_WORDS: Final = re.compile(
    r"(?:€|eur|euro|ca\.?|±|circa)?\s*(-?[0-9]+(?:[.,][0-9]+)?)\s*[^0-9]*"
)
_POSTCODE: Final = re.compile(r"([1-9][0-9]{3})\s*[A-Za-z]{2}")
_SEPARATORS: Final = re.compile(r"\s*(?:[,;/+&|\n]| en | and )\s*")
_LOCAL_NUMBER: Final = re.compile(r"[1-9][0-9]{8}")
_ROUNDED: Final = re.compile(r"[0-9]{3}0{6}")
_LIKE: Final = 0.8
_DATES: Final = (Kind.DATE, Kind.DATES)
_NUMBERS: Final = (Kind.WHOLE, Kind.NUMBER, Kind.MONEY)
_LANGUAGE: Final = ("language_speak", "language_read")


def propose(target: Target, raw: object, *, month_first: bool = False) -> Fix | None:
    """What `raw`, which `target` refuses, probably means; None when nothing can be left out.

    `month_first` is what other cells of the column show about the order of day and month.
    """
    for fix in _fixes(target, raw, month_first):
        if fix.cell is not None and _reads(target, fix.cell):
            return fix
    return None if target.required else LEAVE_OUT


def _reads(target: Target, cell: str) -> bool:
    try:
        return not is_empty(target.read(cell)) or cell == ""
    except CellError:
        return False


def _fixes(target: Target, raw: object, month_first: bool) -> Iterator[Fix]:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return
    text = " ".join(str(int(raw) if _is_whole(raw) else raw).split())
    if len(text) > 500:
        return
    column = target.column
    if target.name == "phone":
        yield from _phone(text)
    elif column is None or column.kind is Kind.TEXT:
        yield from _letters(text)
        if column is not None:
            yield from _words(column, text)
    elif column.kind in _DATES:
        yield from _dates(text, month_first)
    elif column.kind in _NUMBERS:
        yield from _words(column, text)
        yield from _numbers(column, text)
    elif column.is_list:
        yield from _list(column, text)
    else:
        yield from _words(column, text)


def _is_whole(raw: object) -> bool:
    return isinstance(raw, float) and raw.is_integer()


def _phone(text: str) -> Iterator[Fix]:
    digits = re.sub(r"[ ().\-/]", "", text)
    # 612000000 is what is left of a number that was shown as 6.12E+08: no digit of it is certain.
    if _LOCAL_NUMBER.fullmatch(digits) and not _ROUNDED.fullmatch(digits):
        yield Fix(FixKind.DIGITS, f"0{digits}")
    if re.fullmatch(r"31[1-9][0-9]{8}", digits):
        yield Fix(FixKind.DIGITS, f"+{digits}")


def _letters(text: str) -> Iterator[Fix]:
    whole = mended(text)
    if whole != text:
        yield Fix(FixKind.LETTERS, whole)


def _dates(text: str, month_first: bool) -> Iterator[Fix]:
    parts = [_one_date(item, month_first) for item in re.split(r"\s*[|;]\s*", text) if item]
    if parts and all(parts):
        found = [part for part in parts if part is not None]
        yield Fix(found[0][0], "|".join(day.isoformat() for _, day in found))


def _one_date(text: str, month_first: bool) -> tuple[FixKind, date] | None:
    back = _DATE_BACK.fullmatch(text)
    order = _DATE.fullmatch(text)
    try:
        if text.isdigit() and int(text) in _SERIALS:
            return FixKind.DATE_SERIAL, _EXCEL_DAY_ZERO + timedelta(days=int(text))
        if back is not None:
            year, month, day = (int(part) for part in back.groups())
            return FixKind.DATE_ORDER, date(year, month, day)
        if order is not None:
            first, second, year = (int(part) for part in order.groups())
            year += 2000 if year < 100 else 0
            swapped = second > _MONTH_LAST or (month_first and first <= _MONTH_LAST)
            month, day = (first, second) if swapped else (second, first)
            return FixKind.DATE_ORDER, date(year, month, day)
    except ValueError:
        return None
    return None


def month_comes_first(cells: Iterator[object]) -> bool:
    """Whether dates of a column are written with the month first: some can be nothing else."""
    firsts = seconds = 0
    for cell in cells:
        found = _DATE.fullmatch(cell.strip()) if isinstance(cell, str) else None
        if found is not None:
            firsts += int(found.group(1)) > _MONTH_LAST
            seconds += int(found.group(2)) > _MONTH_LAST
    return seconds > firsts


def _numbers(column: Column, text: str) -> Iterator[Fix]:
    postcode = _POSTCODE.fullmatch(text)
    if postcode is not None:
        yield Fix(FixKind.DIGITS, postcode.group(1))
    if _THOUSANDS.fullmatch(text):
        yield Fix(FixKind.NUMBER, text.replace(".", "").replace(" ", "").replace(",", "."))
    found = _IN_WORDS.fullmatch(text.casefold())
    if found is not None:
        number = found.group(1).replace(",", ".")
        yield Fix(FixKind.NUMBER, number)
        if column.kind is Kind.WHOLE and "." in number:
            # Half an hour of travel more or less is for a person to say; cutting off is no guess.
            yield Fix(FixKind.NUMBER, number.partition(".")[0])


def _words(column: Column, text: str) -> Iterator[Fix]:
    found = _exact(column, text)
    if found is not None:
        yield Fix(FixKind.KNOWN, found)
    found = _word(column, text)
    if found is not None:
        yield Fix(FixKind.WORD, found)


def _list(column: Column, text: str) -> Iterator[Fix]:
    parts = [part for part in _SEPARATORS.split(text.casefold()) if part]
    whole = _exact(column, text)
    exact = [whole] if whole is not None else [_exact(column, part) for part in parts]
    if exact and all(exact):
        yield Fix(FixKind.KNOWN, "|".join(dict.fromkeys(item for item in exact if item)))
    words = [_word(column, part) for part in parts]
    if parts and all(words):
        kind = FixKind.LIST if len(parts) > 1 else FixKind.WORD
        yield Fix(kind, "|".join(dict.fromkeys(item for item in words if item)))
    nearly = _word(column, text)
    if nearly is not None:
        yield Fix(FixKind.WORD, nearly)


def _exact(column: Column, text: str) -> str | None:
    return _vocabulary(column.name, column.words, column.codes).get(text.casefold())


def _word(column: Column, text: str) -> str | None:
    """The code or level that `text` stands for in words, or is spelled nearly like."""
    known = _vocabulary(column.name, column.words, column.codes)
    plain = text.casefold().strip()
    if plain in known:
        return known[plain]
    squeezed = re.sub(r"[\s.\-_]", "", plain)
    for word, code in known.items():
        if re.sub(r"[\s.\-_]", "", word) == squeezed:
            return code
    if len(plain) < 3 or len(plain) > 60:
        return None
    near = get_close_matches(plain, list(known), n=1, cutoff=_LIKE)
    return known[near[0]] if near else None


@lru_cache(maxsize=128)
def _vocabulary(name: str, words: tuple[str, ...], codes: tuple[str, ...]) -> Mapping[str, str]:
    """What may stand in a column, by every word that senders have for it."""
    values = load_import_columns().values
    found = {word.casefold(): word for word in words}
    for list_name in codes:
        for code in load_codes().list(list_name).codes.values():
            for word in (code.code, code.nl, code.en):
                found.setdefault(word.casefold(), code.code)
    groups = [name, *codes]
    if words[:1] == ("cannot",):
        groups.append("abilities")
    elif words[:2] == ("none", "some"):
        groups.append("demands")
    elif name in _LANGUAGE:
        groups.append("language")
    elif name == "adult":
        groups.append("boolean")
    for group in groups:
        for word, value in values.get(group, {}).items():
            found.setdefault(word, value)
    return found
