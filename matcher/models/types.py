"""Column types that read the same on SQLite and PostgreSQL.

Sets and lists of codes are written as in the files of the product, separated by ``|``, so that a
person who looks at a table or a backup can read it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

SEPARATOR = "|"


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always aware and in UTC, also where the database knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses a moment without a time zone: whose clock it was cannot be known later."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _join(codes: Iterable[str]) -> str:
    parts = list(codes)
    if any(SEPARATOR in part or not part for part in parts):
        raise ValueError(f"a code is not empty and holds no {SEPARATOR}")
    return SEPARATOR.join(parts)


def _split(text: str) -> list[str]:
    return text.split(SEPARATOR) if text else []


class CodeSet(TypeDecorator[frozenset[str]]):
    """A set of codes in alphabetical order; NULL is unknown, empty text is the empty set."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str | None:
        """Text such as ``bike|car``."""
        return None if value is None else _join(sorted(set(value)))

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[str] | None:
        """The set again."""
        return None if value is None else frozenset(_split(value))


class CodeList(TypeDecorator[tuple[str, ...]]):
    """Codes whose order means something, such as wished sectors."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str | None:
        """Text such as ``F42|F43``, in the order given."""
        return None if value is None else _join(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:
        """The codes again, in their order."""
        return None if value is None else tuple(_split(value))


Occupation = tuple[str, float | None]


class Occupations(TypeDecorator[tuple[Occupation, ...]]):
    """ISCO-08 codes with years of experience where known: ``8342:3|9312``."""

    impl = Text
    cache_ok = True

    def process_bind_param(
        self, value: Iterable[Occupation] | None, dialect: Dialect
    ) -> str | None:
        """Text as in the files."""
        if value is None:
            return None
        return _join(code if years is None else f"{code}:{years!r}" for code, years in value)

    def process_result_value(
        self, value: str | None, dialect: Dialect
    ) -> tuple[Occupation, ...] | None:
        """Pairs of code and years again."""
        if value is None:
            return None
        pairs = (part.partition(":") for part in _split(value))
        return tuple((code, float(years) if years else None) for code, _, years in pairs)


Pair = tuple[str, float]


class Pairs(TypeDecorator[tuple[Pair, ...]]):
    """Names with a number, such as what a programme raises: ``rhythm:1|work_skills:1``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[Pair] | None, dialect: Dialect) -> str | None:
        """Text as ``name:number``."""
        return None if value is None else _join(f"{name}:{number!r}" for name, number in value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[Pair, ...] | None:
        """Pairs again; a number without a fraction comes back as an integer."""
        if value is None:
            return None
        pairs = (part.partition(":") for part in _split(value))
        return tuple((name, _number(number)) for name, _, number in pairs)


def _number(text: str) -> float:
    return float(text) if "." in text or "e" in text else int(text)


def canonical_json(value: Any) -> str:
    """JSON that is the same text for the same value: sorted keys, no spaces, no NaN.

    Everything hashed for the record of an advice goes through here.
    """
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


class JsonText(TypeDecorator[Any]):
    """A JSON document kept as text, so that it comes back in the order it was written in."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """The document as text; NaN and infinity are refused."""
        if value is None:
            return None
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """The document again."""
        return None if value is None else json.loads(value)


_EXACT = re.compile(r'"\\u0000(-?[0-9]+(?:\.[0-9]+)?)"')


def _mark(value: object) -> str:
    if isinstance(value, Decimal):
        return f"\0{value}"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a result")


def _days(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value) if _is_day(name) and isinstance(value, str) else value
        for name, value in pairs
    }


def _is_day(name: str) -> bool:
    return name == "on" or name.endswith("_on")


class ResultJson(TypeDecorator[Any]):
    """Rows of advice exactly as they were computed: decimals with their digits, and days.

    A decimal is written as a number and read as `Decimal`; a text under ``on`` or a name that
    ends in ``_on`` is a day (the naming rule of the project).
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """The rows as text."""
        return None if value is None else result_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """The rows again."""
        return None if value is None else result_value(value)


def result_text(value: Any) -> str:
    """Rows of advice as JSON text; equal rows give equal text."""
    # The standard library writes no decimal. It is marked with a character that no text in here
    # can hold, and the mark is taken off again together with the quotes.
    marked = json.dumps(value, separators=(",", ":"), allow_nan=False, default=_mark)
    return _EXACT.sub(r"\1", marked)


def result_value(text: str) -> Any:
    """The rows of advice that `result_text` wrote."""
    return json.loads(text, parse_float=Decimal, object_pairs_hook=_days)
