"""The one shape of every error."""

from __future__ import annotations

from marshmallow import Schema, fields

from matcher.api.fields import described, nested_list, whole


class ProblemItem(Schema):
    """One thing wrong, and the way out."""

    field = described(
        fields.String(required=True),
        "Where it stands: the path of the field in the body, or the query key.",
        example="candidates[3].rhythm",
    )
    row = described(
        whole(),
        "The row of a file; its header counts as row 1. Absent where there is no file.",
        example=4,
        unit="row",
    )
    message = described(
        fields.String(required=True),
        "Why it cannot be used and what would be right. It never repeats personal data.",
        example="must be 0 to 4",
    )


class ProblemDocument(Schema):
    """An error as RFC 9457 has it, with all problems at once."""

    type = described(
        fields.String(required=True),
        "The kind of problem as an address; about:blank when the status says enough.",
        example="about:blank",
    )
    status = described(
        whole(required=True),
        "The HTTP status again.",
        example=400,
        unit="HTTP status",
    )
    title = described(
        fields.String(required=True), "What is wrong, in a few words.", example="Unreadable input"
    )
    detail = described(
        fields.String(required=True),
        "What is wrong and what to do, in a sentence.",
        example="Look at what stands below and try again.",
    )
    request_id = described(
        fields.String(allow_none=True),
        "Name this to the service desk: the logs carry it too.",
        example="5f0c6a1e9b7d4c55",
    )
    code = described(
        fields.String(),
        "Which refusal it is, for programs; absent where the status says enough.",
        example="not_met",
    )
    errors = described(
        nested_list(ProblemItem),
        "Everything that is wrong, one line each; absent when there is nothing to add.",
        example=[{"field": "rhythm", "message": "must be 0 to 4"}],
    )
