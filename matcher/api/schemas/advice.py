"""What assessments, matches and plans share."""

from __future__ import annotations

from marshmallow import fields

from matcher.api.fields import Day, described

POINTS = "points of 100"
DAY = "day"


def on_field() -> Day:
    """The day of the advice."""
    return described(Day(), "The day that the advice is for.", example="2027-03-09", unit=DAY)


def rules_version_field() -> fields.String:
    """The version of the rules."""
    return described(
        fields.String(),
        "The rules that were used, with every version they are laid over.",
        example="demo 2026.1 / national 2026.1",
    )


def texts(description: str, example: list[str]) -> fields.List[str]:
    """A list of codes, references or sentences."""
    return described(fields.List(fields.String()), description, example=example)
