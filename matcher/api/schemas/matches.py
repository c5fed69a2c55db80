"""Matches as rows of contract.md section 3."""

from __future__ import annotations

from marshmallow import Schema, fields

from matcher.api.fields import Hundredths, described, nested_list, whole
from matcher.api.schemas.advice import POINTS, on_field, rules_version_field


class Component(Schema):
    """One part of fit; the points add up to fit exactly (P-9)."""

    name = described(fields.String(required=True), "What it is about.", example="travel")
    points = described(Hundredths(required=True), "What it adds to fit.", example=12.5, unit=POINTS)
    tone = described(fields.String(), "How it is drawn: ok, near, ask or no.", example="ok")
    reason = described(
        fields.String(required=True),
        "Why, in a sentence.",
        example="You get there in 25 minutes by bike. That fits.",
    )


class Gap(Schema):
    """Something short or unknown that does not block."""

    code = described(fields.String(required=True), "What kind of gap.", example="level")
    subject = described(fields.String(), "The field it is about.", example="language_speak")
    known = described(
        fields.Boolean(), "False when an answer is missing, which lowers certainty.", example=True
    )
    text = described(
        fields.String(required=True),
        "The gap in a sentence.",
        example="Safety is explained in Dutch. You follow short sentences now.",
    )


class Blocker(Schema):
    """Something that blocks a pair, and what would close it (P-5)."""

    code = described(
        fields.String(required=True), "A code of the list blockers.", example="credential"
    )
    subject = described(fields.String(), "The field or code it is about.", example="vca_basic")
    text = described(
        fields.String(required=True),
        "What blocks, in a sentence.",
        example="This job needs a VCA certificate.",
    )
    closed_by = described(
        fields.String(required=True),
        "What would close it, in a sentence.",
        example="The course takes one day. We can enrol you.",
    )


class MatchRow(Schema):
    """One vacancy for one candidate."""

    candidate = described(fields.String(), "The candidate's reference.", example="K-0001")
    vacancy = described(fields.String(), "The vacancy's reference.", example="V-017")
    vacancy_id = described(whole(), "The vacancy's key here, when it is kept.", example=7)
    title = described(
        fields.String(allow_none=True), "The title of the vacancy.", example="Ground worker"
    )
    contractor = described(
        fields.String(), "The contractor who offers it.", example="Voorbeeld Wegen"
    )
    rank = described(
        whole(allow_none=True),
        "Place in the order by fit, equal fit is equal rank; null when something blocks.",
        example=1,
        unit="rank",
    )
    eligible = described(fields.Boolean(), "Whether nothing blocks.", example=True)
    fit = described(
        Hundredths(),
        "How good the pair is together. Rely on the order, not on the value.",
        example=81.25,
        unit=POINTS,
    )
    travel_minutes = described(
        whole(allow_none=True),
        "Travel time one way by the fastest mode; null is unknown, never zero.",
        example=25,
        unit="minutes",
    )
    travel_mode = described(fields.String(allow_none=True), "The fastest mode.", example="bike")
    components = described(
        nested_list(Component), "Fit by component.", example=[{"name": "travel", "points": 12.5}]
    )
    gaps = described(
        nested_list(Gap),
        "Everything short or unknown that does not block.",
        example=[{"code": "level", "text": "One step short."}],
    )
    blockers = described(
        nested_list(Blocker),
        "Everything that blocks; empty when eligible.",
        example=[{"code": "credential", "text": "This job needs a VCA certificate."}],
    )
    certainty = described(
        fields.String(), "How much rests on known answers: high, medium or low.", example="high"
    )
    on = on_field()


class MatchList(Schema):
    """The vacancies of the region for a candidate, best fit first."""

    items = described(nested_list(MatchRow, required=True), "The matches.", example=[])
    on = on_field()
    rules_version = rules_version_field()
    input_hash = described(
        fields.String(), "SHA-256 of everything that went in.", example="9f86d081884c7d65"
    )
