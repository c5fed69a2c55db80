"""Pairs of files that may be of one person."""

from __future__ import annotations

from marshmallow import Schema, fields

from matcher.api.fields import Moment, described, whole
from matcher.api.schemas.paging import PageQuery, page_of
from matcher.models.states import DoubleState

_STATES = "open (somebody has to look), merged, or apart (two people)."


class DoubleQuery(PageQuery):
    """Which pairs."""

    decided = described(
        fields.Boolean(load_default=False),
        "Those that somebody looked at, instead of those that wait.",
        example=False,
    )


class DoubleChange(Schema):
    """What somebody decided about a pair; `open` takes the last decision back."""

    state = described(
        fields.Enum(DoubleState, by_value=True, required=True), _STATES, example="merged"
    )


class ProbableDouble(Schema):
    """One pair, the earlier file first; what stands in the files is read with the candidates."""

    id = described(whole(required=True), "The key of this pair.", example=3)
    version = described(whole(), "Rises with every change.", example=1)
    candidate_id = described(whole(), "The earlier file, which is kept in a merge.", example=12)
    later_id = described(whole(), "The later file, which a merge closes.", example=40)
    state = described(fields.Enum(DoubleState, by_value=True), _STATES, example="open")
    decided_at = described(
        Moment(allow_none=True), "When somebody decided.", example="2027-03-01T08:30:00Z"
    )
    created_at = described(Moment(), "When it was found.", example="2027-03-01T08:30:00Z")
    updated_at = described(Moment(), "When it last changed.", example="2027-03-01T08:30:00Z")


ProbableDoublePage = page_of("ProbableDoublePage", ProbableDouble, "pairs")
