"""Requests of firms: what is sent to be called, and how far each request is."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from matcher.api.fields import Moment, described, whole
from matcher.api.schemas.paging import PageQuery, page_of
from matcher.models.request_states import RequestKind, WorkRequestState


class RequestQuery(PageQuery):
    """Which requests."""

    kind = described(
        fields.String(
            load_default=None,
            allow_none=False,
            validate=validate.OneOf([kind.value for kind in RequestKind]),
        ),
        "Only those to be called, or only whole places.",
        example="place",
    )
    state = described(
        fields.String(
            load_default=None,
            allow_none=False,
            validate=validate.OneOf([state.value for state in WorkRequestState]),
        ),
        "Only those in this state.",
        example="open",
    )


class RequestCreate(Schema):
    """Five fields: the service point calls, and makes a whole place of it together."""

    name = described(fields.String(required=True), "Who is called.", example="Jan de Boer")
    phone = described(fields.String(required=True), "On which number.", example="078 123 45 67")
    work = described(
        fields.String(required=True),
        "What kind of work: a code of work_types, or a few words without names.",
        example="paving",
    )
    people = described(
        whole(1, 500, load_default=None, allow_none=True),
        "How many people.",
        example=2,
        unit="people",
    )
    wanted_when = described(
        fields.String(load_default=None, allow_none=True), "From when.", example="this_month"
    )


class Request(Schema):
    """What a firm asked for: to be called (`call`), or a whole place (`place`).

    A call is `draft` until the service point made it, `filled` once a place came of it, else
    `withdrawn`. A place is `draft`, `check` while an officer looks at its displacement answers,
    `open`, `filled` or `withdrawn`; it is filed and changed as a vacancy."""

    key = described(
        fields.String(required=True), "The key of this request here.", example="place-7"
    )
    kind = described(fields.Enum(RequestKind, by_value=True), "call or place.", example="place")
    version = described(
        whole(),
        "Rises with every change of the call or vacancy; the ETag is made of it.",
        example=3,
    )
    state = described(
        fields.Enum(WorkRequestState, by_value=True),
        "draft, check, open, filled or withdrawn.",
        example="open",
    )
    organisation_id = described(whole(allow_none=True), "The contractor's key here.", example=2)
    work = described(
        fields.String(allow_none=True), "What the work is.", example="Paver's assistant"
    )
    people = described(whole(allow_none=True), "How many people.", example=2, unit="people")
    wanted_when = described(fields.String(allow_none=True), "For a call: from when.", example=None)
    due_at = described(
        Moment(allow_none=True),
        "For a call: before when the service point calls.",
        example=None,
        unit="moment in UTC",
    )
    vacancy_id = described(whole(allow_none=True), "For a place: its vacancy.", example=7)
    created_at = described(
        Moment(), "When it came in.", example="2027-03-01T08:30:00Z", unit="moment in UTC"
    )
    updated_at = described(
        Moment(), "When it last changed.", example="2027-03-02T08:30:00Z", unit="moment in UTC"
    )


RequestPage = page_of("RequestPage", Request, "requests")
