"""JSON tables: an array of objects, in which nothing may be lost or mean two things."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from matcher.domain.errors import Problem
from matcher.files.cells import Unreadable
from matcher.files.csv_in import decode
from matcher.files.messages import say
from matcher.files.raw import RawRow, RawTable, header_name
from matcher.files.source import Source

_DIGITS_MAXIMUM: Final = 18
"""Digits of an integer that every database holds."""


def read_objects(source: Source) -> list[Any]:
    """The array in `source`; what no number can be stands in it as `Unreadable`.

    Raises `InvalidInput` for text that is no JSON, no array, or nested too deep to read.
    """
    text, _ = decode(source)
    if not text.strip():
        raise source.refused("holds no text; export it again")
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=lambda name: Unreadable("not_a_number", (("value", name),)),
            parse_int=_integer,
            parse_float=_float,
        )
    except json.JSONDecodeError as error:
        raise source.refused(
            f"is not JSON: line {error.lineno}, column {error.colno}: {error.msg}"
        ) from None
    except RecursionError:
        raise source.refused("nests lists and objects too deep to be a table") from None
    if not isinstance(value, list):
        raise source.refused("must be an array of objects: [{...}, {...}]")
    return value


def _integer(digits: str) -> object:
    return int(digits) if len(digits) <= _DIGITS_MAXIMUM else Unreadable("huge")


def _float(text: str) -> object:
    value = float(text)
    return Unreadable("huge") if value in (float("inf"), float("-inf")) else value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        found[key] = Unreadable("twice_key") if key in found else value
    return found


def read_json(source: Source, lang: str) -> RawTable:
    """The table in `source`; rows are counted from 1, as JSON has no header."""
    objects = read_objects(source)
    names: dict[str, None] = {}
    for item in objects:
        if isinstance(item, dict):
            names.update((header_name(key), None) for key in item)
    return RawTable(tuple(names), _rows(objects, lang), has_header=False)


def _rows(objects: list[Any], lang: str) -> Iterator[RawRow]:
    for number, item in enumerate(objects, 1):
        if not isinstance(item, dict):
            yield RawRow(number, {}, (Problem("row", say("not_an_object", lang), number),))
            continue
        cells: dict[str, object] = {}
        for key, value in item.items():
            name = header_name(key)
            cells[name] = Unreadable("twice_key") if name in cells else value
        yield RawRow(number, cells)
