"""The bounds inside which a region, or a municipality inside it, may change a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from matcher.domain.rule_problems import RuleFault, RuleProblem
from matcher.domain.rules import RuleSetError


def check_bounds(
    where: str, base: Mapping[str, Any], value: Mapping[str, Any], bounds: Mapping[str, Any]
) -> None:
    """Raise a RuleSetError that names the key and what is allowed when `value` leaves `bounds`."""
    for problem in bound_problems(where, base, value, bounds):
        raise RuleSetError(str(problem))


def bound_problems(
    where: str, base: Mapping[str, Any], value: Mapping[str, Any], bounds: Mapping[str, Any]
) -> Iterator[RuleProblem]:
    """Every place where `value` leaves `bounds`.

    `bounds` may state `each_within_percent` (of the value below), `each_within` (steps by key, also
    one level down), `maxima` and `minima` by key, `total`, `sums` of named keys, and `ranges` by
    path: then whatever is not named there stays as it is below.
    """
    percent = bounds.get("each_within_percent")
    if percent is not None:
        for key, number in value.items():
            was = base[key]
            lower, upper = was * (100 - percent) / 100, was * (100 + percent) / 100
            yield from _within(f"{where}.{key}", number, lower, upper)
    for key, steps in bounds.get("each_within", {}).items():
        for group, needs in value.items():
            if group in base and key in needs:
                was = base[group][key]
                yield from _within(f"{where}.{group}.{key}", needs[key], was - steps, was + steps)
    for key, upper in bounds.get("maxima", {}).items():
        yield from _within(f"{where}.{key}", value[key], float("-inf"), upper)
    for key, lower in bounds.get("minima", {}).items():
        yield from _within(f"{where}.{key}", value[key], lower, float("inf"))
    for rule in bounds.get("sums", ()):
        total = sum(value[key] for key in rule["of"])
        name = f"{where}.{'+'.join(rule['of'])}"
        yield from _within(name, total, rule["minimum"], rule["maximum"])
    if "total" in bounds and sum(value.values()) != bounds["total"]:
        yield RuleProblem(
            where,
            RuleFault.OTHER,
            str(sum(value.values())),
            f"the values sum to {sum(value.values())}; they must sum to {bounds['total']}",
        )
    if "ranges" in bounds:
        yield from _ranges(where, base, value, bounds["ranges"])


def _ranges(
    where: str,
    base: Mapping[str, Any],
    value: Mapping[str, Any],
    ranges: Mapping[str, Mapping[str, float]],
) -> Iterator[RuleProblem]:
    was = leaves(base)
    for path, found in leaves(value).items():
        if path in ranges:
            yield from _within(
                f"{where}.{path}", found, ranges[path]["minimum"], ranges[path]["maximum"]
            )
        elif path not in was or was[path] != found:
            yield RuleProblem(f"{where}.{path}", RuleFault.NOT_OPEN)


def leaves(value: Any, where: str = "") -> dict[str, Any]:
    """The values inside a value by their path, such as ``percent.works``; a list is one value."""
    if not isinstance(value, Mapping):
        return {where: value}
    found: dict[str, Any] = {}
    for key, inside in value.items():
        found |= leaves(inside, f"{where}.{key}" if where else str(key))
    return found


def _within(where: str, number: Any, lower: float, upper: float) -> Iterator[RuleProblem]:
    if isinstance(number, bool) or not isinstance(number, int | float):
        yield RuleProblem(where, RuleFault.TYPE, str(number), "number")
    elif not lower <= number <= upper:
        yield RuleProblem(where, RuleFault.BOUNDS, str(number), f"{lower:g} to {upper:g}")


def merge(base: Any, override: Any) -> Any:
    """Leaves of `override` over `base`; keys that `override` leaves out stay."""
    if isinstance(base, dict) and isinstance(override, dict):
        return {**base, **{k: merge(base.get(k), v) for k, v in override.items()}}
    return deepcopy(override)
