"""The displacement questions: answers that may be sent, and what came of them."""

from __future__ import annotations

from marshmallow import Schema, fields

from matcher.api.fields import Moment, described, whole
from matcher.models.states import CheckMoment, CheckState

_ANSWERS = (
    "Per question its answer. Everybody d1 to d4, from 50 FTE or of unknown size d7 too, and "
    "public bodies and firms that take work back in house d6 too: d1 somebody who did this "
    "work left or got fewer hours in the last six months; d2 somebody will lose hours through "
    "this place; d3 it replaces somebody who left; d4 the pay is under the scale of the "
    "collective agreement; d6 it takes work back from a company with people through "
    "social return; d7 the works council knows (yes, no, or none where there is none)."
)
_REASONS = "Per flagged answer what happened, without names."


class DisplacementAnswers(Schema):
    """Answers to every question that is asked of a firm of this size."""

    answers = described(
        fields.Dict(keys=fields.String(), values=fields.String(), required=True),
        _ANSWERS,
        example={"d1": "no", "d2": "no", "d3": "no", "d4": "no"},
    )
    reasons = described(
        fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict),
        _REASONS,
        example={"d3": "A colleague retired"},
    )


class DisplacementCheck(Schema):
    """One displacement check, with the fields that your rights cover."""

    id = described(whole(required=True), "The key of this check here.", example=5)
    version = described(whole(), "Rises with every change.", example=1)
    vacancy_id = described(whole(), "The vacancy.", example=7)
    organisation_id = described(whole(), "The contractor's key here.", example=2)
    title = described(fields.String(allow_none=True), "What the work is called.", example="Paver")
    contractor = described(fields.String(), "Whose place it is.", example="Voorbeeld Wegen")
    moment = described(
        fields.Enum(CheckMoment, by_value=True),
        "before the place opens, or after somebody started there.",
        example="before",
    )
    state = described(
        fields.Enum(CheckState, by_value=True),
        "asked, clear, waiting (for an officer), approved or held; clear and approved let it open.",
        example="clear",
    )
    due_on = described(
        fields.Date(allow_none=True),
        "By when it is answered: by the firm when asked, by an officer when waiting.",
        example="2027-03-08",
        unit="day",
    )
    answers = described(
        fields.Dict(keys=fields.String(), values=fields.String()), _ANSWERS, example={"d1": "no"}
    )
    reasons = described(
        fields.Dict(keys=fields.String(), values=fields.String()), _REASONS, example={}
    )
    flags = described(
        fields.List(fields.String()),
        "The questions that somebody has to look at; d5 is what the system knows of trial places.",
        example=["d3"],
    )
    questions_dated = described(
        fields.Date(), "The version of the questions.", example="2026-11-27", unit="day"
    )
    answered_by = described(whole(allow_none=True), "The account that answered.", example=3)
    answered_at = described(
        Moment(allow_none=True),
        "When it was answered.",
        example="2027-03-01T08:30:00Z",
        unit="moment in UTC",
    )
    decided_by = described(whole(allow_none=True), "The account of the officer.", example=4)
    decided_at = described(
        Moment(allow_none=True),
        "When an officer answered.",
        example="2027-03-02T08:30:00Z",
        unit="moment in UTC",
    )
    why = described(
        fields.String(allow_none=True), "What the officer told the firm.", example="Retirement."
    )
    created_at = described(
        Moment(), "When it was first kept.", example="2027-03-01T08:30:00Z", unit="moment in UTC"
    )
    updated_at = described(
        Moment(), "When it last changed.", example="2027-03-02T08:30:00Z", unit="moment in UTC"
    )
