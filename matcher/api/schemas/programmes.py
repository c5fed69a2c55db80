"""Programmes of a region and the seats of their starts."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from matcher.api.fields import Moment, column_fields, described, nested_list, whole
from matcher.api.schemas.paging import PageQuery, page_of
from matcher.files.columns_programme import PROGRAMME_COLUMNS
from matcher.models.states import SeatState

_GIVEN = [state.value for state in (SeatState.BOOKED, SeatState.OFFERED, SeatState.WAITING)]
_STATES = [state.value for state in SeatState]

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
    booked = described(
        whole(required=True), "Seats that are held: offered or booked.", example=4, unit="seats"
    )
    free = described(
        whole(required=True, allow_none=True),
        "Seats that are left; null is unlimited.",
        example=8,
        unit="seats",
    )


class SeatCreate(Schema):
    """Who gets a seat in a group, is offered one, or waits."""

    candidate_id = described(whole(1, required=True), "The candidate.", example=12)
    state = described(
        fields.String(required=True, validate=validate.OneOf(_GIVEN)),
        "`booked` for somebody who says yes now, `offered` to ask for an answer within the terms, "
        "`waiting` for the line of this programme.",
        example="booked",
    )
    starts_on = described(
        fields.Date(load_default=None, allow_none=True),
        "The first day of the group. Needed for a seat; with `waiting` it means: call me the same "
        "morning if a seat of this group stays empty.",
        example="2027-03-09",
        unit="day",
    )


class Seat(Schema):
    """A seat of one person. A refused offer and one that passed are never listed."""

    id = described(whole(required=True), "The key of this seat.", example=9)
    version = described(whole(), "Rises with every change.", example=1)
    candidate_id = described(whole(), "The candidate.", example=12)
    programme_id = described(whole(), "The programme.", example=5)
    programme = described(fields.String(), "Its reference.", example="P-01")
    title = described(fields.String(allow_none=True), "Its title.", example="Work rhythm")
    kind = described(fields.String(), "Its kind.", example="werkfit")
    state = described(
        fields.String(validate=validate.OneOf(_STATES)), "How far it is.", example="booked"
    )
    starts_on = described(
        fields.Date(allow_none=True),
        "The first day of the group; null while waiting.",
        example="2027-03-09",
        unit="day",
    )
    ends_on = described(
        fields.Date(allow_none=True), "Its last day.", example="2027-05-31", unit="day"
    )
    answer_by = described(
        fields.Date(allow_none=True),
        "The last day for an answer to an offer.",
        example="2027-03-08",
        unit="day",
    )
    wants_talk = described(
        fields.Boolean(), "Asked to talk first, which says nothing about the answer.", example=False
    )
    closed_on = described(
        fields.Date(allow_none=True), "When it ended.", example="2027-05-31", unit="day"
    )
    closed_code = described(
        fields.String(allow_none=True),
        "What came after, a code of seat_endings; null while it runs.",
        example="finished",
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
        "The starts from today on, in order; those of the coming weeks when any Monday will do.",
        example=[
            {
                "starts_on": "2027-03-09",
                "ends_on": "2027-05-31",
                "seats": 12,
                "booked": 4,
                "free": 8,
            }
        ],
    )
    waiting = described(
        whole(required=True), "How many wait for this programme.", example=3, unit="people"
    )
