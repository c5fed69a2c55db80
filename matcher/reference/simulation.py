"""The assumptions of the simulation, checked against their schema."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from matcher.domain.errors import InvalidInput, Problem
from matcher.domain.simulation import Assumptions
from matcher.reference.paths import data_dir
from matcher.reference.rule_schema import as_json
from matcher.reference.yaml_files import read_yaml

HUNDREDTHS = 100


def load_assumptions(path: Path | None = None) -> Assumptions:
    """What is assumed: the file that ships, or another of the same shape.

    InvalidInput names every entry that is wrong, and why.
    """
    path = path or data_dir() / "parameters" / "simulation.yaml"
    if not path.is_file():
        raise InvalidInput([Problem(path.name, "does not exist; check the path")])
    document = as_json(read_yaml(path))
    problems = _problems(document)
    if problems:
        raise InvalidInput([Problem(f"{path.name}: {where}", why) for where, why in problems])
    values: dict[str, Any] = {name: row["value"] for name, row in document["assumptions"].items()}
    values["price_of_a_week"] = round(values["price_of_a_week"] * HUNDREDTHS)
    for name in ("pause_weeks", "conversation_weeks"):
        values[name] = tuple(values[name])
    return Assumptions(**values)


def _problems(document: Any) -> list[tuple[str, str]]:
    found = [
        (".".join(str(part) for part in error.absolute_path) or "document", error.message)
        for error in _validator(data_dir() / "parameters").iter_errors(document)
    ]
    if found:
        return sorted(found)
    known = document["sources"]
    for name, row in document["assumptions"].items():
        if row["source"] not in known:
            found.append((name, f"source {row['source']} is not one of {', '.join(known)}"))
        if name.endswith("_weeks") and isinstance(row["value"], list):
            low, high = row["value"]
            if low > high:
                found.append((name, "the shortest must not be over the longest"))
    return sorted(found)


@lru_cache(maxsize=8)
def _validator(folder: Path) -> Draft202012Validator:
    schema = json.loads((folder / "simulation.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)
