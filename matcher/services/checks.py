"""The last check before a value is kept: the same table of columns that files and the API read by.

Values come here typed, from a form, a body or another program; whatever column rules they break is
reported together. Who may set a field at all is checked first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from matcher.domain.access import Viewer
from matcher.domain.errors import Forbidden, InvalidInput, Problem
from matcher.files import cells
from matcher.files.columns import Column
from matcher.files.free_text import KeptText, found_in, way_out
from matcher.files.messages import CellError
from matcher.reference.screening import asks_for
from matcher.services.visibility import Kind, writable_fields

_SEPARATORS = re.compile(r"[ ().\-/]")
_PHONE = re.compile(r"0[0-9]{9}|\+[0-9]{9,14}|00[0-9]{10,14}")


def phone_number(text: str) -> str | None:
    """`text` without separators when it is a phone number, else None.

    A Dutch number has ten digits, so no citizen service number (nine) passes for one.
    """
    number = _SEPARATORS.sub("", text)
    return number if _PHONE.fullmatch(number) else None


def allowed_values(
    kind: Kind,
    viewer: Viewer,
    values: Mapping[str, Any],
    *,
    always: Iterable[str] = (),
    ignored: Iterable[str] = (),
) -> dict[str, Any]:
    """The `values` that `viewer` may set; Forbidden names the others.

    `always` may be given by whoever may write the kind at all, such as the reference of a new
    record. `ignored` are read-only for some rights: sent back unchanged with the rest, they are
    left alone instead of refused.
    """
    writable = writable_fields(kind, viewer.rights)
    if not writable:
        raise Forbidden(f"none of your rights may change a {kind}")
    given = {
        name: value for name, value in values.items() if name in writable or name not in ignored
    }
    refused = sorted(set(given) - writable - set(always))
    if refused:
        raise Forbidden(f"none of your rights may change {', '.join(refused)}")
    return given


def checked_values(
    columns: Mapping[str, Column], values: Mapping[str, Any], language: str
) -> tuple[dict[str, Any], list[Problem]]:
    """`values` by field name, as their columns read them, and all that is wrong with them."""
    by_field = {column.field_name: column for column in columns.values()}
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, value in values.items():
        column = by_field.get(name)
        if column is None:
            problems.append(Problem(name, "is not a known field"))
            continue
        try:
            if column.required and cells.is_empty(value):
                raise CellError("required")
            found[name] = column.read(column.write(value))
        except CellError as refused:
            problems.append(refused.problem(column.name, None, language))
    return found, problems


def checked_texts(
    limits: Mapping[str, int],
    values: Mapping[str, Any],
    language: str,
    *,
    names: Iterable[str] = (),
) -> tuple[dict[str, Any], list[Problem]]:
    """Free texts by name, each at most so many characters; empty is None.

    A text that says what is never asked is refused with the way out, unless it is a `KeptText`;
    a BSN or bank account number is refused in any case. `names` are no free text but what
    somebody is called or reached by: only those two are looked for there. A phone number alone is
    left as it is, as eight of its digits can look like a BSN by chance.
    """
    known = frozenset(names)
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, limit in limits.items():
        if name not in values:
            continue
        try:
            value = values[name]
            if name in known and isinstance(value, str) and phone_number(value):
                found[name] = value.strip()
                continue
            text = None if cells.is_empty(value) else cells.read_text(value, limit)
        except CellError as refused:
            problems.append(refused.problem(name, None, language))
            continue
        found[name] = text
        if text is not None and name not in known and not isinstance(value, KeptText):
            problems += free_text_problems(name, text, language)
    return found, problems


def free_text_problems(name: str, text: str, language: str) -> list[Problem]:
    """What `text` says that is never asked, as at most one problem of the field `name`."""
    kinds = found_in(text)
    return [Problem(name, way_out(kinds, language))] if kinds else []


PLACE_TEXTS = ("title", "employer_of_record")
_NUMBERS_OF_SOMEBODY = ("bsn", "iban", "phone", "email")


def place_text_problems(values: Mapping[str, Any], language: str) -> list[Problem]:
    """What texts about a place say that they may not: a number of somebody, a wish for a person."""
    problems: list[Problem] = []
    for name in PLACE_TEXTS:
        text = values.get(name)
        if not text:
            continue
        numbers = [code for code in found_in(text) if code.code in _NUMBERS_OF_SOMEBODY]
        if numbers:
            problems.append(Problem(name, way_out(tuple(numbers), language)))
        asked = ", ".join(code.label(language) for code in asks_for(text))
        if asked:
            problems.append(CellError("asks_for", subjects=asked).problem(name, None, language))
    return problems


def refuse(problems: Iterable[Problem]) -> None:
    """Raises InvalidInput when there is any problem."""
    found = list(problems)
    if found:
        raise InvalidInput(found)


def hours_problems(values: Mapping[str, Any], language: str) -> list[Problem]:
    """What is wrong with `hours_min` and `hours_max` together."""
    low, high = values.get("hours_min"), values.get("hours_max")
    if low is None or high is None or low <= high:
        return []
    return [CellError("hours_order").problem("hours_min", None, language)]
