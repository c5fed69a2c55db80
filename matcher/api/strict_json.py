"""Reads a JSON body so that nothing in it can be lost or mean two things.

``json.loads`` keeps the last of two equal keys, accepts NaN and Infinity, turns 1e400 into
infinity and reads integers that no database holds; each of these is refused by name here.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any, Final

from matcher.domain.errors import InvalidInput, Problem
from matcher.files.guards import shown_name

INTEGER_MAXIMUM: Final = 2**63 - 1
"""The widest integer that SQLite and PostgreSQL both store."""

DEPTH_MAXIMUM: Final = 16
"""Lists and objects inside each other; the deepest body of the interface needs 5."""

NAMED_MAXIMUM: Final = 1_000
"""Problems that one answer names; nobody mends more than that by reading."""

_DIGITS_MAXIMUM: Final = len(str(INTEGER_MAXIMUM)) + 1

BODY: Final = "body"
"""How a problem names the body as a whole."""

_SUSPECT_ESCAPE: Final = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_HUGE: Final = re.compile(r"[0-9]{19}|[0-9][eE]")
_BRACKET: Final = re.compile(r"[\[\]{}]")


def read_json(raw: bytes) -> Any:
    """The value of a UTF-8 JSON text (a byte order mark is skipped).

    Raises `InvalidInput` naming the first thing that makes the text unreadable, or every string,
    number and nesting in it that is refused.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(BODY, f"is not UTF-8 at byte {error.start}; send JSON as UTF-8") from None
    if not text.strip():
        raise _refused(BODY, "is empty; send a JSON object")
    try:
        # Own readers of numbers cost time for each; only a long or raised number needs them.
        is_huge = _HUGE.search(text) is not None
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_integer if is_huge else None,
            parse_float=_float if is_huge else None,
        )
    except json.JSONDecodeError as error:
        raise _refused(
            BODY, f"is not JSON: line {error.lineno}, column {error.colno}: {error.msg}"
        ) from None
    except RecursionError:
        raise _too_deep() from None
    # The walk over every value is paid for only when the text gives reason to.
    if _SUSPECT_ESCAPE.search(text) or _deepest(text) > DEPTH_MAXIMUM:
        problems = _problems_in(value)
        if problems:
            raise InvalidInput(problems)
    return value


def field_path(parent: str, key: str | int) -> str:
    """The name of a field inside `parent` as problems write it: ``candidates[3].rhythm``."""
    if isinstance(key, int):
        return f"{parent}[{key}]"
    return f"{parent}.{key}" if parent else key


def _refused(where: str, why: str) -> InvalidInput:
    return InvalidInput([Problem(where, why)])


def _too_deep() -> InvalidInput:
    return _refused(BODY, f"nests lists and objects more than {DEPTH_MAXIMUM} deep")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    times = Counter(key for key, _ in pairs)
    raise InvalidInput(
        [
            Problem(shown_name(key), "stands twice in one object")
            for key, count in times.items()
            if count > 1
        ][:NAMED_MAXIMUM]
    )


def _constant(name: str) -> Any:
    raise _refused(BODY, f"{name} is not a number in JSON; leave an unknown value out or use null")


def _integer(digits: str) -> int:
    if len(digits) > _DIGITS_MAXIMUM or abs(int(digits)) > INTEGER_MAXIMUM:
        raise _refused(BODY, f"holds an integer beyond {INTEGER_MAXIMUM}")
    return int(digits)


def _float(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise _refused(BODY, "holds a number too large to keep")
    return value


def _deepest(text: str) -> int:
    """The deepest nesting if every bracket counts, those inside strings too: never too low."""
    depth = deepest = 0
    for bracket in _BRACKET.finditer(text):
        depth += 1 if bracket.group() in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _problems_in(value: Any) -> list[Problem]:
    """Walks without recursion, so that depth is a finding and never a crash."""
    problems: list[Problem] = []
    stack: list[tuple[str, Any, int]] = [("", value, 1)]
    while stack:
        where, item, depth = stack.pop()
        if depth > DEPTH_MAXIMUM:
            raise _too_deep()
        if isinstance(item, str):
            problems.extend(_string_problems(where or BODY, item))
        elif isinstance(item, list):
            children = [(field_path(where, i), child) for i, child in enumerate(item)]
            stack.extend((path, child, depth + 1) for path, child in reversed(children))
        elif isinstance(item, dict):
            named = [
                (field_path(where, shown_name(key)), key, child) for key, child in item.items()
            ]
            for path, key, _ in named:
                problems.extend(_string_problems(path, key))
            stack.extend((path, child, depth + 1) for path, _, child in reversed(named))
    return problems


def _string_problems(where: str, text: str) -> list[Problem]:
    if "\x00" in text:
        return [Problem(where, "holds a NUL character; leave it out")]
    if any("\ud800" <= character <= "\udfff" for character in text):
        return [Problem(where, "holds half of a surrogate pair, which is no character")]
    return []
