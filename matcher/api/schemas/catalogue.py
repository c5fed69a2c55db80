"""Code lists, regions and sectors: reference data that anybody may read."""

from __future__ import annotations

from marshmallow import Schema, fields

from matcher.api.fields import Code, described, nested_list, whole


class CodeEntry(Schema):
    """One code with its labels."""

    code = described(
        fields.String(required=True), "The code as files and bodies carry it.", example="F42"
    )
    nl = described(
        fields.String(required=True), "The Dutch label.", example="Grond-, water- en wegenbouw"
    )
    en = described(fields.String(required=True), "The English label.", example="Civil engineering")


class CodeListEntry(Schema):
    """One code list with all its codes."""

    name = described(fields.String(required=True), "The name of the list.", example="sectors")
    title_nl = described(
        fields.String(required=True), "What the list is called in Dutch.", example="Sectoren"
    )
    title_en = described(
        fields.String(required=True), "What the list is called in English.", example="Sectors"
    )
    source = described(
        fields.String(required=True), "Where the codes come from.", example="CBS, SBI 2008"
    )
    dated = described(
        fields.Date(required=True),
        "The day on which the list was drawn up.",
        example="2026-11-23",
        unit="day",
    )
    codes = described(
        nested_list(CodeEntry, required=True),
        "The codes in their order.",
        example=[{"code": "F42", "nl": "Grond-, water- en wegenbouw", "en": "Civil engineering"}],
    )


class CodeLists(Schema):
    """Every code list; short enough to come in one page."""

    items = described(nested_list(CodeListEntry, required=True), "The lists by name.", example=[])


class Region(Schema):
    """A labour-market region."""

    slug = described(
        fields.String(required=True), "The code of the region.", example="drechtsteden"
    )
    nl = described(fields.String(required=True), "The Dutch name.", example="Drechtsteden")
    en = described(fields.String(required=True), "The English name.", example="Drechtsteden")
    rule_set = described(
        fields.String(required=True),
        "The rule set that holds in the region; national where it has none of its own.",
        example="national",
    )


class Regions(Schema):
    """Every region."""

    items = described(nested_list(Region, required=True), "The regions.", example=[])


class Sector(Schema):
    """A section or division of SBI 2008."""

    code = described(
        fields.String(required=True), "Section letter, followed by the division.", example="F42"
    )
    nl = described(
        fields.String(required=True), "The Dutch name.", example="Grond-, water- en wegenbouw"
    )
    en = described(fields.String(required=True), "The English name.", example="Civil engineering")
    section = described(
        fields.String(required=True), "The section that the code is or belongs to.", example="F"
    )


class Sectors(Schema):
    """Every sector."""

    items = described(
        nested_list(Sector, required=True),
        "The sections, each followed by its divisions.",
        example=[],
    )


class PoolQuery(Schema):
    """Which region's pool."""

    region = described(Code("regions", required=True), "The region, by its code.", example="demo")


class SectorLabel(Schema):
    """The name of a sector."""

    nl = described(fields.String(required=True), "In Dutch.", example="Grond-, water- en wegenbouw")
    en = described(fields.String(required=True), "In English.", example="Civil engineering")


class Pool(Schema):
    """How many people of a region look for work in a sector, as it was counted last."""

    sector = described(fields.String(required=True), "The sector.", example="F42")
    label = described(
        fields.Nested(SectorLabel, required=True),
        "The name of the sector.",
        example={"nl": "Grond-, water- en wegenbouw", "en": "Civil engineering"},
    )
    region = described(fields.String(required=True), "The region.", example="demo")
    count = described(
        whole(required=True, allow_none=True),
        "People, rounded to 5; null when fewer than 10. A section of which fewer than 10 people do "
        "not want one of its divisions has the count of that division.",
        example=45,
        unit="people",
    )
    as_of = described(
        fields.Date(required=True),
        "The day of the count; it stands for a week.",
        example="2027-03-09",
        unit="day",
    )
