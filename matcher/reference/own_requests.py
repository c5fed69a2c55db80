"""By when candidates get an answer to what they ask: dated terms with their source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from matcher.reference.paths import data_dir
from matcher.reference.yaml_files import read_yaml


class TermError(ValueError):
    """A file of terms that cannot be used; the message names the kind of request."""


@dataclass(frozen=True, slots=True)
class Term:
    """How many working days the answer to one kind of request may take."""

    kind: str
    working_days: int
    valid_from: date
    valid_until: date | None
    source: str


def load_term(kind: str, on: date) -> Term:
    """The term that holds for `kind` on a day; TermError when none or two do."""
    found = [
        term
        for term in _terms(data_dir() / "parameters" / "own-requests.yaml")
        if term.kind == kind
        and term.valid_from <= on
        and (term.valid_until is None or on <= term.valid_until)
    ]
    if len(found) != 1:
        raise TermError(f"{kind} has {len(found)} terms on {on}; it needs one")
    return found[0]


@lru_cache(maxsize=8)
def _terms(path: Path) -> tuple[Term, ...]:
    content: dict[str, Any] = read_yaml(path)
    for row in content["terms"]:
        if row["source"] not in content["sources"]:
            raise TermError(f"{row['kind']}: source {row['source']} is not one of sources")
        if row["working_days"] < 1:
            raise TermError(f"{row['kind']}: working_days must be 1 or more")
    return tuple(
        Term(
            kind=row["kind"],
            working_days=row["working_days"],
            valid_from=row["valid_from"],
            valid_until=row["valid_until"],
            source=content["sources"][row["source"]],
        )
        for row in content["terms"]
    )
