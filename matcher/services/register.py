"""The register of processing as the code has it, and what is missing before it may be shown.

Every column says its purpose, class and retention (``matcher.models.base.about``); here they are
laid beside what ``data/accountability`` says of purposes, rights and questions. Whatever has no
counterpart is a problem, and with a problem no pack is made.
"""

from __future__ import annotations

import importlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from matcher.domain.access import Right
from matcher.domain.errors import InvalidInput, Problem
from matcher.domain.vocabulary import LOADS
from matcher.models import Base, Candidate, CandidateAudit
from matcher.models.base import DataClass, Purpose, Retention
from matcher.models.sealing import Sealed
from matcher.reference.accountability import load_accountability
from matcher.reference.retention import Ending, RetentionRule, load_retention
from matcher.services.retention import rules_of
from matcher.services.visibility import PUBLIC_FIELDS, TABLE

PUBLIC = "public"
ASKED_ON_CARDS = "card_"
_SYSTEM = frozenset({"id", "version", "created_at", "updated_at"})
_KEYS_OF_AUDIT = frozenset({"region", "reference"})


@dataclass(frozen=True, slots=True)
class HeldField:
    """One piece of data: where it stands, why, how long, how sensitive, and whether sealed."""

    table: str
    name: str
    purpose: Purpose
    retention: Retention
    data_class: DataClass
    is_sealed: bool


def held_fields() -> list[HeldField]:
    """Every field that is kept; a sealed column counts as each answer that it holds."""
    return [
        HeldField(
            table=table.name,
            name=name,
            purpose=column.info["purpose"],
            retention=column.info["retention"],
            data_class=column.info["class"],
            is_sealed=isinstance(column.type, Sealed),
        )
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if {"purpose", "retention", "class"} <= set(column.info)
        for name in column.info.get("holds", (column.name,))
    ]


def fields_of_a_candidate() -> set[str]:
    """Names of what is asked or noted of a candidate in the file itself."""
    found = {
        name
        for table in (Candidate, CandidateAudit)
        for column in table.__table__.columns
        for name in column.info.get("holds", (column.name,))
    }
    return found - _SYSTEM


def readers() -> dict[str, dict[str, set[str]]]:
    """Which fields of which kind each right may see at any stage; `public` is without a right."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for kind, cells in TABLE.items():
        for (right, _stage), names in cells.items():
            if names:
                found[right.value][kind.value] |= names
    for kind, names in PUBLIC_FIELDS.items():
        found[PUBLIC][kind.value] |= names
    return {right: dict(kinds) for right, kinds in found.items()}


def rules_by_class(on: date) -> dict[str, list[RetentionRule]]:
    """The retention rules of each class of data."""
    found: dict[str, list[RetentionRule]] = defaultdict(list)
    for rule in load_retention(on):
        found[rule.kind].append(rule)
    return dict(found)


# --- what is missing -----------------------------------------------------------------------------


def check_register(on: date, *, questions_asked: Iterable[tuple[str, str]] = ()) -> None:
    """Raises InvalidInput with everything that stands in the way of a pack.

    `questions_asked` are pairs of card and field, as the pages ask them.
    """
    problems = [
        *_column_problems(on),
        *_reader_problems(),
        *_question_problems(questions_asked),
        *_risk_problems(),
    ]
    if problems:
        raise InvalidInput(problems)


def _column_problems(on: date) -> Iterator[Problem]:
    purposes = load_accountability()["purposes"]["purposes"]
    classes = load_accountability()["controllers"]["classes"]
    rules = rules_by_class(on)
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            where = f"{table.name}.{column.name}"
            for name in ("purpose", "retention", "class"):
                if name not in column.info:
                    yield Problem(where, f"has no {name}; give it one with about(…)")
    for name in {held.table for held in held_fields() if held.data_class is not DataClass.PLAIN}:
        if not rules_of(Base.metadata.tables[name], load_retention(on)):
            yield Problem(name, "holds personal data, and no rule of retention ends its rows")
    for held in held_fields():
        where = f"{held.table}.{held.name}"
        if not purposes.get(held.purpose, {}).get("basis"):
            yield Problem(where, f"its purpose {held.purpose} has no basis in purposes.yaml")
        if held.retention not in rules:
            yield Problem(where, f"its retention {held.retention} has no rule in retention.yaml")
        elif held.data_class is not DataClass.PLAIN and all(
            rule.ending is Ending.KEEP for rule in rules[held.retention]
        ):
            yield Problem(where, "is personal data that is never ended; give it another retention")
        if held.data_class not in classes:
            yield Problem(where, f"its class {held.data_class} has no line in controllers.yaml")


def _reader_problems() -> Iterator[Problem]:
    lines = load_accountability()["controllers"]["rights"]
    for right in readers():
        line = lines.get(right, {})
        if not all(line.get(name) for name in ("party", "role", "agreement")):
            yield Problem(
                right, "may read, and has no line of who answers for it in controllers.yaml"
            )
    for right in lines:
        if right not in (*(each.value for each in Right), PUBLIC):
            yield Problem(right, "stands in controllers.yaml and is no right")


def _question_problems(questions_asked: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    content = load_accountability()["questions"]
    listed: Mapping[str, Mapping[str, Any]] = content["fields"]
    kept = fields_of_a_candidate()
    for name in sorted(kept - set(listed)):
        yield Problem(name, "is kept of a candidate and stands not in questions.yaml")
    for name in sorted(set(listed) - kept):
        yield Problem(name, "stands in questions.yaml and is in no column of a candidate")
    for card, name in questions_asked:
        if name not in listed:
            yield Problem(name, f"is asked on {card} and has no column of its own")
        elif card not in listed[name]["asked"]:
            yield Problem(name, f"is asked on {card}, which questions.yaml does not say")
    yield from _entry_problems(content)
    yield from _not_asked(listed, set(questions_asked))


def _entry_problems(content: Mapping[str, Any]) -> Iterator[Problem]:
    for name, entry in content["fields"].items():
        if not entry["asked"] or entry["source"] not in content["sources"]:
            yield Problem(name, "has no question or source in questions.yaml")
        for use in entry["used_for"] or [""]:
            if use not in content["uses"]:
                yield Problem(name, f"has no known use in questions.yaml ({use or 'none'})")
        for module in entry["read_by"] or [""]:
            if not _reads(module, name):
                yield Problem(
                    name, f"is not read by {module or 'anything'}, as questions.yaml says"
                )


def _not_asked(
    listed: Mapping[str, Mapping[str, Any]], asked: set[tuple[str, str]]
) -> Iterator[Problem]:
    for name, entry in listed.items() if asked else ():
        for card in entry["asked"]:
            if card.startswith(ASKED_ON_CARDS) and (card, name) not in asked:
                yield Problem(name, f"is not asked on {card}, as questions.yaml says")


def _reads(module: str, name: str) -> bool:
    try:
        found = importlib.import_module(module)
    except (ImportError, ValueError):
        return False
    source = Path(str(found.__file__)).read_text(encoding="utf-8")
    names = {name, "LOADS", "BODY_LOADS", "HEAD_LOADS"} if name in LOADS else {name}
    return any(re.search(rf"\b{each}\b", source) for each in names)


def _risk_problems() -> Iterator[Problem]:
    for risk in load_accountability()["risks"]["risks"]:
        for name in ("measure", "shown_by", "owner", "residual"):
            if not risk.get(name):
                yield Problem(f"risk {risk['number']}", f"has no {name} in risks.yaml")
