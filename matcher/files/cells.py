"""One value out of a table cell or a JSON field, and back: kinds of value and their limits.

A reader takes what CSV, XLSX, JSON and parquet give (text, numbers, dates, booleans, lists) and
returns the domain's value or raises `CellError`; a writer returns a value that JSON can hold.
"""

from __future__ import annotations

import math
import os
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Final

from matcher.files.free_text import never_saved
from matcher.files.guards import contains_bsn
from matcher.files.messages import CellError, quoted
from matcher.reference.codes import NEAREST, CodeList, load_codes
from matcher.reference.paths import DATA_DIR_VARIABLE

FIRST_DATE: Final = date(1900, 1, 1)
LAST_DATE: Final = date(2100, 12, 31)
LIST_MAXIMUM: Final = 100
"""More values than any column can need."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands for a cell that the file's own format makes unreadable (NaN, a formula, an error)."""

    code: str
    facts: tuple[tuple[str, object], ...] = ()

    def refused(self) -> CellError:
        """The reason as it is reported."""
        return CellError(self.code, **dict(self.facts))


def is_empty(raw: object) -> bool:
    """Whether a cell says nothing: absent, blank, or an empty list."""
    if raw is None:
        return True
    if isinstance(raw, str):
        return not raw.strip()
    return isinstance(raw, list | tuple) and all(is_empty(item) for item in raw)


def _scalar(raw: object) -> object:
    """One value; CellError for objects, lists and what the format made unreadable."""
    if isinstance(raw, Unreadable):
        raise raw.refused()
    if isinstance(raw, dict):
        raise CellError("nested")
    if isinstance(raw, list | tuple):
        if len(raw) != 1:
            raise CellError("nested")
        return _scalar(raw[0])
    if isinstance(raw, float) and not math.isfinite(raw):
        raise CellError("not_a_number", value="NaN" if math.isnan(raw) else "Infinity")
    return raw


def read_text(raw: object, maximum: int) -> str:
    """Text of at most `maximum` characters, with single spaces; numbers are taken as typed."""
    value = _scalar(raw)
    if isinstance(value, bool) or not isinstance(value, str | int | float | date | time | Decimal):
        raise CellError("text")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = value.isoformat() if isinstance(value, date | time) else str(value)
    if len(text) > 4 * maximum:
        raise CellError("too_long", length=len(text), maximum=maximum)
    text = " ".join(text.split())
    if len(text) > maximum:
        raise CellError("too_long", length=len(text), maximum=maximum)
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise CellError("control")
    for code in never_saved(text):
        raise CellError(code.code)
    return text


_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}(?:[.,][0-9]{1,12})?")


def _decimal(raw: object, refusal: CellError) -> Decimal:
    value = _scalar(raw)
    if isinstance(value, bool):
        raise refusal
    if isinstance(value, int | float | Decimal):
        return Decimal(str(value))
    if isinstance(value, str):
        text = value.strip()
        if text.casefold().lstrip("+-") in ("nan", "inf", "infinity"):
            raise CellError("not_a_number", value=quoted(text))
        if _NUMBER.fullmatch(text):
            return Decimal(text.replace(",", "."))
    raise refusal


def read_whole(raw: object, minimum: int, maximum: int, also: Collection[int] = ()) -> int:
    """A whole number within bounds, or one of `also`; 3, "3", "3,0" and 3.0 are the same."""
    refusal = CellError("whole", minimum=minimum, maximum=maximum)
    value = _decimal(raw, refusal)
    if value != value.to_integral_value():
        raise refusal
    if not (minimum <= value <= maximum or value in also):
        raise refusal
    return int(value)


def read_number(raw: object, minimum: float, maximum: float) -> float:
    """A number within bounds; a decimal comma is accepted."""
    refusal = CellError("number", minimum=plain(minimum), maximum=plain(maximum))
    value = _decimal(raw, refusal)
    if not Decimal(str(minimum)) <= value <= Decimal(str(maximum)):
        raise refusal
    return float(value)


