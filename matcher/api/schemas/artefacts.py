"""Learned artefacts: what they are, what people did with them, and what was seen of them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from matcher.api.fields import Day, Moment, described, nested_list, whole
from matcher.api.schemas.paging import PageQuery, page_of
from matcher.models.states import ArtefactState, ArtefactStep, ChangeState
from matcher.services.artefact_steps import WHY_MAXIMUM

_STATES = [state.value for state in ArtefactState]
_STEPS = [step.value for step in ArtefactStep]
_DECISIONS = [state.value for state in ChangeState]


class ArtefactQuery(PageQuery):
    """Which page."""


ArtefactFeature = Schema.from_dict(
    {
        "name": described(fields.String(), "The field of a candidate.", example="rhythm"),
        "kind": described(fields.String(), "number, boolean, category or date.", example="number"),
        "monotone": described(
            whole(-1, 1), "1 never lowers, -1 never raises, 0 either.", example=1
        ),
        "imputation": described(
            fields.String(), "What stands in for unknown, in words.", example="flag"
        ),
        "dimension": described(
            fields.String(allow_none=True), "Under which dimension it is told.", example="rhythm"
        ),
        "levels": described(
            fields.List(fields.String()), "The levels of a category.", example=["F42"]
        ),
    },
    name="ArtefactFeature",
)
ArtefactFeature.__doc__ = "One feature, in the order in which the artefact takes it."

Artefact = Schema.from_dict(
    {
        "id": described(whole(required=True), "The key of this artefact.", example=2),
        "version": described(whole(), "Rises with every change.", example=3),
        "region": described(fields.String(), "The region it predicts for.", example="demo"),
        "name": described(
            fields.String(), "The name of its file, without the ending.", example="region-logistic"
        ),
        "state": described(
            fields.String(validate=validate.OneOf(_STATES)),
            "A shadow predicts and is shown to nobody; of a region one is promoted at most.",
            example="shadow",
        ),
        "is_synthetic": described(
            fields.Boolean(), "Learned on made-up people: for demonstration only.", example=False
        ),
        "manifest_sha256": described(
            fields.String(), "What its files are asked for on every load.", example="a" * 64
        ),
        "learner": described(fields.String(), "How it was learned.", example="logistic"),
        "cohort": described(fields.String(), "On which cohort.", example="region-2027"),
        "purpose": described(
            fields.String(), "rank, or forecast: orders nobody.", example="forecast"
        ),
        "outcome": described(fields.Dict(), "What it predicts.", example={"name": "at_work_12m"}),
        "features": described(
            nested_list(ArtefactFeature), "What goes in.", example=[{"name": "rhythm"}]
        ),
        "rows": described(
            whole(allow_none=True), "People it was learned on.", example=900, unit="people"
        ),
        "base_rate": described(
            fields.Float(allow_none=True),
            "The share of them with the outcome.",
            example=0.44,
            unit="share",
        ),
        "metrics": described(
            fields.Dict(allow_none=True),
            "Out-of-fold figures with intervals, as in evaluation.json.",
            example={"auc": {"value": 0.62, "low": 0.58, "high": 0.66}},
        ),
        "refused_code": described(
            fields.String(allow_none=True),
            "Why its file is not used now; null when it is whole.",
            example="truncated",
        ),
        "refused": described(
            fields.String(allow_none=True),
            "The same as a sentence with the way out.",
            example="the file breaks off",
        ),
        "tripped_code": described(
            fields.String(allow_none=True),
            "Why its breaker tripped: gave_up, slow, not_finite or fault; null when it did not.",
            example="not_finite",
        ),
        "tripped_at": described(
            Moment(allow_none=True),
            "When it tripped.",
            example="2027-03-01T08:30:00Z",
            unit="moment in UTC",
        ),
        "promoted_at": described(
            Moment(allow_none=True),
            "When it last began to serve.",
            example="2027-03-01T08:30:00Z",
            unit="moment in UTC",
        ),
        "created_at": described(
            Moment(),
            "When it was registered.",
            example="2027-03-01T08:30:00Z",
            unit="moment in UTC",
        ),
        "updated_at": described(
            Moment(), "When it last changed.", example="2027-03-09T08:30:00Z", unit="moment in UTC"
        ),
    },
    name="Artefact",
)
Artefact.__doc__ = "A learned artefact. It changes no lane, no fit, no rank and no allocation."

ArtefactPage = page_of("ArtefactPage", Artefact, "artefacts")


def _why() -> fields.String:
    return described(
        fields.String(required=True, validate=validate.Length(min=1, max=WHY_MAXIMUM)),
        "Why, in one sentence.",
        example="Better than the rules in the last window",
    )


PromotionCreate = Schema.from_dict({"why": _why()}, name="PromotionCreate")
PromotionCreate.__doc__ = "The wish that an artefact serves; another person confirms on the page."

Promotion = Schema.from_dict(
    {
        "id": described(whole(required=True), "The key of this step.", example=5),
        "version": described(whole(), "Rises with every change.", example=1),
        "artefact_id": described(whole(), "The artefact.", example=2),
        "step": described(
            fields.String(validate=validate.OneOf(_STEPS)), "What was done.", example="promote"
        ),
        "state": described(
            fields.String(validate=validate.OneOf(_DECISIONS)), "How far it is.", example="asked"
        ),
        "why": _why(),
        "asked_by_name": described(
            fields.String(allow_none=True), "The account that asked.", example="analyst"
        ),
        "decided_by_name": described(
            fields.String(allow_none=True), "The other account, that decided.", example="officer"
        ),
        "decided_at": described(
            Moment(allow_none=True),
            "When it was decided.",
            example="2027-03-02T08:30:00Z",
            unit="moment in UTC",
        ),
        "created_at": described(
            Moment(), "When it was asked.", example="2027-03-01T08:30:00Z", unit="moment in UTC"
        ),
    },
    name="Promotion",
)
Promotion.__doc__ = "One step that somebody took with an artefact, or asked for."

PromotionList = Schema.from_dict(
    {"items": described(nested_list(Promotion), "Steps, the latest first.", example=[])},
    name="PromotionList",
)
PromotionList.__doc__ = "What people did with one artefact."

RollBackCreate = Schema.from_dict(
    {
        "why": _why(),
        "to_rules": described(
            fields.Boolean(load_default=False),
            "To the rules alone; otherwise to the artefact that served before.",
            example=False,
        ),
    },
    name="RollBackCreate",
)
RollBackCreate.__doc__ = "Takes back the artefact that serves, at once."

Standing = Schema.from_dict(
    {
        "state": described(
            fields.String(validate=validate.OneOf(["rules", "serves", "refused", "tripped"])),
            "What the advice of the region rests on now.",
            example="rules",
        ),
        "artefact": described(
            fields.String(allow_none=True), "The artefact; null with the rules alone.", example=None
        ),
    },
    name="Standing",
)
Standing.__doc__ = "What the advice of a region rests on."

ArtefactMonth = Schema.from_dict(
    {
        "artefact_id": described(whole(), "The artefact.", example=2),
        "month": described(Day(), "The first day of the month.", example="2027-03-01", unit="day"),
        "people": described(
            whole(), "People it predicted for in that month.", example=140, unit="people"
        ),
        "drift": described(
            fields.Dict(),
            "The population stability index by feature, in ten-thousandths; null with too few.",
            example={"rhythm": 420},
            unit="ten-thousandths",
        ),
        "calibration": described(
            fields.Dict(),
            "Known and unknown outcomes, how often it happened, and the sum of what was predicted "
            "of the known, in millionths.",
            example={"known": 60, "unknown": 80, "happened": 27, "predicted": 25400000},
        ),
        "watched_at": described(
            Moment(), "When it was counted.", example="2027-04-01T04:00:00Z", unit="moment in UTC"
        ),
    },
    name="ArtefactMonth",
)
ArtefactMonth.__doc__ = "What was seen of an artefact in one month; nothing of anybody."

ArtefactMonths = Schema.from_dict(
    {"items": described(nested_list(ArtefactMonth), "Months, the first first.", example=[])},
    name="ArtefactMonths",
)
ArtefactMonths.__doc__ = "What was seen of an artefact, month by month."
