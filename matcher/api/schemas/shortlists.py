"""The list of who fits a vacancy, its copy and the half-day: nothing that names anybody."""

from __future__ import annotations

from marshmallow import Schema, fields

from matcher.api.fields import Moment, described, whole
from matcher.models.request_states import HalfDay, ShortlistState


class ShortlistLine(Schema):
    """One line: all that is told of a person before that person says yes."""

    pseudonym = described(
        fields.String(required=True), "Good for this list only.", example="P-7FQ2M9XA"
    )
    hours_band = described(
        fields.List(whole(0, 168), allow_none=True),
        "Lowest and highest of the band of hours; null where fewer than 5 people share it.",
        example=[24, 31],
        unit="hours a week",
    )
    start_period = described(
        fields.String(allow_none=True),
        "From when: a month, or the quarter or half-year where few begin; null where fewer than 5 "
        "people share it.",
        example="2027-Q2",
    )
    meets_needs = described(
        fields.Boolean(), "Fits what is asked: the same for everybody on the list.", example=True
    )
    credentials_asked = described(
        fields.List(fields.String()),
        "The papers and licences that the vacancy asks for, which everybody on the list holds.",
        example=["vca_basic"],
    )


class Shortlist(Schema):
    """The list as it was drawn; it stays so until `stands_until`, whoever leaves meanwhile."""

    vacancy_id = described(whole(required=True), "The vacancy.", example=7)
    version = described(whole(), "Rises when the list is drawn or a half-day is set.", example=2)
    state = described(
        fields.Enum(ShortlistState, by_value=True),
        "waiting (a copy, until `opens_at`), shown, or too_few: the service point calls.",
        example="shown",
    )
    is_copy = described(
        fields.Boolean(),
        "Whether it asks nearly the same as a vacancy of this firm whose list was shown.",
        example=False,
    )
    opens_at = described(
        Moment(allow_none=True),
        "When the list of a copy opens.",
        example="2027-03-02T08:30:00Z",
        unit="moment in UTC",
    )
    drawn_on = described(
        fields.Date(allow_none=True), "The day it was drawn.", example="2027-03-01", unit="day"
    )
    stands_until = described(
        Moment(allow_none=True),
        "Until when it stays as it is.",
        example="2027-03-15T08:30:00Z",
        unit="moment in UTC",
    )
    call_by = described(
        Moment(allow_none=True),
        "By when the service point calls, where too few people fit.",
        example=None,
        unit="moment in UTC",
    )
    meet_on = described(
        fields.Date(allow_none=True), "The day of the half-day.", example="2027-03-08", unit="day"
    )
    meet_half = described(
        fields.Enum(HalfDay, by_value=True, allow_none=True), "Its half.", example="morning"
    )
    asked_people = described(
        whole(0, 1500, allow_none=True),
        "How many lines were invited to it; who says yes is an introduction.",
        example=3,
    )
    lines = described(
        fields.List(fields.Nested(ShortlistLine)),
        "3, 5 or 10 of those who fit, in an order that was drawn; empty while waiting or too few.",
        example=[],
    )


class HalfDayCreate(Schema):
    """When the people of the list are invited to the site."""

    meet_on = described(
        fields.Date(required=True), "The day on site.", example="2027-03-08", unit="day"
    )
    half = described(
        fields.Enum(HalfDay, by_value=True, required=True),
        "morning or afternoon.",
        example="morning",
    )
