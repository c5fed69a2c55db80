"""A rule-set document against ``data/rules/schema.json``, all problems at once."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from matcher.domain.rule_problems import RuleFault, RuleProblem
from matcher.domain.rules import RuleSetError
from matcher.reference.paths import data_dir

PROBLEMS_SHOWN = 20
_RANGES = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})
_LISTED = 12
_VALUE_SHOWN = 80


def check_document(document: Mapping[str, Any], name: str) -> None:
    """Raise a RuleSetError that names `name`, each key that is wrong, and why.

    `document` is one file as read from YAML, before it is laid over what it extends. A source
    that is not a key of `sources` is a problem too: the schema cannot say so.
    """
    problems = [
        f"{'.'.join(str(part) for part in error.absolute_path) or 'document'}: {error.message}"
        for error in _errors(document)
    ]
    if not problems:
        problems = [str(problem) for problem in unknown_sources(document)]
    if problems:
        raise RuleSetError(f"{name}: " + "; ".join(problems[:PROBLEMS_SHOWN]))


def schema_problems(document: Mapping[str, Any]) -> list[RuleProblem]:
    """All that the schema says of one file, in words that a page can translate."""
    found = [problem for error in _errors(document) for problem in _problems_of(error)]
    found += _endless(as_json(document), "")
    return found or unknown_sources(document)


def as_json(value: Any) -> Any:
    """What YAML read, in the words of JSON: dates as text, keys as text."""
    if isinstance(value, Mapping):
        return {str(key): as_json(inside) for key, inside in value.items()}
    if isinstance(value, list):
        return [as_json(inside) for inside in value]
    return value.isoformat() if isinstance(value, date) else value


def unknown_sources(document: Mapping[str, Any]) -> list[RuleProblem]:
    """Entries whose source is no name of `sources`, those of municipalities too."""
    known = document["sources"]
    local = (document.get("municipalities") or {}).items()
    groups = [("entries", document["entries"])]
    groups += [(f"municipalities.{code}.entries", section["entries"]) for code, section in local]
    return [
        RuleProblem(f"{where}.{key}.source", RuleFault.SOURCE, entry["source"], ", ".join(known))
        for where, entries in groups
        for key, entry in entries.items()
        if entry["source"] not in known
    ]


def _errors(document: Mapping[str, Any]) -> list[ValidationError]:
    found = _validator(data_dir() / "rules" / "schema.json").iter_errors(as_json(document))
    return sorted(found, key=lambda error: [str(part) for part in error.absolute_path])


def _problems_of(error: ValidationError) -> Iterator[RuleProblem]:
    """One error of the schema by what it is about; of alternatives the nearest one speaks."""
    where = ".".join(str(part) for part in error.absolute_path)
    instance: Any = error.instance
    wanted: Any = error.validator_value
    if error.validator in ("anyOf", "oneOf") and error.context:
        for inside in _nearest(error):
            yield from _problems_of(inside)
    elif error.validator == "required":
        for name in wanted:
            if name not in instance and f"'{name}'" in error.message:
                yield RuleProblem(f"{where}.{name}".lstrip("."), RuleFault.MISSING)
    elif error.validator == "additionalProperties":
        schema: Any = error.schema
        known = schema.get("properties", {})
        for name in instance:
            if name not in known:
                listed = ", ".join(known) or "-"
                yield RuleProblem(f"{where}.{name}".lstrip("."), RuleFault.UNKNOWN_KEY, "", listed)
    else:
        fault, allowed = _meaning(error)
        yield RuleProblem(where or "document", fault, shown(instance), allowed)


def _meaning(error: ValidationError) -> tuple[RuleFault, str]:
    rule: Any = error.validator
    wanted: Any = error.validator_value
    schema: Any = error.schema
    if rule == "type":
        kinds = [wanted] if isinstance(wanted, str) else wanted
        return RuleFault.TYPE, " / ".join(kinds)
    if rule in _RANGES:
        return RuleFault.RANGE, _range(schema)
    if rule in ("enum", "const"):
        choices = [wanted] if rule == "const" else wanted
        return RuleFault.CHOICE, ", ".join(map(str, choices[:_LISTED]))
    if rule in ("pattern", "minLength", "minItems", "minProperties"):
        return RuleFault.SHAPE, f"{rule} {wanted}"
    return RuleFault.OTHER, error.message[:200]


def _range(schema: Mapping[str, Any]) -> str:
    signs = (("minimum", ">="), ("exclusiveMinimum", ">"), ("maximum", "<="))
    return " , ".join(f"{sign} {schema[key]}" for key, sign in signs if key in schema)


def _nearest(error: ValidationError) -> list[ValidationError]:
    """Of alternatives the errors of the one that was meant: by its fixed words, then by depth."""
    branches: dict[Any, list[ValidationError]] = {}
    for inside in error.context or ():
        branches.setdefault(inside.schema_path[0], []).append(inside)

    def distance(found: list[ValidationError]) -> tuple[bool, bool, int]:
        fixed = any(one.validator == "const" for one in found)
        null = any(one.validator == "type" and one.validator_value == "null" for one in found)
        return fixed, null, len(found)

    return min(branches.values(), key=distance)


def _endless(value: Any, where: str) -> list[RuleProblem]:
    """Numbers that are none: YAML can write them, arithmetic cannot use them."""
    if isinstance(value, Mapping):
        items: Any = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    else:
        is_odd = isinstance(value, float) and not math.isfinite(value)
        return [RuleProblem(where, RuleFault.TYPE, str(value), "number")] if is_odd else []
    found = [_endless(inside, f"{where}.{key}".lstrip(".")) for key, inside in items]
    return [problem for group in found for problem in group]


def shown(value: Any) -> str:
    """A value as it is said back: short, and empty for nothing."""
    text = "" if value is None else str(value)
    return text if len(text) <= _VALUE_SHOWN else f"{text[:_VALUE_SHOWN]}…"


@lru_cache(maxsize=8)
def _validator(path: Path) -> Draft202012Validator:
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)
