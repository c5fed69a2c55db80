"""Columns that only hold what was sealed: a database file or a dump tells nothing of them.

Health data and what is handled as strictly stand in such columns (practice.md section 7, 3). They
cannot be searched or sorted by the database, which is meant. See ``keyring`` for the keys.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, Text
from sqlalchemy.sql import operators
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator

from matcher.models.base import Base
from matcher.models.keyring import keyring_of
from matcher.models.types import result_text, result_value

_BLOCK = 64
"""Documents are filled up to a multiple of this, so that their length says little."""


class _OnlyWhetherThere(TypeDecorator.Comparator[Any]):
    """The same text sealed twice differs, so a comparison in SQL would silently find nothing."""

    def operate(self, op: OperatorType, *other: Any, **more: Any) -> Any:
        """Lets through whether there is a value; everything else is an error of the program."""
        if op in (operators.is_, operators.is_not):
            return super().operate(op, *other, **more)
        raise TypeError("a sealed column cannot be compared or sorted by the database")


class Sealed(TypeDecorator[Any]):
    """The base of sealed columns; `use` is its table and column, to which a value is bound."""

    impl = Text
    cache_ok = True
    comparator_factory = _OnlyWhetherThere

    def __init__(self, use: str) -> None:
        super().__init__()
        self.use = use

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """The sealed text; None stays None."""
        return None if value is None else keyring_of(dialect).seal(self.to_text(value), self.use)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """The value again; DataKeyError without its key."""
        return None if value is None else self.from_text(keyring_of(dialect).open(value, self.use))

    def to_text(self, value: Any) -> str:
        """What is sealed of a value."""
        return str(value)

    def from_text(self, text: str) -> Any:
        """The value of an opened text."""
        return text


class SealedText(Sealed):
    """A text."""

    cache_ok = True


class SealedJson(Sealed):
    """A JSON document, in the order it was written in."""

    cache_ok = True

    def to_text(self, value: Any) -> str:
        """JSON, filled up with spaces; NaN and infinity are refused."""
        text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        return _filled(text)

    def from_text(self, text: str) -> Any:
        """The document again."""
        return json.loads(text)


@dataclass(frozen=True, slots=True)
class PackedRows:
    """Rows that were packed before their transaction: whoever writes many does not hold it up."""

    text: str

    @classmethod
    def of(cls, rows: Any) -> PackedRows:
        """JSON, compressed; NaN and infinity are refused."""
        text = json.dumps(rows, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        return cls(base64.b85encode(zlib.compress(text.encode(), 3)).decode("ascii"))


class SealedRows(Sealed):
    """Many rows as JSON, packed small before they are sealed."""

    cache_ok = True

    def to_text(self, value: Any) -> str:
        """The rows packed, if they are not yet."""
        return (value if isinstance(value, PackedRows) else PackedRows.of(value)).text

    def from_text(self, text: str) -> Any:
        """The rows again."""
        return json.loads(zlib.decompress(base64.b85decode(text)))


class SealedResult(Sealed):
    """Rows of advice exactly as they were computed: see ``ResultJson``."""

    cache_ok = True

    def to_text(self, value: Any) -> str:
        """The rows as text, filled up with spaces."""
        return _filled(result_text(value))

    def from_text(self, text: str) -> Any:
        """The rows again."""
        return result_value(text)


def _filled(text: str) -> str:
    return text + " " * (-len(text) % _BLOCK)


def sealed_columns() -> Iterator[tuple[str, str, str]]:
    """Table, column and use of every sealed column."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Sealed):
                yield table.name, column.name, column.type.use