def read_cents(raw: object, minimum: float, maximum: float) -> int:
    """Euros as integer cents, rounded half-even once."""
    refusal = CellError("number", minimum=plain(minimum), maximum=plain(maximum))
    value = _decimal(raw, refusal)
    if not Decimal(str(minimum)) <= value <= Decimal(str(maximum)):
        raise refusal
    return int((value * 100).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


_BOOLEANS: Final = {
    "yes": True,
    "ja": True,
    "true": True,
    "no": False,
    "nee": False,
    "false": False,
}


def read_boolean(raw: object) -> bool:
    """yes or no, in English or Dutch, or a JSON boolean."""
    value = _scalar(raw)
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().casefold() in _BOOLEANS:
        return _BOOLEANS[value.strip().casefold()]
    raise CellError("boolean")


_ISO_DATE: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?")


def read_date(raw: object) -> date:
    """An ISO 8601 date from 1900 up to and including 2100; a typed date of a spreadsheet too."""
    value = _scalar(raw)
    if isinstance(value, datetime):
        found = value.date()
    elif isinstance(value, date):
        found = value
    else:
        match = _ISO_DATE.fullmatch(value.strip()) if isinstance(value, str) else None
        if match is None:
            raise CellError("date")
        try:
            found = date.fromisoformat(match.group(1))
        except ValueError:
            raise CellError("date") from None
    if not FIRST_DATE <= found <= LAST_DATE:
        raise CellError("date_range", first=FIRST_DATE.isoformat(), last=LAST_DATE.isoformat())
    return found


_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(?::00)?")


def read_time(raw: object) -> time:
    """A time of day in hours and minutes."""
    value = _scalar(raw)
    if isinstance(value, datetime):
        value = value.time()
    if isinstance(value, time):
        return time(value.hour, value.minute)
    match = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise CellError("time")
    return time(int(match.group(1)), int(match.group(2)))


def read_word(raw: object, words: Sequence[str]) -> str:
    """One of a closed set of words."""
    value = _scalar(raw)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(plain(value))
    if isinstance(value, str) and value.strip().casefold() in words:
        return value.strip().casefold()
    raise CellError("word", words=", ".join(words))


def read_code(raw: object, list_names: tuple[str, ...]) -> str:
    """A code of one of the lists in ``data/codes``, also when its capitals differ."""
    value = _scalar(raw)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(plain(value))
    if not isinstance(value, str):
        raise CellError("text")
    text = value.strip()
    code = _known(list_names, os.environ.get(DATA_DIR_VARIABLE)).get(text.casefold())
    if code is not None:
        return code
    if contains_bsn(text):
        raise CellError("bsn")
    lists = [load_codes().list(name) for name in list_names]
    titles = " and ".join(known.title["en"].lower() for known in lists)
    # Comparing a very long cell with every label takes long and helps nobody.
    nearest = [near for known in lists for near in _nearest(known, text)] if len(text) <= 60 else []
    if not nearest:
        raise CellError("code_far", value=quoted(text), list=titles)
    raise CellError("code", value=quoted(text), list=titles, nearest=", ".join(nearest))


@lru_cache(maxsize=128)
def _known(list_names: tuple[str, ...], data_folder: str | None) -> Mapping[str, str]:
    """Codes by their case-folded form. `data_folder` only tells one data folder from another:
    finding it anew for every cell takes longer than reading the cell."""
    lists = load_codes()
    return {code.casefold(): code for name in list_names for code in lists.list(name).codes}


_NUMBERED: Final = re.compile(r"([A-Za-z])([0-9]{1,2})")


def _nearest(known: CodeList, text: str) -> Sequence[str]:
    """The nearest known codes; for a numbered code such as F44 those with the same letter first."""
    wanted = _NUMBERED.fullmatch(text)
    if wanted is None:
        return known.nearest(text)
    letter, number = wanted.group(1).upper(), int(wanted.group(2))
    family = [code for code in known.codes if _NUMBERED.fullmatch(code) and code[0] == letter]
    family.sort(key=lambda code: (abs(int(code[1:]) - number), code))
    return family[:NEAREST] or known.nearest(text)


def split_list(raw: object) -> list[object]:
    """The values of a list: a JSON list, or text with ``|`` between them."""
    if isinstance(raw, Unreadable):
        raise raw.refused()
    if isinstance(raw, dict):
        raise CellError("nested")
    items: list[object]
    if isinstance(raw, list | tuple | set | frozenset):
        items = list(raw)
    elif isinstance(raw, str):
        items = list(raw.split("|"))
    else:
        items = [raw]
    found = [item for item in items if not is_empty(item)]
    if len(found) > LIST_MAXIMUM:
        raise CellError("list_long", length=len(found), maximum=LIST_MAXIMUM)
    return found


_ISCO: Final = re.compile(r"[0-9]{1,4}")


def read_occupation(raw: object) -> str:
    """An ISCO-08 code: one to four digits."""
    value = _scalar(raw)
    text = str(plain(value)) if isinstance(value, int | float) else value
    if isinstance(text, str) and _ISCO.fullmatch(text.strip()):
        return text.strip()
    raise CellError("occupation")


def read_occupations(raw: object, maximum_years: int) -> tuple[tuple[str, float | None], ...]:
    """``8342:3|9312``: ISCO-08 codes with the years worked, where known; the first of two stays."""
    found: dict[str, float | None] = {}
    for item in split_list(raw):
        text = str(plain(item)) if isinstance(item, int | float) else item
        if not isinstance(text, str):
            raise CellError("occupations")
        code, colon, years = (part.strip() for part in text.partition(":"))
        if not _ISCO.fullmatch(code) or (colon and not years):
            raise CellError("occupations")
        known = read_number(years, 0, maximum_years) if years else None
        found.setdefault(code, known)
    return tuple(found.items())


_RAISE: Final = re.compile(r"([a-z_]+)\s*:\s*\+?\s*([0-9]{1,2})")


def read_raises(raw: object, names: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """``rhythm:+1|work_skills:+1``: steps up by level or load ability."""
    found: dict[str, int] = {}
    for item in split_list(raw):
        match = _RAISE.fullmatch(item.strip()) if isinstance(item, str) else None
        if match is None or match.group(1) not in names or int(match.group(2)) < 1:
            raise CellError("raises", names=", ".join(names))
        found.setdefault(match.group(1), int(match.group(2)))
    return tuple(found.items())


_NEED: Final = re.compile(
    r"([A-Za-z][A-Za-z0-9_]*)\s*(?:(?:>=|≥)\s*([0-9]{1,3}(?:[.,][0-9]{1,2})?|[a-z]+))?"
)


def read_needs(
    raw: object, limits: Mapping[str, float], words: Sequence[str], papers: Collection[str]
) -> tuple[tuple[str, float], ...]:
    """``language_read>=1|hours>=16|B``: lower bounds by name up to `limits`, and papers to hold.

    `words` name ability levels. A need for a money level is refused (P-3).
    """
    found: dict[str, float] = {}
    for item in split_list(raw):
        refusal = CellError("needs", names=", ".join(limits))
        if isinstance(item, str) and re.match(r"\s*money\b", item):
            raise CellError("needs_money")
        match = _NEED.fullmatch(item.strip()) if isinstance(item, str) else None
        if match is None:
            raise refusal
        name, bound = match.groups()
        if name in limits and bound is not None:
            found.setdefault(name, _bound(bound, limits[name], words))
        elif name in papers and bound in (None, "1"):
            found.setdefault(name, 1.0)
        else:
            raise refusal
    return tuple(found.items())


def _bound(text: str, maximum: float, words: Sequence[str]) -> float:
    return float(words.index(text)) if text in words else read_number(text, 0, maximum)


def plain(value: object) -> object:
    """A number without needless decimals: 32.0 becomes 32, 32.5 stays."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
