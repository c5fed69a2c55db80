"""What firms declare for their contracts, and the check of what was drawn."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from matcher.api.fields import Moment, described, whole
from matcher.api.schemas.paging import page_of
from matcher.domain.drawing import LOTS, CheckVerdict, Ground, SampleState
from matcher.files.columns_contract import CENTS_MAXIMUM, WEEK_HOURS_MAXIMUM
from matcher.reference.codes import load_codes

_KINDS = sorted(load_codes().list("contribution_kinds").codes)
_PSEUDONYM = "A pseudonym such as P-07, the same for all of one person; never a name."


def _words(kind: Any) -> list[str]:
    return [member.value for member in kind]


def _text(text: str, example: str, most: int = 200, **more: Any) -> Any:
    return described(
        fields.String(validate=validate.Length(min=1, max=most), **more), text, example=example
    )


def _day(text: str, example: str) -> Any:
    return described(fields.Date(allow_none=True), text, example=example, unit="day")


def _columns(*, required: bool) -> dict[str, Any]:
    return {
        "kind": described(
            fields.String(required=required, validate=validate.OneOf(_KINDS)),
            "Kind of contribution; only kinds that the rules of the contract use.",
            example="placement",
        ),
        "start_on": _day("Its first day; needed.", "2027-05-01"),
        "end_on": _day("Its last day; null goes on.", "2027-10-31"),
        "hours_week": described(
            fields.Float(allow_none=True, validate=validate.Range(min=0, max=WEEK_HOURS_MAXIMUM)),
            "Hours a week of a placement.",
            example=24,
            unit="hours",
        ),
        "activity_hours": described(
            fields.Float(allow_none=True, validate=validate.Range(min=0, max=1_000_000)),
            "Hours of an activity, of everybody who took part together.",
            example=12,
            unit="hours",
        ),
        "invoice_cents": described(
            whole(0, CENTS_MAXIMUM, allow_none=True),
            "What was paid without VAT.",
            example=250_000,
            unit="cents",
        ),
    }


def _of_person() -> dict[str, Any]:
    return {
        "person": _text(_PSEUDONYM, "P-07", 200, allow_none=True),
        "group": _text(
            "A group of the rule set; never asked where one value holds for everybody.",
            "p_wet",
            60,
            allow_none=True,
        ),
        "age": described(
            whole(0, 120, allow_none=True), "Age on the start, for a bonus only.", example=56
        ),
        "permanent": described(
            fields.Boolean(allow_none=True),
            "Whether it is a permanent contract, for a bonus only.",
            example=False,
        ),
    }


ContributionCreate = Schema.from_dict(
    {
        "reference": _text("Your own key of it; one is made without.", "I-001"),
        **_columns(required=True),
        **_of_person(),
    },
    name="ContributionCreate",
)
ContributionCreate.__doc__ = "What a firm did for its contract; it counts at once."


class ContributionEnding(Schema):
    """The last day of a placement; without one the declaration is taken back."""

    end_on = _day("Its last day; left out takes all of it back.", "2027-08-31")


ContributionCheck = Schema.from_dict(
    {
        "ground": described(
            fields.Enum(Ground, by_value=True), "Why it was drawn.", example="first"
        ),
        "rate": described(
            whole(0, LOTS), "How many of ten thousand numbers are looked at.", example=1000
        ),
        "seed": described(
            fields.String(),
            "What the number was drawn from: SHA-256 of it, modulo ten thousand.",
            example="3f2c",
        ),
        "number": described(whole(0, LOTS - 1), "The number that was drawn.", example=412),
        "state": described(
            fields.Enum(SampleState, by_value=True), "How far it is.", example="asked"
        ),
        "due_on": described(
            fields.Date(allow_none=True), "By when.", example="2027-05-15", unit="day"
        ),
        "verdict": described(
            fields.Enum(CheckVerdict, by_value=True, allow_none=True),
            "What it came to, once it stands.",
            example="in_order",
        ),
        "corrected": described(
            fields.Dict(allow_none=True),
            "What was declared and what was found, by field.",
            example={"hours_week": [24, 20]},
        ),
        "why": described(
            fields.String(allow_none=True), "What the officer says.", example="In orde"
        ),
    },
    name="ContributionCheck",
)
ContributionCheck.__doc__ = "The check of a declaration that was drawn."

Contribution = Schema.from_dict(
    {
        "id": described(whole(required=True), "The key of this contribution.", example=5),
        "version": described(
            whole(), "Rises with every change; the ETag is made of it.", example=1
        ),
        "contract": described(fields.String(), "The reference of its contract.", example="O-1"),
        "reference": described(fields.String(), "Its own key.", example="I-001"),
        **_columns(required=False),
        **_of_person(),
        "declared_at": described(
            Moment(allow_none=True),
            "When the firm declared it; null for what an officer brought in.",
            example="2027-05-03T08:30:00Z",
            unit="moment in UTC",
        ),
        "withdrawn_at": described(
            Moment(allow_none=True),
            "Since when it counts no more.",
            example=None,
            unit="moment in UTC",
        ),
        "check": described(
            fields.Nested(ContributionCheck, allow_none=True),
            "The check, where it was drawn.",
            example=None,
        ),
        "created_at": described(
            Moment(), "When it was first kept.", example="2027-05-03T08:30:00Z",
            unit="moment in UTC",
        ),
        "updated_at": described(
            Moment(), "When it last changed.", example="2027-05-03T08:30:00Z",
            unit="moment in UTC",
        ),
    },
    name="Contribution",
)  # fmt: skip
Contribution.__doc__ = "One thing done for a contract; who it is about only for officers."

ContributionPage = page_of("ContributionPage", Contribution, "contributions")
