"""The text of a region's rule set: every problem in it at once, and what it says once it has none.

What officers write has the format of ``data/rules``; nothing in it is read otherwise than a file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from matcher.domain.rule_problems import RuleFault, RuleProblem
from matcher.domain.rules import RuleSet, RuleSetError
from matcher.reference.bounds import bound_problems, merge
from matcher.reference.money_rules import NEEDED
from matcher.reference.municipalities import holds_on, municipal_problems
from matcher.reference.paths import data_dir
from matcher.reference.rule_schema import schema_problems, shown
from matcher.reference.rules import (
    NATIONAL,
    overlay,
    read_document,
    rule_set_from,
    rules_dir,
)
from matcher.reference.yaml_files import parse_yaml, reference_line

Document = Mapping[str, Any]

TEXT_MAXIMUM = 200_000
VERSION_MAXIMUM = 40
_VERSION_LINE = re.compile(r"^version:.*$", re.MULTILINE)
_COUNTING = re.compile(r"^(.*?)(\d+)$", re.DOTALL)


def file_text(region: str) -> str | None:
    """The file of a region as it stands in the data folder, its first version; None without one."""
    path = rules_dir() / f"{region}.yaml"
    return path.read_text(encoding="utf-8") if path.is_file() else None


def document_of(text: str, region: str) -> Document:
    """The whole document of a text, laid over the national one; a RuleSetError when it is not good.

    To be read only: the same document is given to everybody.
    """
    return _document_of(text, region, data_dir())


@lru_cache(maxsize=64)
def _document_of(text: str, region: str, _folder: Path) -> Document:
    problems = problems_of(text, region)
    if problems:
        raise RuleSetError("; ".join(f"{region}: {problem}" for problem in problems[:20]))
    return overlay(read_document(NATIONAL), parse_yaml(text), region)


def rule_set_of(text: str, region: str) -> RuleSet:
    """The values of a text as the rules read them."""
    return _rule_set_of(text, region, data_dir())


@lru_cache(maxsize=64)
def _rule_set_of(text: str, region: str, _folder: Path) -> RuleSet:
    return rule_set_from(document_of(text, region))


def problems_of(
    text: str, region: str, used: Collection[str] = (), on: date | None = None
) -> list[RuleProblem]:
    """All that is wrong with `text` as the rule set of `region`; nothing when it may hold.

    `used` are versions that the region had; `on` is the day from which it is to hold.
    """
    found = _parsed(text)
    if isinstance(found, RuleProblem):
        return [found]
    problems = schema_problems(found)
    if problems:
        return problems
    return [*_own(found, region, used), *_override_problems(found), *_dated(found, on)] or _whole(
        found, region
    )


def _parsed(text: str) -> Document | RuleProblem:
    """The document, or why it is none; references inside YAML are refused, they can grow a text."""
    if len(text) > TEXT_MAXIMUM:
        return RuleProblem("document", RuleFault.NOT_YAML, "", f"> {TEXT_MAXIMUM}")
    try:
        line = reference_line(text)
        if line is not None:
            return RuleProblem(f"line {line}", RuleFault.NOT_YAML, "", "*")
        found = parse_yaml(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = "document" if mark is None else f"line {mark.line + 1}"
        why = getattr(error, "problem", None) or getattr(error, "reason", None) or "?"
        return RuleProblem(where, RuleFault.NOT_YAML, "", str(why))
    except (ValueError, RecursionError, OverflowError) as error:
        return RuleProblem("document", RuleFault.NOT_YAML, "", type(error).__name__)
    if not isinstance(found, dict):
        return RuleProblem("document", RuleFault.TYPE, shown(found), "object")
    return found


def version_in(text: str) -> str | None:
    """The version that a text gives itself; None where it cannot be read."""
    found = _parsed(text)
    if isinstance(found, RuleProblem) or not isinstance(found.get("version"), str):
        return None
    return str(found["version"])[:VERSION_MAXIMUM]


def next_version(version: str, used: Collection[str] = ()) -> str:
    """The version after `version` that was not used: its last number counts on."""
    found = _COUNTING.match(version)
    stem, number = (found[1], int(found[2])) if found else (f"{version}.", 0)
    number += 1
    while f"{stem}{number}" in used:
        number += 1
    return f"{stem}{number}"


def with_version(text: str, version: str) -> str:
    """The text with another version; all else stays, remarks too."""
    return _VERSION_LINE.sub(f'version: "{version}"', text, count=1)


def _own(document: Document, region: str, used: Collection[str]) -> Iterator[RuleProblem]:
    if document["slug"] != region:
        yield RuleProblem("slug", RuleFault.REGION, shown(document["slug"]), region)
    if document.get("extends", NATIONAL) != NATIONAL:
        yield RuleProblem("extends", RuleFault.REGION, shown(document["extends"]), NATIONAL)
    version = str(document["version"])
    if version in used:
        yield RuleProblem("version", RuleFault.VERSION_USED, version)
    if len(version) > VERSION_MAXIMUM:
        yield RuleProblem(
            "version", RuleFault.SHAPE, shown(version), f"maxLength {VERSION_MAXIMUM}"
        )
    for name in NEEDED:
        if name not in document["entries"]:
            yield RuleProblem(f"entries.{name}", RuleFault.MISSING)


def _override_problems(document: Document) -> Iterator[RuleProblem]:
    """What leaves the bounds of the national rules, and of the region for its municipalities."""
    national = read_document(NATIONAL)["entries"]
    for name, entry in document["entries"].items():
        if name not in national:
            continue
        where, bounds = f"entries.{name}", national[name].get("bounds")
        if not bounds:
            yield RuleProblem(where, RuleFault.NOT_OPEN)
            continue
        below = national[name]["value"]
        yield from bound_problems(f"{where}.value", below, merge(below, entry["value"]), bounds)
    yield from municipal_problems(document)


def _dated(document: Document, on: date | None) -> Iterator[RuleProblem]:
    """Rules that have no value on the day from which the set is to hold."""
    for name, entry in document["entries"].items():
        versions = [entry, *entry.get("earlier", ())]
        if on is not None and not any(holds_on(version, on) for version in versions):
            spans = ", ".join(
                f"{one['valid_from'] or '...'} – {one['valid_until'] or '...'}" for one in versions
            )
            yield RuleProblem(f"entries.{name}.valid_from", RuleFault.NO_VALUE, str(on), spans)


def _whole(document: Document, region: str) -> list[RuleProblem]:
    try:
        rule_set_from(overlay(read_document(NATIONAL), document, region))
    except (RuleSetError, KeyError, TypeError, ValueError) as error:
        return [RuleProblem("document", RuleFault.OTHER, "", str(error))]
    return []
