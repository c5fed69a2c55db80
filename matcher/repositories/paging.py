"""Pages by cursor: after the last row seen, so that rows added meanwhile repeat or skip none."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, literal, or_
from sqlalchemy.orm import Session

from matcher.domain.errors import InvalidInput, Problem
from matcher.repositories.records import Page

T = TypeVar("T")

LIMIT_MAXIMUM = 200


def encode_cursor(key: Sequence[str | int]) -> str:
    """The sort key of the last row seen, as a caller may pass it back; it holds no names."""
    return base64.urlsafe_b64encode(json.dumps(list(key)).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, kinds: Sequence[type]) -> tuple[Any, ...]:
    """The key in `cursor`; InvalidInput when it is not one that `encode_cursor` gave."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        key = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
    except (ValueError, binascii.Error) as error:
        raise _bad_cursor() from error
    if not isinstance(key, list) or [type(part) for part in key] != list(kinds):
        raise _bad_cursor()
    if any(isinstance(part, int) and abs(part) >= 2**63 for part in key):
        raise _bad_cursor()
    return tuple(key)


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
    key_of: Callable[[Any], Sequence[str | int]],
    make: Callable[[Any], T],
) -> Page[T]:
    """One page of `statement`, whose rows come in order; `key_of` gives the cursor of a row."""
    if not 1 <= limit <= LIMIT_MAXIMUM:
        raise InvalidInput([Problem("limit", f"must be from 1 to {LIMIT_MAXIMUM}")])
    rows = session.execute(statement.limit(limit + 1)).all()
    cursor = encode_cursor(key_of(rows[limit - 1])) if len(rows) > limit else None
    return Page(tuple(make(row) for row in rows[:limit]), cursor)
