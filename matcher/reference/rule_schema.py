"""A rule-set document against ``data/rules/schema.json``, all problems at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from matcher.domain.rules import RuleSetError
from matcher.reference.paths import data_dir

PROBLEMS_SHOWN = 20


def check_document(document: Mapping[str, Any], name: str) -> None:
    """Raise a RuleSetError that names `name`, each key that is wrong, and why.

    `document` is one file as read from YAML, before it is laid over what it extends. A source
    that is not a key of `sources` is a problem too: the schema cannot say so.
    """
    problems = [
        f"{'.'.join(str(part) for part in error.absolute_path) or 'document'}: {error.message}"
        for error in sorted(
            _validator(data_dir() / "rules" / "schema.json").iter_errors(as_json(document)),
            key=lambda error: [str(part) for part in error.absolute_path],
        )
    ]
    if not problems:
        problems = list(_unknown_sources(document))
    if problems:
        raise RuleSetError(f"{name}: " + "; ".join(problems[:PROBLEMS_SHOWN]))


def as_json(value: Any) -> Any:
    """What YAML read, in the words of JSON: dates as text, keys as text."""
    if isinstance(value, Mapping):
        return {str(key): as_json(inside) for key, inside in value.items()}
    if isinstance(value, list):
        return [as_json(inside) for inside in value]
    return value.isoformat() if isinstance(value, date) else value


def _unknown_sources(document: Mapping[str, Any]) -> list[str]:
    known = document["sources"]
    return [
        f"entries.{key}.source: {entry['source']} is not one of sources ({', '.join(known)})"
        for key, entry in document["entries"].items()
        if entry["source"] not in known
    ]


@lru_cache(maxsize=8)
def _validator(path: Path) -> Draft202012Validator:
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)
