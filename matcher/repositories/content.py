"""Domain values as plain JSON and back, exactly; and the hash that names a content.

This is the form in which the inputs of an advice are kept. It is not the form of files or of the
API: those may change, while what was kept has to be read for as long as it is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date, time
from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints

from matcher.domain.candidate import CandidateProfile
from matcher.domain.programme import Programme
from matcher.domain.vacancy import VacancyProfile
from matcher.models.types import canonical_json

P = TypeVar("P", CandidateProfile, VacancyProfile, Programme)

_KINDS: dict[str, type] = {
    kind.__name__: kind for kind in (CandidateProfile, VacancyProfile, Programme)
}


def hash_of(value: Any) -> str:
    """The SHA-256, in hexadecimal, of the canonical JSON of `value`."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def to_content(value: CandidateProfile | VacancyProfile | Programme) -> dict[str, Any]:
    """`value` as JSON; a field that stands at its default is left out.

    A whole number in a field for hours or weeks is written as 20.0, so that what was typed and
    what came from the database have the same hash.
    """
    floats = _float_fields(type(value).__name__)
    return {
        item.name: _plain(getattr(value, item.name), item.name in floats)
        for item in fields(value)
        if item.default is MISSING or getattr(value, item.name) != item.default
    }


@cache
def _float_fields(kind: str) -> frozenset[str]:
    hints = get_type_hints(_KINDS[kind])
    return frozenset(name for name, hint in hints.items() if "float" in str(hint))


def from_content(kind: type[P], content: Mapping[str, Any]) -> P:
    """The value again; a field that is not there gets its default."""
    readers = _readers(kind.__name__)
    return kind(**{name: readers[name](value) for name, value in content.items()})


def normal(value: P) -> P:
    """`value` as it comes back from being kept: what an advice is computed on."""
    return from_content(type(value), to_content(value))


def _plain(value: Any, as_float: bool) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(item, as_float) for item in value]
    if isinstance(value, date | time):
        return value.isoformat()
    if as_float and isinstance(value, int):
        return float(value)
    return value


@cache
def _readers(kind: str) -> dict[str, Any]:
    return {name: _reader(hint) for name, hint in get_type_hints(_KINDS[kind]).items()}


def _reader(hint: Any) -> Any:
    parts = [part for part in get_args(hint) if part is not type(None)]
    known = {date: date.fromisoformat, time: time.fromisoformat}
    if hint in known:
        return known[hint]
    if len(parts) == 1 and parts[0] in known:
        return lambda value: None if value is None else known[parts[0]](value)
    text = str(hint)
    if "frozenset" in text:
        return lambda value: None if value is None else frozenset(value)
    if "tuple[datetime.date" in text:
        return lambda value: tuple(date.fromisoformat(item) for item in value)
    if "tuple[tuple" in text:
        return lambda value: tuple(tuple(item) for item in value)
    if "tuple" in text:
        return tuple
    return lambda value: value
