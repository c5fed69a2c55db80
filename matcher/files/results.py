"""What loading a file gives, and how it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from matcher.domain.errors import Problem
from matcher.files.records import Parsed

T = TypeVar("T")

Counted = Callable[[int], None]
"""Called with the number of rows read so far, for progress."""


@dataclass(slots=True)
class Loaded(Generic[T]):
    """What a file gave: `items` in its order, each with its row in `rows`, and what was not read.

    `problems` are rows that are left out; `warnings` are readings and columns to know of.
    `fields` are the attributes that the file can speak of: those it does not name are not unknown,
    the file says nothing about them. None is every attribute.
    """

    items: list[T] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    fields: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """How to load: `strict` refuses the file when any row is bad; `region` stands in for a missing
    region; `lang` is the language of problems."""

    strict: bool = False
    region: str | None = None
    lang: str = "en"
    counted: Counted | None = None


@dataclass(frozen=True, slots=True)
class RowResult(Generic[T]):
    """One row as read: its value or its problems, and the readings to know of."""

    number: int
    parsed: Parsed[T]
    warnings: tuple[Problem, ...] = ()
