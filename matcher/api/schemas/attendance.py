"""Who came when: the days of a seat as they were marked."""

from __future__ import annotations

from marshmallow import Schema, fields

from matcher.api.fields import described, nested_list, whole
from matcher.domain.attendance import Mark

_MARKS = "came, agreed (agreed absence, left out of every count) or missed."


class DayMarked(Schema):
    """What one day was like."""

    on = described(fields.Date(required=True), "The day.", example="2027-03-09", unit="day")
    mark = described(fields.Enum(Mark, by_value=True, required=True), _MARKS, example="came")


class Days(Schema):
    """The days of a seat that were marked; for guidance, and never for a measure."""

    seat_id = described(whole(required=True), "The seat.", example=9)
    items = described(
        nested_list(DayMarked, required=True),
        "Each day once, the first one first.",
        example=[{"on": "2027-03-09", "mark": "came"}],
    )
