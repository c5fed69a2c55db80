"""What a municipality lays over the money rules of its region, inside the bounds of the region.

Only entries that the region gives `bounds.ranges` may differ, and of those only the named values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product
from typing import Any

from matcher.domain.rule_problems import RuleFault, RuleProblem
from matcher.domain.rules import RuleSetError
from matcher.reference.bounds import bound_problems, leaves, merge

Document = Mapping[str, Any]


def municipality_of(document: Document, name: str | None) -> str | None:
    """The section of `document` for a municipality, by its code or what it is called.

    None where the region writes nothing for it: then the region's own values hold.
    """
    if name is None:
        return None
    wanted = name.strip().casefold()
    for code, section in sections(document).items():
        if wanted in {code, *(str(title).casefold() for title in section["title"].values())}:
            return code
    return None


def sections(document: Document) -> Mapping[str, Document]:
    """The sections of municipalities by their code."""
    return document.get("municipalities") or {}


def laid_over(document: Document, code: str | None, name: str, found: Document, day: date) -> Any:
    """The version `found` of the entry `name` with what the municipality writes over it on `day`.

    Where it writes nothing, or nothing that holds on the day, that is `found` itself.
    """
    if code is None:
        return found
    override = sections(document)[code]["entries"].get(name)
    for version in _versions(override or {}):
        if holds_on(version, day):
            return {**version, "value": merge(found["value"], version["value"])}
    return found


def holds_on(version: Document, day: date) -> bool:
    """Whether a version of an entry holds on a day."""
    first, last = version.get("valid_from"), version.get("valid_until")
    return (first is None or first <= day) and (last is None or day <= last)


def check_municipalities(document: Document, name: str) -> None:
    """Raise a RuleSetError that names the municipality, the value and the bound it leaves."""
    for problem in municipal_problems(document):
        raise RuleSetError(f"{name}: {problem}")


def municipal_problems(document: Document) -> Iterator[RuleProblem]:
    """Everything a municipality writes that its region does not leave to it."""
    for code, section in sections(document).items():
        for name, override in section["entries"].items():
            where = f"municipalities.{code}.entries.{name}"
            entry = document["entries"].get(name)
            ranges = (entry or {}).get("bounds", {}).get("ranges")
            if entry is None or not ranges:
                yield RuleProblem(where, RuleFault.NOT_OPEN)
                continue
            for below, version in product(_versions(entry), _versions(override)):
                if not _overlap(below, version):
                    continue
                value = merge(below["value"], version["value"])
                if not isinstance(value, Mapping):
                    yield RuleProblem(f"{where}.value", RuleFault.TYPE, str(value), "object")
                    continue
                # A region's range wins over its own value: what stays as it is below is no breach.
                own = {path: ranges[path] for path in leaves(version["value"]) if path in ranges}
                inside = {"ranges": own}
                yield from bound_problems(f"{where}.value", below["value"], value, inside)


def _versions(entry: Document) -> tuple[Document, ...]:
    return (entry, *entry.get("earlier", ())) if entry else ()


def _overlap(one: Document, other: Document) -> bool:
    first = max(one.get("valid_from") or date.min, other.get("valid_from") or date.min)
    last = min(one.get("valid_until") or date.max, other.get("valid_until") or date.max)
    return first <= last
