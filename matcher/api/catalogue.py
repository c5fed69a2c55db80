"""Reference data: codes, regions, and sectors with their pool."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from matcher.api.blueprint import Resource
from matcher.api.schemas.catalogue import (
    CodeListEntry,
    CodeLists,
    Pool,
    PoolQuery,
    Region,
    Regions,
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
from matcher.reference.rules import NATIONAL
from matcher.services.rule_versions import regions_with_rules
from matcher.services.talent import sector_pool
from matcher.services.visibility import Kind, Stage, show

codes = Resource("codes", __name__, description="Code lists with Dutch and English labels.")
regions = Resource("regions", __name__, description="The labour-market regions.")
sectors = Resource(
    "sectors", __name__, description="Sectors by SBI 2008, and how many people look for work there."
)

RESOURCES = (codes, regions, sectors)


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
    known = load_codes().list("regions").codes.values()
    own = regions_with_rules(current_session())
    return {"items": [_region(code, own) for code in known]}


@regions.get("/<string:slug>")
@public
@regions.response(200, Region)
def get_region(slug: str) -> dict[str, Any]:
    """One region"""
    code = _code("regions", slug, "region")
    return _region(code, regions_with_rules(current_session()))


def _region(code: Code, with_rules: Collection[str]) -> dict[str, Any]:
    return {
        "slug": code.code,
        "nl": code.nl,
        "en": code.en,
        "rule_set": code.code if code.code in with_rules else NATIONAL,
    }


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
