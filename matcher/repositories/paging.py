"""Pages by cursor: after the last row seen, so that rows added meanwhile repeat or skip none."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, literal, or_
from sqlalchemy.orm import Session

from matcher.domain.errors import InvalidInput, Problem
from matcher.repositories.records import Page
from matcher.repositories.scope import NUMBER_MAXIMUM

T = TypeVar("T")

Key = str | int | date
LIMIT_MAXIMUM = 200


def encode_cursor(key: Sequence[Key]) -> str:
    """The sort key of the last row seen, as a caller may pass it back; it holds no names."""
    plain = [part.isoformat() if isinstance(part, date) else part for part in key]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, kinds: Sequence[type[Key]]) -> tuple[Any, ...]:
    """The key in `cursor`; InvalidInput when it is not one that `encode_cursor` gave."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        key = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        if not isinstance(key, list):
            raise _bad_cursor()
        return tuple(_part(kind, part) for kind, part in zip(kinds, key, strict=True))
    except (ValueError, TypeError, RecursionError, binascii.Error) as error:
        raise _bad_cursor() from error


def _part(kind: type[Key], part: object) -> Key:
    if kind is int and type(part) is int and abs(part) <= NUMBER_MAXIMUM:
        return part
    if kind is str and isinstance(part, str) and "\0" not in part:
        return part
    if kind is datetime and isinstance(part, str):
        moment = datetime.fromisoformat(part)
        if moment.tzinfo is not None:
            return moment
    if kind is date and isinstance(part, str):
        return date.fromisoformat(part)
    raise ValueError(part)


def _bad_cursor() -> InvalidInput:
    return InvalidInput([Problem("cursor", "is not one that a page gave; begin without it")])


def after(columns: Sequence[Any], key: Sequence[Any]) -> ColumnElement[bool]:
    """The condition that a row comes after `key` in ascending order of `columns`."""
    conditions = []
    for index, column in enumerate(columns):
        same = [columns[i] == literal(key[i], columns[i].type) for i in range(index)]
        conditions.append(and_(*same, column > literal(key[index], column.type)))
    return or_(*conditions)


def read_page(
    session: Session,
    statement: Select[Any],
    *,
    limit: int,
    key_of: Callable[[Any], Sequence[Key]],
    make: Callable[[Any], T],
) -> Page[T]:
    """One page of `statement`, whose rows come in order; `key_of` gives the cursor of a row."""
    _check_limit(limit)
    rows = session.execute(statement.limit(limit + 1)).all()
    cursor = encode_cursor(key_of(rows[limit - 1])) if len(rows) > limit else None
    return Page(tuple(make(row) for row in rows[:limit]), cursor)


def page_of_list(
    items: Sequence[T],
    *,
    cursor: str | None,
    limit: int,
    kinds: Sequence[type[Key]],
    key_of: Callable[[T], tuple[Any, ...]],
) -> Page[T]:
    """One page of what is in memory, in ascending order of `key_of`, whose parts are of `kinds`."""
    _check_limit(limit)
    if cursor is not None:
        last = decode_cursor(cursor, kinds)
        items = [item for item in items if key_of(item) > last]
    more = len(items) > limit
    shown = tuple(items[:limit])
    return Page(shown, encode_cursor(key_of(shown[-1])) if more else None)


def _check_limit(limit: int) -> None:
    if not 1 <= limit <= LIMIT_MAXIMUM:
        raise InvalidInput([Problem("limit", f"must be from 1 to {LIMIT_MAXIMUM}")])
