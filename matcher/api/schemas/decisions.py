"""What a person decides after a suggestion."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from matcher.api.fields import Day, Moment, Text, described, nested_list, whole
from matcher.models.states import DecisionReason, DecisionSubject, ReceiverKind

SUBJECTS = [subject.value for subject in DecisionSubject]
RECEIVERS = [receiver.value for receiver in ReceiverKind]
REASONS = [reason.value for reason in DecisionReason]
FACTS_MAXIMUM = 50


def _said(**options: Any) -> dict[str, fields.Field[Any]]:
    return {
        "subject": described(
            fields.String(required=True, validate=validate.OneOf(SUBJECTS)),
            "What is decided about.",
            example="lane",
        ),
        "suggested": described(
            Text(200, allow_none=True, **options),
            "What was suggested: a lane, or a reference; null when nothing was.",
            example="pre_placement",
        ),
        "chosen": described(
            Text(200, required=True),
            "What was chosen; equal to `suggested` is acceptance, anything else departs from it.",
            example="ready_with_support",
        ),
        "reason": described(
            fields.String(required=True, validate=validate.OneOf(REASONS)),
            "The one reason that accepting and departing both ask for.",
            example="knows_more",
        ),
        "text": described(
            Text(500, allow_none=True, **options),
            "A note about the work, never about health or debts. Needed, with 20 characters, for "
            "the lane other_route and to undo a colleague's decision only.",
            example="Started on a trial day last week and came on time.",
        ),
        "facts_checked": described(
            fields.List(Text(60), validate=validate.Length(max=FACTS_MAXIMUM), **options),
            "Names of the facts that were checked with the person.",
            example=["rhythm", "hours_max"],
        ),
        "assessment_id": described(
            whole(1, allow_none=True, **options),
            "The assessment that the suggestion came from.",
            example=31,
        ),
    }


DecisionCreate = Schema.from_dict(
    {
        **_said(load_default=None),
        "receiver": described(
            fields.String(allow_none=True, load_default=None, validate=validate.OneOf(RECEIVERS)),
            "Who takes the person further. Needed for the lane other_route only.",
            example=None,
        ),
        "appointment_on": described(
            Day(allow_none=True, load_default=None),
            "The first appointment there, within 14 days. Needed for the lane other_route only.",
            example=None,
        ),
    },
    name="DecisionCreate",
)
DecisionCreate.__doc__ = (
    "A decision of a person: to accept a suggestion or to depart from it, at equal cost."
)

Decision = Schema.from_dict(
    {
        "id": described(whole(required=True), "The key of this decision.", example=9),
        "candidate_id": described(whole(), "The candidate.", example=12),
        **_said(),
        "accepted": described(fields.Boolean(), "Whether the suggestion was taken.", example=False),
        "decided_by": described(whole(allow_none=True), "The account of who decided.", example=4),
        "decided_at": described(
            Moment(),
            "When; a decision never changes.",
            example="2027-03-09T08:30:00Z",
            unit="moment in UTC",
        ),
        "review_on": described(
            Day(allow_none=True), "When somebody looks again.", example="2027-05-10"
        ),
        "undone_at": described(
            Moment(allow_none=True),
            "When who decided took it back, within minutes; then it does not stand.",
            example="2027-03-09T08:36:00Z",
            unit="moment in UTC",
        ),
    },
    name="Decision",
)
Decision.__doc__ = "A decision as it is kept, beside the suggestion and never over it."


class DecisionList(Schema):
    """The decisions about a candidate, latest first."""

    items = described(nested_list(Decision, required=True), "The decisions.", example=[])
