"""The rules in force, and the versions that each region had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, time
from typing import Any

from matcher.api.blueprint import Resource
from matcher.api.schemas.rule_sets import RuleSetDetail, RuleSets, RuleSetVersions
from matcher.domain.errors import NotFound
from matcher.http.clock import today
from matcher.http.db import current_session
from matcher.http.permissions import public
from matcher.services import rule_versions
from matcher.services.rule_versions import Span

blp = Resource(
    "rule-sets", __name__, description="The rules in force: every value with its source and date."
)


@blp.get("")
@public
@blp.response(200, RuleSets)
def list_rules() -> dict[str, Any]:
    """Every rule set, as it holds today"""
    session, on = current_session(), today()
    known = rule_versions.regions_with_rules(session)
    return {"items": [_summary(rule_versions.document_on(session, slug, on)) for slug in known]}


@blp.get("/<string:slug>")
@public
@blp.response(200, RuleSetDetail)
def get_rules(slug: str) -> dict[str, Any]:
    """One rule set with all its values, as it holds today

    Values of a region stand over those of the rule set that it extends.
    """
    return _detail(rule_versions.document_on(current_session(), _known(slug), today()))


@blp.get("/<string:slug>/versions")
@public
@blp.response(200, RuleSetVersions)
def list_rule_versions(slug: str) -> dict[str, Any]:
    """Every version of a rule set, the first one first

    Number 0 is the file of the data folder; the others were approved by two people. A contract
    keeps the version it was opened under, and an advice the one it was made with.
    """
    return {"items": [asdict(span) for span in _spans(slug)]}


@blp.get("/<string:slug>/versions/<int:rule_version>")
@public
@blp.response(200, RuleSetDetail)
def get_rule_version(slug: str, rule_version: int) -> dict[str, Any]:
    """One version with all its values, also of one that holds no more or not yet"""
    if rule_version not in {span.number for span in _spans(slug)}:
        raise NotFound("rule version")
    return _detail(rule_versions.numbered_document(current_session(), slug, rule_version))


def _spans(slug: str) -> list[Span]:
    return rule_versions.spans(current_session(), _known(slug), today())


def _known(slug: str) -> str:
    if slug not in rule_versions.regions_with_rules(current_session()):
        raise NotFound("rule set")
    return slug


def _detail(document: Mapping[str, Any]) -> dict[str, Any]:
    sources = document.get("sources", {})
    entries = [_entry(name, entry, sources) for name, entry in document["entries"].items()]
    return {**_summary(document), "entries": entries}


def _summary(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "slug": document["slug"],
        "title_nl": document["title"]["nl"],
        "title_en": document["title"]["en"],
        "version": str(document["version"]),
        "valid_from": document["valid_from"],
        "valid_until": document.get("valid_until"),
        "adopted_on": document.get("adopted_on"),
        "is_example": bool(document.get("example", False)),
    }


def _entry(name: str, entry: Mapping[str, Any], sources: Mapping[str, str]) -> dict[str, Any]:
    source = str(entry["source"])
    return {
        "name": name,
        "source": sources.get(source, source),
        "valid_from": entry.get("valid_from"),
        "valid_until": entry.get("valid_until"),
        "note": entry.get("note"),
        "is_example": bool(entry.get("example", False)),
        "value": _plain(entry["value"]),
    }


def _plain(value: Any) -> Any:
    """A value of YAML as JSON can hold it: names of keys as text, days and times as ISO 8601."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inside) for key, inside in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inside) for inside in value]
    if isinstance(value, date | time):
        return value.isoformat()
    return value
