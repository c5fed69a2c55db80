"""Reference data: codes, regions, sectors with their pool, and rule sets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from matcher.api.blueprint import Resource
from matcher.api.schemas.catalogue import (
    CodeListEntry,
    CodeLists,
    Pool,
    PoolQuery,
    Region,
    Regions,
    RuleSetDetail,
    RuleSets,
    Sector,
    Sectors,
)
from matcher.domain.access import NOBODY
from matcher.domain.errors import NotFound
from matcher.domain.vocabulary import section_of
from matcher.http.clock import today
from matcher.http.db import current_session
from matcher.http.permissions import public
from matcher.reference.codes import Code, CodeList, load_codes
from matcher.reference.rules import list_rule_sets, read_document, rule_set_for
from matcher.services.talent import sector_pool
from matcher.services.visibility import Kind, Stage, show

codes = Resource("codes", __name__, description="Code lists with Dutch and English labels.")
regions = Resource("regions", __name__, description="The labour-market regions.")
sectors = Resource(
    "sectors", __name__, description="Sectors by SBI 2008, and how many people look for work there."
)
rule_sets = Resource(
    "rule-sets", __name__, description="The rules in force: every value with its source and date."
)

RESOURCES = (codes, regions, sectors, rule_sets)


@codes.get("")
@public
@codes.response(200, CodeLists)
def list_code_lists() -> dict[str, Any]:
    """Every code list

    All lists in one answer, each with its codes and labels.
    """
    known = load_codes()
    return {"items": [_code_list(known.list(name)) for name in known.names()]}


@codes.get("/<string:name>")
@public
@codes.response(200, CodeListEntry)
def get_code_list(name: str) -> dict[str, Any]:
    """One code list"""
    known = load_codes()
    if name not in known.names():
        raise NotFound("code list")
    return _code_list(known.list(name))


def _code_list(found: CodeList) -> dict[str, Any]:
    return {
        "name": found.name,
        "title_nl": found.title["nl"],
        "title_en": found.title["en"],
        "source": found.source,
        "dated": found.dated,
        "codes": [
            {"code": code.code, "nl": code.nl, "en": code.en} for code in found.codes.values()
        ],
    }


@regions.get("")
@public
@regions.response(200, Regions)
def list_regions() -> dict[str, Any]:
    """Every region"""
    return {"items": [_region(code) for code in load_codes().list("regions").codes.values()]}


@regions.get("/<string:slug>")
@public
@regions.response(200, Region)
def get_region(slug: str) -> dict[str, Any]:
    """One region"""
    return _region(_code("regions", slug, "region"))


def _region(code: Code) -> dict[str, Any]:
    rules = rule_set_for(code.code)
    return {"slug": code.code, "nl": code.nl, "en": code.en, "rule_set": rules.slug}


@sectors.get("")
@public
@sectors.response(200, Sectors)
def list_sectors() -> dict[str, Any]:
    """Every sector"""
    return {"items": [_sector(code) for code in load_codes().list("sectors").codes.values()]}


@sectors.get("/<string:code>")
@public
@sectors.response(200, Sector)
def get_sector(code: str) -> dict[str, Any]:
    """One sector"""
    return _sector(_code("sectors", code, "sector"))


@sectors.get("/<string:code>/pool")
@public
@sectors.arguments(PoolQuery, location="query")
@sectors.response(200, Pool)
def get_pool(query: Mapping[str, Any], code: str) -> dict[str, Any]:
    """How many people want to work in a sector

    Counts under 10 are never given and follow from no other count; others are rounded to 5. They
    are made once a week, so that asking again after a change tells nothing.
    """
    sector = _code("sectors", code, "sector")
    region = query["region"]
    lines = sector_pool(current_session(), region, on=today())
    line = next(line for line in lines if line["sector"] == sector.code)
    return {**show(Kind.POOL, line, NOBODY.rights, Stage.PUBLIC), "region": region}


def _sector(code: Code) -> dict[str, Any]:
    return {"code": code.code, "nl": code.nl, "en": code.en, "section": section_of(code.code)}


def _code(list_name: str, code: str, kind: str) -> Code:
    known = load_codes().list(list_name)
    if code not in known:
        raise NotFound(kind)
    return known[code]


@rule_sets.get("")
@public
@rule_sets.response(200, RuleSets)
def list_rules() -> dict[str, Any]:
    """Every rule set"""
    return {"items": [_summary(read_document(slug)) for slug in list_rule_sets()]}


@rule_sets.get("/<string:slug>")
@public
@rule_sets.response(200, RuleSetDetail)
def get_rules(slug: str) -> dict[str, Any]:
    """One rule set with all its values

    Values of a region stand over those of the rule set that it extends.
    """
    if slug not in list_rule_sets():
        raise NotFound("rule set")
    document = read_document(slug)
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
