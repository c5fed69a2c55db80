"""Programmes of a region and the seats of their starts."""

from __future__ import annotations

from marshmallow import Schema, fields

from matcher.api.fields import Moment, column_fields, described, nested_list, whole
from matcher.api.schemas.paging import PageQuery, page_of
from matcher.files.columns_programme import PROGRAMME_COLUMNS

ProgrammeCreate = Schema.from_dict(
    column_fields(
        (column for column in PROGRAMME_COLUMNS if column.name != "region"),
        required=("reference", "kind"),
    ),
    name="ProgrammeCreate",
)
ProgrammeCreate.__doc__ = (
    "A new programme of the account's region. It can never ask for a money level (promise P-3)."
)

ProgrammeChange = Schema.from_dict(
    {
        **column_fields(
            column for column in PROGRAMME_COLUMNS if column.name not in ("reference", "region")
        ),
        "is_active": described(fields.Boolean(), "Whether plans may use it.", example=True),
    },
    name="ProgrammeChange",
)
ProgrammeChange.__doc__ = "A change of a programme: only what is sent changes."

Programme = Schema.from_dict(
    {
        "id": described(whole(required=True), "The key of this programme here.", example=5),
        "version": described(
            whole(), "Rises with every change; the ETag is made of it.", example=3
        ),
        **column_fields(PROGRAMME_COLUMNS),
        "is_active": described(fields.Boolean(), "Whether plans may use it.", example=True),
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
    name="Programme",
)
Programme.__doc__ = "A programme that a plan can be made of."

ProgrammePage = page_of("ProgrammePage", Programme, "programmes")


class ProgrammeQuery(PageQuery):
    """Which programmes."""

    active_only = described(
        fields.Boolean(load_default=True, data_key="activeOnly"),
        "Leave out programmes that plans may no longer use.",
        example=True,
    )


class Start(Schema):
    """One start of a programme."""

    starts_on = described(
        fields.Date(required=True), "The first day.", example="2027-03-09", unit="day"
    )
    ends_on = described(
        fields.Date(required=True), "The last day.", example="2027-05-31", unit="day"
    )
    seats = described(
        whole(required=True, allow_none=True),
        "Seats of this start; null is unlimited.",
        example=12,
        unit="seats",
    )


class Seats(Schema):
    """The coming starts of a programme with their seats."""

    programme_id = described(whole(required=True), "The programme.", example=5)
    any_monday = described(
        fields.Boolean(required=True),
        "Whether it has no dates of its own and starts on any Monday.",
        example=False,
    )
    seats = described(
        whole(required=True, allow_none=True),
        "Seats per start; null is unlimited.",
        example=12,
        unit="seats",
    )
    items = described(
        nested_list(Start, required=True),
        "The starts from today on, in order; empty when any Monday will do.",
        example=[{"starts_on": "2027-03-09", "ends_on": "2027-05-31", "seats": 12}],
    )
