"""What is asked of the advice on a kept candidate."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from matcher.api.fields import Day, Text, column_fields, described, whole
from matcher.api.schemas.advice import DAY
from matcher.files.columns_candidate import CANDIDATE_COLUMNS

TOP_MAXIMUM = 500
CHOSEN_MAXIMUM = 10


def _on(**options: Any) -> Day:
    return described(
        Day(load_default=None, **options),
        "The day to compute for; today in Europe/Amsterdam when left out.",
        example="2027-03-09",
        unit=DAY,
    )


class OnQuery(Schema):
    """For which day."""

    on = _on(allow_none=False)


class AssessmentRun(Schema):
    """An assessment to be made; an empty object is one for today."""

    on = _on()


class AssessmentQuery(Schema):
    """Which assessments."""

    latest_only = described(
        fields.Boolean(load_default=False, data_key="latestOnly"),
        "Only the latest one.",
        example=True,
    )


class MatchQuery(OnQuery):
    """Which vacancies."""

    top = described(
        whole(1, TOP_MAXIMUM, strict=False, load_default=None, allow_none=False),
        "At most so many vacancies; all when left out.",
        example=5,
        unit="vacancies",
    )
    all = described(
        fields.Boolean(load_default=False),
        "Whether blocked vacancies come too, each with what would close it.",
        example=True,
    )


CandidateTrial = Schema.from_dict(
    column_fields(column for column in CANDIDATE_COLUMNS if not column.required),
    name="CandidateTrial",
)
CandidateTrial.__doc__ = "Fields of a candidate with other values, to see what would change."


class WhatIfRequest(Schema):
    """Changes and programmes to try. Nothing of it is kept."""

    changes = described(
        fields.Nested(CandidateTrial, load_default=dict),
        "Fields with the values to try; null makes unknown.",
        example={"travel_max_minutes": 60},
    )
    programmes = described(
        fields.List(Text(200), load_default=list, validate=validate.Length(max=CHOSEN_MAXIMUM)),
        "References of the programmes to follow.",
        example=["P-01"],
    )
    on = _on()
