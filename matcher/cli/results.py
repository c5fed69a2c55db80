"""The columns of results (contract.md section 3): JSON holds all, other formats the flat ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
Flatten = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Result:
    """One kind of result: its flat columns as (name, kind), and how a nested one becomes flat."""

    name: str
    columns: tuple[tuple[str, str], ...]
    flatten: Mapping[str, Flatten]

    def flat(self, row: Row) -> dict[str, Any]:
        """`row` with its flat columns only."""
        return {
            name: self.flatten[name](row[name]) if name in self.flatten else row.get(name)
            for name, _ in self.columns
        }


def _codes(items: Sequence[Row | str]) -> list[str]:
    """The codes of what was explained, or the codes themselves where nothing was."""
    codes = (item if isinstance(item, str) else str(item["code"]) for item in items)
    return list(dict.fromkeys(codes))


def _questions(items: Sequence[Row]) -> list[str]:
    return [str(item["question"]) for item in items]


def _steps(items: Sequence[Row]) -> list[str]:
    return [f"{item['programme']} {item['starts_on']}..{item['ends_on']}" for item in items]


ASSESS = Result(
    "assess",
    (
        ("reference", "text"),
        ("lane", "text"),
        ("rule", "whole"),
        ("readiness", "decimal"),
        ("readiness_low", "decimal"),
        ("readiness_high", "decimal"),
        ("readiness_without_money", "decimal"),
        ("start_level", "decimal"),
        ("known_share", "decimal"),
        ("places_now", "whole"),
        ("sector", "text"),
        ("reasons", "list"),
        ("would_change", "text"),
        ("ask_next", "list"),
        ("programmes", "list"),
        ("review_on", "date"),
        ("on", "date"),
        ("rules_version", "text"),
        ("artefact", "text"),
    ),
    {"ask_next": _questions},
)

MATCH = Result(
    "match",
    (
        ("candidate", "text"),
        ("vacancy", "text"),
        ("rank", "whole"),
        ("eligible", "boolean"),
        ("fit", "decimal"),
        ("travel_minutes", "whole"),
        ("gaps", "list"),
        ("blockers", "list"),
        ("certainty", "text"),
        ("on", "date"),
    ),
    {"gaps": _codes, "blockers": _codes},
)

PLAN = Result(
    "plan",
    (
        ("candidate", "text"),
        ("outcome", "text"),
        ("vacancy", "text"),
        ("weeks", "whole"),
        ("place_on", "date"),
        ("steps", "list"),
        ("reasons", "list"),
        ("review_on", "date"),
        ("on", "date"),
        ("rules_version", "text"),
    ),
    {"steps": _steps},
)

ALLOCATE = Result(
    "allocate",
    (
        ("candidate", "text"),
        ("vacancy", "text"),
        ("programme", "text"),
        ("value", "whole"),
        ("guidance_guessed", "boolean"),
        ("locked", "boolean"),
        ("on", "date"),
    ),
    {},
)

EDGES = Result(
    "edges",
    (
        ("candidate", "text"),
        ("vacancy", "text"),
        ("programme", "text"),
        ("value", "whole"),
        ("guidance_hours", "decimal"),
    ),
    {},
)


SIMULATE = Result(
    "simulate",
    (
        ("policy", "text"),
        ("outcome", "text"),
        ("unit", "text"),
        ("mean", "decimal"),
        ("low", "decimal"),
        ("high", "decimal"),
        ("seeds", "whole"),
        ("region", "text"),
        ("weeks", "whole"),
        ("arrivals", "decimal"),
        ("places", "decimal"),
        ("on", "date"),
        ("rules_version", "text"),
    ),
    {},
)


def _postings(items: Sequence[Row]) -> list[str]:
    return [
        f"{':'.join(str(item[name]) for name in ('rule', 'subject') if item[name])}"
        f" {item['arithmetic']} [{item['cents']}]"
        for item in items
    ]


def _settled(found: Row) -> int | None:
    return None if found["cents"] is None else int(found["cents"])


OBLIGATION = Result(
    "obligation",
    (
        ("contract", "text"),
        ("contractor", "text"),
        ("region", "text"),
        ("steps", "list"),
        ("obligation_cents", "whole"),
        ("credited_cents", "whole"),
        ("realised_cents", "whole"),
        ("balance_cents", "whole"),
        ("settlement", "whole"),
        ("on", "date"),
        ("rules_version", "text"),
    ),
    {"steps": _postings, "settlement": _settled},
)


def write_result(result: Result, out: str, file_format: str, rows: Iterable[Row]) -> None:
    """`rows` to the file or standard output `out`, in `file_format`."""
    from matcher.files.writing import write_table

    if file_format != "json":
        rows = map(result.flat, rows)
    write_table(out, file_format, rows, result.columns, result.name)
