"""The bounds inside which a region, or a municipality inside it, may change a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matcher.domain.rules import RuleSetError


def check_bounds(
    where: str, base: Mapping[str, Any], value: Mapping[str, Any], bounds: Mapping[str, Any]
) -> None:
    """Raise a RuleSetError that names the key and what is allowed when `value` leaves `bounds`.

    `bounds` may state `each_within_percent` (of the value below), `each_within` (steps by key, also
    one level down), `maxima` and `minima` by key, `total`, and `sums` of named keys.
    """
    percent = bounds.get("each_within_percent")
    if percent is not None:
        for key, number in value.items():
            _within(
                f"{where}.{key}",
                number,
                base[key] * (100 - percent) / 100,
                base[key] * (100 + percent) / 100,
            )
    for key, steps in bounds.get("each_within", {}).items():
        for group, needs in value.items():
            if group in base and key in needs:
                was = base[group][key]
                _within(f"{where}.{group}.{key}", needs[key], was - steps, was + steps)
    for key, upper in bounds.get("maxima", {}).items():
        _within(f"{where}.{key}", value[key], float("-inf"), upper)
    for key, lower in bounds.get("minima", {}).items():
        _within(f"{where}.{key}", value[key], lower, float("inf"))
    for rule in bounds.get("sums", ()):
        total = sum(value[key] for key in rule["of"])
        _within(f"{where}.{'+'.join(rule['of'])}", total, rule["minimum"], rule["maximum"])
    if "total" in bounds and sum(value.values()) != bounds["total"]:
        raise RuleSetError(
            f"{where}: the values sum to {sum(value.values())}; they must sum to {bounds['total']}"
        )


def _within(where: str, number: float, lower: float, upper: float) -> None:
    if not lower <= number <= upper:
        raise RuleSetError(f"{where}: {number} is outside {lower:g} to {upper:g}")
