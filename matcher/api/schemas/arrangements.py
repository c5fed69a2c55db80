"""Arrangements: firms, a school and the region with one target between two dates."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from matcher.api.fields import Moment, described, whole
from matcher.api.schemas.paging import PageQuery, page_of
from matcher.reference.codes import load_codes
from matcher.services.arrangements import FIRMS_MAXIMUM, TARGET_MAXIMUM

_SECTORS = sorted(load_codes().list("sectors").codes)


def _written() -> dict[str, Any]:
    """What somebody can set, all of it optional."""
    return {
        "sectors": described(
            fields.List(fields.String(validate=validate.OneOf(_SECTORS))),
            "SBI 2008 codes of its sectors.",
            example=["F42"],
        ),
        "firms": described(
            fields.List(
                fields.String(validate=validate.Length(min=1, max=120)),
                validate=validate.Length(max=FIRMS_MAXIMUM),
            ),
            "Firms that take part, by name.",
            example=["Voorbeeld Wegen"],
        ),
        "provider": described(
            fields.String(allow_none=True, validate=validate.Length(max=200)),
            "The school, or who else teaches.",
            example="Regional college",
        ),
        "target": described(
            whole(1, TARGET_MAXIMUM, allow_none=True),
            "People at work at the end.",
            example=50,
            unit="people",
        ),
        "starts_on": described(
            fields.Date(allow_none=True, data_key="from"),
            "The first day.",
            example="2027-01-01",
            unit="day",
        ),
        "until": described(
            fields.Date(allow_none=True), "The last day.", example="2028-12-31", unit="day"
        ),
    }


def _name(*, required: bool) -> Any:
    return described(
        fields.String(required=required, validate=validate.Length(min=1, max=120)),
        "What it is called; vacancies and programmes name it by this.",
        example="Infra Talent",
    )


ArrangementCreate = Schema.from_dict(
    {"name": _name(required=True), **_written()}, name="ArrangementCreate"
)
ArrangementCreate.__doc__ = "A new arrangement of the account's region."
ArrangementChange = Schema.from_dict(_written(), name="ArrangementChange")
ArrangementChange.__doc__ = "A change of an arrangement: only what is sent changes; never its name."

Arrangement = Schema.from_dict(
    {
        "id": described(whole(required=True), "The key of this arrangement.", example=2),
        "version": described(
            whole(), "Rises with every change; the ETag is made of it.", example=3
        ),
        "name": _name(required=True),
        "region": described(fields.String(), "The region.", example="demo"),
        **_written(),
        "vacancies": described(
            fields.List(fields.String()),
            "References of the open vacancies that name it.",
            example=["V-017"],
        ),
        "programmes": described(
            fields.List(fields.String()),
            "References of the programmes that name it.",
            example=["P-01"],
        ),
        "contractors": described(
            fields.List(fields.String()),
            "All firms in it: those named, and those of its vacancies.",
            example=["Voorbeeld Wegen"],
        ),
        "places": described(
            whole(), "Places of its open vacancies together.", example=12, unit="places"
        ),
        "created_at": described(
            Moment(),
            "When it was first kept.",
            example="2027-03-01T08:30:00Z",
            unit="moment in UTC",
        ),
        "updated_at": described(
            Moment(), "When it last changed.", example="2027-03-09T08:30:00Z", unit="moment in UTC"
        ),
    },
    name="Arrangement",
)
Arrangement.__doc__ = "Who works together towards which target, by when, and what is in it."

ArrangementPage = page_of("ArrangementPage", Arrangement, "arrangements")


class ArrangementQuery(PageQuery):
    """Which arrangements."""
