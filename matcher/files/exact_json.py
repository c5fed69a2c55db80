"""JSON in which a decimal keeps its digits: ``68.50`` stays the number 68.50, never 68.5.

Files and the API write decimals with two digits (contract.md section 3), so both write through
here; ``json`` alone knows floats only, and a float has no digits to keep.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Any, Final

_MARK: Final = "\x00"
"""No text of the product can begin with it: NUL is refused wherever something comes in."""

_MARKED: Final = re.compile(r'"\\u0000(-?[0-9]+(?:\.[0-9]+)?)"')


def _refuse(value: Any) -> Any:
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def exact_json(
    value: Any, *, indent: int | None = None, default: Callable[[Any], Any] = _refuse
) -> str:
    """`value` as JSON text; days and times as ISO 8601, anything else as `default` makes of it.

    NaN and infinity raise ValueError; without a `default`, what has no form raises TypeError.
    """

    def plain(found: Any) -> Any:
        if isinstance(found, Decimal):
            if not found.is_finite():
                raise ValueError(f"{found} is no number in JSON")
            return f"{_MARK}{found:f}"
        if isinstance(found, date | time):
            return found.isoformat()
        return default(found)

    separators = None if indent else (",", ":")
    text = json.dumps(
        value,
        ensure_ascii=False,
        allow_nan=False,
        indent=indent,
        separators=separators,
        default=plain,
    )
    return _MARKED.sub(r"\1", text)
