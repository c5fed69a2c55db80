"""One word out of a closed list, as a value or as a problem that names the list."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from matcher.domain.errors import InvalidInput, Problem

E = TypeVar("E", bound=StrEnum)


def choice(kind: type[E], where: str, value: str) -> E:
    """The member of `kind` with that value; InvalidInput naming all of them."""
    try:
        return kind(value)
    except ValueError:
        words = ", ".join(member.value for member in kind)
        raise InvalidInput([Problem(where, f"must be one of {words}")]) from None
