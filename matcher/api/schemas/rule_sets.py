"""Rule sets and their versions: reference data that anybody may read."""

from __future__ import annotations

from marshmallow import Schema, fields

from matcher.api.fields import described, nested_list, whole


class RuleSetSummary(Schema):
    """One version of the rules of a region."""

    slug = described(fields.String(required=True), "The code of the rule set.", example="national")
    title_nl = described(
        fields.String(required=True), "The Dutch title.", example="Landelijke uitgangswaarden"
    )
    title_en = described(
        fields.String(required=True), "The English title.", example="National starting values"
    )
    version = described(
        fields.String(required=True),
        "The version, followed by those it is laid over.",
        example="national 2026.1",
    )
    valid_from = described(
        fields.Date(required=True),
        "The first day on which it holds.",
        example="2026-01-01",
        unit="day",
    )
    valid_until = described(
        fields.Date(required=True, allow_none=True),
        "The last day on which it holds; null while none is set.",
        example="2027-12-31",
        unit="day",
    )
    adopted_on = described(
        fields.Date(required=True, allow_none=True),
        "The day on which the region adopted it; null for an example.",
        example="2026-01-01",
        unit="day",
    )
    is_example = described(
        fields.Boolean(required=True),
        "Whether its values are an example and bind nobody.",
        example=False,
    )


class RuleSets(Schema):
    """Every rule set."""

    items = described(
        nested_list(RuleSetSummary, required=True), "The rule sets by code.", example=[]
    )


class RuleEntry(Schema):
    """One value of a rule set with where it comes from."""

    name = described(
        fields.String(required=True), "What the value is.", example="readiness_weights"
    )
    source = described(
        fields.String(required=True),
        "Where the value comes from.",
        example="Practitioner's default",
    )
    valid_from = described(
        fields.Date(required=True, allow_none=True),
        "The first day on which it holds.",
        example="2026-01-01",
        unit="day",
    )
    valid_until = described(
        fields.Date(required=True, allow_none=True),
        "The last day on which it holds; null while none is set.",
        example="2027-12-31",
        unit="day",
    )
    note = described(
        fields.String(allow_none=True), "What a reader should know of it.", example="Sum 100."
    )
    is_example = described(
        fields.Boolean(required=True),
        "Whether the value is an example and binds nobody.",
        example=False,
    )
    value = described(
        fields.Raw(required=True),
        "The value: a number, a text, or a table of them. The note says its unit.",
        example={"rhythm": 24, "work_skills": 18},
    )


class RuleSetDetail(RuleSetSummary):
    """A rule set with every value in force, its own and those it is laid over."""

    entries = described(nested_list(RuleEntry, required=True), "The values by name.", example=[])


class RuleSetVersion(Schema):
    """One version of a rule set: when it held, holds or will hold."""

    number = described(whole(required=True), "Its number; 0 is the file.", example=0)
    version = described(
        fields.String(required=True), "The version that it gives itself.", example="2026.2"
    )
    since = described(
        fields.Date(required=True),
        "The first day on which it holds.",
        example="2026-01-01",
        unit="day",
    )
    until = described(
        fields.Date(required=True, allow_none=True),
        "The last day on which it holds; null while none comes after it.",
        example="2026-12-31",
        unit="day",
    )
    approved_on = described(
        fields.Date(required=True, allow_none=True),
        "The day on which a second person approved it; for the file the day it was adopted.",
        example="2026-01-01",
        unit="day",
    )
    in_force = described(
        fields.Boolean(required=True), "Whether new contracts go by it today.", example=True
    )


class RuleSetVersions(Schema):
    """Every version of a rule set."""

    items = described(nested_list(RuleSetVersion, required=True), "The first first.", example=[])
